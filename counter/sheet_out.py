"""Rows of text as a file for a spreadsheet: CSV or XLSX. What begins like a formula stays text in both."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Final, Literal
from xml.sax.saxutils import escape, quoteattr

from counter.text import safe_text

Form = Literal["csv", "xlsx"]
FORMS: Final[tuple[Form, ...]] = ("csv", "xlsx")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_LONGEST: Final = 1_000
_ONCE: Final = (1980, 1, 1, 0, 0, 0)
"""The instant of every part: the same rows give the same bytes."""
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def table_bytes(headings: Sequence[str], rows: Iterable[Sequence[str]], *, form: Form, sheet: str) -> bytes:
    """The file. CSV: UTF-8 with a mark that spreadsheets read, commas, CRLF. XLSX: every cell a text, leading zeros kept."""
    table = [[safe_text(cell, limit=_LONGEST) for cell in row] for row in (headings, *rows)]
    return _csv(table) if form == "csv" else _xlsx(table, safe_text(sheet, limit=31))


def _csv(table: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([[f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in table])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _xlsx(table: Sequence[Sequence[str]], sheet: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in _parts(table, sheet):
            part = zipfile.ZipInfo(name, date_time=_ONCE)
            part.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(part, _HEAD + text)
    return out.getvalue()


def _parts(table: Sequence[Sequence[str]], sheet: str) -> Iterable[tuple[str, str]]:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
    )
    yield "_rels/.rels", _relation("officeDocument", "xl/workbook.xml")
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name={quoteattr(sheet)} sheetId="1" r:id="rId1"/></sheets></workbook>',
    )
    yield "xl/_rels/workbook.xml.rels", _relation("worksheet", "worksheets/sheet1.xml")
    rows = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in table)
    yield "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


__all__ = ["FORMS", "Form", "table_bytes"]
