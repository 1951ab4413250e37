"""A sheet to draw on: few shapes, measured text, and words for whoever listens instead of looking.

Everything is drawn with plain attributes, no style sheet and no font file, so that a browser, a printer and an editor show
the same, and so that a picture can stand inside a page without touching it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape

from bot.workbench.draw.ink import FONT, INK, LINE, SHEET
from bot.workbench.draw.measure import width, wrap

LEADING = 1.4  # the height of a line of text, in its size


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of text that have been measured: they take `width` × `height` pixels."""

    lines: tuple[str, ...]
    size: float
    colour: str = INK
    bold: bool = False

    @classmethod
    def fit(cls, text: str, room: float, size: float = 14, colour: str = INK, *, bold: bool = False) -> Text:
        """The text wrapped into `room` pixels."""
        return cls(wrap(text, size, room, bold=bold), size, colour, bold)

    @property
    def width(self) -> float:
        """The width of the longest line, pixels."""
        return max(width(line, self.size, bold=self.bold) for line in self.lines)

    @property
    def height(self) -> float:
        """All lines with their leading, pixels."""
        return len(self.lines) * self.size * LEADING


@dataclass(slots=True)
class Sheet:
    """Where shapes are put, in pixels from the upper left corner. What was put last lies on top."""

    width: float
    height: float = 0
    shapes: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: Text, *, anchor: str = "start") -> float:
        """Writes the lines from `y` down and returns the y below them. `anchor` is start, middle or end."""
        step = text.size * LEADING
        weight = ' font-weight="600"' if text.bold else ""
        for number, line in enumerate(text.lines if any(text.lines) else ()):
            base = y + step * number + text.size * 1.08
            self.shapes.append(
                f'<text x="{x:.1f}" y="{base:.1f}" font-size="{text.size:g}" fill="{text.colour}"'
                f'{weight} text-anchor="{anchor}">{escape(line)}</text>'
            )
        return self.reach(y + text.height)

    def stack(self, x: float, y: float, texts: Iterable[Text]) -> float:
        """Writes texts one below the other and returns the y below the last."""
        for text in texts:
            y = self.text(x, y, text)
        return y

    def line(
        self, points: Sequence[tuple[float, float]], colour: str = LINE, weight: float = 1, dash: str = ""
    ) -> None:
        """A line through the points, its corners rounded."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.shapes.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{weight:g}"'
            f' stroke-linejoin="round" stroke-linecap="round"{dashes}/>'
        )
        self.reach(max(y for _, y in points))

    def box(
        self, x: float, y: float, wide: float, high: float, fill: str = SHEET, edge: str = LINE, corner: float = 4
    ) -> None:
        """A rectangle with softened corners."""
        self.shapes.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="{corner:g}" fill="{fill}" stroke="{edge}"/>'
        )
        self.reach(y + high)

    def polygon(self, points: Sequence[tuple[float, float]], fill: str, edge: str) -> None:
        """A filled shape."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.shapes.append(f'<polygon points="{path}" fill="{fill}" stroke="{edge}" stroke-width="1.5"/>')

    def dot(self, x: float, y: float, radius: float, fill: str, edge: str) -> None:
        """A circle."""
        self.shapes.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}" stroke="{edge}" stroke-width="1.5"/>'
        )

    def reach(self, y: float) -> float:
        """Makes the sheet at least `y` high; returns `y`."""
        self.height = max(self.height, y)
        return y


@dataclass(frozen=True, slots=True)
class Panel:
    """A finished sheet that can stand alone or above another; `title` and `description` are what a screen reader says."""

    title: str
    description: str
    width: float
    height: float
    shapes: tuple[str, ...]
    language: str

    @classmethod
    def of(cls, sheet: Sheet, title: str, description: str, language: str) -> Panel:
        """The sheet as it is now."""
        return cls(title, description, sheet.width, sheet.height, tuple(sheet.shapes), language)

    def svg(self, margin: float = 0) -> str:
        """The panel as an SVG document, which may also stand in an HTML page; `margin` is the paper around it, pixels."""
        name = "p" + sha256("".join((self.title, *self.shapes)).encode()).hexdigest()[:12]
        lang = {"zh": "zh-CN"}.get(self.language, self.language)
        wide, high = f"{self.width + 2 * margin:.0f}", f"{self.height + 1 + 2 * margin:.0f}"
        opening = {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"{-margin:g} {-margin:g} {wide} {high}",
            "width": wide,
            "height": high,
            "role": "img",
            "xml:lang": lang,
            "lang": lang,
            "aria-labelledby": f"{name}-t {name}-d",
            "font-family": FONT,
        }
        attributes = " ".join(f'{key}="{escape(value)}"' for key, value in opening.items())
        return (
            f"<svg {attributes}>\n"
            f'<title id="{name}-t">{escape(self.title)}</title>\n<desc id="{name}-d">{escape(self.description)}</desc>\n'
            f'<rect x="{-margin:g}" y="{-margin:g}" width="{wide}" height="{high}" fill="{SHEET}"/>\n'
            + "\n".join(self.shapes)
            + "\n</svg>\n"
        )


def stacked(panels: Sequence[Panel], gap: float = 32) -> Panel:
    """The panels one below the other, as one picture with the first one's title."""
    shapes: list[str] = []
    y = 0.0
    for panel in panels:
        shapes += [f'<g transform="translate(0 {y:.1f})">', *panel.shapes, "</g>"]
        y += panel.height + gap
    told = " ".join(dict.fromkeys(panel.description for panel in panels))
    first = panels[0]
    return Panel(first.title, told, max(p.width for p in panels), y - gap, tuple(shapes), first.language)
