"""The `rightdoor` command. Each command imports what it needs when it runs, so that `--help` answers at once.

Exit status: 0 it worked, 1 the answer is no, 2 bad input (one clear line on stderr).
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.errors import InputError, RightdoorError, StoreUnavailableError, UnknownWordError
from bot.settings import Settings, load, project_folder

if TYPE_CHECKING:
    from bot.decisions import Policy
    from bot.rasa.host import Host
    from bot.turns import Turns
    from bot.workbench.directory.book import Book

cli = typer.Typer(
    name="rightdoor",
    help="Every family reaches the right door the first time, and nobody is lost behind it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
out = Console()
err = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for machines.")]
Rules = Annotated[Path | None, typer.Option("--rules", help="The rule base; the project's own by default.")]
OnDay = Annotated[str, typer.Option("--on", help="Decide as of this day, YYYY-MM-DD.")]
Language = Annotated[str, typer.Option(help="zh or en.")]
Database = Annotated[str, typer.Option("--db", help="An SQLAlchemy URL; the settings' database by default.")]
ProjectFolder = Annotated[
    Path | None,
    typer.Option("--project", help="A folder with any Rasa project, instead of Rightdoor itself."),
]
Folder = Annotated[Path, typer.Option("--project", help="A folder with a Rasa project.")]
Actions = Annotated[str, typer.Option(help="An action server's address; the project's own actions by default.")]
Endpoints = Annotated[Path | None, typer.Option(help="A file like endpoints.yml whose action_endpoint is to be used.")]
Ignore = Annotated[
    bool, typer.Option("--ignore-unsupported", help="Leave out what this engine does not do, instead of refusing.")
]


def main() -> None:
    """Runs a command; an error of ours is one line on stderr, never a traceback."""
    try:
        cli()
    except (InputError, StoreUnavailableError) as error:
        err.print(str(error), style="red", highlight=False, markup=False, soft_wrap=True)
        sys.exit(2)
    except RightdoorError as error:
        err.print(str(error), style="red", highlight=False, markup=False, soft_wrap=True)
        sys.exit(1)
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(1)


@cli.command()
def run(
    host: Annotated[str, typer.Option(help="Where to listen.")] = "",
    port: Annotated[int, typer.Option(help="On which port.")] = 0,
    project: ProjectFolder = None,
    actions: Actions = "",
    endpoints: Endpoints = None,
    token: Annotated[str, typer.Option("--auth-token", help="With --project: the token to ask for.")] = "",
    db: Annotated[Path | None, typer.Option(help="With --project: the SQLite file of the conversations.")] = None,
    ignore_unsupported: Ignore = False,
) -> None:
    """Serve: web chat, REST, Telegram when a token is set, and the work that is owed; or any project's Rasa API."""
    if project is not None:
        from bot.workbench.project.serve import DATABASE, Address, serve_project

        address = Address(host or "127.0.0.1", port or 5005, token, db or project / DATABASE)
        serve_project(_host(project, actions, endpoints, ignore_unsupported=ignore_unsupported), address, out)
        return
    from bot.app import serve

    settings = load()
    serve(replace(settings, host=host or settings.host, port=port or settings.port), out)


@cli.command()
def demo(
    telegram: Annotated[bool, typer.Option("--telegram", help="Through a Bot API server on loopback.")] = False,
) -> None:
    """Play the seed story through, both sides, with fictional people and a database of its own."""
    from bot.workbench.demo import play

    with TemporaryDirectory(prefix="rightdoor-demo-") as home:
        settings, script = Settings(home=home, directory=load().directory), project_folder() / "data" / "demo.yml"
        if telegram:
            _demo_on_telegram(settings, script)
            return
        with _turns(settings) as turns:
            play(turns, script, out)


@cli.command()
def chat(
    as_json: Json = False,
    db: Database = "",
    sender: Annotated[
        str, typer.Option(help="Who is writing; the same name goes on with the same conversation.")
    ] = "terminal",
    channel: Annotated[str, typer.Option(help="terminal, web, rest or telegram.")] = "terminal",
    project: ProjectFolder = None,
    actions: Actions = "",
    endpoints: Endpoints = None,
    ignore_unsupported: Ignore = False,
) -> None:
    """Talk to the service, or to any project, in the terminal; with --json one message a line in, one object a turn out."""
    if project is not None:
        from bot.workbench.project import chat as project_chat

        logging.getLogger("bot.rasa").setLevel(logging.ERROR)  # what an action raised is told in full instead
        host = _host(project, actions, endpoints, ignore_unsupported=ignore_unsupported, tell=_tell)
        talk = project_chat.ProjectChat(host, sender, project_chat.CHANNEL if channel == "terminal" else channel)
        project_chat.converse(sys.stdin, out, talk, as_json=as_json)
        return
    from bot.workbench.chat import converse

    with _turns(_on(db)) as turns:
        converse(sys.stdin, out, turns, sender=sender, channel=channel, as_json=as_json)


@cli.command()
def facts(as_json: Json = False, rules: Rules = None) -> None:
    """The vocabulary: every fact with its values, relevance and question."""
    from bot.workbench.facts import describe, table

    vocabulary = _policy(rules).vocabulary
    if as_json:
        out.print_json(json.dumps(describe(vocabulary), ensure_ascii=False))
    else:
        out.print(table(vocabulary))


@cli.command()
def decide(
    on: OnDay = "",
    rules: Rules = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why, why not, and what would change it.")] = False,
) -> None:
    """Decide sheets: one JSON object a line in, one decision a line out."""
    from bot.workbench.decide import decide_lines

    for line in decide_lines(sys.stdin, _policy(rules), _day(on), explained=explain):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


@cli.command("try")
def try_out(
    case: Annotated[str, typer.Option(help="Begin with a case of rules/situations/*.cases.yml, by its sentence.")] = "",
    language: Language = "zh",
    given: Annotated[
        str, typer.Option("--from", help='Begin with these facts: {"family": {…}, "children": [{…}]}')
    ] = "",
    on: OnDay = "",
    rules: Rules = None,
) -> None:
    """Walk an interview: each question with its reason, what is decided so far, and at the end a case to paste."""
    from bot.workbench.spoken import Spoken
    from bot.workbench.trial import Session, TryWords, beginning, walk

    words = TryWords.load(project_folder() / "data" / "try.yml")
    spoken = Spoken.load(project_folder(), rules)
    at = datetime.combine(_day(on), time(12), UTC)
    sheet = beginning(spoken, rules or project_folder() / "rules", at, case=case, given=given)
    walk(sys.stdin, out, Session(spoken, _language(language), at, sheet), words)


@cli.command()
def hear(
    text: Annotated[
        str, typer.Argument(help="What somebody writes; without it one text a line from standard input.")
    ] = "",
    as_json: Json = False,
    language: Language = "zh",
    rules: Rules = None,
) -> None:
    """What is read in words, by which cue, and what keeps it from deciding: for whoever edits data/lexicon."""
    from bot.facts import Lexicon
    from bot.workbench.hear import hear as heard
    from bot.workbench.spoken import Spoken

    spoken = Spoken.load(project_folder(), rules)
    lexicon = Lexicon.load(project_folder() / "data" / "lexicon", spoken.policy.vocabulary)
    words = spoken.book.speak(_language(language))
    heard([text] if text else sys.stdin, lexicon, spoken.phrases, words, out, as_json=as_json)


@cli.command()
def drill(
    topic: Annotated[str, typer.Option(help="One theme: the name of a file in rules/situations/.")] = "",
    count: Annotated[int, typer.Option(min=1, max=500, help="How many cases.")] = 5,
    seed: Annotated[str, typer.Option(help="The same seed, the same cases; the score is then not kept.")] = "",
    language: Language = "zh",
    rules: Rules = None,
) -> None:
    """Practise on invented cases drawn from the rules: risk, lead, first action; marked with reason and article."""
    from secrets import token_hex

    from bot.drills import Book, Course, DrillWords
    from bot.workbench.drill import Choice, practise, read_book, write_book
    from bot.workbench.spoken import Spoken

    words = DrillWords.load(project_folder() / "data" / "drill.yml")
    spoken = Spoken.load(project_folder(), rules)
    course = Course(spoken.policy, words, spoken.phrases.title, spoken.questions, spoken.book.risk)
    score = load().home_folder / "drill.json"
    choice = Choice(topic, count, seed or token_hex(4), _language(language))
    book = Book() if seed else read_book(score)
    keep: Callable[[Book], None] = (lambda _: None) if seed else (lambda book: write_book(score, book))
    practise(sys.stdin, out, course, book, choice, datetime.now(UTC), keep)


@cli.command()
def check(
    as_json: Json = False,
    rules: Rules = None,
    language: Language = "zh",
    mutants: Annotated[
        bool, typer.Option("--mutants", help="Try every row with one mistake: who would notice?")
    ] = False,
    propose: Annotated[bool, typer.Option("--propose", help="Print cases that would notice what nobody does.")] = False,
    interviews: Annotated[
        bool, typer.Option("--interviews", help="Play the situations: what is asked, and how much.")
    ] = False,
) -> None:
    """Check the rule base; exit status 1 when something is found."""
    from bot.workbench.check import check_project, report, unverified_rows
    from bot.workbench.titles import Titles

    if mutants or propose:
        _try_mutants(rules or project_folder() / "rules", language, as_json=as_json, propose=propose)
        return
    if interviews:
        _play_interviews(rules or project_folder() / "rules")
        return
    findings = check_project(project_folder(), rules or project_folder() / "rules")
    if as_json:
        out.print_json(json.dumps([finding.to_json() for finding in findings], ensure_ascii=False))
    else:
        report(findings, out, Titles.load(project_folder(), language))
        if not findings:
            for line in unverified_rows(_policy(rules)):
                out.print(line, style="dim", markup=False, highlight=False, soft_wrap=True)
    if findings:
        raise typer.Exit(1)


def _play_interviews(rules: Path) -> None:
    """`check --interviews`: the situations that cases tell in full, by buttons alone."""
    from bot.workbench.interviews import Player, situations, table

    policy = _policy(rules)
    player = Player.newest(policy)
    played = [player.play(name, truth) for name, truth in situations(rules, policy)]
    if not played:
        raise InputError(f"no case of {rules.name} tells a situation in full (situation: …)")
    out.print(table(sorted(played, key=lambda one: one.name)))


def _try_mutants(rules: Path, language: str, *, as_json: bool, propose: bool) -> None:
    """`check --mutants` (exit status 1 while somebody survives unnoticed) and `check --propose`."""
    from bot.workbench.mutants import proposal, report, trial, writing
    from bot.workbench.titles import Titles

    policy, titles = _policy(rules), Titles.load(project_folder(), language)
    verdicts = trial.try_rules(rules, policy)
    if propose:
        found = proposal.propose(policy, verdicts, trial.moment(policy))
        out.print(writing.text(found, policy, titles, language), markup=False, highlight=False, soft_wrap=True)
        return
    if as_json:
        out.print_json(json.dumps(report.to_json(verdicts), ensure_ascii=False))
    else:
        report.show(verdicts, out, titles)
    if any(one.real for one in verdicts):
        raise typer.Exit(1)


@cli.command()
def draw(
    what: Annotated[str, typer.Argument(help="interview, or a table: divorce, danger …")] = "interview",
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    to: Annotated[Path | None, typer.Option("--out", help="The SVG file to write; standard output by default.")] = None,
    rules: Rules = None,
) -> None:
    """Draw the interview or a table of situations as SVG."""
    from bot.workbench.draw import draw as picture

    _write(picture(project_folder(), rules or project_folder() / "rules", what, language), to)


@cli.command()
def book(
    to: Annotated[Path, typer.Option("--out", help="The folder to write the document to.")] = Path("book"),
    rules: Rules = None,
) -> None:
    """Write the whole policy as one printable HTML document, in both languages, for a lawyer."""
    from bot.workbench.book import FILE
    from bot.workbench.book import book as document

    today = datetime.now(UTC).date()
    _write(document(project_folder(), rules or project_folder() / "rules", today), to / FILE)


@cli.command()
def diff(
    old: Annotated[str, typer.Argument(help="A folder of rules, or a git revision of this repository.")],
    new: Annotated[str, typer.Argument(help="The same.")],
    as_json: Json = False,
    on: Annotated[str, typer.Option("--on", help="As of this day, YYYY-MM-DD; all rows in force by default.")] = "",
) -> None:
    """Show exactly which families two rule bases decide differently; exit status 1 when there are any."""
    from bot.workbench import diff as differ
    from bot.workbench.titles import Titles

    before, after = (differ.source(name, project_folder()).policy for name in (old, new))
    found = differ.compare(before, after, _day(on) if on else None)
    titles = {spoken: Titles.load(project_folder(), spoken) for spoken in ("zh", "en")}
    if as_json:
        out.print_json(json.dumps(differ.to_json((old, new), found, titles), ensure_ascii=False))
    else:
        differ.show((old, new), found, titles, out)
    if found.groups:
        raise typer.Exit(1)


@cli.command("export")
def export_(
    table: Annotated[str, typer.Argument(help="A table of rules/situations, by name or path.")],
    form: Annotated[str, typer.Option("--as", help="dmn or gorules.")],
    to: Annotated[Path | None, typer.Option("--out", help="The file to write; stdout by default.")] = None,
    rules: Rules = None,
) -> None:
    """Write a table for others' editors and engines: DMN XML or GoRules JSON."""
    from bot.workbench.foreign import export_table

    _write(export_table(table, rules or project_folder() / "rules", form), to)


@cli.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="DMN XML or GoRules JSON.")],
    to: Annotated[Path | None, typer.Option("--out", help="The situations file to write; stdout by default.")] = None,
) -> None:
    """Read a table that comes from elsewhere, as a situations file."""
    from bot.workbench.foreign import import_table

    text, lacking = import_table(file)
    _write(text, to)
    for line in lacking:
        err.print(f"still to be written by hand: {line}", markup=False, highlight=False, soft_wrap=True)


@cli.command()
def enrol(
    role: Annotated[str, typer.Argument(help="A service of the directory, or operator.")],
    agency: Annotated[str, typer.Argument(help="The agency's id in the directory.")],
    name: Annotated[str, typer.Option(help="What to call the person; kept encrypted.")] = "",
    as_json: Json = False,
    db: Database = "",
) -> None:
    """Make a one-time code with which a caseworker or operator enrols by writing `/start CODE` to the bot."""
    from bot.workbench.enrolment import invite

    with _turns(_on(db)) as turns:
        invite(turns, role, agency, name, out, as_json=as_json)


audit = typer.Typer(help="Who read and wrote what; whether the log still says what it said.", no_args_is_help=True)
cli.add_typer(audit, name="audit")


@audit.command("verify")
def verify_audit(as_json: Json = False, db: Database = "") -> None:
    """Check every sealed batch of the audit log; exit status 1 when one is not what was sealed."""
    from bot.workbench.audit import verify

    with _turns(_on(db)) as turns:
        if not verify(turns, out, as_json=as_json):
            raise typer.Exit(1)


@audit.command("about")
def about_audit(
    subject: Annotated[str, typer.Argument(help="The id of a case, a part, a contact or somebody on staff.")],
    as_json: Json = False,
    db: Database = "",
) -> None:
    """Who looked at something or changed it, and when."""
    from bot.workbench.audit import about

    with _turns(_on(db)) as turns:
        about(turns, subject, out, as_json=as_json)


keys = typer.Typer(help="Keys with which programs use the HTTP API in somebody's name.", no_args_is_help=True)
cli.add_typer(keys, name="keys")


@keys.command("make")
def make_key(
    staff: Annotated[str, typer.Argument(help="The staff id of whoever it acts for.")],
    may: Annotated[str, typer.Option(help="What it may do: read, details, move.")] = "read",
    db: Database = "",
) -> None:
    """Make a key and print it; it is never shown again."""
    from bot.workbench.api_keys import make

    with _turns(_on(db)) as turns:
        out.print(make(turns, staff, may), highlight=False, soft_wrap=True)


@keys.command("list")
def list_keys(as_json: Json = False, db: Database = "") -> None:
    """Every key that is good: for whom, what it may do, when it was last used."""
    from bot.workbench.api_keys import show

    with _turns(_on(db)) as turns:
        show(turns, out, as_json=as_json)


@keys.command("revoke")
def revoke_key(
    key: Annotated[str, typer.Argument(help="The id that `rightdoor keys list` shows.")], db: Database = ""
) -> None:
    """Make a key open nothing any more."""
    from bot.workbench.api_keys import revoke

    with _turns(_on(db)) as turns:
        revoke(turns, key)
        out.print(f"{key} revoked", style="green")


referrals = typer.Typer(help="List, show and accept referrals.", no_args_is_help=True)
cli.add_typer(referrals, name="referrals")


@referrals.command("list")
def list_referrals(as_json: Json = False, db: Database = "") -> None:
    """Every open part, the most urgent first, and the tasks nobody has taken."""
    from bot.workbench.inbox import Inbox

    with _turns(_on(db)) as turns:
        Inbox(turns).show_all(out, as_json=as_json)


@referrals.command("show")
def show_referral(case: str, as_json: Json = False, db: Database = "") -> None:
    """One case: parts, owners, deadlines, reasons, and what happened to it."""
    from bot.workbench.inbox import Inbox

    with _turns(_on(db)) as turns:
        Inbox(turns).show(case, out, as_json=as_json)


@referrals.command("accept")
def accept_referral(
    part: str,
    by: Annotated[str, typer.Option(help="The staff id that takes it on; by default whoever has it.")] = "",
    db: Database = "",
) -> None:
    """Take a part on; the family is told."""
    from bot.workbench.inbox import Inbox

    with _turns(_on(db)) as turns:
        Inbox(turns).accept(part, by, out)


directory = typer.Typer(help="Who serves where: gaps, who is reached now, tables in and out.", no_args_is_help=True)
cli.add_typer(directory, name="directory")
Within = Annotated[str, typer.Option("--within", help="Only this division: a code, or words.")]
When = Annotated[datetime | None, typer.Option("--at", help="At another moment (Beijing's time).")]


@directory.command("check")
def check_directory(within: Within = "", at: When = None, as_json: Json = False) -> None:
    """List the services that nobody provides in a county, and entries that do not hold; exit status 1 for a dead end."""
    book = _book()
    if not book.check(book.place(within).code if within else "", _moment(at), out, as_json=as_json):
        raise typer.Exit(1)


@directory.command("who")
def who_serves(
    service: Annotated[str, typer.Argument(help="A service of rules/vocabulary.yml.")],
    place: Annotated[str, typer.Argument(help="A code, or words.")],
    at: When = None,
    as_json: Json = False,
) -> None:
    """Say whose matter something is at a place, who can be reached at this moment, and who stands behind them."""
    _book().who(service, place, _moment(at), out, as_json=as_json)


@directory.command("coverage")
def draw_coverage(
    to: Annotated[Path, typer.Option("--to", help="The picture, SVG.")] = Path("coverage.svg"),
    within: Within = "",
    at: When = None,
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
) -> None:
    """Draw a map of the country: every county, darker the more of its services somebody provides."""
    from bot.workbench.directory.coverage import as_map
    from bot.workbench.directory.gaps import needed, readiness

    book = _book()
    code = book.place(within).code if within else ""
    found = readiness(book.directory, book.gazetteer, needed(book.policy), _moment(at))
    shown = {county: share for county, share in found.items() if county.startswith(code)}
    title = {"zh": "各县能接住的比例", "en": "Share of services provided, by county"}
    if language not in title:
        raise UnknownWordError("language", language, title)
    to.write_text(as_map(shown, book.gazetteer, title[language], language), encoding="utf-8")
    out.print(f"{to}: {len(shown)} counties", highlight=False)


@directory.command("template")
def directory_template(
    to: Annotated[Path, typer.Argument(help="A new file: .xlsx, or .csv.")],
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
) -> None:
    """Write an empty table for a county to fill in."""
    from bot.workbench.directory.sheets import template, written

    book = _book()
    if to.exists():
        raise InputError(f"{to} is there already")
    if to.suffix.lower() == ".csv":
        to.write_text(written([]), encoding="utf-8-sig")
    else:
        to.write_bytes(template(book.services, language))
    out.print(f"{to} written", style="green", highlight=False)


@directory.command("import")
def import_directory(
    file: Annotated[
        Path, typer.Argument(help="A table (.xlsx, .csv), an HSDS file (.json), or a data package's folder.")
    ],
    kind: Annotated[str, typer.Option("--service", help="HSDS from elsewhere: whose matter its services are.")] = "",
    place: Annotated[str, typer.Option("--place", help="HSDS from elsewhere: whom they serve.")] = "",
    phone: Annotated[str, typer.Option("--phone", help="HSDS from elsewhere: a number for those without.")] = "",
) -> None:
    """Take a table into the directory, the whole of it or nothing; every mistake is told by its cell."""
    from bot.workbench.directory.book import Given

    _book().bring_in(file, Given(kind, place, phone), out)


@directory.command("export")
def export_directory(
    to: Annotated[Path, typer.Argument(help="A JSON file, or a folder for a tabular data package.")],
) -> None:
    """Write the directory as Open Referral HSDS 3."""
    from bot.workbench.directory.packages import FIELDS, write_json, write_tables

    book, at = _book(), datetime.now(UTC)
    if to.suffix.lower() == ".json":
        many = write_json(book.directory, book.gazetteer, at, to)
    else:
        many = write_tables(book.directory, book.gazetteer, at, project_folder() / FIELDS, to)
    out.print(f"{many} services in {to}", style="green", highlight=False)


def _book() -> Book:
    """Divisions, rules and the files of the directory."""
    from bot.workbench.directory.book import Book

    return Book.open(project_folder(), load(), _policy(None))


def _moment(at: datetime | None) -> datetime:
    """A moment that was typed, in Beijing's time; now without one."""
    from bot.calendar import CHINA

    return at.replace(tzinfo=CHINA) if at else datetime.now(UTC)


@cli.command("webhook-secret")
def webhook_secret(agency: Annotated[str, typer.Argument(help="The agency's id in the directory.")]) -> None:
    """The secret with which messages to an agency's webhook are signed; a `#2` after its address makes another."""
    from bot.app import WEBHOOK

    with _turns(load()) as turns:
        known = turns.services.directory.by_id
        if agency not in known or not known[agency].webhook:
            raise InputError(f"the directory has no webhook for {agency!r}")
        out.print(turns.services.store.master.secret(WEBHOOK, known[agency].webhook), highlight=False, soft_wrap=True)


@cli.command("soak")
def soak_(
    number: Annotated[int, typer.Option("--referrals", min=1, help="How many families.")] = 1000,
    kill_every: Annotated[float, typer.Option(help="Seconds between two kills.")] = 3.0,
    replicas: Annotated[int, typer.Option(help="Processes; by default two on PostgreSQL, one on SQLite.")] = 0,
    as_json: Json = False,
    db: Annotated[str, typer.Option("--db", help="An empty database; an SQLite file of its own by default.")] = "",
) -> None:
    """Make referrals through whole turns while the service is killed with -9; exit status 1 when anything is lost."""
    from bot.workbench.soak import Plan, soak

    if not soak(Plan(number, kill_every, db, replicas), out, as_json=as_json):
        raise typer.Exit(1)


outbox = typer.Typer(help="What is waiting to go out and why; dead letters.", invoke_without_command=True)
cli.add_typer(outbox, name="outbox")
Numbers = Annotated[list[int], typer.Argument(help="The numbers that `rightdoor outbox` shows.")]


@outbox.callback()
def show_outbox(context: typer.Context, as_json: Json = False, db: Database = "") -> None:
    """What is waiting to go out and why, and what never arrived. Without a word of any message."""
    if context.invoked_subcommand is None:
        from bot.workbench.outbox import OutboxPage

        with _turns(_on(db)) as turns:
            OutboxPage(turns).show(out, as_json=as_json)


@outbox.command("retry")
def retry_messages(numbers: Numbers, db: Database = "") -> None:
    """Try dead letters again, or at once what waits for another try."""
    from bot.workbench.outbox import OutboxPage

    with _turns(_on(db)) as turns:
        OutboxPage(turns).retry(numbers, out)


@outbox.command("give-up")
def give_up_messages(numbers: Numbers, db: Database = "") -> None:
    """Put dead letters away once somebody has dealt with them; a waiting one becomes a human's task first."""
    from bot.workbench.outbox import OutboxPage

    with _turns(_on(db)) as turns:
        OutboxPage(turns).give_up(numbers, out)


data = typer.Typer(help="Look at the files of any Rasa project.", no_args_is_help=True)
cli.add_typer(data, name="data")


@data.command("validate")
def validate_data(project: Folder = Path(), as_json: Json = False, ignore_unsupported: Ignore = False) -> None:
    """Check a Rasa project: what is wrong, doubtful, or would be left out; exit status 2 when something is wrong."""
    from bot.workbench.project.validate import show, validate

    remarks = validate(project, ignore_unsupported=ignore_unsupported)
    if as_json:
        out.print_json(json.dumps([remark.to_json() for remark in remarks], ensure_ascii=False))
    else:
        show(remarks, out)
    if any(remark.kind == "error" for remark in remarks):
        raise typer.Exit(2)


@cli.command("test")
def play_stories(
    project: Folder = Path(),
    as_json: Json = False,
    to: Annotated[Path | None, typer.Option("--out", help="Write failed_test_stories.yml to this folder.")] = None,
    ignore_unsupported: Ignore = False,
) -> None:
    """Play a Rasa project's test stories; exit status 1 when one goes otherwise than written."""
    from bot.workbench.project.story_report import failed_stories, show, to_json
    from bot.workbench.project.walking import walks

    walked = walks(project, ignore_unsupported=ignore_unsupported)
    if as_json:
        out.print_json(json.dumps(to_json(walked), ensure_ascii=False))
    else:
        show(walked, out)
    if to is not None:
        _write(failed_stories(walked), to / "failed_test_stories.yml")
    if any(walk.wrong for walk in walked):
        raise typer.Exit(1)


@cli.command()
def train(
    project: Folder = Path(),
    as_json: Json = False,
    to: Annotated[
        Path | None, typer.Option("--out", help="Where to keep what is learned; DIR/.rightdoor/cache by default.")
    ] = None,
    ignore_unsupported: Ignore = False,
) -> None:
    """Compile a Rasa project and learn what its pipeline learns, once for the same files."""
    from bot.rasa.host import CACHE
    from bot.workbench.project.train import show
    from bot.workbench.project.train import train as learn

    cache = to or project / CACHE
    trained = learn(project, cache, err, ignore_unsupported=ignore_unsupported)
    if as_json:
        out.print_json(json.dumps(trained.to_json(), ensure_ascii=False))
    else:
        show(trained, cache, out)


def _tell(what: str) -> None:
    err.print(what, style="dim", markup=False, highlight=False, soft_wrap=True)


def _host(
    project: Path,
    actions: str,
    endpoints: Path | None,
    *,
    ignore_unsupported: bool,
    tell: Callable[[str], None] | None = None,
) -> Host:
    """A project with its actions; what was left out is said on stderr."""
    from bot.rasa.host import Choice, Host

    logging.getLogger("rasa_sdk").setLevel(logging.ERROR)
    host = Host.open(Choice(project, actions, endpoints, ignore_unsupported=ignore_unsupported), tell)
    for finding in host.project.skipped:
        _tell(f"left out: {finding}")
    return host


@referrals.command("move")
def move_referral(
    part: str,
    move: Annotated[str, typer.Argument(help="accept, decline, hand_on, contact, visit, close … (docs/referrals.md).")],
    by: Annotated[str, typer.Option(help="The staff id of whoever makes it.")],
    reason: Annotated[
        str, typer.Option(help="A word of data/referrals.yml: why, what came of it, what was found.")
    ] = "",
    to: Annotated[
        str, typer.Option(help="A service, an agency or a colleague's staff id; a follow-up plan; a risk.")
    ] = "",
    words: Annotated[str, typer.Option(help="Whatever else is to be said; kept encrypted.")] = "",
    seen: Annotated[
        int | None, typer.Option(help="The revision that was looked at; refused when there is a newer one.")
    ] = None,
    db: Database = "",
) -> None:
    """Record a move of somebody on staff; whoever must know is told."""
    from bot.turns.orders import Order
    from bot.workbench.moves import make

    with _turns(_on(db)) as turns:
        make(turns, move, by, out, lambda person: Order(part, person, reason, to, words, seen))


@referrals.command("merge")
def merge_referrals(
    case: str,
    into: str,
    by: Annotated[str, typer.Option(help="The staff id of the operator or supervisor who says so.")],
    words: Annotated[str, typer.Option(help="Why; kept encrypted.")] = "",
    db: Database = "",
) -> None:
    """Record that two cases are one family: what both ask for is done once."""
    from bot.workbench.moves import merge

    with _turns(_on(db)) as turns:
        merge(turns, case, into, by, words, out)


@referrals.command("export")
def export_referral(
    case: str,
    how: Annotated[str, typer.Option("--as", help="fhir-r4, fhir-r5, primero or csv.")] = "fhir-r4",
    personal: Annotated[
        bool, typer.Option("--personal", help="With how to reach the family and what is known.")
    ] = False,
    to: Annotated[Path | None, typer.Option("--out", help="The file to write; stdout by default.")] = None,
    db: Database = "",
) -> None:
    """One case in the words of other systems; without --personal nothing tells who the family is."""
    from bot.workbench.exchange import export

    with _turns(_on(db)) as turns:
        _write(export(turns.services, case, how, personal=personal, by="terminal"), to)


@referrals.command("report")
def report_referrals(
    since: Annotated[str, typer.Option(help="Parts opened from this day on, YYYY-MM-DD; a year ago by default.")] = "",
    until: Annotated[str, typer.Option(help="… until before this day; tomorrow by default.")] = "",
    language: Language = "zh",
    as_csv: Annotated[bool, typer.Option("--csv", help="One line a figure.")] = False,
    svg: Annotated[Path | None, typer.Option("--svg", help="Bars for each service, written to this file.")] = None,
    on_map: Annotated[Path | None, typer.Option("--map", help="A map of the counties, written to this file.")] = None,
    db: Database = "",
) -> None:
    """How long families wait, where, and why things move. Numbers below five are not shown."""
    from bot.workbench.figures.command import report

    with _turns(_on(db)) as turns:
        begin = _day(since) if since else _day("") - timedelta(days=365)
        end = _day(until) if until else _day("") + timedelta(days=1)
        made = report(turns.services, begin, end, _language(language))
        for picture, file in ((made.svg, svg), (made.map, on_map)):
            if file:
                _write(picture, file)
        if svg or on_map:
            return
        if as_csv:
            _write(made.csv, None)
        else:
            for table in made.tables:
                out.print(table)


bench_cli = typer.Typer(help="Time things, and measure how well messages are read.", invoke_without_command=True)
cli.add_typer(bench_cli, name="bench")


@bench_cli.callback()
def bench(  # noqa: PLR0913, PLR0917 – one figure an option
    ctx: typer.Context,
    as_json: Json = False,
    turns: Annotated[int, typer.Option(help="How many conversations a figure is taken over.")] = 60,
    against_rasa: Annotated[
        bool, typer.Option("--against-rasa", help="Compare the dialogue engine with a real rasa 3.6.21 (RASA_HOME).")
    ] = False,
    referrals: Annotated[int, typer.Option(help="Measure what one referral costs instead, over so many.")] = 0,
    stored: Annotated[str, typer.Option(help="With so many stored already, one after the other.")] = "0,10000",
    db: Annotated[str, typer.Option("--db", help="With --referrals: an empty database.")] = "",
    console: Annotated[int, typer.Option(help="Measure how long so many operators wait at the desk instead.")] = 0,
    seconds: Annotated[float, typer.Option(help="With --console: for so long.")] = 30.0,
) -> None:
    """Time a turn of the seed story, in process and durable over HTTP at 1 and 8 clients; and one decision."""
    if ctx.invoked_subcommand:
        return
    if console:
        from bot.workbench.bench_console import bench_console

        with TemporaryDirectory(prefix="rightdoor-bench-") as home, _turns(Settings(home=home)) as service:
            bench_console(service, console, seconds, out, as_json=as_json)
        return
    if referrals:
        from bot.workbench.bench_stored import bench_stored

        with TemporaryDirectory(prefix="rightdoor-bench-") as home, _turns(Settings(home=home, database=db)) as service:
            bench_stored(service, referrals, _numbers(stored), out, as_json=as_json)
        return
    if against_rasa:
        from bot.workbench.against_rasa import bench_against_rasa

        if not bench_against_rasa(out, conversations=turns, as_json=as_json):
            raise typer.Exit(1)
        return
    from bot.workbench.bench import bench as run_bench
    from bot.workbench.bench_places import bench_places
    from bot.workbench.bench_rules import bench_rules

    with TemporaryDirectory(prefix="rightdoor-bench-") as home, _turns(Settings(home=home)) as service:
        run_bench(service, turns, out, as_json=as_json)
        bench_rules(service.services.policy, load().rules_folder, out, as_json=as_json)
        bench_places(service.services, out, as_json=as_json)


@bench_cli.command("places")
def bench_finding(as_json: Json = False) -> None:
    """Measure what opening all divisions costs, and what finding a place, its agency and the county of a pin does."""
    from bot.workbench.bench_places import bench_places

    with TemporaryDirectory(prefix="rightdoor-bench-") as home, _turns(Settings(home=home)) as service:
        bench_places(service.services, out, as_json=as_json)


@bench_cli.command("nlu")
def bench_listening(
    as_json: Json = False,
    corpora: Annotated[Path | None, typer.Option(help="The folder of consult.jsonl and negatives.jsonl.")] = None,
    wrong: Annotated[str, typer.Option(help="Whose mistakes are shown (seen, all, none).")] = "seen",
    weigh: Annotated[
        bool,
        typer.Option(
            "--weigh",
            help="Learn instead: fragments.tsv is written, the weights of matters.yml are shown.",
        ),
    ] = False,
) -> None:
    """Measure how well messages are read, on the labelled ones of the project, and what one costs."""
    from bot.facts import Lexicon
    from bot.workbench.listening.bench import HALVES, bench_nlu, teach
    from bot.workbench.listening.labelled import Labels

    shown: dict[str, tuple[str, ...]] = {"seen": ("seen",), "all": tuple(HALVES), "none": ()}
    if wrong not in shown:
        raise UnknownWordError("choice", wrong, shown)
    folder = project_folder() / "data" / "lexicon"
    lexicon = Lexicon.load(folder, _policy(None).vocabulary)
    labels = Labels.load(project_folder(), corpora)
    if weigh:
        teach(folder, lexicon, labels, out, as_json=as_json)
        return
    bench_nlu(folder, lexicon, labels, out, as_json=as_json, wrong=shown[wrong])


def _on(db: str) -> Settings:
    """The settings, on another database when one is named."""
    settings = load()
    return replace(settings, database=db) if db else settings


@contextmanager
def _turns(settings: Settings) -> Iterator[Turns]:
    """The service without a server."""
    from bot.app import build

    turns = build(settings)
    try:
        yield turns
    finally:
        turns.close()


def _policy(rules: Path | None) -> Policy:
    from bot.decisions import Policy

    return Policy.load(rules or project_folder() / "rules")


def _write(text: str, file: Path | None) -> None:
    """Writes to a file and says where, or to standard output. Raises `InputError` when it cannot be written."""
    if file is None:
        sys.stdout.write(text)
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}") from error
    err.print(str(file), markup=False, highlight=False, soft_wrap=True)


def _demo_on_telegram(settings: Settings, script: Path) -> None:
    from bot.app import beside, build
    from bot.settings import TelegramSettings
    from bot.workbench.botapi import BotApi
    from bot.workbench.demo_telegram import play_on_telegram

    with BotApi() as api:
        turns = build(replace(settings, telegram=TelegramSettings(token=api.token, api=api.url)))
        with beside(turns):
            play_on_telegram(turns, api, script, out)


def _numbers(text: str) -> tuple[int, ...]:
    if not all(number.strip().isdecimal() for number in text.split(",")):
        raise InputError(f"--stored takes numbers such as 0,10000, not {text!r}")
    return tuple(int(number) for number in text.split(","))


def _day(text: str) -> date:
    if not text:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--on takes a day such as 2026-11-24, not {text!r}") from error


def _language(word: str) -> str:
    if word not in ("zh", "en"):
        raise InputError(f"--language takes zh or en, not {word!r}")
    return word
