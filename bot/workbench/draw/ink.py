"""The colours of LOOK.md on paper, and how far apart two of them are."""

from __future__ import annotations

from bot.decisions import Risk

PAPER, SHEET, INK, SOFT, LINE, ACCENT, TINT = (
    "#fbfaf7",
    "#ffffff",
    "#1c2422",
    "#56605d",
    "#d9d8d1",
    "#0b6666",
    "#e4efec",
)
RISKS = {
    Risk.EMERGENCY: "#b3261e",
    Risk.HIGH: "#a34a08",
    Risk.MEDIUM: "#6b5d00",
    Risk.LOW: "#2f6f4f",
    Risk.NONE: "#56605d",
}
_NEARLY_BLACK = 0.04045  # below it sRGB is linear
FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif'


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two `#rrggbb` colours as WCAG 2 counts it, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _NEARLY_BLACK else float(((channel + 0.055) / 1.055) ** 2.4)
