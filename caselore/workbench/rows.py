"""What the store says of a case's fields comes in; rows for the page, with the codebook's words, go out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from caselore.codebook.codebook import Field
from caselore.store.actions.spans import Span
from caselore.store.books import ONE_VALUE, codebook
from caselore.store.models import Note, Recommendation, SettledStep, Step
from caselore.store.queries import AdjudicationView, CodingView, FieldView
from caselore.workbench.content_notes import topics_of

STATE_NAMES: Mapping[str, str] = {
    "present": "present",
    "absent": "absent",
    "not_mentioned": "not mentioned",
    "unclear": "unclear",
    "not_applicable": "not applicable",
    "withheld": "withheld",
}
ONE_OF: Mapping[str, str] = {
    "children": "child", "months": "month", "years": "year", "weeks": "week", "days": "day", "hours": "hour",
    "pages": "page", "words": "word", "siblings": "sibling", "adults": "adult", "people": "person",
    "recommendations": "recommendation", "abbreviations": "abbreviation", "terms": "term",
    "school years": "school year",
}  # fmt: skip
"""Units of which there is one only."""

EXCERPT = 160
SEQUENCE = "decision_type"
AGENCIES = "agencies"


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of evidence on a row: where it stands and how it begins."""

    start: int
    end: int
    words: str
    graphic: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a row that a key can act on. `what`: proposal, own, other or settled; `decided` as of a proposal."""

    what: str
    id: str
    ids: str
    code: str
    label: str
    quotes: tuple[Quote, ...]
    percent: int = 100
    who: str = ""
    decided: str = ""
    own: str = ""
    """Id of the viewer's own coding that answers it."""
    reason: str = ""
    more: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the case. `state` is todo, differs, settled, done or empty; `clash`: proposals exclude others."""

    id: str
    label: str
    kind: str
    question: str
    version: int
    state: str
    clash: bool
    items: tuple[Item, ...]
    notes: int
    left: int
    filled_by: str

    @property
    def said(self) -> str:
        """The state in words."""
        return {
            "todo": f"{self.left} to decide", "done": "decided", "differs": "coders differ", "settled": "settled",
        }.get(self.state, "")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of a book, or of one of its parts."""

    id: str
    title: str
    rows: tuple[Row, ...]

    @property
    def open(self) -> bool:
        """Whether there is anything in it to see at once."""
        return any(row.items for row in self.rows)


def groups(views: Mapping[str, FieldView], written: Iterable[Note]) -> list[Group]:
    """Every field by book and part, in the codebook's order; the sequence of decisions has a place of its own."""
    book = codebook()
    noted = _noted(written)
    found: dict[tuple[str, str], list[Row]] = {}
    for field in book.fields.values():
        if field.kind != "sequence":
            view = views.get(field.id) or FieldView(field.id)
            found.setdefault((field.book, field.group), []).append(row(field, view, noted.get(field.id, 0)))
    return [
        Group(f"{name}-{part}".replace(" ", "-").strip("-"), _title(book.titles.get(name, name), part), tuple(rows))
        for (name, part), rows in found.items()
    ]


def _title(book: str, part: str) -> str:
    return f"{book}: {part}" if part else book


def _noted(written: Iterable[Note]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for note in written:
        counted[note.field] = counted.get(note.field, 0) + 1
    return counted


def row(field: Field, view: FieldView, notes: int = 0) -> Row:
    """One field with its proposals, the viewer's own codings, other coders' and what was settled."""
    items = tuple(_items(field, view))
    left = sum(1 for each in view.proposals if not each.decided)
    return Row(
        field.id, field.label, field.kind, field.question, view.version, _state(view, left),
        field.kind in ONE_VALUE and len({(p.answer, p.code) for p in view.proposals}) > 1 and left > 1,
        items, notes, left, field.filled_by,
    )  # fmt: skip


def _items(field: Field, view: FieldView) -> list[Item]:
    answered = {(own.answer, own.code): own for own in view.own if own.origin in ("accepted", "rejected")}
    proposed = {(each.answer, each.code) for each in view.proposals}
    items = [_proposal(field, each, answered.get((each.answer, each.code))) for each in view.proposals]
    shown = set(answered) & proposed
    items += [_item(field, own, "own") for own in view.own if (own.answer, own.code) not in shown]
    items += [_item(field, each, "other") for each in view.others]
    return items + [_settled(field, each) for each in view.adjudicated]


def _state(view: FieldView, left: int) -> str:
    if view.adjudicated:
        return "settled"
    own = {(each.answer, each.code) for each in view.own if each.origin != "rejected"}
    others = {(each.answer, each.code) for each in view.others if each.origin != "rejected"}
    if others and own and own != others:
        return "differs"
    return "todo" if left else "done" if view.own else ""


def _item(field: Field, view: CodingView, what: str) -> Item:
    return Item(
        what, view.id, " ".join(view.ids or (view.id,)), view.code or view.answer,
        label_of(field, view.code, view.answer), quotes(view.evidence), percent=round(view.confidence * 100),
        who=", ".join(view.coders or (view.coder,)),
        decided=view.decided or (view.origin if what != "proposal" else ""),
        own=view.id if what == "own" else "", reason=view.reason, more=max(len(view.evidence) - 1, 0),
    )  # fmt: skip


def _proposal(field: Field, view: CodingView, own: CodingView | None) -> Item:
    item = _item(field, view, "proposal")
    if own is None:
        return item
    reason = own.reason if own.reason != view.reason else ""
    return Item(
        item.what, item.id, f"{item.ids} {own.id}", item.code, item.label, quotes(own.evidence) or item.quotes,
        item.percent, item.who, view.decided, own.id, reason, item.more,
    )  # fmt: skip


def _settled(field: Field, view: AdjudicationView) -> Item:
    return Item(
        "settled", view.id, view.id, view.code or view.answer, label_of(field, view.code, view.answer),
        quotes(view.evidence), who=view.adjudicator, decided="holds" if view.holds else "does not hold",
        reason=view.reason, more=max(len(view.evidence) - 1, 0),
    )  # fmt: skip


def quotes(spans: Iterable[Span]) -> tuple[Quote, ...]:
    """The evidence of an item, shortened for its row."""
    return tuple(Quote(s.start, s.end, excerpt(s.quote), bool(topics_of(s.quote))) for s in spans)


def excerpt(words: str) -> str:
    """The beginning of a quotation, on one line."""
    line = " ".join(words.split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1].rsplit(' ', 1)[0]}…"


def label_of(field: Field, code: str, answer: str = "present") -> str:
    """A code, number, rating or state in the codebook's words."""
    if answer != "present":
        return STATE_NAMES.get(answer, answer)
    if field.kind == "scale":
        category, _, level = code.partition(".")
        known = field.codes.get(category)
        if known and level in known.levels:
            return f"{known.label}: {known.levels[level].label}"
    if field.kind == "number":
        unit = ONE_OF.get(field.unit, field.unit) if code == "1" else field.unit
        return code if field.unit == "year" else f"{code} {unit}".strip()
    return field.codes[code].label if code in field.codes else code


@dataclass(frozen=True, slots=True)
class StepShown:
    """One decision of the sequence, own or proposed; `taken`: an own step tells the same."""

    id: str
    number: int
    label: str
    agency: str
    agency_label: str
    decision: str
    quotes: tuple[Quote, ...]
    reason: str
    percent: int
    taken: bool = False


@dataclass(frozen=True, slots=True)
class OrderShown:
    """The order that an adjudicator settled; `says` tells of a case without decisions."""

    id: str
    who: str
    says: str
    reason: str
    steps: tuple[StepShown, ...]


def steps(
    own: Sequence[Step], proposed: Sequence[Step], settled: Sequence[AdjudicationView] = ()
) -> dict[str, Any]:  # fmt: skip
    """The viewer's sequence, the proposed one and the settled one."""
    shown = [_step(each, n, False) for n, each in enumerate(own, 1)]
    others = [
        _step(each, n, any(tells_same(each, mine.decision_type, mine.evidence) for mine in own))
        for n, each in enumerate(proposed, 1)
    ]
    return {"own_steps": shown, "proposed_steps": others, "settled_order": _order(settled)}


def _order(settled: Sequence[AdjudicationView]) -> OrderShown | None:
    whole = [each for each in settled if each.holds and not each.code]
    if not whole:
        return None
    last = whole[-1]
    told = tuple(_step(each, n, False) for n, each in enumerate(last.steps, 1))
    says = "" if told else label_of(codebook().fields[SEQUENCE], "", last.answer)
    return OrderShown(last.id, last.adjudicator, says, last.reason, told)


def tells_same(step: Step, decision: str, evidence: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a step tells the same decision, by words that begin where the step's do."""
    return step.decision_type == decision and _starts(step.evidence) == _starts(evidence)


def _starts(evidence: Iterable[Mapping[str, Any]]) -> list[int]:
    return [span["start"] for span in evidence]


def _step(step: Step | SettledStep, number: int, taken: bool) -> StepShown:
    fields = codebook().fields
    agencies = fields.get(AGENCIES)
    return StepShown(
        step.pk, number, label_of(fields[SEQUENCE], step.decision_type), step.agency,
        label_of(agencies, step.agency) if agencies and step.agency else "", step.decision_type,
        quotes(Span(**span) for span in step.evidence), step.reason,
        round(getattr(step, "confidence", 1.0) * 100), taken,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecommendationShown:
    """One recommendation of the case on the page."""

    id: str
    label: str
    quote: Quote
    addressees: str
    confirmed: bool


def recommendations(rows: Iterable[Recommendation]) -> list[RecommendationShown]:
    """The case's recommendations with their addressees in the codebook's words."""
    known = codebook().fields.get("addressee")
    return [
        RecommendationShown(
            each.pk, each.label, quotes([Span(each.start, each.end, each.quote)])[0],
            ", ".join(label_of(known, code) if known else code for code in each.addressees),
            each.status == "validated",
        )
        for each in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoteShown:
    """One of the viewer's notes, with the name of what it is about."""

    pk: str
    field: str
    about: str
    words: str
    written: datetime


def notes(written: Iterable[Note]) -> list[NoteShown]:
    """Notes with the codebook's names of their fields."""
    known = codebook().fields
    return [
        NoteShown(each.pk, each.field, known[each.field].label if each.field in known else "The case", each.words,
                  each.written)
        for each in written
    ]  # fmt: skip


def chooser() -> dict[str, Any]:
    """The codebook as the page's code chooser and definitions take it."""
    return {
        "states": [{"id": name, "label": label} for name, label in STATE_NAMES.items() if name != "present"],
        "books": dict(codebook().titles),
        "fields": [_field(field) for field in codebook().fields.values()],
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "id": field.id, "label": field.label, "kind": field.kind, "book": field.book, "question": field.question,
        "about": field.about, "unit": field.unit, "least": field.least, "most": field.most,
        "states": [state for state in field.answers if state != "present"],
        "codes": [
            {
                "id": code.id, "label": code.label, "definition": code.definition, "include": code.include,
                "exclude": code.exclude, "example": code.example,
                "levels": [{"id": level.id, "label": level.label, "definition": level.definition}
                           for level in code.levels.values()],
            }
            for code in field.codes.values()
        ],
    }  # fmt: skip
