"""The service on its own and as a process, for stories to be told to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.store import Store
from bot.turns import Turns
from bot.turns.services import Services
from bot.workbench.botapi import BotApi
from tests.conftest import KEY
from tests.story.house import Clock, House
from tests.story.process import Process


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as server:
        yield server


@pytest.fixture
def service(tmp_path: Path, database: str, api: BotApi) -> Iterator[Process]:
    """A running service, once on each kind of database."""
    process = Process(tmp_path, database, api)
    process.start()
    yield process
    process.kill()


@pytest.fixture
def house(loaded: Services, tmp_path: Path) -> Iterator[House]:
    """The service without a server, on an SQLite of its own, under a clock moved by hand."""
    clock = Clock()
    store = Store.open(f"sqlite:///{tmp_path / 'rightdoor.db'}", master_key=KEY)
    turns = Turns(replace(loaded, store=store, clock=clock))
    yield House(turns, clock)
    turns.close()
