"""docs/running-rasa-projects.md: every command, path and limit it names is the real one."""

from __future__ import annotations

import re
from pathlib import Path

from bot.dialogue.acting.remote import ANSWER_AT_MOST
from bot.rasa.action_server import Patience
from bot.rasa.endpoints import KEYS
from bot.rasa.rest import SENDER_AT_MOST
from bot.rasa.timed import HANGING_AT_MOST, SECONDS
from bot.rasa.web import BODY_AT_MOST
from tests.rasa.conftest import LIBRARY, Choice, Conversations, Host, Journal, application
from tests.rasa.test_http_api import OTHERWISE, RECORDED

DOC = (Path(__file__).parents[2] / "docs" / "running-rasa-projects.md").read_text(encoding="utf-8")


def test_every_path_is_served_and_every_served_path_is_named(tmp_path: Path) -> None:
    host = Host.open(Choice(LIBRARY))
    conversations = Conversations(Journal(tmp_path / "c.db"), host.turn)
    app = application(host, conversations)
    conversations.close()
    served = {getattr(route, "path", "").replace("{id:path}", "{id}") for route in app.routes}
    table = DOC.split("| path | |")[1].split("\n\n")[0]
    named = set(re.findall(r"(?:GET|POST) (/[^`]*)`", table)) | {"/conversations/{id}/trigger_intent"}
    assert named == served


def test_the_limits_are_the_real_ones() -> None:
    patience = Patience()
    for told in (
        f"{BODY_AT_MOST:,} bytes is 413",
        f"a sender longer than {SENDER_AT_MOST} characters",
        f"answers garbage or more than {ANSWER_AT_MOST:,} bytes",
        f"not answered after {SECONDS:g} seconds",
        f"after {HANGING_AT_MOST} of them",
        f"{patience.connect:g} seconds to be reached and {patience.answer:g} for the whole answer",
        f"compares {len([a for a in RECORDED['answers'] if a['asked'][1] not in OTHERWISE])} answers",
    ):
        assert told in DOC, told
    assert len(patience.pauses) == 2  # "asked again, twice"
    assert all(f"`{key}`" in DOC for key in set(KEYS) - {"type", "protocol"})
