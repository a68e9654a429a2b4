"""An address of the web goes in; it comes out whole, cut to its host, or empty, so that no slug carries a name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import unquote, urlsplit

from caselore.release.lists import fold, phrases, words

PUBLIC_SUFFIXES = (
    ".gov.uk",
    ".nhs.uk",
    ".police.uk",
    ".parliament.uk",
    ".judiciary.uk",
    ".ac.uk",
    ".gov.scot",
    ".gov.wales",
    ".llyw.cymru",
    ".gov",
)
"""Hosts of public bodies: registered to the body, never to a person."""

_BOARD = re.compile(r"[a-z]{0,5}(?:scb|scp|sab|lscb|sp|oscb|lscp)")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_]+")
_SHORTEST = 3
"""Letters of the shortest known word that may be read inside a run such as ``safeguardingkent``."""


def safe_address(url: str, names: Iterable[str] = ()) -> str:
    """The address if every word of it is known; its host where the rest is not; nothing where the host is not.

    `names` are words masked in the citation: they are unknown even if a list knows them.

    >>> safe_address("https://www.cumbria.gov.uk/reviews/zebedee-quux.html")
    'https://www.cumbria.gov.uk/'
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    unwanted = frozenset(fold(name) for name in names)
    if parts.scheme not in ("http", "https") or not host.isascii() or not _safe_host(host, unwanted):
        return ""
    site = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    rest = parts._replace(scheme="", netloc="").geturl()
    if rest.isascii() and all(_safe_part(part, unwanted) for part in _PART.findall(unquote(rest))):
        return site + rest
    return f"{site}/"


def _safe_host(host: str, unwanted: frozenset[str]) -> bool:
    labels = [part for label in host.lower().split(".") for part in label.split("-")]
    if any(label in unwanted for label in labels):
        return False
    return host.lower().endswith(PUBLIC_SUFFIXES) or all(
        _BOARD.fullmatch(label) or _safe_part(label, unwanted) for label in labels
    )


def _safe_part(part: str, unwanted: frozenset[str]) -> bool:
    word = fold(part)
    if part.isdecimal():
        return len(part) < 9
    if word in unwanted or not word.isascii():
        return False
    return len(word) <= 2 or word in _known() or _is_run_of_words(word, unwanted)


@cache
def _known() -> frozenset[str]:
    """Words that are chiefly no names: of phrases every part, since a slug has no capitals to go by."""
    listed = (words(name) for name in ("words", "roles", "places", "given_places", "soft_words"))
    parts = (part for phrase in phrases("places") for part in phrase)
    return frozenset(parts).union(*listed) - words("dated_words")


def _is_run_of_words(run: str, unwanted: frozenset[str]) -> bool:
    """Whether a run of letters can be read as known words set solid."""
    reached = {0}
    for end in range(_SHORTEST, len(run) + 1):
        pieces = (run[start:end] for start in reached if end - start >= _SHORTEST)
        if any(piece in _known() and piece not in unwanted for piece in pieces):
            reached.add(end)
    return len(run) in reached
