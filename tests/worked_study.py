"""A fictional study with people at work, for tests of pages: two coders who differ, an adjudicator, a custodian."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "reviews"
FILES = ("lcspr-severby-child-d.md", "scr-pellmoor-child-m.pdf", "lcspr-saltwyke-child-t.txt", "pfd-kingsholt-j-r.md")
PEOPLE = {
    "ann": ("coder",), "ben": ("coder",), "cyn": ("adjudicator",), "dan": ("custodian",), "eve": ("trainer",),
    "fay": ("administrator",),
}  # fmt: skip


def people_of(coder: Any) -> SimpleNamespace:
    """Everybody, one a role; `coder` makes a person with an account."""
    return SimpleNamespace(**{name: coder(name, *roles) for name, roles in PEOPLE.items()})


def add_documents(owner: Any, files: tuple[str, ...] = FILES[:2]) -> list[Any]:
    """The cases of some fictional reviews, with proposals."""
    from caselore.store.actions import texts
    from caselore.store.models import Case

    for name in files:
        texts.add_path(owner, SAMPLE / name)
    return list(Case.objects.order_by("pk"))


def read_by(coder: Any, case: Any, said: dict[str, list[str]], *, accepts: int = 0) -> Any:
    """A submitted pass: codes with the words of a passage each, and the first proposals accepted."""
    from caselore.store import queries
    from caselore.store.actions import coding, passes

    reading = passes.open_pass(coder, case)
    view = queries.case_view(coder, case)
    for proposal in [each for field in view.fields.values() for each in field.proposals][:accepts]:
        coding.accept(coder, reading, proposal.id)
    words = [each for each in view.passages if each.end - each.start > 30]
    for n, (field, codes) in enumerate(said.items()):
        for m, code in enumerate(codes):
            passage = words[(7 * n + 3 * m + len(coder.name)) % len(words)]
            coding.add(coder, reading, field, code, evidence=[(passage.start, passage.end)])
    return passes.submit_pass(coder, reading)


def differ(ann: Any, ben: Any, case: Any, *, accepts: int = 3) -> None:
    """Two passes that agree on one field and differ on two."""
    read_by(ann, case, {"agencies": ["police", "health_gp"], "outcome": ["death"]}, accepts=accepts)
    read_by(ben, case, {"agencies": ["police"], "outcome": ["serious_harm"]}, accepts=accepts)


MORE = (
    "lcspr-severby-child-d.md", "scr-pellmoor-child-m.pdf", "lcspr-saltwyke-child-t.txt", "pfd-kingsholt-j-r.md",
    "cspr-barrowdene-yonas.txt", "lcspr-tarnwick-ellis.md", "inquiry-st-aldhelm.txt", "lcspr-linchester-child-s.html",
    "listing-repository-2017-2020.txt", "cpr-cwm-derwas-morgan.html", "lcspr-castleharne-jonah.html",
)  # fmt: skip
PASSWORD = "a calm long password 7"


def main(folder: Path, *, unread: bool = False) -> None:
    """A whole study at `folder`: a dozen documents, two coders on most cases, some blind first, a release.

    `unread`: one document, blind first, given to two coders who have not begun.
    """
    import django_ready

    from caselore.study import make_study

    study = make_study(folder, title="Reviews of the north", mode="team", blind_share=1.0 if unread else 0.4)
    owner = django_ready.opened(study, team=True, quick=False)
    from django.contrib.auth.models import User

    from caselore.release.folder import write_release
    from caselore.store import queries
    from caselore.store.actions import adjudication, keeping, passes, planning, releasing
    from caselore.store.actions.people import make_coder
    from caselore.store.books import codebook

    def person(name: str, *roles: str) -> Any:
        user = User.objects.create_user(name, password=PASSWORD)
        return make_coder(owner, name, roles=list(roles), user=user)

    people = people_of(person)
    cases = add_documents(owner, MORE[:1] if unread else MORE)
    if unread:
        planning.plan_double_coding(owner, coders=[people.ann, people.ben], share=1.0)
        return
    for n, case in enumerate(cases[:-3]):
        for coder in (people.ann, people.ben):
            planning.assign(owner, case, coder, due=f"2030-0{n % 8 + 1}-15", order=n)
    for n, case in enumerate(cases[:-4]):
        for coder, codes in ((people.ann, ["police", "health_gp"]), (people.ben, ["police", "housing"][: 1 + n % 2])):
            outcome = "death" if n % 3 or coder is people.ann else "serious_harm"
            read_by(coder, case, {"agencies": codes, "outcome": [outcome]}, accepts=5 + n % 3 * (coder is people.ann))
    passes.open_pass(people.ann, cases[-4])
    settled = cases[1]
    for field in queries.differing(settled):
        adjudication.adjudicate(people.cyn, settled, field, answer="unclear", reason="The review does not tell.")
    planning.plan_double_coding(owner, coders=[people.ann, people.ben], share=0.2, strata=["year"], seed=2)
    planning.pick_subsample(owner, "Depth", targets={"source_type": {"lcspr": 2}, "year": {"2021": 1}})
    keeping.save_search(people.ann, "Open and mine", filters={"page": "queue", "mine": "1", "state": "open"})
    write_release(
        study.releases / "2026-01", queries.release_cases(), codebook=codebook(), smallest=5, draft=False,
        persons=queries.persons().values(),
    )  # fmt: skip
    releasing.mark_released(people.dan, "2026-01", queries.all_cases())


if __name__ == "__main__":
    import sys

    main(Path(sys.argv[1]), unread="unread" in sys.argv[2:])
