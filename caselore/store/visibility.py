"""What one may see: independent passes are blind to each other, blind-first cases hide their proposals, trainers
see released cases only. A viewer comes in; querysets and answers go out, and every read goes through them.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from caselore.errors import NotAllowed
from caselore.store.models import Assignment, Case, Coder, Pass
from caselore.store.permissions import may
from caselore.store.prepared import Prepared, PreparedRows

FIRST_KINDS = ("independent", "blind_first")
"""Passes made without sight of another person's."""


def visible_cases(viewer: Coder) -> QuerySet[Case]:
    """Cases that the viewer may open or find at all."""
    if may(viewer, "read"):
        return Case.objects.all()
    return Case.objects.exclude(released="") if may(viewer, "read_released") else Case.objects.none()


_CASE = PreparedRows(Case, lambda key: Case.objects.filter(pk=key))


def visible_case(viewer: Coder, case: str) -> Case:
    """The case of that id. Raises NotAllowed, in the same words whether it is hidden or is not there."""
    rows = _CASE(key=case) if may(viewer, "read") else visible_cases(viewer).filter(pk=case)
    found = next(iter(rows), None)
    if found is None:
        raise NotAllowed(f"There is no case {case!r} that {viewer.name} may see.")
    return found


def visible_passes(viewer: Coder) -> QuerySet[Pass]:
    """Passes whose codings the viewer may see. Trainers see none: they read what was released."""
    if not may(viewer, "read"):
        return Pass.objects.none()
    live = Pass.objects.filter(case__withdrawn=False)
    return live.filter(Q(coder=viewer) | _machine_seen(viewer) | _persons_seen(viewer))


def sees_pass(viewer: Coder, reading: Pass) -> bool:
    """Whether the viewer may see that pass."""
    return visible_passes(viewer).filter(pk=reading.pk).exists()


def hides_proposals(viewer: Coder, case: Case) -> bool:
    """Whether the proposals of a case are kept from the viewer for now."""
    return Case.objects.filter(hidden_from(viewer), pk=case.pk).exists()


_GIVEN_BLIND = Prepared(
    lambda case, coder: Assignment.objects.filter(
        case=case, coder=coder, blind_first=True, withdrawn=False
    ).values_list("pk")
)


def hides_from_coder(coder: Coder, case: Case) -> bool:
    """The same as `hides_proposals` for one who codes: plain questions, because every decision asks them."""
    if not (case.blind_first or _GIVEN_BLIND(case=case.pk, coder=coder.pk)):
        return False
    return not Pass.objects.filter(case=case, coder=coder, machine=False, state="submitted").exists()


def under_way(case: Case) -> bool:
    """Whether anybody owes a first pass on the case, or has one open: until then nothing is settled."""
    return Case.objects.filter(_under_way("pk"), pk=case.pk).exists()


def read_by_all() -> QuerySet[Case]:
    """Cases on which nobody owes a first pass or has one open."""
    return Case.objects.filter(~_under_way("pk"))


def shows_others(viewer: Coder, case: Case) -> bool:
    """Whether the viewer may see other persons' passes on the case, were there any."""
    if may(viewer, "adjudicate") or may(viewer, "release"):
        return not Case.objects.filter(_coding_it(viewer, "pk"), pk=case.pk).exists()
    return not Case.objects.filter(_under_way("pk"), pk=case.pk).exists()


def _submitted(of: str, coder: Any) -> Exists:
    return Exists(Pass.objects.filter(case=OuterRef(of), coder=coder, machine=False, state="submitted"))


def _own_assignment(viewer: Coder, of: str, **more: Any) -> Exists:
    return Exists(Assignment.objects.filter(case=OuterRef(of), coder=viewer, withdrawn=False, **more))


def hidden_from(viewer: Coder, prefix: str = "") -> Q:
    """Blind first for this viewer, who codes and has submitted nothing yet.

    Who only adjudicates or keeps data is no coder of the case, and nothing is hidden from him.
    """
    of = f"{prefix}pk"
    if not may(viewer, "code"):
        return Q(pk__in=[])
    return (Q(**{f"{prefix}blind_first": True}) | Q(_own_assignment(viewer, of, blind_first=True))) & ~Q(
        _submitted(of, viewer)
    )


def _machine_seen(viewer: Coder) -> Q:
    return Q(machine=True) & ~hidden_from(viewer, "case__")


def _persons_seen(viewer: Coder) -> Q:
    persons = Q(machine=False, state="submitted") | Q(machine=False, kind="second_look")
    if may(viewer, "adjudicate") or may(viewer, "release"):
        return persons & ~_coding_it(viewer, "case_id")
    return persons & ~_under_way("case_id")


def _coding_it(viewer: Coder, of: str) -> Q:
    """The viewer himself owes a first pass on the case, or has one open."""
    opened = Exists(
        Pass.objects.filter(case=OuterRef(of), coder=viewer, machine=False, state="open", kind__in=FIRST_KINDS)
    )
    return Q(opened) | (Q(_own_assignment(viewer, of)) & ~Q(_submitted(of, viewer)))


def _under_way(of: str) -> Q:
    """Anybody owes a first pass on the case, or has one open."""
    opened = Exists(Pass.objects.filter(case=OuterRef(of), machine=False, state="open", kind__in=FIRST_KINDS))
    given = Assignment.objects.filter(case=OuterRef(of), withdrawn=False)
    done = Pass.objects.filter(case=OuterRef("case"), coder=OuterRef("coder"), machine=False, state="submitted")
    return Q(opened) | Q(Exists(given.filter(~Exists(done))))
