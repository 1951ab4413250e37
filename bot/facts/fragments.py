"""The fine print of what a message is about: Chinese characters and pairs of them, each with a learned weight for every matter.

The signs of `matters.yml` are for people to edit; what they miss, hundreds of small hints say together. Their weights are
added and divided by the root of how many were found, so that a long message does not shout. One look-up a character.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import RuleFileError, Where

Row = tuple[float, ...]  # one weight a matter, in the order of the file's heading


@dataclass(frozen=True, slots=True)
class Fragments:
    """Fragments with their weights, in the order of `matters`."""

    matters: tuple[str, ...] = ()
    weights: Mapping[str, Row] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path, shown: Path, matters: Collection[str]) -> Fragments:
        """Reads a table (tab-separated, a heading, then a fragment a line). Raises `RuleFileError` with the line that is wrong."""
        lines = path.read_text(encoding="utf-8").splitlines()
        heading = tuple(lines[0].split("\t")[1:]) if lines else ()
        if set(heading) != set(matters):
            raise RuleFileError(f"the heading names the matters: {', '.join(matters)}", Where(shown, 1))
        weights = {}
        for number, line in enumerate(lines[1:], 2):
            fragment, *written = line.split("\t")
            try:
                weights[fragment] = tuple(map(float, written))
            except ValueError:
                weights[fragment] = ()
            if len(weights[fragment]) != len(heading):
                message = f"a fragment and {len(heading)} weights are expected here; `rightdoor bench nlu --weigh` writes this file"
                raise RuleFileError(message, Where(shown, number))
        return cls(heading, weights)

    def sums(self, text: str) -> Mapping[str, float]:
        """What the fragments of a text (written plainly) say for every matter."""
        found = [weights for fragment in fragments(text) if (weights := self.weights.get(fragment))]
        by = math.sqrt(len(found)) or 1.0
        return {matter: sum(row[at] for row in found) / by for at, matter in enumerate(self.matters)}


def fragments(text: str) -> Iterator[str]:
    """Every Chinese character of a text and every pair of neighbours, once."""
    seen = set()
    before = ""
    for character in text:
        here = character if "\u4e00" <= character <= "\u9fff" else ""
        for fragment in (here, before + here) if here else ():
            if fragment not in seen:
                seen.add(fragment)
                yield fragment
        before = here
