"""What a briefing may quote: a licence comes in; how many words, and what to check before it leaves, go out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

CUT = " […]"
"""Marks that a quotation was cut."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of `quoting.yaml`."""

    open_licences: re.Pattern[str]
    no_sale: re.Pattern[str]
    words_open: int
    words_other: int
    words_review: int
    words_remark: int
    passages: int
    checks: tuple[str, ...]
    names_too: frozenset[str]


@cache
def rules() -> Rules:
    """The rules, read once."""
    told: dict[str, Any] = yaml.safe_load(files("caselore.workbench").joinpath("quoting.yaml").read_text("utf-8"))
    return Rules(
        re.compile("|".join(told["open_licences"]), re.IGNORECASE),
        re.compile("|".join(told["no_sale"]), re.IGNORECASE),
        told["words_open"], told["words_other"], told["words_review"], told["words_remark"], told["passages"],
        tuple(told["checks"]), frozenset(told["names_too"].split()),
    )  # fmt: skip


def is_open(licence: str) -> bool:
    """Whether a licence lets anybody quote at length."""
    return bool(rules().open_licences.search(licence))


def allowed(licence: str) -> int:
    """Words of one quotation under a licence."""
    return rules().words_open if is_open(licence) else rules().words_other


def cut(text: str, words: int) -> str:
    """The first so many words of a text; what is left out is marked."""
    ends = [found.end() for found in re.finditer(r"\S+", text)]
    return text if len(ends) <= words else text[: ends[words - 1]].rstrip(" ,;:-–") + CUT if words > 0 else CUT.strip()


def told_of(licence: str) -> str:
    """What a licence means for who carries the briefing on."""
    if not licence:
        return "Licence not stated: quote for teaching or review only"
    sale = "; not for sale" if rules().no_sale.search(licence) else ""
    return f"{licence}{sale}" if is_open(licence) else f"{licence}: quote for teaching or review only"
