"""All 620,000 villages and residents' committees, in one file that is mapped into memory and never read as a whole.

The file (`data/divisions/derive.py` writes it): a mark, how many townships, their codes in order, where each begins, and then a
line a village: three digits, a letter for the kind of committee, and the name.
"""

from __future__ import annotations

import mmap
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import DirectoryError, Where

MAGIC = b"RDV1"
# The kinds of committees, longest name first; the letter stands for the word that ends a name.
_COMMITTEES = ("社区居民委员会", "社区居委会", "村民委员会", "居民委员会", "村委会", "居委会", "社区", "")
KINDS = dict(zip("abcdefgh", _COMMITTEES, strict=True))
_HEAD = struct.Struct("<4sI")
_DIGITS = 3


@dataclass(frozen=True)
class Villages:
    """Villages below their townships. Cost: opening reads a few bytes; a township's villages one small piece of the file."""

    townships: memoryview[int]
    starts: memoryview[int]
    text: mmap.mmap
    begin: int

    @classmethod
    def open(cls, file: Path) -> Villages:
        """Maps the file; raises `DirectoryError` when it is missing or broken."""
        try:
            with file.open("rb") as opened:
                text = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
            mark, count = _HEAD.unpack_from(text)
            numbers = memoryview(text)[_HEAD.size : _HEAD.size + 4 * (2 * count + 1)].cast("I")
            begin = _HEAD.size + numbers.nbytes
            found = cls(numbers[:count], numbers[count:], text, begin)
            if mark != MAGIC or begin + found.starts[count] != len(text):
                raise DirectoryError("is not a whole file of villages", Where(file))
        except (OSError, ValueError, TypeError, IndexError, struct.error) as error:
            raise DirectoryError(f"cannot be read: {error}", Where(file)) from error
        return found

    def of(self, township: str) -> tuple[tuple[str, str], ...]:
        """Codes and names of a township's villages; none where it has none, or is none."""
        at = bisect_left(self.townships, int(township))
        if at == len(self.townships) or self.townships[at] != int(township):
            return ()
        return tuple(self._lines(at))

    def called(self, name: str, within: str = "", at_most: int = 50) -> tuple[str, ...]:
        """Codes of villages whose name begins so, within a division's code, at most so many. Linear in that division's text."""
        low = bisect_left(self.townships, int(within.ljust(9, "0")))
        high = bisect_right(self.townships, int(within.ljust(9, "9")))
        here, end = self.begin + self.starts[low], self.begin + self.starts[high]
        wanted, found = name.encode(), list[str]()
        while len(found) < at_most and (here := self.text.find(wanted, here, end)) >= 0:
            line = self.text.rfind(b"\n", 0, here) + 1 if here > self.begin else here
            line = max(line, self.begin)
            if here == line + _DIGITS + 1:
                at = bisect_right(self.starts, line - self.begin) - 1
                found.append(f"{self.townships[at]:09}{self.text[line : line + _DIGITS].decode()}")
            here += len(wanted)
        return tuple(found)

    def __len__(self) -> int:
        return self.text[self.begin :].count(b"\n")

    def _lines(self, at: int) -> Iterator[tuple[str, str]]:
        block = self.text[self.begin + self.starts[at] : self.begin + self.starts[at + 1]].decode()
        township = f"{self.townships[at]:09}"
        for line in block.splitlines():
            yield township + line[:_DIGITS], line[_DIGITS + 1 :] + KINDS[line[_DIGITS]]
