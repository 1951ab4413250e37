"""Components that learn: what they are made of, what they keep, what they do with texts nobody expected."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.dialogue import Assistant, Project
from bot.dialogue.understanding import lessons
from bot.errors import ProjectFileError
from tests.dialogue.talking import Talk

DOMAIN = """\
intents: [greet, travel, weather, faq]
entities: [city: {roles: [from, to]}, day]
responses:
  utter_greet: [{text: Hello.}]
  utter_faq/hours: [{text: From nine.}]
  utter_faq/price: [{text: Nothing.}]
"""
RULES = """\
rules:
- {rule: greet, steps: [{intent: greet}, {action: utter_greet}]}
- {rule: faq, steps: [{intent: faq}, {action: utter_faq}]}
"""
NLU = """\
nlu:
- intent: greet
  examples: |
    - hello
    - good morning
    - 你好
- intent: travel
  examples: |
    - from [Paris]{"entity": "city", "role": "from"} to [Berlin]{"entity": "city", "role": "to"}
    - a train from [New York]{"entity": "city", "role": "from"} to [Rome]{"entity": "city", "role": "to"} please
    - to [Oslo]{"entity": "city", "role": "to"} [tomorrow](day)
    - I go to [Madrid]{"entity": "city", "role": "to"} from [Lima]{"entity": "city", "role": "from"}
    - 从 [北京]{"entity": "city", "role": "from"} 到 [上海]{"entity": "city", "role": "to"}
- intent: weather
  examples: |
    - will it rain [tomorrow](day)
    - is it cold
    - 明天 下雨 吗
- intent: faq/hours
  examples: |
    - when do you open
    - 几点 开门
- intent: faq/price
  examples: |
    - what does it cost
    - 多少 钱
- lookup: city
  examples: |
    - 泸溪
    - Turin
"""
PIPELINE = """\
language: en
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: CountVectorsFeaturizer
- name: {learner}
- name: ResponseSelector
policies: [{{name: RulePolicy}}]
"""
DIET, LOGISTIC = (PIPELINE.format(learner=name) for name in ("DIETClassifier", "LogisticRegressionClassifier"))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for tests that ask what was learned, not when."""
    return tmp_path_factory.mktemp("learned")


Load = Callable[..., Assistant]


@pytest.fixture
def load(written: Callable[..., Path], shared: Path) -> Load:
    """An assistant: `load(config, nlu, rules)`."""

    def loaded(config: str, nlu: str = NLU, rules: str = RULES) -> Assistant:
        return Assistant(Project.load(written(DOMAIN, rules, config, nlu), cache=shared), lambda _: {})

    return loaded


@pytest.fixture
def folder(written: Callable[..., Path]) -> Path:
    return written(DOMAIN, RULES, DIET, NLU)


@pytest.fixture
def assistant(load: Load) -> Assistant:
    return load(DIET)


# --- stand-ins --------------------------------------------------------------------------------------------------------


def test_diet_s_stand_in_knows_its_own_examples_and_entities(assistant: Assistant) -> None:
    parsed = assistant.parse("a train from Paris to New York tomorrow")
    assert parsed.intent == "travel"
    assert [(e["entity"], e.get("role"), e["value"], e["start"], e["end"]) for e in parsed.entities] == [
        ("city", "from", "Paris", 13, 18),
        ("city", "to", "New York", 22, 30),
        ("day", None, "tomorrow", 31, 39),
    ]
    assert parsed.entities[0].keys() >= {"confidence_entity", "confidence_role", "extractor"}


def test_a_city_nobody_wrote_yet_is_found_by_its_place_and_by_the_lookup_table(assistant: Assistant) -> None:
    assert [(e["value"], e["role"]) for e in assistant.parse("I go to Turin").entities] == [("Turin", "to")]


def test_parts_of_diet_can_be_switched_off(load: Load) -> None:
    off = "DIETClassifier\n  entity_recognition: false\n  epochs: 3"
    parsed = load(PIPELINE.format(learner=off))
    assert (parsed.parse("from Paris").intent, parsed.parse("from Paris").entities) == ("travel", ())


def test_diet_without_features_of_whole_texts_counts_by_itself(load: Load) -> None:
    config = DIET.replace("CountVectorsFeaturizer", "LexicalSyntacticFeaturizer")
    assert load(config).parse("hello").intent == "greet"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("when do you open", "From nine."),
        ("what does it cost", "Nothing."),
        ("几点 开门", "From nine."),
        ("hello", "Hello."),
    ],
)
def test_the_response_that_fits_is_said(assistant: Assistant, text: str, said: str) -> None:
    talk = Talk(assistant)
    assert talk.say(text) == [said]


def test_the_record_names_the_response_in_full(assistant: Assistant) -> None:
    talk = Talk(assistant)
    talk.say("what does it cost")
    said = next(event for event in talk.last.events if event["event"] == "bot")
    assert said["metadata"]["utter_action"] == "utter_faq/price"


@pytest.mark.parametrize(
    ("payload", "said"), [("/faq/price", ["Nothing."]), ("/faq/hours@0.4", ["From nine."]), ("/faq", [])]
)
def test_a_payload_of_a_retrieval_intent_says_its_response(assistant: Assistant, payload: str, said: list[str]) -> None:
    assert Talk(assistant).say(payload) == said


def test_a_selector_may_be_for_one_retrieval_intent(load: Load) -> None:
    config = DIET.replace("ResponseSelector", "ResponseSelector\n  retrieval_intent: faq")
    parsed = load(config).parse("多少 钱")
    assert parsed.data()["response_selector"]["faq"]["response"]["intent_response_key"] == "faq/price"


def test_a_choice_that_nobody_makes_is_refused_where_the_rule_asks_for_it(written: Callable[..., Path]) -> None:
    folder = written(
        DOMAIN, RULES, "pipeline: [{name: KeywordIntentClassifier}]\npolicies: [{name: RulePolicy}]\n", NLU
    )
    with pytest.raises(ProjectFileError, match=r"^data/rules\.yml:3: utter_faq needs a ResponseSelector for 'faq'"):
        Project.load(folder)
    passed_over = Project.load(folder, ignore_unsupported=True)
    assert "utter_faq needs a ResponseSelector" in str(passed_over.skipped)
    assert Talk(Assistant(passed_over, lambda _: {})).say("/faq") == []


def test_without_a_pipeline_rasa_s_usual_one_is_taken(load: Load) -> None:
    assert Talk(load("policies: [{name: RulePolicy}]\n")).say("多少 钱") == ["Nothing."]


def test_a_lookup_table_is_a_feature_inside_chinese(load: Load) -> None:
    nlu = "nlu:\n- {intent: greet, examples: '- 泸溪'}\n- {intent: travel, examples: '- Lima'}\n"
    nlu += "- {lookup: city, examples: '- 泸溪'}\n"
    config = LOGISTIC.replace("- name: CountVectorsFeaturizer\n", "").replace("- name: ResponseSelector\n", "")
    parsed = load(config, nlu, "rules: []")
    assert parsed.parse("我在泸溪住").confidence > parsed.parse("我在长沙住").confidence


# --- the cache --------------------------------------------------------------------------------------------------------


def learned_again(folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often something is learned when the project is loaded with this cache."""
    learn, count = lessons.learned, []
    monkeypatch.setattr(lessons, "learned", lambda *given: count.append(1) or learn(*given))
    assert Assistant(Project.load(folder, cache=cache), lambda _: {}).parse("hello").intent == "greet"
    monkeypatch.setattr(lessons, "learned", learn)
    return len(count)


def test_what_was_learned_is_kept_by_content(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "deep" / "cache"
    assert [learned_again(folder, cache, monkeypatch) for _ in range(2)] == [3, 0]
    (folder / "data" / "nlu.yml").write_text(NLU.replace("good morning", "good evening"), encoding="utf-8")
    assert learned_again(folder, cache, monkeypatch) > 0
    (folder / "data" / "nlu.yml").write_text(NLU, encoding="utf-8")
    assert learned_again(folder, cache, monkeypatch) == 0


def test_what_is_kept_means_the_same(folder: Path, tmp_path: Path) -> None:
    first, second = (Assistant(Project.load(folder, cache=tmp_path / "c"), lambda _: {}) for _ in range(2))
    for text in ("from Paris to Rome", "几点 开门", "", "will it rain"):
        assert first.parse(text) == second.parse(text)


def spoilt(path: Path, how: str) -> None:
    """A file of the cache as somebody else, or a failing disk, might have left it."""
    if how == "cut short":
        path.write_bytes(path.read_bytes()[:200])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "a pickle":
        with path.open("wb") as file:
            np.save(file, np.array([{"run": "me"}], dtype=object), allow_pickle=True)
    elif how == "a pickle inside":
        held = dict(np.load(path))
        np.savez(path, **held | {"table": np.array([{"run": "me"}], dtype=object)})
    elif how == "of another shape":
        held = dict(np.load(path))
        np.savez(path, **held | {"table": held["table"][:-1]})
    elif how == "not a number":
        held = dict(np.load(path))
        np.savez(path, **held | {"offsets": held["offsets"] * np.nan})
    else:
        another = next(other for other in path.parent.glob("*.npz") if other != path)
        path.write_bytes(another.read_bytes())


@pytest.mark.parametrize(
    "how",
    ["cut short", "empty", "a pickle", "a pickle inside", "of another shape", "not a number", "about something else"],
)
def test_a_file_that_does_not_fit_is_learned_anew(
    folder: Path, tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    learned_again(folder, cache, monkeypatch)
    before = {path: path.read_bytes() for path in sorted(cache.iterdir())}
    for path in before:
        spoilt(path, how)
    assert learned_again(folder, cache, monkeypatch) > 0
    assert learned_again(folder, cache, monkeypatch) == 0


def test_a_folder_that_cannot_be_written_is_no_obstacle(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert learned_again(folder, tmp_path / "file" / "cache", monkeypatch) == 3


def test_progress_is_told_before_each_component_and_at_the_end(folder: Path) -> None:
    told: list[tuple[str, int, int]] = []
    Project.load(folder, progress=lambda *said: told.append(said))
    assert told == [
        ("WhitespaceTokenizer", 0, 5),
        ("RegexFeaturizer", 1, 5),
        ("CountVectorsFeaturizer", 2, 5),
        ("DIETClassifier", 3, 5),
        ("ResponseSelector", 4, 5),
        ("", 5, 5),
    ]


LOADED = """\
import sys
from pathlib import Path
from bot.dialogue import Project
Project.load(Path(sys.argv[1]), **({"cache": sys.argv[2]} if len(sys.argv) > 2 else {}))
print([name for name in ("numpy", "scipy", "sklearn", "rjieba", "regex") if name in sys.modules])
"""


def packages(*arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_pipeline_of_keywords_loads_no_package_for_learning_even_with_a_tokenizer(
    written: Callable[..., Path],
) -> None:
    config = "pipeline: [{name: JiebaTokenizer}, {name: CountVectorsFeaturizer}, {name: KeywordIntentClassifier}]\n"
    nlu = NLU.split("- intent: faq/hours", maxsplit=1)[0]
    folder = written(DOMAIN, "rules: []", config + "policies: [{name: RulePolicy}]\n", nlu)
    assert packages(str(folder)) == "[]"


def test_what_is_kept_is_used_without_scikit_learn(folder: Path, tmp_path: Path) -> None:
    Project.load(folder, cache=tmp_path / "cache")
    assert packages(str(folder), str(tmp_path / "cache")) == "['numpy', 'regex']"


# --- texts and data nobody expected -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["", " ", "😀", "😀😀", "\u0000", "a\u0000b", "\ud800", "\u200b", "." * 1000, "[](", "/"]
)
@pytest.mark.parametrize(
    "config", [DIET, LOGISTIC, LOGISTIC.replace("WhitespaceTokenizer", "JiebaTokenizer").replace("en", "zh", 1)]
)
def test_any_text_is_understood_somehow(load: Load, config: str, text: str) -> None:
    parsed = load(config).parse(text)
    assert parsed.text == text.strip()
    assert sum(confidence for _, confidence in parsed.ranking) == pytest.approx(1)


def test_of_ten_megabytes_the_beginning_is_understood_and_all_is_kept(assistant: Assistant) -> None:
    text = "from Paris to Rome " * 550_000 + "on Monday"
    parsed = assistant.parse(text)
    assert parsed.text == text
    assert parsed.intent == "travel"
    assert max(entity["end"] for entity in parsed.entities) <= 10_000


def test_an_intent_with_one_example_is_learned(load: Load) -> None:
    nlu = NLU.split("- intent: travel", maxsplit=1)[0] + "- {intent: weather, examples: '- is it cold'}\n"
    config = LOGISTIC.replace("- name: ResponseSelector\n", "")
    parsed = load(config, nlu, "rules: []").parse("is it cold")
    assert parsed.intent == "weather"


def test_an_intent_without_examples_is_never_understood(assistant: Assistant) -> None:
    assert all(intent != "restart" for intent, _ in assistant.parse("restart").ranking)


def test_an_example_of_two_intents_is_half_of_each(load: Load) -> None:
    nlu = "nlu:\n- {intent: greet, examples: '- hm'}\n- {intent: weather, examples: '- hm'}\n"
    config = LOGISTIC.replace("- name: ResponseSelector\n", "")
    parsed = load(config, nlu, "rules: []").parse("hm")
    assert [confidence for _, confidence in parsed.ranking] == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("nlu", ["", "nlu:\n", "nlu: []\n", "nlu:\n- {intent: greet, examples: ''}\n"])
@pytest.mark.parametrize("config", [DIET, LOGISTIC])
def test_where_nothing_is_taught_nothing_is_understood(load: Load, config: str, nlu: str) -> None:
    parsed = load(config, nlu, "rules: []").parse("hello")
    assert (parsed.intent, parsed.confidence) == (None, 0.0)


@pytest.mark.parametrize("config", [DIET, LOGISTIC])
def test_only_patterns_teach_no_intent(load: Load, config: str) -> None:
    nlu = "nlu:\n- {regex: city, examples: '- [A-Z]'}\n"
    assert load(config, nlu, "rules: []").parse("hello").intent is None
