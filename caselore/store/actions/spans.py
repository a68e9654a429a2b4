"""The evidence contract: spans of a document come in, and go out only where the text there IS the quotation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from django.db.models import F
from django.db.models.functions import Substr

from caselore.errors import EvidenceError
from caselore.store.models import Case, Document

MOST = 50
"""Spans of one coding."""

LONGEST = 20_000
"""Characters of one span."""


@dataclass(frozen=True, slots=True)
class Span:
    """``document.text[start:end] == quote``; an empty quote is filled from the text."""

    start: int
    end: int
    quote: str = ""


SpanLike: TypeAlias = Span | Sequence[Any] | Mapping[str, Any]


def spans_of(given: Iterable[SpanLike]) -> list[Span]:
    """Spans from whatever form they come in. Raises EvidenceError on what is none."""
    made = [_span(each) for each in given]
    if len(made) > MOST:
        raise EvidenceError(
            f"{len(made)} pieces of evidence are more than the {MOST} of one code; keep the telling ones."
        )
    return list(dict.fromkeys(made))


def _span(given: SpanLike) -> Span:
    if isinstance(given, Span):
        return given
    try:
        if isinstance(given, Mapping):
            return Span(int(given["start"]), int(given["end"]), str(given.get("quote", "")))
        start, end, *quote = given
        return Span(int(start), int(end), str(quote[0]) if quote else "")
    except (KeyError, TypeError, ValueError, IndexError):
        raise EvidenceError(f"{given!r} is no evidence; give start, end and the words quoted.") from None


def verified(case: Case, given: Iterable[SpanLike]) -> list[Span]:
    """The spans with their quotations as they stand in the case's document. Raises EvidenceError."""
    return [_verified(case, span) for span in spans_of(given)]


def _verified(case: Case, span: Span) -> Span:
    if span.end - span.start > LONGEST:
        long = f"{span.end - span.start:,} characters"
        raise EvidenceError(f"{long} are more than the {LONGEST:,} of one piece; select the telling words.")
    if not 0 <= span.start < span.end:
        raise EvidenceError(f"Characters {span.start} to {span.end} are no piece of evidence; select the words again.")
    there = (
        Document.objects.filter(pk=case.document_id, characters__gte=span.end)
        .annotate(there=Substr(F("text"), span.start + 1, span.end - span.start))
        .values_list("there", flat=True)
        .first()
    )
    if there is None or not there.strip():
        raise EvidenceError(f"The document has no words at characters {span.start} to {span.end}; select them again.")
    if span.quote and there != span.quote:
        raise EvidenceError(
            f"At characters {span.start} to {span.end} the document does not say what is quoted; select it again."
        )
    return Span(span.start, span.end, there)


def as_json(spans: Iterable[Span]) -> list[dict[str, Any]]:
    """Spans as they stand in a JSON column."""
    return [asdict(span) for span in spans]
