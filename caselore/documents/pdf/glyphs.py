"""What single glyphs of a PDF mean: in, characters as a font names them; out, characters a reader can use."""

from __future__ import annotations

import re

TICKED, UNTICKED = "[x]", "[ ]"
"""How a tick box stands in the text."""

HYPHENS = "\ufffe\x02"
"""What PDFium puts in place of the hyphen that breaks a word at a line's end."""

_SPACES = "\t\v\f\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_DROPPED = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\uffff"
_LIGATURES = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "ft",
              "\ufb06": "st"}  # fmt: skip
_BOXES = {"☐": UNTICKED, "☑": TICKED, "☒": TICKED, "🗹": TICKED, "🗷": TICKED, "⮽": TICKED, "🞏": UNTICKED}

_DINGBATS = {
    **dict.fromkeys("\xfe\xfd\x78\x52\x53\x54\x55", TICKED),
    **dict.fromkeys("\xa8\x6f\x71\x72\xa3", UNTICKED),
    **dict.fromkeys("\xfc\x50\x34\x33", "✓"),
    **dict.fromkeys("\xfb\x4f\x38", "✗"),
}
"""Wingdings, Wingdings 2 and ZapfDingbats by code: boxes ticked and empty, ticks and crosses; else a bullet."""

_PLAIN = str.maketrans(
    {
        **{chr(code): None for code in (*range(32), *range(0x7F, 0xA0), *range(0xFDD0, 0xFDF0))},
        **{chr(code): "\N{REPLACEMENT CHARACTER}" for code in range(0xD800, 0xE000)},
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_DROPPED, None),
        **_LIGATURES,
        **_BOXES,
        "\n": " ",
        "\r": " ",
        # Symbol fonts put their glyphs at F000 + code; as bullets of lists they are read as such.
        **{chr(0xF000 + code): _DINGBATS.get(chr(code), "•") for code in range(0x20, 0x100)},
        **dict.fromkeys(HYPHENS, HYPHENS[0]),
    }
)
_ODD = re.compile(r"[^\n\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e]")
_TICK_MARKS = frozenset("xX✓✔✗✘√☓×")


def plain(text: str, *, dingbat: bool = False) -> str:
    """The text without control characters, unpaired surrogates, ligatures and private glyphs.

    A `dingbat` text is one whose font draws pictures for letters.
    """
    if dingbat:
        return "".join(_DINGBATS.get(mark, "•" if mark <= "\xff" else mark) for mark in text.strip()).translate(_PLAIN)
    return text.translate(_PLAIN) if _ODD.search(text) else text


def is_tick_mark(text: str) -> bool:
    """Whether the text is nothing but a mark that someone puts in a box."""
    return text.strip() in _TICK_MARKS


def is_dingbat_font(name: str) -> bool:
    """Whether a font of this name draws pictures at the places of letters."""
    return re.search(r"dingbats|webdings", name, re.IGNORECASE) is not None or "wingdings" in name.lower()
