"""Documents and proposals go in; de-identified cases of layer 1.1 that have passed the gate come out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from caselore.errors import ReleaseRefused
from caselore.records import Document, Proposal
from caselore.release.checks import Gate, Lookup, check_case, supported
from caselore.release.ids import case_key
from caselore.release.layer import LayerJSON, layer_case
from caselore.release.manifest import Ledger
from caselore.release.repeats import Asked

Place = tuple[str, int]
"""The sha256 of a case's document, and where in it the case starts."""


@dataclass
class Intake:
    """Where proposals become de-identified cases that have passed the gate."""

    gate: Gate
    ledger: Ledger
    put: tuple[str, ...]
    draft: bool = True
    lookup: Lookup | None = None
    seen: set[Place] = field(default_factory=set)
    asked: list[Asked] = field(default_factory=list)
    """Every recommendation in its own words, so that those made again can be told; none of it is written."""

    def cases(self, proposals: Iterable[tuple[Document, Proposal]]) -> Iterator[tuple[Place, LayerJSON]]:
        """Each case once, with its place; its id is made when all places are known."""
        for document, proposal in proposals:
            place = (proposal.case.sha256 or document.sha256, proposal.case.start)
            if place in self.seen:
                self.ledger.duplicates += 1
                continue
            self.seen.add(place)
            yield place, self._case(document, proposal, place)

    def _case(self, document: Document, proposal: Proposal, place: Place) -> LayerJSON:
        told = f"{document.name or proposal.case.document}, the case at character {proposal.case.start}"
        kept, unsupported = supported(proposal, self.gate, self.lookup)
        if unsupported and not self.draft:
            raise ReleaseRefused(
                f"{told}: evidence of '{min(unsupported)}' does not stand where it says; propose the case again."
            )
        self.ledger.unverified.update(unsupported)
        case, cited = layer_case(
            document, kept, codebook=self.gate.codebook, put=self.put, case_id=f"C-{case_key(*place)}"
        )
        self.gate.names = cited.names
        check_case(case, self.gate, place=told, drop=self.draft)
        self.ledger.note(case, cited)
        self.asked += [Asked(place, n, each, case["year"]) for n, each in enumerate(kept.recommendations, 1)]
        return case
