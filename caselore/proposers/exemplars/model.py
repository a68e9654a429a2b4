"""The weights of the examples as a record and as a file of numbers, which names the examples it was made from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from caselore.proposers.classifier.logistic import sigmoid
from caselore.proposers.exemplars.reading import Floats, Terms, Words, dense
from caselore.proposers.exemplars.sentences import Key

FILE = "weights.npz"


@dataclass(frozen=True)
class Likeness:
    """What the examples taught. `weights` are (terms + meanings) x codes; `slope` and `level` make log odds of scores.

    `examples` is the sha256 of the files of examples.
    """

    terms: Terms
    keys: tuple[Key, ...]
    weights: Floats
    base: Floats
    slope: Floats
    level: Floats
    examples: str

    def scores(self, read: Words, columns: slice = slice(None)) -> Floats:
        """Sentences x codes (or some of them), not calibrated."""
        split = len(self.terms.hashes)
        weights = self.weights[:, columns]
        found = self.terms.times(read, weights[:split]) + dense(read) @ weights[split:]
        return np.asarray(found + self.base[columns], dtype=np.float32)

    def odds(self, read: Words) -> Floats:
        """Sentences x codes, as log odds."""
        return np.asarray(self.scores(read) * self.slope + self.level, dtype=np.float32)

    def chances(self, read: Words) -> NDArray[np.float64]:
        """Sentences x codes, as probabilities."""
        return sigmoid(self.odds(read).astype(np.float64))


def save(model: Likeness, path: Path) -> None:
    """Write the file, whole or not at all."""
    about = json.dumps({"keys": model.keys, "examples": model.examples}, sort_keys=True)
    half = path.with_name(f".{path.name}.part")
    with half.open("wb") as file:
        np.savez_compressed(
            file,
            hashes=model.terms.hashes.astype(np.uint32),
            idf=model.terms.idf,
            weights=model.weights.astype(np.float16),
            base=model.base,
            slope=model.slope,
            level=model.level,
            about=np.frombuffer(about.encode(), dtype=np.uint8),
        )
    half.replace(path)


@cache
def shipped() -> Likeness:
    """The weights that ship, read once a process."""
    with as_file(files("caselore.proposers.exemplars").joinpath(FILE)) as path:
        return read(path)


def read(path: Path) -> Likeness:
    """The weights of a file that `save` wrote."""
    with np.load(path, allow_pickle=False) as held:
        about = json.loads(held["about"].tobytes())
        return Likeness(
            terms=Terms(held["hashes"].astype(np.uint64), held["idf"]),
            keys=tuple((field, code) for field, code in about["keys"]),
            weights=held["weights"].astype(np.float32),
            base=held["base"],
            slope=held["slope"],
            level=held["level"],
            examples=about["examples"],
        )
