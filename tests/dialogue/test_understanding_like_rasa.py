"""What rasa 3.6.21 made of texts, recorded by `parity/understanding.py`, and what we make of them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue import Assistant, Project
from bot.dialogue.understanding.reading import Reading

HERE = Path(__file__).parent
PROJECTS = HERE / "understanding"
# Words, features and classifiers are Rasa's; `faq` is served by stand-ins.
EXACT = ("characters", "chinese", "english", "keywords", "liblinear", "pairs")
# Rasa's scikit-learn is of 2022; the largest difference there is.
CLOSE = 0.001
Line = dict[str, Any]


@cache
def project(name: str) -> Project:
    return Project.load(PROJECTS / name)


def recorded(name: str) -> list[Line]:
    lines: list[Line] = json.loads((HERE / "golden" / "understanding" / f"{name}.json").read_text("utf-8"))[
        "understood"
    ]
    return lines


def parsed(name: str, line: Line) -> Line:
    return Assistant(project(name), lambda _: {}).parse(line["text"]).data()


def reading(name: str) -> Reading | None:
    return next((part.reading for part in project(name).pipeline if hasattr(part, "reading")), None)


def test_more_than_a_thousand_texts_are_compared() -> None:
    assert sum(len(recorded(path.name)) for path in PROJECTS.iterdir() if path.is_dir()) > 1600


@pytest.mark.parametrize("name", [*sorted(set(EXACT) - {"keywords"}), "faq"])
def test_words_are_those_of_rasa(name: str) -> None:
    read = reading(name)
    assert read is not None
    for line in recorded(name):
        if not line.get("breaks"):
            assert [[token.start, token.end] for token in read.tokens(line["heard"])] == line["tokens"], line["text"]


@pytest.mark.parametrize("name", EXACT)
def test_intents_are_those_of_rasa(name: str) -> None:
    for line in recorded(name):
        if not line.get("breaks"):
            assert parsed(name, line)["intent"]["name"] == line["intent"][0], line["text"]


@pytest.mark.parametrize("name", EXACT)
def test_rankings_are_those_of_rasa(name: str) -> None:
    for line in recorded(name):
        if line.get("breaks"):
            continue
        ranking = {ranked["name"]: ranked["confidence"] for ranked in parsed(name, line).get("intent_ranking", [])}
        assert len(ranking) == line["ranked"]
        assert {intent: ranking[intent] for intent, _ in line["ranking"]} == pytest.approx(
            dict(line["ranking"]), abs=CLOSE
        )


@pytest.mark.parametrize("name", EXACT)
def test_entities_are_those_of_rasa(name: str) -> None:
    for line in recorded(name):
        if not line.get("breaks"):
            assert parsed(name, line)["entities"] == line["entities"], line["text"]


@pytest.mark.parametrize("name", ["chinese", "english", "liblinear"])
def test_what_breaks_rasa_is_understood_as_nothing_in_particular(name: str) -> None:
    broken = [line for line in recorded(name) if line.get("breaks")]
    assert [line["text"] for line in broken] == ["", " "]
    for line in broken:
        ranking = parsed(name, line).get("intent_ranking", [])
        assert sum(ranked["confidence"] for ranked in ranking if ranked["name"] != "nlu_fallback") > 0.5


# --- stand-ins --------------------------------------------------------------------------------------------------------


def examples(name: str) -> list[tuple[str, str]]:
    """Every example of a project with its intent in full."""
    found, intent = [], ""
    for line in (PROJECTS / name / "data" / "nlu.yml").read_text("utf-8").splitlines():
        intent = line.removeprefix("- intent: ") if line.startswith("- intent: ") else intent
        if line.startswith("    - "):
            found.append((line.removeprefix("    - "), intent))
    return found


@pytest.mark.parametrize(("text", "intent"), examples("faq"))
def test_stand_ins_know_the_examples_they_learned_from(text: str, intent: str) -> None:
    data = Assistant(project("faq"), lambda _: {}).parse(text).data()
    assert data["intent"]["name"] == intent.split("/", maxsplit=1)[0]
    assert data["intent"]["confidence"] > 0.8
    if "/" in intent:
        assert data["intent"]["full_retrieval_intent_name"] == intent


def test_a_selector_says_what_it_chose_in_rasa_s_form() -> None:
    agreed = 0
    for line in recorded("faq"):
        data = parsed("faq", line)
        assert sorted(data["response_selector"].pop("all_retrieval_intents")) == line["all"]
        for intent, theirs in line["selected"].items():
            ours = data["response_selector"][intent]
            assert len(ours["ranking"]) == theirs["ranking"]
            assert ours["response"].keys() == theirs["response"].keys()
            if ours["response"]["intent_response_key"] == theirs["response"]["intent_response_key"]:
                agreed += 1
                certain = {"confidence": 0}
                assert ours["response"] | certain == theirs["response"] | certain
    assert agreed > 1.8 * len(recorded("faq"))
