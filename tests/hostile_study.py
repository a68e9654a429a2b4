"""A study full of what is made to harm: markup in texts, names, reasons and searches; every address of its pages."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

SCRIPT = "<script>window.harmed=1;alert('s')</script>"
IMAGE = "<img src=x onerror=\"window.harmed=2;alert('i')\">"
ODD = (
    f'"\'><svg onload=alert(1)>{SCRIPT}{IMAGE}<a href="javascript:window.harmed=3">x</a></title></textarea></script>'
    "{{ settings.SECRET_KEY }}{% debug %} \u202egnp.exe\u202c zero\u200bwidth\u2066 \ufeff\u2028 &lt;b&gt;"
    " ]]> --> \u0007"
)
REVIEW = (
    "# Serious Case Review: Child <script>window.harmed=4</script> T {odd}\n\n"
    "Netherby Safeguarding Children Board. Published 2017.\n\n## What happened {odd}\n\n"
    "Child T died aged 5 months in 2015. The baby was found not breathing {odd} beside the father. There was a history "
    "of domestic abuse. The social worker {odd} was not told by the police, and the health visitor made a referral.\n\n"
    '<iframe srcdoc="<script>parent.harmed=5</script>"></iframe><style>body{{display:none}}</style>'
    '<form action=https://elsewhere.example><button>x</button></form><meta http-equiv=refresh content="0;url=//e">\n\n'
    "{long}\n\n## Recommendations\n\n"
    "1. The Board should ensure that agencies {odd} assess fathers within six months.\n"
    "2. Children's social care should review how referrals {odd} are answered.\n"
)
HTML = (
    '<html><title>{odd}</title><body onload="window.harmed=6"><h1>Child R {odd}</h1>{svg}<p>The school knew.</p></body>'
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>window.harmed=7</script><text>The police were told.</text></svg>'
NO_WAY_IN = {
    "key": "none",
    "token": "none",
    "name": "none",
    "verb": "up",
    "way": "undo",
    "what": "figures",
    "book": "now",
    "number": 0,
}


def documents(folder: Path) -> list[Path]:
    """Files with markup in their words and names."""
    folder.mkdir()
    texts = {
        "review <img src=x onerror=alert(9)>.md": REVIEW.format(odd=ODD, long="long" * 25_000),
        "page.html": HTML.format(odd=ODD, svg=SVG),
        "picture.txt": f"Child S died in 2014.\0 {SVG} {ODD}\nThe health visitor was not told.\n" * 3,
    }
    for name, words in texts.items():
        (folder / name).write_text(words, encoding="utf-8")
    return [folder / name for name in texts]


def fill(owner: Any, ann: Any, ben: Any, folder: Path) -> dict[str, Any]:
    """Everything that an address can name, with harmful words in it; the ids by the names of `every_address`."""
    import worked_study

    from caselore.store.actions import keeping, passes, planning, register, texts, withdrawing
    from caselore.store.models import Case, Recommendation
    from caselore.workbench import briefings

    for path in documents(folder):
        (one,) = texts.add_path(owner, path)
        assert one.document is not None, one.problem
    cases = list(Case.objects.order_by("-end"))
    plan = planning.plan_double_coding(owner, coders=[ann, ben], share=1.0)
    for coder, codes in ((ann, ["police", "health_gp"]), (ben, ["police"])):
        reading = passes.open_pass(coder, cases[0])
        passes.note(coder, reading, ODD)
        step = {"decision_type": "referral_made", "agency": codes[-1], "evidence": [], "reason": ODD}
        passes.set_sequence(coder, reading, [step])
        worked_study.read_by(coder, cases[0], {"agencies": codes}, accepts=2)
    mine = passes.open_pass(owner, cases[0])
    passes.note(owner, mine, ODD)
    sample = planning.pick_subsample(owner, ODD[:100], targets={"layer": {"front_sheet": 1}})
    assignment = planning.assign(owner, cases[0], ann)
    entry = register.confirm(owner, Recommendation.objects.filter(case__document=cases[0].document).first())
    register.respond(owner, entry, "accepted", words=ODD)
    file = register.attach(owner, entry, 'pl"an\r\nX-Harm: 1; <b>.txt', ODD.replace("\u0007", "").encode())
    search = keeping.save_search(owner, ODD[:80], words=ODD[:80])
    keeping.save_search(owner, "q" + ODD[:80], filters={"page": "queue"})
    briefing = briefings.new(owner)
    withdrawing.withdraw_document(owner, cases[-1].document_id, reason=ODD)
    return {
        "case": cases[0].pk, "plan": plan.pk, "sample": sample.pk, "assignment": assignment.pk, "coder": ben.pk,
        "search": search.pk, "saved": search.pk, "field": "agencies", "briefing": briefing.pk,
        "recommendation": entry.pk, "register": entry.pk, "attachment": file.pk,
    }  # fmt: skip


def every_address(ids: dict[str, Any]) -> dict[str, str]:
    """Name -> address, for each pattern; a pattern with an argument that is unknown here is an error."""
    from django.urls import reverse

    from caselore.workbench.urls import urlpatterns

    found = {}
    for pattern in urlpatterns:
        wanted = pattern.pattern.converters
        told = {name: ids.get(name, NO_WAY_IN.get(name)) for name in wanted}
        if "key" in wanted:
            told["key"] = ids.get(pattern.name.partition("-")[0], "none")
        assert None not in told.values(), f"{pattern.name} has an argument that hostile_study.py does not know"
        found[pattern.name] = reverse(pattern.name, kwargs=told)
    return found


def main() -> None:
    """Make the study of argv[1] and print its addresses; `owner` signs in with the password of the tests."""
    import django_ready

    from caselore.study import make_study

    place = Path(sys.argv[1])
    owner = django_ready.opened(make_study(place, title=f"A study {ODD[:60]}", mode="team", blind_share=0.0), team=True)
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    from caselore.store.actions.people import make_coder

    owner.user.password = PBKDF2PasswordHasher().encode(django_ready.PASSWORD, "salt of the test")  # as served
    owner.user.save()
    ann, ben = (make_coder(owner, f"{name} {ODD[:90]}") for name in ("ann", "ben"))
    print(json.dumps(every_address(fill(owner, ann, ben, place.parent / "hostile"))))


if __name__ == "__main__":
    main()
