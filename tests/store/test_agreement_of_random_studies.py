"""Studies coded at random: what agreement and the cases to settle must be, told again from the log alone."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from itertools import combinations
from typing import Any

import pytest

from caselore import records
from caselore.agreement.disagreements import disagreements
from caselore.agreement.intervals import Method
from caselore.agreement.summary import summary
from caselore.documents.reader import read
from caselore.errors import CaseloreError
from caselore.store import queries
from caselore.store.actions import adjudication, coding, passes, planning, proposing, texts, undo, withdrawing
from caselore.store.books import DECISIONS, codebook
from caselore.store.models import Adjudication, Case, Coding, Document, Event, Pass, Withdrawal
from caselore.store.queries.codings import codings
from caselore.store.reading import evidence_record
from caselore.workbench import figures

SINGLE, SEVERAL, NUMBER = ("outcome", "incident_context"), ("agencies", "risk_indicators"), ("child_age", "children")
FIELDS = (*SINGLE, *SEVERAL, *NUMBER)
STATES = ("not_mentioned", "unclear", "absent")
FIRST = ("independent", "blind_first")
ACTS = ("accept", "reject", "amend", "add", "add", "answer", "take", "order")


def code_of(dice: random.Random, field: str) -> str:
    if field in NUMBER:
        return str(dice.randint(0, 3))
    return dice.choice(list(codebook().fields[field].codes)[:4])


def proposed(dice: random.Random, owner: Any, case: Case) -> None:
    """Two machines, of which the second answers only a few fields, on some cases only."""
    about = records.Case(case.title, case.document.name, case.document.sha256, case.start, case.end)
    words = (evidence_record(case.document, case.start, case.start + 7, case.document.text[case.start :][:7]),)
    said = {}
    for name, share in (("one@1", 0.7), ("two@1", 0.3)):
        codes = {
            (field, code_of(dice, field))
            for field in FIELDS if dice.random() < share for _ in range(1 + (field in SEVERAL))
        }  # fmt: skip
        single = {field: (field, code) for field, code in codes if field not in SEVERAL}
        kept = [each for each in codes if each[0] in SEVERAL or single[each[0]] == each]
        if dice.random() < 0.9:
            given = tuple(records.Code(field, code, 0.8, name, words) for field, code in sorted(kept))
            said[name] = records.Proposal(about, given)
    proposing.store_proposals(owner, case, said)


def steps(dice: random.Random) -> list[dict[str, Any]]:
    kinds = [dice.choice(("referral_made", "arrest_or_charge", "inspection")) for _ in range(dice.randint(0, 3))]
    return [{"decision_type": kind, "agency": dice.choice(("police", "")), "reason": "So it says."} for kind in kinds]


def decide(dice: random.Random, coder: Any, case: Case) -> None:
    """One act of a coder on a case."""
    reading = passes.open_pass(coder, case)
    theirs = list(Coding.objects.filter(case=case, reading__machine=True, retracted=False).order_by("pk"))
    mine = list(Coding.objects.filter(reading=reading, retracted=False).order_by("pk"))
    field, act = (
        dice.choice(FIELDS),
        dice.choice(("accept", "reject", "amend", "add", "add", "answer", "take", "order")),
    )
    if act in ("accept", "reject", "amend") and theirs:
        chosen = dice.choice(theirs)
        more = {"code": code_of(dice, chosen.field)} if act == "amend" else {}
        getattr(coding, act)(coder, reading, chosen, **more)
    elif act == "add":
        coding.add(coder, reading, field, code_of(dice, field), reason="So it says.")
    elif act == "answer":
        coding.answer(coder, reading, field, dice.choice(STATES), reason="So it says.")
    elif act == "take" and mine:
        coding.withdraw(coder, dice.choice(mine))
    elif act == "order":
        passes.set_sequence(coder, reading, steps(dice))


def turn(dice: random.Random, owner: Any, coder: Any, judge: Any, case: Case) -> None:
    """Anything that may happen to a case after it was coded."""
    what = dice.random()
    reading = Pass.objects.filter(case=case, coder=coder, machine=False).order_by("-number").first()
    if what < 0.5 and reading is not None and reading.state == "open":
        passes.submit_pass(coder, reading)
    elif what < 0.6 and reading is not None and reading.state == "submitted":
        passes.reopen(owner, reading, reason="A second thought.")
    elif what < 0.75:
        undo.undo(coder, case)
    elif what < 0.8:
        undo.redo(coder, case)
    elif what < 0.83:
        planning.set_layer(
            owner, case, case.layer, target=dice.choice(("front_sheet", "full_coding")), reason="So it is."
        )
    elif what < 0.86:
        withdrawing.withdraw_document(owner, Document.objects.get(pk=case.document_id), reason="Sent in error.")
    elif what < 0.9:
        for each in Withdrawal.objects.filter(retracted=False):
            withdrawing.return_document(owner, each, reason="It was right.")
    else:
        field = dice.choice(FIELDS)
        adjudication.adjudicate(
            judge, case, field, code=code_of(dice, field), holds=dice.random() < 0.6 or field not in SEVERAL,
            reason="The chronology.",
        )  # fmt: skip


def coded_at_random(seed: int, owner: Any, person: Any, document: Any) -> Any:
    dice = random.Random(seed)
    coders = [person(name) for name in ("ann", "ben", "cyn")[: 2 + seed % 2]]
    judge = person("jo", "adjudicator")
    for n in range(6):
        texts.add_document(owner, read(document(f"Town{n}", "A word. " * n)))
    cases = list(Case.objects.order_by("pk"))
    for case in cases:
        if dice.random() < 0.4:
            for coder in coders:
                planning.assign(owner, case, coder, blind_first=dice.random() < 0.5)
        proposed(dice, owner, case)
    for _ in range(260):
        coder, case = dice.choice(coders), dice.choice(cases)
        try:
            if dice.random() < 0.72:
                decide(dice, coder, case)
            else:
                turn(dice, owner, coder, judge, case)
        except CaseloreError:
            continue  # what may not be done, a coder cannot do
    for case, coder in [(case, coder) for case in cases for coder in coders]:
        reading = Pass.objects.filter(case=case, coder=coder, state="open", case__withdrawn=False).first()
        if reading is not None and dice.random() < 0.8:
            passes.submit_pass(coder, reading)
    return judge


class Log:
    """What the log alone tells: the rows that stand, and by plain loops what agreement is of them."""

    def __init__(self) -> None:
        rows: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        for event in Event.objects.order_by("sequence"):
            for row in json.loads(event.payload)["rows"]:
                if row["after"] is None:
                    del rows[row["kind"]][row["id"]]
                else:
                    rows[row["kind"]].setdefault(row["id"], {}).update(row["after"])
        out = {each["document_id"] for each in rows["withdrawal"].values() if not each["retracted"]}
        self.rows, self.names = rows, {key: each["name"] for key, each in rows["coder"].items()}
        self.case = {key: each for key, each in rows["case"].items() if each["document_id"] not in out}
        self.passes = [
            each | {"id": key} for key, each in sorted(rows["pass"].items(), key=lambda item: item[1]["number"])
            if each["state"] == "submitted" and each["case_id"] in self.case
        ]  # fmt: skip
        self.said: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for each in rows["coding"].values():
            if not each["retracted"]:
                self.said[each["reading_id"]].append(each)
        self.told: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for each in sorted(rows["step"].values(), key=lambda step: step["order"]):
            self.told[each["reading_id"]].append((each["decision_type"], each["agency"]))

    def first(self) -> dict[tuple[str, str], dict[str, Any]]:
        """(coder, case) -> the first of a person's first passes, a machine's one where a person has read."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        read_by = {each["case_id"] for each in self.passes if not each["machine"]}
        for each in self.passes:
            if each["case_id"] in read_by and (each["machine"] or each["kind"] in FIRST):
                found.setdefault((self.names[each["coder_id"]], each["case_id"]), each)
        return found

    def touched(self, reading: dict[str, Any]) -> set[str]:
        steps_ = {DECISIONS} if self.told[reading["id"]] else set()
        return {each["field"] for each in self.said[reading["id"]]} | steps_

    def usual(self, reading: dict[str, Any]) -> set[str]:
        """Fields of several in which silence of this person is an answer."""
        layer = self.case[reading["case_id"]]["target_layer"]
        mine = [
            each for each in self.passes
            if each["coder_id"] == reading["coder_id"] and each["kind"] in FIRST and not each["machine"]
            and self.case[each["case_id"]]["target_layer"] == layer
        ]  # fmt: skip
        return {name for each in mine for name in self.touched(each) if name in (*SEVERAL, DECISIONS)}

    def asked(self, name: str, case: str, reading: dict[str, Any]) -> set[str]:
        if not reading["machine"]:
            return self.touched(reading) | self.usual(reading)
        ever = {field for (who, _), each in self.first().items() if who == name for field in self.touched(each)}
        others = {
            field for (_, there), each in self.first().items() if there == case and each["machine"]
            for field in self.touched(each) if field not in (*SEVERAL, DECISIONS)
        }  # fmt: skip
        return self.touched(reading) | (ever - others)

    def answers(self, field: str) -> dict[tuple[str, str], dict[str, Any]]:
        """(case, code) -> coder -> value; the code is empty where the field is the question."""
        table: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
        every = self.first()
        given = {
            each["code"] for reading in every.values() for each in self.said[reading["id"]]
            if (each["field"], each["answer"]) == (field, "present") and each["origin"] != "rejected"
        }  # fmt: skip
        for (name, case), reading in every.items():
            if field not in self.asked(name, case, reading):
                continue
            rows = [each for each in self.said[reading["id"]] if each["field"] == field]
            live = [(each["answer"], each["code"]) for each in rows if each["origin"] != "rejected"]
            if field == DECISIONS:
                table[case, ""][name] = tuple(self.told[reading["id"]])
            elif field in SEVERAL:
                if not any(answer == "unclear" for answer, _ in live):
                    for code in given:
                        table[case, code][name] = ("present", code) in live
            else:
                state, code = live[0] if live else ("", codebook().fields[field].default or "not_mentioned")
                table[case, ""][name] = code if state in ("", "present") else state
        return table

    def percent(self, field: str, machine: str = "") -> float | None:
        """The mean over units of the share of pairs that say the same; beside a machine each person is a unit."""
        units, table = [], self.answers(field)
        given = {
            code for (_, code), row in table.items() if field in SEVERAL and self._compared(row, machine)
            and any(value for name, value in row.items() if name == machine or "@" not in name)
        }  # fmt: skip
        for (_, code), row in table.items():
            if field in SEVERAL and code not in given:
                continue
            people = [value for name, value in row.items() if "@" not in name]
            if machine:
                units += [float(value == row[machine]) for value in people if machine in row]
            elif len(people) > 1:
                units.append(sum(a == b for a, b in combinations(people, 2)) / (len(people) * (len(people) - 1) / 2))
        return sum(units) / len(units) if units else None

    def _compared(self, row: dict[str, Any], machine: str) -> bool:
        people = sum("@" not in name for name in row)
        return machine in row and people > 0 if machine else people > 1

    def differing(self) -> set[tuple[str, str, str, bool]]:
        """Case, field, code, and whether people differ."""
        found = set()
        for field in (*FIELDS, DECISIONS):
            for (case, code), row in self.answers(field).items():
                if len(set(row.values())) > 1:
                    people = {value for name, value in row.items() if "@" not in name}
                    found.add((case, field, code, len(people) > 1))
        return found

    def to_settle(self) -> dict[str, set[str]]:
        """Case -> fields left to settle, of cases on which nobody owes a first pass."""
        by: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        for each in self.passes:
            if not each["machine"]:
                by[each["case_id"]][each["coder_id"]] = each  # the newest
        return {case: left for case, mine in by.items() if len(mine) > 1 and (left := self._left(case, mine))}

    def _left(self, case: str, mine: dict[str, dict[str, Any]]) -> set[str]:
        if self._under_way(case):
            return set()
        left = set()
        for field in (*FIELDS, DECISIONS):
            given = []
            for reading in mine.values():
                if field in self.touched(reading) | self.usual(reading):
                    rows = [each for each in self.said[reading["id"]] if each["field"] == field]
                    live = {(each["code"], each["answer"]) for each in rows if each["origin"] != "rejected"}
                    live -= {("", "not_mentioned")} if field in (*SEVERAL, DECISIONS) else set()
                    given.append((frozenset(live), tuple(self.told[reading["id"]]) if field == DECISIONS else ()))
            done = [
                (each["code"], each["answer"], each["holds"]) for each in self.rows["adjudication"].values()
                if (each["case_id"], each["field"], each["retracted"]) == (case, field, False)
            ]  # fmt: skip
            if len(set(given)) < 2 or (field == DECISIONS and done):
                continue
            if any(holds and (field not in SEVERAL or answer != "present") for _, answer, holds in done):
                continue
            absent = [frozenset()] * (len(mine) - len(given))
            codes = [codes for codes, _ in given] + absent
            apart = frozenset().union(*codes) - frozenset.intersection(*codes)
            if field == DECISIONS or apart - {(code, answer) for code, answer, _ in done}:
                left.add(field)
        return left

    def _under_way(self, case: str) -> bool:
        every = [each for each in self.rows["pass"].values() if each["case_id"] == case and not each["machine"]]
        handed_in = {each["coder_id"] for each in every if each["state"] == "submitted"}
        owed = {
            each["coder_id"] for each in self.rows["assignment"].values()
            if each["case_id"] == case and not each["withdrawn"]
        }  # fmt: skip
        return any(each["state"] == "open" and each["kind"] in FIRST for each in every) or bool(owed - handed_in)


@pytest.mark.parametrize("seed", range(4))
def test_agreement_is_what_the_log_tells(seed: int, owner, person, document) -> None:
    judge = coded_at_random(seed, owner, person, document)
    log, given = Log(), codings()
    found = summary(given.answers, codebook(), readings=given.readings, method=Method("none"))
    percents = {
        (row.field, row.group): each.value for row in found.fields if (each := row.coefficient("percent agreement"))
    }
    wanted = {}
    for field in FIELDS:
        for group, machine in (("human-human", ""), *((f"human-machine ({m})", m) for m in ("one@1", "two@1"))):
            if (share := log.percent(field, machine)) is not None:
                wanted[field, group] = share
    assert percents == pytest.approx(wanted)
    told = {(each.case, each.field, each.code, each.people) for each in found.disagreements}
    assert len(told) == len(found.disagreements) > 0
    assert {each for each in told if each[1] in (*FIELDS, DECISIONS)} == log.differing()
    left = {each.case: set(each.fields) - set(each.settled) for each in queries.to_adjudicate(judge)}
    assert left == log.to_settle()
    assert {each.case for each in queries.to_adjudicate(judge, settled=True)} >= left.keys()


@pytest.mark.parametrize("seed", range(2))
def test_the_page_of_one_who_sees_all_says_what_the_command_says(seed: int, owner, person, document) -> None:
    coded_at_random(seed, owner, person, document)
    assert not Adjudication.objects.filter(adjudicator=owner).exists()
    given = codings()
    wanted = summary(given.answers, codebook(), readings=given.readings, code_method=Method("none"))
    page = figures.overview(owner)
    assert page.summary.disagreements == wanted.disagreements == disagreements(
        page.codings.answers, page.codings.readings, codebook()
    )  # fmt: skip
    assert [(each.field, each.group) for each in page.summary.fields] == [(e.field, e.group) for e in wanted.fields]
    for here, there in zip(page.summary.fields, wanted.fields, strict=True):
        assert (here.coefficients, here.codes, here.trend) == (there.coefficients, there.codes, there.trend)
        whole = summary(given.answers, codebook(), readings=given.readings, fields=[here.field])
        assert figures.field(owner, here.field) == whole
