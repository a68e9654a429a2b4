"""In: a file of gold codings and the items that they code. Out: one record a case, to compare proposals with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caselore.errors import EvaluationError
from caselore.proposers.lines import from_line
from caselore.records import Proposal

NOT_CODES = frozenset({"id", "source_type", "year", "decisions", "adjudicated", "note", "notes"})
"""Keys of a gold line that are no field of several codes."""


@dataclass(frozen=True)
class GoldCase:
    """What gold says of one case: single answers, sets of codes with the words that justify them, and decisions."""

    id: str
    title: str
    text: str
    single: Mapping[str, str | None]
    multiple: Mapping[str, Mapping[str, str]]
    decisions: tuple[tuple[str, str | None, str], ...]


def fold_title(title: str) -> str:
    """A title with everything but its letters and digits taken out, as titles are matched."""
    return re.sub(r"[^a-z0-9]+", "", title.lower())


def read_proposals(path: Path) -> tuple[Proposal, ...]:
    """The proposals of a file that ``caselore propose`` wrote. Raises EvaluationError, naming the line."""
    return tuple(from_line(line, place=f"{path}, line {n}") for n, line in enumerate(_lines(path), 1) if line.strip())


def items_beside(path: Path) -> Path:
    """Where the items of a gold file stand by custom: ``items-dev.json`` beside ``dev.jsonl``."""
    return path.with_name(f"items-{path.stem}.json")


def read_gold(path: Path, items: Path | None = None) -> tuple[GoldCase, ...]:
    """The gold cases in the order of the items.

    Raises:
        EvaluationError: a file is missing or has not the form of a gold file; the message says what to give.
    """
    place = items or items_beside(path)
    listed, codes = _items(place), dict(_codings(path))
    uncoded = [item["id"] for item in listed if item["id"] not in codes]
    if uncoded:
        more = f" (and {len(uncoded) - 1:,} more)" if len(uncoded) > 1 else ""
        raise EvaluationError(
            f"{path}: no line codes the item {uncoded[0]!r}{more} of {place}; every item needs its line, so code it or "
            "take it out of the items."
        )
    return tuple(_case(item, codes[item["id"]]) for item in listed)


def _items(place: Path) -> list[dict[str, Any]]:
    try:
        listed = json.loads(place.read_text("utf-8"))
    except OSError:
        raise EvaluationError(f"{place}: it cannot be read; give the file of items with --items.") from None
    except ValueError as error:
        raise EvaluationError(f"{place} is no JSON that can be read ({error}); give the file of items.") from None
    for number, item in enumerate(listed if isinstance(listed, list) else [None], 1):
        if not isinstance(item, dict) or not {"id", "heading", "text"} <= item.keys():
            raise EvaluationError(f"{place}, item {number}: an item is an object with id, heading and text.")
    return list(listed)


def _codings(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            coding = json.loads(line)
        except ValueError as error:
            raise EvaluationError(f"{path}, line {number} is no JSON ({error}); mend it, or take it out.") from None
        if not isinstance(coding, dict) or "id" not in coding:
            raise EvaluationError(f"{path}, line {number} is no gold coding: it has no id; name its item.")
        steps = coding.get("decisions") or []
        if not isinstance(steps, list) or not all(isinstance(one, dict) and "decision_type" in one for one in steps):
            raise EvaluationError(f"{path}, line {number}: decisions are a list of objects with a decision_type.")
        yield coding["id"], coding


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").split("\n")  # and at no other sign: a quotation may hold U+2028
    except OSError as error:
        raise EvaluationError(f"{path}: it cannot be read ({error.strerror}); give a file of JSON Lines.") from None
    except UnicodeDecodeError:
        raise EvaluationError(f"{path}: it is not UTF-8; give a file of JSON Lines in UTF-8.") from None


def _case(item: Mapping[str, Any], line: Mapping[str, Any]) -> GoldCase:
    single: dict[str, str | None] = {}
    multiple: dict[str, Mapping[str, str]] = {}
    for name, value in line.items():
        if name in NOT_CODES:
            continue
        if isinstance(value, Mapping):
            multiple[name] = {str(code): str(quote) for code, quote in value.items()}
        elif isinstance(value, list):
            multiple[name] = {str(code): "" for code in value}
        else:
            single[name] = None if value is None else str(value)
    return GoldCase(
        id=str(item["id"]),
        title=str(item["heading"]),
        text=str(item["text"]),
        single=single,
        multiple=multiple,
        decisions=tuple(_decision(each) for each in line.get("decisions") or ()),
    )


def _decision(line: Mapping[str, Any]) -> tuple[str, str | None, str]:
    return line["decision_type"], line.get("agency"), line.get("evidence", "")


def match_cases(proposals: Iterable[Proposal], gold: Sequence[GoldCase]) -> dict[str, Proposal]:
    """The proposal of each gold case, by folded title, else by a title of which one holds the other."""
    by: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        by.setdefault(fold_title(proposal.case.title), []).append(proposal)
    hits: dict[str, Proposal] = {}
    for case in gold:
        key = fold_title(case.title)
        found = by.get(key) or [p for k, v in by.items() if len(k) > 3 and (k in key or key in k) for p in v]
        if found:
            hits[case.id] = found[0]
    return hits
