"""Proposed cases as an entry of `rules/situations/*.cases.yml`, with the file it belongs to and what it would notice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.decisions import Policy
from bot.workbench.mutants.proposal import OF_PARTS, Proposal, Proposals
from bot.workbench.oneline import list_text, table_text
from bot.workbench.titles import Titles


def text(proposals: Proposals, policy: Policy, titles: Titles, language: str) -> str:
    """All of them, by file, ready to paste; survivors for which none was found are told at the end, as comments."""
    lines: list[str] = []
    of: dict[str, list[Proposal]] = {}
    for one in proposals.cases:
        of.setdefault(_file(one, policy), []).append(one)
    for file, some in sorted(of.items()):
        lines += [f"# {file}", *(line for one in some for line in entry(one, policy, titles, language)), ""]
    for left in proposals.left:
        lines.append(f"# no case was found that shows this: {left.mutant.where}: {left.mutant.said}")
    return "\n".join(lines)


def entry(one: Proposal, policy: Policy, titles: Titles, language: str) -> Iterator[str]:
    """The lines of one case."""
    case, plain = one.case, one.case.sheet.plain()
    yield f"# would notice: {'; '.join(mutant.said for mutant in one.mutants)}"
    yield f"- case: {json.dumps(_sentence(one, policy, titles, language), ensure_ascii=False)}"
    if plain["family"]:
        yield f"  family: {table_text(plain['family'])}"
    if plain["children"]:
        yield f"  children: [{', '.join(map(table_text, plain['children']))}]"
    yield f"  rows: {list_text(one.decision.rows)}"
    yield f"  risk: {case.risk}"
    for key in ("leads", *OF_PARTS):
        said = {whom: expected[key] for whom, expected in case.parts.items() if key in expected}
        if said:
            yield f"  {key}: {table_text({whom: _words(value) for whom, value in said.items()})}"
    if case.follow_up:
        yield f"  follow_up: {case.follow_up}"
    if case.never is not None:
        yield f"  never: {list_text(sorted(case.never))}"
    if case.asks:
        yield f"  asks: {case.asks}"


def _sentence(one: Proposal, policy: Policy, titles: Titles, language: str) -> str:
    """The gravest row's title and the family's answers."""
    row = next((row for row in policy.rows if row.id in one.decision.rows[:1]), None)
    title = row.title[language] if row else {"zh": "没有哪一行适用", "en": "No row holds"}[language]
    family = _family(one, titles)
    return f"{title}: {family}" if family else title


def _family(one: Proposal, titles: Titles) -> str:
    """The answers as buttons say them; what several buttons say alike stands after its question."""
    plain, often = one.case.sheet.plain(), Counter(titles.answers.values())
    sheets = (plain["family"], *plain["children"])
    return " | ".join("; ".join(_answer(f, v, titles, often) for f, v in sheet.items()) for sheet in sheets if sheet)


def _answer(fact: str, value: str, titles: Titles, often: Mapping[str, int]) -> str:
    said = titles.answer(fact, value)
    return f"{titles.question(fact)} – {said}" if often.get(said, 0) > 1 else said


def _file(one: Proposal, policy: Policy) -> str:
    """The cases beside the table of the first row it is about."""
    about = one.mutants[0]
    uses = (row for row in policy.rows if any(about.fact in conditions for conditions in row.when))
    row = about.row or next(uses, policy.rows[0])
    return str(Path(row.where.file).with_suffix(".cases.yml"))


def _words(value: str | frozenset[str]) -> str:
    return value if isinstance(value, str) else list_text(sorted(value))
