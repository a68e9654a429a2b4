"""What two people and the proposers say of a case comes out of a study as answers, for the statistics of agreement."""

from __future__ import annotations

from caselore import records
from caselore.agreement.summary import summary
from caselore.documents.reader import read
from caselore.store.actions import coding, passes, proposing, texts
from caselore.store.actions.planning import assign
from caselore.store.books import codebook
from caselore.store.models import Case, Coding, Pass
from caselore.store.queries.codings import codings
from caselore.store.reading import evidence_record


def _coded(coder, case, *, code: str, steps: int) -> Pass:
    reading = passes.open_pass(coder, case)
    start = case.document.text.index("domestic abuse")
    coding.add(coder, reading, "risk_indicators", code, evidence=[(start, start + 14, "domestic abuse")])
    for proposed in Coding.objects.filter(case=case, origin="proposed", field="agencies"):
        coding.reject(coder, reading, proposed)
    taken = [
        {"decision_type": kind, "agency": "police", "reason": "The text says so."} for kind in ("arrest_or_charge",)
    ]
    passes.set_sequence(coder, reading, taken * steps)
    return passes.submit_pass(coder, reading)


def test_people_and_machines_of_a_study(owner, person, case) -> None:
    ann, ben = person("ann"), person("ben")
    for coder in (ann, ben):
        assign(owner, case, coder)
    _coded(ann, case, code="domestic_abuse", steps=1)
    unfinished = codings()
    assert "ben" not in {each.coder for each in unfinished.readings}
    _coded(ben, case, code="substance_use", steps=0)
    found = codings()
    assert {"ann", "ben"} <= {each.coder for each in found.readings if not each.machine}
    assert any(each.machine for each in found.readings)
    assert found.titles == {case.pk: case.title}
    mine = next(each for each in found.answers if each.coder == "ann" and each.field == "risk_indicators")
    assert [each.quote for each in mine.evidence] == ["domestic abuse"]
    told = summary(found.answers, codebook(), readings=found.readings)
    people = [each for each in told.disagreements if each.people]
    assert {(each.field, each.code) for each in people if each.field == "risk_indicators"} == {
        ("risk_indicators", "domestic_abuse"),
        ("risk_indicators", "substance_use"),
    }
    rejected = next(each for each in told.fields if each.field == "agencies" and each.group == "human-human")
    assert rejected.coefficient("percent agreement").value == 1, "both rejected every proposed agency"
    assert any(each.group.startswith("human-machine") for each in told.fields)


def test_an_empty_study_says_so(study, owner) -> None:
    assert summary(codings().answers, codebook(), readings=codings().readings).notes == ("Nobody has coded anything.",)


def test_a_machine_that_only_adds_to_others_is_not_held_to_its_silence(owner, document) -> None:
    for town, second in (("Netherby", ("outcome", "death")), ("Overby", ("incident_context", "family"))):
        kept = texts.add_document(owner, read(document(town)))
        row = Case.objects.get(document=kept.document)
        case = records.Case(row.title, kept.document.name, kept.document.sha256, row.start, row.end)
        quoted = (evidence_record(kept.document, row.start, row.start + 7, kept.document.text[row.start :][:7]),)
        said = {
            name: records.Proposal(case, (records.Code(*code, 0.8, name, quoted),))
            for name, code in (("one@1", ("outcome", "serious_harm")), ("two@1", second))
        }
        proposing.store_proposals(owner, row, said)
        reading = passes.open_pass(owner, row)
        coding.add(owner, reading, "outcome", "serious_harm", reason="It says so.")
        passes.submit_pass(owner, reading)
    told = summary(codings().answers, codebook(), readings=codings().readings)
    counted = {each.group: each.cases for each in told.fields if each.field == "outcome"}
    assert counted == {"human-machine (one@1)": 2, "human-machine (two@1)": 1}
