"""Recommendations that ask for the same are one group; those that share only common words are not. Fictional."""

from __future__ import annotations

from caselore.proposers.similar import Made, similar
from caselore.records import Evidence, Recommendation


def _made(words: str, review: str, year: int | None = None) -> Made:
    return Made(Recommendation("", Evidence("0", "0", "r", 0, len(words), words)), review, year)


BRUISES = [
    _made("The Board should review its protocol on bruising in non-mobile babies.", "a", 2012),
    _made("Review the protocol for bruising in babies who are not mobile.", "b", 2015),
    _made("To review and relaunch the bruising in non-mobile babies protocol.", "c", 2019),
]
OTHERS = [
    _made("The Board should review its strategy on neglect.", "a", 2012),
    _made("The police should train officers in coercive control.", "b", 2015),
]


def test_near_duplicates_across_reviews_are_grouped_and_told() -> None:
    (group,) = similar(BRUISES + OTHERS)
    assert {made.review for made in group.members} == {"a", "b", "c"}
    assert (group.reviews, group.years, group.told) == (3, (2012, 2019), "made 3 times since 2012")


def test_one_review_that_repeats_itself_is_no_group() -> None:
    assert similar([BRUISES[0], BRUISES[0]]) == ()
    (group,) = similar([BRUISES[0], BRUISES[0]], least_reviews=1)
    assert group.told == "made twice in 2012"


def test_nothing_to_compare() -> None:
    assert similar([]) == ()
    assert similar([_made("…", "a"), _made("the", "b")]) == ()
