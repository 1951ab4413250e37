"""Rows by dates, and rule bases too large or too odd to be checked by anybody."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.decisions import Policy
from bot.errors import RuleFileError
from bot.workbench.check import periods
from tests.workbench.check.checking import check, load
from tests.workbench.plain_rules import Plain, part


def rewritten(first_until: str, then_from: str, then_risk: str = "emergency") -> Plain:
    """A row, and the same row written anew."""
    plain = Plain().fact("danger", at_least={"yes": "high"})
    plain.row("A", {"danger": "yes"}, "high", valid_from="2026-11-01", valid_to=first_until)
    return plain.row("A", {"danger": "yes"}, then_risk, valid_from=then_from)


def test_a_row_may_be_written_anew_for_later_days() -> None:
    plain = rewritten("2026-12-31", "2027-01-01")
    assert check(plain) == []
    assert periods(load(plain)) == [date(2026, 11, 1), date(2027, 1, 1)]


def test_what_is_wrong_with_the_later_row_only_is_found_once() -> None:
    (finding,) = check(rewritten("2026-12-31", "2027-01-01", "low"))
    assert finding.message == "danger: yes promises at least high, this family has low"


def test_a_gap_between_two_rows_of_one_id_is_found() -> None:
    plain = rewritten("2026-11-30", "2027-01-01").fact("worry").row("B", {"worry": "yes"}, "low", part("couple"))
    assert periods(load(plain)) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    (finding,) = check(plain)
    assert finding.message == "danger: yes promises at least high, this family has none"


def test_rows_that_are_never_in_force_together_do_not_tie() -> None:
    plain = Plain().fact("danger").fact("worry")
    plain.row("A", {"danger": "yes"}, "high", part(), valid_to="2026-12-31")
    assert check(plain.row("B", {"worry": "yes"}, "high", part(lead="school"), valid_from="2027-01-01")) == []


def test_two_rows_of_one_id_on_one_day_are_refused_with_the_day() -> None:
    with pytest.raises(RuleFileError, match=r"the id 'A' is used twice .*, and both are in force on 2026-12-31"):
        load(rewritten("2026-12-31", "2026-12-31"))


def test_two_rows_of_one_id_without_an_end_are_refused() -> None:
    plain = Plain().fact("danger").row("A", {"danger": "yes"}).row("A", {"danger": "no"})
    with pytest.raises(RuleFileError, match="the id 'A' is used twice"):
        load(plain)


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("А", "cyrillic capital letter a"),
        ("Ａ", "fullwidth latin capital letter a"),
        ("Α", "greek capital letter alpha"),
    ],
)
def test_names_in_look_alike_letters_are_refused(name: str, letter: str) -> None:
    with pytest.raises(RuleFileError) as refused:
        load(Plain().fact("danger").row(name, {"danger": "yes"}))
    assert letter in str(refused.value)


def test_a_fact_and_a_value_in_look_alike_letters_are_refused() -> None:
    with pytest.raises(RuleFileError, match="cyrillic small letter a"):
        load(Plain().fact("dаnger").row("A", {"dаnger": "yes"}))
    with pytest.raises(RuleFileError, match="cyrillic small letter ie"):
        load(Plain().fact("danger", values=["no", "yеs"]).row("A", {"danger": "no"}))


def test_a_file_larger_than_a_megabyte_is_refused(tmp_path: Path) -> None:
    rules = Plain().fact("danger").row("A", {"danger": "yes"}).write(tmp_path / "rules")
    with (rules / "situations" / "all.yml").open("a", encoding="utf-8") as file:
        file.write("# " + "x" * 1_000_000 + "\n")
    with pytest.raises(RuleFileError, match=r"all.yml: the file is larger than 1 MB; split it by theme"):
        Policy.load(rules)


def test_the_thousand_and_first_row_is_refused() -> None:
    plain = Plain().fact("danger")
    for number in range(1001):
        plain.row(f"R{number}", {"danger": "yes"})
    with pytest.raises(RuleFileError, match=r"more than 1000 rows are more than anybody can check") as refused:
        load(plain)
    assert refused.value.where
    assert refused.value.where.line == 1003
