"""Fictional reports whose figures agree, in several layouts, and the same reports with known errors seeded into them.

Every word is written by us; the county, the reviews and the figures do not exist. A report is blocks (headings,
paragraphs, tables); an error is seeded where a figure is printed, so all others stay right.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from audit_tables import (
    by_period,
    cross,
    impossible,
    of_which,
    only_percentages,
    rates,
    row_percentages,
    several_answers,
    two_columns,
    with_totals,
)
from audit_writer import TRAITS, Report, Writer, percent, wrong_percent
from scipy import stats


def claims(w: Writer) -> None:
    """Counts with percentages in several wordings."""
    base = w.random.randrange(30, 290)
    count = w.random.randrange(5, base - 3)
    trait = w.random.choice(TRAITS)
    said = percent(count, base)
    wrong = w.fault("percentage")
    if wrong:
        said = wrong_percent(w, count, base)
    text = w.random.choice(
        (
            f"Of the {base} children, {count} ({said}) {trait}.",
            f"{count} of the {base} children ({said}) {trait}.",
            f"Altogether {count} ({said}) of the {base} children {trait}.",
            f"Among the {base} children, {said} (n = {count}) {trait}.",
            f"In {count} out of {base} reviews ({said}) the children {trait}.",
        )
    )
    if wrong:
        w.seed("percentage", said)
    w.say(text)


def group(w: Writer) -> None:
    """A group is named with its size, then described in percentages alone."""
    n = w.random.randrange(18, 60)
    shares = [percent(w.random.randrange(2, n - 1), n) for _ in range(3)]
    if w.fault("impossible_percentage"):
        shares[1] = impossible(w, n)
        w.seed("impossible_percentage", shares[1])
    w.say(
        f"There were {n} young people in the group seen twice. {shares[0]} were girls. "
        f"{shares[1]} had changed school, and {shares[2]} were known to the police."
    )


def parts(w: Writer) -> None:
    """Parts of a whole in prose and in a list."""
    n = w.random.randrange(24, 90)
    a, b, c = w.parts(n, 3)
    if w.fault("sum"):
        c += w.random.choice((-1, 1, 2))
        w.seed("sum", f"remaining {c}")
    w.say(
        f"Of the {n} plans, {a} were closed within a year, {b} were extended once, and the remaining {c} "
        f"were still open."
    )
    d, e = w.random.randrange(11, 40), w.random.randrange(11, 40)
    total = d + e
    if w.fault("sum"):
        total += w.random.choice((-2, 1, 3))
        w.seed("sum", f"total of {total}")
    w.say(f"There were {d} visits by nurses and {e} visits by social workers, making a total of {total} visits.")


def averages(w: Writer) -> None:
    """A total, a number of years or of groups, and their average."""
    per_year = w.random.randrange(200, 900)
    total = per_year * 3 + w.random.choice((-1, 0, 1))
    said = per_year
    if w.fault("average"):
        said = per_year + w.random.choice((-40, -15, 12, 30))
        w.seed("average", f"average of {said}")
    w.say(
        f"Over the three years from 2010 to 2013 the county received a total of {total:,} referrals, an "
        f"average of {said} a year."
    )
    groups = w.random.randrange(15, 45)
    things = w.random.randrange(3 * groups, 12 * groups)
    mean = f"{things / groups:.1f}"
    if w.fault("average"):
        mean = f"{things / groups * 1.1 + 0.2:.1f}"
        w.seed("average", f"mean of {mean}")
    w.say(
        f"The {things} actions in these {groups} plans were read in full. There was a mean of {mean} actions per plan."
    )


def changes(w: Writer) -> None:
    """A figure that rose, from and to, with its percentage."""
    old = w.random.randrange(40, 400)
    new = old + w.random.randrange(10, 200)
    said = percent(new - old, old)
    if w.fault("rate"):
        said = f"{int(100 * (new - old) / old + 0.5) + w.random.choice((-9, 7, 12))}%"
        w.seed("rate", f"increase of {said}")
    w.say(f"The number of enquiries went up from {old} to {new}, an increase of {said}.")


def fractions(w: Writer) -> None:
    """A fraction in words and its figure."""
    words, low, high = w.random.choice(
        (("over half", 51, 58), ("nearly a third", 29, 33), ("two thirds", 64, 69), ("just under a quarter", 21, 24))
    )
    figure = w.random.randrange(low, high + 1)
    if w.fault("wording"):
        figure = {"over half": 44, "nearly a third": 41, "two thirds": 54, "just under a quarter": 29}[words]
        w.seed("wording", f"{words} ({figure}%)")
    w.say(f"In the county as a whole, {words} ({figure}%) of families had asked for help before.")


def summary_and_chapter(w: Writer) -> tuple[str, str]:
    """One fact for the summary and for the chapter."""
    share = w.random.randrange(15, 85)
    other = share
    if w.fault("contradiction"):
        other = share + w.random.choice((-5, -3, 2, 4))
        w.seed("contradiction", f"{other}% of the foster placements")
    return (
        f"Unplanned endings were recorded for {share}% of the foster placements in Marrowmere.",
        f"Unplanned endings were recorded in the files for {other}% of the foster placements made in Marrowmere.",
    )


def tests(w: Writer) -> None:
    """A test with its degrees of freedom and p."""
    df = w.random.randrange(18, 90)
    value = w.random.uniform(1.5, 3.2)
    p = 2 * float(stats.t.sf(float(f"{value:.2f}"), df))
    said = f"{p:.3f}"
    if w.fault("test"):
        said = f"{p * 1.6 + 0.011:.3f}"
        w.seed("test", f"p = {said}")
    w.say(f"Visits were longer where two workers went together (t({df}) = {value:.2f}, p = {said}).")


UNITS: tuple[Callable[[Writer], None], ...] = (
    by_period, claims, with_totals, group, two_columns, parts, rates, averages, cross, changes, several_answers,
    fractions, row_percentages, claims, of_which, group, only_percentages, tests, by_period, claims,
)  # fmt: skip


def write_report(seed: int, faults: dict[str, int] | None = None) -> Report:
    """A report of all units in a random order, with the asked number of errors of each kind as far as there is room."""
    w = Writer(random.Random(seed), dict(faults or {}))
    summary, chapter = summary_and_chapter(w)
    w.say("# Reviews in the county of Marrowmere", "A fictional report written for tests.", "# Summary", summary)
    units = list(UNITS)
    w.random.shuffle(units)
    for i, unit in enumerate(units):
        if i % 5 == 0:
            w.say(f"# {i // 5 + 1} Chapter on {('patterns', 'families', 'services', 'outcomes')[i // 5]}")
        unit(w)
    w.say(chapter)
    return w.report
