"""In: a document, a case of it and proposers. Out: one proposal, in which each code stands once.

A proposer is a declared coder: it is made with the codebook, has an id with a version such as ``rules@1.0``,
and reads a `CaseText`. To add one, write a class of that shape and name its place in `PROPOSERS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from caselore.codebook.codebook import Codebook, load
from caselore.documents.layer import MEDIA_TYPE as LAYER_MEDIA_TYPE
from caselore.errors import CodebookError
from caselore.proposers.casetext import CaseText
from caselore.proposers.measures import with_count
from caselore.proposers.quoting import distinct
from caselore.proposers.rules import quoted_from, takes_family
from caselore.records import Case, Code, Document, Evidence, Proposal, Recommendation

PROPOSERS: dict[str, str] = {
    "facts": "caselore.proposers.facts:Facts",
    "rules": "caselore.proposers.rules:Rules",
    "examples": "caselore.proposers.exemplars:Examples",
    "recommendations": "caselore.proposers.recommendations:Recommendations",
    "measures": "caselore.proposers.measures:Measures",
    "layer": "caselore.proposers.layer:LayerProposer",
}
"""The register: name -> ``module:Class``. A class is imported when it is asked for, so that a proposer with
heavy dependencies costs nothing to those who do not use it."""

STANDARD = ("facts", "rules", "examples", "recommendations", "measures", "layer")
"""The proposers that work with no set-up, in the order in which they are asked."""

SINGLE_KINDS = frozenset({"choice", "scale", "number"})
"""Kinds of field that hold one code a case."""


class Proposer(Protocol):
    """A declared coder: made with a codebook, it reads one case and proposes codes with evidence."""

    @property
    def id(self) -> str:
        """Name and version, e.g. ``rules@1.0``: the `coder` of every code it proposes."""
        ...

    def propose(self, text: CaseText) -> Proposal:
        """What it finds in one case."""
        ...


def proposer(name: str, codebook: Codebook | None = None) -> Proposer:
    """Make the proposer of that name, with all shipped books unless a codebook is given."""
    place = PROPOSERS.get(name)
    if place is None:
        raise CodebookError(f"There is no proposer '{name}'; choose from {', '.join(sorted(PROPOSERS))}.")
    module, _, attribute = place.partition(":")
    maker = getattr(import_module(module), attribute)
    return cast("Proposer", maker(shipped() if codebook is None else codebook))


def proposers(names: Iterable[str], codebook: Codebook | None = None) -> tuple[Proposer, ...]:
    """Make several proposers, in the order given."""
    return tuple(proposer(name, codebook) for name in names)


@cache
def shipped() -> Codebook:
    """All shipped books, read once a process."""
    return load()


def takers(document: Document, proposers: Sequence[Proposer]) -> tuple[Proposer, ...]:
    """Those who can read a document: a coded layer is for `layer` alone, running text for all others."""
    coded = document.media_type == LAYER_MEDIA_TYPE
    return tuple(each for each in proposers if each.id.startswith("layer@") == coded)


def propose_case(
    document: Document, case: Case, proposers: Sequence[Proposer], *, codebook: Codebook | None = None
) -> Proposal:
    """Ask every proposer about one case and merge what they say."""
    text = CaseText(document, case)
    found = merge(case, [each.propose(text) for each in proposers], codebook or shipped())
    return with_count(replace(found, codes=tuple(_well_placed(text, code) for code in found.codes)))


def _well_placed(text: CaseText, code: Code) -> Code:
    """The code without the quotations from sections that its field is not asked of, where others stand."""
    sections = quoted_from(code.field)
    if not sections or len(code.evidence) < 2 or takes_family(code.field, code.code):
        return code
    placed = [each for each in code.evidence if (p := text.passage_at(each.start)) and p.section in sections]
    return replace(code, evidence=tuple(placed) or code.evidence)


def merge(case: Case, proposals: Iterable[Proposal], codebook: Codebook) -> Proposal:
    """Join proposals on one case: every (field, code) once, with the surest coder and everybody's evidence.

    A field that holds one code (choice, scale, number) keeps the surest only. The sequence is the first
    proposer's that gives one, because two orders cannot be merged without a judgement.
    """
    found = list(proposals)
    codes = _one_each([code for proposal in found for code in proposal.codes])
    return Proposal(
        case=case,
        codes=tuple(_agreeing(_surest_of_single(codes, codebook))),
        sequence=next((proposal.sequence for proposal in found if proposal.sequence), ()),
        recommendations=_distinct([each for proposal in found for each in proposal.recommendations]),
    )


def _one_each(codes: Iterable[Code]) -> list[Code]:
    kept: dict[tuple[str, str, str], Code] = {}
    for code in codes:
        key = (code.field, code.answer, code.code)
        before = kept.get(key)
        kept[key] = code if before is None else _joined(before, code)
    return list(kept.values())


def _joined(first: Code, second: Code) -> Code:
    """The surer of two proposals of one code, with the evidence of both: what likeness quotes comes after the rest."""
    surer, other = (first, second) if first.confidence >= second.confidence else (second, first)
    told = sorted((surer, other), key=lambda code: code.coder.startswith(BY_LIKENESS))
    evidence = distinct(each for code in told for each in code.evidence)
    return replace(surer, evidence=evidence[: max(MOST_QUOTED, *(len(code.evidence) for code in told))])


BY_LIKENESS = "examples@"
"""The coder whose words are like those of a code and need not say it."""

MOST_QUOTED = 3
"""Quotations of a code on which two coders agree; more stand only where one of them gave more."""


def _surest_of_single(codes: Iterable[Code], codebook: Codebook) -> list[Code]:
    kept: list[Code] = []
    place: dict[str, int] = {}
    for code in codes:
        field = codebook.fields.get(code.field)
        if field is None or field.kind not in SINGLE_KINDS:
            kept.append(code)
        elif code.field not in place:
            place[code.field] = len(kept)
            kept.append(code)
        elif code.confidence > kept[place[code.field]].confidence:
            kept[place[code.field]] = code
    return kept


NATURE_OF = {"nature_of_death": "death", "nature_of_harm": "serious_harm"}
"""The fields of a nature, and the outcome without which they say nothing."""


def _agreeing(codes: list[Code]) -> list[Code]:
    """Codes without the nature of a death that did not happen: coders who differ may bring both."""
    outcome = next((code.code for code in codes if code.field == "outcome"), None)
    return [code for code in codes if outcome is None or NATURE_OF.get(code.field, outcome) == outcome]


def _distinct(recommendations: Iterable[Recommendation]) -> tuple[Recommendation, ...]:
    """Recommendations in the order of the text; where two overlap, the surer stands."""
    kept: list[Recommendation] = []
    for each in sorted(recommendations, key=lambda r: -r.confidence):
        if not any(_overlap(each.evidence, other.evidence) for other in kept):
            kept.append(each)
    return tuple(sorted(kept, key=lambda r: r.evidence.start))


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.start < other.end and other.start < one.end
