"""One table of situations as a picture: risk, situation, when it holds, and who does what by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.decisions import Risk
from bot.decisions.row import Row
from bot.workbench.draw.ink import ACCENT, INK, LINE, RISKS, SOFT, TINT
from bot.workbench.draw.marks import risk_mark
from bot.workbench.draw.svg import Panel, Sheet, Text
from bot.workbench.draw.words import Pen

WIDTH, PAD, GAP, RULE = 1080.0, 10.0, 20.0, 12.0
RISK, SITUATION, WHEN, WHO = (
    (0.0, 148.0),
    (158.0, 206.0),
    (380.0, 348.0),
    (746.0, 326.0),
)  # where a column begins, its width
_COLUMNS = (("risk", RISK), ("situation", SITUATION), ("when", WHEN), ("who", WHO))
AIR = Text(("",), 6)
# A column's cell: pieces of text, and None where a line parts one alternative from the next.
Cell = tuple[Text | None, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A row of the picture: its cells measured."""

    row: Row
    situation: Cell
    when: Cell
    who: Cell

    @property
    def height(self) -> float:
        """Pixels, with the air above and below."""
        return max(map(_height, (self.situation, self.when, self.who))) + 2 * PAD


def table_panels(pen: Pen, name: str, rows: Sequence[Row], tallest: float = float("inf")) -> tuple[Panel, ...]:
    """The table on one sheet, or on as many as it takes for none to be higher than `tallest` pixels.

    A single row higher than that has a sheet to itself.
    """
    title = pen.table_title(name)
    records = [Record(row, tuple(_situation(pen, row)), tuple(_when(pen, row)), tuple(_who(pen, row))) for row in rows]
    return tuple(_panel(pen, title, some) for some in _pages(records, tallest - 70))


def _pages(records: Sequence[Record], room: float) -> Iterator[list[Record]]:
    page: list[Record] = []
    for record in records:
        if page and sum(r.height for r in page) + record.height > room:
            yield page
            page = []
        page.append(record)
    yield page


def _panel(pen: Pen, title: str, records: Sequence[Record]) -> Panel:
    sheet = Sheet(WIDTH)
    y = sheet.text(0, 4, Text.fit(title, WIDTH, 20, bold=True)) + 8
    y = _header(pen, sheet, y)
    for record in records:
        y = _record(pen, sheet, y, record)
    told = pen.say("draw.table.description", title=title, n=len(records), rows=pen.listed([r.row.id for r in records]))
    return Panel.of(sheet, pen.say("draw.table.title", title=title), told, pen.language)


def _header(pen: Pen, sheet: Sheet, y: float) -> float:
    heads = [(at, Text.fit(pen.say(f"draw.table.{name}"), room, 12, SOFT, bold=True)) for name, (at, room) in _COLUMNS]
    below = max(sheet.text(at, y + 4, text) for at, text in heads) + 6
    sheet.line([(0, below), (WIDTH, below)], INK, 1.5)
    return below


def _record(pen: Pen, sheet: Sheet, y: float, record: Record) -> float:
    risk_mark(sheet, RISK[0], y + PAD, record.row.risk, pen.risk(record.row.risk))
    for cell, (at, room) in ((record.situation, SITUATION), (record.when, WHEN), (record.who, WHO)):
        _write(pen, sheet, (at, y + PAD, room), cell)
    below = y + record.height
    sheet.line([(0, below), (WIDTH, below)])
    return below


def _write(pen: Pen, sheet: Sheet, place: tuple[float, float, float], cell: Cell) -> None:
    x, y, room = place
    for text in cell:
        y = _either(pen, sheet, (x, y, room)) if text is None else sheet.text(x, y, text)


def _either(pen: Pen, sheet: Sheet, place: tuple[float, float, float]) -> float:
    """A line with *or* in it, between two alternatives."""
    x, y, room = place
    word = Text((pen.say("draw.or"),), RULE, ACCENT, bold=True)
    sheet.box(x, y + 3, word.width + 12, word.height + 1, TINT, TINT)
    sheet.text(x + 6, y + 3, word)
    sheet.line([(x + word.width + 18, y + 12), (x + room, y + 12)], LINE, 1, "2 4")
    return y + GAP + 6


def _height(cell: Cell) -> float:
    return sum(GAP + 6 if text is None else text.height for text in cell)


def _situation(pen: Pen, row: Row) -> Iterator[Text]:
    room = SITUATION[1]
    yield Text.fit(row.id, room, 13, ACCENT, bold=True)
    yield Text.fit(row.title[pen.language], room, 14, bold=True)
    marks = [pen.say(f"draw.{mark}") for mark in _marks(row)]
    if marks:
        yield Text.fit(pen.listed(marks), room, 12, SOFT)


def _marks(row: Row) -> Iterator[str]:
    if row.product_rule:
        yield "product_rule"
    if row.unverified:
        yield "unverified"
    if row.doubt:
        yield "doubt"


def _when(pen: Pen, row: Row) -> Iterator[Text | None]:
    room = WHEN[1]
    for number, alternative in enumerate(pen.sayings.alternatives(row.when, pen.language)):
        if number:
            yield None
        for said in alternative:
            yield Text.fit(said.question, room, 12, SOFT)
            yield Text.fit(pen.sayings.answers(said, pen.language), room, 14)


def _who(pen: Pen, row: Row) -> Iterator[Text]:
    room = WHO[1]
    for number, part in enumerate(row.parts):
        if number:
            yield AIR
        yield Text.fit(pen.part(part), room, 14, bold=True)
        yield Text.fit(pen.label("first_actions", part.first_action), room, 13)
        if part.also:
            yield Text.fit(pen.say("draw.also", services=pen.listed(pen.told(part))), room, 12, SOFT)
    if row.never:
        never = pen.listed([pen.never(word) for word in sorted(row.never)])
        yield Text.fit(pen.say("draw.never", nevers=never), room, 13, RISKS[Risk.EMERGENCY], bold=True)
    if row.follow_up:
        yield Text.fit(pen.label("follow_ups", row.follow_up), room, 12, SOFT)
