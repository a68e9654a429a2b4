"""Makes a study in which two people have put the decisions of a fictional review in different orders; run as a script.

    python tests/browser/sequences_study.py FOLDER

`ann` and `ben` have coded, `cyn` settles; they sign in with the password of the tests.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import django_ready
import worked_study

from caselore.study import make_study

REVIEW = "scr-pellmoor-child-m.pdf"


def make(folder: Path) -> None:
    """Both tell steps with words of the review; some alike, one moved, one by another agency, one told by ben only."""
    study = make_study(folder, title="Reviews of the north", mode="team", blind_share=0.0)
    owner = django_ready.opened(study, team=True, quick=False)
    from django.contrib.auth.models import User

    from caselore.store import queries
    from caselore.store.actions import passes, planning
    from caselore.store.actions.people import make_coder

    people = {}
    for name in ("ann", "ben", "cyn"):
        user = User.objects.create_user(name, password=worked_study.PASSWORD)
        people[name] = make_coder(owner, name, roles=list(worked_study.PEOPLE[name]), user=user)
    (case,) = worked_study.add_documents(owner, (REVIEW,))
    words = [each for each in queries.passages_of(case) if len(each.text) > 60]

    def step(kind: str, agency: str, at: int) -> dict[str, object]:
        return {"decision_type": kind, "agency": agency, "evidence": [(words[at].start, words[at].end)]}

    told = {
        "ann": [
            step("referral_made", "health_community", 4), step("assessment", "childrens_social_care", 6),
            step("strategy_or_marac_meeting", "", 8), step("medical_examination", "health_acute", 11),
            step("no_further_action", "childrens_social_care", 13),
        ],
        "ben": [
            step("referral_made", "health_community", 4), step("strategy_or_marac_meeting", "police", 9),
            step("assessment", "childrens_social_care", 7), step("medical_examination", "health_acute", 11),
            step("early_help_offered", "early_help", 12), step("no_further_action", "police", 14),
        ],
    }  # fmt: skip
    for name in told:
        planning.assign(owner, case, people[name])
    for name, steps in told.items():
        reading = passes.open_pass(people[name], case)
        passes.set_sequence(people[name], reading, steps)
        passes.submit_pass(people[name], reading)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
