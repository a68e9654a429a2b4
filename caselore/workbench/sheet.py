"""A briefing comes in; the sheet that may leave goes out: masked quotations of an allowed length, cited in full."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet

from caselore.errors import ReleaseRefused
from caselore.release.deidentify import MASK, holds_name
from caselore.store.models import Adjudication, Case, Coder, Coding, Passage
from caselore.store.search import seen_codings
from caselore.store.settled import settled, upheld_codes
from caselore.store.visibility import shows_others, visible_cases
from caselore.workbench.citing import Source, is_name_too, masked, may_be_names, source_of
from caselore.workbench.models import Briefing
from caselore.workbench.quoting import allowed, cut, is_open, rules, told_of
from caselore.workbench.readers import reads_names
from caselore.workbench.wording import code_label, source_label

CODES = 8
FIELDS_TOLD = ("learning_themes", "child_age_band", "outcome", "agencies")
"""Fields whose codes tell a case that is cited as a whole."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """One entry of a sheet; `number` is that of its source. Without `words` the case is cited as a whole."""

    number: int
    case: str
    passage: int | None
    words: str
    page: int | None
    remark: str
    kind: str
    year: int | None
    codes: tuple[str, ...] = ()
    was_cut: bool = False
    was_masked: bool = False
    more: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """A source of a sheet, cited in full."""

    number: int
    title: str
    publisher: str
    year: int | None
    licence: str
    url: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A briefing as it leaves; `held_back` entries are in no release and are left out."""

    title: str
    remarks: str
    quotations: tuple[Quotation, ...]
    references: tuple[Reference, ...]
    made: datetime
    held_back: tuple[tuple[str, int | None], ...] = ()
    names: tuple[str, ...] = ()
    """Words that the masking of citations found; they never leave."""

    @property
    def paragraphs(self) -> list[str]:
        """The own remarks, a paragraph each."""
        return [part.strip() for part in self.remarks.splitlines() if part.strip()]


def sheet_of(coder: Coder, briefing: Briefing) -> Sheet:
    """The sheet of a briefing: only of cases that are in a release and that the person may see."""
    keys = {item["case"] for item in briefing.items}
    rows = visible_cases(coder).exclude(released="").filter(pk__in=keys)
    cases = {case.pk: case for case in rows.select_related("document").defer("document__text")}
    sources = {key: source_of(case, with_words=True) for key, case in cases.items()}
    kept = [item for item in briefing.items if item["case"] in cases]
    numbers = {key: n for n, key in enumerate(dict.fromkeys(item["case"] for item in kept), 1)}
    spent: dict[str, int] = defaultdict(int)
    codes = _codes(coder, cases)
    quotations = [
        _quotation(item, numbers[item["case"]], cases[item["case"]], sources[item["case"]], spent, codes)
        for item in kept
    ]
    return Sheet(
        title=briefing.title, remarks=briefing.remarks, quotations=tuple(quotations), made=datetime.now(UTC),
        references=tuple(_reference(number, sources[key]) for key, number in numbers.items()),
        held_back=tuple((item["case"], item["passage"]) for item in briefing.items if item["case"] not in cases),
        names=tuple(dict.fromkeys(name for source in sources.values() for name in _telling(source))),
    )  # fmt: skip


def _quotation(
    item: dict[str, object], number: int, case: Case, source: Source, spent: dict[str, int], codes: dict[str, list[str]]
) -> Quotation:
    words, page, whole, passage = "", None, "", item["passage"]
    if isinstance(passage, int):
        rows = _rows(case, passage, int(str(item.get("more", 0))))
        whole, page = " ".join(masked(" ".join(row.text.split()), source) for row in rows), rows[0].page
        left = rules().words_review - spent[case.pk]
        most = allowed(source.licence) if is_open(source.licence) else min(allowed(source.licence), max(left, 0))
        words = cut(whole, most)
        spent[case.pk] += len(words.split())
    return Quotation(
        number=number, case=case.pk, passage=passage if isinstance(passage, int) else None, words=words, page=page,
        remark=str(item["remark"]), kind=source_label(case.source_type), year=case.year,
        codes=tuple(codes.get(case.pk, ())) if passage is None else (), was_cut=words != whole,
        was_masked=MASK in words, more=int(str(item.get("more", 0))),
    )  # fmt: skip


def _rows(case: Case, first: int, more: int) -> list[Passage]:
    """A passage and those that follow it in the case, up to the next heading."""
    rows = Passage.objects.filter(
        document=case.document_id, number__gte=first, number__lte=first + more, start__lt=case.end
    )
    found = list(rows.order_by("number"))
    heading = next((n for n, row in enumerate(found) if n and row.kind == "heading"), len(found))
    return found[:heading]


def _codes(coder: Coder, cases: dict[str, Case]) -> dict[str, list[str]]:
    """Case -> what persons have coded or settled of it, in the codebook's words."""
    told: dict[str, list[str]] = defaultdict(list)
    rows = validated(coder).filter(case__in=list(cases), field__in=FIELDS_TOLD).order_by("field", "order", "pk")
    more = upheld(coder, cases.values()).filter(field__in=FIELDS_TOLD)
    given = [*rows.values_list("case", "field", "code"), *more.values_list("case", "field", "code")]
    for case, field, code in sorted(given, key=lambda each: each[1]):
        label = code_label(field, code)
        if label not in told[case] and len(told[case]) < CODES:
            told[case].append(label)
    return told


def validated(coder: Coder) -> QuerySet[Coding]:
    """Codings that a release told as settled, of what the viewer may see; for trainers those are all there are."""
    rows = seen_codings(coder)
    return settled(rows) if reads_names(coder) else rows


def upheld(coder: Coder, cases: Iterable[Case]) -> QuerySet[Adjudication]:
    """Codes that a release told as settled by an adjudicator, of the cases whose passes the viewer may see."""
    seen = [case.pk for case in cases if not reads_names(coder) or shows_others(coder, case)]
    return upheld_codes().filter(case__in=seen).order_by("field", "pk")


def _reference(number: int, source: Source) -> Reference:
    return Reference(
        number, source.title, source.publisher, source.year, told_of(source.licence), source.url
    )  # fmt: skip


def concerns(sheet: Sheet) -> list[str]:
    """Words of the own remarks that may be names: a person decides."""
    own = [sheet.title, sheet.remarks, *(each.remark for each in sheet.quotations)]
    return list(dict.fromkeys(word for text in own for word in may_be_names(text)))


def name_errors(sheet: Sheet) -> dict[str, str]:
    """Where the own words hold a name that masking found in a citation: such a sheet does not leave."""
    said = "A name that is masked in a title stands here; take it out."
    told = {name: said for name, text in (("title", sheet.title), ("remarks", sheet.remarks)) if _names(text, sheet)}
    for each in sheet.quotations:
        if _names(each.remark, sheet):
            told[f"{each.case}.{each.passage}"] = said
    return told


def _names(text: str, sheet: Sheet) -> bool:
    return holds_name(text, sheet.names)


def _telling(source: Source) -> Iterator[str]:
    """The masked words of a citation that are no ordinary words of its document."""
    for name in source.names:
        if name[:1].isupper() and len(name) > 2 and (name.lower() not in source.ordinary or is_name_too(name)):
            yield name


def gate(sheet: Sheet) -> Sheet:
    """The sheet, checked once more as a whole. Raises ReleaseRefused where a masked name stands in it."""
    printed = [sheet.title, sheet.remarks, *(ref.title + " " + ref.publisher for ref in sheet.references)]
    printed += [each.words + " " + each.remark for each in sheet.quotations]
    if any(_names(text, sheet) for text in printed):
        raise ReleaseRefused("A name that is masked in a title stands elsewhere in the briefing; take it out there.")
    return sheet
