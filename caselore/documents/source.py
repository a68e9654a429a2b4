"""In: the words of a document. Out: what they say of its source: what kind of review, who published it, when."""

from __future__ import annotations

import re

TYPES: tuple[tuple[str, str, str], ...] = (
    ("SCR", "serious case|scr", r"serious case reviews?|\bscrs?\b"),
    ("LCSPR", "local child|lcspr", r"local child safeguarding practice reviews?|\blcspr\b"),
    ("CSPR", "safeguarding practice|cspr", r"child safeguarding practice reviews?|\bcspr\b"),
    ("SCaseR", "significant case", r"significant case reviews?"),
    ("CPR", "child practice|adolygiad", r"child practice reviews?|adolygiad(au)? ymarfer plant"),
    ("DHR", "homicide|related death|dhr|dardr", r"domestic homicide reviews?|abuse related death reviews?|\bdhrs?\b"),
    ("SAR", "safeguarding adult|sar", r"safeguarding adults? reviews?|\bsar\b"),
    ("PFD", "future death|regulation 28|coroner", r"prevent(ion of)? future deaths?|regulation 28|coroner'?s concerns"),
    ("IICSA", "sexual abuse|iicsa", r"independent inquiry into child sexual abuse|\biicsa\b"),
    ("inquiry", "inquir", r"public inquiry|independent inquiry|statutory inquiry|inquiries act|\bthe inquiry\b"),
    ("case_study", "case stud|vignette", r"case stud(y|ies)|vignettes?"),
)
"""Kind of review (ids of the vocabulary), words without which its pattern cannot match, and what names it.

Where two are named equally often the first stands: the commonest kind, then the narrower before the wider.
"""

PFD_SIGNS = (
    r"\bcoroner|\binquest\b|matters of concern|future deaths|^circumstances$|^concerns$|i commenced an investigation"
)
LICENCES: tuple[tuple[str, str], ...] = (
    ("OGL v3.0", r"open government licence(?:,? (?:v|version )3)|open-government-licence/version/3|\bogl v?3"),
    ("OGL v2.0", r"open government licence(?:,? (?:v|version )2)|open-government-licence/version/2"),
    ("OGL", r"open government licence"),
    ("CC BY 4.0", r"creative commons attribution 4\.0|\bcc[ -]by 4\.0|licenses/by/4\.0"),
    ("CC BY-NC-ND 4.0", r"by-nc-nd/4\.0|\bcc[ -]by-nc-nd"),
)
BOARD = re.compile(
    r"\b((?:[A-Z][\w'’&-]+,? |and |of |upon |the )*?[A-Z][\w'’&-]+,? (?:Local )?Safeguarding "
    r"(?:Children|Child|Adults?)(?:’s|'s)? (?:Board|Partnership))\b"
)
BODIES = re.compile(
    r"\b(Department for Education|Department of Health(?: and Social Care)?|NSPCC|Ofsted|Home Office|"
    r"Child Safeguarding Practice Review Panel|Independent Inquiry into Child Sexual Abuse|"
    r"Community Safety Partnership|Courts and Tribunals Judiciary)\b"
)
PUBLISHED = re.compile(
    r"(?:published|publication|date of (?:this |the )?report|report date|last updated)\b"
    r"[^\n]{0,40}?\b((?:19[89]|20[0-4])\d)\b",
    re.I,
)
DATED = re.compile(
    r"^\W{0,3}(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december|spring|summer|autumn|winter)?\s*((?:19[89]|20[0-4])\d)\W{0,3}$",
    re.I | re.M,
)
COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)[^\n]{0,40}?\b((?:19[89]|20[0-4])\d)\b", re.I)
SUBJECT = re.compile(
    r"(?:Child(?:ren)?|Baby|Family|Infant|Young Person|Adult|Siblings?|Sibling Group)\s+[A-Z][\w’']{0,20}"
)
"""Whom reviews are named after."""
YEAR = re.compile(r"(?<!\d)((?:19[5-9]|20[0-4])\d)(?!\d)")

FRONT = 3000
"""Characters from the start in which a document says what it is."""


def source_type(title: str, text: str) -> str:
    """The kind of review, guessed from the title and, failing that, from what the opening names most."""
    found = next(filter(None, map(_named, (title.lower(), text[:FRONT].lower().replace("’", "'")))), "other")
    if found in ("other", "inquiry"):
        coroner = len(re.findall(PFD_SIGNS, text[: 2 * FRONT].lower(), re.M)) >= 2
        return "PFD" if coroner else found
    return found


def _named(words: str) -> str:
    """The kind that is named most often, or nothing."""
    counts = {
        kind: len(re.findall(pattern, words))
        for kind, hints, pattern in TYPES
        if any(hint in words for hint in hints.split("|"))
    }
    best = max(counts.values(), default=0)
    return next(kind for kind in counts if counts[kind] == best) if best else ""


def publisher(text: str) -> str:
    """Who published it, where the opening names a board, a partnership or a known body; else empty."""
    front = text[:FRONT]
    found = (BOARD.search(front) if "Safeguarding" in front else None) or BODIES.search(front)
    return " ".join(found[1].split()).removeprefix("the ").removeprefix("The ") if found else ""


def licence(text: str) -> str:
    """The licence that the text states in its first or last pages, else empty."""
    words = (text if len(text) < 20_000 else text[:10_000] + "\n" + text[-10_000:]).lower()
    if not any(hint in words for hint in ("licence", "license", "ogl", "cc by", "cc-by", "commons")):
        return ""
    return next((name for name, pattern in LICENCES if re.search(pattern, words)), "")


def year_published(text: str) -> int | None:
    """The year of publication, where the opening states it."""
    front = text[:FRONT]
    found = PUBLISHED.search(front) or DATED.search(front) or COPYRIGHT.search(front)
    return int(found[1]) if found else None


def year_in(heading: str) -> int | None:
    """The year that a heading gives: the one it begins with, else the last in it, ranges left out."""
    ranged = re.sub(r"(?:19|20)\d\d\s?[-–—/]\s?(?:19|20)?\d\d\b", " ", heading)
    first = re.match(r"\W*((?:19[5-9]|20[0-4])\d)\b", heading)
    found = YEAR.findall(ranged)
    return int(first[1]) if first else int(found[-1]) if found else None
