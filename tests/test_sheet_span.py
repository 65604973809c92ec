"""A sheet is measured before the library builds it: one cell far away would take more memory than there is."""

from __future__ import annotations

import pytest

from counter.sheet_span import SheetSpan


def spans_too_much(xml: bytes, *, piece: int = 1_000_000) -> bool:
    span = SheetSpan()
    for at in range(0, len(xml), piece):
        span.feed(xml[at : at + piece])
    return span.is_too_large()


def sheet(*rows: bytes) -> bytes:
    return b"<worksheet><sheetData>" + b"".join(rows) + b"</sheetData></worksheet>"


def full(row: int, *, width: int = 3) -> bytes:
    cells = b"".join(b'<c r="%c%d" t="s"><v>1</v></c>' % (65 + column, row) for column in range(width))
    return b'<row r="%d">%s</row>' % (row, cells)


FAR = {
    "the last corner": b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "in small letters": b'<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
    "with other quotation marks and blanks": b"<row r='1048576'><c  s='1'  r = 'XFD1048576'><v>1</v></c></row>",
    "in a name space": b'<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "behind a bracket in a value": b'<row><c s=">" r="XFD1048576"><v>1</v></c></row>',
    "two sides": b'<row r="2"><c r="XFD2"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>',
    "places left out after an empty last row": b'<row r="1048575"/><row>' + b"<c><v>1</v></c>" * 9000 + b"</row>",
    "a long row of cells without places": b"<row>" + b"<c><v>1</v></c>" * 9000 + b'</row><row r="1048576"><c><v/></c></row>',
}


@pytest.mark.parametrize("piece", [7, 64, 1_000_000])
@pytest.mark.parametrize("what", FAR)
def test_a_cell_far_from_the_table_is_seen_wherever_the_pieces_part(what: str, piece: int) -> None:
    assert spans_too_much(sheet(full(1), FAR[what]), piece=piece)


def test_the_cell_that_is_far_away_is_named() -> None:
    span = SheetSpan()
    span.feed(sheet(full(1), FAR["the last corner"]))
    assert span.is_too_large()
    assert span.farthest == "XFD1048576"


@pytest.mark.parametrize("piece", [7, 1_000_000])
def test_a_table_a_colour_in_the_last_corner_and_cells_without_places_are_fine(piece: int) -> None:
    colour = b'<row r="1048576"><c r="XFD1048576" s="7"/><c r="XFC1048576" s="a>b" />' + b"</row>"
    bare = b"<row>" + b"<c><v>1</v></c>" * 20 + b"</row>"
    assert not spans_too_much(sheet(*(full(row) for row in range(1, 200))), piece=piece)
    assert not spans_too_much(sheet(full(1), colour), piece=piece)
    assert not spans_too_much(sheet(*[bare] * 300), piece=piece)


def test_a_tag_that_never_ends_is_not_waited_for() -> None:
    assert not spans_too_much(b"<" + b" r='" * 500_000)
