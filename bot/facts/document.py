"""Reading what authors write: YAML 1.2 with the line of every word.

Everything is a word: `no` is the word "no", `12:30` the word "12:30". A repeated key, an anchor and a tag are refused, because
an author cannot have meant what YAML makes of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from bot.errors import RuleFileError, UnknownWordError, Where

# More than that in one file is a mistake or an attack; tables are small files by theme.
LARGEST = 1_000_000  # bytes
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]*")
# What YAML itself makes of plain words, lists and tables; any other tag was written by hand.
_PLAIN = {
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "null", "bool", "int", "float", "timestamp", "seq", "map", "merge", "value")
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a file: a word, a list or a table, and where it stands (a table's entry stands where its key does)."""

    value: str | tuple[Item, ...] | Mapping[str, Item]
    where: Where

    def fail(self, message: str) -> NoReturn:
        """Refuses this item. Raises `RuleFileError` with file and line."""
        raise RuleFileError(message, self.where)

    @property
    def word(self) -> str:
        """The word, when it is one."""
        if not isinstance(self.value, str) or not self.value:
            self.fail("one word or sentence is expected here")
        return self.value

    @property
    def name(self) -> str:
        """The word as a name others refer to: a–z, digits and _ only, since look-alike letters would make two of one."""
        if not _NAME.fullmatch(self.word):
            odd = next((c for c in self.word if not re.fullmatch(r"[A-Za-z0-9_]", c)), self.word[0])
            said = unicodedata.name(odd, "a character without a name").lower()
            self.fail(f"the name {self.word!r} is written in a–z, digits and _ only; {odd!r} is {said}")
        return self.word

    @property
    def words(self) -> tuple[Item, ...]:
        """One word, or a list of words."""
        items = (self,) if isinstance(self.value, str) else self.items
        for item in items:
            _ = item.word
        return items

    @property
    def items(self) -> tuple[Item, ...]:
        """The members of a list."""
        if not isinstance(self.value, tuple):
            self.fail("a list is expected here")
        return self.value

    @property
    def table(self) -> Mapping[str, Item]:
        """The entries of a table, by key."""
        if not isinstance(self.value, Mapping):
            self.fail("a table (key: value) is expected here")
        return self.value

    def fields(self, allowed: Iterable[str], required: Iterable[str] = ()) -> Mapping[str, Item]:
        """The entries of a table with fixed keys; refuses a key nobody knows and a missing one."""
        allowed = tuple(allowed)
        for key, item in self.table.items():
            if key not in allowed:
                raise UnknownWordError("key", key, allowed, item.where)
        for key in required:
            if key not in self.table:
                self.fail(f"{key!r} is missing")
        return self.table

    def known(self, kind: str, words: Iterable[str]) -> str:
        """The word, which must be one of `words`. Raises `UnknownWordError` with the nearest one."""
        words = tuple(words)
        if self.word not in words:
            raise UnknownWordError(kind, self.word, words, self.where)
        return self.word

    @property
    def truth(self) -> bool:
        """Whether it says true or false; nothing else will do."""
        if self.word not in ("true", "false"):
            self.fail(f"{self.word!r} is neither true nor false")
        return self.word == "true"

    @property
    def number(self) -> int:
        """A whole number."""
        if not self.word.isdecimal():
            self.fail(f"{self.word!r} is not a whole number")
        return int(self.word)

    def both_languages(self) -> Mapping[str, str]:
        """`{"zh": …, "en": …}`; a missing translation is refused."""
        fields = self.fields(("zh", "en"))
        for language in ("zh", "en"):
            if language not in fields:
                self.fail(f"the translation {language!r} is missing")
        return {language: fields[language].word for language in ("zh", "en")}


def read(path: Path, shown: Path | None = None) -> Item:
    """The file's content; `shown` is how messages name it. Raises `RuleFileError` when it is missing, empty or not YAML."""
    name = shown or path
    try:
        if path.stat().st_size > LARGEST:
            raise RuleFileError(f"the file is larger than {LARGEST // 1_000_000} MB; split it by theme", Where(name))
        node = YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RuleFileError("the file is missing", Where(name)) from error
    except UnicodeDecodeError as error:
        raise RuleFileError("the file is not UTF-8 text", Where(name)) from error
    except YAMLError as error:
        raise _not_yaml(error, name) from error
    except RecursionError as error:
        raise RuleFileError("the file is nested too deeply", Where(name)) from error
    if node is None:
        raise RuleFileError("the file is empty", Where(name))
    return _item(node, name, node.start_mark.line + 1)


def _not_yaml(error: YAMLError, name: Path) -> RuleFileError:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    problem = (error.problem if isinstance(error, MarkedYAMLError) else None) or "unreadable"
    return RuleFileError(f"this is not YAML: {problem}", Where(name, mark.line + 1 if mark else None))


def _item(node: Node, file: Path, line: int) -> Item:
    where = Where(file, line)
    if node.anchor or (node.tag and str(node.tag) not in _PLAIN):
        raise RuleFileError("anchors, aliases and tags are not used here; write it out", where)
    if isinstance(node, ScalarNode):
        return Item(node.value, where)
    if isinstance(node, MappingNode):
        return Item(_table(node, file), where)
    return Item(tuple(_item(member, file, member.start_mark.line + 1) for member in node.value), where)


def _table(node: MappingNode, file: Path) -> Mapping[str, Item]:
    table: dict[str, Item] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            raise RuleFileError("a key is one word", Where(file, line))
        if key.value in table:
            raise RuleFileError(
                f"the key {key.value!r} is repeated (first on line {table[key.value].where.line})", Where(file, line)
            )
        table[key.value] = _item(value, file, line)
    return table
