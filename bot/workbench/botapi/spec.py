"""The Bot API as data: which methods and types there are, and whether a value is one of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.workbench.botapi.derive import ARRAY, SPEC

Fields = Mapping[str, "Field"]


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a method or a field of a type; `kinds` are the types it may have, in the specification's words."""

    kinds: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Method:
    """What a method takes and what it answers."""

    takes: Fields
    returns: tuple[str, ...]


class WrongValueError(ValueError):
    """A value that is not what the specification says; the message names the place, e.g. `reply_markup.force_reply`."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One version of the Bot API. A type is its fields, or a union of types."""

    version: str
    methods: Mapping[str, Method]
    types: Mapping[str, Fields]
    unions: Mapping[str, tuple[str, ...]]

    def check(self, value: object, kinds: tuple[str, ...], at: str) -> None:
        """Raises `WrongValueError` unless `value` is of one of `kinds`; `at` is its place, for the message."""
        problems = [problem for kind in kinds if (problem := self._problem(value, kind, at))]
        if len(problems) == len(kinds):
            # The deepest complaint is about the kind that was meant.
            raise WrongValueError(max(problems, key=lambda problem: problem.split(" ")[0].count(".")))

    def check_fields(self, value: Mapping[str, object], fields: Fields, at: str) -> None:
        """Raises `WrongValueError` unless `value` has every required field, no unknown one, and each of its kind."""
        for name in value:
            if name not in fields:
                raise WrongValueError(f"{at}{name} is not known")
        for name, field in fields.items():
            if name in value:
                self.check(value[name], field.kinds, f"{at}{name}")
            elif field.required:
                raise WrongValueError(f"{at}{name} is missing")

    def _problem(self, value: object, kind: str, at: str) -> str | None:
        try:
            self._check_kind(value, kind, at)
        except WrongValueError as error:
            return str(error)
        return None

    def _check_kind(self, value: object, kind: str, at: str) -> None:
        if kind.startswith(ARRAY):
            self._check_array(value, kind.removeprefix(ARRAY), at)
        elif kind in self.unions:
            self.check(value, self.unions[kind], at)
        elif kind in self.types and isinstance(value, dict):
            self.check_fields(value, self.types[kind], f"{at}.")
        elif not _is_simple(value, kind):
            raise WrongValueError(f"{at} must be {kind}")

    def _check_array(self, value: object, kind: str, at: str) -> None:
        if not isinstance(value, list):
            raise WrongValueError(f"{at} must be {ARRAY}{kind}")
        for index, item in enumerate(value):
            self.check(item, (kind,), f"{at}[{index}]")


def _is_simple(value: object, kind: str) -> bool:
    """Whether a value is a plain one of that kind; Python's True is no Integer."""
    if isinstance(value, bool):
        return kind == "Boolean"
    match kind:
        case "String":
            return isinstance(value, str)
        case "Integer":
            return isinstance(value, int)
        case "Float":
            return isinstance(value, int | float)
        case "InputFile":
            return isinstance(value, bytes)
    return value == kind.strip("'") if kind.startswith("'") else False


@cache
def bot_api() -> Spec:
    """The excerpt in `spec.json`."""
    record = json.loads(SPEC.read_text(encoding="utf-8"))
    return Spec(
        version=record["version"],
        methods={n: Method(_fields(m["takes"]), tuple(m["returns"])) for n, m in record["methods"].items()},
        types={n: _fields(t["fields"]) for n, t in record["types"].items() if "fields" in t},
        unions={n: tuple(t["one_of"]) for n, t in record["types"].items() if "one_of" in t},
    )


def _fields(record: Mapping[str, Any]) -> dict[str, Field]:
    return {name.rstrip("?"): Field(tuple(kinds), not name.endswith("?")) for name, kinds in record.items()}
