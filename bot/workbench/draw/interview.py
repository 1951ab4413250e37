"""The interview as a picture: the danger screen, the concerns, what each opens, and the rows that are fed.

First an overview; then one sheet a topic, drawn like a circuit: every question has a wire, every row a line, and a dot
where the row asks for the question's answer (a ring where only one of its alternatives does).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.decisions.row import Row
from bot.facts import Fact
from bot.facts.conditions import Conditions
from bot.facts.fact import REFUSED, UNKNOWN
from bot.workbench.draw.bands import Band, Line, Place, bands, facts_of
from bot.workbench.draw.ink import ACCENT, INK, LINE, SHEET, SOFT
from bot.workbench.draw.marks import risk_mark
from bot.workbench.draw.overview import overview
from bot.workbench.draw.svg import Panel, Sheet, Text
from bot.workbench.draw.words import Pen

WIDTH, RAIL, INDENT, STEP, MOST = 1080.0, 9.0, 28.0, 22.0, 18
_PLAIN = {"yes", UNKNOWN, REFUSED}


@dataclass(frozen=True, slots=True)
class Wires:
    """Where the wire of each fact runs: its x, the first fact's farthest right, so that no wire crosses another."""

    at: Mapping[str, float]

    @classmethod
    def lay(cls, band: Band) -> Wires:
        """A wire for every fact that a row of the band asks for."""
        used = {fact for row in band.rows for fact in facts_of(row)}
        wired = [line.fact.name for line in band.lines if line.fact.name in used]
        return cls({name: WIDTH - 14 - STEP * number for number, name in enumerate(wired)})

    @property
    def left(self) -> float:
        """Where text must end."""
        return min(self.at.values(), default=WIDTH) - STEP


def interview_panels(pen: Pen, tallest: float = float("inf")) -> tuple[Panel, ...]:
    """The overview and one sheet a topic, or more where one would be higher than `tallest` pixels."""
    found = bands(pen.base.vocabulary, pen.base.rows)
    return (overview(pen, found), *(_panel(pen, part) for band in found for part in _parts(pen, band, tallest)))


def _parts(pen: Pen, band: Band, tallest: float) -> Iterator[Band]:
    """The band, in as many parts as its height and the number of its wires demand; each part names the facts its rows need."""
    rows: list[Row] = []
    rest = band
    for row in band.rows:
        grown = _only(rest, [*rows, row])
        if rows and (len(Wires.lay(grown).at) > MOST or _too_tall(pen, grown, tallest)):
            yield _only(rest, rows)
            rest, rows = replace(band, lines=tuple(_again(line) for line in band.lines)), []
        rows.append(row)
    yield _only(rest, rows)


def _only(band: Band, rows: Sequence[Row]) -> Band:
    """The band with these rows, and of the facts that are explained elsewhere only those the rows need."""
    used = {fact for row in rows for fact in facts_of(row)}
    shown = (Place.OPENER, Place.HOME, Place.ALSO)
    lines = tuple(line for line in band.lines if line.place in shown or line.fact.name in used)
    return replace(band, lines=lines, rows=tuple(rows))


def _again(line: Line) -> Line:
    """On a further sheet of a band its facts are only referred to."""
    return line if line.place is Place.OPENER else Line(line.fact, Place.ELSEWHERE)


def _too_tall(pen: Pen, band: Band, tallest: float) -> bool:
    return tallest < float("inf") and _panel(pen, band).height > tallest


def _panel(pen: Pen, band: Band) -> Panel:
    sheet, wires = Sheet(WIDTH), Wires.lay(band)
    title, kicker = _title(pen, band)
    y = sheet.stack(0, 4, [Text.fit(kicker, WIDTH, 12, ACCENT, bold=True), Text.fit(title, WIDTH, 20, bold=True)]) + 8
    top = y
    begins: dict[str, float] = {}
    for line in _drawn(band, wires):
        begins[line.fact.name] = y + 10
        y = _fact(pen, sheet, y, line, wires)
    last = max(begins.values(), default=top)
    y = _besides(pen, sheet, y, band, wires)
    sheet.shapes.insert(0, _rail(top, last))
    ends = _rows(pen, sheet, y + 8, band, wires) if band.rows else {}
    sheet.shapes[0:0] = list(_verticals(wires, begins, ends))
    told = pen.say(
        "draw.band.description",
        title=title,
        facts=len(band.lines),
        n=len(band.rows),
        rows=pen.listed([r.id for r in band.rows]),
    )
    return Panel.of(sheet, title, told, pen.language)


def _drawn(band: Band, wires: Wires) -> tuple[Line, ...]:
    """The facts with a line of their own: those at home here, and whatever has a wire."""
    own = (Place.OPENER, Place.HOME)
    return tuple(line for line in band.lines if line.place in own or line.fact.name in wires.at)


def _besides(pen: Pen, sheet: Sheet, y: float, band: Band, wires: Wires) -> float:
    """The facts that are opened here as well but decide nothing here, in one sentence."""
    drawn = _drawn(band, wires)
    others = [pen.sayings.name(line.fact.name, pen.language) for line in band.lines if line not in drawn]
    if not others:
        return y
    said = pen.say("draw.also_opened", facts=pen.texts.joined(pen.language, others, "between.dot"))
    return sheet.text(INDENT, y, Text.fit(said, wires.left - INDENT - 8, 12, SOFT)) + 6


def _title(pen: Pen, band: Band) -> tuple[str, str]:
    if not band.opener:
        return pen.say("draw.everybody.title"), pen.say("draw.everybody.kicker")
    kicker = pen.texts.known(pen.language, f"groups.{band.group}", pen.sayings.question(band.opener, pen.language))
    return pen.sayings.name(band.opener, pen.language), kicker


def _rail(top: float, bottom: float) -> str:
    return f'<line x1="{RAIL}" y1="{top:.1f}" x2="{RAIL}" y2="{bottom:.1f}" stroke="{ACCENT}" stroke-width="2"/>'


def _fact(pen: Pen, sheet: Sheet, y: float, line: Line, wires: Wires) -> float:
    """One question with its wire; returns the y below."""
    away = line.place in (Place.ALSO, Place.ELSEWHERE)
    room = wires.left - INDENT - 8
    head = Text.fit(_asked(pen, line.fact), room, 14, SOFT if away else INK, bold=line.place is Place.OPENER)
    sheet.dot(
        RAIL, y + 10, 4.5 if line.place is Place.OPENER else 3.5, SHEET if away else ACCENT, SOFT if away else ACCENT
    )
    below = sheet.stack(INDENT, y, [head, *(Text.fit(note, room, 12, SOFT) for note in _notes(pen, line))])
    if line.fact.name in wires.at:
        start = INDENT + _first(head) + 8
        sheet.line(
            [(start, y + 10), (wires.at[line.fact.name], y + 10)], SOFT if away else ACCENT, 1, "1 4" if away else ""
        )
    return below + 6


def _first(text: Text) -> float:
    return replace(text, lines=text.lines[:1]).width


def _asked(pen: Pen, fact: Fact) -> str:
    return pen.sayings.name(fact.name, pen.language)


def _notes(pen: Pen, line: Line) -> Iterator[str]:
    """When a question is asked, unless the topic says so already; and for whom, when no row needs it."""
    fact = line.fact
    if line.place in (Place.ALSO, Place.ELSEWHERE):
        return
    special = [one for one in fact.relevant_when if not _obvious(one, pen)]
    if special:
        yield pen.say("draw.opens", when=_either(pen, fact))
    if fact.needed_by:
        yield pen.say("draw.needed", services=pen.listed([pen.label("services", word) for word in fact.needed_by]))


def _obvious(one: Conditions, pen: Pen) -> bool:
    """Opened by the *yes* of an opener, which the topic's title says."""
    openers = {fact for group in pen.base.vocabulary.opening for fact in pen.base.vocabulary.groups[group]}
    return len(one) == 1 and all(
        name in openers and values <= _PLAIN and "yes" in values for name, values in one.items()
    )


def _either(pen: Pen, fact: Fact) -> str:
    ways = [
        pen.texts.joined(pen.language, [pen.sayings.sentence(said, pen.language) for said in one], "between.both")
        for one in pen.sayings.alternatives(fact.relevant_when, pen.language)
    ]
    return pen.texts.joined(pen.language, ways, "between.either")


def _rows(pen: Pen, sheet: Sheet, y: float, band: Band, wires: Wires) -> Mapping[str, float]:
    """The rows with their dots; returns how far down each wire runs."""
    sheet.line([(0, y), (wires.left, y)], INK, 1)
    y += 8
    ends: dict[str, float] = {}
    for row in band.rows:
        middle = y + 10
        for fact in facts_of(row):
            ends[fact] = middle
        y = _row(pen, sheet, y, row, wires) + 8
    return ends


def _row(pen: Pen, sheet: Sheet, y: float, row: Row, wires: Wires) -> float:
    after = max(risk_mark(sheet, 2, y, row.risk, pen.risk(row.risk)) + 12, 162)
    room = wires.left - after - 8
    title = Text.fit(pen.say("draw.row", id=row.id, title=row.title[pen.language]), room, 14)
    notes = [Text.fit(pen.part(part), room, 12, SOFT) for part in row.parts]
    below = sheet.stack(after, y, [title, *notes])
    asked = {fact: wires.at[fact] for fact in facts_of(row)}
    sheet.line([(after + _first(title) + 8, y + 10), (max(asked.values()), y + 10)], LINE, 1)
    for fact, always in facts_of(row).items():
        sheet.dot(wires.at[fact], y + 10, 4.5, ACCENT if always else SHEET, ACCENT)
    return below


def _verticals(wires: Wires, begins: Mapping[str, float], ends: Mapping[str, float]) -> Iterator[str]:
    for fact, x in wires.at.items():
        yield f'<line x1="{x:.1f}" y1="{begins[fact]:.1f}" x2="{x:.1f}" y2="{ends[fact]:.1f}" stroke="{ACCENT}" stroke-width="1"/>'
