"""In: a model's statements and the case. Out: codes and steps whose quotations stand in the case; the rest is counted.

No code without evidence: a quotation is looked for letter for letter, then with what printing changes made alike, then
as a near miss of the strict kind. What is found is quoted from the text, not from the model.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from caselore.codebook.codebook import Field
from caselore.proposers.casetext import CaseText
from caselore.proposers.evidence import Finder, Found
from caselore.proposers.llm.account import Account
from caselore.proposers.llm.answers import Statement
from caselore.proposers.llm.prompts import AGENCIES
from caselore.proposers.llm.settings import settings
from caselore.records import Code, Evidence, Step

Tokens = Sequence[tuple[str, float]]

STATES_KEPT = frozenset({"absent", "unclear", "withheld"})
"""Answers of a whole field that can be quoted; silence and what does not apply need no statement."""

ONE_CODE = frozenset({"choice", "number"})

_MARK = re.compile(r"\s*\[\d{1,6}\]\s*")
_AROUND = " \t\n\"'“”‘’«»."
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:\.{3}|…)\s*\]|\.{3,}|…)\s*")


@dataclass(frozen=True, slots=True)
class _Quoted:
    evidence: tuple[Evidence, ...]
    near: bool


class Verifier:
    """Holds a model's statements against one case and its codebook."""

    def __init__(self, text: CaseText, fields: Mapping[str, Field], account: Account, *, coder: str) -> None:
        self._text, self._fields, self._account, self._coder = text, fields, account, coder
        case = text.case
        self._finder = Finder(text.text[case.start : case.end])
        self._starts = [passage.start - case.start for passage in text.passages]

    def codes(self, statements: Iterable[Statement], tokens: Tokens = ()) -> list[Code]:
        """The codes of the statements that hold; steps of a sequence are not among them."""
        made = (self._code(each, tokens) for each in statements if not self._is_step(each))
        return [code for code in made if code is not None]

    def steps(self, statements: Iterable[Statement], tokens: Tokens = ()) -> list[Step]:
        """The steps of the statements that hold, in the model's order."""
        made = (self._step(each, tokens) for each in statements if self._is_step(each))
        return [step for step in made if step is not None]

    def _is_step(self, statement: Statement) -> bool:
        return self._fields[statement.field].kind == "sequence"

    def _code(self, said: Statement, tokens: Tokens) -> Code | None:
        field = self._fields[said.field]
        if said.answer != "present":
            return self._state(said, field)
        code = known_code(said.code, field)
        if code is None:
            self._drop("not_in_codebook", said)
            return None
        if code == field.default:  # what silence means needs no statement, and must not outvote one
            self._account.silent += 1
            return None
        quoted = self._quoted(said)
        if quoted is None:
            return None
        self._account.kept += 1
        return Code(said.field, code, confidence(said, tokens, near=quoted.near), self._coder, quoted.evidence)

    def _state(self, said: Statement, field: Field) -> Code | None:
        """An answer of the whole field; of several codes only people say that none holds."""
        if said.answer not in STATES_KEPT or said.answer not in field.answers or field.kind not in ONE_CODE:
            self._account.silent += 1
            return None
        quoted = self._quoted(said)
        if quoted is None:
            return None
        self._account.kept += 1
        sure = round(confidence(said, near=quoted.near) * float(settings()["confidence"]["state"]), 3)
        return Code(said.field, "", sure, self._coder, quoted.evidence, answer=said.answer)

    def _step(self, said: Statement, tokens: Tokens) -> Step | None:
        if said.answer != "present":
            self._account.silent += 1
            return None
        code = known_code(said.code, self._fields[said.field])
        if code is None:
            self._drop("not_in_codebook", said)
            return None
        quoted = self._quoted(said)
        if quoted is None:
            return None
        agencies = self._fields.get(AGENCIES)
        agency = known_code(said.agency or "", agencies) if agencies else None
        self._account.kept += 1
        return Step(code, agency, confidence(said, tokens, near=quoted.near), self._coder, quoted.evidence)

    def _drop(self, reason: str, said: Statement, quote: str = "") -> None:
        words = quote or " | ".join(said.quotes)
        code = said.code or said.answer
        self._account.drop(reason, case=self._text.case.title, field=said.field, code=code, quote=words)

    def _quoted(self, said: Statement) -> _Quoted | None:
        """The evidence of a statement; None, and an entry in the account, if no quotation of it stands."""
        found: dict[tuple[int, int], Found] = {}
        reasons: dict[str, str] = {}
        for quote in said.quotes:
            reason = fault(quote)
            place = None if reason else self._find(quote, said.passage)
            if place is not None:
                found[place.start, place.end] = place
            else:
                reasons[reason or "not_found"] = quote
        if not found:
            reason = next(iter(reasons), "no_quotation")
            self._drop(reason, said, reasons.get(reason, ""))
            return None
        start = self._text.case.start
        kept = list(found.values())[: int(settings()["quotations"]["most"])]
        evidence = tuple(self._text.evidence(start + each.start, start + each.end) for each in kept)
        return _Quoted(evidence, all(each.kind == "fuzzy" for each in kept))

    def _find(self, quote: str, passage: int | None) -> Found | None:
        """Where a quotation stands, near the passage that is named; numbers of passages in it are taken out."""
        near = self._starts[passage - 1] if passage and passage <= len(self._starts) else 0
        bare = _MARK.sub(" ", quote).strip(_AROUND)
        for words in dict.fromkeys((quote, bare)):
            found = self._finder.find(words, near=near)
            if found and (len(words.split()) >= LEAST_WORDS or self._whole(found)):
                return found
        longest = max(_ELLIPSIS.split(bare), key=len).strip(_AROUND)
        if longest != bare:
            return self._finder.find(longest, near=near) if len(longest.split()) >= LEAST_WORDS else None
        return self._near(bare, near) if len(bare.split()) >= LEAST_WORDS else None

    def _near(self, quote: str, near: int) -> Found | None:
        """A near miss, with every figure as it stands: "14-month-old" is no slip for "4-month-old"."""
        found = self._finder.find(quote, near=near, fuzzy=True)
        stands = self._finder.text[found.start : found.end] if found else ""
        return found if re.findall(r"\d+", stands) == re.findall(r"\d+", quote) else None

    def _whole(self, found: Found) -> bool:
        """Whether a short quotation stands as words of its own: "son" is not quoted from "person"."""
        text = self._finder.text
        before, after = text[max(found.start - 1, 0) : found.start], text[found.end : found.end + 1]
        return not (before.isalnum() or after.isalnum())


LEAST_WORDS = 3
"""A quotation of fewer words must stand as it is, not inside other words, nor as a part of a longer quotation."""


def fault(quote: str) -> str:
    """Why a quotation cannot be evidence whatever the text says, or the empty string."""
    words = re.findall(r"[\w&/]+", quote.lower())
    figures = settings()["quotations"]
    if not words:
        return "no_quotation"
    if len(words) > int(figures["most_words"]):
        return "long_quotation"
    empty = set(figures["empty"])
    return "empty_quotation" if empty.issuperset(words) or " ".join(words) in empty else ""


def known_code(said: str, field: Field) -> str | None:
    """The code that was meant, by its id or its label in whatever capitals and signs; None if there is none."""
    if field.kind == "number":
        number = said.removesuffix(".0").strip()
        return number if number.isdecimal() and number.isascii() and field.accepts(number) else None
    if said in field.codes:
        return said
    plain = _plain(said)
    fit = [id_ for id_, code in field.codes.items() if plain and plain in (_plain(id_), _plain(code.label))]
    return fit[0] if len(fit) == 1 else None


def _plain(words: str) -> str:
    return re.sub(r"[\W_]+", " ", words.lower()).strip()


def confidence(said: Statement, tokens: Tokens = (), *, near: bool = False) -> float:
    """How sure a code is: by the log probabilities of its letters where there are any, else by what the model states.

    Both are bounded on either side, because neither is a measured probability.
    """
    figures = settings()["confidence"]
    own = likelihood(said, tokens)
    if own is None:
        own = figures["unstated"] if said.confidence is None else said.confidence
    sure = figures["lowest"] + (figures["highest"] - figures["lowest"]) * own
    return round(float(sure * (figures["near"] if near else 1.0)), 3)


def likelihood(said: Statement, tokens: Tokens) -> float | None:
    """The probability of the tokens that spell a statement's code, or None where they are not known."""
    if said.at < 0 or not said.code or not tokens:
        return None
    start, total, at = said.at, 0.0, 0
    for token, logprob in tokens:
        if at < start + len(said.code) and at + len(token) > start:
            total += min(logprob, 0.0)
        at += len(token)
    return math.exp(total) if math.isfinite(total) else None
