"""Our side of the comparison: the same project, its actions in this process."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.dialogue import Assistant, Project
from bot.dialogue.memory.snapshot import Snapshot
from bot.errors import RightdoorError
from bot.rasa.actions_folder import actions_in
from bot.workbench.against_rasa.scripts import FORM, Script

# The project's own `config.yml` names a component of its author's; this one names only Rasa's.
CONFIG = "config.rightdoor.yml"


def assistant_of(project: Path) -> Assistant:
    """The project behind our engine."""
    return Assistant(Project.load(project, config=CONFIG), actions_in(project))


def turns_per_second(assistant: Assistant, script: Script, conversations: int) -> float:
    """How many turns a second. Raises `RightdoorError` when an answer is not the one expected."""
    start = time.perf_counter()
    for number in range(conversations):
        said = _converse(assistant, script, f"sender-{number}")
        if said != script.last:
            raise RightdoorError(f"we answered {said!r} instead of {script.last!r}")
    return conversations * len(script.messages) / (time.perf_counter() - start)


def _converse(assistant: Assistant, script: Script, sender: str) -> str | None:
    snapshot: Snapshot | None = None
    said: str | None = None
    for message in script.messages:
        outcome = assistant.handle(snapshot, message, {}, sender=sender, channel="rest")
        snapshot, said = outcome.snapshot, outcome.replies[-1]["text"]
    return said


def growth(assistant: Assistant, early: int, late: int, conversations: int) -> float:
    """How many times as long a turn takes around turn `late` as around turn `early` of one conversation."""
    spent = {early: 0.0, late: 0.0}
    for number in range(conversations):
        for turn, seconds in _long(assistant, late, f"long-{number}"):
            for moment in spent:
                if moment - len(FORM.messages) < turn <= moment:
                    spent[moment] += seconds
    return spent[late] / spent[early]


def _long(assistant: Assistant, turns: int, sender: str) -> Iterator[tuple[int, float]]:
    """The form script again and again in one conversation: number of the turn, seconds it took."""
    snapshot: Snapshot | None = None
    for turn in range(1, turns + 1):
        message = FORM.messages[(turn - 1) % len(FORM.messages)]
        start = time.perf_counter()
        snapshot = assistant.handle(snapshot, message, {}, sender=sender, channel="rest").snapshot
        yield turn, time.perf_counter() - start


@contextmanager
def with_more_rules(project: Path, rules: int) -> Iterator[Path]:
    """A copy of the project with so many intents, rules and responses more."""
    with TemporaryDirectory(prefix="rightdoor-rules-") as folder:
        copy = Path(folder) / "bot"
        shutil.copytree(project, copy, ignore=shutil.ignore_patterns("models", ".rasa"))
        (copy / "domain").mkdir()
        (copy / "domain.yml").rename(copy / "domain" / "domain.yml")
        names = [f"more_{number}" for number in range(rules)]
        (copy / "domain" / "more.yml").write_text(_domain(names), encoding="utf-8")
        (copy / "data" / "more.yml").write_text(_rules(names), encoding="utf-8")
        yield copy


def _domain(names: Sequence[str]) -> str:
    said = "".join(f"  utter_{name}: [{{text: {name}}}]\n" for name in names)
    return f'version: "3.1"\nintents: [{", ".join(names)}]\nresponses:\n{said}'


def _rules(names: Sequence[str]) -> str:
    rules = (f"- rule: {name}\n  steps: [{{intent: {name}}}, {{action: utter_{name}}}]\n" for name in names)
    return f'version: "3.1"\nrules:\n{"".join(rules)}'
