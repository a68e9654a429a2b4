"""The page of agreement and the command print the same figures of the same study, to the last digit."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import worked_study

from caselore.agreement.listing import KAPPAS, first_of, headline
from caselore.agreement.summary import summary
from caselore.cli.agree import _interval, _share, _value


def cells(page: str) -> list[list[str]]:
    """The cells of the page's tables, row by row."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    told = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in rows]
    return [[unescape(re.sub(r"<[^>]+>", "", each)).strip() for each in row] for row in told]


def test_page_and_command_print_the_same(coder: Any, owner: Any, client_of: Any) -> None:
    from caselore.store.books import codebook
    from caselore.store.queries.codings import codings

    people = worked_study.people_of(coder)
    cases = worked_study.add_documents(owner, worked_study.FILES)
    for n, case in enumerate(cases):
        for coder, codes in ((people.ann, ["police", "health_gp"]), (people.ben, ["police", "housing"][: 1 + n % 2])):
            outcome = "death" if n % 2 or coder is people.ann else "serious_harm"
            said = {"agencies": codes, "outcome": [outcome], "child_age": [str(n + (coder is people.ben))]}
            worked_study.read_by(coder, case, said, accepts=4)
    given = codings()
    found = summary(given.answers, codebook(), readings=given.readings)
    assert {row.field for row in found.fields} >= {"agencies", "outcome", "child_age"}
    page = cells(client_of(people.cyn).get("/agreement/").content.decode())
    for row in found.fields:
        head = headline(row)
        percent = row.coefficient("percent agreement") or row.coefficient("sequence similarity")
        label = codebook().fields[row.field].label
        printed = [
            str(row.cases), _share(percent).replace("%", "\xa0%"), _value(head), _interval(head), "",
            _value(first_of(row, KAPPAS)), _value(row.coefficient("AC1")),
            _value(row.coefficient("specific agreement on yes")),
        ]  # fmt: skip
        assert [label, *printed] in page
    whole = cells(client_of(people.cyn).get("/agreement/field/agencies/").content.decode())
    for row in (each for each in found.fields if each.field == "agencies"):
        for each in row.coefficients:
            assert [each.name, _value(each), _interval(each)] in [line[:3] for line in whole]
