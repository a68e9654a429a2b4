"""In: files of proposals or of gold codings, one coder a file. Out: answers and readings, to compare coders by."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from caselore.agreement.answers import Answer, Reading
from caselore.agreement.evaluation import ASKED_IF_CODED
from caselore.agreement.gold import GoldCase, fold_title, items_beside, read_gold, read_proposals
from caselore.codebook.codebook import Codebook
from caselore.errors import EvaluationError
from caselore.records import Code, Evidence, Proposal

DECISIONS = "decision_type"
"""The field of the codebook that steps and gold's decisions answer."""

GOLD_READER = "gold"


@dataclass(frozen=True, slots=True)
class Codings:
    """Answers and readings of several coders, with the title of every case."""

    answers: tuple[Answer, ...]
    readings: tuple[Reading, ...]
    titles: Mapping[str, str]


def read_codings(
    paths: Sequence[Path], codebook: Codebook, *, items: Path | None = None, machines: Sequence[str] = ()
) -> Codings:
    """The codings of each file; its name without suffix is the coder.

    A file of proposals whose codes all come of declared proposers (``name@version``) is a machine's, and so is one
    named in `machines`. Cases are the same where their place in a document is, else where their title is.

    Raises:
        EvaluationError: a file cannot be read or is of neither form, or two files have one name.
    """
    names = [path.stem for path in paths]
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise EvaluationError(f"Two files are named {twice[0]!r}; a file's name is its coder: rename one.")
    made = [
        _proposed(path, codebook, machines) if _is_proposals(path) else _gold(path, items, machines) for path in paths
    ]
    titles = {
        reading.case: title for one in made for reading, title in zip(one.readings, one.titles.values(), strict=True)
    }
    return Codings(
        tuple(answer for one in made for answer in one.answers),
        tuple(reading for one in made for reading in one.readings),
        titles,
    )


def _is_proposals(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8") as file:
            first = next((line for line in file if line.strip()), "")
        found = json.loads(first)
    except OSError as error:
        raise EvaluationError(f"{path}: it cannot be read ({error.strerror}); name files of codings.") from None
    except ValueError:
        raise EvaluationError(
            f"{path}: its first line is no JSON; give files of codings, one JSON object a line."
        ) from None
    if not isinstance(found, dict) or not ({"case", "id"} & found.keys()):
        raise EvaluationError(f"{path}: its lines are neither proposals nor codings; write it with 'caselore propose'.")
    return "case" in found


def _proposed(path: Path, codebook: Codebook, machines: Sequence[str]) -> Codings:
    proposals = read_proposals(path)
    coders = {code.coder for each in proposals for code in each.codes} | {
        s.coder for p in proposals for s in p.sequence
    }
    machine = path.stem in machines or (bool(coders) and all("@" in coder for coder in coders))
    answers, readings, titles = list[Answer](), list[Reading](), dict[str, str]()
    given = {code.field for each in proposals for code in each.codes}
    covered = frozenset(
        {field.id for field in codebook.fields.values() if field.filled_by in ("both", "machine")} | given
    )
    for key, each in _keyed(proposals):
        case = each.case
        readings.append(Reading(path.stem, key, machine, None, case.sha256, case.start, case.end, covered))
        titles[key] = case.title
        answers += _answers(key, path.stem, each, codebook)
    return Codings(tuple(answers), tuple(readings), titles)


def _keyed(proposals: Sequence[Proposal]) -> Iterator[tuple[str, Proposal]]:
    """Each proposal with its case's key: the folded title, numbered where a file has it more than once."""
    seen: Counter[str] = Counter()
    for each in proposals:
        title = fold_title(each.case.title)
        seen[title] += 1
        yield (title if seen[title] == 1 else f"{title}#{seen[title]}"), each


def _answers(case: str, coder: str, proposal: Proposal, codebook: Codebook) -> Iterator[Answer]:
    for code in _told(proposal.codes, codebook):
        yield Answer(case, code.field, coder, code.code, code.answer, None, code.evidence)
    answered = {code.field for code in proposal.codes}
    for field in ASKED_IF_CODED - answered:
        yield Answer(case, field, coder, answer="not_applicable")
    for step in proposal.sequence:
        yield Answer(case, DECISIONS, coder, step.decision_type, "present", step.agency, step.evidence)


def _told(codes: Sequence[Code], codebook: Codebook) -> Iterator[Code]:
    """Every code, but of a field that holds one only the surest."""
    best: dict[str, Code] = {}
    for code in codes:
        field = codebook.fields.get(code.field)
        if field is None or field.kind not in ("choice", "number"):
            yield code
        elif code.field not in best or (code.confidence, code.code) > (
            best[code.field].confidence,
            best[code.field].code,
        ):
            best[code.field] = code
    yield from best.values()


def _gold(path: Path, items: Path | None, machines: Sequence[str]) -> Codings:
    place = items or items_beside(path)
    cases = read_gold(path, place)
    answers, readings, titles = list[Answer](), list[Reading](), dict[str, str]()
    covered = frozenset({name for case in cases for name in (*case.single, *case.multiple)} | {DECISIONS})
    for case in cases:
        key, sha256 = fold_title(case.title), hashlib.sha256(case.text.encode()).hexdigest()
        readings.append(Reading(path.stem, key, path.stem in machines, None, sha256, 0, len(case.text), covered))
        titles[key] = case.title
        answers += [replace(each, case=key, coder=path.stem) for each in _gold_answers(case, sha256)]
    return Codings(tuple(answers), tuple(readings), titles)


def _gold_answers(case: GoldCase, sha256: str) -> Iterator[Answer]:
    def words(quote: str) -> tuple[Evidence, ...]:
        return _found(case.text, quote, sha256)

    for field, code in case.single.items():
        if code is not None:
            yield Answer("", field, "", code)
        elif field in ASKED_IF_CODED:
            yield Answer("", field, "", answer="not_applicable")
    for field, quotes in case.multiple.items():
        for code, quote in quotes.items():
            yield Answer("", field, "", code, evidence=words(quote))
    for decision, agency, quote in case.decisions:
        yield Answer("", DECISIONS, "", decision, "present", agency, words(quote))


def _found(text: str, quote: str, sha256: str) -> tuple[Evidence, ...]:
    """Where a quotation stands, whatever the white space and case; nothing if it does not."""
    parts = [re.escape(part) for part in quote.split()]
    match = re.search(r"\s+".join(parts), text, re.IGNORECASE) if parts else None
    if match is None:
        return ()
    return (Evidence(sha256, sha256, GOLD_READER, match.start(), match.end(), match.group()),)
