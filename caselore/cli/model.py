"""The language model on the command line: its options, the question before anything is sent, what is said at the end.

`propose` and `run` take these options; without `--model-endpoint` none of this happens and nothing is imported for it.
"""

from __future__ import annotations

import csv
import faulthandler
import os
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caselore import __version__
from caselore.cli.stage import stage
from caselore.documents.reader import ReadOptions, units
from caselore.errors import ConsentMissing, ModelError

if TYPE_CHECKING:
    from caselore.cli.account import Account
    from caselore.codebook.codebook import Codebook
    from caselore.proposers.llm.endpoint import Endpoint
    from caselore.proposers.llm.model import LanguageModel
    from caselore.proposers.llm.settings import Asking

PANEL = "Language model (off unless an endpoint is named)"
FOLDER = "model"

LIMIT_S = 24 * 3600.0
"""Seconds for one document with a model: each question has its own limit, and a slow machine takes a minute for one."""

Address = Annotated[
    str,
    typer.Option(
        "--model-endpoint", metavar="URL", rich_help_panel=PANEL, help="Address of an OpenAI-compatible language model."
    ),
]
Name = Annotated[str, typer.Option("--model", metavar="NAME", rich_help_panel=PANEL, help="The model's name there.")]
SendTextTo = Annotated[
    str,
    typer.Option(
        "--send-text-to",
        metavar="HOST",
        rich_help_panel=PANEL,
        help="Agree, without being asked, that the text of the documents is sent to this host.",
    ),
]
Calls = Annotated[
    int, typer.Option("--model-calls", min=1, rich_help_panel=PANEL, help="Requests that one run may make.")
]
Tokens = Annotated[
    int, typer.Option("--model-tokens", min=1, rich_help_panel=PANEL, help="Tokens, in and out, that one run may use.")
]
Context = Annotated[
    int, typer.Option("--model-context", min=1, rich_help_panel=PANEL, help="Tokens that the model takes at once.")
]
Timeout = Annotated[
    float, typer.Option("--model-timeout", min=1, rich_help_panel=PANEL, help="Seconds to wait for one answer.")
]

CALLS, TOKENS, CONTEXT, TIMEOUT_S = 2_000, 10_000_000, 16_000, 120.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options say of a model."""

    address: str = ""
    name: str = ""
    send_text_to: str = ""
    calls: int = CALLS
    tokens: int = TOKENS
    context: int = CONTEXT
    timeout_s: float = TIMEOUT_S


@dataclass(frozen=True, slots=True)
class ModelJob:
    """A model that somebody agreed to, as the workers need it."""

    endpoint: Endpoint
    folder: Path
    asking: Asking
    run: str
    round: int

    def told(self) -> list[Any]:
        """Everything that a proposal depends on; the round changes where the last run left something undone."""
        from caselore.proposers.llm.model import VERSION
        from caselore.proposers.llm.prompts import sha256
        from caselore.proposers.llm.settings import settings

        endpoint, asking = self.endpoint, self.asking
        return [VERSION, endpoint.url, endpoint.model, asking.context, sha256(), settings(), self.round]


def prepare(
    wanted: Wanted, paths: Sequence[Path], folder: Path, *, reading: ReadOptions, books: tuple[str, ...]
) -> ModelJob | None:
    """Everything that must hold before a text may be sent, or None where no model is wanted.

    Raises:
        ModelError: the endpoint or the model cannot be used.
        ConsentMissing: nobody agreed to what would be sent.
    """
    if not wanted.address:
        if wanted.name or wanted.send_text_to:
            raise ModelError("Name the model's address too, with --model-endpoint URL.")
        return None
    _installed()
    from caselore.proposers.llm.client import reach
    from caselore.proposers.llm.endpoint import endpoint
    from caselore.proposers.llm.ledger import Ledger
    from caselore.proposers.llm.settings import Asking, Budget, patience

    place = endpoint(wanted.address, wanted.name)
    budget = Budget(wanted.calls, wanted.tokens)
    asking = Asking(context=wanted.context, budget=budget, patience=patience(wanted.timeout_s))
    _fits(asking, books)
    if not _consented(place, wanted.send_text_to, paths, folder, reading):
        return None
    reach(place)
    ledger = Ledger(folder)
    try:
        return ModelJob(place, folder.resolve(), asking, uuid.uuid4().hex, ledger.next_round())
    finally:
        ledger.close()


def _installed() -> None:
    try:
        import certifi  # noqa: F401
        import httpx  # noqa: F401
        import pydantic  # noqa: F401
    except ImportError:
        raise ModelError("A language model needs the extra 'llm': pip install 'caselore[llm]'.") from None


def _fits(asking: Asking, books: tuple[str, ...]) -> None:
    from caselore.codebook.codebook import load
    from caselore.proposers.llm.model import room
    from caselore.proposers.llm.prompts import Prompter, groups

    codebook = load(*books)
    room(groups(codebook), Prompter(codebook), asking)


def _consented(place: Endpoint, named: str, paths: Sequence[Path], folder: Path, reading: ReadOptions) -> bool:
    """See that somebody agreed, now or before, and write it down; False where there is no document to speak of."""
    from caselore.proposers.llm import consent

    if named and not place.is_at(named):
        raise ConsentMissing(
            f"--send-text-to names {named}, but the endpoint is at {place.place}; nothing was sent. Name that host."
        )
    if consent.agreed(folder, place, paths):
        return True
    with stage("Counting documents", None):
        names = [unit.name for unit in units(paths, reading)]
    if not names:
        return False
    said = consent.statement(place, paths, names, folder=folder)
    print(said, file=sys.stderr)
    given = f"--send-text-to {named}" if named else _asked(place)
    consent.record(folder, place, paths, given=given, said=said, version=__version__)
    return True


def _asked(place: Endpoint) -> str:
    """The answer at a terminal: the host's name, typed. A yes is typed too easily."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConsentMissing(
            f"Nothing was sent: no terminal to agree at. If the text may go there, add --send-text-to {place.host}."
        )
    print(f"Type the host's name, {place.host}, to agree; anything else stops: ", end="", file=sys.stderr, flush=True)
    if not place.is_at(sys.stdin.readline()):
        raise ConsentMissing("Nothing was sent. Without --model-endpoint the same command works with no model.")
    return "typed at a terminal"


def crew(job: ModelJob | None, codebook: Codebook) -> tuple[LanguageModel, ...]:
    """The model as a proposer, in a worker."""
    if job is None:
        return ()
    from caselore.proposers.llm.model import LanguageModel

    return (LanguageModel(codebook, job.endpoint, folder=job.folder, run=job.run, asking=job.asking),)


def account_of(proposers: Sequence[Any]) -> dict[str, Any] | None:
    """What the models among the proposers have to account for since they were last asked."""
    taken = [each.take_account().as_dict() for each in proposers if hasattr(each, "take_account")]
    return taken[0] if taken else None


@contextmanager
def hurry(seconds: float) -> Iterator[None]:
    """End this process if what is inside takes longer: a worker with a model has a day, its reader has not."""
    with Path(os.devnull).open("w") as nowhere:
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


@dataclass(frozen=True, slots=True)
class Closing:
    """What is said of the model when all is done: sentences, the same for machines, where to look."""

    sentences: tuple[str, ...] = ()
    answer: dict[str, Any] | None = None
    look: tuple[tuple[str, Path], ...] = ()


def closing(job: ModelJob | None, account: Account) -> Closing:
    """Sum up what the model was asked and gave, and write what came to nothing to ``account.csv``."""
    if job is None:
        return Closing()
    from caselore.proposers.llm.account import total
    from caselore.proposers.llm.ledger import Ledger

    ledger = Ledger(job.folder)
    try:
        spent = ledger.spent(job.run)
    finally:
        ledger.close()
    whole = total(each["account"] for each in account.model)
    lost = job.folder / "account.csv"
    _write_lost(lost, account)
    figures = {
        "endpoint": job.endpoint.url,
        "model": job.endpoint.model,
        "consent": str(job.folder / "consent.json"),
        **{name: value for name, value in whole.as_dict().items() if name != "lost"},
        "this_run": {"requests": spent.calls, "tokens_in": spent.tokens_in, "tokens_out": spent.tokens_out},
        "stopped": spent.stopped,
    }
    look = (("What the model said that came to nothing (keep in the building)", lost),) if whole.lost else ()
    return Closing(tuple(_sentences(figures, job)), figures, look)


def _sentences(told: dict[str, Any], job: ModelJob) -> Iterator[str]:
    from caselore.proposers.llm.account import REASONS

    answered = told["questions"] - sum(told["unanswered"].values())
    run = told["this_run"]
    yield (
        f"Model {job.endpoint.model} at {job.endpoint.place}: "
        f"{answered:,} of {told['questions']:,} questions answered, "
        f"{told['kept']:,} statements whose quotation stands in the text. "
        f"This run: {run['requests']:,} requests, about {run['tokens_in'] + run['tokens_out']:,} tokens."
    )
    if told["dropped"]:
        parts = [f"{count:,} {REASONS[reason]}" for reason, count in sorted(told["dropped"].items())]
        yield f"  Left out: {'; '.join(parts)}."
    if told["cut"]:
        yield f"  {told['cut']:,} answers broke off; what was whole of them counts."
    for reason, count in sorted(told["unanswered"].items(), key=lambda each: -each[1])[:5]:
        yield f"  {count:,} questions without an answer: {reason}."
    if told["stopped"]:
        yield "  The same command goes on from here; what was answered is not asked again."


def _write_lost(path: Path, account: Account) -> None:
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        rows = csv.DictWriter(file, ["document", "case", "field", "code", "why", "quotation"])
        rows.writeheader()
        for each in account.model:
            for lost in each["account"]["lost"]:
                rows.writerow({name: _cell(value) for name, value in {"document": each["document"], **lost}.items()})


def _cell(words: str) -> str:
    """The words as text for a spreadsheet: a model may write what it would take for a formula."""
    return f"'{words}" if words[:1] in tuple("=+-@\t\r") else words
