"""`rightdoor data validate --project DIR`: what is wrong, what is doubtful, what would be left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.dialogue import Project
from bot.errors import ProjectFileError
from bot.rasa.host import CACHE, Choice, actions_of
from bot.workbench.project.stories import read_stories, story_files

PLACE = re.compile(r"(?P<file>[^\s:][^:\n]*?):(?:(?P<line>\d+):)? (?P<what>.*)", re.DOTALL)
STYLES = {"error": "red", "warning": "yellow", "skipped": "dim"}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing about a project. `kind` is error, warning or skipped."""

    kind: str
    file: str
    line: int | None
    what: str

    def to_json(self) -> dict[str, object]:
        """`{"kind", "file", "line", "what"}`."""
        return {"kind": self.kind, "file": self.file, "line": self.line, "what": self.what}


def validate(folder: Path, *, ignore_unsupported: bool) -> list[Remark]:
    """Everything there is to say about a project: its files, its actions, its test stories."""
    remarks: list[Remark] = []
    try:
        project = Project.load(folder, ignore_unsupported=ignore_unsupported, cache=folder / CACHE)
    except ProjectFileError as error:
        return list(_errors(error))
    remarks += [Remark("warning", str(one.where.file), one.where.line, one.what) for one in project.warnings]
    remarks += [Remark("skipped", str(one.where.file), one.where.line, one.what) for one in project.skipped]
    if story_files(folder):
        remarks += _tried(lambda: read_stories(folder, project))
    return [*remarks, *_tried(lambda: actions_of(Choice(folder)))]


def _tried(work: Callable[[], object]) -> list[Remark]:
    try:
        work()
    except ProjectFileError as error:
        return list(_errors(error))
    return []


def _errors(error: ProjectFileError) -> Iterator[Remark]:
    """An error that tells several mistakes tells one a line, each with its place."""
    for line in str(error).splitlines():
        found = PLACE.fullmatch(line)
        if found:
            yield Remark("error", found["file"], int(found["line"]) if found["line"] else None, found["what"])
        else:
            yield Remark("error", "", None, line)


def show(remarks: list[Remark], out: Console) -> None:
    """A table, one remark a row; or that there is nothing to say."""
    if not remarks:
        out.print("nothing to remark", style="green")
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    for column in ("kind", "where"):
        table.add_column(column, no_wrap=True)
    table.add_column("what", overflow="fold")
    for remark in remarks:
        where = remark.file + (f":{remark.line}" if remark.line else "")
        table.add_row(remark.kind, where, remark.what, style=STYLES[remark.kind])
    out.print(table, markup=False, highlight=False)
