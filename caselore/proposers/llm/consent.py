"""In: an endpoint and the documents of a run. Out: the statement of what would leave the machine, and who agreed when.

Consents are kept in ``consent.json`` of the model's working folder. One holds for its endpoint, its model and what lies
below its paths; anything else is asked for again. `LanguageModel` refuses to be made without one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from caselore.errors import ConsentMissing, ModelError
from caselore.proposers.llm.endpoint import Endpoint

FILE = "consent.json"
MOST_NAMED = 10

KEEP_IN = """\
What is in this folder holds words of the documents: what a language model answered, with its quotations, and the
quotations that were not found. Keep it in the building. `consent.json` says who was sent what, and when somebody
agreed to it. Delete `model.sqlite` to ask everything anew; delete `consent.json` to take the consent back for the
runs to come. What was sent before cannot be fetched back.
"""


@dataclass(frozen=True, slots=True)
class Consent:
    """That somebody agreed: when, how (typed or by flag), to which statement; the paths whose text may be sent."""

    date: str
    endpoint: str
    host: str
    model: str
    paths: tuple[str, ...]
    given: str
    statement: str
    caselore: str


def statement(endpoint: Endpoint, paths: Sequence[Path], names: Sequence[str], *, folder: Path) -> str:
    """What leaves the machine, in words for the person who decides; `names` are the documents below the paths."""
    place = ", ".join(str(path) for path in paths)
    some = ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else "")
    count = f"{len(names):,} document{'s' if len(names) != 1 else ''}"
    lines = [
        f"What would be sent: the text of {count} in {place}: {some or 'none'}.",
        "  The whole text of every case, in parts, with questions on it. Nothing in it is masked first.",
        f"To whom: {endpoint.place} ({endpoint.url}), to the model '{endpoint.model}'.",
        *(f"  {line}" for line in _whither(endpoint)),
        "What it may hold: reviews describe children and families so that some can be recognised, and may name people.",
        f"What stays here: the answers and this consent, in {folder}. The key is written nowhere.",
    ]
    return "\n".join(lines)


def _whither(endpoint: Endpoint) -> list[str]:
    if endpoint.loopback:
        return [
            "That address is this machine: the text stays on it,",
            "unless the program that answers there passes it on to somebody else.",
        ]
    lines = ["The text leaves this machine. Whoever runs that host can read and keep it; it cannot be fetched back."]
    if not endpoint.encrypted:
        lines.append("The address is http: the text goes unencrypted, and whoever is on the way can read it too.")
    return lines


def consents(folder: Path) -> tuple[Consent, ...]:
    """The consents of a working folder, oldest first.

    Raises:
        ModelError: the file is not one that Caselore wrote.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Consent(**{**each, "paths": tuple(each["paths"])}) for each in found)
    except (ValueError, TypeError, KeyError):
        raise ModelError(f"{path}: this is no record of consents; delete it and answer again.") from None


def agreed(folder: Path, endpoint: Endpoint, paths: Iterable[Path] = ()) -> bool:
    """Whether somebody agreed to this endpoint and model, and to every one of the paths."""
    fit = [each for each in consents(folder) if (each.endpoint, each.model) == (endpoint.url, endpoint.model)]
    roots = [Path(path) for each in fit for path in each.paths]
    return bool(fit) and all(any(_below(path.resolve(), root) for root in roots) for path in paths)


def _below(path: Path, root: Path) -> bool:
    return path == root or root in path.parents


def record(folder: Path, endpoint: Endpoint, paths: Sequence[Path], *, given: str, said: str, version: str) -> Consent:
    """Write down that somebody agreed; earlier consents stay."""
    consent = Consent(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        endpoint=endpoint.url,
        host=endpoint.place,
        model=endpoint.model,
        paths=tuple(str(path.resolve()) for path in paths),
        given=given,
        statement=said,
        caselore=version,
    )
    everything = [asdict(each) for each in (*consents(folder), consent)]
    open_folder(folder)
    fresh = folder / f".{FILE}"
    fresh.write_text(json.dumps(everything, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(folder / FILE)
    return consent


def open_folder(folder: Path) -> None:
    """Make the working folder, for its owner alone, with a note of what it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    (folder / "README.txt").write_text(KEEP_IN, encoding="utf-8")


def insist(folder: Path, endpoint: Endpoint) -> None:
    """Nothing, if somebody agreed to this endpoint and model.

    Raises:
        ConsentMissing: nobody did; nothing may be sent.
    """
    if not agreed(folder, endpoint):
        raise ConsentMissing(
            f"Nobody has agreed to send text to {endpoint.place} for '{endpoint.model}', and nothing was sent; "
            f"answer the question at a terminal, or add --send-text-to {endpoint.host}."
        )
