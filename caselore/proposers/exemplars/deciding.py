"""The weights of the openings as a record and as a file: what speaks for each code of a field, and how much.

A multinomial logistic regression for a field: weights of words by code, and weights that all codes share (what the
rules say of a code, and the words beside a person).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caselore.proposers.exemplars.openings import NATURE_OF
from caselore.proposers.exemplars.reading import Floats
from caselore.proposers.exemplars.telling import Rules, Told, mark
from caselore.proposers.facts.finding import Finding

FILE = "openings.npz"
WHAT, SOURCE, CONTEXT = "what", "source_of_harm", "incident_context"
"""The questions decided: outcome and nature together ("death:suicide"), source, context."""

SILENT = {SOURCE: "not_clear", CONTEXT: "not_clear", "nature_of_death": "not_clear", "nature_of_harm": "other"}
"""What silence of the rules stands for."""

FIELDS = ("outcome", *NATURE_OF.values(), SOURCE, CONTEXT)
"""The fields that are answered, and whose answers by the rules are heard."""

Numbers = NDArray[np.float64]


def heard(found: Iterable[tuple[str, Finding]]) -> Rules:
    """The rules' answers to the fields that are asked."""
    return {field: finding for field, finding in found if field in FIELDS}


@dataclass(frozen=True)
class Decider:
    """One question: its codes, the marks of plain features (rows of `plain`, ascending) and of shared ones."""

    codes: tuple[str, ...]
    marks: NDArray[np.uint32]
    plain: Floats
    meaning: Floats
    base: Floats
    shared_marks: NDArray[np.uint32]
    shared: Floats

    @cached_property
    def row(self) -> dict[int, int]:
        """Mark -> row of `plain`."""
        return {int(name): n for n, name in enumerate(self.marks)}

    @cached_property
    def worth(self) -> dict[int, float]:
        """Mark -> shared weight."""
        return dict(zip(map(int, self.shared_marks), map(float, self.shared), strict=True))

    def chances(self, told: Told, shared: Mapping[str, Mapping[int, float]]) -> Numbers:
        """The probability of each code."""
        known = [(self.row[name], value) for name, value in told.plain.items() if name in self.row]
        odds = self.base + told.meaning @ self.meaning
        if known:
            rows, values = zip(*known, strict=True)
            odds = odds + np.array(values, np.float32) @ self.plain[list(rows)]
        more = [sum(self.worth.get(name, 0.0) * x for name, x in shared.get(code, {}).items()) for code in self.codes]
        odds = odds.astype(np.float64) + np.array(more)
        odds = np.exp(odds - odds.max())
        return np.asarray(odds / odds.sum())


@dataclass(frozen=True)
class Taught:
    """What the openings taught: a decider for each question, and the sha256 of their files."""

    deciders: Mapping[str, Decider]
    examples: str


def shared_features(question: str, codes: tuple[str, ...], told: Told, rules: Rules) -> dict[str, dict[int, float]]:
    """What speaks for each code by weights that all share."""
    if question == WHAT:
        return {code: _ruled_what(code, rules) for code in codes}
    out = {code: dict(told.people.get(code, {mark("absent"): 1.0}) if question == SOURCE else {}) for code in codes}
    finding = rules.get(question)
    ruled = finding.code if finding else SILENT[question]
    if ruled in out and finding is None:
        out[ruled][mark("rules silent")] = 1.0
    elif finding is not None and ruled in out:
        out[ruled] |= {mark("rules"): 1.0, mark("rules sure"): 2.0 * finding.confidence}
    return out


def _ruled_what(code: str, rules: Rules) -> dict[int, float]:
    outcome, _, nature = code.partition(":")
    said = rules.get("outcome")
    if (said.code if said else "other") != outcome:
        return {}
    out = {mark("outcome"): 1.0, mark("outcome sure"): said.confidence if said else 0.0}
    own = NATURE_OF.get(outcome, "")
    finding = rules.get(own)
    if finding is not None and finding.code == nature:
        return {**out, mark("rules"): 1.0, mark("rules sure"): 2.0 * finding.confidence}
    if finding is None and nature == SILENT.get(own, "-"):
        return {**out, mark("rules silent"): 1.0}
    return out


_PARTS = ("marks", "plain", "meaning", "base", "shared_marks", "shared")
_SMALL = ("plain", "meaning")
"""Parts that are kept in half the space."""


def save(taught: Taught, path: Path) -> None:
    """Write the file, whole or not at all."""
    about = {"examples": taught.examples, "codes": {name: one.codes for name, one in taught.deciders.items()}}
    held: dict[str, Any] = {"about": np.frombuffer(json.dumps(about, sort_keys=True).encode(), dtype=np.uint8)}
    for name, one in taught.deciders.items():
        for part in _PARTS:
            numbers = getattr(one, part)
            held[f"{name}.{part}"] = numbers.astype(np.float16) if part in _SMALL else numbers
    half = path.with_name(f".{path.name}.part")
    with half.open("wb") as file:
        np.savez_compressed(file, **held)
    half.replace(path)


def read(path: Path) -> Taught:
    """The weights of a file that `save` wrote."""
    with np.load(path, allow_pickle=False) as held:
        about = json.loads(held["about"].tobytes())
        parts = {
            name: [held[f"{name}.{part}"].astype(np.float32 if part in _SMALL else held[f"{name}.{part}"].dtype)
                   for part in _PARTS]
            for name in about["codes"]
        }  # fmt: skip
    return Taught(
        {name: Decider(tuple(codes), *parts[name]) for name, codes in about["codes"].items()}, about["examples"]
    )


@cache
def shipped() -> Taught:
    """The weights that ship, read once a process."""
    with as_file(files("caselore.proposers.exemplars").joinpath(FILE)) as path:
        return read(path)
