"""Fictional texts of the shapes that reviews are published in. No person, place or board in them exists."""

from __future__ import annotations

from collections.abc import Sequence

BODIES = (
    "Death of a 4-month-old boy in March 2019 after an injury at home. The family had moved twice that winter.",
    "Serious neglect of two sisters aged 3 and 5 years, found by the landlord during a routine visit in May.",
    "Overdose of a 16-year-old girl in June 2018, who survived and had been missing from her placement for a week.",
    "Non-accidental injuries to a 7-week-old baby. Mother’s partner was later convicted of causing them.",
)
LEARNING = "Learning: the importance of talking to the child alone; records were not joined up; visits were missed."
RECOMMENDATIONS = "Recommendations: the partnership should review its guidance on missed visits; audit its records."
KEYWORDS = "Keywords: infants, neglect, listening"
LINK = "> Read the overview report"

SUMMARY = "\n".join((BODIES[0], LEARNING, RECOMMENDATIONS, KEYWORDS))

REPORT = """Northmarsh Safeguarding Children Partnership

Local Child Safeguarding Practice Review

Child Fenwick

Published March 2022

Contents

1. Introduction ........ 2
2. The family ........ 3
2.1 Child Fenwick ........ 3
2.2 Child Tarn ........ 4
3. Findings ........ 5
4. Recommendations ........ 7

1. Introduction

This review was commissioned after Child Fenwick was injured aged two years. It looks at the eighteen months before.

2. The family

The household consisted of the mother, two children and, at times, the mother's partner, who worked away.

2.1 Child Fenwick

Child Fenwick was described by the nursery as a quiet child who liked water. Attendance fell during the second winter.

2.2 Child Tarn

Child Tarn was six years old and cared for the younger child more than anybody knew until the review asked about it.

3. Findings

Finding 1: Nobody asked who looked after the children at night. The health visitor recorded the question only.

The records of three agencies were never read together. Mr. J. Doe of the board saw this in 2.5 hours of reading.

4. Recommendations

1. The partnership should make sure that fathers and partners are named in every assessment.

2. The health trust should report within six months on how many two-year checks were missed.

Appendix A: Terms of reference

The review covered the period from January 2019 to June 2020 and was led by an independent reviewer.
"""

STUDIES = """The following case studies are anonymised and were written for training.
Marlow
Marlow is a boy aged 9 who lived with his grandmother. The school noticed that he was tired and often hungry.
Two referrals were made and closed. No one visited the flat until the winter, when a neighbour rang the police.
Key learning points:
Ask who is at home at night, and write down the answer;
A closed referral is not a safe child.
Ivy and Wren
Ivy and Wren’s mother was well known to services. The sisters were seen together and never alone for two years.
Child P (2023)
Disclosure by a 13-year-old girl in 2021 of abuse by an uncle. At the time, Child P was on a child protection plan.
Learning themes include:
listening to children who test whether adults can bear to hear;
keeping one worker for one child; and
saying what will happen next.
Tam (2024)
Death of a 17-year-old boy in November 2022 from an overdose. Tam was known to several services.
Recommendations to the partnership include:
consider how to keep contact with young people who turn eighteen;
and write a plan with them."""


def listing(headings: Sequence[str], *, link: str = LINK, intro: str = "", between: Sequence[str] = ()) -> str:
    """A repository listing: an entry for each heading, `between` in turn before every third one."""
    out = [intro or "Last updated: 3 May 2021\nCase reviews published in 2021\n\nA list of serious case reviews.\n"]
    for i, heading in enumerate(headings):
        if between and i and i % 3 == 0:
            out.append(f"\n{between[(i // 3 - 1) % len(between)]}\n")
        out.append(f"\n{heading}\n\n{BODIES[i % 4]}\n{LEARNING}\n{RECOMMENDATIONS}\n{KEYWORDS}\n")
        out.append(f"{link}\n" if link else "")
    return "".join(out)


HEADS = (
    "1. Introduction",
    "2.1 Child Tarn",
    "Findings",
    "CORONER'S CONCERNS",
    "Key learning points:",
    "Recommendations",
    "Appendix A: Terms of reference",
    "References",
    "Marlow",
    "Case study 2: Ivy",
)
