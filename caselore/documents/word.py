"""In: the bytes of a Word file (.docx). Out: its text, one line for a paragraph or table row; its headings, its title.

The parts are read from the zip with lxml in the order of the body, with text boxes, footnotes, tracked insertions
and the numbers that Word makes of its lists. Sizes are checked before anything is unpacked.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from caselore.documents.headings import Given
from caselore.documents.plain import clean
from caselore.documents.word_numbers import Numbers
from caselore.errors import DocumentError
from caselore.records import Source

READER_VERSION = "word@1"

LARGEST_PART = 60_000_000
"""Bytes that one part may unpack to: a hundred times the text of the longest review."""

MOST_PARTS = 20_000
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    KeyError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)
"""What the zip and XML readers raise on a file that is not whole."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = frozenset({W + "del", W + "moveFrom", W + "instrText", W + "fldSimpleInstr", W + "delText"})
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DC = "{http://purl.org/dc/elements/1.1/}"


@dataclass
class _Styles:
    """What the styles say: which are headings, and at which level; which are lists."""

    levels: dict[str, int] = field(default_factory=dict)
    lists: dict[str, tuple[str, int]] = field(default_factory=dict)


@dataclass
class _Text:
    """Text in the making and where its headings stand."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    headings: list[Given] = field(default_factory=list)

    def add(self, line: str, level: int = 0, *, tight: bool = False) -> None:
        """Add one line; a blank one is left out."""
        line = clean(line).strip()
        if not line:
            return
        gap = "" if not self.pieces else "\n" if tight else "\n\n"
        start = self.length + len(gap)
        if level:
            self.headings.append(Given(start, start + len(line), level))
        self.pieces += [gap, line]
        self.length = start + len(line)


def read_word(data: bytes, name: str) -> tuple[str, tuple[Given, ...], Source]:
    """Text, headings and source. Raises DocumentError for a file that is damaged or unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            refuse_bombs(archive, name)
            return _read(archive)
    except DAMAGED as error:
        said = str(error).split("\n")[0][:120]
        raise DocumentError(f"{name} is a damaged Word file ({said}); open it in Word and save it anew.") from None


def refuse_bombs(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse an archive by the sizes that it declares; zipfile never unpacks more than is declared."""
    parts = archive.infolist()
    large = next((part for part in parts if part.filename.endswith(".xml") and part.file_size > LARGEST_PART), None)
    if large is not None or len(parts) > MOST_PARTS:
        what = f"{large.filename} unpacks to {large.file_size:,} bytes" if large else f"it has {len(parts):,} parts"
        raise DocumentError(f"{name} is too large for a Word file ({what}); divide it or save it anew.")


def _read(archive: zipfile.ZipFile) -> tuple[str, tuple[Given, ...], Source]:
    names = set(archive.namelist())
    styles = _styles(_xml(archive, "word/styles.xml")) if "word/styles.xml" in names else _Styles()
    numbers = Numbers(_xml(archive, "word/numbering.xml") if "word/numbering.xml" in names else None)
    text = _Text()
    body = _xml(archive, "word/document.xml").find(W + "body")
    if body is not None:
        _blocks(body, text, styles, numbers)
    for part in ("word/footnotes.xml", "word/endnotes.xml"):
        if part in names:
            _notes(_xml(archive, part), text)
    source = _core(_xml(archive, "docProps/core.xml")) if "docProps/core.xml" in names else Source()
    return "".join(text.pieces), tuple(text.headings), source


def _xml(archive: zipfile.ZipFile, part: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    return etree.fromstring(archive.read(part), parser)


def _styles(root: etree._Element) -> _Styles:
    """Heading levels by the style's name or outline level; a style inherits from the one it is based on."""
    styles, based = _Styles(), {}
    for style in root.iter(W + "style"):
        key = style.get(W + "styleId") or ""
        level = _style_level(style)
        if level:
            styles.levels[key] = level
        number = style.find(f"{W}pPr/{W}numPr")
        if number is not None and _value(number, "numId"):
            styles.lists[key] = (_value(number, "numId"), int(_value(number, "ilvl") or 0))
        based[key] = _value(style, "basedOn")
    for key, parent in based.items():
        if parent in styles.levels and key not in styles.levels:
            styles.levels[key] = styles.levels[parent]
    return styles


def _style_level(style: etree._Element) -> int:
    name = _value(style, "name").lower()
    match = re.fullmatch(r"heading (\d)", name)
    if match:
        return int(match[1])
    outline = style.find(f"{W}pPr/{W}outlineLvl")
    level = int(outline.get(W + "val") or 9) + 1 if outline is not None else 0
    return level if 1 <= level <= 6 else 1 if name == "title" else 0


def _value(element: etree._Element, child: str) -> str:
    found = element.find(W + child)
    return (found.get(W + "val") or "") if found is not None else ""


def _blocks(body: etree._Element, text: _Text, styles: _Styles, numbers: Numbers) -> None:
    """Paragraphs and tables in the order of the body; content controls are seen through."""
    stack = [iter(body)]
    while stack:
        block = next(stack[-1], None)
        if block is None:
            stack.pop()
        elif block.tag == W + "p":
            _paragraph(block, text, styles, numbers)
        elif block.tag == W + "tbl":
            _table(block, text)
        elif block.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml", W + "smartTag"):
            stack.append(iter(block))


def _paragraph(paragraph: etree._Element, text: _Text, styles: _Styles, numbers: Numbers) -> None:
    boxes: list[etree._Element] = []
    words = "".join(_runs(paragraph, boxes))
    properties = paragraph.find(W + "pPr")
    style = _value(properties, "pStyle") if properties is not None else ""
    level = _level(properties, styles.levels.get(style, 0))
    listed = _list(properties, styles.lists.get(style))
    label = numbers.label(*listed) if listed and words.strip() else ""
    for line in words.split("\n"):
        text.add(label + line if line.strip() else "", level, tight=bool(listed and not level))
        label = ""
    for box in boxes:
        for inner in box.iter(W + "p"):
            text.add("".join(_runs(inner, [])))


def _level(properties: etree._Element | None, level: int) -> int:
    if properties is None:
        return level
    outline = _value(properties, "outlineLvl")
    return int(outline) + 1 if outline.isdigit() and int(outline) < 6 else level


def _list(properties: etree._Element | None, of_style: tuple[str, int] | None) -> tuple[str, int] | None:
    number = properties.find(W + "numPr") if properties is not None else None
    if number is None:
        return of_style
    level = _value(number, "ilvl")
    key = _value(number, "numId") or (of_style[0] if of_style else "")
    return (key, int(level) if level.isdigit() else 0) if key and key != "0" else None


def _runs(paragraph: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
    """The words of a paragraph; deleted words and field codes are left out, text boxes are set aside."""
    stack = [iter(paragraph)]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
        elif node.tag == W + "t":
            yield node.text or ""
        elif node.tag == W + "tab":
            yield "\t"
        elif node.tag in (W + "br", W + "cr"):
            yield "\n"
        elif node.tag == W + "noBreakHyphen":
            yield "-"
        elif node.tag == W + "txbxContent":
            boxes.append(node)
        elif node.tag not in _SKIPPED and node.tag not in (_FALLBACK, W + "pPr", W + "rPr"):
            stack.append(iter(node))


def _table(table: etree._Element, text: _Text) -> None:
    """Each row a line, its cells apart by " | "; a table of one cell is a box of paragraphs."""
    rows = [row for row in table.iter(W + "tr") if next(row.iterancestors(W + "tbl"), None) is table]
    first = True
    for row in rows:
        cells = [cell for cell in row.iter(W + "tc") if next(cell.iterancestors(W + "tr"), None) is row]
        if len(cells) == 1:
            for paragraph in cells[0].iter(W + "p"):
                text.add("".join(_runs(paragraph, [])).replace("\t", " "))
            continue
        words = [" ".join(_cell(cell).split()) for cell in cells]
        if any(words):
            text.add(" | ".join(words), tight=not first)
            first = False


def _cell(cell: etree._Element) -> str:
    return " ".join("".join(_runs(paragraph, [])) for paragraph in cell.iter(W + "p"))


def _notes(root: etree._Element, text: _Text) -> None:
    """Footnotes, after the body: they belong to it, but no sentence of it is cut in two by one."""
    for note in root:
        if note.get(W + "type") in ("separator", "continuationSeparator", "continuationNotice"):
            continue
        for paragraph in note.iter(W + "p"):
            text.add("".join(_runs(paragraph, [])), tight=True)


def _core(root: etree._Element) -> Source:
    """The title; the creator is a person and is not taken."""
    title, publisher = root.findtext(_DC + "title") or "", root.findtext(_DC + "publisher") or ""
    return Source(title=" ".join(clean(title).split()), publisher=" ".join(clean(publisher).split()))
