"""A map of the country by readiness: every county, darker the more of the services it provides."""

from __future__ import annotations

import math
from collections.abc import Mapping

from bot.places import Gazetteer
from bot.workbench.draw.ink import INK, LINE, SHEET, SOFT
from bot.workbench.draw.svg import Panel, Sheet, Text
from bot.workbench.figures.mapping import MOST_POINTS, STEPS, WIDE, placing, thinned

_CORNERS = 12 * MOST_POINTS  # the whole country, so that a county still looks like itself


def as_map(readiness: Mapping[str, float], gazetteer: Gazetteer, title: str, language: str) -> str:
    """An SVG picture. `readiness` is each county's share of services, 0 to 1."""
    outlines = gazetteer.outlines({code[:2] for code in readiness})
    sheet = Sheet(WIDE)
    top = sheet.text(0, 0, Text.fit(title, WIDE, 18, bold=True)) + 12
    place = placing(outlines, top)
    step = math.ceil(sum(len(outline.points) for outline in outlines) / _CORNERS)
    for outline in outlines:
        share = readiness.get(outline.code, 0.0)
        corners = [place(x, y) for x, y in thinned(outline.points, step)]
        sheet.polygon(corners, shade(share), LINE)
    sheet.height = max(place(0, y)[1] for outline in outlines for _, y in outline.points) + 12
    x, y = 0.0, sheet.height
    for number, colour in enumerate((SHEET, *STEPS)):
        sheet.box(x, y, 24, 14, colour, INK, 2)
        text = Text.fit("0 %" if number == 0 else f"≤ {100 * number // len(STEPS)} %", 80, 12, SOFT)
        sheet.text(x + 30, y - 1, text)
        x += 44 + text.width
    ready = sum(share == 1 for share in readiness.values())
    said = f"{len(readiness)} counties, {ready} of them with every service"
    return Panel.of(sheet, title, said, language).svg(margin=24)


def shade(share: float) -> str:
    """The colour of a share: white for none."""
    return STEPS[min(len(STEPS) - 1, math.ceil(share * len(STEPS)) - 1)] if share > 0 else SHEET
