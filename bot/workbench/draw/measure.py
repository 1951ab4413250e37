"""How wide text is, and where it may break: without a font at hand, so that every reader's font fits.

Widths are those of DejaVu Sans, the widest of the fonts that LOOK.md names or a Linux desktop falls back to, so a narrower
one leaves air and never overflows. Wide and ambiguous characters (Chinese, full-width punctuation, “ ” … →) count one em.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Advances of U+0020 … U+007E in thousandths of an em; the larger of DejaVu Sans 2.37 and WenQuanYi Micro Hei.
_REGULAR = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 551, 838, 318, 361, 318, 373, 636, 636, 636, 636, 636, 636, 636, 636, 636,
    636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 339, 295, 656, 557, 870, 748, 787, 603, 787,
    695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 373, 390, 838, 500, 577, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278,
    579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 551, 636, 838,
)  # fmt: skip
_BOLD = (
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 551, 838, 380, 415, 380, 373, 696, 696, 696, 696, 696, 696, 696, 696, 696,
    696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995, 837, 850, 733, 850,
    770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 373, 457, 838, 500, 577, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343,
    665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 551, 712, 838,
)  # fmt: skip
_WIDE = frozenset("WFA")
_NEVER_FIRST = frozenset("，。；：？！、）】》〉”’…·,.;:?!)]}%")
_NEVER_LAST = frozenset("（【《〈“‘([{")
# A run of Latin letters and digits stays together; a space ends a piece; everything wide stands for itself.
_PIECE = re.compile(r"[!-~]+ ?| |.", re.DOTALL)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line of text in pixels at `size` pixels an em, never less than what a reader's font takes."""
    return sum(_advance(character, bold=bold) for character in text) * size / 1000


def wrap(text: str, size: float, room: float, *, bold: bool = False) -> tuple[str, ...]:
    """The lines of a text that fit `room` pixels; a word too long for a line is broken, punctuation never begins one."""
    lines = [""]
    for piece in _pieces(text, size, room, bold=bold):
        if width((lines[-1] + piece).rstrip(), size, bold=bold) <= room or not lines[-1]:
            lines[-1] += piece
        else:
            lines.append(piece)
    return tuple(line.strip() for line in lines)


def _advance(character: str, *, bold: bool) -> int:
    place = ord(character) - 0x20
    if 0 <= place < len(_REGULAR):
        return (_BOLD if bold else _REGULAR)[place]
    if unicodedata.combining(character):
        return 0
    return 1000 if unicodedata.east_asian_width(character) in _WIDE else 700


def _pieces(text: str, size: float, room: float, *, bold: bool) -> Iterator[str]:
    """What must not be broken: words, and a character with the punctuation that clings to it."""
    waiting = ""
    for piece in _PIECE.findall(" ".join(text.split())):
        if waiting and not (waiting[-1] in _NEVER_LAST or piece[0] in _NEVER_FIRST):
            yield from _broken(waiting, size, room, bold=bold)
            waiting = ""
        waiting += piece
    yield from _broken(waiting, size, room, bold=bold)


def _broken(piece: str, size: float, room: float, *, bold: bool) -> Iterator[str]:
    """The piece, or as many parts of it as a line holds when it is longer than a line."""
    if width(piece.rstrip(), size, bold=bold) <= room:
        yield piece
        return
    part = ""
    for character in piece:
        if part and width(part + character, size, bold=bold) > room:
            yield part
            part = ""
        part += character
    yield part
