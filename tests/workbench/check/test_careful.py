"""Promises, careful orders, and dangers that relevance hides."""

from __future__ import annotations

from tests.workbench.check.checking import check, kinds, only
from tests.workbench.plain_rules import Plain, part, yes_no


def test_a_promise_that_a_row_keeps_is_kept() -> None:
    plain = Plain().fact("danger", at_least={"yes": "high"}).row("A", {"danger": "yes"}, "high")
    assert check(plain) == []


def test_a_promise_that_no_row_keeps_is_found_with_the_risk_it_has() -> None:
    plain = Plain().fact("danger", at_least={"yes": "high"}).row("A", {"danger": "yes"}, "medium")
    finding = only(plain)
    assert (finding.kind, finding.subject) == ("at_least", ("danger", "yes"))
    assert finding.message == "danger: yes promises at least high, this family has medium"
    assert finding.family == {"family": {"danger": "yes"}, "children": []}


def test_a_promise_that_a_condition_too_many_breaks_is_found_with_the_value_alone() -> None:
    plain = Plain().fact("danger", at_least={"yes": "high"}).fact("hurt")
    finding = only(plain.row("A", {"danger": "yes", "hurt": "yes"}, "high"))
    assert finding.family == {"family": {"danger": "yes"}, "children": []}


def test_an_answer_told_though_irrelevant_keeps_its_promise_too() -> None:
    hurt = {"relevant_when": [{"danger": "yes"}], "otherwise": "no", "at_least": {"yes": "high"}}
    plain = Plain().fact("danger").fact("hurt", **hurt).row("A", {"danger": "yes", "hurt": "yes"}, "high")
    assert kinds(plain) == [("at_least", "hurt", "yes")]


def test_an_answer_that_is_worse_may_not_lower_the_risk() -> None:
    plain = Plain().fact("danger", **yes_no()).row("A", {"danger": "unknown"}, "high", part("couple"))
    plain.row("B", {"danger": "yes"}, "medium", part("couple"))
    finding = only(plain)
    assert (finding.kind, finding.subject) == ("careful", ("danger", "unknown", "yes", "risk"))
    assert finding.message == "danger: moving it from unknown to yes lowers the risk of this family"
    assert finding.shown_by
    assert finding.shown_by.beside
    assert finding.shown_by.beside.answers == {("danger", None): "yes"}


def test_an_answer_that_is_worse_may_not_give_anybody_longer() -> None:
    plain = Plain().fact("danger", **yes_no())
    plain.row("A", {"danger": "refused"}, "high", part(act_within="1d"))
    plain.row("B", {"danger": "yes"}, "high", part(act_within="3d"))
    assert kinds(plain) == [("careful", "danger", "refused", "yes", "time")]


def test_a_part_without_a_limit_is_longer_than_any() -> None:
    plain = Plain().fact("danger", **yes_no())
    plain.row("A", {"danger": "refused"}, "high", part(act_within="9d")).row("B", {"danger": "yes"}, "high", part())
    assert kinds(plain) == [("careful", "danger", "refused", "yes", "time")]


def test_somebody_else_may_come_instead_if_not_later() -> None:
    plain = Plain().fact("danger", **yes_no())
    plain.row("A", {"danger": "refused"}, "high", part(act_within="1d"))
    assert check(plain.row("B", {"danger": "yes"}, "high", part("couple", act_within="1d"))) == []


def test_the_soonest_of_all_may_not_be_later() -> None:
    plain = Plain().fact("danger", **yes_no())
    plain.row("A", {"danger": "refused"}, "high", part(act_within="1d"))
    plain.row("B", {"danger": "yes"}, "high", part("couple", act_within="2d"))
    assert kinds(plain) == [("careful", "danger", "refused", "yes", "time")]


def test_telling_something_may_not_be_worse_than_saying_nothing() -> None:
    """While the fact is open a row holds that only an answer ends: the assumption is graver than the answer."""
    hurt = {"relevant_when": [{"danger": "yes"}], "otherwise": "unknown", **yes_no()}
    plain = Plain().fact("danger").fact("hurt", **hurt).row("A", {"hurt": "unknown"}, "high", part("couple"))
    assert kinds(plain) == [("careful", "hurt", "", "yes", "risk"), ("careful", "hurt", "unknown", "yes", "risk")]


def test_an_answer_no_worse_than_what_is_assumed_is_no_step() -> None:
    hurt = {"relevant_when": [{"danger": "yes"}], "otherwise": "yes", **yes_no()}
    plain = Plain().fact("danger").fact("hurt", **hurt)
    assert check(plain.row("A", {"hurt": "yes"}, "high", part("couple"))) == []


def test_what_is_asked_in_consequence_may_be_answered_in_any_way() -> None:
    """A danger opens a question, and one of its answers ends the row that held while it was assumed."""
    hurt = {"relevant_when": [{"danger": "yes"}], "otherwise": "no"}
    plain = Plain().fact("danger", **yes_no()).fact("hurt", **hurt)
    plain.row("A", {"hurt": "no"}, "high", part("couple")).row("B", {"danger": "yes"}, "medium", part("couple"))
    subjects = [kind for kind in kinds(plain) if kind[-1] == "risk"]
    assert ("careful", "danger", "unknown", "yes", "risk") in subjects
    finding = next(f for f in check(plain) if f.subject == ("danger", "unknown", "yes", "risk"))
    assert finding.shown_by
    assert finding.shown_by.beside
    assert finding.family == {"family": {"danger": "unknown"}, "children": []}
    assert finding.shown_by.beside.answers[("hurt", None)] != "no"


def test_a_danger_that_is_always_asked_is_never_hidden() -> None:
    assert check(Plain().fact("danger").row("A", {"danger": "yes"}, "high")) == []


def hidden(**more: object) -> Plain:
    """A hurt that is asked only of those who speak of danger."""
    plain = Plain().fact("danger").fact("violence")
    plain.fact("hurt", relevant_when=[{"danger": "yes"}], otherwise="no", **more)
    return plain.row("A", {"hurt": "yes"}, "high", part("couple"))


def test_a_danger_that_nothing_points_to_is_not_found_by_magic() -> None:
    assert check(hidden()) == []


def test_a_signal_that_also_opens_the_question_hides_nothing() -> None:
    assert check(hidden(mentioned_by=[{"danger": "yes"}])) == []


def test_a_signal_that_does_not_open_the_question_hides_a_danger() -> None:
    finding = only(hidden(mentioned_by=[{"violence": "yes"}]))
    assert (finding.kind, finding.subject) == ("hidden", ("A", "0"))
    assert finding.message == "A holds and was mentioned, but hurt is never asked"
    assert finding.family
    assert finding.family["family"]["violence"] == "yes"
    assert finding.shown_by
    assert finding.shown_by.beside
    assert finding.shown_by.beside.answers[("hurt", None)] == "yes"


def test_a_signal_hides_nothing_if_another_row_is_as_grave() -> None:
    plain = hidden(mentioned_by=[{"violence": "yes"}])
    assert check(plain.row("B", {"violence": "yes"}, "high", part("caller"))) == []


def test_a_signal_counts_only_if_it_shows_itself() -> None:
    plain = Plain().fact("danger")
    plain.fact("violence", relevant_when=[{"danger": "yes"}], otherwise="no")
    plain.fact("hurt", relevant_when=[{"danger": "unknown"}], otherwise="no", mentioned_by=[{"violence": "yes"}])
    assert check(plain.row("A", {"hurt": "yes"}, "high", part("couple"))) == []


def test_a_cue_opens_the_question_and_so_hides_nothing() -> None:
    assert check(hidden(mentioned_by=[{"cue": "hurt"}])) == []


def test_every_alternative_of_a_row_is_looked_at() -> None:
    plain = Plain().fact("danger").fact("violence")
    plain.fact("hurt", relevant_when=[{"danger": "yes"}], otherwise="no", mentioned_by=[{"violence": "yes"}])
    plain.row("A", [{"danger": "yes"}, {"hurt": "yes"}], "high", part("couple"))
    assert kinds(plain) == [("hidden", "A", "1")]
