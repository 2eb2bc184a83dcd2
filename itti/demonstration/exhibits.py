"""Making evidence files: real, small, and the same for the same place in the demonstration."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

import pikepdf
from PIL import Image, ImageDraw

from itti.demonstration.data import Exhibit, Language

Drawing = Callable[[Exhibit, Language, int, date], bytes]


def make(exhibit: Exhibit, language: Language, number: int, day: date) -> bytes:
    """The content of an evidence file that was collected on ``day``; ``number`` makes it differ from others."""
    return _MAKERS[exhibit.kind](exhibit, language, number, day)


def _readings(exhibit: Exhibit, language: Language, number: int, day: date) -> bytes:
    """Two weeks of two meters as a table."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\r\n")
    rows.writerow(exhibit.columns[language])
    for meter, factor in (("E-01", 61), ("E-07", 23)):
        for back in range(14, 0, -1):
            read_on = day - timedelta(days=back)
            rest = read_on.weekday() >= 5
            units = 0 if rest else 2400 + 37 * ((number * 7 + back * 3) % 11)
            used = 310 + units * (factor + (number + back) % 5) // 100
            each = "" if rest else f"{used * 100 // units / 100:.2f}"
            rows.writerow([read_on.isoformat(), meter, used, units, each])
    return table.getvalue().encode()


def _screen(_exhibit: Exhibit, _language: Language, number: int, _day: date) -> bytes:
    """A screen at a line: output of each hour against its target."""
    image = Image.new("RGB", (960, 540), "#10242b")
    draw = ImageDraw.Draw(image)
    target = 210
    for hour in range(12):
        height = 150 + (number * 53 + hour * 71) % 180
        left = 60 + hour * 72
        fill = "#4caf7a" if height >= target else "#d9534f"
        draw.rectangle((left, 480 - height, left + 48, 480), fill=fill)
    draw.line((40, 480, 930, 480), fill="#9fb4bb", width=3)
    draw.line((40, 480 - target, 930, 480 - target), fill="#f2c14e", width=4)
    draw.ellipse((880, 30, 920, 70), fill="#4caf7a")
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def _matrix(_exhibit: Exhibit, _language: Language, number: int, _day: date) -> bytes:
    """A skills matrix: people down, stations across, a box filled by quarters for what each can do."""
    strokes = ["0.4 w 0.35 G"]
    for row in range(9):
        for column in range(8):
            left, bottom = 90 + column * 52, 640 - row * 52
            quarters = (number * 3 + row * row + row * column + column * 3) % 5
            strokes.append(f"0.10 0.45 0.42 rg {left} {bottom} 40 {quarters * 10} re f")
            strokes.append(f"{left} {bottom} 40 40 re S")
    strokes.append("0 g BT /F1 12 Tf")
    strokes += [f"1 0 0 1 {98 + column * 52} 700 Tm (S{column + 1}) Tj" for column in range(8)]
    strokes += [f"1 0 0 1 50 {654 - row * 52} Tm (P{row + 1}) Tj" for row in range(9)]
    strokes.append("ET")
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = document.make_stream("\n".join(strokes).encode())
    content = io.BytesIO()
    document.save(content, deterministic_id=True)
    return content.getvalue()


_MAKERS: Final[Mapping[str, Drawing]] = {"csv": _readings, "png": _screen, "pdf": _matrix}
