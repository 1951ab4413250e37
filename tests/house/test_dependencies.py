"""What we stand on: declared, used, pinned, hashed, and from nowhere in particular."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt"]
BY_NAME = {"psycopg"}  # SQLAlchemy loads it when a database URL asks for it
ELSEWHERE = {"rasa"}  # `rightdoor bench --against-rasa` runs one file in Rasa's own environment
IF_THERE = {"zen-engine"}  # `rightdoor bench` compares with it where development has installed it

ELSEWHERE = {"rasa"}  # `rightdoor bench --against-rasa` has Rasa's own Python run a file of ours


def declared() -> set[str]:
    """The distributions that pyproject.toml names for the running service."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {normal(re.split(r"[\[<>=]", line)[0]) for line in project["dependencies"]}


def imported() -> set[str]:
    """The distributions that bot/ and actions/ import."""
    known = packages_distributions()
    ours = set(sys.stdlib_module_names) | {"bot", "actions"}
    modules = {
        name for folder in ("bot", "actions") for file in (ROOT / folder).rglob("*.py") for name in imports(file)
    }
    return {normal(known.get(name, [name])[0]) for name in modules - ours}


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {normal(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)}


def test_what_is_imported_is_declared_and_what_is_declared_is_used() -> None:
    assert (imported() | BY_NAME) - IF_THERE - ELSEWHERE == declared()
    assert pins("requirements-dev.txt").keys() >= IF_THERE


def test_what_is_declared_is_pinned_and_the_tests_run_on_the_same_versions() -> None:
    service, development = (pins(lock) for lock in LOCKS)
    assert declared() <= service.keys()
    assert service.items() <= development.items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes_and_names_no_place_to_fetch_from(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"(?m)^(?=\S)", text)[1:]
    assert len(entries) == len(pins(lock))
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"://|^-|--(?:index|extra|find|trusted)|file:", text, re.MULTILINE)
