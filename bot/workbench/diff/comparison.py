"""Two rule bases side by side over one space of families: every difference, gathered into groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from oxidd.bcdd import BCDDFunction
from oxidd.util import DDMemoryError

from bot.decisions import Policy
from bot.decisions.risk import BY_WORD
from bot.errors import InputError
from bot.workbench.diff.difference import Change, Differ, Difference
from bot.workbench.diff.interview import Interview
from bot.workbench.diff.ladder import Ladders
from bot.workbench.diff.order import together
from bot.workbench.diff.output import ABSENT, Output, What, outputs
from bot.workbench.diff.space import Space, common_values


class Direction(StrEnum):
    """Where a family's risk goes; the words are those of the JSON."""

    DOWN = "down"
    SAME = "same"
    UP = "up"


@dataclass(frozen=True, slots=True)
class Group:
    """Families to whom exactly the same happens, as far as `changes` go; other groups can hold some of them too.

    `changes` have happened to every one of them; the risk of all of them goes in one direction.
    """

    direction: Direction
    changes: tuple[Change, ...]
    families: BCDDFunction
    count: int

    @property
    def rows(self) -> tuple[str, ...]:
        """The edited rows that decide what changes, before or after; none where only the order of rows is new."""
        return tuple(dict.fromkeys(row for change in self.changes for row in change.rows))


class Comparison:
    """What differs. Raises `InputError` when the diagrams do not fit into memory."""

    def __init__(self, old: Policy, new: Policy, on: date, *, volunteered: bool = False) -> None:
        self.policies = (old, new)
        self.on = on
        self.volunteered = volunteered
        self.values = common_values(old.vocabulary, new.vocabulary)
        try:
            self._compare(old, new)
        except DDMemoryError as error:
            raise InputError("these rule bases differ in too many ways to be compared exactly") from error

    def _compare(self, old: Policy, new: Policy) -> None:
        edges = [edge for policy in (old, new) for edge in together(policy.vocabulary, policy.rows)]
        self.space = Space(self.values.of, edges)
        interviews = [Interview(self.space, p.vocabulary, volunteered=self.volunteered) for p in (old, new)]
        before, after = (interview.impossible() for interview in interviews)
        self.excluded_by_one = self.space.count(before ^ after)
        self.space.without(before | after)
        self.families = self.space.count(self.space.families)
        self.sides = tuple(
            Ladders(policy, interview, self.on) for policy, interview in zip(self.policies, interviews, strict=True)
        )
        found = self._differences()
        self.directions = self._directions(found)
        self.different = self._union(found)
        self.groups = self._groups(found)

    def _differences(self) -> tuple[Difference, ...]:
        old, new = self.sides
        defaults = [policy.base.words.default_for for policy in self.policies]
        differ = Differ(old, new)
        return tuple(one for output in outputs((*old.rows, *new.rows), defaults) for one in differ.differences(output))

    def _union(self, found: Iterable[Difference]) -> int | None:
        """How many families differ in anything; None when that one union, alone of all, is too large a diagram."""
        by_output: dict[Output, list[BCDDFunction]] = {}
        for one in found:
            by_output.setdefault(one.change.output, []).append(one.families)
        union = self.space.nobody
        try:
            for families in by_output.values():
                self.space.tidy()
                union = union | self.space.either(families)
        except DDMemoryError:
            return None
        return self.space.count(union)

    def _directions(self, found: Iterable[Difference]) -> Mapping[Direction, BCDDFunction]:
        """The whole space, by where risk goes."""
        risks = [(_direction(one.change), one.families) for one in found if one.change.output.what is What.RISK]
        down, up = (
            self.space.either(families for way, families in risks if way is wanted)
            for wanted in (Direction.DOWN, Direction.UP)
        )
        return {Direction.DOWN: down, Direction.SAME: self.space.families & ~down & ~up, Direction.UP: up}

    def _groups(self, found: Iterable[Difference]) -> tuple[Group, ...]:
        """Differences that happen to the very same families, together; the gravest first."""
        gathered: dict[tuple[Direction, BCDDFunction], list[Change]] = {}
        for one in found:
            for direction, those in self.directions.items():
                if (families := one.families & those) != self.space.nobody:
                    gathered.setdefault((direction, families), []).append(one.change)
        groups = (
            Group(direction, tuple(changes), families, self.space.count(families))
            for (direction, families), changes in gathered.items()
        )
        return tuple(sorted(groups, key=gravity))


def gravity(group: Group) -> tuple[int, ...]:
    """Smaller is graver: risk lowered furthest first, then care taken away, then other changes, then risk raised."""
    return (*min(_weight(change) for change in group.changes), list(Direction).index(group.direction), -group.count)


def heading(old: int, new: int) -> Direction:
    """Where risk goes."""
    return Direction.SAME if old == new else Direction.UP if new > old else Direction.DOWN


def _direction(change: Change) -> Direction:
    return heading(0, _steps(change))


def _steps(change: Change) -> int:
    return BY_WORD[str(change.new)] - BY_WORD[str(change.old)]


def _weight(change: Change) -> tuple[int, int]:
    """`(kind, depth)`: the kinds in the order of `gravity`."""
    if change.output.what is What.RISK:
        steps = _steps(change)
        return (0, steps) if steps < 0 else (3, steps)
    return (1, 0) if _less_care(change) else (2, 0)


def _less_care(change: Change) -> bool:
    """Whether a part or a never goes, a time grows, somebody is told no more, or a part's risk falls."""
    what, old, new = change.output.what, change.old, change.new
    if what in (What.NEVER, What.ALSO):
        return new is False
    if what is What.ACT_WITHIN:
        return new is None or (old is not None and int(new) > int(old))
    if what is What.PART_RISK:
        return _steps(change) < 0
    return new == ABSENT if what is What.LEAD else what is What.FOLLOW_UP and new is None
