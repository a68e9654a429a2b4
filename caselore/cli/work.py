"""Joins the engine to what it runs here: one readable unit in, a JSON answer out.

The answer of a unit holds what is known of its document and a list of lines: for `read` the document and its
cases, for `propose` one proposal a case.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from caselore import __version__
from caselore.cli import model
from caselore.documents import ocr
from caselore.documents.reader import ReadOptions, Unit, read_unit, units
from caselore.engine.pool import Item, Work
from caselore.engine.run import Step
from caselore.proposers.proposer import STANDARD
from caselore.records import Document

LIMIT_S = 18.0
"""Seconds that one document may take. A report of 166 pages takes about two."""

LIMIT_OCR_S = 900.0
"""With recognition of scanned pages or with sentence vectors, which take seconds a page."""

PROPOSERS = STANDARD
"""The proposers that work with no set-up."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked of the workers."""

    reading: ReadOptions = field(default_factory=ReadOptions)
    proposers: tuple[str, ...] = ()
    books: tuple[str, ...] = ()
    model: model.ModelJob | None = None
    classifier: Path | None = None

    @property
    def reading_limit_s(self) -> float:
        return LIMIT_OCR_S if self.reading.ocr or self.classifier else LIMIT_S

    @property
    def limit_s(self) -> float:
        return model.LIMIT_S if self.model else self.reading_limit_s

    def step(self) -> Step:
        """The engine's step; its version changes with the code, the codebooks and every option."""
        told = json.dumps([__version__, asdict(self.reading), self.proposers, self.books], sort_keys=True)
        if self.reading.ocr:
            told += ocr.missing()  # what failed for want of a tool is tried again once the tool is there
        if self.proposers:
            told += codebook_sha256(self.books)
        if self.classifier:
            told += classifier_sha256(self.classifier, self.books)
        if self.model:
            told += json.dumps(self.model.told(), sort_keys=True)
        name = "propose" if self.proposers else "read"
        return Step(name, hashlib.sha256(told.encode()).hexdigest()[:16], partial(start, self))


def codebook_sha256(books: tuple[str, ...]) -> str:
    """The sha256 of the codebook that these books make."""
    from caselore.codebook.codebook import load

    return load(*books).sha256


def classifier_sha256(path: Path, books: tuple[str, ...]) -> str:
    """The sha256 of a model file; one that cannot be used with these books is refused here, before any work."""
    from caselore.codebook.codebook import load
    from caselore.proposers.classifier.proposing import usable

    return usable(path, load(*books))


def items(paths: Iterable[Path], job: Job) -> Iterator[Item]:
    """The units below the paths as items of the engine, each known by its place and content."""
    for ordinal, unit in enumerate(units(paths, job.reading)):
        yield Item(key(unit), ordinal, unit, job.limit_s)


def key(unit: Unit) -> str:
    """Place and sha256 of the content: what changed is done again, what only moved in the order is not."""
    if unit.payload or unit.problem or not unit.path.is_file():
        digest = hashlib.sha256(unit.payload).hexdigest()
    else:
        with unit.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    return f"{unit.key}\n{digest}"


def start(job: Job) -> Work:
    """Load what the job needs, once a worker."""
    if not job.proposers:
        return partial(_read, job)
    from caselore.codebook.codebook import load

    codebook = load(*job.books)
    crew = (*_rules(job, codebook), *model.crew(job.model, codebook))
    return partial(_propose, job, crew, codebook)


def _rules(job: Job, codebook: Any) -> tuple[Any, ...]:
    """The proposers that work with no set-up; stacked on them the classifier, where one was named."""
    from caselore.proposers.proposer import proposers

    crew = proposers(job.proposers, codebook)
    if job.classifier is None:
        return crew
    from caselore.proposers.classifier.model import load
    from caselore.proposers.classifier.proposing import with_classifier

    return with_classifier(crew, load(job.classifier, codebook), codebook)


def _read(job: Job, unit: object) -> bytes:
    from caselore.documents.cases import cases

    assert isinstance(unit, Unit)
    document = read_unit(unit, job.reading)
    lines = [{"kind": "document", **_about(document), **_whole(document)}]
    lines += [{"kind": "case", **asdict(case)} for case in cases(document)]
    return _answer(document, lines)


def _propose(job: Job, crew: tuple[Any, ...], codebook: Any, unit: object) -> bytes:
    from caselore.documents.cases import cases
    from caselore.proposers.evidence import verify_all
    from caselore.proposers.lines import to_line
    from caselore.proposers.proposer import propose_case, takers

    assert isinstance(unit, Unit)
    with model.hurry(job.reading_limit_s) if job.model else nullcontext():
        document = read_unit(unit, job.reading)
    fit = takers(document, crew)
    found = [propose_case(document, case, fit, codebook=codebook) for case in cases(document)]
    for proposal in found:
        verify_all(proposal, document)
    lines = [to_line(proposal) for proposal in found]
    return _answer(document, lines, account=model.account_of(fit))


def _answer(document: Document, lines: list[dict[str, Any]], *, account: dict[str, Any] | None = None) -> bytes:
    answer = {"document": _about(document), "lines": lines, **({"account": account} if account else {})}
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _about(document: Document) -> dict[str, Any]:
    """What may be said of a document without its words."""
    return {
        "name": document.name,
        "media_type": document.media_type,
        "sha256": document.sha256,
        "text_sha256": document.text_sha256,
        "reader": document.reader,
        "pages": len(document.pages),
        "characters": len(document.text),
        "problems": list(document.problems),
    }


def _whole(document: Document) -> dict[str, Any]:
    return {
        "text": document.text,
        "pages": [asdict(page) for page in document.pages],
        "sections": [asdict(section) for section in document.sections],
        "source": asdict(document.source),
    }
