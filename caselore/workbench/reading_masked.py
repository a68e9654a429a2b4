"""Ways in which who reads no names reads a passage, for the search: the cheapest first, the page's own one last.

Most words are found where they are written small and name nobody, which is told without masking; only what is left is
masked, at last with the small words of its whole document at hand.
"""

from __future__ import annotations

from caselore.release.deidentify import MASK
from caselore.store.models import Case
from caselore.store.readable import Reading
from caselore.workbench.citing import KEPT, WORD, masked, source_of, stands_out, without_precise

MARKS = ".,;:!?()[]\"“”'’‘…"
INSIDE = str.maketrans("", "", "-–'’")


def readings() -> tuple[Reading, ...]:
    """The readings of one search."""
    return small_words, strictly, AsShown()


def small_words(case: Case, text: str) -> str:
    """The words that are written small and are no slips of a name in the title."""
    names = source_of(case).always
    return " ".join(token if _is_small(token, names) else MASK for token in without_precise(text).split())


def _is_small(token: str, names: frozenset[str]) -> bool:
    bare = token.strip(MARKS).translate(INSIDE)
    return bare.isalpha() and not stands_out(token) and names.isdisjoint(WORD.findall(token))


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
