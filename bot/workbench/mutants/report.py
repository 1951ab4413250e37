"""The table of mutants: how many of each kind, who notices them, and what is left."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.workbench.mutants.kinds import KINDS
from bot.workbench.mutants.noticing import CASES, CHECKS, LOAD, SAFEGUARDS
from bot.workbench.mutants.trial import Verdict
from bot.workbench.titles import Titles

COLUMNS = ("tried", LOAD, CHECKS, SAFEGUARDS, CASES, "survive", "equivalent", "real survivors")


def show(verdicts: Sequence[Verdict], out: Console, titles: Titles) -> None:
    """The table, then every real survivor with a family that it decides differently."""
    out.print(table(verdicts))
    for one in verdicts:
        if one.real:
            out.print(f"{one.mutant.where}: {one.mutant.said}", markup=False, highlight=False, soft_wrap=True)
            out.print(f"    {_family(one, titles)}", style="dim", markup=False, highlight=False, soft_wrap=True)


def table(verdicts: Sequence[Verdict]) -> Table:
    """The numbers, a line for every kind of mutant."""
    numbers = Table(title="noticed by (each asked on its own)", title_justify="left")
    numbers.add_column("mutant")
    for column in COLUMNS:
        numbers.add_column(column, justify="right")
    for kind, row in counts(verdicts):
        numbers.add_row(kind, *map(str, row), style="bold" if kind == "all" else "")
    return numbers


def counts(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, list[int]]]:
    """For each kind, and for all: the numbers of `COLUMNS`."""
    for kind in KINDS:
        yield kind, _numbers([one for one in verdicts if one.mutant.kind == kind])
    yield "all", _numbers(verdicts)


def _numbers(some: Sequence[Verdict]) -> list[int]:
    noticed = [sum(by in one.noticed for one in some) for by in (LOAD, CHECKS, SAFEGUARDS, CASES)]
    survive, real = sum(one.survives for one in some), sum(one.real for one in some)
    return [len(some), *noticed, survive, survive - real, real]


def to_json(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """`[{"kind", "mutant", "file", "line", "noticed", "equivalent", "family"}]`; `equivalent` is null unless it survives."""
    return [
        {
            "kind": one.mutant.kind,
            "mutant": one.mutant.said,
            "file": str(one.mutant.where.file),
            "line": one.mutant.where.line,
            "noticed": sorted(one.noticed),
            "equivalent": one.difference is None if one.survives else None,
            "family": one.difference.family.plain() if one.difference else None,
        }
        for one in verdicts
    ]


def _family(one: Verdict, titles: Titles) -> str:
    if one.difference is None:
        return ""
    plain, unasked = one.difference.family.plain(), one.difference.unasked
    said = f"{titles.family(plain)} {json.dumps(plain, ensure_ascii=False)}"
    return f"{said}, before {titles.question(unasked[0])}" if unasked else said
