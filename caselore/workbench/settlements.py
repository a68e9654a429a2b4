"""Disagreements and settlements come in; which of the disagreements are settled goes out."""

from __future__ import annotations

from collections.abc import Iterable

from caselore.agreement.disagreements import Disagreement
from caselore.store.books import ONE_VALUE, codebook
from caselore.store.models import Adjudication

Spoken = frozenset[tuple[str, str, str]]
"""Case, field and code; an empty code speaks of the whole field."""


def settled_answers(cases: Iterable[str]) -> Spoken:
    """What adjudicators have settled on these cases."""
    rows = Adjudication.objects.filter(case__in=set(cases), retracted=False)
    told = rows.values_list("case_id", "field", "code", "answer", "holds")
    return frozenset((case, field, _spoken(field, code, answer, holds)) for case, field, code, answer, holds in told)


def is_settled(each: Disagreement, spoken: Spoken) -> bool:
    """Whether the field as a whole is settled, or the code on which coders differ."""
    return (each.case, each.field, "") in spoken or (each.case, each.field, each.code) in spoken


def _spoken(field: str, code: str, answer: str, holds: bool) -> str:
    """The code of which a settlement speaks, as disagreements name it: of a scale, its category."""
    known = codebook().fields.get(field)
    kind = known.kind if known else ""
    if kind == "scale":
        return code.partition(".")[0]
    if holds and (kind in ONE_VALUE or kind == "sequence" or answer != "present"):
        return ""
    return code or f"{answer} does not hold"
