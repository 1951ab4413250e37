"""The interview at a glance: five steps from left to right, and what each can lead to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.decisions import Risk
from bot.facts.vocabulary import Vocabulary
from bot.workbench.draw.bands import Band, Place
from bot.workbench.draw.ink import ACCENT, INK, SHEET, SOFT, TINT
from bot.workbench.draw.marks import risk_mark
from bot.workbench.draw.svg import Panel, Sheet, Text
from bot.workbench.draw.words import Pen

WIDTH, CARD, GAP, INSET = 1080.0, 246.0, 32.0, 14.0


def overview(pen: Pen, bands: Sequence[Band]) -> Panel:
    """Danger screen → concerns → what can still matter → what the services need and the handing over."""
    sheet = Sheet(WIDTH)
    vocabulary = pen.base.vocabulary
    title = pen.say("draw.interview.title")
    y = sheet.stack(
        0, 4, [Text.fit(title, WIDTH, 28, bold=True), Text.fit(pen.say("draw.interview.lead"), WIDTH, 14, SOFT)]
    )
    cards = [list(card) for card in (*_openers(pen, bands), _middle(pen, vocabulary), _end(pen, vocabulary))]
    _legend(pen, sheet, _cards(sheet, y + 16, cards))
    description = pen.say("draw.interview.description", facts=len(vocabulary.facts), n=len(pen.base.rows))
    return Panel.of(sheet, title, description, pen.language)


def _openers(pen: Pen, bands: Sequence[Band]) -> Iterator[Iterator[Text]]:
    for number, group in enumerate(pen.base.vocabulary.opening):
        yield _opener(pen, group, number, bands)


def _opener(pen: Pen, group: str, number: int, bands: Sequence[Band]) -> Iterator[Text]:
    """One message with all its answers, and how much lies behind each."""
    yield from _head(pen, str(number + 1), pen.texts.known(pen.language, f"groups.{group}", group.replace("_", " ")))
    members = pen.base.vocabulary.groups[group]
    yield _line(pen.sayings.question(members[0], pen.language), soft=True)
    for member in members:
        band = next((band for band in bands if band.opener == member), None)
        yield Text.fit(pen.sayings.name(member, pen.language), _room(), 14, bold=True)
        yield _line(_behind(pen, band), soft=True)


def _behind(pen: Pen, band: Band | None) -> str:
    opened = sum(line.place in (Place.HOME, Place.ALSO) for line in band.lines) if band else 0
    rows = len(band.rows) if band else 0
    return pen.say("draw.behind", facts=pen.say("draw.facts", n=opened), rows=pen.say("draw.rows", n=rows))


def _middle(pen: Pen, vocabulary: Vocabulary) -> Iterator[Text]:
    gated = sum(bool(fact.relevant_when) for fact in vocabulary.facts.values())
    always = sum(
        not fact.relevant_when and fact.ask_with not in vocabulary.opening and not fact.needed_by
        for fact in vocabulary.facts.values()
    )
    yield from _head(pen, str(len(vocabulary.opening) + 1), pen.say("draw.middle.title"))
    yield _line(pen.say("draw.middle.gated", n=gated))
    if always:
        yield _line(pen.say("draw.middle.always", n=always))
    yield _line(pen.say("draw.middle.order"), soft=True)
    yield _line(pen.say("draw.middle.emergency"), soft=True)


def _end(pen: Pen, vocabulary: Vocabulary) -> Iterator[Text]:
    yield from _head(pen, str(len(vocabulary.opening) + 2), pen.say("draw.end.title"))
    yield _line(pen.say("draw.end.needed"), soft=True)
    for name, fact in vocabulary.facts.items():
        if fact.needed_by:
            yield Text.fit(pen.sayings.question(name, pen.language), _room(), 14, bold=True)
    yield _line(pen.say("draw.end.sent"), soft=True)


def _head(pen: Pen, number: str, title: str) -> Iterator[Text]:
    yield Text.fit(pen.say("draw.step", number=number), _room(), 12, ACCENT, bold=True)
    yield Text.fit(title, _room(), 16, bold=True)


def _line(text: str, *, soft: bool = False) -> Text:
    return Text.fit(text, _room(), 12 if soft else 14, SOFT if soft else INK)


def _room() -> float:
    return CARD - 2 * INSET


def _cards(sheet: Sheet, y: float, cards: Sequence[Sequence[Text]]) -> float:
    """The cards side by side, equally high, an arrow between them; four to a line. Returns the y below."""
    for first in range(0, len(cards), 4):
        some = cards[first : first + 4]
        high = max(sum(text.height + 4 for text in card) for card in some) + 2 * INSET
        for number, card in enumerate(some):
            x = number * (CARD + GAP)
            sheet.box(x, y, CARD, high, TINT if number == len(some) - 1 else SHEET)
            _write(sheet, x + INSET, y + INSET, card)
            if number:
                _arrow(sheet, x - GAP + 6, y + 34)
        y += high + 24
    return y


def _write(sheet: Sheet, x: float, y: float, card: Sequence[Text]) -> None:
    for text in card:
        y = sheet.text(x, y, text) + 4


def _arrow(sheet: Sheet, x: float, y: float) -> None:
    sheet.line([(x, y), (x + 20, y)], ACCENT, 2)
    sheet.line([(x + 14, y - 6), (x + 20, y), (x + 14, y + 6)], ACCENT, 2)


def _legend(pen: Pen, sheet: Sheet, y: float) -> None:
    """What the shapes mean."""
    x = 0.0
    for risk in sorted(Risk, reverse=True):
        x = risk_mark(sheet, x, y, risk, pen.risk(risk)) + 28
    y += 30
    for fill, name in ((ACCENT, "always"), (SHEET, "sometimes")):
        sheet.dot(8, y + 9, 4.5, fill, ACCENT)
        y = sheet.text(24, y, Text.fit(pen.say(f"draw.legend.{name}"), WIDTH - 24, 12, SOFT)) + 4
    for dash, name in (("", "here"), ("1 4", "elsewhere")):
        sheet.line([(0, y + 9), (18, y + 9)], SOFT if dash else ACCENT, 1, dash)
        y = sheet.text(24, y, Text.fit(pen.say(f"draw.legend.{name}"), WIDTH - 24, 12, SOFT)) + 4
