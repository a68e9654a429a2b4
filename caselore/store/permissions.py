"""Who may do what: a coder with roles and an act come in; yes or no, or NotAllowed, comes out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from caselore.errors import NotAllowed
from caselore.store.models import Coder

ROLE_ACTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "coder": frozenset({"read", "code", "register", "keep"}),
        "adjudicator": frozenset({"read", "code", "adjudicate", "reopen", "register", "keep", "progress", "assign"}),
        "custodian": frozenset({"read", "release", "withdraw", "register", "log", "keep", "progress"}),
        "trainer": frozenset({"read_released", "keep"}),
        "administrator": frozenset(
            {"people", "assign", "plan", "add", "withdraw", "propose", "log", "reopen", "keep", "progress"}
        ),
    }
)
"""Role -> acts. A person has the acts of all of his roles; a proposer has none and is written for by who runs it."""

ROLES = tuple(ROLE_ACTS)

SAID: Mapping[str, str] = MappingProxyType(
    {
        "read": "read documents and codings",
        "read_released": "read released material",
        "code": "code cases",
        "adjudicate": "settle disagreements",
        "reopen": "reopen a submitted pass",
        "register": "keep the recommendation register",
        "keep": "keep searches and places",
        "progress": "see everybody's progress",
        "assign": "assign cases",
        "plan": "plan double coding and sub-samples",
        "add": "add documents",
        "withdraw": "take documents out of the study",
        "propose": "run proposers",
        "release": "make releases",
        "people": "manage people",
        "log": "read the log",
    }
)
"""Act -> its name in a sentence."""


def may(coder: Coder | None, act: str) -> bool:
    """Whether one of the coder's roles has the act."""
    if coder is None or not coder.active or coder.machine:
        return False
    return any(act in ROLE_ACTS.get(role, frozenset()) for role in coder.roles)


def require(coder: Coder | None, act: str) -> None:
    """Nothing, if the coder may. Raises NotAllowed."""
    if not may(coder, act):
        name = coder.name if coder is not None else "A stranger"
        holders = ", ".join(role for role, acts in ROLE_ACTS.items() if act in acts)
        raise NotAllowed(f"{name} may not {SAID[act]}; an administrator can give the role for it ({holders}).")
