"""Fictional reports whose figures agree, in several layouts, and the same reports with known errors seeded into them.

Every word is written by us; the county, the reviews and the figures do not exist. A report is blocks (headings,
paragraphs, tables); an error is seeded where a figure is printed, so all others stay right.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scipy import stats

ERRORS = (
    "percentage",
    "impossible_percentage",
    "sum",
    "rate",
    "contradiction",
    "test",
    "average",
    "wording",
)
LAYOUTS = ("tabs", "bars", "markdown", "spaces", "packed", "stacked", "docx", "pdf", "pdf-unruled")
PERIODS = ("2004-06", "2006-08", "2008-10", "2010-12")
SUBJECTS = {
    "Age of the child": ("Under 1 year", "1-4 years", "5-9 years", "10-14 years", "15-17 years"),
    "Home at the time": ("With both parents", "With one parent", "With relatives", "In foster care", "In a hostel"),
    "Agency that first raised concern": ("Health visiting", "School", "Police", "Housing", "Neighbour or friend"),
    "Length of involvement": ("Under one month", "One to six months", "Seven to twelve months", "Over a year"),
    "Outcome of the first contact": ("Advice given", "Assessment started", "Passed to a partner", "No action"),
    "Season of the incident": ("Spring", "Summer", "Autumn", "Winter"),
}
AREAS = ("Northmere", "Eastholt", "Southfen", "Westwold", "Midvale", "Highmoor", "Lowmarsh")
FACTORS = ("Housing difficulty", "Debt", "Substance use", "Isolation", "Parental illness", "Frequent moves")
TRAITS = ("were in poor housing", "had moved in the last year", "lived with one parent", "had a known disability")
WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()


@dataclass(slots=True)
class Grid:
    """A table as it is to be set: caption, rows of cells (the first `heads` are headings), notes below."""

    caption: str
    rows: list[list[str]]
    notes: str = ""


@dataclass(slots=True)
class Seeded:
    """One seeded error: its kind, and words that stand in the place where a finding must point."""

    kind: str
    words: str
    table: str = ""


@dataclass(slots=True)
class Report:
    """Blocks in order, and the errors seeded into them."""

    blocks: list[str | Grid] = field(default_factory=list)
    seeded: list[Seeded] = field(default_factory=list)


@dataclass(slots=True)
class Writer:
    """Writes one report. `faults` maps a kind of error to how many are still to be seeded."""

    random: random.Random
    faults: dict[str, int]
    report: Report = field(default_factory=Report)
    tables: int = 0

    def fault(self, kind: str) -> bool:
        """Whether to seed an error of this kind here."""
        if self.faults.get(kind, 0) > 0 and self.random.random() < 0.6:
            self.faults[kind] -= 1
            return True
        return False

    def say(self, *paragraphs: str) -> None:
        """Add paragraphs."""
        self.report.blocks.extend(paragraphs)

    def seed(self, kind: str, words: str, table: str = "") -> None:
        """Note a seeded error."""
        self.report.seeded.append(Seeded(kind, words, table))

    def table(self, title: str, rows: list[list[str]], notes: str = "") -> str:
        """Add a table and return its label."""
        self.tables += 1
        self.report.blocks.append(Grid(f"Table {self.tables}: {title}", rows, notes))
        return f"Table {self.tables}"

    @property
    def next_label(self) -> str:
        """The label that the next table will have."""
        return f"Table {self.tables + 1}"

    def parts(self, total: int, n: int) -> list[int]:
        """n counts, each at least 2, that add to the total."""
        weights = [self.random.uniform(0.5, 3) for _ in range(n)]
        counts = [2 + int((total - 2 * n) * w / sum(weights)) for w in weights]
        counts[self.random.randrange(n)] += total - sum(counts)
        return counts


def percent(count: float, base: float, digits: int = 0) -> str:
    """A percentage rounded half up."""
    scale = 10**digits
    whole = int(100 * count * scale / base + 0.5 + 1e-9)
    return f"{whole / scale:.{digits}f}%"


def wrong_percent(w: Writer, count: int, base: int) -> str:
    """A percentage that no rounding gives, not far from the right one."""
    right = 100 * count / base
    step = w.random.choice((-4, -3, -2, 2, 3, 4))
    return f"{max(1, round(right) + step)}%"


def by_period(w: Writer) -> None:
    """Counts with percentages by period, n in the heading; prose that repeats cells."""
    subject = w.random.choice(list(SUBJECTS))
    names = SUBJECTS[subject]
    ns = [w.random.randrange(90, 320) for _ in PERIODS]
    columns = [w.parts(n, len(names)) for n in ns]
    cells = [
        [f"{col[i]} ({percent(col[i], n)})" for col, n in zip(columns, ns, strict=True)] for i in range(len(names))
    ]
    label, spoilt = w.next_label, list[int]()
    if w.fault("percentage"):
        i, j = w.random.randrange(len(names)), w.random.randrange(4)
        spoilt.append(i)
        cells[i][j] = f"{columns[j][i]} ({wrong_percent(w, columns[j][i], ns[j])})"
        w.seed("percentage", cells[i][j], label)
    if w.fault("sum"):
        i, j = w.random.randrange(len(names)), w.random.randrange(4)
        spoilt.append(i)
        off = columns[j][i] + w.random.choice((-2, 3, 5))
        cells[i][j] = f"{off} ({percent(off, ns[j])})"
        w.seed("sum", f"n={ns[j]}", label)
    head = [subject, *(f"Reviews {p} (n={n})" for p, n in zip(PERIODS, ns, strict=True))]
    w.say(f"{label} shows {subject.lower()} over four periods.")
    w.table(subject, [head, *([name, *row] for name, row in zip(names, cells, strict=True))])
    i = w.random.choice([k for k in range(len(names)) if k not in spoilt])
    first, last = percent(columns[2][i], ns[2]), percent(columns[3][i], ns[3])
    if w.fault("contradiction"):
        last = f"{round(100 * columns[3][i] / ns[3]) + w.random.choice((-3, 3, 4))}%"
        w.seed("contradiction", f"{last} in {PERIODS[3]}")
    w.say(
        f"In {label} the answer {names[i].lower()!r} stood for {first} in {PERIODS[2]} and {last} in "
        f"{PERIODS[3]} of the reviews."
    )


def with_totals(w: Writer) -> None:
    """Plain counts by area and outcome with a total row and a total column."""
    rows = [[w.random.randrange(3, 60) for _ in range(3)] for _ in AREAS]
    body = [[name, *map(str, row), str(sum(row))] for name, row in zip(AREAS, rows, strict=True)]
    sums = [sum(row[c] for row in rows) for c in range(3)]
    label = w.next_label
    total = ["Total", *map(str, sums), str(sum(sums))]
    if w.fault("sum"):
        c = w.random.randrange(3)
        total[c + 1] = str(sums[c] + w.random.choice((-4, -1, 2, 10)))
        w.seed("sum", total[c + 1], label)
    if w.fault("sum"):
        r = w.random.randrange(len(AREAS))
        body[r][4] = str(sum(rows[r]) + w.random.choice((-3, 1, 9)))
        w.seed("sum", body[r][4], label)
    w.say("The areas differ in how many reviews they began.")
    w.table("Reviews by area and level", [["Area", "Early help", "Statutory", "Court", "Total"], *body, total])


def two_columns(w: Writer) -> None:
    """A count column and a percentage column beside it, with a total row; missing answers change the base."""
    subject = w.random.choice(list(SUBJECTS))
    names, n = SUBJECTS[subject], w.random.randrange(60, 200)
    missing = w.random.choice((0, 0, 5))
    counts = w.parts(n - missing, len(names))
    shares = [percent(c, n - missing) for c in counts]
    label = w.next_label
    if w.fault("percentage"):
        i = w.random.randrange(len(names))
        shares[i] = wrong_percent(w, counts[i], n - missing)
        w.seed("percentage", shares[i], label)
    rows = [[name, str(c), s] for name, c, s in zip(names, counts, shares, strict=True)]
    if missing:
        rows.append(["Not recorded", str(missing), "-"])
        note = "Percentages are of those known."
    else:
        rows.append(["Total", str(n), "100%"])
        note = ""
    w.table(subject, [[subject, "Number", "Per cent"], *rows], note)


def rates(w: Writer) -> None:
    """Counts over three years, populations, and yearly rates per 100,000."""
    pops = [w.random.randrange(60_000, 900_000) for _ in AREAS]
    counts = [w.random.randrange(8, 90) for _ in AREAS]
    figures = [f"{c / 3 * 100_000 / p:.2f}" for c, p in zip(counts, pops, strict=True)]
    label = w.next_label
    if w.fault("rate"):
        i = w.random.randrange(len(AREAS))
        figures[i] = f"{float(figures[i]) * w.random.choice((0.8, 1.15, 1.3)) + 0.02:.2f}"
        w.seed("rate", figures[i], label)
    head = ["Area", "Child population", "Reviews in three years", "Average annual rate per 100,000"]
    rows = [[a, f"{p:,}", str(c), f] for a, p, c, f in zip(AREAS, pops, counts, figures, strict=True)]
    w.table("Rates by area", [head, *rows])


def cross(w: Writer) -> None:
    """A cross table with a total row, and its chi-square below."""
    names = SUBJECTS["Season of the incident"]
    ns = [w.random.randrange(50, 130) for _ in range(3)]
    columns = [w.parts(n, 4) for n in ns]
    grid = [[col[i] for col in columns] for i in range(4)]
    found = stats.chi2_contingency(grid)
    value, p = f"{found.statistic:.2f}", f"{found.pvalue:.3f}" if found.pvalue >= 0.001 else "0.001"
    sign = "=" if found.pvalue >= 0.001 else "<"
    label = w.next_label
    if w.fault("test"):
        value = f"{found.statistic * 1.2 + 0.7:.2f}"
        w.seed("test", value)
    head = ["Season", *(f"{name} (n={n})" for name, n in zip(("Infants", "School age", "Older"), ns, strict=True))]
    rows = [
        [name, *(f"{c} ({percent(c, n)})" for c, n in zip(row, ns, strict=True))]
        for name, row in zip(names, grid, strict=True)
    ]
    total = ["Total", *(f"{n} (100%)" for n in ns)]
    w.table("Season by age group", [head, *rows, total])
    w.say(f"The difference in {label} was tested (χ² = {value}, df = 6, p {sign} {p}).")


def several_answers(w: Writer) -> None:
    """A multiple-response table: the columns are not meant to add."""
    ns = (w.random.randrange(40, 120), w.random.randrange(40, 120))
    rows = [[name, *(f"{(c := w.random.randrange(n // 4, n - 3))} ({percent(c, n)})" for n in ns)] for name in FACTORS]
    head = ["Factor", f"Reviews 2008-10 (n={ns[0]})", f"Reviews 2010-12 (n={ns[1]})"]
    w.table("Factors present in the family", [head, *rows], "A review can name more than one factor.")


def row_percentages(w: Writer) -> None:
    """Percentages across the row, which a reader of columns would call wrong."""
    rows = []
    label = w.next_label
    spoilt = w.random.randrange(len(AREAS)) if w.fault("percentage") else -1
    for i, area in enumerate(AREAS):
        girls, boys = w.random.randrange(8, 60), w.random.randrange(8, 60)
        first = percent(girls, girls + boys)
        if i == spoilt:
            first = wrong_percent(w, girls, girls + boys)
            w.seed("percentage", f"{girls} ({first})", label)
        rows.append([area, f"{girls} ({first})", f"{boys} ({percent(boys, girls + boys)})"])
    w.table("Girls and boys in each area", [["Area", "Girls", "Boys"], *rows])


def of_which(w: Writer) -> None:
    """Parts of a row below it, without percentages."""
    ns = [w.random.randrange(80, 200) for _ in range(3)]
    columns = [w.parts(n, 3) for n in ns]
    inner = [w.parts(col[0], 2) if col[0] >= 4 else [col[0] // 2, col[0] - col[0] // 2] for col in columns]
    label = w.next_label
    if w.fault("sum"):
        j = w.random.randrange(3)
        inner[j][0] += 2
        w.seed("sum", f"{columns[j][0]} ({percent(columns[j][0], ns[j])})", label)
    cell = lambda j, i: f"{columns[j][i]} ({percent(columns[j][i], ns[j])})"  # noqa: E731
    rows = [
        ["Injury", *(cell(j, 0) for j in range(3))],
        ["of which at home", *(str(inner[j][0]) for j in range(3))],
        ["of which elsewhere", *(str(inner[j][1]) for j in range(3))],
        ["Neglect", *(cell(j, 1) for j in range(3))],
        ["Other", *(cell(j, 2) for j in range(3))],
    ]
    head = ["Kind of harm", *(f"Reviews {p} (n={n})" for p, n in zip(PERIODS, ns, strict=False))]
    w.table("Kind of harm", [head, *rows])


def only_percentages(w: Writer) -> None:
    """Percentages without counts on a small n in the heading."""
    ns = (w.random.randrange(20, 48), w.random.randrange(20, 48))
    rows = [[name, *(percent(w.random.randrange(1, n), n) for n in ns)] for name in FACTORS]
    label = w.next_label
    if w.fault("impossible_percentage"):
        i = w.random.randrange(len(FACTORS))
        rows[i][1] = _impossible(w, ns[0])
        w.seed("impossible_percentage", rows[i][1], label)
    head = ["Factor", f"Interviews 2008-10 (n={ns[0]})", f"Interviews 2010-12 (n={ns[1]})"]
    w.table("What was said in interviews", [head, *rows], "Respondents could name more than one factor.")


def _impossible(w: Writer, n: int) -> str:
    possible = {int(100 * k / n) for k in range(n + 1)} | {int(100 * k / n + 0.5) for k in range(n + 1)}
    return f"{w.random.choice([p for p in range(8, 93) if p not in possible])}%"


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
        shares[1] = _impossible(w, n)
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


def render(report: Report, layout: str, folder: Path) -> Path:
    """The report as a file in one of the layouts."""
    if layout == "docx":
        return _docx(report, folder / "report.docx")
    if layout.startswith("pdf"):
        return _pdf(report, folder / f"{layout}.pdf", ruled=layout == "pdf")
    pieces = [_as_text(block, layout) if isinstance(block, Grid) else block.lstrip("# ") for block in report.blocks]
    path = folder / f"{layout}.txt"
    path.write_text("\n\n".join(pieces) + "\n", encoding="utf-8")
    return path


def _as_text(grid: Grid, layout: str) -> str:
    rows = grid.rows
    if layout == "tabs":
        body = "\n".join("\t".join(row) for row in rows)
    elif layout == "bars":
        body = "\n".join(" | ".join(row) for row in rows)
    elif layout == "markdown":
        rule = "|" + "---|" * len(rows[0])
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        body = "\n".join([lines[0], rule, *lines[1:]])
    elif layout == "spaces":
        widths = [max(len(row[c]) for row in rows) + 3 for c in range(len(rows[0]))]
        body = "\n".join(
            "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
        )
    elif layout == "packed":
        body = "\n".join(" ".join(row) for row in rows)
    else:
        body = "\n".join(cell for row in rows for cell in row)
    return f"{grid.caption}\n\n{body}" + (f"\n\n* {grid.notes}" if grid.notes else "")


def _docx(report: Report, path: Path) -> Path:
    from docx import Document

    document = Document()
    for block in report.blocks:
        if isinstance(block, Grid):
            document.add_paragraph(block.caption)
            table = document.add_table(rows=0, cols=len(block.rows[0]))
            for row in block.rows:
                for cell, words in zip(table.add_row().cells, row, strict=True):
                    cell.text = words
            if block.notes:
                document.add_paragraph(f"* {block.notes}")
        elif block.startswith("# "):
            document.add_heading(block[2:], 1)
        else:
            document.add_paragraph(block)
    document.save(str(path))
    return path


def _pdf(report: Report, path: Path, *, ruled: bool) -> Path:
    import typst

    out = ["#set page(width: 21cm, height: 29.7cm, margin: 2.2cm)", "#set text(size: 10pt)"]
    for block in report.blocks:
        if isinstance(block, Grid):
            cells = ", ".join(f"[{_escaped(cell)}]" for row in block.rows for cell in row)
            stroke = "" if ruled else "stroke: none, "
            out.append(f"{_escaped(block.caption)}\n\n#table(columns: {len(block.rows[0])}, {stroke}{cells})\n")
            if block.notes:
                out.append(f"\\* {_escaped(block.notes)}")
        else:
            out.append(f"= {_escaped(block[2:])}" if block.startswith("# ") else _escaped(block))
    source = path.with_suffix(".typ")
    source.write_text("\n\n".join(out), encoding="utf-8")
    typst.compile(str(source), output=str(path))
    return path


def _escaped(words: str) -> str:
    for mark in "\\#$*_@<>[]`":
        words = words.replace(mark, "\\" + mark)
    return words
