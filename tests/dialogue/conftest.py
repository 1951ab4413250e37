"""Small projects written on the spot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue import Assistant, Project
from tests.dialogue.talking import Talk

CONFIG = "pipeline: [{name: KeywordIntentClassifier}]\npolicies: [{name: RulePolicy}]\n"


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes a project: `written(domain=…, rules=…, config=…, nlu=…)`; `intents` and `responses` nobody needs may be left out."""

    def write(domain: str, rules: str, config: str = CONFIG, nlu: str = "nlu: []\n") -> Path:
        (tmp_path / "data").mkdir()
        (tmp_path / "domain.yml").write_text(domain, encoding="utf-8")
        (tmp_path / "data" / "rules.yml").write_text(rules, encoding="utf-8")
        (tmp_path / "data" / "nlu.yml").write_text(nlu, encoding="utf-8")
        (tmp_path / "config.yml").write_text(config, encoding="utf-8")
        return tmp_path

    return write


Actions = Mapping[str, Callable[[dict[str, Any]], Any]]


@pytest.fixture
def talking(written: Callable[..., Path]) -> Callable[..., Talk]:
    """A conversation with a project written on the spot, whose actions are plain functions of the call."""

    def talk(domain: str, rules: str, actions: Actions | None = None, **files: str) -> Talk:
        def run_action(call: dict[str, Any]) -> Any:
            return (actions or {})[call["next_action"]](call)

        return Talk(Assistant(Project.load(written(domain, rules, **files)), run_action))

    return talk
