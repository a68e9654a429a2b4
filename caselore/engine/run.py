"""Run one step over many items: here or on worker processes, going on where an earlier run stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from caselore.engine.journal import Journal, Outcome
from caselore.engine.pool import Done, Item, Start, spread


@dataclass(frozen=True, slots=True)
class Step:
    """A step by name and version; another version does everything again."""

    name: str
    version: str
    start: Start

    @property
    def id(self) -> str:
        return f"{self.name}@{self.version}"


@dataclass(slots=True)
class Tally:
    """How a run went: items done now, taken from an earlier run, and failed."""

    done: int = 0
    before: int = 0
    failed: int = 0

    @property
    def all(self) -> int:
        return self.done + self.before


def run(
    step: Step,
    items: Iterable[Item],
    journal: Journal,
    *,
    workers: int = 2,
    heard: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Do every item that the journal does not hold yet; `heard` is called after each.

    `workers` = 0 works in this process, with no protection against an item that hangs. What an earlier run
    left of other items or versions is dropped at the end.
    """
    tally = Tally()
    keys: set[str] = set()

    def new_items() -> Iterator[Item]:
        for item in items:
            keys.add(item.key)
            if journal.has(step.id, item.key, item.ordinal):
                tally.before += 1
                heard(tally)
            else:
                yield item

    results = here(new_items(), step.start) if workers == 0 else spread(new_items(), step.start, workers=workers)
    try:
        for done in results:
            journal.save(step.id, Outcome(done.item.key, done.item.ordinal, done.result, done.error))
            tally.done += 1
            tally.failed += bool(done.error)
            heard(tally)
        journal.forget(step.id, keys)
    finally:
        journal.commit()
    return tally


def here(items: Iterable[Item], start: Start) -> Iterator[Done]:
    """Do the items one after another in this process."""
    work = start()
    for item in items:
        try:
            yield Done(item, work(item.payload))
        except Exception as error:
            yield Done(item, error=str(error) or type(error).__name__)
