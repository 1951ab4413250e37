"""The legal basis: short names, full titles, and the articles that rows may cite (`rules/legal_basis.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.decisions.decision import Citation
from bot.errors import RuleFileError, UnknownWordError
from bot.facts.document import Item, read


@dataclass(frozen=True, slots=True)
class Article:
    """One article: how it is cited, what it says in our own words, and whether its text was held and checked."""

    citation: Citation
    gist: Mapping[str, str]
    verified: bool


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """Every article by its short name, `民法典#1084`."""

    articles: Mapping[str, Article]

    @classmethod
    def load(cls, path: Path, shown: Path | None = None) -> LegalBasis:
        """Reads `legal_basis.yml`. Raises `RuleFileError` with file and line."""
        articles: dict[str, Article] = {}
        for short, law in read(path, shown).table.items():
            fields = law.fields(("title", "en", "articles"), required=("title", "en", "articles"))
            for number, item in fields["articles"].table.items():
                articles[f"{short}#{number}"] = _article(fields["title"].word, number, item)
        return cls(articles)

    def cited(self, item: Item, *, verified: bool) -> tuple[Citation, ...]:
        """The articles a row cites; those of its `basis` must be verified, those it names `unverified` must not."""
        return tuple(self._cited(word, verified=verified) for word in item.words)

    def _cited(self, word: Item, *, verified: bool) -> Citation:
        article = self.articles.get(word.word)
        if article is None:
            raise UnknownWordError("article", word.word, self.articles, word.where)
        if article.verified != verified:
            place = "unverified" if verified else "basis"
            raise RuleFileError(f"{word.word} belongs under {place!r} (see legal_basis.yml)", word.where)
        return article.citation


def _article(title: str, number: str, item: Item) -> Article:
    fields = item.fields(("zh", "en", "verified"), required=("zh", "en", "verified"))
    gist = {language: fields[language].word for language in ("zh", "en")}
    return Article(Citation(title, number), gist, fields["verified"].truth)
