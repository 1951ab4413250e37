"""A rule base small enough for every one of its sheets to be tried."""

from __future__ import annotations

from tests.workbench.plain_rules import Plain, part, yes_no


def small() -> Plain:
    """Four facts, four rows, a safeguard; one row adds nothing but for a service that is told."""
    plain = Plain().fact("danger", at_least={"yes": "high"}, **yes_no()).fact("worry")
    plain.fact("hurt", relevant_when=[{"danger": ["yes", "unknown"]}, {"worry": "yes"}], otherwise="no")
    plain.fact("age", "child", ["big", "small"])
    police = part("family", "police", "go", also=["county_centre"], act_within="0")
    plain.row("A", {"danger": "yes"}, "high", police, never=["mediation"], follow_up="weekly")
    plain.row("B", [{"worry": "yes", "age": "small"}, {"hurt": "yes"}], "low", part(act_within="3d", also=["school"]))
    plain.row(
        "C", {"hurt": ["yes", "unknown"], "danger": ["yes", "unknown"]}, "medium", part("couple", also=["mediation"])
    )
    plain.row("D", {"danger": "yes", "hurt": "yes"}, "emergency", part("family", "police", "go", act_within="0"))
    plain.facts["never_together"] = [{"danger": "no", "hurt": "yes"}]
    plain.guard("worry_is_seen", whenever={"worry": "yes", "age": "small"}, always={"for": "child", "within": "3d"})
    return plain
