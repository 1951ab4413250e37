"""How phrases of the lexicon are written.

`(a/b)` is one of them, what stands before `?` may be missing, `…` is a gap in the clause, `{kid}` one of the words that a file has
under this name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.facts.document import Item

BREAKS = "，。！？；,.!?;\n"
CLAUSE = re.compile(rf"[^{BREAKS}]+[{BREAKS}]*")
_BLANKS = 3  # blanks that may stand for one
_GROUP, _NAME = re.compile(r"\([^()]*\)"), re.compile(r"\{(\w+)\}")
_PIECE = re.compile(r"\([^()]*\)\??|…|.\?|[^…(? ](?:[^…(? ](?!\?))*| |.")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase made ready. Wherever it is found stands one of its `anchors`, `before` characters ahead at most, `after` behind.

    What stands in a gap is a group of the pattern.
    """

    pattern: re.Pattern[str]
    anchors: tuple[str, ...]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a phrase: one of `choices` (none for a gap or a blank), as a regular expression, and its greatest length."""

    written: str
    longest: int
    choices: tuple[str, ...] = ()

    @property
    def weight(self) -> tuple[int, int]:
        """How well it tells where a phrase may be: long words, few of them."""
        return (min(map(len, self.choices)), -len(self.choices)) if self.choices else (0, 0)


def phrase(item: Item, gap: int, *, spaced: bool) -> Phrase:
    """One phrase, written small; whole words where words are `spaced`, a gap of at most `gap` characters.

    Raises `RuleFileError` for one in which nothing must stand.
    """
    pieces = [_piece(found, gap) for found in _PIECE.findall(item.word.lower())]
    best = max(range(len(pieces)), key=lambda at: pieces[at].weight, default=None)
    if best is None or not pieces[best].choices:
        item.fail(f"{item.word!r} matches everywhere: at least one word must stand in a phrase")
    written = "".join(piece.written for piece in pieces)
    ahead = "" if written.startswith("n't") else "(?<![a-z])"  # n't hangs on to the word before it
    return Phrase(
        re.compile(f"{ahead}{written}(?![a-z])" if spaced else written),
        pieces[best].choices,
        sum(piece.longest for piece in pieces[: best + 1]),  # an anchor may be one word of its piece
        sum(piece.longest for piece in pieces[best:]),
    )


def spelt_out(items: Iterable[Item], named: Mapping[str, Item]) -> Iterator[Item]:
    """The phrases with every `{name}` replaced by its words. Raises `RuleFileError` for a name that is not there."""
    for item in items:

        def choices(found: re.Match[str], item: Item = item) -> str:
            name = Item(found[1], item.where).known("name of words", named)
            return "/".join(word.word for word in named[name].items)

        inside = _GROUP.sub(lambda group: _NAME.sub(choices, group[0]), item.word)
        yield Item(_NAME.sub(lambda found: f"({choices(found)})", inside), item.where)


def _piece(said: str, gap: int) -> _Piece:
    if said == "…":
        return _Piece(rf"([^{BREAKS}]{{0,{gap}}}?)", gap)
    if said == " ":
        return _Piece(rf"\s{{1,{_BLANKS}}}", _BLANKS)
    if said.startswith("("):
        return _choice(said)
    if said.endswith("?"):
        return _Piece(re.escape(said[0]) + "?", 1)
    return _Piece(re.escape(said), len(said), (said,))


def _choice(said: str) -> _Piece:
    """One of some words, the longest first; which of them can be missing tells nothing of where the phrase is."""
    choices = tuple(sorted(dict.fromkeys(said.rstrip("?")[1:-1].split("/")), key=len, reverse=True))
    written = "(?:" + "|".join(re.escape(word).replace(r"\ ", rf"\s{{1,{_BLANKS}}}") for word in choices) + ")"
    longest = max(len(word) + word.count(" ") * (_BLANKS - 1) for word in choices)
    if said.endswith("?"):
        return _Piece(written + "?", longest)
    return _Piece(written, longest, tuple(max(word.split(" "), key=len) for word in choices) if choices[-1] else ())
