"""One way of writing for many: traditional characters, full width, look-alikes, hidden marks, pinyin, emoji, slips of the ear.

What is read afterwards is written small and in simplified characters; each of them knows where it stands in what was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import ahocorasick
import opencc

from bot.facts.document import read

# Cyrillic and Greek letters that look like Latin ones.
_ALIKE = dict(zip("аеорсхуіјѕԁһɡαοντυκ’‘`´", "aeopcxyijsdhgaovtuk''''", strict=True))
# Full width, compatibility ideographs and mathematical letters have one plain character each.
_COMPATIBLE = (range(0xF900, 0xFB00), range(0xFF01, 0xFFEF), range(0x1D400, 0x1D800), range(0x2460, 0x2500))
_IDEOGRAPHS = range(0x3400, 0xA000)
# Marks that nobody sees: joiners, directions, variants, accents of their own, skin tones, controls.
_HIDDEN = (
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0e\ufe0f\u0300-\u036f\U0001f3fb-\U0001f3ff"
    "\x00-\x08\x0b-\x1f\x7f]+"
)
_HAN = "[\u3400-\u9fff]"
_NOISE = re.compile(
    rf"(?P<hidden>{_HIDDEN})"
    rf"|(?<={_HAN})[*·|_^~'](?={_HAN})"  # 自*杀
    rf"|(?:(?<=^)|(?<=\s)){_HAN}(?:\s{_HAN}){{2,}}(?=\s|$)"  # 他 打 我
    r"|(?P<long>[a-z])(?P=long){2,}|(?P<more>[^\d\s])(?P=more){3,}"  # heeelp, 救救救救命
)
# The same words again and again tell nothing more, and would be read again and again.
_AGAIN = re.compile(r"(?P<said>[^\d\s].{1,15}?)(?P=said){3,}")
_LONG = 200  # characters, from which on that matters
_LATIN = re.compile("[a-z]")

Run = tuple[int, int]  # from one character to before another


@dataclass(frozen=True, slots=True)
class Plain:
    """A text written plainly, and where each of its characters stands in what was typed (None: at the same place)."""

    text: str
    at: Sequence[Run] | None = None

    def typed(self, start: int, end: int) -> Run:
        """Where a part of the plain text stands in what was typed."""
        return (start, end) if self.at is None or start >= end else (self.at[start][0], self.at[end - 1][1])

    def edited(self, edits: Iterable[tuple[int, int, str]]) -> Plain:
        """The text with some parts written otherwise; edits are in order and apart."""
        text: list[str] = []
        at: list[Run] = []
        last = 0
        known = self.at
        for start, end, instead in edits:
            text += (self.text[last:start], instead)
            at += [(n, n + 1) for n in range(last, start)] if known is None else known[last:start]
            at += [self.typed(start, end)] * len(instead)
            last = end
        if not text:
            return self
        at += [(n, n + 1) for n in range(last, len(self.text))] if known is None else known[last:]
        return Plain("".join(text) + self.text[last:], at)


class Spelling:
    """How things are written: characters one by one, and `written` (variant → what it stands for) whole."""

    def __init__(self, written: Mapping[str, str]) -> None:
        self._characters = _characters()
        self._variants = ahocorasick.Automaton()
        for variant, word in written.items():
            plain = variant.lower().translate(self._characters)
            self._variants.add_word(plain, (len(plain), word))
        self._variants.make_automaton()

    @classmethod
    def load(cls, path: Path, shown: Path) -> Spelling:
        """Reads `spelling.yml`. Raises `RuleFileError` for a variant that stands for two words, or for itself."""
        of_variant: dict[str, str] = {}
        for word, variants in read(path, shown).fields(("written",), required=("written",))["written"].table.items():
            for variant in variants.items:
                if variant.word in (word, *of_variant):
                    variant.fail(f"{variant.word!r} stands for {of_variant.get(variant.word, 'itself')!r} already")
                of_variant[variant.word] = word
        return cls(of_variant)

    def plain(self, text: str) -> Plain:
        """A text written plainly. Linear in its length."""
        same = (
            "".join(c if len(c) == 1 else o for o, c in ((o, o.lower()) for o in text))
            if not text.isascii()
            else text.lower()
        )
        plain = Plain(same.translate(self._characters))
        plain = plain.edited(_quiet(plain.text))
        if len(plain.text) > _LONG:
            plain = plain.edited((*found.span(), found["said"]) for found in _AGAIN.finditer(plain.text))
        return plain.edited(self._otherwise(plain.text))

    def _otherwise(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Variants that stand in a text, the longest of those that overlap; Latin ones as whole words."""
        if not len(self._variants):
            return
        for last, (length, word) in self._variants.iter_long(text):
            start, end = last + 1 - length, last + 1
            if not _cuts(text, start) and not _cuts(text, end):
                yield start, end, word


def _quiet(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _NOISE.finditer(text):
        if found["hidden"]:
            yield *found.span(), ""
        elif one := found["long"] or found["more"]:
            yield *found.span(), one
        else:
            yield *found.span(), re.sub(r"[\s*·|_^~']", "", found[0])


def _cuts(text: str, at: int) -> bool:
    """Whether a place is in the middle of a Latin word."""
    return 0 < at < len(text) and bool(_LATIN.match(text[at - 1]) and _LATIN.match(text[at]))


def _characters() -> dict[int, str]:
    """What one character is written as; simplified for traditional after OpenCC."""
    han = [chr(code) for code in _IDEOGRAPHS]
    simple = opencc.OpenCC("t2s").convert("\n".join(han)).split("\n")
    alike = {ord(odd): plain for odd, plain in _ALIKE.items()}
    compatible = {
        code: plain
        for code in chain(*_COMPATIBLE)
        if len(plain := unicodedata.normalize("NFKC", chr(code)).lower()) == 1 and plain.isalnum()
    }
    return {**{ord(old): new for old, new in zip(han, simple, strict=True) if old != new}, **compatible, **alike}
