"""Cutting a text into words, as Rasa's tokenizers do (rasa `nlu/tokenizers/`).

The packages behind them are imported when a tokenizer is made, which is when a component needs words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

# A word that consists of these is dropped (rasa `utils/io.py`, `get_emoji_regex`).
EMOJI = re.compile(
    "[\U0001f600-\U0001f64f\U0001f300-\U0001f5ff\U0001f680-\U0001f6ff\U0001f1e0-\U0001f1ff\u2702-\u27b0\u24c2-\U0001f251\u200d\u200c]+"
)
# What is no part of a word at its end; at its beginning, unless a digit follows; and inside it, outside of addresses.
NO_WORD = (
    r"[^\w#@&]+(?=\s|$)",
    r"(\s|^)[^\w#@&]+(?=[^0-9\s])",
    r"(?<=[^0-9\s])[^\w._~:/?#\[\]()@!$&*+,;=-]+(?=[^0-9\s])",
)
# jieba cuts what its dictionary does not know into runs of letters and digits (jieba `finalseg`).
LATIN_RUN = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
HAN = re.compile("[\u4e00-\u9fd5]")
HALF = re.compile("[\ud800-\udfff]")


class Token(NamedTuple):
    """A word and where it stands."""

    text: str
    start: int
    end: int


Cut = Callable[[str], list[Token]]


def whitespace() -> Cut:
    """Words between spaces, without what surrounds them (`whitespace_tokenizer.py`)."""
    import regex  # noqa: PLC0415 – only a pipeline that cuts words this way needs it

    return partial(_by_whitespace, regex.compile("|".join(NO_WORD)).sub)


def _by_whitespace(blank: Callable[[str, str], str], text: str) -> list[Token]:
    words = [word for word in blank(" ", text).split() if not EMOJI.fullmatch(word)]
    return _placed(words or [text], text)


def _placed(words: list[str], text: str) -> list[Token]:
    tokens, after = [], 0
    for word in words:
        start = text.index(word, after)
        after = start + len(word)
        tokens.append(Token(word, start, after))
    return tokens


def jieba(dictionary: tuple[str, ...] = ()) -> Cut:
    """Words of Chinese (`jieba_tokenizer.py`); `dictionary` are lines of jieba's form: `word [frequency] [tag]`."""
    import rjieba  # noqa: PLC0415 – only a pipeline that cuts words this way needs it

    cutter = rjieba.Jieba()
    for line in dictionary:
        word, frequency, tag = _entry(line)
        cutter.add_word(word, frequency, tag)
    return partial(_by_jieba, cutter.cut, cutter.has_word)


def _entry(line: str) -> tuple[str, int | None, str | None]:
    found = re.match(r"(.+?)(?: ([0-9]+))?(?: ([a-z]+))?$", line)
    if found is None:
        return line, None, None
    return found[1].strip(), int(found[2]) if found[2] else None, found[3]


def _by_jieba(cut: Callable[[str], list[str]], known: Callable[[str], bool], text: str) -> list[Token]:
    text = HALF.sub("\ufffd", text)  # which Rust has no characters for
    words = (part for word in cut(text) for part in _runs(word, known))
    tokens, start = [], 0
    for word in words:
        tokens.append(Token(word, start, start + len(word)))
        start += len(word)
    return tokens


def _runs(word: str, known: Callable[[str], bool]) -> list[str]:
    if len(word) == 1 or word.isalnum() or HAN.search(word) or known(word):
        return [word]
    return [run for run in LATIN_RUN.split(word) if run]


def by_pattern(cut: Cut, pattern: str | None) -> Cut:
    """Each word cut again into what `pattern` finds in it; one in which it finds nothing stays whole."""
    return partial(_again, cut, re.compile(pattern)) if pattern else cut


def _again(cut: Cut, pattern: re.Pattern[str], text: str) -> list[Token]:
    return [part for token in cut(text) for part in _parts(pattern, token)]


def _parts(pattern: re.Pattern[str], token: Token) -> Iterator[Token]:
    found = [word for word in pattern.findall(token.text) if word]
    for part in _placed(found or [token.text], token.text):
        yield Token(part.text, token.start + part.start, token.start + part.end)
