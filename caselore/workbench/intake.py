"""Uploaded files come in; documents of the study go out, and the proposers are sent to work on their cases."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from threading import Lock

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from caselore.errors import CaseloreError
from caselore.store.actions.texts import add_document
from caselore.store.models import Case, Coder, Withdrawal
from caselore.workbench.reading_apart import Read, read_apart
from caselore.workbench.settings import LARGEST_UPLOAD

MOST_FILES = 50
_lock = Lock()
_working: list[subprocess.Popen[bytes]] = []


class Measured(FileUploadHandler):
    """Refuses an upload by its announced length, before any of it is read; other handlers take it from here."""

    def handle_raw_input(self, input_data: object, META: object, content_length: int, *_: object) -> None:  # noqa: N803
        if content_length > LARGEST_UPLOAD:
            raise RequestDataTooBig(f"The upload has {content_length} bytes, more than {LARGEST_UPLOAD}.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand the chunk on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers that follow."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file or record: `what` is added, kept (it was in the study before) or refused."""

    name: str
    what: str
    says: str


def take(actor: Coder, files: Sequence[UploadedFile]) -> list[Outcome]:
    """Read the files and keep their documents, each with what came of it."""
    found: list[Outcome] = []
    if len(files) > MOST_FILES:
        found.append(Outcome("", "refused", f"At most {MOST_FILES} files at once; the others were left out."))
    with tempfile.TemporaryDirectory(prefix="caselore-upload-") as folder:
        for n, file in enumerate(files[:MOST_FILES]):
            place = Path(folder) / str(n)
            place.mkdir()
            found += _one(actor, file, place / plain_name(file.name or ""))
    return found


def plain_name(name: str) -> str:
    """A file's name without any way to another folder, and without letters that no name has."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    kept = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    suffix = PurePosixPath(kept).suffix[:10]
    return f"{kept.removesuffix(suffix)[:80]}{suffix}" or "document"


def _one(actor: Coder, file: UploadedFile, path: Path) -> Iterator[Outcome]:
    with path.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    for read in read_apart(path):
        try:
            yield _keep(actor, read, path)
        except CaseloreError as error:
            yield Outcome(read.name, "refused", str(error))


def _keep(actor: Coder, read: Read, path: Path) -> Outcome:
    if read.document is None:
        return Outcome(read.name, "refused", read.problem)
    data = b"" if read.record else path.read_bytes()
    kept = add_document(actor, read.document, cases=read.cases, passages=read.passages, data=data)
    if not kept.new and Withdrawal.objects.filter(document=kept.document, retracted=False).exists():
        return Outcome(read.name, "kept", "It was taken out of the study; take it back in the list below.")
    if not kept.new:
        return Outcome(read.name, "kept", "It is in the study already and was left as it is.")
    many = len(read.cases)
    return Outcome(read.name, "added", f"{many} case{'' if many == 1 else 's'}. {kept.remark}".strip())


def send_proposers() -> None:
    """Have the proposers read the cases that wait, in a process of their own, unless one is at it."""
    if not Case.objects.filter(proposing="queued").exists() or at_work():
        return
    command = [sys.executable, "-m", "caselore", "work", str(settings.CASELORE_STUDY.path)]
    with _lock:
        nothing = subprocess.DEVNULL
        _working[:] = [subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing)]


def at_work() -> bool:
    """Whether the proposers that this server sent are still reading."""
    with _lock:
        return any(process.poll() is None for process in _working)
