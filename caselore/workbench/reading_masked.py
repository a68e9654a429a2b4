"""Ways in which who reads no names reads a passage, for the search: the cheapest first, the page's own one last.

Most words are found where they are written small and name nobody, which is told without masking; only what is left is
masked, at last with the small words of its whole document at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from caselore.release.deidentify import MASK, mask_names
from caselore.release.lists import fold
from caselore.store.models import Case
from caselore.store.readable import Reading
from caselore.store.terms import LETTERS, stem
from caselore.workbench.citing import KEPT, ORDINAL, cited_names, is_name_too, masked, source_of

SMALL = "a-zß-öø-ÿ"
NOT_SMALL = re.compile(
    rf"\S*[^\s{SMALL}.,;:!?()\[\]\"“”'’‘…–-]\S*|\S*[{SMALL}][.:][{SMALL}]\S*|\b(?:{ORDINAL})\b"
)  # fmt: skip
"""Runs of signs that are more than words written small, and days told in words."""

ENDINGS = ("", "e", "y", "s", "ing", "ed")
"""With which a stem is another word that may be a name."""


def readings() -> tuple[Reading, ...]:
    """The readings of one search."""
    return SmallWords(), strictly, AsShown()


class SmallWords:
    """The words that are written small and are no slips of a name in the title."""

    def __init__(self) -> None:
        self.slips: dict[str, re.Pattern[str] | None] = {}

    def __call__(self, case: Case, text: str) -> str:
        """The words, with marks where others stood."""
        if case.pk not in self.slips:
            names = source_of(case).always
            told = rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b"
            self.slips[case.pk] = re.compile(told) if names else None
        left = NOT_SMALL.sub(MASK, text)
        slips = self.slips[case.pk]
        return slips.sub(MASK, left) if slips else left


def strictly(case: Case, text: str) -> str:
    """The words masked as if any word at the head of a sentence could be a name."""
    return masked(text, source_of(case))


class AsShown:
    """The words as a page shows them; of so many documents as are remembered, beyond which nothing is read."""

    def __init__(self) -> None:
        self.documents: set[str] = set()

    def __call__(self, case: Case, text: str) -> str:
        """The masked words."""
        self.documents.add(case.document_id)
        return masked(text, source_of(case, with_words=True)) if len(self.documents) <= KEPT else ""


def never_masked(terms: Sequence[str], citations: Iterable[tuple[str, str, str]]) -> bool:
    """Whether masking leaves these words wherever they stand; `citations` are (title, document's title, publisher)."""
    words = {word.lower() for term in terms for word in LETTERS.findall(term)}
    return all(map(_is_plain, words)) and cited_names(citations).isdisjoint(map(fold, words))


@lru_cache(maxsize=20_000)
def _is_plain(word: str) -> bool:
    if not word.isalpha() or any(is_name_too(stem(word) + ending) for ending in ENDINGS):
        return False
    return not any(mask_names(f"the {form}").names for form in (word.capitalize(), word.upper()))
