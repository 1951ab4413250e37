"""Mutations of a project's files: what an editor, a merge, a stranger or a broken disk does to them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

HERE = Path(__file__).parent
OWN = HERE.parents[1]
PROJECTS = sorted(folder for folder in (HERE / "projects").iterdir() if (folder / "config.yml").exists())

# What may come to stand where something else stood.
VALUES: list[Any] = [
    None, True, False, 0, -1, 3.5, 10**400, 1e308, "", " ", "x", "null", "...", "action_listen", "utter_", "a" * 5000, [], {}, [[]],
    [None], {"a": None}, {"": 1}, {"1": {"2": [3, {"4": 5}]}}, ["x", "x"], "{slot}", "{", "}", "[a](b)", "\u0000", "\u2028", "😀",
    "should_not_be_set", "requested_slot", "/greet{}", "(((", "- x",
]  # fmt: skip
GARBAGE = [
    "\x00", "\ufeff", "\t", "\r", "\r\n", "\x85", "\u2028", "&a [*a]", "*x", "<<: *a", "<<: {a: b}", "<<: 5", "!!binary aGk=",
    "!!python/object:os.system x", "!!set {a}", "!!int x", "!!float x", "!!bool maybe", "!!null", "!!map []", "!!seq {}",
    "!!str {}", "!!omap [a: 1]", "---\n", "...\n", "%YAML 1.1\n---\n", "%YAML 9.9\n", "%TAG ! x\n", "{", "}", "[", "]", "'", '"',
    "|", ">", "|9", "? ", ": ", "- ", "#", ",", "1e999", ".nan", "-.inf", "0o17", "0x1F", "1_000", "12:30", "2026-01-01", "~",
    "9" * 5000, "[" * 300, "{a: " * 300, "- " * 300, "? " * 300, "[a, b]: c\n", "{a: b}: c\n", "null: x\n", "true: x\n", "&a a\n",
    "${NOBODY_SET_THIS}", "\\ud83d", '"\\ud83d"', "@", "`", "%", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b, *a]\n",
]  # fmt: skip


def copied(project: Path, folder: Path) -> Path:
    """A project's files in a folder of their own, without its actions."""
    for path in files_of(project):
        target = folder / path.relative_to(project)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return folder


def files_of(project: Path) -> list[Path]:
    """The files that are mutated."""
    found = [
        project / "config.yml",
        *project.glob("domain*.yml"),
        *project.glob("domain/**/*.yml"),
        *project.glob("data/**/*.yml"),
    ]
    return sorted(path for path in found if not path.name.startswith("test_"))


def mutations(draw: st.DrawFn, content: bytes) -> bytes:
    """The file after one to three mutations."""
    for mutate in draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3)):
        content = mutate(draw, content)
    return content


# --- of the text -----------------------------------------------------------------------------------------------------


def _line(draw: st.DrawFn, content: bytes) -> bytes:
    """A line vanishes, is doubled, changes places, or is indented otherwise."""
    lines = content.splitlines(keepends=True) or [b""]
    at, to = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
    match draw(st.sampled_from(["gone", "twice", "moved", "indented", "outdented"])):
        case "gone":
            del lines[at]
        case "twice":
            lines.insert(at, lines[at])
        case "moved":
            lines[at], lines[to] = lines[to], lines[at]
        case "indented":
            lines[at] = b"  " + lines[at]
        case _:
            lines[at] = lines[at].lstrip(b" ")
    return b"".join(lines)


def _garbage(draw: st.DrawFn, content: bytes) -> bytes:
    """Something strange in the middle."""
    at = draw(st.integers(0, len(content)))
    rest = draw(st.integers(0, 5))
    return content[:at] + draw(st.sampled_from(GARBAGE)).encode() + content[at + rest :]


def _value_of_a_line(draw: st.DrawFn, content: bytes) -> bytes:
    """`key: value` becomes `key: something strange`."""
    places = list(re.finditer(rb": .*$|- .*$", content, re.MULTILINE))
    if not places:
        return content
    place = draw(st.sampled_from(places))
    return content[: place.start() + 2] + draw(st.sampled_from(GARBAGE)).encode() + content[place.end() :]


def _bytes(draw: st.DrawFn, content: bytes) -> bytes:
    """A byte that belongs to no text, or one that changed."""
    at = draw(st.integers(0, len(content)))
    return content[:at] + draw(st.binary(min_size=1, max_size=4)) + content[at + 1 :]


def _encoding(draw: st.DrawFn, content: bytes) -> bytes:
    """The same text as another program saves it."""
    text = content.decode(errors="replace")
    how = draw(st.sampled_from(["utf-8-sig", "utf-16", "utf-32", "latin-1", "gb18030", "crlf", "cr", "cut", "empty"]))
    match how:
        case "crlf" | "cr":
            return text.replace("\n", "\r\n" if how == "crlf" else "\r").encode()
        case "cut":
            return content[: draw(st.integers(0, len(content)))]
        case "empty":
            return b""
        case _:
            return text.encode(how, errors="replace")


# --- of the structure ------------------------------------------------------------------------------------------------


def _structure(draw: st.DrawFn, content: bytes) -> bytes:
    """A key vanishes or is renamed, a value is another, two parts change places."""
    try:
        data = YAML(typ="safe", pure=True).load(content.decode())
        places = list(_places(data if isinstance(data, dict | list) else []))
    except (YAMLError, ValueError, AttributeError, TypeError, LookupError, RecursionError, AssertionError):
        return content  # not YAML any more
    if not places:
        return content
    (holder, key), (other, place) = draw(st.sampled_from(places)), draw(st.sampled_from(places))
    match draw(st.sampled_from(["gone", "value", "renamed", "swapped", "doubled"])):
        case "gone":
            del holder[key]
        case "value":
            holder[key] = draw(st.sampled_from(VALUES))
        case "renamed" if isinstance(holder, dict):
            holder[draw(st.sampled_from(["", "x", "name", "type", "slots", str(key).upper(), f"{key}s"]))] = holder.pop(
                key
            )
        case "swapped":
            holder[key], other[place] = deepcopy(other[place]), deepcopy(holder[key])
        case _:
            holder[key] = [holder[key], holder[key]]
    return json.dumps(data, ensure_ascii=False, indent=1, default=str).encode()


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in the data that holds a value."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield data, key
        if isinstance(value, dict | list):
            yield from _places(value)


KINDS: tuple[Callable[[st.DrawFn, bytes], bytes], ...] = (
    _line,
    _garbage,
    _value_of_a_line,
    _bytes,
    _encoding,
    _structure,
    _structure,
)
