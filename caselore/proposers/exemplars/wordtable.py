"""In: the words of a sentence model and of the examples. Out: a table of what each means, small enough to ship.

Each word is read by the model alone, the vectors are brought to their main directions and common words count less,
after Tulkens and van Dongen (2024, Model2Vec). ``python -m caselore.proposers.exemplars.wordtable`` writes it anew;
that needs the extra `embed`, and nothing else does.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import numpy as np

from caselore.proposers.classifier.vectors import encoder
from caselore.proposers.exemplars.reading import WORD
from caselore.proposers.exemplars.sentences import sentences

COMMONEST = 14_000
"""Words of the model that are kept, the commonest first: its vocabulary is in that order."""

DIRECTIONS = 128


def vocabulary() -> list[str]:
    """Words, the commonest first; those that only the examples use come last."""
    known = encoder().vocabulary()
    common = [word for word in sorted(known, key=known.__getitem__) if re.fullmatch(r"[a-z]{2,}", word)][:COMMONEST]
    own = {word for one in sentences() for word in WORD.findall(one.words.lower()) if len(word) > 1}
    return common + sorted(own - set(common))


def write(path: Path) -> None:
    """Write the table: hashes of words, ascending, and their vectors as small whole numbers with one scale."""
    found = vocabulary()
    vectors = np.concatenate([encoder().encode(found[n : n + 2048]) for n in range(0, len(found), 2048)])
    vectors = vectors - vectors.mean(axis=0)
    turned = vectors @ np.linalg.svd(vectors, full_matrices=False)[2][:DIRECTIONS].T
    weight = np.log(2 + np.arange(len(found))) / np.log(2 + len(found))
    turned = turned / np.linalg.norm(turned, axis=1).mean() * weight[:, None]
    hashes = np.array([zlib.crc32(word.encode()) for word in found], np.uint32)
    order = np.argsort(hashes)
    scale = np.float32(np.abs(turned).max() / 127)
    small = np.round(turned[order] / scale).astype(np.int8)
    np.savez_compressed(path, hashes=hashes[order], rows=small, scale=scale)


if __name__ == "__main__":
    write(Path(__file__).with_name("words.npz"))
