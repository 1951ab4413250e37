"""`make parity`: walks through every project, by real rasa 3.6.21 and by our engine, compared turn by turn.

    python -m tests.dialogue.parity [--walks 2000] [--service 20] [--seed 1] [--show 5] [--record WALKS] [PROJECT…]

Then the whole service on both engines: ours, and a Rasa server with an action server (service.py). `service` as a project is
that alone.

Exits with 1 when a turn differs in a way that deviations.yml does not declare. `--record` writes golden transcripts instead.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from queue import Queue
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.dialogue.parity.comparing import declared, differences, explained
from tests.dialogue.parity.entries import Entry, entries
from tests.dialogue.parity.ours import Walker
from tests.dialogue.parity.real import NoRasa, job, recorded
from tests.dialogue.parity.service import compare
from tests.dialogue.parity.walks import Walk, walks

GOLDEN = Path(__file__).parents[1] / "golden"
PROCESSES = 2
Line = dict[str, Any]


@dataclass
class Tally:
    """What came of one project."""

    walks: int = 0
    turns: int = 0
    equal: int = 0
    after: int = 0
    deviating: Counter[str] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)


def main() -> None:
    """The command."""
    asked = _arguments()
    logging.disable(logging.WARNING)  # rasa_sdk says of every slot that nobody validates it
    chosen = [entry for entry in entries() if not asked.projects or entry.name in asked.projects]
    if asked.record is not None:
        chosen = [entry for entry in chosen if (entry.config.parent / "says.json").exists()]
    console = Console()
    try:
        if asked.record is not None:
            _write_golden(chosen, asked.record, console)
        else:
            alone = asked.projects == ["service"]
            found = 0 if alone else _compare(chosen, asked, console)
            sys.exit(max(found, 0 if asked.projects and not alone else _compare_service(asked, console)))
    except NoRasa as error:
        console.print(str(error))
        sys.exit(2)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="parity", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("projects", nargs="*")
    parser.add_argument("--walks", type=int, default=2000, help="random walks over all projects together")
    parser.add_argument(
        "--service", type=int, default=20, help="people who tap at random, in the service on a Rasa server"
    )
    parser.add_argument("--seed", default="1")
    parser.add_argument("--show", type=int, default=5, help="how many differences are told of each project")
    parser.add_argument(
        "--record", type=int, metavar="WALKS", help="write golden transcripts with so many random walks"
    )
    return parser.parse_args()


# --- comparing ------------------------------------------------------------------------------------------------------


def _compare(chosen: Sequence[Entry], asked: argparse.Namespace, console: Console) -> int:
    count = -(-asked.walks // len(chosen))
    planned = {entry.name: entry.walks(count, asked.seed) for entry in chosen}
    walkers = {entry.name: Walker(entry.assistant) for entry in chosen}
    tallies = {entry.name: Tally() for entry in chosen}
    version = "?"
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("walks", total=sum(map(len, planned.values())))
        for line in _lines([job(entry, planned[entry.name]) for entry in chosen]):
            version = line.get("rasa", version)
            if "project" in line:
                _take(line, walkers[line["project"]], tallies[line["project"]])
                progress.advance(bar)
    _report(tallies, version, asked.show, console)
    complete = all(tally.walks == len(planned[name]) for name, tally in tallies.items())
    return 0 if complete and not any(tally.differing for tally in tallies.values()) else 1


def _compare_service(asked: argparse.Namespace, console: Console) -> int:
    """The service with a Rasa server as its engine beside the service with ours."""
    with Progress(console=console, transient=True) as progress:
        found = compare(asked.service, asked.seed, progress)
    for told in found.differing[: asked.show]:
        console.print(f"\n{told}", markup=False, highlight=False)
    console.print(f"the service on both engines: {found.equal} of {found.turns} turns equal")
    return 1 if found.differing else 0


def _take(line: Line, walker: Walker, tally: Tally) -> None:
    """Compares one walk; it ends where more than words differ, because what follows is only the consequence."""
    if "refused" in line:
        tally.differing.append(f"Rasa: {line['refused']}")
        return
    tally.walks += 1
    walker.begin(f"walk-{tally.walks}")
    turns = line["turns"]
    for number, rasa in enumerate(turns):
        ours = walker.turn(rasa["user"], rasa.get("wait", 0))
        parts = differences(rasa, ours)
        tally.turns += 1
        if not parts:
            tally.equal += 1
            continue
        assert walker.outcome is not None
        if why := explained(rasa, ours, walker.outcome):
            tally.deviating[why] += 1
            if parts == ["replies"]:
                continue
        else:
            tally.differing.append(_told(turns[: number + 1], parts, rasa, ours))
        tally.after += len(turns) - number - 1
        return


def _told(turns: Sequence[Line], parts: Sequence[str], rasa: Line, ours: Line) -> str:
    said = [turn["user"] if "wait" not in turn else [turn["wait"], turn["user"]] for turn in turns]
    lines = [f"said  {json.dumps(said, ensure_ascii=False)}"]
    for part in parts:
        lines += [
            f"{who:5} {part}: {json.dumps(side[part], ensure_ascii=False)}"
            for who, side in (("rasa", rasa), ("ours", ours))
        ]
    return "\n".join(lines)


def _report(tallies: dict[str, Tally], version: str, show: int, console: Console) -> None:
    for name, tally in tallies.items():
        for told in tally.differing[:show]:
            console.print(f"\n{name}\n{told}", markup=False, highlight=False)
    table = Table(
        "project", *(f"{head}" for head in ("walks", "turns", "equal", "deviating", "differing", "after that"))
    )
    for name, tally in tallies.items():
        figures = (tally.walks, tally.turns, tally.equal, tally.deviating.total(), len(tally.differing), tally.after)
        table.add_row(name, *map(str, figures))
    console.print(table)
    reasons = Table("deviation", "turns", "reason")
    found = sum((tally.deviating for tally in tallies.values()), Counter())
    for deviation in declared():
        reasons.add_row(deviation.id, str(found[deviation.id]), deviation.reason)
    console.print(reasons)
    every, equal = (sum(getattr(tally, what) for tally in tallies.values()) for what in ("turns", "equal"))
    differing = sum(len(tally.differing) for tally in tallies.values())
    console.print(
        f"rasa {version}: {equal} of {every} turns equal, {found.total()} deviate as declared, {differing} differ"
    )


# --- Rasa -----------------------------------------------------------------------------------------------------------


def _lines(jobs: Sequence[Line]) -> Iterator[Line]:
    """What all recorders write, as it comes; two work side by side."""
    shares = [share for share in (jobs[number::PROCESSES] for number in range(PROCESSES)) if share]
    queue: Queue[Line | Exception | None] = Queue()
    for share in shares:
        threading.Thread(target=_pump, args=(share, queue), daemon=True).start()
    running = len(shares)
    while running:
        line = queue.get()
        if isinstance(line, Exception):
            raise line
        if line is None:
            running -= 1
        else:
            yield line


def _pump(share: Sequence[Line], queue: Queue[Line | Exception | None]) -> None:
    try:
        for line in recorded(share):
            queue.put(line)
    except Exception as error:
        queue.put(error)
    queue.put(None)


# --- golden transcripts ---------------------------------------------------------------------------------------------


def _write_golden(chosen: Sequence[Entry], count: int, console: Console) -> None:
    told: dict[str, list[list[Line]]] = {entry.name: [] for entry in chosen}
    version = "?"
    for line in _lines([job(entry, _golden_walks(entry, count)) for entry in chosen]):
        version = line.get("rasa", version)
        if "refused" in line:
            console.print(f"{line['project']}: {line['refused']}", markup=False)
        elif "project" in line:
            told[line["project"]].append(line["turns"])
    for name, conversations in told.items():
        if conversations:
            (GOLDEN / f"{name}.json").write_text(_as_lines(version, conversations), encoding="utf-8")
            console.print(f"{name}: {sum(map(len, conversations))} turns")


def _golden_walks(entry: Entry, count: int) -> list[Walk]:
    return walks(entry.config.parent, count)


def _as_lines(version: str, conversations: Sequence[Sequence[Line]]) -> str:
    """One turn a line, so that a change shows as one."""
    head = json.dumps({"rasa": version, "recorded": str(date.today())})[:-1]
    told = [
        "[\n" + ",\n".join(json.dumps(turn, ensure_ascii=False) for turn in turns) + "\n]" for turns in conversations
    ]
    return head + ', "conversations": [\n' + ",\n".join(told) + "\n]}\n"


if __name__ == "__main__":
    main()
