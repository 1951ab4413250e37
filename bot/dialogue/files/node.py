"""A value in a project file together with its place, and the questions a reader asks of it.

for name, slot in domain.child("slots").pairs():
    kind = slot.child("type").word()       # refuses with file and line when it is not one
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from bot.dialogue.files.lined_yaml import SHOWN, LinedDict, LinedList, load_yaml
from bot.dialogue.files.skipping import Skipping
from bot.dialogue.plain import Plain
from bot.errors import ProjectFileError, UnsupportedError, Where, did_you_mean

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Node:
    """`value` as YAML gave it, `where` it stands, and `name`, the key it stands under.

    `skipping` says what is done about keys that Rasa passes over; a node without it refuses them.
    """

    value: Any
    where: Where
    name: str
    skipping: Skipping | None = None

    @classmethod
    def of_file(cls, path: Path, shown: Path) -> Node:
        """The whole of one file; `shown` is the path that messages name."""
        try:
            return cls(load_yaml(path), Where(shown, 1), shown.name)
        except ProjectFileError as error:
            raise ProjectFileError(error.message, Where(shown, error.where.line if error.where else None)) from error

    def refuse(self, message: str) -> ProjectFileError:
        """The error to raise about this value."""
        return ProjectFileError(message, self.where)

    def unsupported(self, message: str) -> UnsupportedError:
        """The error to raise when this asks for something of Rasa's that the engine does not do."""
        return UnsupportedError(message, self.where)

    def unknown(self, kind: str, known: Collection[str]) -> ProjectFileError:
        """The error to raise when this value names a `kind` nobody declared."""
        return self.refuse(self._unknown(kind, known))

    def _unknown(self, kind: str, known: Collection[str]) -> str:
        return f"unknown {kind} {shortened(self.value)}{did_you_mean(str(self.value), known)}"

    def listing(self, skipping: Skipping) -> Node:
        """The same value, of which `skipping` says what is done where Rasa passes over something."""
        return replace(self, skipping=skipping)

    def pairs(self) -> Iterator[tuple[str, Node]]:
        """Key and value of each entry of a mapping; nothing is an empty mapping."""
        if self.value is None:
            return
        if not isinstance(self.value, LinedDict):
            raise self.refuse(f"`{self.name}` must be a mapping (key: value), not {_kind(self.value)}")
        for key, value in self.value.items():
            yield str(key), Node(value, Where(self.where.file, self.value.lines.get(key)), str(key), self.skipping)

    def items(self) -> Iterator[Node]:
        """Each item of a sequence; nothing is an empty sequence."""
        if self.value is None:
            return
        if not isinstance(self.value, LinedList):
            raise self.refuse(f"`{self.name}` must be a list (- …), not {_kind(self.value)}")
        for value, line in zip(self.value, self.value.lines, strict=True):
            yield Node(value, Where(self.where.file, line), self.name, self.skipping)

    def item_or_items(self) -> Iterator[Node]:
        """The items of a sequence, or the one value that stands where a sequence may."""
        return self.items() if self.value is None or isinstance(self.value, LinedList) else iter((self,))

    def child(self, key: str) -> Node:
        """The value under `key`; a missing one is None and stands where its parent does."""
        if not isinstance(self.value, LinedDict):
            raise self.refuse(f"`{self.name}` must be a mapping (key: value), not {_kind(self.value)}")
        line = self.value.lines.get(key, self.where.line)
        return Node(self.value.get(key), Where(self.where.file, line), key, self.skipping)

    def has(self, key: str) -> bool:
        """Whether this is a mapping with such a key."""
        return isinstance(self.value, LinedDict) and key in self.value

    def only(self, known: Collection[str]) -> Node:
        """The mapping itself, refused when it has a key that is not `known`."""
        for key, child in self.pairs():
            if key not in known:
                raise child.refuse(self._unknown_key(key, known))
        return self

    def reads(self, known: Collection[str]) -> Node:
        """The same for a mapping of which Rasa passes over what it does not know: refused, or listed and skipped."""
        for key, child in self.pairs():
            if key not in known:
                with self.skipping or Skipping():
                    raise child.unsupported(self._unknown_key(key, known))
        return self

    def _unknown_key(self, key: str, known: Collection[str]) -> str:
        return f"unknown key `{key}` in `{self.name}`{did_you_mean(key, known)}"

    def word(self) -> str:
        """A name. Numbers written without quotes are names as well (`- intent: 12345`)."""
        if isinstance(self.value, bool) or not isinstance(self.value, str | int) or self.value == "":
            raise self.refuse(f"`{self.name}` must be a name, not {_kind(self.value)}")
        return str(self.value)

    def known(self, kind: str, names: Collection[str]) -> str:
        """A name that somebody declared."""
        if self.word() not in names:
            raise self.unknown(kind, names)
        return self.word()

    def named(self, kind: str, names: Collection[str]) -> str:
        """A name that somebody should have declared, where Rasa only warns when nobody did: refused, or listed and kept."""
        if self.word() not in names:
            with self.skipping or Skipping():
                raise self.unsupported(self._unknown(kind, names))
        return self.word()

    def text(self) -> str:
        """Some text."""
        if not isinstance(self.value, str):
            raise self.refuse(f"`{self.name}` must be text, not {_kind(self.value)}")
        return self.value

    def flag(self, default: bool) -> bool:  # noqa: FBT001 – the value of an absent flag
        """True or false, `default` when it is not given."""
        return default if self.value is None else self._typed(bool, "true or false")

    def number(self, default: float) -> float:
        """A number, `default` when it is not given."""
        if self.value is None:
            return default
        if isinstance(self.value, bool):
            raise self.refuse(f"`{self.name}` must be a number, not true or false")
        try:
            return float(self._typed((int, float), "a number"))
        except OverflowError as error:
            raise self.refuse(f"`{self.name}` must be a number one can reckon with") from error

    def _typed(self, kind: type[T] | tuple[type[T], ...], wanted: str) -> T:
        if not isinstance(self.value, kind):
            raise self.refuse(f"`{self.name}` must be {wanted}, not {_kind(self.value)}")
        return self.value


def shortened(value: Plain) -> str:
    """A value as a message shows it: its beginning, where it is long."""
    shown = repr(value[:SHOWN] if isinstance(value, str) else value)
    return f"{shown[:SHOWN]}…" if len(shown) > SHOWN + 2 or (isinstance(value, str) and len(value) > SHOWN) else shown


def _kind(value: Plain) -> str:
    """What a value is, in an author's words."""
    kinds = {dict: "a mapping", list: "a list", bool: "true or false", str: "text", int: "a number", float: "a number"}
    found = next((name for kind, name in kinds.items() if isinstance(value, kind)), None)
    return (
        "nothing"
        if value is None
        else (found or "something else") + ("" if found in {"a mapping", "a list"} else f" ({shortened(value)})")
    )
