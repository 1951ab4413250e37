"""Rows nobody can reach, rows that change nothing, rows that tie."""

from __future__ import annotations

from tests.workbench.check.checking import check, kinds, only
from tests.workbench.plain_rules import Plain, part


def danger() -> Plain:
    """One danger, one row."""
    return Plain().fact("danger").row("A", {"danger": "yes"}, "high", part(act_within="0"))


def test_a_rule_base_in_order_has_nothing_to_find() -> None:
    assert check(danger()) == []


def test_a_row_nobody_can_reach_is_found() -> None:
    plain = danger().fact("calm").row("B", {"danger": "yes", "calm": "yes"}, "emergency")
    plain.facts["never_together"] = [{"danger": "yes", "calm": "yes"}]
    assert only(plain).message == "B: no family can fulfil its conditions"


def test_an_alternative_nobody_can_reach_is_found_by_its_number() -> None:
    plain = danger().fact("calm").row("B", [{"calm": "yes"}, {"danger": "yes", "calm": "yes"}], "emergency")
    plain.facts["never_together"] = [{"danger": "yes", "calm": "yes"}]
    assert only(plain).message == "B: no family can fulfil its conditions no. 2"


def test_a_row_is_reached_by_what_is_only_assumed() -> None:
    plain = danger().fact("hurt", relevant_when=[{"danger": "yes"}], otherwise="no")
    assert check(plain.row("B", {"danger": "no", "hurt": "no"}, "low", part("couple", "school"))) == []


def test_a_row_within_another_changes_nothing() -> None:
    plain = danger().fact("calm").row("B", {"danger": "yes", "calm": "yes"}, "high", part(act_within="1d"))
    finding = only(plain)
    assert (finding.kind, finding.subject) == ("idle", ("B",))
    assert finding.family == {"family": {"danger": "yes", "calm": "yes"}, "children": []}


def test_a_row_that_only_tells_one_more_service_changes_something() -> None:
    plain = danger().fact("calm")
    assert check(plain.row("B", {"danger": "yes", "calm": "yes"}, "high", part(also=["school"], act_within="0"))) == []


def test_a_row_whose_one_addition_is_always_forbidden_changes_nothing() -> None:
    plain = Plain().fact("danger").row("A", {"danger": "yes"}, "high", part(act_within="0"), never=["school"])
    plain.fact("calm").row("B", {"danger": "yes", "calm": "yes"}, "high", part(also=["school"], act_within="0"))
    assert kinds(plain) == [("idle", "B")]


def test_a_row_that_gives_only_a_part_its_risk_changes_something() -> None:
    plain = Plain().fact("danger").fact("calm")
    plain.row("A", {"danger": "yes"}, "emergency", [part("family", "police"), part(act_within="0")])
    plain.row("B", {"calm": "yes"}, "low", part("couple")).row(
        "C", {"calm": "yes", "danger": "yes"}, "high", part("couple")
    )
    assert check(plain) == []


def test_a_row_that_is_followed_more_closely_changes_something() -> None:
    plain = danger().fact("calm")
    assert (
        check(plain.row("B", {"danger": "yes", "calm": "yes"}, "high", part(act_within="0"), follow_up="weekly")) == []
    )


def tied(**more: list[str]) -> Plain:
    """Two rows of equal risk with different leads for the child."""
    return danger().fact("calm").row("B", {"calm": "yes"}, "high", part(lead="school"), **more)


def test_a_tie_is_found_with_a_family_and_the_word_that_settles_it() -> None:
    finding = only(tied())
    assert (finding.kind, finding.subject) == ("tie", ("A", "B"))
    assert finding.family == {"family": {"danger": "yes", "calm": "yes"}, "children": []}
    assert "write 'before: [B]' in A, or the other way round" in finding.message


def test_before_settles_a_tie() -> None:
    assert check(tied(before=["A"])) == []


def test_before_settles_a_tie_over_a_third_row() -> None:
    plain = tied(before=["C"])
    assert check(plain.row("C", {"danger": "no"}, "high", part(lead="school"), before=["A"])) == []


def test_rows_of_other_risk_do_not_tie() -> None:
    plain = danger().fact("calm").row("B", {"calm": "yes"}, "medium", part(lead="school"))
    assert check(plain) == []


def test_rows_with_one_lead_and_another_first_action_tie() -> None:
    plain = danger().fact("calm").row("B", {"calm": "yes"}, "high", part(action="go"))
    assert kinds(plain) == [("tie", "A", "B")]


def test_a_lead_that_is_forbidden_does_not_tie() -> None:
    plain = Plain().fact("danger").fact("calm").row("A", {"danger": "yes"}, "high", never=["school"])
    assert check(plain.row("B", {"calm": "yes"}, "high", [part(lead="school"), part("couple", "police")])) == []


def test_the_rows_of_two_children_tie_over_the_part_for_the_family() -> None:
    plain = Plain().fact("age", "child", ["small", "big"])
    plain.row("A", {"age": "small"}, "high", part("family", "police"))
    finding = only(plain.row("B", {"age": "big"}, "high", part("family", "school")))
    assert (finding.kind, finding.subject) == ("tie", ("A", "B"))
    assert finding.family
    assert sorted(child["age"] for child in finding.family["children"]) == ["big", "small"]


def test_the_rows_of_two_children_do_not_tie_over_each_childs_own_part() -> None:
    plain = Plain().fact("age", "child", ["small", "big"])
    plain.row("A", {"age": "small"}, "high", part(lead="police"))
    assert check(plain.row("B", {"age": "big"}, "high", part(lead="school"))) == []


def test_a_row_that_one_child_opens_is_not_shown_with_two() -> None:
    plain = Plain().fact("alone").fact("who", "child", ["nobody"], relevant_when=[{"alone": "no"}], otherwise="nobody")
    plain.row("A", {"who": "nobody"}, "high", part("family", "police"))
    finding = only(plain.row("B", {"alone": "yes"}, "high", part("family", "school")))
    assert finding.family == {"family": {"alone": "yes"}, "children": []}
