"""The projects that are walked through.

A project of `tests/dialogue/projects` says everything by its files. Any other is an `Entry` in `OTHERS`: where Rasa finds its
parts, how our assistant is made, and which walks are taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue import Assistant, Project
from bot.dialogue.files.places import DOMAIN_PLACES
from tests.dialogue.parity import own
from tests.dialogue.parity.walks import Walk, wild_walks
from tests.dialogue.talking import PROJECTS, assistant_of

Clock = Callable[[], float]
# From how many random walks and a seed to every walk, the scripts included.
Walks = Callable[[int, str], list[Walk]]


@dataclass(frozen=True)
class Entry:
    """One project. `actions` is a file, or a package, whose `ALL` lists action classes; both sides import it.

    `assistant` makes our side, reading the time from the clock it is given.
    """

    name: str
    domain: Path
    data: Path
    config: Path
    actions: Path | None
    assistant: Callable[[Clock], Assistant]
    walks: Walks


def of_folder(folder: Path) -> Entry:
    """A project folder as it is: `config.rightdoor.yml` is read by our side alone, where there is one."""
    own = folder / "config.rightdoor.yml"
    config = own.name if own.exists() else None
    actions = folder / "actions.py"
    return Entry(
        name=folder.name,
        domain=next(folder / place for place in DOMAIN_PLACES if (folder / place).exists()),
        data=folder / "data",
        config=folder / "config.yml",
        actions=actions if actions.exists() else None,
        assistant=lambda clock: assistant_of(folder, clock=clock, config=config),
        walks=lambda count, seed: wild_walks(folder, Project.load(folder, config=config).domain, count, seed),
    )


# Projects that are made in another way.
OTHERS: tuple[Callable[[], Entry], ...] = (
    lambda: Entry("rightdoor", own.DOMAIN, own.DATA, own.CONFIG, own.ACTIONS, own.assistant, own.walks),
)


def entries() -> list[Entry]:
    """Every project, those of the folder first."""
    folders = sorted(path for path in PROJECTS.iterdir() if path.is_dir())
    return [*(of_folder(folder) for folder in folders), *(make() for make in OTHERS)]
