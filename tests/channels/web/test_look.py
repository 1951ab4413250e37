"""Every pair of colours the web chat uses can be read, measured as WCAG 2.2 defines contrast."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.channels.web

CSS = (Path(bot.channels.web.__file__).parent / "static" / "chat.css").read_text(encoding="utf-8")
PAIRS = [
    ("ink", "paper"),
    ("soft", "paper"),
    ("ink", "tint"),
    ("ink", "sheet"),
    ("soft", "sheet"),
    ("soft", "tint"),
    ("accent", "paper"),
    ("accent", "sheet"),
    ("accent", "tint"),
    ("danger", "danger-paper"),
]


def themes() -> list[dict[str, str]]:
    """The colours of the light and the dark theme, by name."""
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    return [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", block)) for block in blocks]


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_every_pair_of_colours_can_be_read_in_both_themes(ink: str, ground: str) -> None:
    light, dark = themes()
    for theme in (light, dark):
        bright, dim = sorted((luminance(theme[ink]), luminance(theme[ground])), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= 4.5
