"""Mistakes in follow-up plans, deadlines and the placement ladder are refused with file, line and what is right."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.decisions import Policy, Risk
from bot.errors import RuleFileError

MISTAKES = {
    "a plan without dates": ("vocabulary.yml", ", steps: [{call: 30d}]}", "}", "a follow-up plan has dates"),
    "a plan that repeats for ever": (
        "vocabulary.yml",
        "every: {visit: 90d}, for: 360d",
        "every: {visit: 90d}",
        "belong together",
    ),
    "a contact nobody knows": ("vocabulary.yml", "steps: [{call: 30d}]", "steps: [{cal: 30d}]", "did you mean 'call'"),
    "a contact at once": ("vocabulary.yml", "steps: [{call: 30d}]", "steps: [{call: 0}]", "so not at 0"),
    "a plan of a thousand visits": (
        "vocabulary.yml",
        "every: {visit: 7d}, for: 90d}",
        "every: {visit: 1h}, for: 90d}",
        "contacts in one plan",
    ),
    "more time for what is graver": (
        "deadlines.yml",
        "  high: 30m",
        "  high: 9h",
        "high would have more time than medium",
    ),
    "a service nobody knows": ("deadlines.yml", "    court: {", "    cuort: {", "did you mean 'court'"),
    "a service slower when it is graver": (
        "deadlines.yml",
        "{low: 2d, medium: 1d}",
        "{low: 2d, medium: 3d}",
        "medium would have more time",
    ),
    "a risk without a time": ("deadlines.yml", "  emergency: 5m\n", "", "'emergency' is missing"),
    "a step nobody could take": (
        "placement.yml",
        "tried_first: [support_at_home, kin, adoption]",
        "tried_first: [kin]",
        "must have been tried first",
    ),
    "a step before its own turn": (
        "placement.yml",
        "tried_first: [support_at_home, kin]\n",
        "tried_first: [support_at_home, kin, foster_care]\n",
        "unknown earlier step",
    ),
    "an asker nobody knows": (
        "placement.yml",
        "asked_by: [institution]",
        "asked_by: [instituton]",
        "did you mean 'institution'",
    ),
    "a row that names no step": (
        "situations/adoption.yml",
        "placement: foster_care",
        "placement: foster_car",
        "did you mean 'foster_care'",
    ),
}


@pytest.mark.parametrize(("file", "right", "wrong", "message"), MISTAKES.values(), ids=MISTAKES)
def test_the_author_is_told_what_is_wrong(
    file: str, right: str, wrong: str, message: str, rules: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(rules, tmp_path / "rules")
    text = (folder / file).read_text(encoding="utf-8")
    assert right in text
    (folder / file).write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(RuleFileError, match=message) as refused:
        Policy.load(folder)
    assert refused.value.where is not None
    assert refused.value.where.file == Path("rules") / file


def test_a_plan_is_a_list_of_dates(policy: Policy) -> None:
    plan = policy.base.words.plans["next_day_then_weekly"]
    assert [contact.after.days for contact in plan] == [1, *range(7, 90, 7)]
    assert {contact.how for contact in plan} == {"visit"}


def test_plans_stand_from_the_lightest_to_the_closest(policy: Policy) -> None:
    contacts = [len(plan) for plan in policy.base.words.plans.values()]
    assert contacts[0] == min(contacts)
    assert contacts[-1] == max(contacts)


def test_a_service_acknowledges_in_its_own_time_where_it_has_one(policy: Policy) -> None:
    limits = policy.deadlines
    assert limits.acknowledged_within(Risk.MEDIUM, "court") == timedelta(days=1)
    assert limits.acknowledged_within(Risk.MEDIUM, "village_worker") == limits.acknowledge[Risk.MEDIUM]


def test_an_institution_is_the_last_step_and_parents_cannot_ask_for_foster_care(policy: Policy) -> None:
    ladder = policy.base.placement
    assert [step.name for step in ladder.ladder] == ["adoption", "foster_care", "family_residence", "institution"]
    assert ladder.may_ask("both_parents") == ("adoption",)
    assert ladder.transfer.enters == "prefecture_institution"
