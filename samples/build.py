"""Builds the sample documents from their sources: `python samples/build.py`.

A source is Markdown with a first line such as ``format: pdf``; the formats are pdf, columns (a PDF of two columns),
docx, html, txt, md and scan (a picture of the page in a PDF with no text); ``collection`` behind it says that every
heading of the second level is a case of its own. Everything in the sources is fictional. The built files are
committed, so that the demonstration needs none of this; PDF and scan want the packages typst and pypdfium2.
"""

from __future__ import annotations

import datetime
import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

HERE = Path(__file__).resolve().parent
Block = tuple[str, str]
"""What a paragraph is (h1, h2, h3, li, ol, tr, p) and its words; the cells of a tr are divided by tabs."""

SPLIT = re.compile(r"\n\s*\n|\n(?=[-#|] |\d+\. )")
BOLD = re.compile(r"\*\*(.+?)\*\*|(?<![\w*])\*([^*\n]+)\*(?![\w*])")
EPOCH = datetime.datetime(2026, 1, 1)
MARKS = {"### ": "h3", "## ": "h2", "# ": "h1", "- ": "li"}


def blocks(text: str) -> Iterator[Block]:
    """The paragraphs of a source."""
    for piece in SPLIT.split(text.strip()):
        words = " ".join(piece.split())
        mark = next((mark for mark in MARKS if words.startswith(mark)), "")
        if mark:
            yield MARKS[mark], words.removeprefix(mark)
        elif words.startswith("| "):
            yield "tr", "\t".join(cell.strip() for cell in words.strip("| ").split("|"))
        elif words:
            yield "ol" if re.match(r"\d+\. ", words) else "p", words


def plain(words: str) -> str:
    """The words without marks of bold and italics."""
    return BOLD.sub(lambda found: found[1] or found[2], words)


def title_of(text: str) -> str:
    """The heading of the first level."""
    return next(words for kind, words in blocks(text) if kind == "h1")


def txt(text: str, to: Path) -> None:
    to.write_text(_text(blocks(text)), encoding="utf-8")


def _text(found: Iterator[Block] | list[Block]) -> str:
    lines = [
        f"\n{plain(words)}\n" if kind in ("h1", "h2", "h3") else f"- {plain(words)}" if kind == "li" else plain(words)
        for kind, words in found
    ]
    return "\n".join(lines).strip() + "\n"


def md(text: str, to: Path) -> None:
    to.write_text(text.strip() + "\n", encoding="utf-8")


def page(text: str, to: Path) -> None:
    def cells(words: str) -> str:
        return "".join(f"<td>{each}</td>" for each in words.split("\t"))

    def one(kind: str, words: str) -> str:
        words = BOLD.sub(lambda found: f"<strong>{found[1] or found[2]}</strong>", html.escape(words, quote=False))
        tag = "p" if kind == "ol" else kind
        return f"<{tag}>{cells(words) if kind == 'tr' else words}</{tag}>"

    around = {"li": "ul", "tr": "table"}
    parts = []
    for kind, run in groupby(blocks(text), key=lambda block: block[0]):
        body = "\n".join(one(*block) for block in run)
        parts.append(f"<{around[kind]}>\n{body}\n</{around[kind]}>" if kind in around else body)
    body = "\n".join(parts)
    to.write_text(
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>{html.escape(title_of(text))}</title></head>\n"
        f"<body><nav>Home | Reviews</nav><main>\n{body}\n</main></body></html>\n",
        encoding="utf-8",
    )


def docx(text: str, to: Path) -> None:
    from docx import Document

    document = Document()
    document.core_properties.created = document.core_properties.modified = EPOCH
    styles = {"h1": "Title", "h2": "Heading 1", "h3": "Heading 2", "li": "List Bullet"}
    for kind, run in groupby(blocks(text), key=lambda block: block[0]):
        rows = [words for _, words in run]
        if kind == "tr":
            table = document.add_table(rows=0, cols=rows[0].count("\t") + 1)
            for words in rows:
                for cell, written in zip(table.add_row().cells, words.split("\t"), strict=True):
                    cell.text = plain(written)
            continue
        for words in rows:
            paragraph = document.add_paragraph(style=styles.get(kind, "Normal"))
            for i, piece in enumerate(re.split(r"\*\*", words)):
                paragraph.add_run(plain(piece)).bold = bool(i % 2)
    stored = io.BytesIO()
    document.save(stored)
    _same_every_time(stored, to)


def _same_every_time(stored: io.BytesIO, to: Path) -> None:
    """The archive with one date on all its parts, so that building again changes no byte."""
    with zipfile.ZipFile(stored) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = zipfile.ZipInfo(info.filename, EPOCH.timetuple()[:6])
            new.writestr(part, old.read(info), zipfile.ZIP_DEFLATED)


def pdf(text: str, to: Path) -> None:
    to.write_bytes(_typeset(typst_source(text)))


def columns(text: str, to: Path) -> None:
    to.write_bytes(_typeset(typst_source(text, columns=2)))


def _typeset(source: str) -> bytes:
    import typst

    return bytes(typst.compile(source.encode(), format="pdf", timestamp=0))


def typst_source(text: str, *, columns: int = 1) -> str:
    """The source as typst: A4, a running head and page numbers, as published reviews have them."""
    title = _typst(title_of(text))
    size, numbering = ("10pt", "1 of 1") if columns > 1 else ("11pt", "1")
    parts = [
        f'#set page(paper: "a4", header: align(right, text(8pt)[{title}]), numbering: "{numbering}", '
        f"columns: {columns})",
        f'#set text(size: {size}, lang: "en", region: "GB", hyphenate: true)',
        "#set par(justify: true)",
    ]
    marks = {"h1": "= ", "h2": "== ", "h3": "=== ", "li": "- "}
    for kind, run in groupby(blocks(text), key=lambda block: block[0]):
        rows = [words for _, words in run]
        if kind == "tr":
            cells = ", ".join(f"[{_typst(cell)}]" for words in rows for cell in words.split("\t"))
            parts.append(f"#table(columns: (auto, 1fr), {cells})")
        else:
            parts += [f"\n{marks.get(kind, '')}{_typst(words)}\n" for words in rows]
    return "\n".join(parts)


def _typst(words: str) -> str:
    pieces = re.split(r"\*\*", words)
    escaped = [re.sub(r"([\\#$*_@<>`\[\]~])", r"\\\1", piece) for piece in pieces]
    marked = "".join(f"#strong[{piece}]" if i % 2 else piece for i, piece in enumerate(escaped))
    return re.sub(r"^(\d+)\. ", r"\1\\. ", marked)


def scan(text: str, to: Path) -> None:
    """A picture of the first page, in a PDF that has no text."""
    import pypdfium2 as pdfium

    printed = pdfium.PdfDocument(_typeset(typst_source(text)))
    picture = printed[0].render(scale=2.2, grayscale=True).to_pil()
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=55)
    scanned = pdfium.PdfDocument.new()
    image = pdfium.PdfImage.new(scanned)
    image.load_jpeg(io.BytesIO(jpeg.getvalue()))
    width, height = printed[0].get_size()
    image.set_matrix(pdfium.PdfMatrix().scale(width, height))
    sheet = scanned.new_page(width, height)
    sheet.insert_obj(image)
    sheet.gen_content()
    scanned.save(str(to))


WRITERS: dict[str, tuple[str, Callable[[str, Path], None]]] = {
    "txt": (".txt", txt),
    "md": (".md", md),
    "html": (".html", page),
    "docx": (".docx", docx),
    "pdf": (".pdf", pdf),
    "columns": (".pdf", columns),
    "scan": (".pdf", scan),
}


def read_source(path: Path) -> tuple[str, bool, str]:
    """The format of a source, whether it is a collection of cases, and its text."""
    first, _, text = path.read_text(encoding="utf-8").partition("\n")
    kind, *options = first.removeprefix("format:").split()
    return kind, "collection" in options, text


def items() -> list[dict[str, str]]:
    """Every case of the sample with its heading and its text, as a coder reads it."""
    out = []
    for source in sorted((HERE / "sources").glob("*.md")):
        _, collection, text = read_source(source)
        if not collection:
            out.append({"id": source.stem, "heading": plain(title_of(text)), "text": _text(blocks(text))})
            continue
        stem = source.stem.split("-")[0]
        for number, (heading, body) in enumerate(_cases(text), 1):
            out.append({"id": f"{stem}-{number:02}", "heading": heading, "text": _text([("h2", heading), *body])})
    return out


def _cases(text: str) -> Iterator[tuple[str, list[Block]]]:
    """The cases of a collection; what stands behind the link of an entry is the page's own."""
    found = list(blocks(text))
    starts = [i for i, (kind, _) in enumerate(found) if kind == "h2"]
    for start, end in zip(starts, [*starts[1:], len(found)], strict=True):
        links = [i for i in range(start, end) if found[i][1].startswith(">")]
        yield found[start][1], found[start + 1 : links[0] + 1 if links else end]


def main() -> None:
    """Build every source, and the list of cases that the gold codings speak of."""
    (HERE / "reviews").mkdir(exist_ok=True)
    for source in sorted((HERE / "sources").glob("*.md")):
        kind, _, text = read_source(source)
        suffix, write = WRITERS[kind]
        to = HERE / "reviews" / (source.stem + suffix)
        write(text, to)
        print(to.relative_to(HERE))
    (HERE / "items.json").write_text(json.dumps(items(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
