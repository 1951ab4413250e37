"""Conversations that are kept: whole or not at all, one turn after another, once each, also after a kill -9."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.errors import ConflictError, StoreUnavailableError
from bot.rasa.conversations import Conversations, Heard
from bot.rasa.host import Choice, Host
from bot.rasa.journal import Entry, Journal, StaleError
from bot.workbench.served import free_port

LIBRARY = Path(__file__).parent / "project"
Serving = Callable[..., httpx.Client]


def say(client: httpx.Client, sender: str, message: str, **more: Any) -> Any:
    answer = client.post("/webhooks/rest/webhook", json={"sender": sender, "message": message, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def users(client: httpx.Client, sender: str) -> list[str]:
    events = client.get(f"/conversations/{sender}/tracker?include_events=ALL").json()["events"]
    return [event["text"] for event in events if event["event"] == "user"]


def test_a_message_that_comes_again_is_answered_the_same_and_changes_nothing(serving: Serving) -> None:
    client = serving()
    first = say(client, "mei", "a card", message_id="7")
    say(client, "mei", "why", message_id="8")
    assert say(client, "mei", "a card", message_id="7") == first
    assert (
        client.post(
            "/webhooks/rest/webhook", json={"sender": "mei", "message": "a card"}, headers={"X-Message-Id": "7"}
        ).json()
        == first
    )
    assert users(client, "mei") == ["a card", "why"]
    assert say(client, "otto", "hello", message_id="7") != first  # the same id of somebody else is another message


def test_messages_of_one_sender_at_once_are_taken_one_after_another(serving: Serving) -> None:
    client = serving()
    with ThreadPoolExecutor(12) as crowd:
        answers = list(crowd.map(lambda number: say(client, "mei", f"open {number}"), range(12)))
    assert [len(answer) for answer in answers] == [2] * 12
    assert Counter(users(client, "mei")) == Counter(f"open {number}" for number in range(12))


def test_another_process_that_was_faster_makes_the_turn_begin_anew(tmp_path: Path) -> None:
    host, path = Host.open(Choice(LIBRARY)), tmp_path / "c.db"
    mine, theirs = Journal(path), Journal(path)
    met: list[str] = []

    def slow(snapshot: Any, heard: Heard) -> Any:
        if not met:
            met.append("theirs comes first")
            outcome = host.turn(None, Heard("mei", "hello"))
            theirs.write(Entry("mei", 1, outcome.snapshot, outcome.events, outcome.replies))
        return host.turn(snapshot, heard)

    conversations = Conversations(mine, slow)
    asyncio.run(conversations.take(Heard("mei", "open")))
    assert [e["text"] for e in mine.events("mei") if e["event"] == "user"] == ["hello", "open"]
    assert mine.standing("mei").version == 2
    conversations.close()
    theirs.close()


def test_who_is_always_overtaken_is_told_to_try_again(tmp_path: Path) -> None:
    host, path = Host.open(Choice(LIBRARY)), tmp_path / "c.db"
    mine, theirs = Journal(path), Journal(path)

    def overtaken(snapshot: Any, heard: Heard) -> Any:
        outcome = host.turn(snapshot, heard)
        version = theirs.standing("mei").version + 1
        theirs.write(Entry("mei", version, outcome.snapshot, outcome.events, outcome.replies))
        return outcome

    conversations = Conversations(mine, overtaken)
    with pytest.raises(ConflictError, match="try again"):
        asyncio.run(conversations.take(Heard("mei", "open")))
    conversations.close()
    theirs.close()


def test_what_happened_is_never_written_over(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "c.db")
    journal.write(Entry("mei", 1, {}, [{"event": "restart"}], []))
    with pytest.raises(StaleError):
        journal.write(Entry("mei", 1, {}, [], []))
    with sqlite3.connect(tmp_path / "c.db") as other, pytest.raises(sqlite3.IntegrityError, match="turns stay"):
        other.execute("UPDATE turns SET events = '[]'")
    other.close()
    assert journal.events("mei") == [{"event": "restart"}]
    journal.close()


def test_a_database_that_is_locked_makes_the_turn_not_happen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.rasa.journal.MILLISECONDS", 50)
    journal = Journal(tmp_path / "c.db")
    with sqlite3.connect(tmp_path / "c.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match="the turn was not kept: database is locked"):
            journal.write(Entry("mei", 1, {"a": 1}, [], []))
        other.execute("ROLLBACK")
    other.close()
    assert journal.standing("mei").version == 0
    journal.write(Entry("mei", 1, {"a": 1}, [], []))
    assert journal.standing("mei").snapshot == {"a": 1}
    journal.close()


def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "c.db").write_text("certainly no database " * 100)
    with pytest.raises(StoreUnavailableError, match="file is not a database"):
        Journal(tmp_path / "c.db")


def test_a_turn_is_as_small_after_many_turns(tmp_path: Path) -> None:
    host, journal = Host.open(Choice(LIBRARY)), Journal(tmp_path / "c.db")
    conversations = Conversations(journal, host.turn)

    async def talk() -> list[int]:
        sizes = []
        for number in range(120):
            await conversations.take(Heard("mei", ("hello", "a card", "why", "/restart")[number % 4]))
            sizes.append(len(json.dumps(journal.standing("mei").snapshot)))
        return sizes

    sizes = asyncio.run(talk())
    assert max(sizes[80:]) <= max(sizes[40:80]) + 20  # a time may be written a little longer
    conversations.close()


def _served(folder: Path, port: int) -> subprocess.Popen[bytes]:
    command = "from bot.cli import main; main()"
    arguments = ["run", "--project", str(LIBRARY), "--port", str(port), "--db", str(folder / "c.db")]
    process = subprocess.Popen([sys.executable, "-c", command, *arguments], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert b"/webhooks/rest/webhook" in process.stdout.readline()
    return process


def test_after_a_kill_9_each_turn_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    port = free_port()
    process = _served(tmp_path, port)
    told: dict[str, list[str]] = {f"sender-{number}": [] for number in range(6)}

    def chatter(sender: str) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            for number in range(10_000):
                say(client, sender, f"open {number}")
                told[sender].append(f"open {number}")

    with ThreadPoolExecutor(6) as crowd:
        talks = [crowd.submit(chatter, sender) for sender in told]
        while sum(map(len, told.values())) < 60:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        assert all(isinstance(talk.exception(), httpx.HTTPError) for talk in talks)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()
    journal = Journal(tmp_path / "c.db")
    for sender, heard in told.items():
        kept = [e["text"] for e in journal.events(sender) if e["event"] == "user"]
        assert kept in (heard, [*heard, f"open {len(heard)}"])  # what was answered, and perhaps what was under way
        standing = journal.standing(sender)
        assert standing.version == len(kept)
        assert standing.snapshot is None or standing.snapshot["message"]["text"] == kept[-1]
    conversations = Conversations(journal, Host.open(Choice(LIBRARY)).turn)
    assert len(asyncio.run(conversations.take(Heard("sender-0", "open")))) == 1  # and the conversation goes on
    conversations.close()
