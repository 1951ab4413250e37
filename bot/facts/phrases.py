"""How phrases of the lexicon are written and found.

`(a/b)` is one of them, what stands before `?` may be missing, `…` is a gap in the clause, `{kid}` one of the words that a file has
under this name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.facts.document import Item

BREAKS = "，。！？；,.!?;\n"
CLAUSE = re.compile(rf"[^{BREAKS}]+[{BREAKS}]*")
_BLANK = "＿"
_GROUP, _NAME = re.compile(r"\([^()]*\)"), re.compile(r"\{(\w+)\}")
_PIECE = re.compile(r"\([^()]*\)\??|…|.\?|.")


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """One of these regular expressions, whatever the case; nothing at all where there is none."""
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def phrases(items: Iterable[Item], gap: int, *, spaced: bool) -> re.Pattern[str]:
    """One of these phrases. What stands in a gap is a group."""
    return any_of(pattern(item.word, gap, spaced=spaced) for item in items)


def blanked(pattern: re.Pattern[str], text: str) -> str:
    """The text with what the pattern finds made unreadable; every other character stays where it was."""
    return pattern.sub(lambda found: _BLANK * len(found[0]), text)


def spelt_out(items: Iterable[Item], named: Mapping[str, Item]) -> Iterator[Item]:
    """The phrases with every `{name}` replaced by its words. Raises `RuleFileError` for a name that is not there."""
    for item in items:

        def choices(found: re.Match[str], item: Item = item) -> str:
            name = Item(found[1], item.where).known("name of words", named)
            return "/".join(word.word for word in named[name].items)

        inside = _GROUP.sub(lambda group: _NAME.sub(choices, group[0]), item.word)
        yield Item(_NAME.sub(lambda found: f"({choices(found)})", inside), item.where)


def words(items: Iterable[Item], *, spaced: bool) -> re.Pattern[str]:
    """One of these words, whole where words are set apart by spaces (`n't` hangs on to the word before it)."""
    edge = r"(?<![a-z])" if spaced else ""
    return any_of(
        (edge if item.word[0].isalpha() and item.word != "n't" else "")
        + re.escape(item.word)
        + (r"\b" if spaced else "")
        for item in items
    )


def pattern(phrase: str, gap: int, *, spaced: bool) -> str:
    """A phrase as a regular expression; whole words where words are `spaced`, a gap of at most `gap` characters."""
    written = "".join(_piece(piece, gap) for piece in _PIECE.findall(phrase))
    return rf"\b{written}\b" if spaced else written


def _piece(piece: str, gap: int) -> str:
    if piece == "…":
        return rf"([^{BREAKS}]{{0,{gap}}}?)"
    if piece.startswith("("):
        inner = piece.rstrip("?")[1:-1].split("/")
        choices = "|".join(re.escape(word) for word in sorted(inner, key=len, reverse=True))
        return f"(?:{choices}){'?' if piece.endswith('?') else ''}"
    if len(piece) > 1:
        return re.escape(piece[0]) + "?"
    return r"\s+" if piece == " " else re.escape(piece)
