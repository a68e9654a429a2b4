"""In: an HTML page. Out: its text, a line for each paragraph, list item or table row; headings; source."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from caselore.documents.headings import Given
from caselore.documents.plain import clean, decode
from caselore.errors import DocumentError
from caselore.records import Source

READER_VERSION = "html@1"

LARGEST = 20_000_000
"""Bytes of one page; a larger one is no review but a dump."""

DEEPEST = 600
"""Elements within elements; beyond this the parser takes time with the square of the depth."""

_DROPPED = (
    "script style noscript nav template iframe svg canvas form button select option textarea input head title meta "
    "link object embed video audio map dialog"
)
_BLOCKS = (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre section summary table tbody tfoot "
    "thead tr ul br"
)
DROPPED = frozenset(_DROPPED.split())
BLOCKS = frozenset(_BLOCKS.split())
BULLET = "• "
CELLS = frozenset(("td", "th"))
TIGHT = frozenset(("li", "tr", "br", "dt", "dd"))
HEADED = "h1, h2, h3, h4, h5, h6"
"""A table that holds headings, or a table, holds no data but lays out its page."""
HEADINGS = {f"h{level}": level for level in range(1, 7)}
PAGE_PARTS = re.compile(r"\b(cookie|breadcrumb|skip-link|site-(header|footer|nav)|social-share)", re.I)
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
UNCLOSED = frozenset("p li td th tr dt dd option thead tbody tfoot colgroup html body head".split())
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.I)
_SPACE = re.compile(r"[ \t\r\n\f]+")


@dataclass
class _Page:
    """Text in the making: finished lines, the line at hand, and where headings stand.

    `tables` says of each table that we are in whether it holds data; the cells of one that only lays out the
    page are paragraphs.
    """

    pieces: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    length: int = 0
    headings: list[Given] = field(default_factory=list)
    level: int = 0
    tight: bool = False
    tables: list[bool] = field(default_factory=list)
    cells: int = 0

    def close(self) -> None:
        """End the line at hand; a heading is remembered with its place."""
        text = clean(_SPACE.sub(" ", "".join(self.line))).strip().rstrip("|").strip()
        self.line.clear()
        if not text.strip("• "):
            return
        gap = "" if not self.pieces else "\n" if self.tight else "\n\n"
        start = self.length + len(gap)
        if self.level:
            self.headings.append(Given(start, start + len(text), self.level))
        self.pieces += [gap, text]
        self.length = start + len(text)

    @property
    def in_row(self) -> bool:
        """Whether we are in a cell of a table of data, where nothing ends the line."""
        return bool(self.tables) and self.tables[-1] and self.cells > 0


def read_html(data: bytes, name: str) -> tuple[str, tuple[Given, ...], Source, tuple[str, ...]]:
    """Text, headings, source and problems. Raises DocumentError where the page is too large or too deep."""
    if len(data) > LARGEST:
        raise DocumentError(f"{name} has {len(data):,} bytes, more than the {LARGEST:,} of one HTML page; divide it.")
    markup, problems = _markup(data, name)
    if _depth(markup) > DEEPEST:
        raise DocumentError(f"{name} nests its elements more than {DEEPEST} deep; save it from a browser as text.")
    tree = LexborHTMLParser(markup)
    page = _Page()
    root = _root(tree)
    if root is not None:
        _walk(root, page)
    page.close()
    return "".join(page.pieces), tuple(page.headings), _source(tree), problems


def _markup(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The page's characters: by byte order mark, then by its own charset, then guessed."""
    said = _CHARSET.search(data[:4096])
    if said and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        charset = said[1].decode("ascii", "ignore").lower()
        charset = "cp1252" if charset in ("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii") else charset
        try:
            return data.decode(charset).replace("\x00", ""), ()
        except (LookupError, UnicodeDecodeError, ValueError):
            pass  # a page may say one charset and be written in another; what it is decides
    return decode(data, name)


def _depth(markup: str) -> int:
    """How deep elements stand in each other, at most, counting only those that must be closed."""
    deepest = depth = 0
    for match in _TAG.finditer(markup):
        name = match[2].lower()
        if name in VOID or name in UNCLOSED or match[3]:
            continue
        depth = max(depth + (-1 if match[1] else 1), 0)
        deepest = max(deepest, depth)
    return deepest


def _root(tree: LexborHTMLParser) -> LexborNode | None:
    """The main part where the page marks one that holds most of its words, else the body."""
    body = tree.body
    main = tree.css_first("main") or tree.css_first("[role=main]")
    if body is None or main is None:
        return body
    return main if 2 * len(main.text(deep=True)) > len(body.text(deep=True)) else body


def _walk(root: LexborNode, page: _Page) -> None:
    """Go through the nodes in order with a stack of our own: no page is too deep for it."""
    stack: list[tuple[LexborNode, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        tag = node.tag or ""
        if leaving:
            _leave(tag, page)
            continue
        if tag == "-text":
            page.line.append(node.text_content or "")
            continue
        if tag in DROPPED or tag.startswith(("-", "_", "!")) or _hidden(node):
            continue
        _enter(node, tag, page)
        stack.append((node, True))
        children = []
        child = node.child
        while child is not None:
            children.append((child, False))
            child = child.next
        stack.extend(reversed(children))


def _enter(node: LexborNode, tag: str, page: _Page) -> None:
    if tag == "table":
        page.close()
        page.tables.append(node.css_first(HEADED) is None and len(node.css("table")) == 1)
    elif tag in CELLS:
        page.cells += 1
        if not page.in_row:
            page.close()
    elif tag in BLOCKS and page.in_row:
        page.line.append(" ")
    elif tag in BLOCKS and page.line != [BULLET]:  # a paragraph in a list item does not end its line
        page.close()
        page.tight = tag in TIGHT
    if tag in HEADINGS:
        page.level = HEADINGS[tag]
    elif tag == "li":
        page.line.append(BULLET)


def _leave(tag: str, page: _Page) -> None:
    if tag in CELLS:
        page.cells -= 1
        if page.tables and page.tables[-1]:
            page.line.append(" | ")
    elif tag in BLOCKS and not page.in_row:
        page.close()
    if tag in HEADINGS:
        page.level = 0
    elif tag == "table" and page.tables:
        page.tables.pop()


def _hidden(node: LexborNode) -> bool:
    said = node.attributes
    if not said:
        return False
    if "hidden" in said or said.get("aria-hidden") == "true" or said.get("role") in ("navigation", "banner", "search"):
        return True
    style = (said.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or bool(PAGE_PARTS.search(f"{said.get('class') or ''} {said.get('id') or ''}"))


def _source(tree: LexborHTMLParser) -> Source:
    said: dict[str, str] = {}
    for node in tree.css("meta"):
        key = (node.attributes.get("name") or node.attributes.get("property") or "").lower()
        said.setdefault(key, clean((node.attributes.get("content") or "").strip()))
    heads, titles = tree.css("h1"), tree.css_first("title")
    link = tree.css_first("link[rel=canonical]")
    heading = heads[0].text(deep=True) if len(heads) == 1 else ""
    title = heading or said.get("dc.title") or (titles.text(deep=True) if titles else "")
    year = re.search(r"\b(?:19[89]|20[0-4])\d\b", said.get("dc.date") or said.get("article:published_time") or "")
    return Source(
        title=" ".join(clean(title).split()),
        publisher=said.get("dc.publisher") or said.get("og:site_name") or "",
        year=int(year[0]) if year else None,
        licence=said.get("dc.rights") or "",
        url=(link.attributes.get("href") or "") if link else said.get("og:url") or "",
    )
