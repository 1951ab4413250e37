"""The templates, and the few words of HTML they are given: two languages, a risk, a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.decisions import Risk
from bot.replies.texts import LANGUAGES
from bot.workbench.book.contents import Contents
from bot.workbench.book.examples import family_in_words
from bot.workbench.draw import Panel
from bot.workbench.draw.marks import HEIGHT, bar, shape
from bot.workbench.draw.svg import Sheet

FOLDER = Path(__file__).parent / "templates"
TAGS = {"zh": "zh-CN", "en": "en"}


def rendered(book: Contents) -> str:
    """The whole book as one HTML document that needs no other file."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    speaker = Speaker(book)
    environment.globals.update(
        book=book,
        tags=TAGS,
        languages=LANGUAGES,
        both=both,
        two=speaker.two,
        risk=speaker.risk,
        time=speaker.time,
        dates=speaker.dates,
        property=speaker.property,
        family=speaker.family,
        svg=svg,
        style=Markup((FOLDER / "book.css").read_text(encoding="utf-8")),  # noqa: S704 (our own file)
    )
    return environment.get_template("book.html").render()


def both(said: Mapping[str, str]) -> Markup:
    """A text in both languages, each marked with its own."""
    return Markup(" ").join(Markup('<span lang="{}">{}</span>').format(TAGS[at], said[at]) for at in LANGUAGES)


def svg(panel: Panel) -> Markup:
    """A picture, which has escaped its own words."""
    return Markup(panel.svg())  # noqa: S704 (drawn by us, every text in it escaped)


class Speaker:
    """Says the fixed words of the book in both languages."""

    def __init__(self, book: Contents) -> None:
        self.pens = book.pens

    def two(self, name: str, **fields: object) -> Markup:
        """A fixed sentence in both languages."""
        return both({language: self.pens[language].say(name, **fields) for language in LANGUAGES})

    def time(self, span: timedelta) -> Markup:
        """A limit in words, in both languages."""
        minutes = span.total_seconds() / 60
        return both({language: pen.texts.time(language, minutes) for language, pen in self.pens.items()})

    def dates(self, how: str, times: Sequence[float]) -> Markup:
        """When visits or calls are due, in both languages."""
        return both({at: self._dates(at, how, times) for at in LANGUAGES})

    def _dates(self, language: str, how: str, times: Sequence[float]) -> str:
        texts = self.pens[language].texts
        listed = texts.joined(language, [texts.span(language, minutes) for minutes in times])
        return texts.say(f"book.plans.{how}", language, times=listed)

    def property(self, kind: str) -> Markup:
        """What `check` proves when it finds nothing of this kind; the kind itself while nobody has put it in words."""
        return both({at: pen.texts.known(at, f"book.proofs.{kind}", kind) for at, pen in self.pens.items()})

    def family(self, plain: Mapping[str, Any]) -> Markup:
        """A family, as `rightdoor decide` takes it, in words."""
        told = {at: "; ".join(family_in_words(plain, pen.sayings, at)) for at, pen in self.pens.items()}
        return both({at: pen.say("book.check.family", family=told[at]) for at, pen in self.pens.items()})

    def risk(self, risk: Risk) -> Markup:
        """A risk as shape, bar and word."""
        sheet = Sheet(60)
        shape(sheet, 9, HEIGHT / 2, risk)
        bar(sheet, 22, 6, risk)
        drawing = Markup("".join(sheet.shapes))  # noqa: S704 (shapes only, no words)
        picture = Markup('<svg viewBox="0 0 60 20" width="60" height="20" aria-hidden="true">{}</svg>').format(drawing)
        return Markup('<span class="risk {}">{} {}</span>').format(risk.word, picture, self.two(f"risk.{risk.word}"))
