"""What a run has to account for at its end; it hears the answers of the workers as they pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Account:
    """How the reading went: documents, cases, codes, and what could not be read with the reason."""

    documents: int = 0
    cases: int = 0
    codes: int = 0
    before: int = 0
    model: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)

    @property
    def unanswered(self) -> int:
        """Questions to a language model that got no answer."""
        return sum(sum(each["account"]["unanswered"].values()) for each in self.model)

    def hear(self, answer: dict[str, Any]) -> None:
        about = answer["document"]
        self.documents += 1
        self.problems += [{"document": about["name"], "problem": problem} for problem in about["problems"]]
        if account := answer.get("account"):
            self.model.append({"document": about["name"], "account": account})
        lines = [line for line in answer["lines"] if line.get("kind") != "document"]
        self.cases += len(lines)
        self.codes += sum(len(line.get("codes", ())) for line in lines)
