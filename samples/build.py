"""Builds the sample documents from their sources: `python samples/build.py`.

A source is Markdown with a first line such as ``format: pdf``; the formats are pdf, docx, html, txt, md and scan
(a picture of the page in a PDF with no text). Everything in the sources is fictional. The built files are
committed, so that the demonstration needs none of this; PDF and scan want the packages typst and pypdfium2.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
Block = tuple[str, str]
"""What a paragraph is (h1, h2, li, ol, p) and its words."""


def blocks(text: str) -> Iterator[Block]:
    """The paragraphs of a source."""
    for piece in re.split(r"\n\s*\n|\n(?=[-#] |\d+\. )", text.strip()):
        words = " ".join(piece.split())
        if words.startswith("## "):
            yield "h2", words[3:]
        elif words.startswith("# "):
            yield "h1", words[2:]
        elif words.startswith("- "):
            yield "li", words[2:]
        elif re.match(r"\d+\. ", words):
            yield "ol", words
        elif words:
            yield "p", words


def txt(text: str, to: Path) -> None:
    lines = [
        f"\n{words}\n" if kind in ("h1", "h2") else f"- {words}" if kind == "li" else words
        for kind, words in blocks(text)
    ]
    to.write_text("\n".join(lines).strip() + "\n", encoding="utf-8")


def md(text: str, to: Path) -> None:
    to.write_text(text.strip() + "\n", encoding="utf-8")


def page(text: str, to: Path) -> None:
    body = "\n".join(
        f"<{tag}>{html.escape(words)}</{tag}>"
        for kind, words in blocks(text)
        for tag in ("p" if kind == "ol" else kind,)
    )
    body = re.sub(r"((?:<li>.*</li>\n?)+)", r"<ul>\n\1</ul>\n", body)
    title = next(words for kind, words in blocks(text) if kind == "h1")
    to.write_text(
        f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>\n'
        f"<body><nav>Home | Reviews</nav><main>\n{body}\n</main></body></html>\n",
        encoding="utf-8",
    )


def docx(text: str, to: Path) -> None:
    import datetime

    from docx import Document

    document = Document()
    document.core_properties.created = document.core_properties.modified = datetime.datetime(2026, 1, 1)
    styles = {"h1": "Title", "h2": "Heading 1", "li": "List Bullet", "ol": "Normal", "p": "Normal"}
    for kind, words in blocks(text):
        document.add_paragraph(words, style=styles[kind])
    document.save(str(to))


def pdf(text: str, to: Path) -> None:
    import typst

    to.write_bytes(typst.compile(typst_source(text).encode(), format="pdf", timestamp=0))


def typst_source(text: str) -> str:
    """The source as typst: A4, a running head and page numbers, as published reviews have them."""
    title = next(words for kind, words in blocks(text) if kind == "h1")
    parts = [
        f'#set page(paper: "a4", header: align(right, text(8pt)[{_typst(title)}]), numbering: "1")',
        '#set text(size: 11pt, lang: "en", region: "GB", hyphenate: true)',
        "#set par(justify: true)",
    ]
    for kind, words in blocks(text):
        mark = {"h1": "= ", "h2": "== ", "li": "- "}.get(kind, "")
        parts.append(f"\n{mark}{_typst(words)}\n")
    return "\n".join(parts)


def _typst(words: str) -> str:
    escaped = re.sub(r"([\\#$*_@<>`\[\]~])", r"\\\1", words)
    return re.sub(r"^(\d+)\. ", r"\1\\. ", escaped)


def scan(text: str, to: Path) -> None:
    """A picture of the first page, in a PDF that has no text."""
    import io

    import pypdfium2 as pdfium
    import typst

    printed = pdfium.PdfDocument(typst.compile(typst_source(text).encode(), format="pdf", timestamp=0))
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
    "scan": (".pdf", scan),
}


def main() -> None:
    """Build every source."""
    for source in sorted((HERE / "sources").glob("*.md")):
        first, _, text = source.read_text(encoding="utf-8").partition("\n")
        suffix, write = WRITERS[first.removeprefix("format:").strip()]
        to = HERE / "reviews" / (source.stem + suffix)
        write(text, to)
        print(to.relative_to(HERE))


if __name__ == "__main__":
    main()
