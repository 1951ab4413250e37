"""Sentences by name, in both languages, as `data/*.yml` has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter

from bot.facts.document import Item

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Texts:
    """Each sentence may hold gaps, `{risk}`, that `say` fills."""

    sentences: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(cls, item: Item, names: Iterable[str]) -> Texts:
        """A table of sentences. Raises `RuleFileError` when one of `names` or a translation is missing, or one is unknown."""
        names = tuple(names)
        return cls({name: sentence(said) for name, said in item.fields(names, required=names).items()})

    def say(self, name: str, language: str, **words: object) -> str:
        """The sentence in `zh` or `en`, its gaps filled."""
        return self.sentences[name][language].format(**words)


def sentence(item: Item) -> Mapping[str, str]:
    """One sentence in both languages. Raises `RuleFileError` when they have not the same gaps, or a brace stands alone."""
    said = item.both_languages()
    if _gaps(item, said["zh"]) != _gaps(item, said["en"]):
        item.fail("both languages need the same gaps ({…})")
    return said


def _gaps(item: Item, text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        item.fail(f"a gap is written {{name}}; a brace stands alone in {text!r}")


def spoken(language: str | None) -> str:
    """The one of our two languages that is meant: zh, unless it is `en`."""
    return "en" if language == "en" else "zh"
