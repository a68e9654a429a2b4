"""What a person sees while a verb works: a progress bar a stage, on standard error, quiet where it is no terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn


@contextmanager
def stage(title: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a bar under `title`; the function it yields sets how many of `total` are done."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:22}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=False) as progress:
        task = progress.add_task(title, total=total)
        yield lambda done: progress.update(task, completed=done)
        finished = progress.tasks[0].completed
        progress.update(task, total=total or finished, completed=total or finished)
