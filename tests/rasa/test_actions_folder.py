"""A project's own actions in this process: found as `rasa run actions` finds them, and not allowed to spoil a turn."""

from __future__ import annotations

import sys
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ActionFailedError, ProjectFileError
from bot.rasa.actions_folder import actions_in
from bot.rasa.host import Choice, actions_of

ACTION = """
from rasa_sdk import Action
class A(Action):
    def name(self): return "action_a"
"""


def call(name: str = "action_a") -> dict[str, Any]:
    tracker = {"slots": {}, "events": [], "latest_message": {}, "sender_id": "mei", "active_loop": {}, "paused": False}
    return {"next_action": name, "sender_id": "mei", "tracker": tracker, "domain": {"slots": {}}, "version": "3.6.21"}


@pytest.fixture
def running(tmp_path: Path) -> Callable[..., Any]:
    """The answer of an action whose `run` has this body."""

    def run(body: str, seconds: float = 5.0) -> Any:
        (tmp_path / "actions.py").write_text(f"{ACTION}    {body}\n")
        return actions_in(tmp_path, seconds)(call())

    return run


def test_a_file_called_actions_is_enough(running: Callable[..., Any]) -> None:
    found = running("def run(self, dispatcher, tracker, domain): dispatcher.utter_message(text='hi'); return []")
    assert [said["text"] for said in found["responses"]] == ["hi"]


def test_an_action_may_wait_for_something(running: Callable[..., Any]) -> None:
    body = "async def run(self, d, t, domain):\n        import asyncio\n        await asyncio.sleep(0.01)\n        return []"
    assert running(body)["events"] == []


def test_an_action_that_raises_has_failed(running: Callable[..., Any]) -> None:
    with pytest.raises(ActionFailedError, match="action_a: ZeroDivisionError"):
        running("def run(self, d, t, domain): return 1 / 0")


@pytest.mark.parametrize("prefix", ["", "async "])
def test_an_action_that_hangs_is_given_up_in_time(running: Callable[..., Any], prefix: str) -> None:
    began = time.monotonic()
    with pytest.raises(ActionFailedError, match=r"action_a: no answer within 0\.2 seconds"):
        running(f"{prefix}def run(self, d, t, domain):\n        import time\n        time.sleep(3)", 0.2)
    assert time.monotonic() - began < 2


def test_an_action_that_hangs_does_not_keep_the_others_from_running(tmp_path: Path) -> None:
    (tmp_path / "actions.py").write_text(
        f"{ACTION}    def run(self, d, t, domain):\n        import time\n        time.sleep(1)\n"
        "class B(Action):\n    def name(self): return 'action_b'\n    def run(self, d, t, domain): return []\n"
    )
    run_action = actions_in(tmp_path, 0.1)
    for _ in range(3):
        with pytest.raises(ActionFailedError):
            run_action(call("action_a"))
        assert run_action(call("action_b"))["events"] == []


def test_an_action_that_ends_the_program_has_only_failed(running: Callable[..., Any]) -> None:
    with pytest.raises(ActionFailedError, match="action_a: it tried to end the program"):
        running("def run(self, d, t, domain): raise SystemExit(3)")


def test_modules_of_a_package_are_all_found_and_helpers_beside_it(tmp_path: Path) -> None:
    (tmp_path / "actions" / "more").mkdir(parents=True)
    (tmp_path / "helpers.py").write_text("WORD = 'from beside'\n")
    (tmp_path / "actions" / "__init__.py").write_text("")
    (tmp_path / "actions" / "more" / "__init__.py").write_text("")
    (tmp_path / "actions" / "more" / "deep.py").write_text(
        "from helpers import WORD\n"
        + ACTION
        + "    def run(self, d, t, domain): d.utter_message(text=WORD); return []\n"
    )
    assert actions_in(tmp_path)(call())["responses"][0]["text"] == "from beside"


def test_a_stranger_of_the_same_name_is_neither_used_nor_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = types.ModuleType("actions")
    monkeypatch.setitem(sys.modules, "actions", stranger)
    (tmp_path / "actions.py").write_text(f"{ACTION}    def run(self, d, t, domain): return []\n")
    assert actions_in(tmp_path)(call())["events"] == []
    assert sys.modules["actions"] is stranger


def test_two_projects_in_one_process_keep_to_their_own_actions(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "actions.py").write_text(
            f"{ACTION}    def run(self, d, t, domain): d.utter_message(text='{name}'); return []\n"
        )
    one, two = actions_in(tmp_path / "one"), actions_in(tmp_path / "two")
    assert [run(call())["responses"][0]["text"] for run in (one, two)] == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "import nowhere_at_all\n",
            ":1: the project's actions cannot be imported: ModuleNotFoundError: No module named",
        ),
        ("x = 1\ny = 1 / 0\n", ":2: the project's actions cannot be imported: ZeroDivisionError"),
        ("def f(:\n", ":1: the project's actions cannot be imported: SyntaxError"),
        ("raise SystemExit(1)\n", ":1: the project's actions cannot be imported: SystemExit"),
        (f"{ACTION}    def __init__(self, x): pass\n    def run(self, d, t, domain): return []\n", ":3: A: TypeError"),
    ],
)
def test_actions_that_cannot_be_imported_are_told_with_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "actions.py").write_text(text)
    with pytest.raises(ProjectFileError) as refused:
        actions_in(tmp_path)
    assert f"actions.py{told}" in str(refused.value)


def test_where_actions_run_is_what_was_said_then_the_folder_then_endpoints(tmp_path: Path) -> None:
    (tmp_path / "endpoints.yml").write_text("action_endpoint: {url: http://127.0.0.1:5055/webhook}\n")
    assert actions_of(Choice(tmp_path))[1] == "http://127.0.0.1:5055/webhook"
    (tmp_path / "actions.py").write_text("")
    assert actions_of(Choice(tmp_path))[1] == "in this process"
    assert actions_of(Choice(tmp_path, endpoints=tmp_path / "endpoints.yml"))[1] == "http://127.0.0.1:5055/webhook"
    assert actions_of(Choice(tmp_path, actions="http://127.0.0.1:6/"))[1] == "http://127.0.0.1:6/"
