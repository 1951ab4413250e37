"""The composition root: alone wires everything. One `Rightdoor` is a whole service without its web server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rasa_sdk.executor import ActionExecutor

import actions
from bot.decisions import Policy
from bot.dialogue import Assistant, InProcessActions, Project
from bot.directory import Directory
from bot.facts import Lexicon
from bot.places import Gazetteer
from bot.replies.words import WordBook
from bot.settings import Settings, project_folder
from bot.store import Store, master_key
from bot.turns import Turns
from bot.turns.phrasing import Phrases
from bot.turns.reading import Reader
from bot.turns.services import Services


@dataclass(frozen=True, slots=True)
class Rightdoor:
    """Everything a channel, the console or a test needs."""

    settings: Settings
    services: Services
    turns: Turns

    @property
    def store(self) -> Store:
        """The database."""
        return self.services.store

    def close(self) -> None:
        """Closes the database."""
        self.store.close()


def now() -> datetime:
    """The time, aware, UTC."""
    return datetime.now(UTC)


def build(settings: Settings, clock: Callable[[], datetime] = now) -> Rightdoor:
    """Loads rules, data and dialogue, opens the store (migrating it when needed) and puts them together.

    Raises the errors of whatever cannot be loaded: `RuleFileError`, `ProjectFileError`, `DirectoryError`, `SettingsError`,
    `StoreUnavailableError`.
    """
    project = project_folder()
    policy = Policy.load(project / "rules")
    gazetteer = Gazetteer.open(project / "data" / "divisions")
    directory = Directory.open(
        settings.directory_folder, project / "data" / "directory" / "national.csv", gazetteer, policy.services
    )
    assistant = Assistant(Project.load(project), _in_process())
    book = WordBook.load(project / "data" / "words.yml")
    services = Services(
        settings=settings,
        store=_store(settings),
        policy=policy,
        gazetteer=gazetteer,
        directory=directory,
        assistant=assistant,
        reader=Reader(
            vocabulary=policy.vocabulary,
            lexicon=Lexicon.load(project / "data" / "lexicon", policy.vocabulary),
            gazetteer=gazetteer,
            assistant=assistant,
            typed=book.typed(),
            buttons_last=timedelta(hours=settings.buttons_last),
        ),
        phrases=Phrases.collect(assistant, policy.vocabulary, book),
        book=book,
        deadlines=policy.deadlines,
        clock=clock,
    )
    return Rightdoor(settings, services, Turns(services))


def _in_process() -> InProcessActions:
    """The project's actions on rasa_sdk's own executor, without a server."""
    executor = ActionExecutor()
    for action in actions.ALL:
        executor.register_action(action)
    return InProcessActions(executor)


def _store(settings: Settings) -> Store:
    settings.home_folder.mkdir(parents=True, exist_ok=True)
    key = master_key(settings.home_folder)
    return Store.open(settings.database_url, keys_url=settings.keys, master_key=key)
