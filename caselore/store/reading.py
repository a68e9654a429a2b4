"""Rows come in; the frozen records of the other rooms go out, so that proposers and the release read a study."""

from __future__ import annotations

from caselore import records
from caselore.store.models import Case, Coding, Document, Recommendation, SettledStep, Step


def document_record(row: Document, *, text: bool = True) -> records.Document:
    """The document as it was read; without its words where `text` is false."""
    return records.Document(
        name=row.name, media_type=row.media_type, sha256=row.sha256, text=row.text if text else "", reader=row.reader,
        pages=tuple(records.Page(**page) for page in row.pages),
        sections=tuple(records.Section(**section) for section in row.sections),
        source=source_record(row), problems=tuple(row.problems),
    )  # fmt: skip


def source_record(row: Document) -> records.Source:
    """The public citation of a document."""
    return records.Source(row.title, row.publisher, row.year, row.licence, row.url)


def case_record(row: Case) -> records.Case:
    """The case; its document is read with it."""
    return records.Case(
        title=row.title, document=row.document.name, sha256=row.document.sha256, start=row.start, end=row.end,
        source_type=row.source_type, year=row.year, source=records.Source(**row.source), n_cases=row.n_cases,
    )  # fmt: skip


def evidence_record(document: Document, start: int, end: int, quote: str) -> records.Evidence:
    """A piece of evidence of a document."""
    return records.Evidence(document.sha256, document.text_sha256, document.reader, start, end, quote)


def code_record(row: Coding, document: Document, *, coder: str, status: records.Status) -> records.Code:
    """A coding with its evidence, under the name that the coder is to have."""
    evidence = tuple(evidence_record(document, each.start, each.end, each.quote) for each in row.evidence.all())
    return records.Code(
        row.field, row.code, row.confidence, coder, evidence, status, row.answer, row.reason
    )  # fmt: skip


def step_record(row: Step, document: Document, *, coder: str, status: records.Status) -> records.Step:
    """A step of the sequence."""
    evidence = tuple(evidence_record(document, each["start"], each["end"], each["quote"]) for each in row.evidence)
    return records.Step(row.decision_type, row.agency or None, row.confidence, coder, evidence, status)


def settled_step_record(row: SettledStep, document: Document, *, coder: str) -> records.Step:
    """A step of a settled sequence, under the adjudicator's name."""
    evidence = tuple(evidence_record(document, each["start"], each["end"], each["quote"]) for each in row.evidence)
    return records.Step(row.decision_type, row.agency or None, 1.0, coder, evidence, "adjudicated")


def recommendation_record(row: Recommendation, document: Document, *, coder: str) -> records.Recommendation:
    """A recommendation as the release takes it."""
    return records.Recommendation(
        label=row.label, evidence=evidence_record(document, row.start, row.end, row.quote), types=tuple(row.types),
        addressees=tuple(row.addressees), level=row.level, smart=tuple(row.smart), time_frame=row.time_frame,
        confidence=row.confidence, coder=coder, status=row.status,
    )  # fmt: skip
