"""From words to intents and entities: payloads, keywords in any script, patterns, tables, synonyms, doubt."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.dialogue import Assistant
from tests.dialogue.talking import Talk

DOMAIN = """\
intents: [inform, human, violence, stop, hello]
entities: [county, age]
responses: {utter_hello: [{text: Hello.}]}
"""
RULES = "rules: [{rule: hello, steps: [{intent: hello}, {action: utter_hello}]}]"
NLU = """\
nlu:
- intent: human
  examples: |
    - 人工
    - a person
- intent: violence
  examples: |
    - 家暴
    - 家暴打孩子
- intent: stop
  examples: |
    - 不说了
    - stop
- intent: inform
  examples: |
    - in [泸溪](county:泸溪县)
    - [5](age) years
    - [杭州]{"entity": "county", "value": "杭州市"}
- lookup: county
  examples: |
    - 泸溪
    - 杭州
- regex: age
  examples: |
    - \\d+
- synonym: 杭州市
  examples: |
    - Hangzhou
"""
CONFIG = """\
pipeline:
- name: JiebaTokenizer
- name: RegexEntityExtractor
- name: EntitySynonymMapper
- name: KeywordIntentClassifier
- name: FallbackClassifier
  threshold: 0.5
policies: [{name: RulePolicy}]
"""


@pytest.fixture
def assistant(talking: Callable[..., Talk]) -> Assistant:
    return talking(DOMAIN, RULES, config=CONFIG, nlu=NLU).assistant


# --- payloads --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "entities"),
    [
        ("/inform", "inform", 1.0, {}),
        ('/inform{"county": "泸溪县"}', "inform", 1.0, {"county": ["泸溪县"]}),
        (' /inform {"county": "泸溪县", "age": 7} ', "inform", 1.0, {"county": ["泸溪县"], "age": [7]}),
        ('/inform{"county": ["a", "b"]}', "inform", 1.0, {"county": ["a", "b"]}),
        ('/inform@0.3{"age": 7}', "inform", 0.3, {"age": [7]}),
        ("/inform@7", "inform", 1.0, {}),
        ('/inform{"planet": "x"}', "inform", 1.0, {}),
        ("/inform{broken", "inform", 1.0, {}),
        ("/inform{[1, 2]}", "inform", 1.0, {}),
        ("/restart", "restart", 1.0, {}),
    ],
)
def test_a_payload_says_its_intent_and_entities(
    assistant: Assistant, text: str, intent: str, confidence: float, entities: dict[str, list[object]]
) -> None:
    parsed = assistant.parse(text)
    found: dict[str, list[object]] = {}
    for entity in parsed.entities:
        found.setdefault(entity["entity"], []).append(entity["value"])
    assert (parsed.intent, parsed.confidence, found) == (intent, confidence, entities)


@pytest.mark.parametrize("text", ["/nosuch", "/", "//inform", "1/2 inform", '{"inform": 1}'])
def test_what_is_no_payload_of_a_declared_intent_is_plain_words(assistant: Assistant, text: str) -> None:
    assert assistant.parse(text).intent == "nlu_fallback"


def test_a_payload_nested_without_end_breaks_nothing(assistant: Assistant) -> None:
    assert assistant.parse("/inform{" + "[" * 100_000).intent == "inform"


# --- keywords --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("人工", "human"),
        ("我要找人工帮忙", "human"),
        ("他爸爸天天家暴我们", "violence"),
        ("算了，不说了。", "stop"),
        ("please give me a person!", "human"),
        ("请stop吧", "nlu_fallback"),
        ("unstoppable", "nlu_fallback"),
        ("stop", "stop"),
        ("人 工", "nlu_fallback"),
        ("", "nlu_fallback"),
    ],
)
def test_a_keyword_is_found_inside_chinese_and_as_a_whole_word_elsewhere(
    assistant: Assistant, text: str, intent: str
) -> None:
    assert assistant.parse(text).intent == intent


def test_the_longest_keyword_wins(talking: Callable[..., Talk]) -> None:
    nlu = "nlu:\n- {intent: stop, examples: '- 说'}\n- {intent: human, examples: '- 找人说'}\n"
    assert talking(DOMAIN, RULES, nlu=nlu).assistant.parse("我想找人说说").intent == "human"


def test_an_example_of_two_intents_tells_nothing(talking: Callable[..., Talk]) -> None:
    nlu = "nlu:\n- {intent: stop, examples: '- 好'}\n- {intent: human, examples: '- 好'}\n"
    assert talking(DOMAIN, RULES, nlu=nlu).assistant.parse("好").intent is None


def test_a_keyword_within_another_intent_s_keyword_stays_one(talking: Callable[..., Talk]) -> None:
    nlu = "nlu:\n- {intent: stop, examples: '- stop'}\n- {intent: human, examples: '- do not stop'}\n"
    assistant = talking(DOMAIN, RULES, nlu=nlu).assistant
    assert [assistant.parse(text).intent for text in ("please stop", "please do not stop")] == ["stop", "human"]


def test_an_example_that_is_no_expression_is_looked_for_as_it_stands(talking: Callable[..., Talk]) -> None:
    nlu = "nlu:\n- {intent: stop, examples: '- x (('}\n- {intent: human, examples: '- is it o?pen'}\n"
    assistant = talking(DOMAIN, RULES, nlu=nlu).assistant
    assert [assistant.parse(text).intent for text in ("x ((y", "is it pen")] == ["stop", "human"]


@pytest.mark.parametrize(("sensitive", "intent"), [("true", None), ("false", "stop")])
def test_case_matters_only_where_the_pipeline_says_so(
    talking: Callable[..., Talk], sensitive: str, intent: str | None
) -> None:
    config = f"pipeline: [{{name: KeywordIntentClassifier, case_sensitive: {sensitive}}}]\npolicies: [{{name: RulePolicy}}]\n"
    assert talking(DOMAIN, RULES, config=config, nlu=NLU).assistant.parse("STOP").intent == intent


# --- entities --------------------------------------------------------------------------------------------------------


def test_tables_patterns_and_synonyms_find_entities(assistant: Assistant) -> None:
    parsed = assistant.parse("孩子在泸溪，12岁")
    assert [(e["entity"], e["value"], e["start"], e["end"]) for e in parsed.entities] == [
        ("age", "12", 6, 8),
        ("county", "泸溪县", 3, 5),
    ]


def test_a_lookup_table_is_found_inside_chinese(assistant: Assistant) -> None:
    assert [entity["value"] for entity in assistant.parse("她住在杭州西湖边").entities] == ["杭州市"]


def test_several_entities_may_be_marked_in_one_word(talking: Callable[..., Talk]) -> None:
    nlu = 'nlu:\n- intent: inform\n  examples: |\n    - in [Lu][{"entity": "county", "value": "泸溪县"}, {"entity": "age"}] now\n'
    nlu += "- {lookup: age, examples: '- Lu'}\n- {lookup: county, examples: '- Lu'}\n- {lookup: empty, examples: ''}\n"
    found = talking(DOMAIN, RULES, config=CONFIG, nlu=nlu).assistant.parse("Lu").entities
    assert [(entity["entity"], entity["value"]) for entity in found] == [("age", "泸溪县"), ("county", "泸溪县")]


def test_a_pattern_for_an_entity_that_no_example_marks_finds_nothing_as_in_rasa(talking: Callable[..., Talk]) -> None:
    nlu = "nlu:\n- {regex: age, examples: '- [0-9]+'}\n"
    assert talking(DOMAIN, RULES, config=CONFIG, nlu=nlu).assistant.parse("12").entities == ()


# --- doubt -----------------------------------------------------------------------------------------------------------


def test_a_payload_that_is_not_sure_is_still_taken_at_its_word(assistant: Assistant) -> None:
    assert assistant.parse("/inform@0.1").intent == "inform"


def test_the_default_intents_are_known_without_being_declared(assistant: Assistant) -> None:
    assert {"restart", "back", "session_start", "out_of_scope", "nlu_fallback"} <= assistant.intents
