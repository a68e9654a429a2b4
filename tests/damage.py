"""Makes damaged files out of sound ones, the same for the same seed: cut, flipped, renamed, nested, one long line."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

Damage = Callable[[bytes, random.Random], bytes]

LONG_LINE = 50_000_000


def cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data))]


def headless(data: bytes, dice: random.Random) -> bytes:
    return data[dice.randrange(1, len(data)) :]


def flipped(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 3, 30, 300))):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def holed(data: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(data))
    return data[:start] + bytes(dice.randrange(1, 500)) + data[start + dice.randrange(1, 500) :]


def doubled(data: bytes, dice: random.Random) -> bytes:
    middle = dice.randrange(len(data))
    return data[:middle] + data + data[middle:]


def noisy(data: bytes, dice: random.Random) -> bytes:
    return dice.randbytes(dice.randrange(1, 4000))


def nested(data: bytes, dice: random.Random) -> bytes:
    for depth in range(dice.randrange(1, 6)):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"inner-{depth}.zip" if depth else "review.docx", data)
        data = packed.getvalue()
    return data


DAMAGES: tuple[Damage, ...] = (cut, headless, flipped, holed, doubled, noisy, nested)
SUFFIXES = (".pdf", ".docx", ".html", ".txt", ".md", ".jsonl", ".csv", ".json", ".zip", ".doc", "")


def damaged_files(sound: list[Path], folder: Path, count: int, seed: int) -> None:
    """Write `count` damaged files below `folder`; every seventh bears another suffix than it should."""
    dice = random.Random(seed)
    for number in range(count):
        source = dice.choice(sound)
        data = dice.choice(DAMAGES)(source.read_bytes(), dice)
        suffix = dice.choice(SUFFIXES) if number % 7 == 0 else source.suffix
        (folder / f"damaged-{number:04}{suffix}").write_bytes(data)


def monsters(folder: Path) -> int:
    """Write the files that are damaged by size or depth, and return how many."""
    line = b"The health visitor was not told. "
    (folder / "monster-line.txt").write_bytes(line * (LONG_LINE // len(line)))
    (folder / "monster-word.txt").write_bytes(b"a" * LONG_LINE)
    (folder / "monster-line.jsonl").write_bytes(b'{"text": "' + line * (LONG_LINE // len(line)) + b'"}')
    (folder / "monster-row.csv").write_bytes(b"id,text\n1," + line * (LONG_LINE // len(line)))
    (folder / "monster-depth.json").write_bytes(b"[" * 2_000_000)
    (folder / "monster-depth.html").write_bytes(b"<div>" * 400_000)
    (folder / "monster-quotes.csv").write_bytes(b'id,text\n1,"' + b"x\n" * 2_000_000)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(400_000_000))
    (folder / "monster-bomb.docx").write_bytes(bomb.getvalue())
    return len(list(folder.glob("monster-*")))
