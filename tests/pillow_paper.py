"""The intended picture of a paper, drawn the plain way: Pillow's own text, line under line, no atlas, no packed rows."""

from __future__ import annotations

from collections.abc import Iterable

from PIL import Image, ImageDraw, ImageFont

from counter.printing.layout import Align, Banner, Gap, Line, Pair, Qr, Rule, Stroke, Style, Words
from counter.printing.picture import Dots
from counter.printing.qr import QUIET, qr_matrix
from counter.printing.typeface import ASCENT, DESCENT, file_of


def font(style: Style, ruler: Dots) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(file_of(style)), ruler.size(style), layout_engine=ImageFont.Layout.BASIC)


def write(image: Image.Image, text: str, *, left: int, base: int, face: ImageFont.FreeTypeFont, ink: int) -> None:
    """`text` in one piece with its pen at (left, base); Pillow's own start is corrected by an H that must stand on it."""
    lead = "H     "
    room = round(face.getlength(lead))
    sheet = Image.new("1", (room + image.width + 60, base + 60), 0)
    pen = ImageDraw.Draw(sheet)
    pen.fontmode = "1"
    pen.text((0, base + 10), lead + text, fill=1, font=face, anchor="ls")
    mark = sheet.crop((0, 0, round(face.getlength("H")) + 2, sheet.height)).getbbox()
    assert mark is not None
    cut = sheet.crop((room - 10, mark[3] - base, room + image.width + 50, mark[3] - base + image.height))
    image.paste(ink, (left - 10, 0, left - 10 + cut.width, image.height), cut)


def strip(line: Line, ruler: Dots) -> Image.Image:
    """One line, black 0 on white 1."""
    dots, step = ruler.dots, ruler.size(Style.NORMAL)
    style = line.style if isinstance(line, Words | Pair) else Style.STRONG if isinstance(line, Banner) else Style.NORMAL
    size = ruler.size(style)
    ascent, high = round(size * ASCENT), round(size * ASCENT) + round(size * DESCENT)

    def sheet(rows: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        image = Image.new("1", (dots, rows), 1)
        pen = ImageDraw.Draw(image)
        pen.fontmode = "1"
        return image, pen

    if isinstance(line, Gap):
        return sheet(line.halves * high // 3)[0]
    if isinstance(line, Rule):
        image, pen = sheet(4)
        if line.stroke is Stroke.THICK:
            pen.rectangle((0, 0, dots - 1, 2), fill=0)
        for left in range(0, dots, 8):
            if line.stroke is not Stroke.THICK:
                pen.rectangle((left, 1, left + (7 if line.stroke is Stroke.THIN else 3), 1), fill=0)
        return image
    if isinstance(line, Qr):
        matrix = qr_matrix(line.text)
        modules = len(matrix) + 2 * QUIET
        scale = max(2, min(6, int(dots * 0.62) // modules))
        packed = 8 * ((modules * scale + 7) // 8)
        image, pen = sheet(modules * scale)
        for y, row in enumerate(matrix):
            for x, dark in enumerate(row):
                if dark:
                    left, top = (dots - packed) // 2 + (x + QUIET) * scale, (y + QUIET) * scale
                    pen.rectangle((left, top, left + scale - 1, top + scale - 1), fill=0)
        return image
    face = font(style, ruler)
    if isinstance(line, Banner):
        image, pen = sheet(high + 10)
        wide = round(face.getlength(line.text))
        pen.rectangle(((dots - wide) // 2 - step, 0, (dots + wide) // 2 + step - 1, high + 9), fill=0)
        write(image, line.text, left=(dots - wide) // 2, base=5 + ascent, face=face, ink=1)
        return image
    image, _pen = sheet(high)
    left = line.indent * step
    if isinstance(line, Pair):
        write(image, line.left, left=left, base=ascent, face=face, ink=0)
        write(image, line.right, left=dots - round(face.getlength(line.right)), base=ascent, face=face, ink=0)
    else:
        if line.align is Align.CENTRE:
            left = (dots - round(face.getlength(line.text))) // 2
        write(image, line.text, left=left, base=ascent, face=face, ink=0)
    return image


def intended(lines: Iterable[Line], ruler: Dots) -> Image.Image:
    """The whole paper."""
    strips = [strip(line, ruler) for line in lines]
    paper = Image.new("1", (ruler.dots, sum(one.height for one in strips)), 1)
    top = 0
    for one in strips:
        paper.paste(one, (0, top))
        top += one.height
    return paper
