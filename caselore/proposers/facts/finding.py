"""What a field's grammar hands back, and the matches of cues as it asks for them: by field, with their "
"sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from caselore.proposers.facts.reading import Reading, Told
from caselore.proposers.facts.telling import Sentence
from caselore.proposers.matcher import Match


@dataclass(frozen=True, slots=True)
class Finding:
    """A code with a confidence from 0 to 1 and the spans of the document that justify it."""

    code: str
    confidence: float
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """A match of a cue in a telling sentence; `told` is None where the sentence was not read for people."""

    match: Match
    sentence: Sentence
    told: Told | None

    @property
    def code(self) -> str:
        """The code that the cue speaks for."""
        return self.match.code

    @property
    def worth(self) -> float:
        """The cue's weight times the sentence's."""
        return self.match.cue.weight * self.sentence.weight

    @property
    def span(self) -> tuple[int, int]:
        """Where the words stand."""
        return self.match.start, self.match.end


class Signs:
    """The matches of a case's cues that stand in its telling sentences."""

    def __init__(self, reading: Reading, matches: Iterable[Match]) -> None:
        self.matches = tuple(matches)
        sentences = {sentence.start: sentence for sentence in reading.sentences}
        told = {each.sentence.start: each for each in reading.told}
        self._by_field: dict[str, list[Sign]] = defaultdict(list)
        for match in self.matches:
            sentence = sentences.get(match.passage.start)
            unticked = reading.text.folded.endswith("[ ] ", 0, match.start)
            if sentence is not None and not unticked:
                self._by_field[match.field].append(Sign(match, sentence, told.get(sentence.start)))

    def of(self, field: str) -> Iterator[Sign]:
        """The signs of one field, in the order of the text."""
        return iter(self._by_field[field])


def best(findings: Iterable[Finding]) -> Finding | None:
    """The surest finding."""
    return max(findings, key=lambda each: each.confidence, default=None)
