"""The tables of a fictional report, each of another make, that agree unless an error is seeded."""

from __future__ import annotations

from audit_writer import AREAS, FACTORS, PERIODS, SUBJECTS, Writer, percent, wrong_percent
from scipy import stats


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
        rows[i][1] = impossible(w, ns[0])
        w.seed("impossible_percentage", rows[i][1], label)
    head = ["Factor", f"Interviews 2008-10 (n={ns[0]})", f"Interviews 2010-12 (n={ns[1]})"]
    w.table("What was said in interviews", [head, *rows], "Respondents could name more than one factor.")


def impossible(w: Writer, n: int) -> str:
    possible = {int(100 * k / n) for k in range(n + 1)} | {int(100 * k / n + 0.5) for k in range(n + 1)}
    return f"{w.random.choice([p for p in range(8, 93) if p not in possible])}%"
