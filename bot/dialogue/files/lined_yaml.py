"""YAML 1.2 whose mappings and sequences remember the line of every entry.

`no` is a word, `12:30` is a word, a date is a word, and a key that is written twice is refused
(Rasa reads its files as YAML 1.2 too: rasa `shared/utils/io.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError, SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from bot.dialogue.plain import Plain
from bot.errors import ProjectFileError, Where


class LinedDict(dict[Any, Any]):
    """A YAML mapping; `lines` holds the line each key stands on, counted from 1."""

    lines: dict[Any, int]


class LinedList(list[Any]):
    """A YAML sequence; `lines` holds the line each item starts on, counted from 1."""

    lines: list[int]


class _LinedConstructor(SafeConstructor):
    """ruamel's safe constructor, with lines kept and dates left as the words they are."""

    def mapping(self, node: MappingNode) -> Plain:
        made = LinedDict()
        made.lines = {}
        yield made
        self.flatten_mapping(node)
        made.update(self.construct_mapping(node, deep=True))
        for key, _ in node.value:
            made.lines[self.construct_object(key, deep=True)] = key.start_mark.line + 1

    def sequence(self, node: SequenceNode) -> Plain:
        made = LinedList()
        made.lines = [item.start_mark.line + 1 for item in node.value]
        yield made
        made.extend(self.construct_sequence(node, deep=True))

    def word(self, node: ScalarNode) -> str:
        return str(self.construct_scalar(node))


_LinedConstructor.add_constructor("tag:yaml.org,2002:map", _LinedConstructor.mapping)
_LinedConstructor.add_constructor("tag:yaml.org,2002:seq", _LinedConstructor.sequence)
_LinedConstructor.add_constructor("tag:yaml.org,2002:timestamp", _LinedConstructor.word)


def load_yaml(path: Path) -> Plain:
    """The file's content, None when it is empty. Raises `ProjectFileError` naming the line that cannot be read."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _LinedConstructor
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"))
    except DuplicateKeyError as error:
        message = str(error.problem).split(" with value")[0].replace("found duplicate key", "written twice:")
        raise ProjectFileError(message, Where(path, _line(error))) from error
    except MarkedYAMLError as error:
        raise ProjectFileError(f"not YAML: {error.problem or error.context}", Where(path, _line(error))) from error
    except FileNotFoundError as error:
        raise ProjectFileError("there is no such file", Where(path)) from error
    except (YAMLError, ValueError, OSError, RecursionError) as error:
        raise ProjectFileError(f"cannot be read: {str(error).splitlines()[0]}", Where(path)) from error


def _line(error: MarkedYAMLError) -> int | None:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else None
