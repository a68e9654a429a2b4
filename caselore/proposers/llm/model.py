"""In: a codebook, an endpoint, a consent. Out: the proposer ``llm@1.0/<model>``, which asks by groups of fields.

A long case is asked in overlapping windows; what they say is merged. Answers come from the cache where the same was
asked before, so a stopped run goes on without asking twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from caselore.codebook.codebook import Codebook
from caselore.errors import ModelError
from caselore.proposers.casetext import CaseText
from caselore.proposers.llm import consent
from caselore.proposers.llm.account import Account
from caselore.proposers.llm.answers import read_answer, usable
from caselore.proposers.llm.client import Client, Cost, NoAnswer
from caselore.proposers.llm.endpoint import Endpoint, coder_name
from caselore.proposers.llm.ladder import Ladder, Reply, reply_of
from caselore.proposers.llm.ledger import Ledger, cache_key
from caselore.proposers.llm.prompts import Group, Prompt, Prompter, declared, groups
from caselore.proposers.llm.settings import Asking, settings, tokens
from caselore.proposers.llm.verified import ONE_CODE, Verifier
from caselore.proposers.llm.windows import windows
from caselore.records import Case, Code, Evidence, Proposal, Step

VERSION = "1.0"

_GONE = re.compile(r"[\xad\ufffe\u200b-\u200d\u2060\ufeff](?:[ ]*\n\s*)?")
_CUT = re.compile(r"(?<=\w)-[ ]*\n\s*(?=\w)")


@dataclass(slots=True)
class _Heard:
    """What was heard of one case so far, over all its windows."""

    codes: list[Code]
    steps: list[Step]


class LanguageModel:
    """The proposer ``llm``: every field of the codebook that a machine may fill from the words of a case."""

    def __init__(
        self, codebook: Codebook, endpoint: Endpoint, *, folder: Path, run: str, asking: Asking | None = None
    ) -> None:
        consent.insist(folder, endpoint)
        self.id = f"llm@{VERSION}/{coder_name(endpoint.model)}"
        self.account = Account()
        self._asking = asking or Asking()
        self._endpoint, self._fields, self._groups = endpoint, codebook.fields, groups(codebook)
        self._prompter = Prompter(codebook)
        self._room = room(self._groups, self._prompter, self._asking)
        self._ledger = Ledger(folder)
        self._client = Client(endpoint, self._ledger, self._asking, run=run)
        self._ladder = Ladder(self._client, self._ledger, self._asking)

    def close(self) -> None:
        """End the connection and let the ledger go."""
        self._client.close()
        self._ledger.close()

    def take_account(self) -> Account:
        """The account since this was last asked."""
        account, self.account = self.account, Account()
        return account

    def propose(self, text: CaseText) -> Proposal:
        """The codes of one case whose quotations stand in it; where the model gives no answer, none."""
        verifier = Verifier(text, self._fields, self.account, coder=self.id)
        heard = _Heard([], [])
        parts = windows(text, self._room)
        for number, pieces in enumerate(parts, start=1):  # all questions on one window in turn: a server may keep it
            part = f"{number} of {len(parts)}" if len(parts) > 1 else ""
            passages = [(piece.number, plain(text.quote(piece.start, piece.end))) for piece in pieces]
            for group in self._groups:
                self._ask(group, self._prompter.prompt(group, passages, part=part), verifier, heard, text.case)
        codes = merge_codes(heard.codes, {name: field.kind in ONE_CODE for name, field in self._fields.items()})
        kept = tuple(self._following(codes, text.case))
        return Proposal(case=text.case, codes=kept, sequence=merge_steps(heard.steps))

    def _ask(self, group: Group, prompt: Prompt, verifier: Verifier, heard: _Heard, case: Case) -> None:
        fields = tuple(field.id for field in group.fields)
        self.account.questions += 1
        try:
            reply = self._reply(prompt, fields)
        except NoAnswer as none:
            self.account.unanswered[str(none)] += 1
            return
        answer = read_answer(reply.content, fields)
        for _ in range(answer.malformed):
            self.account.drop("malformed", case=case.title, field=group.id)
        for name in answer.strange:
            self.account.drop("not_in_codebook", case=case.title, field=name)
        self.account.cut += reply.cut
        self.account.rungs[reply.rung] += 1
        heard.codes += verifier.codes(answer.statements, reply.tokens)
        heard.steps += verifier.steps(answer.statements, reply.tokens)

    def _reply(self, prompt: Prompt, fields: tuple[str, ...]) -> Reply:
        """The answer to a question, asked now or before."""
        how = [settings()["seed"], self._asking.answer_tokens]
        key = cache_key(self._endpoint.url, self._endpoint.model, prompt.messages, prompt.schema, how)
        if kept := self._ledger.recall(key):
            self.account.cached += 1
            return reply_of(kept)
        cost = Cost()
        try:
            reply = self._ladder.ask(prompt, lambda content: usable(content, fields), cost)
        except NoAnswer as none:
            if none.passing:
                self._ledger.leave_undone()
            raise
        finally:
            self.account.requests += cost.requests
            self.account.retries += cost.retries
        self._ledger.remember(key, reply.as_dict())
        return reply

    def _following(self, codes: Iterable[Code], case: Case) -> list[Code]:
        """The codes without answers to questions that do not apply: how a child died that lives."""
        found = list(codes)
        said = {code.field: code.code for code in found if code.answer == "present"}
        kept = []
        for code in found:
            rule = declared()["follows"].get(code.field)
            other = said.get(rule["field"]) if rule else None
            if rule and other is not None and other != rule["code"]:
                self.account.kept -= 1
                self.account.drop("does_not_apply", case=case.title, field=code.field, code=code.code)
            else:
                kept.append(code)
        return kept


def room(asked: Iterable[Group], prompter: Prompter, asking: Asking) -> int:
    """Letters of text that fit beside every question.

    Raises:
        ModelError: some question leaves too little; the message says how large a context must be.
    """
    taken = {group.id: tokens(prompter.prompt(group, part="99 of 99").letters) for group in asked}
    if not taken:
        raise ModelError("The codebook holds no field that a model could be asked about.")
    largest = max(taken, key=lambda name: taken[name])
    free = asking.context - asking.answer_tokens - taken[largest]
    if free >= int(settings()["least_text"]):
        return free * int(settings()["letters_a_token"])
    needed = taken[largest] + int(settings()["least_text"])
    share = float(settings()["answer_share"])
    least = needed + min(int(settings()["answer_tokens"]), int(needed * share / (1 - share)) + 1)
    raise ModelError(
        f"A context of {asking.context:,} tokens is too small for the question on '{largest}'; "
        f"give --model-context at least {least:,}."
    )


def plain(words: str) -> str:
    """A passage on one line, with words that a line's end cut made whole; the finder of quotations knows both forms."""
    return " ".join(_CUT.sub("-", _GONE.sub("", words)).split())


def merge_codes(codes: Iterable[Code], single: Mapping[str, bool]) -> list[Code]:
    """What several windows say as one: each code once, surest first in evidence; of a single field the surest code."""
    kept: dict[tuple[str, str, str], Code] = {}
    for code in codes:
        key = (code.field, code.answer, code.code)
        kept[key] = _joined(kept[key], code) if key in kept else code
    best: dict[str, Code] = {}
    for code in kept.values():
        if single[code.field] and (code.field not in best or _worth(code) > _worth(best[code.field])):
            best[code.field] = code
    return [code for code in kept.values() if not single[code.field] or best[code.field] is code]


def _worth(code: Code) -> tuple[bool, float]:
    """A code stands before an answer state: another window may be silent or unsure where this one is not."""
    return code.answer == "present", code.confidence


def _joined(one: Code, other: Code) -> Code:
    surer, less = (one, other) if one.confidence >= other.confidence else (other, one)
    evidence = {(each.start, each.end): each for each in (*surer.evidence, *less.evidence)}
    return replace(surer, evidence=tuple(evidence.values())[: int(settings()["quotations"]["most"])])


def merge_steps(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps of all windows in order; one that overlapping windows both tell stands once."""
    kept: list[Step] = []
    for step in steps:
        if not any(_same(step, other) for other in kept):
            kept.append(step)
    return tuple(kept)


def _same(one: Step, other: Step) -> bool:
    return one.decision_type == other.decision_type and any(
        _overlap(mine, theirs) for mine in one.evidence for theirs in other.evidence
    )


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.start < other.end and other.start < one.end
