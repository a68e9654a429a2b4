"""The page after an act is the page as it would be loaded anew: every row, passage, list and button of it."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

REVIEW = Path(__file__).resolve().parents[2] / "samples" / "reviews" / "lcspr-severby-child-d.md"
PARTS = ".row[id], .p[id], #g-sequence, #g-notes, #g-recommendations, #turns"


def parts(html: str) -> dict[str, str]:
    """Every part that an act may paint anew, by its id."""
    found = {}
    for node in HTMLParser(html).css(PARTS):
        words = str(node.html).replace(' hx-swap-oob="true"', "")
        found[node.attributes["id"]] = re.sub(r"\s+", " ", words)
    return found


class Reader:
    """A coder's page: what acts answer replaces the parts of the same id, as the page's script does it."""

    def __init__(self, client, case, seed: int) -> None:
        self.client, self.case, self.chance, self.sent = client, case, random.Random(seed), 0
        self.shown = self.anew()

    def anew(self) -> dict[str, str]:
        """The parts of the page as it is loaded now."""
        return parts(self.client.get(f"/case/{self.case.pk}/").content.decode())

    def do(self, verb: str, status: int = 200, **fields: object) -> None:
        """An act; then the page has to be as if it was loaded anew."""
        self.sent += 1
        told = {name: json.dumps(value) if name == "spans" else str(value) for name, value in fields.items()}
        answer = self.client.post(f"/case/{self.case.pk}/do/{verb}/", {**told, "token": f"{verb}-{self.sent}"})
        assert answer.status_code == status, answer.content.decode()
        self.shown |= {name: part for name, part in parts(answer.content.decode()).items() if name in self.shown}
        now = self.anew()
        differing = [name for name in now if now[name] != self.shown.get(name)]
        assert not differing, f"{verb} {fields}: {[(now[name], self.shown.get(name)) for name in differing[:2]]}"

    def items(self, choice: str) -> list[dict[str, str]]:
        """What the page shows of proposals and own codings."""
        rows = "".join(part for name, part in self.shown.items() if name.startswith("f-"))
        return [dict(node.attributes) for node in HTMLParser(rows).css(choice)]

    def words(self) -> dict[str, int]:
        """A piece of the text as evidence."""
        start = self.chance.randrange(self.case.start, self.case.end - 200)
        text = self.case.document.text
        while not text[start].isalpha():
            start += 1
        return {"start": start, "end": start + self.chance.randrange(5, 160)}


@pytest.fixture
def page(owner, coder, client_of):
    """Opens the page of a case with proposals in many fields."""
    from caselore.store.actions.texts import add_path
    from caselore.store.models import Case

    (added,) = add_path(owner, REVIEW)
    case = Case.objects.select_related("document").get(document=added.document)
    ann = coder("ann", "coder")
    return lambda seed=1: Reader(client_of(ann), case, seed)


PROPOSED, OWN = ".item.proposal:not(.step)", ".item.own:not(.step)"


def test_each_kind_of_act_leaves_the_page_as_loaded_anew(page) -> None:
    reader = page()
    first, second, third, *_ = reader.items(PROPOSED)
    reader.do("accept", coding=first["data-id"])
    reader.do("reject", coding=second["data-id"], reason="not in this case")
    reader.do("accept", coding=second["data-id"], spans=[reader.words(), reader.words()])
    reader.do("reject", coding=first["data-id"])
    reader.do("undo")
    reader.do("undo")
    reader.do("redo")
    reader.do("add", field="agencies", code="probation", spans=[reader.words() for _ in range(4)])
    reader.do("add", field="agencies", code="housing", reason="told by the chair")
    reader.do("amend", coding=third["data-id"], code=third["data-code"], spans=[reader.words()])
    own = reader.items(OWN)[-1]
    reader.do("amend", coding=own["data-id"], reason="other words", spans=[reader.words(), reader.words()])
    reader.do("withdraw", coding=reader.items(OWN)[-1]["data-id"])
    reader.do("answer", field="agencies", state="unclear", spans=[reader.words()])
    reader.do("undo")
    reader.do("note", field="agencies", words="ask again")
    reader.do("undo")
    reader.do("accept", 409, coding=third["data-id"], field=third["data-field"], seen=1)


def test_two_fields_and_two_codes_on_the_same_words(page) -> None:
    reader, words = page(), [page().words()]
    for field, code in (("agencies", "police"), ("agencies", "probation"), ("addressee", "police")):
        reader.do("add", field=field, code=code, spans=words)
    for _ in range(3):
        reader.do("undo")
    for _ in range(3):
        reader.do("redo")


def test_the_sequence_and_recommendations_leave_the_page_as_loaded_anew(page) -> None:
    reader = page()
    for step in reader.items(".item.step.proposal")[:2]:
        reader.do("sequence", change="take", step=step["data-id"])
    reader.do("sequence", change="add", code="allegation_raised", agency="police", spans=[reader.words()])
    reader.do("sequence", change="up", step=reader.items(".item.step.own")[1]["data-id"])
    reader.do("undo")
    reader.do("sequence", change="remove", step=reader.items(".item.step.own")[0]["data-id"])
    told = "".join(part for name, part in reader.shown.items() if name == "g-recommendations")
    for node in HTMLParser(told).css(".item")[:2]:
        reader.do("confirm", recommendation=node.attributes["data-id"])
    reader.do("undo")


@pytest.mark.parametrize("seed", [3, 4])
def test_no_order_of_acts_leaves_the_page_other_than_loaded_anew(page, seed: int) -> None:
    reader = page(seed)
    for _ in range(30):
        verb = reader.chance.choice(["accept", "accept", "reject", "amend", "add", "withdraw", "undo", "redo"])
        among = reader.items(OWN) if verb == "withdraw" else reader.items(PROPOSED)
        if verb in ("undo", "redo"):
            reader.do(verb)
        elif among and verb != "add":
            item = reader.chance.choice(among)
            spans = {"spans": [reader.words()]} if verb == "amend" else {}
            reader.do(verb, coding=item["data-own"] if verb == "withdraw" else item["data-id"], **spans)
        elif verb == "add":
            code = reader.chance.choice(["police", "probation", "housing", "health_gp"])
            spans = [reader.words() for _ in range(reader.chance.randrange(1, 4))]
            reader.do("add", field="agencies", code=code, spans=spans)
