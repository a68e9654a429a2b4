"""The account of what a model was asked and what became of its answers: nothing it said is lost without a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

REASONS: Mapping[str, str] = {
    "not_found": "whose quotation is not in the text",
    "no_quotation": "without a quotation",
    "empty_quotation": "whose quotation says nothing",
    "long_quotation": "whose quotation is too long to point at anything",
    "not_in_codebook": "that the codebook does not have",
    "malformed": "that could not be read",
    "does_not_apply": "to a question that does not apply",
}
"""Why a statement became no code."""

MOST_LETTERS = 500
"""Kept of a quotation that was not found."""


@dataclass(slots=True)
class Account:
    """Counts of questions and statements; `lost` are the statements that became no code, with their quotations."""

    questions: int = 0
    cached: int = 0
    requests: int = 0
    retries: int = 0
    kept: int = 0
    silent: int = 0
    cut: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)
    rungs: Counter[str] = field(default_factory=Counter)
    lost: list[dict[str, str]] = field(default_factory=list)

    def drop(self, reason: str, *, case: str, field: str, code: str = "", quote: str = "") -> None:
        """Count a statement that became no code; the words that it gave are shown as not found."""
        self.dropped[reason] += 1
        words = quote[:MOST_LETTERS]
        self.lost.append({"case": case, "field": field, "code": code[:80], "why": reason, "quotation": words})

    def as_dict(self) -> dict[str, Any]:
        """For the answer of a worker."""
        return {
            name: dict(value) if isinstance(value, Counter) else value
            for name in self.__slots__
            for value in (getattr(self, name),)
        }


def total(accounts: Iterable[Mapping[str, Any]]) -> Account:
    """Accounts of several documents as one."""
    whole = Account()
    for each in accounts:
        for name, value in each.items():
            before = getattr(whole, name)
            if isinstance(before, Counter):
                before.update(value)
            else:
                setattr(whole, name, before + value)
    return whole
