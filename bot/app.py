"""The composition root: alone wires everything together. `build` makes a service without a server, `serve` runs one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event, Thread
from typing import Any

import uvicorn
from fastapi import FastAPI
from rasa_sdk.executor import ActionExecutor
from rich.console import Console

import actions
from bot.channels.agencies import HookSender, MailSender, slip_router
from bot.channels.rest import rest_router
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.ports import Wording
from bot.channels.telegram.stored import RememberedMessages, StoredPolling
from bot.channels.telegram.webhook import webhook_router
from bot.channels.web import chat_router
from bot.console import api, console_router
from bot.decisions import Policy
from bot.decisions.rulebase import content_hash
from bot.delivery import Courier, Pace, Sender
from bot.dialogue import Assistant, Engine, InProcessActions, Project
from bot.directory import Directory
from bot.drills import Course, DrillWords
from bot.errors import ConflictError, DirectoryError, RightdoorError, StoreUnavailableError
from bot.facts import Lexicon
from bot.messages import Channel, Incoming
from bot.places import Gazetteer
from bot.rasa.client import Patience, RasaClient
from bot.rasa.engine import RasaEngine
from bot.referrals.deadlines import Deadlines
from bot.referrals.kinship import Kinship
from bot.referrals.reasons import Reasons
from bot.replies import Reply
from bot.replies.call_book import CallBook
from bot.replies.words import WordBook
from bot.settings import Settings, project_folder
from bot.store import Store, master_key
from bot.store.amendments import Proposed
from bot.turns import TurnResult, Turns
from bot.turns.delivered import AfterDelivery
from bot.turns.due import A_ROUND, due
from bot.turns.phrasing import Phrases
from bot.turns.postboxes import open_postboxes
from bot.turns.questions import Questions
from bot.turns.reading import Reader
from bot.turns.retention import forget_old
from bot.turns.services import Services
from bot.turns.slips import Slips
from bot.workbench.first_run import first_links

log = logging.getLogger(__name__)

WEBHOOK = "webhook"  # what the secrets that agencies share with us are for
POSTBOX_PACE = Pace(a_second=10, chat_rests=0, group_rests=0)
CACHE = "cache"  # below the service's home
SECONDS_BETWEEN_ROUNDS = 1.0
SECONDS_BETWEEN_FORGETTING = 3600.0
SECONDS_BETWEEN_SEALS = 60.0
SECONDS_BETWEEN_LOOKS = 3.0  # at the rule files


def now() -> datetime:
    """The time, aware, UTC."""
    return datetime.now(UTC)


def build(settings: Settings, clock: Callable[[], datetime] = now) -> Turns:
    """Loads rules, data and dialogue, opens the store (migrating it when needed) and puts them together.

    Raises the error of whatever cannot be loaded: `RuleFileError`, `ProjectFileError`, `DirectoryError`, `SettingsError`,
    `StoreUnavailableError`.
    """
    project = project_folder()
    policy = Policy.load(settings.rules_folder, settings.home_folder / CACHE)
    gazetteer = Gazetteer.open(project / "data" / "divisions")
    files = _directory(settings, gazetteer, policy)
    assistant = engine_of(settings, Project.load(project))
    book = WordBook.load(project / "data" / "words.yml")
    reader = Reader(
        vocabulary=policy.vocabulary,
        lexicon=Lexicon.load(project / "data" / "lexicon", policy.vocabulary),
        gazetteer=gazetteer,
        assistant=assistant,
        typed=book.typed(),
        buttons_last=timedelta(hours=settings.buttons_last),
    )
    phrases = Phrases.collect(assistant, policy.vocabulary, book)
    asked = Questions(assistant, policy.vocabulary)
    store = _store(settings)
    services = Services(
        settings=settings,
        store=store,
        policy=policy,
        gazetteer=gazetteer,
        directory=_amended(files, _approved(store), gazetteer, policy),
        assistant=assistant,
        reader=reader,
        phrases=phrases,
        book=book,
        deadlines=Deadlines(policy.deadlines),
        reasons=Reasons.load(project / "data" / "referrals.yml"),
        kinship=Kinship.load(project / "data" / "same_family.yml"),
        calls=CallBook.load(project / "data" / "calls.yml"),
        course=Course(policy, DrillWords.load(project / "data" / "drill.yml"), phrases.title, asked, book.risk),
        clock=clock,
    )
    return Turns(services)


def direct(turns: Turns) -> int:
    """Works with the directory as its files say, and as people have changed it since; how many changes hold."""
    services = turns.services
    files, approved = _directory(services.settings, services.gazetteer, services.policy), _approved(services.store)
    directory = _amended(files, approved, services.gazetteer, services.policy)
    with turns.changing:
        turns.services = replace(turns.services, directory=directory)
    return len(approved)


def _approved(store: Store) -> tuple[Proposed, ...]:
    with store.read() as work:
        return work.amendments.approved()


def _amended(directory: Directory, approved: Iterable[Proposed], gazetteer: Gazetteer, policy: Policy) -> Directory:
    """The directory with these changes; one that can hold no longer (its division is gone) is said in the log and passed over."""
    words = policy.base.words.labels["services"]
    for change in approved:
        try:
            row = change.row
            directory = directory.with_row(row, gazetteer, words) if row else directory.without(change.agency)
        except DirectoryError as error:
            log.error("a change of the directory does not hold any more: %s", error)
    return directory


def _directory(settings: Settings, gazetteer: Gazetteer, policy: Policy) -> Directory:
    national = project_folder() / "data" / "directory" / "national.csv"
    return Directory.open(settings.directory_folder, national, gazetteer, policy.base.words.labels["services"])


def renew(turns: Turns) -> None:
    """Reads the rule base anew: turns that begin from now on decide by it.

    Raises `RuleFileError` or `ProjectFileError` for one that is not right; then the last good one goes on.
    """
    services = turns.services
    policy = Policy.load(services.settings.rules_folder, services.settings.home_folder / CACHE)
    lexicon = Lexicon.load(project_folder() / "data" / "lexicon", policy.vocabulary)
    phrases = Phrases.collect(services.assistant, policy.vocabulary, services.book)
    with turns.changing:
        turns.services = replace(
            turns.services,
            policy=policy,
            reader=replace(services.reader, vocabulary=policy.vocabulary, lexicon=lexicon),
            phrases=phrases,
            deadlines=Deadlines(policy.deadlines),
            course=replace(
                services.course,
                policy=policy,
                titles=phrases.title,
                questions=Questions(services.assistant, policy.vocabulary),
            ),
        )


def serve(settings: Settings, out: Console) -> None:
    """Serves until interrupted; ready when the addresses are printed.

    Raises what ended the service by itself, such as `SettingsError` for a token Telegram does not know.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    address = f"http://{settings.host}:{settings.port}"
    ended: list[BaseException] = []

    def end(error: BaseException) -> None:
        ended.append(error)
        server.should_exit = True

    turns = build(settings)

    def ready() -> None:
        out.print(f"[bold]Rightdoor[/bold]  {address}/chat")
        for who, link in first_links(turns, address):
            out.print(f"  {who}  [green]{link}[/green]", soft_wrap=True)

    web = service(turns, ready, end, lambda: server.should_exit)
    server = uvicorn.Server(
        uvicorn.Config(
            web,
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=2,  # whatever still waits for an answer
        )
    )
    server.run()
    if ended:
        raise ended[0]


def service(
    turns: Turns,
    ready: Callable[[], None] = lambda: None,
    failed: Callable[[BaseException], None] = lambda _: None,
    stopping: Callable[[], bool] = lambda: False,
) -> FastAPI:
    """The web application: chat page, REST, Telegram when a token is set, and beside them the courier and the clock.

    `ready` is called once it serves, `failed` when something that runs beside the web server cannot go on; `stopping` says that
    it is about to end.
    """
    couriers: list[Courier] = []

    def wake() -> None:
        for courier in couriers:
            courier.wake()

    def take(incoming: Incoming) -> TurnResult:
        """A turn, after which the couriers are woken: what it wrote goes out at once."""
        result = turns.take(incoming)
        wake()
        return result

    telegram = _telegram(turns, take)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        stop = asyncio.Event()
        ways = postbox_senders(turns.services)
        await asyncio.to_thread(open_postboxes, turns.services, ways.keys())
        # The first family must not wait for an index, nor be cut off again and again while it is made.
        await asyncio.to_thread(turns.services.gazetteer.make_ready)
        if telegram:
            ways[Channel.TELEGRAM] = telegram.sender(asyncio.get_running_loop()), Pace()
        couriers.extend(_couriers(turns, ways))
        running = [asyncio.create_task(work) for work in _work(turns, telegram, couriers, stop, wake)]
        for task in running:
            task.add_done_callback(partial(_mourn, failed))
        ready()
        yield
        stop.set()
        wake()
        for task in running:
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):  # `failed` has been told of it
                await task
        if telegram:
            await telegram.close()
        turns.close()

    web = FastAPI(title="Rightdoor", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    chat_words = project_folder() / "data" / "web_chat.yml"
    web.include_router(
        chat_router(take, partial(read_after, turns), chat_words, lambda: turns.services.directory.invented)
    )
    web.include_router(slip_router(lambda: Slips(turns.services), project_folder() / "data" / "slip.yml"))
    words, amended = project_folder() / "data" / "console.yml", partial(direct, turns)
    console = console_router(lambda: turns.services, take, words, amended, stopping)
    web.include_router(console)
    web.mount("/api/v1", api(lambda: turns.services))
    web.include_router(rest_router(take, turns.services.settings.rest_token))
    if telegram and turns.services.settings.telegram.webhook:
        web.include_router(webhook_router(telegram.intake, turns.services.settings.telegram.secret))
    return web


@contextmanager
def beside(turns: Turns) -> Iterator[None]:
    """Everything but the web server – courier, clock, Telegram – on a thread of its own, for as long as the block runs.

    It closes `turns` at the end.
    """
    began, end = Event(), Event()

    async def live() -> None:
        web = service(turns)
        async with web.router.lifespan_context(web):
            began.set()
            await asyncio.to_thread(end.wait)

    thread = Thread(target=asyncio.run, args=(live(),), name="service")
    thread.start()
    try:
        began.wait()
        yield
    finally:
        end.set()
        thread.join()


def read_after(turns: Turns, channel: Channel, chat: str, seq: int) -> Sequence[tuple[int, Reply]]:
    """What was written to a chat after message number `seq`; nothing to somebody we do not know."""
    with turns.services.store.work() as work:
        contact = work.contacts.by_address(channel, chat)
        return work.outbox.after(contact, seq) if contact else ()


def _work(
    turns: Turns,
    telegram: TelegramChannel | None,
    couriers: Sequence[Courier],
    stop: asyncio.Event,
    wake: Callable[[], None],
) -> list[Coroutine[Any, Any, None]]:
    """What runs beside the web server until `stop`."""
    receiving = [telegram.run(stop)] if telegram else []
    return [
        _clock(turns, stop, wake),
        _rules(turns, stop),
        _retention(turns, stop),
        _seals(turns, stop),
        *(courier.run(stop) for courier in couriers),
        *receiving,
    ]


def _couriers(turns: Turns, ways: Mapping[Channel, tuple[Sender, Pace]]) -> list[Courier]:
    """One for each channel that messages are pushed to."""
    after, services = AfterDelivery(turns), turns.services
    return [
        Courier(services.store, channel, sender, services.clock, after.sent, after.dead, pace=pace)
        for channel, (sender, pace) in ways.items()
    ]


def postbox_senders(services: Services) -> dict[Channel, tuple[Sender, Pace]]:
    """The ways to agencies without Telegram: webhooks, and e-mail when there is a server for it.

    Raises `SettingsError` for mail settings that cannot be right.
    """
    agencies, master = services.directory.by_id, services.store.master

    def webhook(agency: str) -> str:
        return agencies[agency].webhook if agency in agencies else ""

    def email(agency: str) -> str:
        return agencies[agency].email if agency in agencies else ""

    ways: dict[Channel, tuple[Sender, Pace]] = {}
    ways[Channel.WEBHOOK] = HookSender(webhook, partial(master.secret, WEBHOOK)), POSTBOX_PACE
    if services.settings.mail.host:
        ways[Channel.EMAIL] = MailSender(services.settings.mail, email), POSTBOX_PACE
    return ways


def _mourn(failed: Callable[[BaseException], None], task: asyncio.Task[None]) -> None:
    """Tells that a task has ended by a mistake: the service ends with it, for whoever keeps it running to see."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.error("the service cannot go on: %s", type(error).__name__)
        failed(error if isinstance(error, RightdoorError) else RightdoorError(f"it ended: {type(error).__name__}"))


async def _clock(turns: Turns, stop: asyncio.Event, wake: Callable[[], None]) -> None:
    """Deadlines, silences and erasures, every second, without rest while many are due; waits for a database that is gone."""
    while not stop.is_set():
        moved = 0
        try:
            moved = await asyncio.to_thread(due, turns.services, turns.services.clock())
            if moved:
                wake()
        except StoreUnavailableError:
            log.warning("the clock waits: the database is not available")
        except Exception as error:  # noqa: BLE001 – one part that cannot be moved must not stop the clock for all others
            log.error("a deadline could not be handled: %s", type(error).__name__)
        await asyncio.sleep(0 if moved >= A_ROUND else SECONDS_BETWEEN_ROUNDS)


async def _retention(turns: Turns, stop: asyncio.Event) -> None:
    """Forgets what has been kept long enough, every hour; not at the start, when families have waited long enough."""
    pause = SECONDS_BETWEEN_SEALS
    while not stop.is_set():
        await asyncio.sleep(pause)
        pause = SECONDS_BETWEEN_FORGETTING
        try:
            await asyncio.to_thread(forget_old, turns.services, turns.services.clock())
        except RightdoorError as error:
            log.warning("what is old could not be forgotten yet: %s", type(error).__name__)


async def _seals(turns: Turns, stop: asyncio.Event) -> None:
    """Seals what was written into the audit log, every minute; of several processes that meet, one does it."""
    services = turns.services

    def seal() -> None:
        with services.store.work() as work:
            work.seals.seal(services.clock())

    while not stop.is_set():
        await asyncio.sleep(SECONDS_BETWEEN_SEALS)
        with suppress(StoreUnavailableError, ConflictError):
            await asyncio.to_thread(seal)


async def _rules(turns: Turns, stop: asyncio.Event) -> None:
    """Notices that a policy officer has written, or that the directory was changed elsewhere, and renews.

    What is not right is said in the log and changes nothing.
    """
    folder, known = turns.services.settings.rules_folder, turns.services.policy.hash
    changes = 0
    while not stop.is_set():
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        try:
            written = await asyncio.to_thread(content_hash, folder)
            if written != known:
                known = written
                await asyncio.to_thread(renew, turns)
                log.warning("the rules were renewed: %s", written)
            if changes != await asyncio.to_thread(_changes, turns):
                changes = await asyncio.to_thread(direct, turns)
        except (OSError, RightdoorError) as error:
            log.error("the last good rules go on: %s", error)


def _changes(turns: Turns) -> int:
    with turns.services.store.read() as work:
        return work.amendments.count()


def _telegram(turns: Turns, take: Callable[[Incoming], TurnResult]) -> TelegramChannel | None:
    services = turns.services
    if not services.settings.telegram.token:
        return None
    polling = StoredPolling(services.store, services.clock)
    wording = Wording.from_record(services.book.table["telegram"])
    return TelegramChannel.open(services.settings.telegram, take, polling, RememberedMessages(), wording)


def engine_of(settings: Settings, project: Project) -> Engine:
    """Our own engine, or the Rasa server that somebody runs already; what pre-empts runs here in any case."""
    ours, chosen = Assistant(project, _in_process()), settings.engine
    if not chosen.rasa:
        return ours
    client = RasaClient(chosen.rasa, token=chosen.token, patience=Patience(turn=chosen.patience))
    return RasaEngine(project, ours, client)


def _in_process() -> InProcessActions:
    """The project's actions on rasa_sdk's own executor, without a server."""
    executor = ActionExecutor()
    for action in actions.ALL:
        executor.register_action(action)
    return InProcessActions(executor)


def _store(settings: Settings) -> Store:
    settings.home_folder.mkdir(parents=True, exist_ok=True)
    return Store.open(settings.database_url, keys_url=settings.keys, master_key=master_key(settings.home_folder))
