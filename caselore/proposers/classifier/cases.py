"""In: validated codings, as gold answers or as proposals with documents. Out: the cases a classifier learns from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from caselore.documents.sections import sections
from caselore.errors import ClassifierError
from caselore.proposers.casetext import CaseText
from caselore.proposers.evidence import find
from caselore.records import Case, Document, Proposal

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class TrainingCase:
    """One case with its settled answers: field -> code -> where the words that justify it stand (may be nowhere).

    A field that is not a key was not asked. Cases of one `group` are kept together when folds are drawn.
    """

    id: str
    group: str
    text: CaseText
    answers: Mapping[str, Mapping[str, Spans]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pass:
    """One coding pass that a model learned from."""

    coder: str
    cases: int


def from_gold(
    id_: str,
    title: str,
    text: str,
    *,
    single: Mapping[str, str | None],
    multiple: Mapping[str, Mapping[str, str]],
    group: str = "",
) -> TrainingCase:
    """A case of a gold file: single answers (None: not asked) and codes with the words quoted for them."""
    document = Document(
        name=id_,
        media_type="text/plain",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        reader="gold@1",
        sections=sections(text),
    )
    answers: dict[str, Mapping[str, Spans]] = {name: {code: ()} for name, code in single.items() if code is not None}
    for name, quotes in multiple.items():
        answers[name] = {code: _span(quote, text) for code, quote in quotes.items()}
    case = Case(title, id_, document.sha256, 0, len(text))
    return TrainingCase(id_, group or id_, CaseText(document, case), answers)


def _span(quote: str, text: str) -> Spans:
    found = find(quote, text) if quote.strip() else None
    return ((found.start, found.end),) if found else ()


def from_proposals(proposals: Iterable[Proposal], documents: Mapping[str, Document]) -> Iterator[TrainingCase]:
    """The cases of proposals in which somebody validated something; documents are found by their sha256.

    A field counts as asked where at least one of its codes, or an answer such as ``absent``, was settled.

    Raises:
        ClassifierError: the document of a validated case is not among those given, or reads otherwise than it did.
    """
    for proposal in proposals:
        settled = [code for code in proposal.codes if code.status != "proposed"]
        if not settled:
            continue
        case = proposal.case
        document = documents.get(case.sha256)
        if document is None:
            raise ClassifierError(
                f"{case.document}: the document of a validated case is not there; name its folder with --documents."
            )
        answers: dict[str, dict[str, Spans]] = {}
        for code in settled:
            codes = answers.setdefault(code.field, {})
            if code.answer == "present":
                if any(document.text[one.start : one.end] != one.quote for one in code.evidence):
                    raise ClassifierError(
                        f"{case.document}: it reads otherwise than when it was coded; propose and validate it anew."
                    )
                codes[code.code] = tuple((one.start, one.end) for one in code.evidence)
        place = f"{case.sha256}:{case.start}"
        yield TrainingCase(place, case.sha256, CaseText(document, case), answers)
