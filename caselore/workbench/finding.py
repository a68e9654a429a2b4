"""What is asked for by an address comes in; the page of a search goes out: hits, facets, what to loosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from caselore.store.models import Case, Coder, Passage
from caselore.store.queries.views import Hit
from caselore.store.search import FIELDS, codes_wanted, facets, marked, search
from caselore.store.terms import terms_of
from caselore.store.visibility import visible_cases
from caselore.workbench.citing import is_open_area, masked, source_of
from caselore.workbench.readers import address_of, reads_names
from caselore.workbench.reading_masked import never_masked, readings
from caselore.workbench.wording import code_label, field_label, source_label

ROWS = 20
SHOWN = 7
"""Values of a facet that stand open; the others behind a fold."""

FILTERS: Mapping[str, str] = {
    "year": "Year",
    "year_from": "From",
    "year_to": "Until",
    "age_band": "Age of the child",
    "theme": "Theme",
    "source_type": "Kind of review",
    "agency": "Agency",
    "region": "Region",
    "area": "Area",
    "code": "Code",
}
"""Filter -> its heading; in this order on the page."""

FACETS = ("year", "age_band", "theme", "source_type", "region", "agency")
LONGEST = 300
"""Letters of what is asked for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: how many cases have it, and the address with it (or without it, if it is chosen)."""

    label: str
    count: int
    address: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """A heading with its values."""

    name: str
    heading: str
    choices: tuple[Choice, ...]

    @property
    def shown(self) -> tuple[Choice, ...]:
        return self.choices[:SHOWN]

    @property
    def folded(self) -> tuple[Choice, ...]:
        return self.choices[SHOWN:]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage as the page shows it; `parts` are its words with whether each stretch was looked for.

    `neighbours` are those of the passages after it, where only together they have all the words; `opens` is true of
    the first such place.
    """

    case: str
    passage: int
    title: str
    publisher: str
    year: int | None
    page: int | None
    licence: str
    address: str
    parts: tuple[tuple[str, bool], ...]
    taken: bool = False
    before: str = ""
    after: str = ""
    """The sentences around it."""
    neighbours: tuple[tuple[tuple[str, bool], ...], ...] = ()
    opens: bool = False

    @property
    def within(self) -> int:
        """How many passages it takes to have all the words."""
        return len(self.neighbours) + 1


@dataclass(frozen=True, slots=True)
class Question:
    """Words and filters as an address has them."""

    words: str
    filters: dict[str, Any]

    def address(self, **changes: Any) -> str:
        """The query of the address with changes; None or "" drops a filter."""
        told = {"q": self.words, **self.filters} | changes
        kept = {name: value for name, value in told.items() if value not in (None, "", [])}
        return "?" + urlencode(kept, doseq=True)


def question_of(given: Any) -> Question:
    """The question in the words of an address; what no filter is, is dropped."""
    filters: dict[str, Any] = {}
    for name in FILTERS:
        values = [value.strip()[:LONGEST] for value in given.getlist(name) if value.strip()]
        if name.startswith("year"):
            values = [value for value in values if value.isdecimal() and len(value) == 4]
        if values:
            filters[name] = values if name == "code" else values[-1]
    return Question(given.get("q", "").strip()[:LONGEST], filters)


def refused(viewer: Coder, question: Question) -> str:
    """Why a trainer's area is not searched for; empty where it is. Nobody finds a case by a name."""
    if reads_names(viewer):
        return ""
    area = question.filters.get("area", "")
    if area and not is_open_area(area):
        return f"“{area}” is no area that the list of places knows; try its county or council."
    return ""


def hits(viewer: Coder, question: Question, *, offset: int = 0, rows: int = ROWS) -> Any:
    """The hits of the store for a question; who reads no names finds what the masking leaves."""
    told = () if reads_names(viewer) else readings()

    def untouched() -> bool:
        citations = visible_cases(viewer).values_list("title", "document__title", "document__publisher")
        return never_masked(terms_of(question.words), citations)

    return search(
        viewer, question.words, filters=question.filters, limit=rows, offset=offset, readings=told, untouched=untouched
    )


def found(viewer: Coder, rows: Iterable[Hit], words: str, taken: Iterable[tuple[str, int | None]] = ()) -> list[Found]:
    """The hits for the page; for who reads no names, titles and words masked."""
    rows, held = list(rows), set(taken)
    keys = {row.case for row in rows}
    cases = Case.objects.select_related("document").defer("document__text").in_bulk(keys)
    near = _near(rows, cases)
    told = [_found(viewer, row, words, cases[row.case], (row.case, row.passage) in held, near) for row in rows]
    first = next((n for n, each in enumerate(told) if each.neighbours), len(told))
    return [replace(each, opens=n == first) for n, each in enumerate(told)]


Near = dict[tuple[str, int], str]
"""A case and the number of one of its passages -> its words."""


def _near(rows: Iterable[Hit], cases: Mapping[str, Case]) -> Near:
    """The sentences right before and after the hits, inside of their cases; headings are none."""
    asked, of = Q(pk__in=[]), defaultdict(set)
    for row in rows:
        case = cases[row.case]
        of[case.document_id].add(case)
        asked |= Q(document=case.document_id, number__in=(row.passage - 1, _last(row) + 1))
    found = Passage.objects.filter(asked).exclude(kind="heading").values_list("document", "number", "start", "text")
    return {
        (case.pk, number): " ".join(text.split())
        for document, number, start, text in found
        for case in of[document]
        if case.start <= start < case.end
    }


def _last(row: Hit) -> int:
    """The number of the last passage of a hit."""
    return row.passage + len(row.neighbours)


def _found(viewer: Coder, row: Hit, words: str, case: Case, taken: bool, near: Near) -> Found:
    title, publisher, licence, parts = row.title, row.publisher, row.licence, row.parts
    neighbours = row.neighbours
    before, after = (near.get((row.case, number), "") for number in (row.passage - 1, _last(row) + 1))
    if not reads_names(viewer):
        source = source_of(case, with_words=True)
        title, publisher, licence = source.title, source.publisher, source.licence
        parts, *others = [
            marked(masked("".join(part for part, _ in each), source), terms_of(words)) for each in (parts, *neighbours)
        ]
        neighbours = tuple(others)
        before, after = masked(before, source), masked(after, source)
    address = address_of(viewer, row.case, row.passage)
    return Found(
        row.case,
        row.passage,
        title,
        publisher,
        row.year,
        row.page,
        licence,
        address,
        parts,
        taken,
        before,
        after,
        neighbours,
    )


def shown_facets(viewer: Coder, question: Question, among: Iterable[str] | None) -> list[Facet]:
    """Every facet with the counts of cases that are left, each value an address away."""
    counted = facets(viewer, filters=question.filters, among=among)
    return [facet for name in FACETS if (facet := _facet(name, counted.get(name, []), question)).choices]


def _facet(name: str, counted: list[tuple[str, int]], question: Question) -> Facet:
    chosen = str(question.filters.get(name, ""))
    rows = sorted(counted, reverse=True) if name == "year" else counted
    choices = [
        Choice(
            value_name(name, value),
            count,
            question.address(**{name: None if value == chosen else value}),
            value == chosen,
        )
        for value, count in rows
        if value
    ]
    return Facet(name, FILTERS[name], tuple(sorted(choices, key=lambda choice: not choice.chosen)))


def value_name(name: str, value: str) -> str:
    """A filter's value in the codebook's words."""
    if name == "source_type":
        return source_label(value)
    if name == "code":
        field, _, code = value.partition(":")
        return f"{field_label(field)}: {code_label(field, code)}"
    return code_label(FIELDS[name], value) if name in FIELDS else value


def chips(question: Question) -> list[Choice]:
    """The filters that are set, each with the address without it."""
    told = []
    for name, value in question.filters.items():
        values = value if isinstance(value, list) else [value]
        for each in values:
            left = [other for other in values if other != each]
            told.append(Choice(f"{FILTERS[name]}: {value_name(name, each)}", 0, question.address(**{name: left}), True))
    return told


def loosened(viewer: Coder, question: Question) -> list[Choice]:
    """What to leave out of a question that finds nothing, with how many passages there would be."""
    tried = [(f"without “{chip.label}”", chip.address) for chip in chips(question)]
    terms = terms_of(question.words)
    if len(terms) > 1:
        for n, term in enumerate(terms):
            rest = " ".join(f'"{other}"' if " " in other else other for other in terms[:n] + terms[n + 1 :])
            tried.append((f"without “{term}”", question.address(q=rest)))
    if '"' in question.words:
        tried.append(("the words in any order", question.address(q=question.words.replace('"', ""))))
    if question.words and question.filters:
        tried.append(("any passage of these cases", question.address(q="")))
        tried.append(("the words alone, in every case", Question(question.words, {}).address()))
    told = []
    for label, address in tried:
        count = hits(viewer, _question_at(address), rows=0).total
        if count:
            told.append(Choice(label, count, address))
    return sorted(told, key=lambda choice: -choice.count)


def _question_at(address: str) -> Question:
    from django.http import QueryDict

    return question_of(QueryDict(address.removeprefix("?")))


def themes_named(viewer: Coder, question: Question, themes: Iterable[str]) -> list[Choice]:
    """Themes that the words are the name of: searching by the code finds what says it in other words."""
    told = []
    for theme in themes:
        if ("learning_themes", theme) in codes_wanted(question.filters):
            continue
        by_code = Question("", {**question.filters, "theme": theme})
        count = hits(viewer, by_code, rows=0).total
        if count:
            told.append(Choice(value_name("theme", theme), count, by_code.address()))
    return told
