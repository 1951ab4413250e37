"""A broken project loads and talks, or is refused with file and line: it never crashes, and it never hangs."""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue import Assistant, Project
from bot.dialogue.memory.snapshot import Snapshot
from bot.errors import ProjectFileError
from tests.dialogue.mutating import OWN, PROJECTS, copied, files_of, mutations

SLOW = 2.0
ANYWAY = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None, "derandomize": True}
WORDS = ["hello", "泸溪", "{}[]/", "/", "/restart", "/nobody{", '/greet{"a": 1}', ""]


@st.composite
def broken(draw: st.DrawFn, projects: list[Path]) -> tuple[Path, str, bytes]:
    """A project, one of its files, and what becomes of the file."""
    project = draw(st.sampled_from(projects))
    path = draw(st.sampled_from(files_of(project)))
    return project, str(path.relative_to(project)), mutations(draw, path.read_bytes())


def nothing(_: dict[str, Any]) -> dict[str, Any]:
    return {"events": [], "responses": []}


def talk(project: Project) -> None:
    """A short walk; whatever is said, an answer or silence comes of it."""
    assistant, snapshot = Assistant(project, nothing), None
    for text in [*(f"/{intent}" for intent in sorted(assistant.intents)[:6]), *WORDS]:
        snapshot = turn(assistant, snapshot, text)


def turn(assistant: Assistant, snapshot: Snapshot | None, text: str) -> Snapshot:
    return assistant.handle(snapshot, text, {}, sender="mei", channel="rest").snapshot


def outcome(folder: Path) -> str | None:
    """Why the project was refused; None when it talks."""
    try:
        project = Project.load(folder)
    except ProjectFileError as error:
        return str(error)
    talk(project)
    return None


def check(project: Path, name: str, content: bytes, allowed: float) -> None:
    """Loads the project with one file broken, and talks to it."""
    with tempfile.TemporaryDirectory() as folder:
        copied(project, Path(folder))
        (Path(folder) / name).write_bytes(content)
        started = time.process_time()
        refused = outcome(Path(folder))
        assert time.process_time() - started < allowed
        assert refused is None or re.match(r"[\w/]+\.yml:[1-9]\d*: .", refused)


@given(broken(PROJECTS))
@settings(max_examples=150, **ANYWAY)
def test_a_broken_project_talks_or_is_refused_with_file_and_line(case: tuple[Path, str, bytes]) -> None:
    check(*case, SLOW)


@pytest.mark.nightly
@given(broken(PROJECTS))
@settings(max_examples=900, **{**ANYWAY, "derandomize": False})
def test_a_thousand_broken_projects_talk_or_are_refused(case: tuple[Path, str, bytes]) -> None:
    check(*case, SLOW)


@pytest.mark.nightly
@given(broken([OWN]))
@settings(max_examples=100, **{**ANYWAY, "derandomize": False})
def test_our_own_project_broken_talks_or_is_refused(case: tuple[Path, str, bytes]) -> None:
    check(*case, 10 * SLOW)
