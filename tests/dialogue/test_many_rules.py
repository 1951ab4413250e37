"""Ten thousand rules load in a time that grows as they do, and a turn does not notice them.

Work is counted in calls, which no busy machine changes; only the nightly test looks at the clock.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.dialogue import Assistant, Project


def many(folder: Path, count: int) -> Path:
    """A project of so many rules, some of them with a condition."""
    folder.mkdir()
    (folder / "data").mkdir()
    names = range(count)
    intents = "".join(f"- i{n}\n" for n in names)
    responses = "".join(f"  utter_{n}: [{{text: hello {n}}}]\n" for n in names)
    slot = "slots: {told: {type: bool, mappings: [{type: custom}]}}\n"
    (folder / "domain.yml").write_text(f"intents:\n{intents}{slot}responses:\n{responses}", encoding="utf-8")
    rules = "".join(
        f"- rule: r{n}\n{'  condition: [{slot_was_set: [{told: true}]}]' if n % 5 == 0 else '  metadata: {}'}\n"
        f"  steps:\n  - intent: i{n}\n  - action: utter_{n}\n"
        for n in names
    )
    (folder / "data" / "rules.yml").write_text(f"rules:\n{rules}", encoding="utf-8")
    (folder / "config.yml").write_text("pipeline: []\npolicies: [{name: RulePolicy}]\n", encoding="utf-8")
    return folder


def calls(work: Callable[[], object]) -> int:
    """How many calls `work` makes, down to the smallest."""
    count = 0

    def counted(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def talking(project: Project) -> Callable[[], object]:
    """A turn like any other, after the first one."""
    assistant = Assistant(project, lambda _: {})
    before = assistant.handle(None, "/i1", {}, sender="mei", channel="rest").snapshot
    return lambda: assistant.handle(before, "/i2", {}, sender="mei", channel="rest")


def test_four_times_the_rules_are_four_times_the_work(tmp_path: Path) -> None:
    few, more = many(tmp_path / "few", 100), many(tmp_path / "more", 400)
    Project.load(few)  # what is imported and compiled once
    assert calls(lambda: Project.load(more)) < 4.2 * calls(lambda: Project.load(few))


def test_a_thousand_more_rules_are_no_more_work_in_a_turn(tmp_path: Path) -> None:
    few, more = Project.load(many(tmp_path / "few", 100)), Project.load(many(tmp_path / "more", 1100))
    assert calls(talking(more)) <= 1.1 * calls(talking(few))


@pytest.mark.nightly
def test_ten_thousand_rules_load_in_seconds(tmp_path: Path) -> None:
    folder = many(tmp_path / "many", 10_000)
    started = time.process_time()
    project = Project.load(folder)
    assert time.process_time() - started < 20
    assert talking(project)()
