"""Folders, records and files of every kind: what is read, what is refused, and that neighbours go on."""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import random
import time
import zipfile
from pathlib import Path

import pytest

from caselore.documents.cases import cases
from caselore.documents.passages import passages
from caselore.documents.plain import clean, decode
from caselore.documents.reader import LARGEST_TEXT, ReadOptions, read, read_unit, units
from caselore.errors import CaseloreError, DocumentError, EmptyDocument, EncryptedDocument, UnknownFormat

LONG = "The health visitor asked who looked after the children at night and nobody could say. "
MESSAGE = "__nameid_version1.0".encode("utf-16-le")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
RECORD = {"id": "R-1", "date": "2021-03-04", "area": "Northmarsh", "circumstances": LONG * 2, "concerns": LONG}


def lines_of(*records: object) -> str:
    return "\n".join(each if isinstance(each, str) else json.dumps(each) for each in records)


def documents_in(path: Path, options: ReadOptions | None = None) -> tuple[list[str], list[str]]:
    """Names read and errors said."""
    names, said = [], []
    for unit in units([path], options):
        try:
            names.append(read_unit(pickle.loads(pickle.dumps(unit)), options).name)
        except CaseloreError as error:
            said.append(str(error))
    return names, said


def test_folders_are_walked_in_order_without_hidden_files(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("c.txt", "a.txt", "b/x.txt", ".hidden.txt", "~$a.docx", ".git/y.txt"):
        (tmp_path / name).write_text(LONG, encoding="utf-8")
    assert [unit.path.relative_to(tmp_path).as_posix() for unit in units([tmp_path])] == ["a.txt", "c.txt", "b/x.txt"]
    assert len({unit.key for unit in units([tmp_path])}) == 3


def test_a_record_of_json_lines_is_a_document_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    path.write_text(lines_of(RECORD, "", {**RECORD, "id": 7}), encoding="utf-8")
    names, said = documents_in(path)
    assert (names, said) == (["made.jsonl#R-1", "made.jsonl#7"], [])
    document = read_unit(next(units([path])))
    assert document.text.startswith("Circumstances\nThe health visitor")
    assert [(each.kind, each.heading) for each in document.sections] == [
        ("incident", "Circumstances"),
        ("analysis", "Concerns"),
    ]
    assert (document.source.title, document.source.year) == ("R-1", 2021)


def test_fields_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    path.write_text(lines_of(RECORD), encoding="utf-8")
    document = read(path, ReadOptions(text_fields=("area", "concerns"), title_field="area"))
    assert document.text.startswith("Area\nNorthmarsh\n\nConcerns\n")
    assert document.source.title == "Northmarsh"
    with pytest.raises(DocumentError, match="has none of the fields words; it has id, date"):
        read(path, ReadOptions(text_fields=("words",)))


def test_a_damaged_line_is_its_own_failure(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    bad = ("{", "[1]", '{"text": "short"}', "[" * 100_000, '{"text": "' + "x" * 6_000_000 + '"}')
    path.write_text(lines_of(RECORD, *bad, {**RECORD, "id": "R-9"}), encoding="utf-8")
    names, said = documents_in(path)
    assert names == ["made.jsonl#R-1", "made.jsonl#R-9"]
    assert [each.split(" ")[2] for each in said] == ["2", "3", "4", "5", "6"]
    assert all(each.startswith("made.jsonl, line ") and each.endswith(".") for each in said)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_of_texts(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "made.csv"
    text = f'id,title,narrative\n1,"One, first","{LONG}\nIt said ""no"" – twice."\n2,Two,"{LONG}"\n'
    path.write_bytes(text.encode(encoding))
    assert documents_in(path) == (["made.csv#1", "made.csv#2"], [])
    assert read_unit(next(units([path]))).text == f'{LONG}\nIt said "no" – twice.'


def test_an_open_quotation_mark_in_csv_damages_one_record(tmp_path: Path) -> None:
    path = tmp_path / "made.csv"
    path.write_text(f'id,text\n1,{LONG}\n2,"{LONG}\n3,{LONG}\n4,"{LONG}"\n5,{LONG}\n', encoding="utf-8")
    names, said = documents_in(path)
    assert names == ["made.csv#1", "made.csv#3", "made.csv#4", "made.csv#5"]
    assert said == ["made.csv, line 3 opens a quotation mark that is not closed."]


def test_a_table_of_numbers_is_one_failure(tmp_path: Path) -> None:
    path = tmp_path / "made.csv"
    path.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    assert documents_in(path) == (
        [],
        ["made.csv holds data but no running text; if a field holds reviews, name it with --text."],
    )


@pytest.mark.parametrize(
    ("name", "data", "error", "words"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, UnknownFormat, "save it as .docx"),
        ("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + MESSAGE, UnknownFormat, "Outlook message"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + ENCRYPTED, EncryptedDocument, "password"),
        ("a.rtf", b"{\\rtf1 x}", UnknownFormat, "Rich Text"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, UnknownFormat, "picture"),
        ("a.gz", gzip.compress(b"x", mtime=0), UnknownFormat, "unpack it"),
        ("a.txt", b"", EmptyDocument, "empty"),
        ("a.txt", b" \n ", EmptyDocument, "no text"),
        ("a.txt", b"\0" * 5000, DocumentError, "a.txt"),
        ("a.bin", bytes(range(256)) * 40, UnknownFormat, "is no text"),
        ("a.json", b'{"a": 1}', UnknownFormat, "no coded layer"),
        ("a.json", b"[" * 100_000, UnknownFormat, "nests its JSON too deeply"),
        ("a.json", b'{"a": ', UnknownFormat, "no JSON that can be read"),
        ("a.qdc", b'<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0"/>', UnknownFormat, "REFI-QDA"),
        ("a.xml", b'<?xml version="1.0"?><a/>', UnknownFormat, "XML"),
        ("a.docx", b"PK\x03\x04 cut", DocumentError, "damaged"),
        ("a.txt", b"word " * 900_000 + b"word " * 200_000, DocumentError, "divide it"),
        ("a.txt", b"a\n" * 150_000, DocumentError, "lines"),
        ("a.txt", b"a" * 50_000_000, DocumentError, "divide it"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_in_one_sentence(
    tmp_path: Path, name: str, data: bytes, error: type[Exception], words: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(error) as said:
        read(tmp_path / name)
    assert words in str(said.value)
    assert str(said.value).startswith(name)


@pytest.mark.parametrize(
    ("part", "words"), [("xl/workbook.xml", "spreadsheet"), ("project.qde", "REFI-QDA"), ("a.txt", "unpack it")]
)
def test_archives_are_told_apart(tmp_path: Path, part: str, words: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr(part, "x")
    with pytest.raises(UnknownFormat, match=words):
        read(tmp_path / "a.docx")


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    assert documents_in(tmp_path / "none.pdf")[1] == [f"{tmp_path / 'none.pdf'} does not exist; check the path."]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("child’s – “no”".encode(), "child’s – “no”"),
        ("child’s – “no”".encode("utf-8-sig"), "child’s – “no”"),
        ("child’s – “no”".encode("utf-16"), "child’s – “no”"),
        (f"child’s {LONG}".encode("utf-16-le"), f"child’s {LONG}"),
        ("child’s – “no”".encode("cp1252"), "child’s – “no”"),
        (b"one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("so\u00adft\u200b \ud800".encode("utf-8", "surrogatepass"), None),
    ],
)
def test_encodings(data: bytes, text: str | None) -> None:
    found, _ = decode(data, "a.txt")
    assert found == text or text is None
    assert clean("so\u00adft\u200b \ud800 a\u2028b") == "soft \ufffd a\nb"


def test_form_feeds_make_pages(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{LONG}\f{LONG}", encoding="utf-8")
    document = read(tmp_path / "a.txt")
    assert [(page.number, document.text[page.start : page.end].strip()) for page in document.pages] == [
        (1, LONG.strip()),
        (2, LONG.strip()),
    ]


def test_a_json_lines_file_under_another_suffix_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(lines_of(RECORD, RECORD), encoding="utf-8")
    assert len(documents_in(tmp_path / "a.txt")[0]) == 2


def test_units_stream_and_hold_one_record_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for i in range(20_000):
            stream.write(json.dumps({**RECORD, "id": str(i)}) + "\n")
    began = time.perf_counter()
    first = next(units([path]))
    assert time.perf_counter() - began < 1
    assert first.line == 1


DAMAGE = random.Random(20)


@pytest.mark.parametrize("kind", ["docx", "txt", "json", "jsonl", "html", "csv"])
def test_damaged_files_say_so_and_never_more(tmp_path: Path, kind: str) -> None:
    whole, said = _whole(kind), []
    for i in range(40):
        data = bytearray(whole)
        if i % 3 == 0:
            data = data[: DAMAGE.randrange(1, len(data))]
        elif i % 3 == 1:
            for _ in range(DAMAGE.choice([1, 20, 400])):
                data[DAMAGE.randrange(len(data))] ^= 1 << DAMAGE.randrange(8)
        path = (
            tmp_path
            / f"{i}.{DAMAGE.choice(['docx', 'txt', 'json', 'jsonl', 'html', 'csv', 'xyz']) if i % 3 == 2 else kind}"
        )
        path.write_bytes(bytes(data))
        for unit in units([path]):
            try:
                document = read_unit(unit)
                assert len(document.text) <= LARGEST_TEXT
                assert all(passages(document, case.start, case.end) for case in cases(document))
            except CaseloreError as error:
                said.append(str(error))
    assert not [each for each in said if "does not know" in each or "\n" in each]


def _whole(kind: str) -> bytes:
    if kind == "docx":
        import docx

        made = docx.Document()
        for i in range(12):
            made.add_paragraph(LONG, style="List Number" if i % 3 else None)
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()
    record = {"id": 1, "text": LONG * 3}
    return {
        "txt": (LONG * 20).encode(),
        "json": json.dumps({"schema_version": "1.0", "cases": [{"case_id": "CASE-01", "agencies": []}] * 3}).encode(),
        "jsonl": lines_of(*[record] * 5).encode(),
        "html": f"<html><body>{'<p>' + LONG + '</p>' * 9}</body></html>".encode(),
        "csv": ("id,text\n" + f'1,"{LONG}"\n' * 9).encode(),
    }[kind]


def test_every_real_file_is_read_or_says_why(shared: Path) -> None:
    read_names, said = [], []
    for folder in ("seeds", "corpora"):
        names, errors = documents_in(shared / folder)
        read_names += names
        said += errors
    assert len(read_names) == 4 + 150 + 3
    assert len(said) == 23
    assert not [each for each in said if "does not know" in each]


def test_a_name_that_is_no_utf8_is_read_and_written_with_its_bytes(tmp_path: Path) -> None:
    """Archives made elsewhere hold names in Latin-1; such a name stopped the whole run with a traceback."""
    odd = os.fsencode(tmp_path) + b"/Pr\xe4sident.txt"
    Path(os.fsdecode(odd)).write_text(LONG, encoding="utf-8")
    Path(os.fsdecode(odd.replace(b".txt", b".csv"))).write_text("ref,words\n1,short\n", encoding="utf-8")
    found = list(units([tmp_path, os.fsdecode(odd + b".gone")]))
    for each in found:
        (each.name + each.key + each.problem).encode("utf-8")
    assert [each.name for each in found] == ["Pr\\xe4sident.csv", "Pr\\xe4sident.txt", "Pr\\xe4sident.txt.gone"]
    assert read_unit(found[1]).name == "Pr\\xe4sident.txt"


def test_a_folder_that_may_not_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.txt").write_text(LONG, encoding="utf-8")
    opened = os.scandir

    def scandir(path: str) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", path)
        return opened(path)

    monkeypatch.setattr(os, "scandir", scandir)  # the tests may run as root, whom no right stops
    names, said = documents_in(tmp_path)
    assert (names, said) == (["a.txt"], ["closed cannot be opened (Permission denied); check its permissions."])


def test_links_that_are_not_followed_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LONG, encoding="utf-8")
    (tmp_path / "link.txt").symlink_to("a.txt")
    (tmp_path / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "dead.pdf").symlink_to("nowhere.pdf")
    names, said = documents_in(tmp_path)
    assert names == ["a.txt", "link.txt"]
    assert said == [
        "dead.pdf is a link to a file that is not there; put the file itself in its place.",
        "round is a link to a folder, and links are not followed; name that folder itself.",
    ]


def test_one_file_is_asked_for_where_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LONG, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"is a folder; name one file\.$"):
        read(tmp_path)
