"""Makes a study of a team in a folder: fictional reviews, two of them coded by a person and released; run as a script.

    python tests/browser/library_study.py FOLDER [REVIEW ...]

The people `owner` and `tess` (a trainer) sign in with the password of the tests.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from django_ready import PASSWORD

from caselore.store import opening
from caselore.study import make_study
from caselore.workbench.settings import settings_of

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "reviews"
REVIEWS = (
    "lcspr-castleharne-jonah.html", "scr-marlstead-child-v.pdf", "scr-birkmoss-baby-f.pdf", "dhr-wexcombe-helena.pdf",
)  # fmt: skip
RELEASED = 3
TAKEN = ("learning_themes", "child_age_band", "agencies", "outcome", "region")


def make(folder: Path, names: tuple[str, ...] = REVIEWS) -> None:
    """Make the study."""
    study = make_study(folder, title="Fictional reviews", mode="team", blind_share=0.0)
    owner = opening.make(study, extra=settings_of(study, team=True))
    from django.contrib.auth.models import User

    from caselore.store.actions import coding, passes, people, proposing, register, releasing, texts
    from caselore.store.models import Case, Coding, Recommendation

    owner.user.set_password(PASSWORD)
    owner.user.save()
    people.make_coder(owner, "tess", roles=["trainer"], user=User.objects.create_user("tess", password=PASSWORD))
    for name in names:
        texts.add_path(owner, SAMPLE / name, propose=False)
    proposing.work(owner)
    cases = list(Case.objects.order_by("pk"))[:RELEASED]
    for case in cases:
        reading = passes.open_pass(owner, case)
        done = set()
        for proposal in Coding.objects.filter(case=case, origin="proposed", answer="present", field__in=TAKEN):
            if (proposal.field, proposal.code) not in done and proposal.evidence.exists():
                coding.accept(owner, reading, proposal)
                done.add((proposal.field, proposal.code))
        passes.submit_pass(owner, reading)
    releasing.mark_released(owner, "release-2026", [case.pk for case in cases])
    first = Recommendation.objects.order_by("pk").first()
    if first is not None:
        register.confirm(owner, first)
        register.respond(owner, first, "accepted", words="Taken up by the partnership.")
        register.set_owner(owner, first, "Head of early help")
        register.set_due(owner, first, "2025-03-31")


if __name__ == "__main__":
    make(Path(sys.argv[1]), tuple(sys.argv[2:]) or REVIEWS)
