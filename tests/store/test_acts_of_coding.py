"""Accept, reject, amend, add, answer, withdraw: what is stored, what is refused, what a resend does."""

from __future__ import annotations

import pytest

from caselore.errors import EvidenceError, NotAllowed, StaleView, StoreError
from caselore.store import queries
from caselore.store.actions import coding, passes, undo
from caselore.store.models import Coding, CodingEvidence, Event
from caselore.store.proof import prove


def proposal(case, field: str) -> Coding:
    return Coding.objects.filter(case=case, origin="proposed", field=field, answer="present").order_by("pk").first()


def span(case, words: str) -> tuple[int, int, str]:
    start = case.document.text.index(words)
    return start, start + len(words), words


def test_an_accepted_proposal_is_ones_own_with_its_evidence(owner, case) -> None:
    reading = passes.open_pass(owner, case)
    proposed = proposal(case, "learning_themes") or proposal(case, "agencies")
    made = coding.accept(owner, reading, proposed)
    assert (made.code, made.origin, made.answers_to_id) == (proposed.code, "accepted", proposed.pk)
    mine = [(each.start, each.end, each.quote) for each in made.evidence.all()]
    assert mine == [(each.start, each.end, each.quote) for each in proposed.evidence.all()] != []
    view = queries.case_view(owner, case).fields[proposed.field]
    assert [each.code for each in view.own] == [proposed.code]
    assert next(each for each in view.proposals if each.code == proposed.code).decided == "accepted"
    assert prove().holds


def test_no_code_without_words_or_a_reason(owner, case) -> None:
    reading = passes.open_pass(owner, case)
    with pytest.raises(EvidenceError, match="select the words"):
        coding.add(owner, reading, "agencies", "police")
    with pytest.raises(EvidenceError, match="does not say"):
        coding.add(owner, reading, "agencies", "police", evidence=[(0, 5, "wrong")])
    with pytest.raises(EvidenceError, match="no words"):
        coding.add(owner, reading, "agencies", "police", evidence=[(10**7, 10**7 + 5)])
    with pytest.raises(StoreError, match="no code"):
        coding.add(owner, reading, "agencies", "wizards", reason="I saw it")
    with pytest.raises(EvidenceError):
        coding.answer(owner, reading, "agencies", "unclear")
    assert not Coding.objects.filter(reading=reading).exists()
    assert coding.add(owner, reading, "agencies", "police", reason="Named in the chronology.").reason
    assert coding.answer(owner, reading, "legal_status", "not_mentioned").reason


def test_evidence_may_stand_in_several_passages(owner, case) -> None:
    reading = passes.open_pass(owner, case)
    spans = [span(case, "history of domestic abuse"), span(case, "The father was not assessed")]
    made = coding.add(owner, reading, "agencies", "police", evidence=spans)
    assert [each.quote for each in made.evidence.all()] == [words for _, _, words in spans]


def test_offsets_count_characters_not_bytes(owner, document) -> None:
    from caselore.store.actions import texts

    kept = texts.add_path(owner, document("Llanfair", "Mr É — “𝒳” — came. "), propose=False)[0].document
    found = kept.cases.get()
    reading = passes.open_pass(owner, found)
    made = coding.add(
        owner, reading, "agencies", "police", evidence=[span(found, "𝒳” — came"), span(found, "drinking")]
    )
    assert [each.quote for each in made.evidence.all()] == ["𝒳” — came", "drinking"]
    assert prove().holds


def test_a_resend_is_not_doubled(owner, case) -> None:
    reading, proposed = passes.open_pass(owner, case), proposal(case, "agencies")
    first = coding.accept(owner, reading, proposed, token="press-1")
    count = Event.objects.count()
    again = coding.accept(owner, reading, proposed, token="press-1")
    assert again.pk == first.pk
    assert Event.objects.count() == count
    with pytest.raises(StoreError, match="used for another act"):
        coding.reject(owner, reading, proposed, token="press-1")


def test_two_tabs_do_not_lose_a_decision(owner, case) -> None:
    reading, proposed = passes.open_pass(owner, case), proposal(case, "agencies")
    shown = queries.case_view(owner, case).fields["agencies"].version
    coding.accept(owner, reading, proposed, seen=shown)
    with pytest.raises(StaleView):
        coding.reject(owner, reading, proposed, seen=shown)
    now = queries.case_view(owner, case).fields["agencies"].version
    coding.reject(owner, reading, proposed, seen=now)
    view = queries.case_view(owner, case).fields["agencies"]
    assert [(each.code, each.origin) for each in view.own] == [(proposed.code, "rejected")]


def test_a_choice_holds_one_code_and_an_answer_excludes_codes(owner, case) -> None:
    reading = passes.open_pass(owner, case)
    coding.add(owner, reading, "outcome", "death", reason="as told")
    coding.add(owner, reading, "outcome", "serious_harm", reason="as told again")
    held = Coding.objects.filter(reading=reading, field="outcome", retracted=False)
    assert [each.code for each in held] == ["serious_harm"]
    coding.answer(owner, reading, "outcome", "withheld")
    assert [(each.code, each.answer) for each in held.all()] == [("", "withheld")]
    coding.add(owner, reading, "outcome", "death", reason="after all")
    assert [(each.code, each.answer) for each in held.all()] == [("death", "present")]
    coding.withdraw(owner, held.get())
    assert not held.all().exists()
    assert prove().holds


def test_amending_keeps_what_it_answers(owner, case) -> None:
    reading, proposed = passes.open_pass(owner, case), proposal(case, "agencies")
    made = coding.amend(owner, reading, proposed, code="police", evidence=[span(case, "domestic abuse")])
    assert (made.origin, made.answers_to_id, made.code) == ("amended", proposed.pk, "police")
    again = coding.amend(owner, reading, made, code="foster_care", evidence=[span(case, "health visitor")])
    live = Coding.objects.filter(reading=reading, retracted=False)
    assert [each.pk for each in live] == [again.pk]
    assert again.answers_to_id == proposed.pk


def test_a_submitted_pass_is_closed(owner, case) -> None:
    reading, proposed = passes.open_pass(owner, case), proposal(case, "agencies")
    made = coding.accept(owner, reading, proposed)
    passes.submit_pass(owner, reading)
    for act in (
        lambda: coding.accept(owner, reading, proposed),
        lambda: coding.withdraw(owner, made),
        lambda: passes.note(owner, reading, "late"),
        lambda: passes.set_sequence(owner, reading, []),
    ):
        with pytest.raises(StoreError, match="submitted"):
            act()
    assert undo.undo(owner, case) is None
    passes.reopen(owner, reading, reason="A page was missed.")
    coding.withdraw(owner, made)


def test_nobody_codes_in_anothers_pass(owner, case, person) -> None:
    ann, ben, tess = person("ann"), person("ben"), person("tess", "trainer")
    reading = passes.open_pass(ann, case)
    with pytest.raises(NotAllowed):
        coding.add(ben, reading, "agencies", "police", reason="because")
    with pytest.raises(NotAllowed):
        passes.open_pass(tess, case)
    with pytest.raises(NotAllowed):
        queries.case_view(tess, case)


def test_the_sequence_is_written_anew(owner, case) -> None:
    reading = passes.open_pass(owner, case)
    steps = [
        {"decision_type": "referral", "agency": "health", "evidence": [span(case, "made a referral")]},
        {"decision_type": "assessment", "agency": None, "reason": "told in the margin"},
    ]
    from caselore.store.books import field_of

    known = list(field_of("decision_type").codes)
    agency = next(iter(field_of("agencies").codes))
    steps[0] |= {"decision_type": known[0], "agency": agency}
    steps[1] |= {"decision_type": known[1]}
    passes.set_sequence(owner, reading, steps)
    made = passes.set_sequence(owner, reading, steps[::-1])
    assert [step.decision_type for step in made] == [known[1], known[0]]
    assert queries.case_view(owner, case).sequence[1].agency == agency
    undo.undo(owner, case)
    assert [step.decision_type for step in queries.case_view(owner, case).sequence] == known[:2]
    assert prove().holds


def test_undo_and_redo(owner, case) -> None:
    reading, proposed = passes.open_pass(owner, case), proposal(case, "agencies")
    coding.accept(owner, reading, proposed)
    coding.reject(owner, reading, proposed)
    live = Coding.objects.filter(reading=reading, retracted=False)
    undo.undo(owner, case)
    assert [each.origin for each in live.all()] == ["accepted"]
    undo.undo(owner, case)
    assert not live.exists()
    assert not CodingEvidence.objects.filter(coding__reading=reading).exists()
    assert undo.can_undo(owner, case) == (False, True)
    assert undo.undo(owner, case) is None
    undo.redo(owner, case)
    undo.redo(owner, case)
    assert [each.origin for each in live.all()] == ["rejected"]
    assert undo.redo(owner, case) is None
    undo.undo(owner, case)
    coding.add(owner, reading, "agencies", "police", reason="another way")
    assert undo.can_undo(owner, case) == (True, False)
    assert prove().holds


def test_undo_does_not_cross_what_another_built_on(owner, case, person) -> None:
    from caselore.store.actions import register
    from caselore.store.models import Recommendation

    ann = person("ann")
    made = Recommendation.objects.filter(case=case).first()
    register.set_owner(owner, made, "Director of Nursing")
    register.set_owner(ann, made, "Chief Nurse")
    with pytest.raises(StaleView):
        undo.undo(owner, case)
    undo.undo(ann, case)
    undo.undo(owner, case)
    assert Recommendation.objects.get(pk=made.pk).owner == ""
