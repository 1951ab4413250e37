"""Risk as word, bar and shape together, so that neither colour nor sight alone has to carry it."""

from __future__ import annotations

from math import cos, pi, sin

from bot.decisions import Risk
from bot.workbench.draw.ink import RISKS, SHEET
from bot.workbench.draw.svg import Sheet, Text

STEPS = 4
HEIGHT = 20.0
_CORNERS = {Risk.EMERGENCY: 8, Risk.HIGH: 3, Risk.MEDIUM: 4}
_GLYPH, _BAR = 16.0, 9.0


def risk_mark(sheet: Sheet, x: float, y: float, risk: Risk, word: str) -> float:
    """Shape, bar and word in a line 20 pixels high; returns the x after it."""
    shape(sheet, x + _GLYPH / 2, y + HEIGHT / 2, risk)
    bar(sheet, x + _GLYPH + 6, y + 6, risk)
    text = Text((word,), 13, RISKS[risk], bold=True)
    at = x + _GLYPH + 6 + STEPS * _BAR + 6
    sheet.text(at, y + 1, text)
    return at + text.width


def shape(sheet: Sheet, x: float, y: float, risk: Risk) -> None:
    """An octagon for an emergency, a triangle for high, a square for medium, a disc for low, a ring for none."""
    colour = RISKS[risk]
    if risk in _CORNERS:
        sheet.polygon(_polygon(x, y, _CORNERS[risk]), colour, colour)
    else:
        sheet.dot(x, y, 5.5, colour if risk is Risk.LOW else SHEET, colour)


def bar(sheet: Sheet, x: float, y: float, risk: Risk) -> None:
    """Four steps, filled up to the risk."""
    for step in range(STEPS):
        filled = step < risk
        sheet.box(x + step * _BAR, y, _BAR - 2, 8, RISKS[risk] if filled else SHEET, RISKS[risk], 1)


def _polygon(x: float, y: float, corners: int) -> list[tuple[float, float]]:
    turn = -pi / 2 if corners == 3 else pi / corners  # noqa: PLR2004 (a triangle stands on its side, others on an edge)
    radius = 7.5
    down = 1.5 if corners == 3 else 0  # noqa: PLR2004 (a triangle's middle lies above its centre)
    return [
        (x + radius * cos(turn + 2 * pi * n / corners), y + down + radius * sin(turn + 2 * pi * n / corners))
        for n in range(corners)
    ]
