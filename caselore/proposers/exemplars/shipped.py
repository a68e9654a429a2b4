"""In: the codebook's folder of fictional examples. Out: its files in order, and the fingerprint of some of them."""

from __future__ import annotations

import hashlib
from importlib.resources import files

Texts = list[tuple[str, str]]
"""Names of files and what they hold."""

_OPENINGS = "openings"


def texts(*, openings: bool) -> Texts:
    """The files of openings, or those of all other examples, in the order of their names."""
    found = [one for one in files("caselore.codebook").joinpath("examples").iterdir() if one.name.endswith(".yaml")]
    chosen = (one for one in found if one.name.startswith(_OPENINGS) == openings)
    return [(one.name, one.read_text(encoding="utf-8")) for one in sorted(chosen, key=lambda one: one.name)]


def fingerprint(held: Texts) -> str:
    """The sha256 of files, which a model that learnt from them carries."""
    whole = hashlib.sha256()
    for name, text in held:
        whole.update(f"{name}\n{text}\n".encode())
    return whole.hexdigest()
