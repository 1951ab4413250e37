r"""Where a word begins and ends, in any script.

Rasa puts `\b` around what it looks for. Inside Chinese that never matches, because every character is a word
character to `re`; so a boundary is asked for only where the word sought begins or ends in a script that separates
words by spaces.
"""

from __future__ import annotations

import re

# Scripts written without spaces: Chinese characters and their punctuation, kana, Thai, Lao, Khmer, Burmese.
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff65\U00020000-\U0003ffff]"
)
# How much of a text is looked at; what follows is kept but not understood, so that work is bounded (Rasa has no bound).
READ_AT_MOST = 10_000


def bounded(word: str) -> str:
    """A pattern that finds `word` as a whole word, and inside scripts that do not separate words."""
    return within_bounds(word, re.escape(word))


def within_bounds(word: str, pattern: str) -> str:
    """`pattern`, which finds `word`, kept from beginning or ending within another word."""
    before = "" if UNSPACED.match(word[:1]) else r"\b"
    after = "" if UNSPACED.match(word[-1:]) else r"\b"
    return f"{before}{pattern}{after}"
