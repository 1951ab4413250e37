"""The owner's safeguards: every kind of claim, held and broken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.errors import RuleFileError
from tests.workbench.check.checking import check, kinds, load, only
from tests.workbench.plain_rules import Plain, part, yes_no


def ruled() -> Plain:
    """A danger that the police leads, a worry that the village worker looks after."""
    plain = Plain().fact("danger").fact("worry").fact("age", "child", ["small", "big"])
    plain.row(
        "A",
        {"danger": "yes"},
        "emergency",
        part("family", "police", "go", also=["county_centre"], act_within="0"),
        never=["mediation"],
    )
    return plain.row("B", {"worry": "yes"}, "low", [part(act_within="3d"), part("couple", "mediation", "listen")])


HELD: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"danger": "yes"}, {"always": {"risk": "emergency"}}),
    ({"danger": "yes"}, {"always": {"row": "A"}}),
    ({"danger": "yes"}, {"always": {"row": ["A", "B"]}}),
    ({"danger": "yes"}, {"always": {"for": "family", "lead": "police"}}),
    ({"danger": "yes"}, {"always": {"for": "family", "told": ["police", "county_centre"]}}),
    ({"danger": "yes"}, {"always": {"forbidden": "mediation"}}),
    ({"danger": "yes"}, {"always": {"within": "0"}}),
    ({"danger": "yes"}, {"always": {"card": "next_reply"}}),
    ({"danger": "yes"}, {"never": {"service": "mediation"}}),
    ({"danger": "yes"}, {"never": {"for": "family", "lead": "mediation"}}),
    ({"danger": "no", "worry": "yes"}, {"never": {"row": "A"}}),
    ({"danger": "yes"}, {"never": {"for": "family", "first_action": "visit"}}),
    ({"worry": "yes"}, {"always": {"for": "child", "within": "3d"}}),
]  # fmt: skip
BROKEN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"worry": "yes"}, {"always": {"risk": "medium"}}),
    ({"worry": "yes"}, {"always": {"row": "A"}}),
    ({"worry": "yes"}, {"always": {"lead": "police"}}),
    ({"danger": "yes"}, {"always": {"for": "child", "lead": "police"}}),
    ({"danger": "yes"}, {"always": {"for": "family", "told": ["police", "school"]}}),
    ({"worry": "yes"}, {"always": {"forbidden": "mediation"}}),
    ({"worry": "yes"}, {"always": {"within": "2d"}}),
    ({"worry": "yes"}, {"always": {"card": "next_reply"}}),
    ({"worry": "yes"}, {"never": {"service": "mediation"}}),
    ({"worry": "yes"}, {"never": {"for": "couple", "lead": "mediation"}}),
    ({"worry": "yes"}, {"never": {"row": "A"}}),
    ({"worry": "yes"}, {"never": {"first_action": "listen"}}),
    ({"danger": "yes"}, {"never": {"for": "family", "service": "county_centre"}}),
]  # fmt: skip


@pytest.mark.parametrize(("whenever", "says"), HELD)
def test_a_safeguard_that_holds_is_proved(whenever: dict[str, Any], says: dict[str, Any]) -> None:
    assert check(ruled().guard("safe", whenever=whenever, **says)) == []


@pytest.mark.parametrize(("whenever", "says"), BROKEN)
def test_a_safeguard_that_fails_is_found_with_a_family(whenever: dict[str, Any], says: dict[str, Any]) -> None:
    finding = only(ruled().guard("safe", whenever=whenever, **says))
    assert (finding.kind, finding.subject[0]) == ("safeguard", "safe")
    assert finding.family
    assert finding.family["family"].items() >= whenever.items()


def test_what_never_forbids_is_told_to_nobody_of_any_child() -> None:
    plain = Plain().fact("age", "child", ["small", "big"])
    plain.row("A", {"age": "small"}, "high", part(also=["school"])).row(
        "B", {"age": "big"}, "low", part(lead="police"), never=["school"]
    )
    plain.guard("school_knows", whenever={"age": "small"}, always={"for": "child", "told": "school"})
    family = only(plain).family
    assert family
    assert sorted(child["age"] for child in family["children"]) == ["big", "small"]


def test_a_claim_for_the_child_is_not_met_by_another_childs_part() -> None:
    plain = Plain().fact("age", "child", ["small", "big"]).row("A", {"age": "small"}, "high")
    plain.row("B", {"age": "big"}, "low", part(lead="police"), never=["village_worker"])
    leads = ["village_worker", "police"]
    plain.guard("led", whenever={"age": "small"}, always={"for": "child", "lead": leads})
    finding = only(plain)
    assert finding.family
    assert sorted(child["age"] for child in finding.family["children"]) == ["big", "small"]
    decision = load(plain).decide(finding.shown_by.sheet(), date(2026, 11, 1)) if finding.shown_by else None
    assert decision
    assert sorted(one.lead for one in decision.parts) == ["operator", "police"]


def test_when_every_lead_is_forbidden_the_operator_leads_with_what_the_gravest_row_does_first() -> None:
    plain = (
        Plain()
        .fact("danger")
        .fact("worry")
        .row("A", {"danger": "yes"}, "high", part(action="go"), never=["village_worker"])
    )
    plain.guard("operator_leads", whenever={"danger": "yes"}, always={"for": "child", "lead": "operator"})
    assert check(plain) == []
    plain.guard("nobody_goes", whenever={"danger": "yes"}, never={"first_action": "go"})
    assert kinds(plain) == [("safeguard", "nobody_goes", "never", "first_action", "go", "")]


def test_when_no_row_holds_the_operator_leads_for_whoever_called() -> None:
    plain = ruled().guard("somebody", whenever={"danger": "no"}, always={"for": "caller", "lead": "operator"})
    assert kinds(plain) == [("safeguard", "somebody", "always", "lead", "operator", "caller")]
    family = only(plain).family
    assert family
    assert "worry" in family["family"]
    nobody = ruled().guard("nobody", whenever={"danger": "no"}, never={"service": "operator"})
    assert kinds(nobody) == [("safeguard", "nobody", "never", "service", "operator", "")]
    listens = ruled().guard("nobody", whenever={"danger": "no"}, never={"for": "caller", "first_action": "listen"})
    assert kinds(listens) == [("safeguard", "nobody", "never", "first_action", "listen", "caller")]


def test_a_safeguard_about_the_end_speaks_of_completed_interviews_only() -> None:
    gated = {"relevant_when": [{"danger": "yes"}], "otherwise": "no"}
    plain = Plain().fact("danger").fact("hurt", **gated)
    plain.row("A", {"danger": "yes", "hurt": ["yes", "no", "unknown", "refused"]}, "high")
    plain.guard("at_the_end", whenever={"danger": "yes"}, always={"risk": "high"}, at_the_end="true")
    assert check(plain) == []
    plain.guard("at_once", whenever={"danger": "yes"}, always={"risk": "high"})
    assert only(plain).family == {"family": {"danger": "yes"}, "children": []}


def test_a_safeguard_about_nobody_is_found() -> None:
    plain = ruled().guard("safe", whenever={"danger": "yes", "worry": "yes"}, always={"risk": "emergency"})
    plain.facts["never_together"] = [{"danger": "yes", "worry": "yes"}]
    finding = only(plain)
    assert (finding.kind, finding.message) == ("vacuous", "safe: no family can be like that, so it says nothing")


def test_moving_up_a_careful_order_may_be_guarded() -> None:
    plain = Plain().fact("age", "child", ["big", "small"], worse=[["big", "small"]]).row("A", {"age": "small"}, "high")
    plain.guard("younger", moving="age", never_lowers=["risk", "time"])
    assert check(plain) == []


def test_moving_up_a_careful_order_that_makes_it_look_better_breaks_the_safeguard_as_well() -> None:
    plain = Plain().fact("danger", **yes_no()).row("A", {"danger": "unknown"}, "high", part("couple"))
    plain.guard("danger_up", moving="danger", never_lowers="risk")
    assert kinds(plain) == [
        ("careful", "danger", "unknown", "yes", "risk"),
        ("safeguard", "danger_up", "unknown", "yes", "risk"),
    ]


@pytest.mark.parametrize(
    ("says", "message"),
    [
        ({"whenever": {"danger": "yes"}, "always": {"risk": "none"}}, "a safeguard that cannot fail: every risk is at least none"),
        ({"whenever": {"danger": "yes"}}, "'whenever' needs 'always' or 'never'"),
        ({"whenever": {"danger": "yes"}, "always": {"for": "child"}}, "at least one thing is expected here"),
        ({"whenever": {}, "always": {"risk": "high"}}, "at least one condition is expected here"),
        ({"moving": "worry", "never_lowers": "risk"}, "worry has no careful order"),
        ({"whenever": {"danger": "yes"}, "always": {"row": "C"}}, "unknown row 'C'"),
        ({"whenever": {"danger": "yes"}, "never": {"risk": "high"}}, "unknown key 'risk'"),
    ],
)  # fmt: skip
def test_a_safeguard_that_cannot_fail_or_says_nothing_is_refused(says: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleFileError, match=r"safeguards.yml:2: ") as refused:
        load(ruled().guard("safe", **says))
    assert message in str(refused.value)
