"""`rightdoor book`: the whole policy as one document that a lawyer can read, print and send on; no script, no other file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.workbench.book.contents import Contents
from bot.workbench.book.pages import rendered
from bot.workbench.check import check_project

__all__ = ["FILE", "Contents", "book", "rendered"]

FILE = "index.html"


def book(project: Path, rules: Path, today: date) -> str:
    """The book of a rule base, with what `check` finds in it. Raises `RuleFileError` for one that cannot be read."""
    return rendered(Contents.gather(project, rules, check_project(project, rules), today))
