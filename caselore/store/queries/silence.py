"""Submitted passes of persons come in; the fields to which a person's silence is an answer go out.

One rule for agreement and for what is to be settled. Who gives no code of a field that holds several, or no step of the
sequence, has said that there is none, if he gives any elsewhere: otherwise cases in which one of two found nothing
would count for neither side. Elsewhere means any case that is to be read to the same layer. Of a field that holds one
answer silence is a gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from caselore.store.books import DECISIONS, codebook
from caselore.store.models import Coding, Pass, Step
from caselore.store.visibility import FIRST_KINDS

NONE_BY_SILENCE = frozenset({"multi", "matrix", "sequence"})
"""Kinds of field that one answers by ticking what holds."""

Usual = Mapping[tuple[str, str], frozenset[str]]
"""Coder and layer -> the fields in which the coder's silence says that there is nothing."""


def usual_fields(coders: Iterable[str] | None = None) -> Usual:
    """Of every person (or of `coders`, by id), what he gives in first passes, by the layer that cases are read to."""
    passes = Pass.objects.filter(machine=False, state="submitted", kind__in=FIRST_KINDS, case__withdrawn=False)
    if coders is not None:
        passes = passes.filter(coder__in=list(coders))
    names = [name for name, field in codebook().fields.items() if field.kind in NONE_BY_SILENCE]
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    codes = Coding.objects.filter(reading__in=passes.values("pk"), retracted=False, field__in=names).order_by()
    for coder, layer, field in codes.values_list("reading__coder", "case__target_layer", "field").distinct():
        found[coder, layer].add(field)
    steps = Step.objects.filter(reading__in=passes.values("pk")).order_by()
    for coder, layer in steps.values_list("reading__coder", "case__target_layer").distinct():
        found[coder, layer].add(DECISIONS)
    return {key: frozenset(fields) for key, fields in found.items()}


def heard(usual: Usual, reading: Pass) -> frozenset[str]:
    """The fields to which silence in this pass of a person is an answer, though he did nothing in them."""
    return usual.get((reading.coder_id, reading.case.target_layer), frozenset())


def kind_of(field: str) -> str:
    """The kind of a field; one that is in no book any more holds several codes."""
    known = codebook().fields.get(field)
    return known.kind if known else "multi"
