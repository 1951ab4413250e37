"""A gallery of broken projects, one for each mistake an author can make: nothing is half-obeyed, and the message tells."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.dialogue import Project
from bot.errors import ProjectFileError

DOMAIN = """\
intents: [greet, ask]
entities: [county]
slots:
  county: {type: text, mappings: [{type: from_entity, entity: county}]}
  route: {type: categorical, values: [court, village], mappings: [{type: custom}]}
forms:
  intake_form: {required_slots: [county]}
actions: [action_refer]
responses:
  utter_greet: [{text: Hello.}]
  utter_refer: [{text: "To {route}."}]
"""
RULES = """\
rules:
- rule: greet
  steps:
  - intent: greet
  - action: utter_greet
"""
CONFIG = """\
pipeline:
- name: KeywordIntentClassifier
policies:
- name: RulePolicy
"""
NLU = """\
nlu:
- intent: greet
  examples: |
    - hello
"""
GOOD = {"domain": DOMAIN, "rules": RULES, "config": CONFIG, "nlu": NLU}
GALLERY: list[dict[str, str]] = YAML(typ="safe", pure=True).load(Path(__file__).with_name("broken.yml"))


def refusal(folder: Path) -> str:
    """What the author of the project in `folder` reads."""
    with pytest.raises(ProjectFileError) as refused:
        Project.load(folder)
    return str(refused.value)


@pytest.mark.parametrize("mistake", GALLERY, ids=[entry["mistake"] for entry in GALLERY])
def test_a_mistake_is_refused_with_its_place_and_what_to_do(
    written: Callable[..., Path], mistake: dict[str, str]
) -> None:
    good = GOOD[mistake["in"]]
    assert good.count(mistake["for"]) == 1
    bad = good.replace(mistake["for"], mistake["stands"] or "")
    assert refusal(written(**GOOD | {mistake["in"]: bad})) == mistake["says"]


def test_the_project_without_a_mistake_loads(written: Callable[..., Path]) -> None:
    project = Project.load(written(**GOOD))
    assert [rule.name for rule in project.rules] == ["greet"]


# --- several files, and none -----------------------------------------------------------------------------------------


def test_a_response_listed_among_the_actions_must_have_been_written(written: Callable[..., Path]) -> None:
    domain, rules = DOMAIN.replace("[action_refer]", "[utter_meet]"), RULES.replace("utter_greet", "utter_meet")
    assert refusal(written(**GOOD | {"domain": domain, "rules": rules})).startswith(
        "data/rules.yml:5: unknown response 'utter_meet'"
    )


def test_a_folder_without_a_domain_says_where_it_looked(tmp_path: Path) -> None:
    assert refusal(tmp_path).endswith("no domain: looked for domain.yml, domain.yaml, domain, data/domain")


@pytest.mark.parametrize("missing", ["config.yml", "data"])
def test_a_missing_part_of_a_project_is_named(written: Callable[..., Path], missing: str) -> None:
    folder = written(**GOOD)
    (folder / missing).rename(folder / "elsewhere")
    assert refusal(folder).startswith(f"{missing}: there is no such f")


@pytest.mark.parametrize("part", ["domain", "data", "config"])
def test_a_part_that_is_said_to_be_elsewhere_must_be_there(written: Callable[..., Path], part: str) -> None:
    elsewhere = Path("/nowhere") / part
    with pytest.raises(ProjectFileError, match=re.escape(str(elsewhere))):
        Project.load(written(**GOOD), **{part: elsewhere})


def test_what_two_files_declare_differently_is_refused_with_both_places(written: Callable[..., Path]) -> None:
    folder = written(**GOOD)
    (folder / "data" / "more.yml").write_text("responses:\n  utter_greet: [{text: Hi.}]\n", encoding="utf-8")
    assert refusal(folder) == "data/more.yml:2: `utter_greet` is declared twice; the other one is in domain.yml:10"


def test_two_files_that_both_configure_the_session_are_refused(written: Callable[..., Path]) -> None:
    folder = written(**GOOD)
    (folder / "domain").mkdir()
    (folder / "domain.yml").rename(folder / "domain" / "a.yml")
    for name in ("b.yml", "c.yml"):
        (folder / "domain" / name).write_text("session_config: {session_expiration_time: 0}\n", encoding="utf-8")
    assert refusal(folder) == "domain/c.yml:1: `session_config` is declared twice; the other one is in domain/b.yml:1"


def test_a_file_that_is_no_text_is_refused_by_name(written: Callable[..., Path]) -> None:
    folder = written(**GOOD)
    (folder / "domain.yml").write_bytes(b"intents: [\xff]")
    assert refusal(folder) == "domain.yml:1: not text in UTF-8"


# --- what is right although it looks odd -----------------------------------------------------------------------------


def test_no_is_a_word_and_so_are_times_and_dates(written: Callable[..., Path]) -> None:
    domain = "intents: [no, 12:30, 2026-01-01]\nresponses:\n  utter_no: [{text: no}]\n"
    rules = "rules:\n- rule: no\n  steps: [{intent: no}, {action: utter_no}]\n"
    project = Project.load(written(**GOOD | {"domain": domain, "rules": rules, "nlu": "nlu: []\n"}))
    assert {"no", "12:30", "2026-01-01"} <= project.domain.intents
    assert project.domain.responses["utter_no"][0].content == {"text": "no"}


def test_a_file_with_nothing_of_rasa_in_it_is_somebody_elses(written: Callable[..., Path]) -> None:
    folder = written(**GOOD)
    (folder / "data" / "words.yml").write_text("zh: {and: 和}\nzh: {or: 或}\n", encoding="utf-8")
    (folder / "data" / "test_stories.yml").write_text("stories: [{story: a test}]\n", encoding="utf-8")
    assert len(Project.load(folder).rules) == 1


def test_a_domain_may_be_a_folder_and_files_may_start_with_a_byte_order_mark(written: Callable[..., Path]) -> None:
    folder = written(**GOOD)
    (folder / "domain").mkdir()
    (folder / "domain.yml").rename(folder / "domain" / "all.yml")
    (folder / "domain" / "more.yml").write_text("\ufeffintents: [ask, leave]\nactions: [action_go]\n", encoding="utf-8")
    domain = Project.load(folder).domain
    assert {"greet", "ask", "leave"} <= domain.intents
    assert domain.custom == {"action_refer", "action_go"}


def test_several_messages_and_contradictions_are_let_through_where_the_author_says_so(
    written: Callable[..., Path],
) -> None:
    rules = RULES + "  - intent: ask\n  - action: utter_refer\n- rule: greet differently\n"
    rules += "  steps: [{intent: greet}, {action: utter_refer}]\n"
    config = CONFIG + "  restrict_rules: false\n  check_for_contradictions: false\n"
    assert len(Project.load(written(**GOOD | {"rules": rules, "config": config})).rules) == 2
