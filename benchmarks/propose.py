"""How many coroners' reports a second `caselore propose` reads, and how cost grows from 100 to 4,730.

Prints, for each size: wall seconds of the whole process, reports a second, the ratio to a bare read of the same
texts in the same run, and the peak memory of all its processes together. Then the slope (processor seconds a report)
of the lower and of the upper half of the sizes: equal slopes mean that cost grows linearly.

    python benchmarks/propose.py [--sizes 100,1000,2400,4730] [--workers 2]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import corpus


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


def measure(path: Path, count: int, workers: int, out: Path) -> Measured:
    words = ["propose", str(path), "--out", str(out), "--workers", str(workers), "--json"]
    started, spent, peak = time.perf_counter(), cpu_of_children(), 0.0
    with subprocess.Popen([sys.executable, "-m", "caselore", *words], stdout=subprocess.PIPE) as process:
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="100,1000,2400,4730")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in sizes:
            row = measure(corpus.write(size, folder), size, options.workers, folder / "proposals.jsonl")
            rows.append(row)
            print(
                f"{row.count:6,} reports  {row.seconds:7.2f} s  cpu {row.cpu:6.2f} s  "
                f"{row.count / row.seconds:6.1f} a second  "
                f"{row.seconds / row.bare:7.0f} x a bare read  peak {row.peak_mb:5.0f} MB",
                flush=True,
            )
    if len(rows) > 2:
        middle = rows[len(rows) // 2]
        low, high = slope(rows[0], middle), slope(middle, rows[-1])
        print(f"cpu slope below {middle.count:,}: {low * 1000:.2f} ms a report; above: {high * 1000:.2f} ms; "
              f"ratio {high / low:.2f} (1 is linear)")  # fmt: skip


if __name__ == "__main__":
    main()
