"""YAML 1.2 whose mappings and sequences remember the line of every entry.

`no` is a word, `12:30` is a word, a date is a word, keys are words, and a key that is written twice is refused; `${NAME}`
in a word without quotes is taken from the environment (Rasa reads its files so too: rasa `shared/utils/io.py`).
"""

from __future__ import annotations

import gc
import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.constructor import ConstructorError, DuplicateKeyError, SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from bot.dialogue.files.bounded_yaml import BoundedComposer
from bot.dialogue.files.text import text_of
from bot.dialogue.plain import Plain
from bot.errors import ProjectFileError, Where

NESTED_AT_MOST = 100
# What a message shows of a value.
SHOWN = 60
T = TypeVar("T")


class LinedDict(dict[str, Any]):
    """A YAML mapping; `lines` holds the line each key stands on, counted from 1."""

    lines: dict[str, int]


class LinedList(list[Any]):
    """A YAML sequence; `lines` holds the line each item starts on, counted from 1."""

    lines: list[int]


class _LinedConstructor(SafeConstructor):
    """ruamel's safe constructor, with lines kept, and nothing made that is not plain data."""

    def mapping(self, node: Node) -> LinedDict:
        if not isinstance(node, MappingNode):
            raise _wrong(node, "a mapping (key: value) is meant here")
        self.flatten_mapping(node)
        made, inherited = LinedDict(), len(getattr(node, "merge", None) or ())
        made.lines = {}
        own: set[str] = set()
        for place, (key, value) in enumerate(node.value):
            name = self._key(key)
            if place >= inherited and name in own:
                raise DuplicateKeyError(None, None, f'written twice: "{name}"', key.start_mark)
            own.update([name] if place >= inherited else ())
            made[name] = self.construct_object(value, deep=True)
            made.lines[name] = key.start_mark.line + 1
        return made

    @staticmethod
    def _key(key: Node) -> str:
        if not isinstance(key, ScalarNode):
            raise _wrong(key, "a key is one word")
        return str(key.value)

    def sequence(self, node: Node) -> LinedList:
        if not isinstance(node, SequenceNode):
            raise _wrong(node, "a list (- …) is meant here")
        made = LinedList(self.construct_object(item, deep=True) for item in node.value)
        made.lines = [item.start_mark.line + 1 for item in node.value]
        return made

    def word(self, node: ScalarNode) -> str:
        value = str(self.construct_scalar(node))
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise _wrong(node, "half a character: write the character itself")
        return _from_environment(node, value) if node.style is None and "${" in value else value

    def truth(self, node: ScalarNode) -> bool:
        return bool(self._made(node, self.construct_yaml_bool, "true or false"))

    def whole(self, node: ScalarNode) -> int:
        return int(self._made(node, self.construct_yaml_int, "a whole number"))

    def number(self, node: ScalarNode) -> float:
        value = float(self._made(node, self.construct_yaml_float, "a number"))
        if not math.isfinite(value):
            raise _wrong(node, "not a number one can reckon with")
        return value

    @staticmethod
    def _made(node: ScalarNode, make: Callable[[ScalarNode], T], meant: str) -> T:
        try:
            return make(node)
        except (ValueError, LookupError) as error:
            raise _wrong(node, f"{str(node.value)[:SHOWN]!r} is not {meant}") from error

    def refused(self, node: Node) -> None:
        raise _wrong(node, f"{node.tag} is no type of value here")


for _tag, _make in {
    "map": _LinedConstructor.mapping,
    "seq": _LinedConstructor.sequence,
    "str": _LinedConstructor.word,
    "timestamp": _LinedConstructor.word,
    "bool": _LinedConstructor.truth,
    "int": _LinedConstructor.whole,
    "float": _LinedConstructor.number,
    **dict.fromkeys(("binary", "omap", "pairs", "set"), _LinedConstructor.refused),
}.items():
    _LinedConstructor.add_constructor(f"tag:yaml.org,2002:{_tag}", _make)
_LinedConstructor.add_constructor(None, _LinedConstructor.refused)


def _wrong(node: Node, problem: str) -> ConstructorError:
    return ConstructorError(None, None, problem, node.start_mark)


def _from_environment(node: Node, value: str) -> str:
    expanded = os.path.expandvars(value)
    missing = [word for word in expanded.split() if word.startswith("$") and word in value]
    if missing:
        raise _wrong(node, f"nothing in the environment is called {missing[0][:SHOWN]}")
    return expanded


def load_yaml(path: Path) -> Plain:
    """The file's content, None when it is empty. Raises `ProjectFileError` naming the line that cannot be read."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor, yaml.Composer, yaml.max_depth = _LinedConstructor, BoundedComposer, NESTED_AT_MOST
    text = text_of(path)
    try:
        with _collecting_no_garbage():
            return yaml.load(text)
    except DuplicateKeyError as error:
        raise ProjectFileError(str(error.problem), Where(path, _line(error))) from error
    except MaxDepthExceededError as error:
        raise ProjectFileError(f"nested more than {NESTED_AT_MOST} deep", Where(path, _line(error))) from error
    except MarkedYAMLError as error:
        raise ProjectFileError(f"not YAML: {error.problem or error.context}", Where(path, _line(error))) from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ProjectFileError(f"not YAML: the character {chr(error.character)!r}", Where(path, line)) from error
    except YAMLError as error:
        raise ProjectFileError(f"not YAML: {str(error).splitlines()[0]}", Where(path, 1)) from error


@contextmanager
def _collecting_no_garbage() -> Iterator[None]:
    """A third of the time to read ten thousand rules would go into looking for garbage among what is being made."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _line(error: MarkedYAMLError) -> int | None:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else None
