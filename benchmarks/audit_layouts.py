"""A fictional report goes in; a file in one of nine layouts comes out."""

from __future__ import annotations

from pathlib import Path

from audit_writer import Grid, Report

LAYOUTS = ("tabs", "bars", "markdown", "spaces", "packed", "stacked", "docx", "pdf", "pdf-unruled")


def render(report: Report, layout: str, folder: Path) -> Path:
    """The report as a file in one of the layouts."""
    if layout == "docx":
        return _docx(report, folder / "report.docx")
    if layout.startswith("pdf"):
        return _pdf(report, folder / f"{layout}.pdf", ruled=layout == "pdf")
    pieces = [_as_text(block, layout) if isinstance(block, Grid) else block.lstrip("# ") for block in report.blocks]
    path = folder / f"{layout}.txt"
    path.write_text("\n\n".join(pieces) + "\n", encoding="utf-8")
    return path


def _as_text(grid: Grid, layout: str) -> str:
    rows = grid.rows
    if layout == "tabs":
        body = "\n".join("\t".join(row) for row in rows)
    elif layout == "bars":
        body = "\n".join(" | ".join(row) for row in rows)
    elif layout == "markdown":
        rule = "|" + "---|" * len(rows[0])
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        body = "\n".join([lines[0], rule, *lines[1:]])
    elif layout == "spaces":
        widths = [max(len(row[c]) for row in rows) + 3 for c in range(len(rows[0]))]
        body = "\n".join(
            "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
        )
    elif layout == "packed":
        body = "\n".join(" ".join(row) for row in rows)
    else:
        body = "\n".join(cell for row in rows for cell in row)
    return f"{grid.caption}\n\n{body}" + (f"\n\n* {grid.notes}" if grid.notes else "")


def _docx(report: Report, path: Path) -> Path:
    from docx import Document

    document = Document()
    for block in report.blocks:
        if isinstance(block, Grid):
            document.add_paragraph(block.caption)
            table = document.add_table(rows=0, cols=len(block.rows[0]))
            for row in block.rows:
                for cell, words in zip(table.add_row().cells, row, strict=True):
                    cell.text = words
            if block.notes:
                document.add_paragraph(f"* {block.notes}")
        elif block.startswith("# "):
            document.add_heading(block[2:], 1)
        else:
            document.add_paragraph(block)
    document.save(str(path))
    return path


def _pdf(report: Report, path: Path, *, ruled: bool) -> Path:
    import typst

    out = ["#set page(width: 21cm, height: 29.7cm, margin: 2.2cm)", "#set text(size: 10pt)"]
    for block in report.blocks:
        if isinstance(block, Grid):
            cells = ", ".join(f"[{_escaped(cell)}]" for row in block.rows for cell in row)
            stroke = "" if ruled else "stroke: none, "
            out.append(f"{_escaped(block.caption)}\n\n#table(columns: {len(block.rows[0])}, {stroke}{cells})\n")
            if block.notes:
                out.append(f"\\* {_escaped(block.notes)}")
        else:
            out.append(f"= {_escaped(block[2:])}" if block.startswith("# ") else _escaped(block))
    source = path.with_suffix(".typ")
    source.write_text("\n\n".join(out), encoding="utf-8")
    typst.compile(str(source), output=str(path))
    return path


def _escaped(words: str) -> str:
    for mark in "\\#$*_@<>[]`":
        words = words.replace(mark, "\\" + mark)
    return words
