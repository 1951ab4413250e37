"""`rightdoor bench --against-rasa`: the same project on rasa 3.6.21 and on our engine, side by side in one run.

in process         conversations by function call, actions in the engine's own process, nothing stored
over HTTP          `POST /webhooks/rest/webhook`, SQLite, every turn durable, eight clients

Rounds of the two alternate, so that whatever else the machine does falls on both; the median round counts.
"""

from __future__ import annotations

import json
import logging
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.dialogue import Assistant
from bot.workbench.against_rasa import over_http
from bot.workbench.against_rasa.ours import assistant_of, growth, turns_per_second, with_more_rules
from bot.workbench.against_rasa.rasa_home import RasaHome, RasaInProcess, rasa_in_process
from bot.workbench.against_rasa.scripts import FORM, RULE

ROUNDS = 5
CLIENTS = 8
MORE_RULES = 1000
EARLY, LATE = 8, 400  # turns of one conversation
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison: our figure, Rasa's (or our own other one), how many times ours is as good, and what it must be."""

    what: str
    unit: str
    ours: float
    other: float
    against: str
    ratio: float
    bar: float
    at_most: bool = False

    @property
    def holds(self) -> bool:
        """Whether the bar is met."""
        return self.ratio <= self.bar if self.at_most else self.ratio >= self.bar

    def to_json(self) -> dict[str, object]:
        """One line for machines."""
        plain = {"what": self.what, "unit": self.unit, "ours": round(self.ours, 2), "other": round(self.other, 2)}
        return plain | {"against": self.against, "ratio": round(self.ratio, 3), "bar": self.bar, "holds": self.holds}


def bench_against_rasa(out: Console, *, conversations: int, as_json: bool) -> bool:
    """Measures, prints, and says whether every bar is met. `conversations`: of ours in a round; Rasa holds fewer.

    Raises `InputError` when Rasa's environment is not there.
    """
    home = RasaHome.find()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("starting rasa", total=None)
        rows = list(_rows(home, conversations, lambda what: progress.update(task, description=what)))
    if as_json:
        for row in rows:
            out.file.write(json.dumps(row.to_json(), ensure_ascii=False) + "\n")
    else:
        out.print(_table(rows))
    return all(row.holds for row in rows)


def _rows(home: RasaHome, conversations: int, tell: Tell) -> Iterator[Row]:
    with _silent():
        assistant = assistant_of(home.project)
        with rasa_in_process(home) as rasa:
            yield from _in_process(rasa, assistant, conversations, tell)
        yield from _alone(home, assistant, conversations, tell)
    yield from _durable(home, conversations, tell)


def _in_process(rasa: RasaInProcess, assistant: Assistant, conversations: int, tell: Tell) -> Iterator[Row]:
    """Form and rule turns; Rasa as it is, and without the check of every action's answer that costs it most."""
    form, stock, unchecked = _alternating(
        tell,
        "a turn of a form, in process",
        lambda: turns_per_second(assistant, FORM, conversations),
        lambda: rasa.turns_per_second(FORM, max(2, conversations // 20), checked=True),
        lambda: rasa.turns_per_second(FORM, max(4, conversations // 5), checked=False),
    )
    yield Row("a turn of a form, in process", "turns/s", form, stock, "rasa as it is", form / stock, 100)
    yield Row("the same", "turns/s", form, unchecked, "rasa, its check of answers off", form / unchecked, 15)
    rule, answered = _alternating(
        tell,
        "a rule's answer, in process",
        lambda: turns_per_second(assistant, RULE, conversations),
        lambda: rasa.turns_per_second(RULE, max(4, conversations // 5), checked=True),
    )
    yield Row("a rule's answer, in process", "turns/s", rule, answered, "rasa", rule / answered, 50)


def _alone(home: RasaHome, assistant: Assistant, conversations: int, tell: Tell) -> Iterator[Row]:
    """What must not cost us more: a long conversation, many rules."""
    tell(f"turn {LATE} of a conversation")
    times = statistics.median(growth(assistant, EARLY, LATE, max(5, conversations // 10)) for _ in range(ROUNDS))
    yield Row(f"turn {LATE} of a conversation", "times", times, 1.0, f"turn {EARLY}", times, 1.1, at_most=True)
    with with_more_rules(home.project, MORE_RULES) as project:
        tell(f"{MORE_RULES:,} rules more")
        larger = assistant_of(project)
        few, many = _alternating(
            tell,
            f"{MORE_RULES:,} rules more",
            lambda: turns_per_second(assistant, RULE, conversations),
            lambda: turns_per_second(larger, RULE, conversations),
        )
    yield Row(f"with {MORE_RULES:,} rules more", "turns/s", many, few, "ours without", few / many, 1.1, at_most=True)


def _durable(home: RasaHome, conversations: int, tell: Tell) -> Iterator[Row]:
    """Over HTTP with eight clients; both services run, one of them is asked."""
    tell("starting both services")
    with over_http.ours(home) as mine, over_http.rasas(home) as theirs:
        for service in (mine, theirs):
            over_http.load(service.port, FORM, CLIENTS, CLIENTS)
        rounds = []
        for number in range(3):
            tell(f"durable over HTTP, {CLIENTS} clients, round {number + 1} of 3")
            rounds.append(
                (
                    over_http.load(mine.port, FORM, max(CLIENTS, conversations), CLIENTS),
                    over_http.load(theirs.port, FORM, 2 * CLIENTS, CLIENTS),
                )
            )
    rate, other = (statistics.median(pair[side].rate for pair in rounds) for side in (0, 1))
    slow, other_slow = (statistics.median(pair[side].p99 for pair in rounds) for side in (0, 1))
    yield Row(f"durable over HTTP, {CLIENTS} clients", "turns/s", rate, other, "rasa, SQL tracker", rate / other, 50)
    yield Row("the same, slowest of a hundred", "ms", slow, other_slow, "rasa", other_slow / slow, 40)
    yield Row("start to ready", "s", mine.ready, theirs.ready, "rasa", theirs.ready / mine.ready, 5)
    yield Row(
        "idle memory", "MB", mine.memory, theirs.memory, "rasa with its action server", theirs.memory / mine.memory, 3
    )


def _alternating(tell: Tell, what: str, *ways: Callable[[], float]) -> list[float]:
    """The median of each way's rounds; the first round only warms up."""
    found: list[list[float]] = []
    for number in range(ROUNDS + 1):
        tell(f"{what}, round {number} of {ROUNDS}" if number else f"{what}, warming up")
        found.append([way() for way in ways])
    return [statistics.median(column) for column in zip(*found[1:], strict=True)]


@contextmanager
def _silent() -> Iterator[None]:
    """rasa_sdk writes a line for every slot that has no validation of its own; here that is nobody's mistake."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(level)


def _table(rows: list[Row]) -> Table:
    table = Table("what", "ours", "", "against", "their figure", "ratio", "bar", title="the same project, one run")
    for row in rows:
        sign, colour = ("≤" if row.at_most else "≥"), ("green" if row.holds else "red")
        ratio = f"[{colour}]{_short(row.ratio)}[/]"
        table.add_row(
            row.what, _short(row.ours), row.unit, row.against, _short(row.other), ratio, f"{sign} {row.bar:g}"
        )
    return table


def _short(figure: float) -> str:
    """Three figures that count."""
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"  # noqa: PLR2004
