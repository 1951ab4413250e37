"""The law as a reader wants it: every law with its titles in both languages, and its articles in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.decisions.basis import Article, LegalBasis
from bot.decisions.decision import Citation
from bot.facts.document import Item, read

_NOT_IN_AN_ANCHOR = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class CitedArticle:
    """An article with the anchor under which the book shows it."""

    article: Article
    anchor: str

    @property
    def number(self) -> str:
        """The article as the law counts it: `1084`, `二（四）`, `全文` for the whole text."""
        return self.article.citation.article


@dataclass(frozen=True, slots=True)
class Law:
    """A law: its short name in rows, full title in both languages, and the articles somebody may cite."""

    short: str
    title: Mapping[str, str]
    articles: tuple[CitedArticle, ...]


def laws(rules: Path, basis: LegalBasis) -> tuple[Law, ...]:
    """Every law of `rules/legal_basis.yml`, in the order of the file."""
    table = read(rules / "legal_basis.yml", Path(rules.name) / "legal_basis.yml").table
    return tuple(_law(short, item, basis) for short, item in table.items())


def by_citation(known: tuple[Law, ...]) -> Mapping[Citation, tuple[Law, CitedArticle]]:
    """The law and article of each citation."""
    return {article.article.citation: (law, article) for law in known for article in law.articles}


def _law(short: str, item: Item, basis: LegalBasis) -> Law:
    title = {"zh": item.table["title"].word, "en": item.table["en"].word}
    return Law(short, title, tuple(_articles(short, basis)))


def _articles(short: str, basis: LegalBasis) -> Iterator[CitedArticle]:
    for name, article in basis.articles.items():
        law, _, number = name.partition("#")
        if law == short:
            yield CitedArticle(article, f"article-{_plain(short)}-{_plain(number)}")


def _plain(word: str) -> str:
    """A word as part of an anchor: letters, digits and Chinese characters, the rest a dash."""
    return _NOT_IN_AN_ANCHOR.sub("-", word).strip("-")
