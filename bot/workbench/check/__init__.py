"""`rightdoor check`: what is wrong with a rule base, each thing with file, line and one concrete family.

Everything that can be refused at load; rows that nobody can reach or that change nothing; ties between leads that no `before:`
settles; promises of `at_least`; careful orders that are none; dangers that relevance hides; the owner's safeguards; cases
decided otherwise; wording that is missing. All over the whole space of facts, by proof (`bot/workbench/proof`), not by samples.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console

from bot.decisions import Policy
from bot.directory import Directory
from bot.errors import RuleFileError, Where
from bot.facts import Lexicon
from bot.places import Gazetteer
from bot.settings import load
from bot.workbench.cases import failing
from bot.workbench.check.careful import careful_orders
from bot.workbench.check.claim import Property
from bot.workbench.check.disclosure import disclosures
from bot.workbench.check.doors import closed_doors
from bot.workbench.check.finding import Finding, Subject
from bot.workbench.check.hidden import no_hidden_dangers
from bot.workbench.check.promises import promises
from bot.workbench.check.rows import idle_rows, unreachable_rows
from bot.workbench.check.safeguards import safeguards, vacuous_safeguards
from bot.workbench.check.ties import no_ties
from bot.workbench.check.unverified import unverified_rows
from bot.workbench.check.wording import missing_wording
from bot.workbench.proof import Space
from bot.workbench.titles import Titles

__all__ = ["Finding", "check_project", "check_rules", "report", "unverified_rows"]


def check_project(project: Path, rules: Path) -> list[Finding]:
    """Everything that is wrong with `rules`, and with the wording and the lexicon of `project` that belong to them."""
    try:
        policy = Policy.load(rules)
        Lexicon.load(project / "data" / "lexicon", policy.vocabulary)
        found = [*check_rules(policy), *missing_wording(policy.vocabulary, project / "data" / "domain" / "facts.yml")]
        return [*found, *_cases(rules, policy), *disclosures(project), *_doors(policy, project)]
    except RuleFileError as error:
        return [Finding("refused", error.where or Where(rules.name), error.message)]


def _doors(policy: Policy, project: Path) -> Iterator[Finding]:
    gazetteer = Gazetteer.open(project / "data" / "divisions")
    national = project / "data" / "directory" / "national.csv"
    services = policy.base.words.labels["services"]
    directory = Directory.open(load(project / "config.yml").directory_folder, national, gazetteer, services)
    yield from closed_doors(policy, directory, gazetteer, Path("data") / "directory" / national.name)


def check_rules(policy: Policy) -> Iterator[Finding]:
    """What is wrong with the rows and facts themselves."""
    for day in periods(policy):
        yield from check_day(policy, day)


def periods(policy: Policy) -> list[date]:
    """The first day of each time in which other rows are in force, from when the first file came into force."""
    begin = {row.valid_from for row in policy.rows}
    after = {row.valid_to + timedelta(days=1) for row in policy.rows if row.valid_to}
    return sorted(day for day in begin | after if policy.in_force(day))


def check_day(policy: Policy, day: date) -> Iterator[Finding]:
    """What is wrong with the rows in force on one day."""
    one, two = Space(policy, day), Space(policy, day, children=2)
    yield from unreachable_rows(one)
    yield from idle_rows(one)
    yield from broken(two, no_ties(two))
    yield from broken(one, of_one_child(one))
    yield from vacuous_safeguards(two)
    yield from broken(two, safeguards(two))


def of_one_child(space: Space) -> Iterator[Property]:
    """The properties for which one child stands for all."""
    yield from promises(space)
    yield from careful_orders(space)
    yield from no_hidden_dangers(space)


def broken(space: Space, properties: Iterable[Property]) -> Iterator[Finding]:
    """What some family breaks, each thing once."""
    seen: set[Subject] = set()
    for one in properties:
        finding = one.finding(space) if one.subject not in seen else None
        if finding is not None:
            seen.add(one.subject)
            yield finding


def _cases(rules: Path, policy: Policy) -> Iterator[Finding]:
    for case, wrong in failing(rules, policy):
        yield Finding("case", case.where, f"{case.name}: {'; '.join(wrong)}", case.sheet.plain())


def report(findings: Iterable[Finding], out: Console, titles: Titles) -> None:
    """The findings, one after another, each with its family in words and the conversation that leads there."""
    findings = tuple(findings)
    for finding in findings:
        out.print(finding.line, markup=False, highlight=False, soft_wrap=True)
        if finding.family:
            out.print(f"    {titles.family(finding.family)}", style="dim", markup=False, highlight=False)
        for step in finding.conversation:
            out.print(f"    {_step(step, titles)}", style="dim", markup=False, highlight=False)
    out.print(f"{len(findings)} found" if findings else "nothing found", style="red" if findings else "green")


def _step(step: Mapping[str, str], titles: Titles) -> str:
    """One line of a conversation."""
    said = titles.answer(step["fact"], step["value"])
    return f"– {titles.question(step['fact'])} – {said}" if step["how"] == "asked" else f"– … {said}"
