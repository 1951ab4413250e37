"""The founders' truth table: a family for each of its rows, what is decided about it, and what must not be done."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.facts import Sheet
from tests.decisions.sheets import NO_CONCERN, NO_DANGER, POLICY, decided

TABLE = Path(__file__).parents[3] / "shared" / "policy" / "routing_truth.csv"
AT = datetime(2026, 11, 25, 8, tzinfo=UTC)


class Line(NamedTuple):
    """One family, and all that is decided: a part reads `for: lead, then who else is told, within so many minutes`."""

    truth: str  # the row of the founders' table
    family: dict[str, str]
    child: dict[str, str]
    risk: str
    rows: list[str]
    parts: list[str]
    nevers: list[str]
    follow_up: str


OUT_OF_REACH_AND_PRISON = {"mother_now": "out_of_reach", "father_now": "prison"}

LINES = [
    Line(
        "R01",
        {"divorce": "considering"},
        {"refuses_child": "both", "child_with_now": "relative", "child_age": "5to7"},
        "medium",
        ["R01"],
        [
            "couple: court_social_services, family_education marriage_registry, 4320",
            "child: village_worker, county_centre township_station womens_federation, 4320",
        ],
        [],
        "monthly_for_six_months",
    ),
    Line(
        "R02",
        {"divorce": "pending"},
        {"refuses_child": "both", "child_with_now": "nobody", "child_age": "8to13"},
        "high",
        ["R02a", "S02"],
        ["child: police, county_centre court court_social_services procuratorate township_station village_worker, 0"],
        [],
        "weekly_for_three_months",
    ),
    Line(
        "R02",
        {"divorce": "pending"},
        {"refuses_child": "both", "child_with_now": "unknown", "child_age": "8to13"},
        "high",
        ["R02b"],
        ["child: county_centre, court court_social_services procuratorate township_station village_worker, 0"],
        [],
        "weekly_for_three_months",
    ),
    Line(
        "R03",
        {"divorce": "pending"},
        {"refuses_child": "father", "child_with_now": "parent", "child_age": "5to7"},
        "low",
        ["R03"],
        ["couple: court, legal_aid village_worker, 10080"],
        [],
        "legal_help",
    ),
    Line(
        "R04",
        {},
        {"refuses_child": "mother", "child_with_now": "parent", "child_age": "under2"},
        "medium",
        ["R04", "R03"],
        [
            "couple: court, family_education legal_aid village_worker, 4320",
            "child: village_worker, county_centre health_authority, 4320",
        ],
        [],
        "monthly_for_six_months",
    ),
    Line(
        "R05",
        {"mother_now": "out_of_reach", "father_now": "out_of_reach"},
        {"child_with_now": "relative"},
        "medium",
        ["R05"],
        [
            "family: township_station, county_centre police, 4320",
            "child: village_worker, township_station, 4320",
        ],
        [],
        "monthly_for_six_months",
    ),
    Line(
        "R06",
        {"mother_now": "out_of_reach", "father_now": "out_of_reach"},
        {"child_with_now": "nobody", "child_age": "14to15"},
        "emergency",
        ["R06", "S02"],
        ["child: police, county_centre township_station village_worker, 0"],
        [],
        "next_day_then_weekly",
    ),
    Line(
        "R07",
        OUT_OF_REACH_AND_PRISON,
        {"child_with_now": "relative"},
        "medium",
        ["R07"],
        [
            "family: township_station, county_centre legal_aid police, 4320",
            "child: village_worker, township_station, 4320",
        ],
        [],
        "monthly_for_six_months",
    ),
    Line(
        "R08",
        {"mother_now": "detained", "father_now": "reachable"},
        {"child_with_now": "nobody", "child_age": "8to13"},
        "high",
        ["R08", "S02"],
        ["child: police, county_centre township_station village_worker, 0"],
        [],
        "weekly_for_three_months",
    ),
    Line(
        "R09",
        {"mother_now": "reachable", "father_now": "hospital"},
        {"child_with_now": "nobody", "child_age": "8to13"},
        "high",
        ["R09", "S02"],
        ["child: village_worker, county_centre hospital township_station, 0"],
        [],
        "weekly_for_three_months",
    ),
    Line(
        "R10",
        {},
        {"child_hurt": "by_guardian"},
        "emergency",
        ["R10"],
        ["child: police, ambulance county_centre hospital procuratorate school village_worker, 0"],
        ["mediation"],
        "next_day_then_weekly",
    ),
    Line(
        "R13",
        {},
        {"child_wants_to_die": "yes", "afraid_of_home": "no"},
        "emergency",
        ["R13"],
        ["child: ambulance, county_centre health_authority mental_health_line police school, 0"],
        [],
        "next_day_then_weekly",
    ),
    Line(
        "R13",
        {},
        {"child_wants_to_die": "yes", "afraid_of_home": "yes"},
        "emergency",
        ["R13b", "R13"],
        ["child: ambulance, county_centre health_authority mental_health_line police procuratorate school, 0"],
        ["tell_guardian"],
        "next_day_then_weekly",
    ),
    Line(
        "R15",
        {"adult_wants_to_die": "yes"},
        {},
        "emergency",
        ["R15"],
        ["family: ambulance, mental_health_line police, 0", "child: police, county_centre village_worker, 0"],
        [],
        "next_day_then_weekly",
    ),
    Line(
        "R16",
        {"kill_threat": "yes"},
        {},
        "emergency",
        ["R16"],
        [
            "family: police, ambulance county_centre court village_worker, 0",
            "child: police, county_centre village_worker, 0",
        ],
        ["mediation"],
        "next_day_then_weekly",
    ),
    Line(
        "R20",
        {},
        {"child_with_now": "nobody", "child_age": "5to7"},
        "emergency",
        ["R20", "S02"],
        ["child: police, county_centre township_station village_worker, 0"],
        [],
        "next_day_then_weekly",
    ),
    Line(
        "R35",
        {"wants_state_care": "yes"},
        {},
        "medium",
        ["R35"],
        ["family: township_station, county_centre family_education village_worker, 10080"],
        [],
        "quarterly",
    ),
]


def parts(decision: Any) -> list[str]:
    return [
        f"{part['for']}: {part['lead']}, {' '.join(part['also'])}, {part['act_within_minutes']}"
        for part in decision["parts"]
    ]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.rows[0])
def test_a_family_of_the_truth_table_is_sent_through_the_right_doors(line: Line) -> None:
    decision = decided(line.family, line.child)
    sheet = Sheet.from_plain({"family": line.family, "children": [line.child]}, POLICY.vocabulary, AT)
    said = decision["risk"], decision["rows"], parts(decision), decision["follow_up"]
    assert said == (line.risk, line.rows, line.parts, line.follow_up)
    assert list(POLICY.decide(sheet, AT).nevers) == line.nevers


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.rows[0])
def test_the_risk_is_the_one_of_the_founders_table(line: Line) -> None:
    if not TABLE.exists():
        pytest.skip("the founders' table is not on this machine")
    with TABLE.open(encoding="utf-8", newline="") as table:
        truth = {row["id"]: row["risk_level"] for row in csv.DictReader(table)}
    assert decided(line.family, line.child)["risk"] == truth[line.truth]


def test_a_five_year_old_with_nobody_is_an_emergency_whatever_the_parents_want() -> None:
    decision = decided(
        {"divorce": "pending"}, {"refuses_child": "both", "child_with_now": "nobody", "child_age": "5to7"}
    )
    assert (decision["risk"], decision["rows"]) == ("emergency", ["R20", "R02a", "S02"])
    assert decision["parts"][0]["first_action"] == "go_to_child"


def test_an_age_nobody_knows_is_taken_as_the_youngest() -> None:
    assert decided({}, {"child_with_now": "nobody", "child_age": "refused"})["risk"] == "emergency"


@pytest.mark.parametrize(
    ("family", "child", "asks"),
    [
        ({}, {}, "screen_danger"),
        ({"screen_danger": "no"}, {}, "screen_death"),  # the last one open asks whether there is more
        ({"screen_danger": "yes"}, {}, "screen_death"),
        (NO_DANGER, {}, "concern_divorce"),
        (NO_DANGER | {"screen_death": "yes"}, {}, "kill_threat"),  # the first of a fresh group asks about them all
        (NO_DANGER | {"screen_alone": "yes"}, {}, "child_age"),
        (NO_DANGER | {"screen_danger": "yes"}, {}, "child_hurt"),
        (NO_DANGER | NO_CONCERN | {"concern_divorce": "yes"}, {}, "child_with_now"),
        (NO_DANGER | NO_CONCERN | {"concern_divorce": "yes"}, {"child_with_now": "relative"}, "refuses_child"),
        (
            NO_DANGER | NO_CONCERN | {"concern_divorce": "yes"},
            {"child_with_now": "relative", "refuses_child": "both"},
            "divorce",
        ),
    ],
)
def test_what_is_not_settled_names_the_next_question(family: dict[str, str], child: dict[str, str], asks: str) -> None:
    decision = decided(family, child)
    assert (decision["settled"], decision["ask"]["fact"]) == (False, asks)


def test_once_settled_what_the_village_worker_needs_is_asked_and_then_nothing() -> None:
    family = NO_DANGER | NO_CONCERN | {"concern_divorce": "yes", "divorce": "considering"}
    child = {"refuses_child": "both", "child_with_now": "relative", "child_age": "5to7"}
    asked = decided(family, child)
    assert (asked["settled"], asked["ask"]) == (True, {"fact": "caller", "child": None})
    complete = decided(family | {"caller": "parent", "safe_to_write": "yes"}, child)
    assert (complete["settled"], complete["ask"]) == (True, None)
