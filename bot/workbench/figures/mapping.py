"""The report as a map: every county of the provinces concerned, darker where more was passed on. The table says the same."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from bot.places import Outline
from bot.workbench.draw.ink import ACCENT, INK, LINE, SHEET, SOFT
from bot.workbench.draw.svg import Panel, Sheet, Text
from bot.workbench.figures.counting import FEWEST, Report
from bot.workbench.figures.showing import Names, number

WIDE, MOST_POINTS = 760.0, 20_000  # pixels; so many corners at most, however many counties
STEPS = ("#e4efec", "#b7d5d1", "#7fb5b0", "#3f8f8c", ACCENT)  # from few to many
SMALL = "#f2f6f4"  # too few to be told


def as_map(report: Report, names: Names) -> str:
    """Counties by how much was passed on; one with a small number is marked and not counted. Empty where no county is known."""
    counted = {county: line["opened"] for county, line in report.by_county.items() if county}
    outlines = names.gazetteer.outlines({county[:2] for county in counted})
    if not outlines:
        return ""
    sheet, title = Sheet(WIDE), f"{names.measure('by_county')}: {names.measure('opened')}"
    y = sheet.text(0, 0, Text.fit(title, WIDE, 18, bold=True)) + 12
    place = placing(outlines, y)
    most = max((number(value) for value in counted.values()), default=0) or 1
    step = math.ceil(sum(len(outline.points) for outline in outlines) / MOST_POINTS)
    for outline in sorted(outlines, key=lambda each: each.code in counted):
        value = counted.get(outline.code)
        edge = INK if value else LINE
        sheet.polygon([place(x, y) for x, y in thinned(outline.points, step)], _fill(value, most), edge)
    sheet.height = max(place(0, y)[1] for outline in outlines for _, y in outline.points) + 12
    _key(sheet, most, names)
    said = "; ".join(f"{names.county(county)} {value}" for county, value in counted.items())
    return Panel.of(sheet, title, said, names.words.language).svg(margin=24)


class Placing:
    """Degrees on paper: a degree of longitude is shorter the further north it lies."""

    def __init__(self, west: float, north: float, scale: float, squeeze: float, top: float) -> None:
        self.west, self.north, self.scale, self.squeeze, self.top = west, north, scale, squeeze, top

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        """Longitude and latitude as a point of the sheet."""
        return (x - self.west) * self.squeeze * self.scale, self.top + (self.north - y) * self.scale


def placing(outlines: Sequence[Outline], top: float) -> Placing:
    """How these outlines fill the width of a sheet, below `top`."""
    xs = [x for outline in outlines for x, _ in outline.points]
    ys = [y for outline in outlines for _, y in outline.points]
    squeeze = math.cos(math.radians((min(ys) + max(ys)) / 2))
    scale = min(WIDE / ((max(xs) - min(xs)) * squeeze), WIDE / (max(ys) - min(ys)))
    return Placing(min(xs), max(ys), scale, squeeze, top)


def thinned(points: Sequence[tuple[float, float]], step: int) -> Sequence[tuple[float, float]]:
    """Every so many corners of a map with too many."""
    return points[::step] if len(points) > 3 * step else points


def _fill(value: str | None, most: int) -> str:
    if not value or value == "0":
        return SHEET
    passed_on = number(value)
    return STEPS[min(len(STEPS) - 1, len(STEPS) * passed_on // (most + 1))] if passed_on else SMALL


def _key(sheet: Sheet, most: int, names: Names) -> None:
    """What the shades mean."""
    y, x = sheet.height, 0.0
    shades: Iterable[tuple[str, str]] = (
        (SMALL, f"<{FEWEST}"),
        *((shade, f"≤ {math.ceil(most * (n + 1) / len(STEPS))}") for n, shade in enumerate(STEPS)),
    )
    for shade, label in shades:
        sheet.box(x, y, 24, 14, shade, INK, 2)
        text = Text.fit(label, 80, 12, SOFT)
        sheet.text(x + 30, y - 1, text)
        x += 44 + text.width
    sheet.text(x, y - 1, Text.fit(names.measure("opened"), 200, 12, SOFT))
