"""What Rasa does and this engine does not is refused by name, or listed and skipped where somebody asks for that."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.dialogue import Assistant, Project
from bot.errors import ProjectFileError, UnsupportedError
from tests.dialogue.talking import Talk

DOMAIN = """\
intents: [greet, leave, chitchat: {is_retrieval_intent: true}]
actions: [action_go]
e2e_actions: [Hello there.]
responses: {utter_greet: [{text: Hello.}], utter_leave: [{text: Bye.}]}
"""
RULES = """\
version: "4.0"
rules:
- rule: greet
  steps: [{intent: greet}, {action: utter_greet}]
- rule: leave
  steps:
  - intent: leave
  - action: utter_leave
  - checkpoint: gone
- rule: said
  steps: [{user: bye then}, {action: utter_leave}]
- rule: say
  steps: [{intent: leave}, {bot: Bye.}]
stories:
- story: a path
  steps: [{intent: leave}, {action: utter_leave}, {checkpoint: gone}]
"""
CONFIG = """\
recipe: default.v1
importers: [{name: RasaFileImporter}]
pipeline:
- name: DIETClassifierOfOurs
policies:
- name: TEDPolicy
  epochs: 100
- name: AugmentedMemoizationPolicy
- name: UnexpecTEDIntentPolicy
- name: policies.ours.Policy
"""


@pytest.fixture
def project(written: Callable[..., Path]) -> Path:
    return written(DOMAIN, RULES, CONFIG)


def places(project: Project) -> dict[str, str]:
    """The first words of what was skipped, by its place."""
    return {str(found.where): re.split(r" is | are |, which", found.what)[0] for found in project.skipped}


def test_everything_unsupported_is_listed_with_its_place(project: Path) -> None:
    assert places(Project.load(project, ignore_unsupported=True)) == {
        "data/rules.yml:1": "training data format '4.0'",
        "data/rules.yml:15": "stories",
        "domain.yml:3": "end-to-end actions",
        "config.yml:2": "`importers`",
        "config.yml:6": "policy TEDPolicy",
        "config.yml:8": "policy AugmentedMemoizationPolicy",
        "config.yml:9": "policy UnexpecTEDIntentPolicy",
        "config.yml:10": "policy policies.ours.Policy",
        "config.yml:5": "no RulePolicy",
        "data/rules.yml:9": "checkpoints",
        "data/rules.yml:11": "a step with the user's words needs end-to-end training",
        "data/rules.yml:13": "a step with the bot's words needs end-to-end training",
        "config.yml:4": "component DIETClassifierOfOurs",
    }


def test_a_rule_that_needs_it_is_skipped_whole(project: Path) -> None:
    loaded = Project.load(project, ignore_unsupported=True)
    assert [rule.name for rule in loaded.rules] == ["greet"]
    talk = Talk(Assistant(loaded, lambda _: {}))
    assert talk.say("/greet") == ["Hello."]
    assert talk.say("/leave") == []


def test_without_being_asked_to_skip_it_the_first_of_them_is_refused(project: Path) -> None:
    with pytest.raises(UnsupportedError, match=r"^data/rules\.yml:1: training data format"):
        Project.load(project)


def test_where_no_policy_is_left_rules_run_with_their_defaults(written: Callable[..., Path]) -> None:
    config = "pipeline: []\npolicies:\n"
    folder = written(DOMAIN.replace("e2e_actions: [Hello there.]\n", ""), "rules: []", config)
    loaded = Project.load(folder, ignore_unsupported=True)
    assert loaded.policy.fallback == "action_default_fallback"
    assert "config.yml:2" in places(loaded)


def test_settings_of_rule_policy_hold_beside_policies_that_are_skipped(written: Callable[..., Path]) -> None:
    config = "pipeline: []\npolicies: [{name: TEDPolicy}, {name: RulePolicy, core_fallback_action_name: action_go}]\n"
    loaded = Project.load(written(DOMAIN, "rules: []", config), ignore_unsupported=True)
    assert loaded.policy.fallback == "action_go"


def test_a_mistake_is_refused_all_the_same(written: Callable[..., Path]) -> None:
    folder = written(DOMAIN, RULES.replace("action: utter_greet", "action: utter_gret"), CONFIG)
    with pytest.raises(ProjectFileError, match="unknown action or response 'utter_gret'; did you mean 'utter_greet'"):
        Project.load(folder, ignore_unsupported=True)


def test_nothing_is_skipped_in_a_project_of_rules(written: Callable[..., Path]) -> None:
    folder = written("intents: [greet]", "rules: []")
    assert Project.load(folder, ignore_unsupported=True).skipped == ()


SPACY = """\
language: en
pipeline:
- name: SpacyNLP
- name: SpacyTokenizer
- name: SpacyFeaturizer
- name: CountVectorsFeaturizer
- name: DIETClassifier
- name: CRFEntityExtractor
- name: my.own.Component
- name: FallbackClassifier
policies: [{name: RulePolicy}]
"""
TAUGHT = "nlu: [{intent: greet, examples: '- hello'}, {intent: leave, examples: '- see you'}]\n"


def test_a_pipeline_understands_words_without_the_components_that_were_skipped(written: Callable[..., Path]) -> None:
    loaded = Project.load(written(DOMAIN, RULES, SPACY, TAUGHT), ignore_unsupported=True)
    assert [line for line in places(loaded) if line.startswith("config")] == [
        f"config.yml:{line}" for line in (3, 4, 5, 8, 9)
    ]
    assert Assistant(loaded, lambda _: {}).parse("hello").intent == "greet"


# What rasa 3.6.21 made of it, on 2026-11-26, turn by turn: it warned of some of these names, and passed over the others.
SLOPPY = """\
intents: [greet, inform: {use_entities_key: [city]}]
entities: [city]
slots:
  city:
    type: text
    mappings: [{type: from_entity, entity: town}, {type: from_entity, entity: city}]
forms:
  trip_form: {required_slots: [city], ignored_intents: [chat]}
responses:
  utter_greet: [{text: hello}]
  utter_city:
  - text: "{city}!"
  - {text: rain, condition: [{type: slot, name: weather, value: rain}]}
  utter_ask_city: [{text: which city}]
actions: [utter_bye]
"""
SLOPPY_RULES = """\
rules:
- rule: greet
  steps: [{intent: greet}, {action: utter_greet}, {action: utter_bye}]
- rule: an intent nobody declared
  steps: [{intent: chat}, {action: utter_greet}]
- rule: inform
  steps: [{intent: inform, entities: [{town: x}, {city: y}]}, {action: utter_city}]
"""
SLOPPY_CONFIG = """\
pipeline: [{name: KeywordIntentClassifier, shiny: true}]
policies: [{name: RulePolicy, core_fallback_nonsense: 1}]
"""
SLOPPY_NLU = """\
nlu:
- {intent: greet, examples: "- hello"}
- {intent: chat, examples: "- tell me of [Paris](town)"}
"""
ANSWERED = {
    "/greet": ["hello"],
    '/inform{"city":"Rome"}': ["Rome!"],
    "/inform": [],
    "hello": ["hello"],
    "/chat": [],
    '/inform{"town":"Oslo"}': [],
}


def test_what_rasa_passes_over_is_listed_and_passed_over(written: Callable[..., Path]) -> None:
    folder = written(SLOPPY, SLOPPY_RULES, SLOPPY_CONFIG, SLOPPY_NLU)
    with pytest.raises(UnsupportedError, match=r"domain\.yml:1: unknown key `use_entities_key` in `inform`"):
        Project.load(folder)
    project = Project.load(folder, ignore_unsupported=True)
    told = "\n".join(map(str, project.skipped))
    names = ("key `shiny`", "key `core_fallback_nonsense`", "entity 'town'", "intent 'chat'", "slot 'weather'")
    assert all(f"unknown {name}" in told for name in (*names, "response 'utter_bye'"))
    talk = Talk(Assistant(project, lambda _: {}))
    assert {text: talk.say(text) for text in ANSWERED} == ANSWERED
