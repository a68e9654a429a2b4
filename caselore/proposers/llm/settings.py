"""The figures of the language model, read once from ``settings.yaml``, and what a user may change of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def settings() -> dict[str, Any]:
    """The file of figures as it stands."""
    place = files("caselore.proposers.llm").joinpath("settings.yaml")
    return dict(yaml.safe_load(place.read_text(encoding="utf-8")))


def tokens(text: str | int) -> int:
    """How many tokens a text (or so many letters) may be: a quarter of its letters, rounded up."""
    letters = text if isinstance(text, int) else len(text)
    return -(-letters // int(settings()["letters_a_token"]))


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one question is worth waiting for; seconds."""

    timeout_s: float = 120.0
    attempts: int = 5
    attempts_after_timeout: int = 2
    first_wait_s: float = 1.0
    most_wait_s: float = 60.0
    longest_retry_after_s: float = 180.0
    failures_in_a_row: int = 3


def patience(timeout_s: float | None = None) -> Patience:
    """The patience of the settings, with a user's own time-out."""
    figures = dict(settings()["patience"])
    if timeout_s:
        figures["timeout_s"] = timeout_s
    return Patience(**figures)


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may spend: requests, and tokens in and out together."""

    calls: int = 2_000
    tokens: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Asking:
    """How a model is asked: the size of its context in tokens, the budget of a run, the patience."""

    context: int = field(default_factory=lambda: int(settings()["context"]))
    budget: Budget = field(default_factory=Budget)
    patience: Patience = field(default_factory=patience)
    logprobs: bool = True

    @property
    def answer_tokens(self) -> int:
        """The tokens kept for an answer."""
        return min(int(settings()["answer_tokens"]), int(self.context * float(settings()["answer_share"])))
