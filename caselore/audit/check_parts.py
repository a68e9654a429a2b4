"""In: paragraphs. Out: parts in prose that come near their total and miss it: "of the 40: 12, 15 and the other 14".

Only near misses are told: a list that stays far from the total was never meant to be the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from caselore.audit.finding import Finding
from caselore.audit.mentions import Mention
from caselore.audit.places import Locator
from caselore.audit.prose import Sentence
from caselore.audit.rounding import shown

NEAR = 0.15
"""A miss of more than this share of the total means that the parts were not all of it."""

MANY = 5
PARTITION = 0.08
CONFIDENCE = {"rest": 0.7, "list": 0.65, "total": 0.75, "bullets": 0.7, "partition": 0.5, "groups": 0.65, "dealt": 0.55}

COMPLEMENTS = (
    ("boys?|males?", "girls?|females?"),
    ("fatal|deaths?|died", "non-fatal|serious harm|serious injur(?:y|ies)|survived"),
)
"""Pairs of groups of which everyone is in one."""

_TOTAL = re.compile(
    r"\b[Oo]f (?:the|these|those|all|our) (?:\S+ ){0,2}?<(C\d+)>|^(?:There were|The|These|In the|For the|"
    r"All) (?:\S+ ){0,2}?<(C\d+)>"
)
_REST = re.compile(r"\b(?:remain(?:ing|der)|the (?:other|rest)|the others)\b[^<>.;:]{0,30}<(C\d+)>", re.IGNORECASE)
_LIST = re.compile(r"<(C\d+)>(?! (?:of|per)\b)[^<>;:.]{0,80}(?::|;|–| - )(?P<parts>[^:]*)$")
_COMPRISED = re.compile(
    r"<(C\d+)>(?! (?:of|per)\b)[^<>;:.]{0,60}(?:compris(?:ed|ing)|consist(?:ed|ing) of|made up of|divided "
    r"into|namely)(?P<parts>[^:]*)$"
)
_SUM = re.compile(
    r"<(C\d+)> (?:[^<>.;:,]{1,60}),? and <(C\d+)> (?:[^<>.;:]{1,60}?)[,(;]? ?(?:making|giving|(?:a "
    r")?total(?:l?ing)?|in total|altogether)(?: a total)?(?: of)? <(C\d+)>"
)
_TOTAL_OF = re.compile(
    r"\b[Aa] total of <(C\d+)> [^<>.;:,]{1,60}(?:[,:(;–-]+| with| being) ?<(C\d+)> [^<>.;:,]{1,50},? and "
    r"<(C\d+)>(?= [^<>]*$)"
)
_PART = re.compile(
    r"(?:^|[,;:(–-] ?(?:and )?|\band (?:a further |another |the other |the remaining |the final )?|"
    r"\bwhile |\bwith |\bwhereas |\bbut |\ba further )(?:in |for |of |only |just |a further |the "
    r"remaining |the other )*<(C\d+)>"
)
_SHARE = re.compile(
    r"<(?P<a>C\d+)> (?:of|out of) (?:the |these |all )*<(?P<b>C\d+)>"
    r"|(?:\b(?:Altogether|In total|In all|A total of),? |^)<(?P<whole>C\d+)>[^<>]{0,80}(?:<[DP]\d+>[^<>]{0,30})?"
    r"\bof (?:which|these|whom),? <(?P<part>C\d+)>"
)
_REST_OPENS = re.compile(r"The (?:others?|rest|remainder|remaining)\b")
_BRACKETED = re.compile(r"\(<(C\d+)>(?:[,;] <P\d+>)?\)")
_NOT_PARTS = re.compile(
    r"\b(?:including|at least|more than|such as|for example|e\.g\.|included|some of|overlap|both)\b", re.IGNORECASE
)


def check_parts(paragraph: Sequence[Sentence], locator: Locator) -> Iterator[Finding]:
    """Findings on the sums within one paragraph."""
    for i, sentence in enumerate(paragraph):
        if sentence.quoted:
            continue
        after = paragraph[i + 1] if i + 1 < len(paragraph) else None
        for name, total, parts, last in (
            *_rest(sentence, after),
            *_rest_in_brackets(sentence, after),
            *_dealt(sentence),
            *_lists(sentence),
            *_sums(sentence),
            *_complements(sentence),
        ):
            yield from _near_miss(name, total, parts, locator, (sentence, last))


Found = tuple[str, Mention, list[Mention], Sentence]


def _rest(sentence: Sentence, after: Sentence | None) -> Iterator[Found]:
    """ "Of the 30 ..., 12 ..., the remaining ten ..." and "The other eight ..." in the next sentence."""
    text = sentence.tagged.text
    total = _TOTAL.search(text)
    if not total or _NOT_PARTS.search(text):
        return
    whole = sentence.tagged.get(total[1] or total[2])
    parts = _parts(sentence, text[total.end() :])
    closing = _REST.search(text, total.end())
    if closing and len(parts) >= 1:
        last = sentence.tagged.get(closing[1])
        yield "rest", whole, [*[part for part in parts if part.start < last.start], last], sentence
    elif (
        after
        and (closing := _REST.search(after.tagged.text))
        and closing.start() < 15
        and parts
        and not _NOT_PARTS.search(after.text)
    ):
        rest = [after.tagged.get(closing[1])]
        yield "rest", whole, parts + rest, after


def _rest_in_brackets(sentence: Sentence, after: Sentence | None) -> Iterator[Found]:
    """ "31 of the 58 were made by police. The others were made by health (9), housing (5) and others (3)." """
    opening = _SHARE.search(sentence.tagged.text)
    if not after or not opening or not _REST_OPENS.match(after.text):
        return
    parts = [after.tagged.get(tag) for tag in _BRACKETED.findall(after.tagged.text)]
    if len(parts) >= 2:
        whole, first = (opening["b"], opening["a"]) if opening["a"] else (opening["whole"], opening["part"])
        yield "rest", sentence.tagged.get(whole), [sentence.tagged.get(first), *parts], after


def _dealt(sentence: Sentence) -> Iterator[Found]:
    """ "Of the 58, 23 were high, 17 medium and 14 standard": three or more parts, the last after "and"."""
    text = sentence.tagged.text
    total = re.match(r"Of (?:the|these|those) (?:[a-z]+ ){0,2}<(C\d+)>(?: [a-z]+){0,3}, ?(?=<C)", text)
    if not total or _NOT_PARTS.search(text) or re.search(r"\bof (?:whom|which|these)\b|\balso\b", text[total.end() :]):
        return
    clause = re.split(r"[;.(]|, and all |, and none ", text[total.end() :])[0]
    tags = re.findall(r"(?:^|, (?:and )?| and )(?:a further |the other |the remaining )?<(C\d+)>(?! of\b)", clause)
    if len(tags) >= 3 and re.search(rf"\band (?:a further |the other |the remaining )?<{tags[-1]}>", clause):
        yield "dealt", sentence.tagged.get(total[1]), [sentence.tagged.get(tag) for tag in tags], sentence


def _parts(sentence: Sentence, text: str) -> list[Mention]:
    return [sentence.tagged.get(match[1]) for match in _PART.finditer(text)]


def _lists(sentence: Sentence) -> Iterator[Found]:
    """ "12 visits: three by day, four by night, and five at weekends": every count after the mark is a part."""
    text = sentence.tagged.text
    for pattern in (_LIST, _COMPRISED):
        match = pattern.search(text)
        if match and not _NOT_PARTS.search(match["parts"]):
            counts = [sentence.tagged.get(tag) for tag in re.findall(r"<(C\d+)>", match["parts"])]
            if len(counts) >= 3 or (len(counts) == 2 and pattern is _COMPRISED):
                yield "list", sentence.tagged.get(match[1]), counts, sentence


def _complements(sentence: Sentence) -> Iterator[Found]:
    """ "Of the 26 children, 15 were boys and 10 girls": two groups that leave nobody out."""
    text, get = sentence.tagged.text, sentence.tagged.get
    if _NOT_PARTS.search(text):
        return
    for one, other in COMPLEMENTS:
        pattern = (
            rf"<(C\d+)>[^<>.]*?(?:<P\d+>[^<>.]*?)?<(C\d+)>(?:[^<>.]*<P\d+>)?[^<>.;]{{0,40}}?\b(?:"
            rf"{one})\b[^<>.]*(?:<P\d+>[^<>.]*?)?<(C\d+)>(?:[^<>.]*<P\d+>)?[^<>.;]{{0,40}}?\b(?:{other})\b"
        )
        match = re.search(pattern, text) or re.search(
            pattern.replace(one, "\0").replace(other, one).replace("\0", other), text
        )
        if match:
            yield "groups", get(match[1]), [get(match[2]), get(match[3])], sentence


def _sums(sentence: Sentence) -> Iterator[Found]:
    text, get = sentence.tagged.text, sentence.tagged.get
    for match in _SUM.finditer(text):
        yield "total", get(match[3]), [get(match[1]), get(match[2])], sentence
    for match in _TOTAL_OF.finditer(text):
        yield "total", get(match[1]), [get(match[2]), get(match[3])], sentence


def _vague(sentence: Sentence, mention: Mention) -> bool:
    return bool(
        re.search(r"(?:at least|more than|up to|fewer than|over|around|about)\s+$", sentence.text[: mention.start])
    )


def check_partition(paragraph: Sequence[Sentence], locator: Locator) -> Iterator[Finding]:
    """A paragraph that deals out one total in many parts, sentence after sentence, and misses some of it."""
    counts = [
        (s, m) for s in paragraph for m in s.tagged.mentions if m.kind == "C" and m.value >= 2 and not _vague(s, m)
    ]
    if any(s.quoted or any(m.kind == "P" for m in s.tagged.mentions) for s in paragraph) or len(counts) < MANY + 1:
        return
    whole = max((m.value for _, m in counts))
    parts = [(s, m) for s, m in counts if m.value != whole]
    said, times = sum(m.value for _, m in parts), sum(m.value == whole for _, m in counts)
    if whole < 20 or times < 2 or len(parts) < MANY or not 0 < abs(whole - said) <= PARTITION * whole:
        return
    yield Finding(
        kind="sum",
        printed=shown(whole),
        recomputed=shown(said),
        sum=(
            f"{' + '.join(shown(m.value) for _, m in parts)} = {shown(said)} of {shown(whole)} "
            f"(difference {shown(said - whole)})"
        ),
        sentence=(
            f"The parts that the paragraph names add to {shown(said)}; if they were meant to be all "
            f"{shown(whole)}, some are missing."
        ),
        confidence=CONFIDENCE["partition"],
        where=locator.words(paragraph[0].start, paragraph[-1].end),
        tolerance="none: counts",
    )


def check_bullets(prose: Sequence[Sequence[Sentence]], locator: Locator) -> Iterator[Finding]:
    """A sentence that ends in a colon and names a total, and the list below whose every item opens with its part."""
    for i, paragraph in enumerate(prose):
        lead = paragraph[-1]
        counts = [m for m in lead.tagged.mentions if m.kind == "C"]
        if not lead.text.rstrip().endswith(":") or not counts:
            continue
        items: list[Sentence] = []
        for following in prose[i + 1 : i + 16]:
            opening = re.match(r"\W*<(C\d+)>", following[0].tagged.text)
            if not following[0].bullet or not opening:
                break
            items.append(following[0])
        if len(items) >= 3:
            parts = [next(m for m in item.tagged.mentions if m.kind == "C") for item in items]
            yield from _near_miss("bullets", counts[-1], parts, locator, (lead, items[-1]))


def _near_miss(
    name: str, total: Mention, parts: Sequence[Mention], locator: Locator, span: tuple[Sentence, Sentence]
) -> Iterator[Finding]:
    values = [part.value for part in parts if part.start != total.start or len(span) > 1]
    said, whole = sum(values), total.value
    apart = abs(said - whole)
    if len(values) < 2 or whole < 5 or not apart or apart > max(1, NEAR * whole) or max(values) >= whole:
        return
    sum_of = " + ".join(shown(value) for value in values)
    yield Finding(
        kind="sum",
        printed=shown(whole),
        recomputed=shown(said),
        sum=f"{sum_of} = {shown(said)}, the words say {total.text} (difference {shown(said - whole)})",
        sentence=f"The parts that the words name add to {shown(said)}, not to {total.text}.",
        confidence=CONFIDENCE[name],
        where=locator.words(span[0].start, span[1].end),
        tolerance="none: counts",
    )
