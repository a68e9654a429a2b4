"""How many coroners' reports a second `caselore propose` reads, and how cost grows from 100 to 4,730.

Two crews are measured, one after the other: `rules` (facts, rules and recommendations alone) and `default` (all that
work with no set-up, the examples among them). Prints, for each crew and size: wall seconds of the whole process,
reports a second, the ratio to a bare read of the same texts in the same run, and the peak memory of all its processes
together. Then the slope (processor seconds a report) of the lower and of the upper half of the sizes: equal slopes mean
that cost grows linearly; and what the slope of all sizes gives on so many processors, without the time to start.
`--repeat` runs each size so often and gives the run of median wall time, for machines that others use as well.

    python benchmarks/propose.py [--sizes 100,1000,2400,4730] [--workers 2] [--crew rules,default] [--repeat 1]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low

import corpus

CREWS = {"rules": ("facts", "rules", "recommendations"), "default": ()}
"""The proposers of a crew; none: those that `caselore propose` asks by itself."""


@dataclass(frozen=True)
class Measured:
    count: int
    seconds: float
    cpu: float
    bare: float
    peak_mb: float


def bare_read(path: Path) -> float:
    """Seconds to read and join the same texts with nothing done to them."""
    started = time.perf_counter()
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            "\n\n".join(record[name] for name in corpus.TEXTS)
    return time.perf_counter() - started


def family_memory_mb(root: int) -> float:
    """Resident memory, shared pages counted once to each (Pss), of a process and all its descendants."""
    total, todo = 0.0, [root]
    while todo:
        pid = todo.pop()
        try:
            total += sum(
                int(line.split()[1])
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                if line.startswith("Pss:")
            )
            for task in Path(f"/proc/{pid}/task").iterdir():
                todo += map(int, (task / "children").read_text().split())
        except OSError:  # it ended while we looked
            continue
    return total / 1024


def command(path: Path, workers: int, out: Path, crew: str) -> list[str]:
    """The command of a run: that of a user, or this file with a smaller crew on the same engine."""
    words = [str(path), "--out", str(out), "--workers", str(workers), "--json"]
    if not CREWS[crew]:
        return [sys.executable, "-m", "caselore", "propose", *words]
    return [sys.executable, __file__, "--as-crew", crew, *words]


def measure(path: Path, count: int, workers: int, out: Path, crew: str) -> Measured:
    started, spent, peak = time.perf_counter(), cpu_of_children(), 0.0
    with subprocess.Popen(command(path, workers, out, crew), stdout=subprocess.PIPE) as process:
        while process.poll() is None:
            peak = max(peak, family_memory_mb(process.pid))
            time.sleep(0.05)
        seconds = time.perf_counter() - started
        assert process.stdout is not None
        answer = json.load(process.stdout)
    if answer["documents"] + len(answer["failed"]) != count:
        raise SystemExit(f"{answer['documents']} of {count} reports: a figure of half a run says nothing")
    for failed in answer["failed"]:
        print(f"  left out: {failed['reason']}")
    return Measured(count, seconds, cpu_of_children() - spent, bare_read(path), peak)


def cpu_of_children() -> float:
    """Processor seconds of all processes that have ended: steadier than the clock where others use the machine."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def slope(low: Measured, high: Measured) -> float:
    return (high.cpu - low.cpu) / (high.count - low.count)


def middle_run(runs: list[Measured]) -> Measured:
    """The run whose wall time is the median."""
    wanted = median_low(run.seconds for run in runs)
    return next(run for run in runs if run.seconds == wanted)


def measure_crew(crew: str, sizes: list[int], options: argparse.Namespace, folder: Path) -> list[Measured]:
    names = ", ".join(CREWS[crew]) or "all that need no set-up"
    print(f"crew {crew}: {names}")
    rows = []
    for size in sizes:
        path, out = corpus.write(size, folder), folder / "proposals.jsonl"
        row = middle_run([measure(path, size, options.workers, out, crew) for _ in range(options.repeat)])
        rows.append(row)
        print(
            f"{row.count:6,} reports  {row.seconds:7.2f} s  cpu {row.cpu:6.2f} s  "
            f"{row.count / row.seconds:6.1f} a second  "
            f"{row.seconds / row.bare:7.0f} x a bare read  peak {row.peak_mb:5.0f} MB",
            flush=True,
        )
    return rows


def tell_slopes(rows: list[Measured], workers: int) -> None:
    if len(rows) > 1:
        whole = slope(rows[0], rows[-1])
        print(f"cpu slope {whole * 1000:.2f} ms a report: {workers / whole:.0f} a second on {workers} processors "
              "that do nothing else, start apart")  # fmt: skip
    if len(rows) > 2:
        middle = rows[len(rows) // 2]
        low, high = slope(rows[0], middle), slope(middle, rows[-1])
        print(f"cpu slope below {middle.count:,}: {low * 1000:.2f} ms a report; above: {high * 1000:.2f} ms; "
              f"ratio {high / low:.2f} (1 is linear)")  # fmt: skip


def run_as_crew(options: argparse.Namespace) -> None:
    """What `caselore propose` does, with the proposers of a crew."""
    import typer

    from caselore.cli.closing import close
    from caselore.cli.lines import write_lines
    from caselore.cli.work import Job

    job = Job(proposers=CREWS[options.as_crew])
    account = write_lines([options.path], options.out, job, title="Proposing", workers=options.workers)
    with suppress(typer.Exit):  # what failed stands in the answer
        close(account, look={}, as_json=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="100,1000,2400,4730")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--crew", default=",".join(CREWS), help="rules, default, or both with a comma")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("path", nargs="?", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--as-crew", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.as_crew:
        run_as_crew(options)
        return
    sizes = [int(size) for size in options.sizes.split(",")]
    with tempfile.TemporaryDirectory() as name:
        for crew in options.crew.split(","):
            tell_slopes(measure_crew(crew, sizes, options, Path(name)), options.workers)


if __name__ == "__main__":
    main()
