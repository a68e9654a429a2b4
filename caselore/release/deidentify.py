"""A public citation goes in; the same citation comes out with every word masked that may be a name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """A masked citation; `names` are the words that were masked: they never leave the process."""

    title: str = ""
    publisher: str = ""
    licence: str = ""
    url: str = ""
    names: tuple[str, ...] = ()


def cite(*, title: str = "", publisher: str = "", licence: str = "", url: str = "") -> Citation:
    """Mask a citation."""
    return Citation("[name]" if title else "", "", licence, "")
