"""The first run on the demo directory: links with which one can play the whole story in a browser, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.console.entrance.joining import invited
from bot.directory import Directory
from bot.store import Store
from bot.turns import Turns
from bot.turns.services import Services
from bot.workbench.first_run import first_links
from tests.conftest import KEY

HERE = "http://127.0.0.1:8000"


@pytest.fixture
def turns(loaded: Services, tmp_path: Path) -> Iterator[Turns]:
    store = Store.open(f"sqlite:///{tmp_path / 'rightdoor.db'}", master_key=KEY)
    yield Turns(replace(loaded, store=store))
    store.close()


def test_each_link_of_the_first_run_leads_to_a_post_and_there_is_no_second_set(turns: Turns) -> None:
    links = dict(first_links(turns, HERE))
    assert links["一位妈妈"] == f"{HERE}/chat"
    codes = [link.partition("code=")[2] for who, link in links.items() if who != "一位妈妈"]
    posts = {known["post"] for code in codes if (known := invited(turns.services, code, "zh"))}
    assert posts == set(links) - {"一位妈妈"}
    assert len(posts) == 4
    assert first_links(turns, HERE) == ()


def test_where_the_agencies_are_real_nobody_is_invited_by_itself(turns: Turns) -> None:
    services = turns.services
    real = {one.id: replace(one, fictional=False) for one in services.directory.agencies}
    turns.services = replace(services, directory=Directory.of(real, services.directory.rota))
    assert first_links(turns, HERE) == ()
    with services.store.read() as work:
        assert not work.staff.anybody()
