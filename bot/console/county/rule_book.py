"""The policy in words for a page: rows with conditions, duties, reasons and law, and what was proved. Loaded on first use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.decisions.row import Row
from bot.settings import Settings, project_folder
from bot.workbench.book import Contents
from bot.workbench.check import check_project
from bot.workbench.check.finding import Finding
from bot.workbench.draw.words import Pen


@dataclass(frozen=True, slots=True)
class Duty:
    """What one service does for somebody, who else is told."""

    for_whom: str
    lead: str
    time: str
    first: str
    also: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article with what it says in one line."""

    name: str
    gist: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One row in words."""

    id: str
    title: str
    risk: str
    risk_label: str
    when: tuple[tuple[tuple[str, str], ...], ...]
    duties: tuple[Duty, ...]
    never: str
    because: str
    basis: tuple[Article, ...]
    doubt: str
    valid_from: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One promise of the policy, and what `check` found against it (nothing: it is proved)."""

    says: str
    found: tuple[str, ...]


def opened(settings: Settings, today: date) -> Contents:
    """The rules as the service has them."""
    return Contents.gather(project_folder(), settings.rules_folder, (), today)


def proved(settings: Settings) -> tuple[Finding, ...]:
    """What `rightdoor check` finds in them. Some seconds."""
    return tuple(check_project(project_folder(), settings.rules_folder))


def tables(book: Contents, language: str) -> dict[str, tuple[Rule, ...]]:
    """Every table by its title."""
    pen = book.pens[language]
    return {pen.table_title(name): tuple(_rule(book, pen, row) for row in rows) for name, rows in book.tables.items()}


def promises(book: Contents, findings: Iterable[Finding], language: str) -> tuple[Checked, ...]:
    """Every safeguard with what was found against it; what was found against none of them stands last."""
    found = [(str(each.where), each.message) for each in findings]
    says_of = {str(promise.where): promise.says[language] for promise in book.safeguards}
    told = [Checked(says, tuple(m for w, m in found if w == where)) for where, says in says_of.items()]
    others = tuple(f"{where}: {message}" for where, message in found if where not in says_of)
    return (*told, *((Checked("", others),) if others else ()))


def _rule(book: Contents, pen: Pen, row: Row) -> Rule:
    sayings, language = pen.sayings, pen.language
    when = tuple(
        tuple((said.question, sayings.answers(said, language)) for said in one)
        for one in sayings.alternatives(row.when, language)
    )
    duties = tuple(
        Duty(
            pen.label("audiences", part.for_whom),
            pen.label("services", part.lead),
            pen.texts.time(language, part.act_within),
            pen.label("first_actions", part.first_action),
            pen.listed(pen.told(part)),
        )
        for part in row.parts
    )
    return Rule(
        id=row.id,
        title=row.title[language],
        risk=row.risk.word,
        risk_label=pen.risk(row.risk),
        when=when,
        duties=duties,
        never=pen.listed([pen.never(word) for word in sorted(row.never)]),
        because=row.because[language],
        basis=tuple(_article(book, language, row)),
        doubt=row.doubt[language] if row.doubt else "",
        valid_from=row.valid_from.isoformat(),
    )


def _article(book: Contents, language: str, row: Row) -> list[Article]:
    found = [book.cited[citation] for citation in (*row.basis, *row.unverified)]
    return [
        Article(f"{law.title[language]} {cited.number}", cited.article.gist[language], cited.article.verified)
        for law, cited in found
    ]
