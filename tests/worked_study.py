"""A fictional study with people at work, for tests of pages: two coders who differ, an adjudicator, a custodian."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "reviews"
FILES = ("lcspr-severby-child-d.md", "scr-pellmoor-child-m.pdf", "lcspr-saltwyke-child-t.txt", "pfd-kingsholt-j-r.md")
PEOPLE = {
    "ann": ("coder",), "ben": ("coder",), "cyn": ("adjudicator",), "dan": ("custodian",), "eve": ("trainer",),
    "fay": ("administrator",),
}  # fmt: skip


def people_of(coder: Any) -> SimpleNamespace:
    """Everybody, one a role; `coder` makes a person with an account."""
    return SimpleNamespace(**{name: coder(name, *roles) for name, roles in PEOPLE.items()})


def add_documents(owner: Any, files: tuple[str, ...] = FILES[:2]) -> list[Any]:
    """The cases of some fictional reviews, with proposals."""
    from caselore.store.actions import texts
    from caselore.store.models import Case

    for name in files:
        texts.add_path(owner, SAMPLE / name)
    return list(Case.objects.order_by("pk"))


def read_by(coder: Any, case: Any, said: dict[str, list[str]], *, accepts: int = 0) -> Any:
    """A submitted pass: codes with the words of a passage each, and the first proposals accepted."""
    from caselore.store import queries
    from caselore.store.actions import coding, passes

    reading = passes.open_pass(coder, case)
    view = queries.case_view(coder, case)
    for proposal in [each for field in view.fields.values() for each in field.proposals][:accepts]:
        coding.accept(coder, reading, proposal.id)
    words = [each for each in view.passages if each.end - each.start > 30]
    for n, (field, codes) in enumerate(said.items()):
        for m, code in enumerate(codes):
            passage = words[(7 * n + 3 * m + len(coder.name)) % len(words)]
            coding.add(coder, reading, field, code, evidence=[(passage.start, passage.end)])
    return passes.submit_pass(coder, reading)


def differ(ann: Any, ben: Any, case: Any, *, accepts: int = 3) -> None:
    """Two passes that agree on one field and differ on two."""
    read_by(ann, case, {"agencies": ["police", "health_gp"], "outcome": ["death"]}, accepts=accepts)
    read_by(ben, case, {"agencies": ["police"], "outcome": ["serious_harm"]}, accepts=accepts)
