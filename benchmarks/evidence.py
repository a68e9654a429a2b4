"""Checks of evidence a second, and how often a quotation is found in a document that it was not taken from.

    python benchmarks/evidence.py [--shared ../shared] [--quotes 3000]

Quotations are cut from real texts (a national analysis and coroners' reports) and looked for, as they stand and with
case, quotes, dashes, white space and letters changed as copying, printing and recognition change them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from caselore.errors import EvidenceError
from caselore.proposers.evidence import Finder, verify
from caselore.records import Document, Evidence

Change = Callable[[str, random.Random], str]


def _dashes(quote: str, _: random.Random) -> str:
    return quote.replace("–", "-").replace("—", " - ").replace("-", "‐")


def _quotes(quote: str, _: random.Random) -> str:
    return quote.translate(str.maketrans("‘’“”'\"", "''\"\"’”"))


def _spaces(quote: str, chance: random.Random) -> str:
    return re.sub(" ", lambda _: chance.choice([" ", "  ", "\n", "\u00a0"]), quote)


def _hyphenated(quote: str, chance: random.Random) -> str:
    words = quote.split(" ")
    long = [n for n, word in enumerate(words) if word.isalpha() and len(word) > 6]
    if long:
        n = chance.choice(long)
        words[n] = words[n][:4] + "-\n" + words[n][4:]
    return " ".join(words)


def _recognised(quote: str, chance: random.Random) -> str:
    swaps = [("rn", "m"), ("l", "1"), ("e", "c"), ("i", "l"), ("h", "b")]
    for wrong, right in chance.sample(swaps, 2):
        place = quote.find(wrong, chance.randrange(max(len(quote) - 5, 1)))
        if place >= 0:
            quote = quote[:place] + right + quote[place + len(wrong) :]
    return quote


CHANGES: dict[str, Change] = {
    "as it stands": lambda quote, _: quote,
    "case": lambda quote, _: quote.upper(),
    "quotes": _quotes,
    "dashes": _dashes,
    "white space": _spaces,
    "line-end hyphen": _hyphenated,
    "recognition errors": _recognised,
}


def _documents(shared: Path) -> list[Document]:
    texts = [(shared / "seeds" / "003_490bb84bb932057d.txt").read_text("utf-8")]
    for line in (shared / "corpora" / "pfd-sample.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        texts.append("\n\n".join(record[name] for name in ("investigation", "circumstances", "concerns")))
    return [
        Document(f"{n}", "text/plain", hashlib.sha256(text.encode()).hexdigest(), text, "plain@1")
        for n, text in enumerate(texts)
    ]


def _cut(document: Document, chance: random.Random) -> str:
    """A run of 4 to 25 whole words."""
    words = [found.span() for found in re.finditer(r"\S+", document.text)]
    length = min(chance.randint(4, 25), len(words))
    first = chance.randrange(len(words) - length + 1)
    return document.text[words[first][0] : words[first + length - 1][1]]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--quotes", type=int, default=3000)
    options = parser.parse_args()
    chance = random.Random(7)
    documents = [document for document in _documents(options.shared) if len(document.text.split()) > 40]
    finders = [Finder(document.text) for document in documents]
    places = [n if n % 4 else 0 for n in range(options.quotes)]
    places = [n % len(documents) for n in places]
    quotes = [(place, _cut(documents[place], chance)) for place in places]
    _recall(finders, quotes, chance)
    _wrong(finders, quotes, chance)
    _speed(documents, finders, quotes)


def _recall(finders: list[Finder], quotes: list[tuple[int, str]], chance: random.Random) -> None:
    for name, change in CHANGES.items():
        strict = sum(finders[n].find(change(quote, chance)) is not None for n, quote in quotes)
        near = sum(finders[n].find(change(quote, chance), fuzzy=True) is not None for n, quote in quotes)
        print(f"found in its own document, {name:20} {strict / len(quotes):7.2%}, fuzzy {near / len(quotes):7.2%}")


def _wrong(finders: list[Finder], quotes: list[tuple[int, str]], chance: random.Random) -> None:
    for name, change in CHANGES.items():
        accepted = {False: 0, True: 0}
        for n, quote in quotes:
            other = (n + chance.randrange(1, len(finders))) % len(finders)
            said = change(quote, chance)
            for fuzzy in accepted:
                accepted[fuzzy] += finders[other].find(said, fuzzy=fuzzy) is not None
        shares = [accepted[fuzzy] / len(quotes) for fuzzy in (False, True)]
        print(f"accepted in another document, {name:18} {shares[0]:7.2%}, fuzzy {shares[1]:7.2%}")


def _speed(documents: list[Document], finders: list[Finder], quotes: list[tuple[int, str]]) -> None:
    pairs = []
    for n, quote in quotes:
        found = finders[n].find(quote)
        document = documents[n]
        if found:
            words = document.text[found.start : found.end]
            reading = (document.sha256, document.text_sha256, document.reader)
            pairs.append((Evidence(*reading, start=found.start, end=found.end, quote=words), document))
    start, checked = time.perf_counter(), 0
    while time.perf_counter() - start < 1:
        for evidence, document in pairs:
            verify(evidence, document)
        checked += len(pairs)
    print(f"verified {checked / (time.perf_counter() - start):,.0f} a second")
    start = time.perf_counter()
    for n, quote in quotes:
        finders[n].find(quote)
    print(f"found {len(quotes) / (time.perf_counter() - start):,.0f} quotations a second")
    short = [(finders[n], quote) for n, quote in quotes if len(documents[n].text) < 20_000]
    start = time.perf_counter()
    for finder, quote in short:
        finder.find(quote)
    print(f"found {len(short) / (time.perf_counter() - start):,.0f} a second in documents under 20,000 letters")
    refused = 0
    for (evidence, _), (_, document) in pairwise(pairs):
        try:
            verify(evidence, document)
        except EvidenceError:
            refused += 1
        else:
            refused += evidence.sha256 == document.sha256
    print(f"evidence refused in another document: {refused / (len(pairs) - 1):.2%}")


if __name__ == "__main__":
    main()
