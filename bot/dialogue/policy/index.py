"""Finding the rules that hold, in a time that does not grow with their number.

Rules are filed under what their last state says of action, intent and loop; a conversation looks under at most four
of these keys and compares only what it finds there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.dialogue.memory.states import State, fits
from bot.dialogue.memory.steps import Step
from bot.dialogue.model.names import NOT_SET

# Under this key stand the rules that do not care about the intent, or the loop.
ANY = ""
Key = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """In `states`, the newest first, `outcome`. `text` is Rasa's key for them; the longest is the most specific."""

    states: tuple[State, ...]
    outcome: str
    text: str
    weight: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", len(self.text))

    def holds(self, now: State, steps: Sequence[Step]) -> bool:
        """Whether the conversation's last states have everything this entry asks for."""
        if len(self.states) > len(steps) + 1 or not fits(self.states[0], now):
            return False
        return all(fits(self.states[back], steps[-back]["state"]) for back in range(1, len(self.states)))


class Index:
    """Entries filed by their newest state."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._filed: dict[Key, list[Entry]] = {}
        self.longest = 1
        for entry in entries:
            self._filed.setdefault(_key(entry.states[0]), []).append(entry)
            self.longest = max(self.longest, len(entry.states))
        for found in self._filed.values():
            found.sort(key=lambda entry: -entry.weight)

    def holding(self, now: State, steps: Sequence[Step]) -> Iterator[Entry]:
        """Every entry that holds now."""
        for entries in self._under(now):
            for entry in entries:
                if entry.holds(now, steps):
                    yield entry

    def best(self, now: State, steps: Sequence[Step]) -> Entry | None:
        """The most specific entry that holds; of equals the one filed under the narrower key."""
        best: Entry | None = None
        for entries in self._under(now):
            for entry in entries:
                if best is not None and entry.weight <= best.weight:
                    break
                if entry.holds(now, steps):
                    best = entry
        return best

    def _under(self, now: State) -> Iterator[list[Entry]]:
        """What is filed under the four keys that fit the newest state."""
        action, loop = now.get("action"), now.get("loop")
        loop = None if loop == NOT_SET else loop
        for intent in (now.get("intent"), ANY):
            for place in (loop, ANY):
                if entries := self._filed.get((action, intent, place)):
                    yield entries


def _key(state: State) -> Key:
    loop = state.get("loop", ANY)
    return state.get("action"), state.get("intent", ANY), None if loop == NOT_SET else loop
