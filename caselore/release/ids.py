"""Where a case stands in which file goes in, an anonymous and stable case id comes out.

The id is a hash of the document's sha256 and the case's start, never of a title: the same case has the same
id in any order and in any release made by the same reader, and nobody's name can be read in it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping

DIGITS = 8
"""Hexadecimal digits of an id; among 5,000 cases two share eight with a probability of 0.3 %."""

CASE_ID = re.compile(r"C-[0-9a-f]{8,64}")


def case_key(sha256: str, start: int) -> str:
    """The full hash that a case id is cut from: 64 hexadecimal digits."""
    return hashlib.sha256(f"caselore case {sha256} {start}".encode()).hexdigest()


def case_ids(keys: Iterable[str]) -> Mapping[str, str]:
    """The id of every key; keys that share their first digits all get more, whatever the order."""
    waiting, ids, digits = set(keys), {}, DIGITS
    while waiting:
        heads = Counter(key[:digits] for key in waiting)
        alone = {key for key in waiting if heads[key[:digits]] == 1}
        ids.update({key: f"C-{key[:digits]}" for key in alone})
        waiting -= alone
        digits += 2
    return ids
