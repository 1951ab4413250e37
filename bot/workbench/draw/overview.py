"""The interview at a glance: its steps from left to right, and what each can lead to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.decisions import Risk
from bot.facts.vocabulary import Vocabulary
from bot.workbench.draw.bands import Band, Place
from bot.workbench.draw.ink import ACCENT, LINE, SHEET, SOFT, TINT
from bot.workbench.draw.marks import risk_mark
from bot.workbench.draw.svg import Panel, Sheet, Text
from bot.workbench.draw.words import Pen

WIDTH, GAP, INSET, AIR = 1080.0, 32.0, 14.0, 4.0
IN_A_COLUMN = 7  # answers one below the other before a card becomes wider

Block = tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A step: what it is, and blocks of text below, in one column or in several."""

    head: Block
    blocks: tuple[Block, ...]
    columns: int

    def column(self, number: int) -> Block:
        """The texts of one column, from top to bottom."""
        long = -(-len(self.blocks) // self.columns)
        return tuple(text for block in self.blocks[number * long : (number + 1) * long] for text in block)

    @property
    def height(self) -> float:
        """Pixels, without the card's inset."""
        return _height(self.head) + max(_height(self.column(number)) for number in range(self.columns))


def overview(pen: Pen, bands: Sequence[Band]) -> Panel:
    """Danger screen → concerns → what can still matter → what the services need and the handing over."""
    sheet = Sheet(WIDTH)
    vocabulary = pen.base.vocabulary
    title, lead = pen.say("draw.interview.title"), pen.say("draw.interview.lead")
    y = sheet.stack(0, 4, [Text.fit(title, WIDTH, 28, bold=True), Text.fit(lead, WIDTH, 14, SOFT)])
    columns = [_columns(vocabulary, group) for group in vocabulary.opening]
    column = (WIDTH - (len(columns) + 1) * GAP) / (sum(columns) + 2)
    room = column - 2 * INSET
    cards = [*_openers(pen, bands, columns, room), _middle(pen, room), _end(pen, room)]
    _legend(pen, sheet, _cards(sheet, y + 16, cards, column))
    description = pen.say("draw.interview.description", facts=len(vocabulary.facts), n=len(pen.base.rows))
    return Panel.of(sheet, title, description, pen.language)


def _columns(vocabulary: Vocabulary, group: str) -> int:
    return -(-len(vocabulary.groups[group]) // IN_A_COLUMN)


def _openers(pen: Pen, bands: Sequence[Band], columns: Sequence[int], room: float) -> Iterator[Card]:
    """One message each, with all its answers and how much lies behind every one."""
    for number, (group, wide) in enumerate(zip(pen.base.vocabulary.opening, columns, strict=True), 1):
        title = pen.texts.known(pen.language, f"groups.{group}", group.replace("_", " "))
        members = pen.base.vocabulary.groups[group]
        question = pen.sayings.question(members[0], pen.language)
        blocks = [tuple(_answer(pen, member, bands, room)) for member in members]
        yield Card((*_head(pen, number, title, room), _small(question, room)), tuple(blocks), wide)


def _answer(pen: Pen, member: str, bands: Sequence[Band], room: float) -> Iterator[Text]:
    yield Text.fit(pen.sayings.name(member, pen.language), room, 14, bold=True)
    band = next((band for band in bands if band.opener == member), None)
    yield _small(_behind(pen, band), room)


def _behind(pen: Pen, band: Band | None) -> str:
    opened = sum(line.place in (Place.HOME, Place.ALSO) for line in band.lines) if band else 0
    rows = len(band.rows) if band else 0
    return pen.say("draw.behind", facts=pen.say("draw.facts", n=opened), rows=pen.say("draw.rows", n=rows))


def _middle(pen: Pen, room: float) -> Card:
    vocabulary = pen.base.vocabulary
    facts = vocabulary.facts.values()
    gated = sum(bool(fact.relevant_when) for fact in facts)
    open_to_all = [f for f in facts if not f.relevant_when and f.ask_with not in vocabulary.opening and not f.needed_by]
    said = [Text.fit(pen.say("draw.middle.gated", n=gated), room)]
    if open_to_all:
        said.append(Text.fit(pen.say("draw.middle.always", n=len(open_to_all)), room))
    said += [_small(pen.say(f"draw.middle.{name}"), room) for name in ("order", "emergency")]
    number = len(vocabulary.opening) + 1
    return Card(_head(pen, number, pen.say("draw.middle.title"), room), (tuple(said),), 1)


def _end(pen: Pen, room: float) -> Card:
    vocabulary = pen.base.vocabulary
    needed = [name for name, fact in vocabulary.facts.items() if fact.needed_by]
    asked = [Text.fit(pen.sayings.question(name, pen.language), room, 14, bold=True) for name in needed]
    said = (_small(pen.say("draw.end.needed"), room), *asked, _small(pen.say("draw.end.sent"), room))
    return Card(_head(pen, len(vocabulary.opening) + 2, pen.say("draw.end.title"), room), (said,), 1)


def _head(pen: Pen, number: int, title: str, room: float) -> Block:
    step = Text.fit(pen.say("draw.step", number=number), room, 12, ACCENT, bold=True)
    return step, Text.fit(title, room, 16, bold=True)


def _small(text: str, room: float) -> Text:
    return Text.fit(text, room, 12, SOFT)


def _height(texts: Sequence[Text]) -> float:
    return sum(text.height + AIR for text in texts)


def _cards(sheet: Sheet, y: float, cards: Sequence[Card], column: float) -> float:
    """The cards side by side, equally high, an arrow between them. Returns the y below."""
    high = max(card.height for card in cards) + 2 * INSET
    x = 0.0
    for card in cards:
        wide = column * card.columns
        sheet.box(x, y, wide, high, TINT if card is cards[-1] else SHEET, LINE if card is not cards[-1] else TINT)
        below = _write(sheet, x + INSET, y + INSET, card.head)
        for number in range(card.columns):
            _write(sheet, x + INSET + number * column, below, card.column(number))
        if x:
            _arrow(sheet, x - GAP + 6, y + 34)
        x += wide + GAP
    return y + high + 24


def _write(sheet: Sheet, x: float, y: float, texts: Sequence[Text]) -> float:
    for text in texts:
        y = sheet.text(x, y, text) + AIR
    return y


def _arrow(sheet: Sheet, x: float, y: float) -> None:
    sheet.line([(x, y), (x + 20, y)], ACCENT, 2)
    sheet.line([(x + 14, y - 6), (x + 20, y), (x + 14, y + 6)], ACCENT, 2)


def _legend(pen: Pen, sheet: Sheet, y: float) -> None:
    """What the shapes mean."""
    x = 0.0
    for risk in sorted(Risk, reverse=True):
        x = risk_mark(sheet, x, y, risk, pen.risk(risk)) + 28
    y += 30
    half = WIDTH / 2
    for x, fill, name in ((0.0, ACCENT, "always"), (half, SHEET, "sometimes")):
        sheet.dot(x + 8, y + 9, 4.5, fill, ACCENT)
        sheet.text(x + 24, y, _small(pen.say(f"draw.legend.{name}"), half - 32))
    y += 22
    for x, dash, name in ((0.0, "", "here"), (half, "1 4", "elsewhere")):
        sheet.line([(x, y + 9), (x + 18, y + 9)], SOFT if dash else ACCENT, 1, dash)
        sheet.text(x + 24, y, _small(pen.say(f"draw.legend.{name}"), half - 32))
