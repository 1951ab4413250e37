"""How rows add up, on a rule base small enough to be read beside the test."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.decisions import Policy, Risk
from bot.facts import Answer, Sheet, Source
from tests.decisions.reference import RULES
from tests.decisions.sheets import DAY, decided, part

FACTS = """
opening: [screen]
fire: {about: family, values: [no, yes, unknown, refused], question: utter_ask_fire, ask_with: screen, stays_true: 24h}
flood: {about: family, values: [no, yes, unknown, refused], question: utter_ask_flood, ask_with: screen}
burnt:
  about: child
  values: [no, yes, unknown, refused]
  question: utter_ask_burnt
  relevant_when: [{fire: [yes, unknown, refused]}]
  otherwise: no
  stays_true: 24h
cold: {about: child, values: [no, yes, unknown, refused], question: utter_ask_cold}
"""


def row(name: str, when: str, risk: str, parts: str, *more: str) -> str:
    """One row as an author writes it; `parts` and `more` are YAML."""
    then = "".join(f"\n      {line}" for line in more if not line.startswith("row "))
    beside = "".join(f"\n    {line.removeprefix('row ')}" for line in more if line.startswith("row "))
    return f"""
  - id: {name}
    title: {{zh: 情形, en: a situation}}
    when: {when}
    then:
      risk: {risk}
      parts: {parts}{then}
    basis: [民法典#26]
    because: {{zh: 因为, en: because}}{beside}
"""


FIRE = row(
    "FIRE",
    "{fire: yes}",
    "high",
    "[{for: family, lead: police, also: [school], first_action: find_out_and_protect, act_within: 1d}]",
    "follow_up: quarterly",
)
FLOOD = row(
    "FLOOD",
    "{flood: yes}",
    "medium",
    "[{for: family, lead: civil_affairs, also: [hospital], first_action: help_apply, act_within: 30m}]",
    "follow_up: next_day_then_weekly",
)
COLD = row(
    "COLD",
    "{cold: yes}",
    "low",
    "[{for: child, lead: village_worker, first_action: visit_home}, {for: family, lead: school, first_action: help_apply}]",
)


def policy_of(folder: Path, *rows: str) -> Policy:
    """The policy of these rows, with the good words, law and deadlines."""
    rules = folder / "rules"
    shutil.copytree(RULES, rules, ignore=shutil.ignore_patterns("situations"))
    (rules / "situations").mkdir()
    (rules / "facts.yml").write_text(FACTS, encoding="utf-8")
    (rules / "situations" / "all.yml").write_text(
        "valid_from: 2026-11-01\nsituations:\n" + "".join(rows), encoding="utf-8"
    )
    return Policy.load(rules)


def test_the_highest_risk_leads_everybody_is_told_and_the_shortest_time_counts(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, FLOOD, FIRE)
    decision = decided({"fire": "yes", "flood": "yes"}, policy=policy)
    assert decision["rows"] == ["FIRE", "FLOOD"]
    assert decision["parts"] == [
        {
            "for": "family",
            "child": None,
            "risk": "high",
            "lead": "police",
            "also": ["civil_affairs", "hospital", "school"],
            "first_action": "find_out_and_protect",
            "act_within_minutes": 30,
        }
    ]


def test_the_closest_follow_up_is_followed_and_the_basis_adds_up(tmp_path: Path) -> None:
    other = FLOOD.replace("民法典#26", "民法典#27, 民法典#26")
    decision = decided({"fire": "yes", "flood": "yes"}, policy=policy_of(tmp_path, FIRE, other))
    assert decision["follow_up"] == "next_day_then_weekly"
    assert [cited["article"] for cited in decision["basis"]] == ["26", "27"]
    assert {cited["law"] for cited in decision["basis"]} == {"中华人民共和国民法典"}


@pytest.mark.parametrize(("first", "lead"), [("ONE", "police"), ("TWO", "court")])
def test_at_equal_risk_before_says_who_leads(tmp_path: Path, first: str, lead: str) -> None:
    rows = {
        name: row(
            name,
            when,
            "high",
            f"[{{for: family, lead: {service}, first_action: help_apply}}]",
            *([f"row before: [{other}]"] if name == first else []),
        )
        for name, when, service, other in (
            ("ONE", "{fire: yes}", "police", "TWO"),
            ("TWO", "{flood: yes}", "court", "ONE"),
        )
    }
    decision = decided({"fire": "yes", "flood": "yes"}, policy=policy_of(tmp_path, *rows.values()))
    assert (decision["rows"][0], decision["lead"]) == (first, lead)
    assert {lead, *decision["parts"][0]["also"]} == {"police", "court"}


def test_never_beats_every_union(tmp_path: Path) -> None:
    ban = row(
        "BAN", "{cold: yes}", "low", "[{for: child, lead: operator, first_action: visit_home}]", "never: [school]"
    )
    policy = policy_of(tmp_path, FIRE, ban)
    assert part(decided({"fire": "yes"}, {}, policy=policy), "family")["also"] == ["school"]
    assert part(decided({"fire": "yes"}, {"cold": "yes"}, policy=policy), "family")["also"] == []


def test_a_lead_that_is_forbidden_gives_way_to_the_next_and_in_the_end_to_the_operator(tmp_path: Path) -> None:
    ban = row(
        "BAN", "{cold: yes}", "low", "[{for: child, lead: operator, first_action: visit_home}]", "never: [police]"
    )
    policy = policy_of(tmp_path, FIRE, FLOOD, ban)
    both = part(decided({"fire": "yes", "flood": "yes"}, {"cold": "yes"}, policy=policy), "family")
    assert (both["risk"], both["lead"], both["also"]) == ("high", "civil_affairs", ["hospital", "school"])
    alone = part(decided({"fire": "yes"}, {"cold": "yes"}, policy=policy), "family")
    assert (alone["risk"], alone["lead"]) == ("high", "operator")


def test_every_child_has_a_part_of_its_own_and_the_case_takes_the_most_careful(tmp_path: Path) -> None:
    burnt = row(
        "BURNT", "{burnt: yes}", "emergency", "[{for: child, lead: ambulance, first_action: stop_harm, act_within: 0}]"
    )
    decision = decided(
        {"fire": "yes"}, {"cold": "yes"}, {"burnt": "yes"}, policy=policy_of(tmp_path, FIRE, COLD, burnt)
    )
    assert (decision["risk"], decision["lead"]) == ("emergency", "ambulance")
    assert [(part["for"], part["child"], part["risk"]) for part in decision["parts"]] == [
        ("child", 1, "emergency"),
        ("family", None, "high"),
        ("child", 0, "low"),
    ]
    assert part(decision, "family")["also"] == ["school"]  # COLD of the first child tells it, and leads it no more


def test_the_lead_on_top_is_the_riskiest_part_then_the_soonest_then_the_first_written(tmp_path: Path) -> None:
    parts = (
        "[{for: family, lead: court, first_action: help_apply},"
        " {for: caller, lead: police, first_action: help_apply, act_within: 3d},"
        " {for: couple, lead: school, first_action: help_apply, act_within: 3d}]"
    )
    decision = decided({"fire": "yes"}, policy=policy_of(tmp_path, row("ONE", "{fire: yes}", "high", parts)))
    assert decision["lead"] == "police"
    assert [part["act_within_minutes"] for part in decision["parts"]] == [4320, 4320, None]


def test_when_no_row_holds_a_person_listens(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, FIRE)
    decision = policy.decide(Sheet.from_plain({"family": {"fire": "no"}}, policy.vocabulary, AT), AT)
    assert (decision.risk, decision.lead, decision.rows, decision.nevers) == (Risk.NONE, "operator", (), ())
    assert [part.to_json() for part in decision.parts] == [
        {
            "for": "caller",
            "child": None,
            "risk": "none",
            "lead": "operator",
            "also": [],
            "first_action": "listen_and_advise",
            "act_within_minutes": None,
        }
    ]


@pytest.mark.parametrize(
    ("day", "rows"),
    [
        (date(2026, 10, 31), []),
        (date(2026, 11, 1), ["FIRE"]),
        (date(2026, 11, 30), ["FIRE"]),
        (date(2026, 12, 1), ["LATER"]),
        (date(2027, 3, 31), ["LATER"]),
        (date(2027, 4, 1), []),
    ],
)
def test_a_row_is_in_force_from_its_first_day_to_its_last(tmp_path: Path, day: date, rows: list[str]) -> None:
    first = FIRE.rstrip() + "\n    valid_to: 2026-11-30\n"
    then = FIRE.replace("FIRE", "LATER").rstrip() + "\n    valid_from: 2026-12-01\n    valid_to: 2027-03-31\n"
    assert decided({"fire": "yes"}, policy=policy_of(tmp_path, first, then), on=day)["rows"] == rows


def test_a_law_comes_into_force_by_the_calendar_of_china(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, FIRE)
    sheet = Sheet.from_plain({"family": {"fire": "yes"}}, policy.vocabulary, AT)
    assert policy.decide(sheet, datetime(2026, 10, 31, 15, 59, tzinfo=UTC)).rows == ()
    assert policy.decide(sheet, datetime(2026, 10, 31, 16, 0, tzinfo=UTC)).rows == ("FIRE",)


AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
BURNT = row(
    "BURNT", "{burnt: yes}", "emergency", "[{for: child, lead: ambulance, first_action: stop_harm, act_within: 0}]"
)
UNHURT = row("UNHURT", "{burnt: no}", "low", "[{for: child, lead: village_worker, first_action: visit_home}]")


def sheet_of(*answers: tuple[str, int | None, str], at: datetime = AT, sheet: Sheet | None = None) -> Sheet:
    sheet = sheet or Sheet(children=1)
    for fact, child, value in answers:
        sheet = sheet.with_answer(Answer(fact, child, value, Source.ASKED, at))
    return sheet


def test_what_is_certainly_irrelevant_counts_as_its_otherwise_and_the_record_says_assumed(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, BURNT, UNHURT)
    open_still = policy.decide(sheet_of(), AT)
    assert (open_still.rows, open_still.assumed) == ((), ())
    without_fire = policy.decide(sheet_of(("fire", None, "no")), AT)
    assert (without_fire.rows, without_fire.assumed) == (("UNHURT",), (("burnt", 0),))


def test_an_answer_counts_whether_it_is_relevant_or_not(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, BURNT, UNHURT)
    told = policy.decide(sheet_of(("fire", None, "no"), ("burnt", 0, "yes")), AT)
    assert (told.rows, told.assumed) == (("BURNT",), ())


def test_an_expired_danger_keeps_its_risk_and_is_asked_first(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, FIRE, FLOOD, BURNT, COLD)
    sheet = sheet_of(("fire", None, "yes"), ("flood", None, "no"), ("burnt", 0, "yes"), ("cold", 0, "no"))
    fresh, later = policy.decide(sheet, AT + timedelta(hours=24)), policy.decide(sheet, AT + timedelta(hours=25))
    assert (fresh.risk, fresh.settled, fresh.ask) == (Risk.EMERGENCY, True, None)
    assert (later.risk, later.settled, later.rows) == (Risk.EMERGENCY, False, fresh.rows)
    assert (later.ask.fact, later.ask.child) == ("fire", None)
    again = sheet_of(("fire", None, "yes"), at=AT + timedelta(hours=25), sheet=sheet)
    asked = policy.decide(again, AT + timedelta(hours=25))
    assert (asked.risk, asked.ask.fact) == (Risk.EMERGENCY, "burnt")


def test_a_danger_whose_ground_has_gone_stays_until_it_is_asked_and_then_goes(tmp_path: Path) -> None:
    policy, later = policy_of(tmp_path, BURNT), AT + timedelta(hours=25)
    sheet = sheet_of(("flood", None, "no"), ("fire", None, "yes"), ("burnt", 0, "yes"))
    out = sheet_of(("fire", None, "no"), at=later, sheet=sheet)
    kept = policy.decide(out, later)
    assert (kept.risk, kept.settled, kept.ask.fact) == (Risk.EMERGENCY, False, "burnt")
    healed = policy.decide(sheet_of(("burnt", 0, "no"), at=later, sheet=out), later)
    assert (healed.risk, healed.settled, healed.ask) == (Risk.NONE, True, None)


def test_an_expired_answer_that_changed_nothing_and_is_irrelevant_now_is_not_asked_again(tmp_path: Path) -> None:
    policy, later = policy_of(tmp_path, BURNT), AT + timedelta(hours=25)
    sheet = sheet_of(("flood", None, "no"), ("fire", None, "yes"), ("burnt", 0, "refused"))
    decision = policy.decide(sheet_of(("fire", None, "no"), at=later, sheet=sheet), later)
    assert (decision.settled, decision.ask) == (True, None)


def test_every_row_is_explained_as_holding_failing_or_open(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, FIRE, FLOOD, BURNT)
    explained = policy.explain(sheet_of(("fire", None, "no")), AT)
    assert [(one.row.id, one.status.value) for one in explained] == [
        ("FIRE", "fails"),
        ("FLOOD", "open"),
        ("BURNT", "fails"),
    ]
    conditions = [one.to_json()["conditions"] for one in explained]
    assert conditions == [
        [{"fact": "fire", "child": None, "wanted": ["yes"], "has": "no", "assumed": False, "status": "fails"}],
        [{"fact": "flood", "child": None, "wanted": ["yes"], "has": None, "assumed": False, "status": "open"}],
        [{"fact": "burnt", "child": 0, "wanted": ["yes"], "has": "no", "assumed": True, "status": "fails"}],
    ]


def test_the_command_decides_a_sheet_a_line_as_of_a_day() -> None:
    command = Path(sys.executable).with_name("rightdoor")
    seed = {"family": {"divorce": "considering"}, "children": [{"refuses_child": "both", "child_with_now": "relative"}]}
    lines = f"{json.dumps(seed)}\n\n{json.dumps({'family': {'screen_danger': 'yes'}})}\n"

    def on(day: date) -> list[object]:
        ran = subprocess.run(
            [command, "decide", "--rules", RULES, "--on", str(day)],
            input=lines,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return [json.loads(line)["rows"] for line in ran.stdout.splitlines()]

    assert on(DAY) == [["R01"], ["S01"]]
    assert on(date(2026, 10, 31)) == [[], []]
