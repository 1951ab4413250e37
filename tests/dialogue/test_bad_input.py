"""Files and folders that are not what a project is: refused by name, where possible with the line; nothing hangs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue import Project
from tests.dialogue.test_broken_files import DOMAIN, GOOD, RULES, refusal

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)
YAML_TRICKS = {
    "a bomb of aliases": (BOMB, "5: not YAML: aliases repeat more than 100000 values; write out what is meant"),
    "an alias in itself": ("a: &a [*a]\n", "1: not YAML: *a stands inside what it names"),
    "an alias in itself after another of its name": ("b: &a x\na: &a [*a]\n", "2: not YAML: *a stands inside what it names"),
    "a merge with itself": ("a: &a {<<: *a}\n", "1: not YAML: *a stands inside what it names"),
    "an alias of nothing": ("a: *b\n", "1: not YAML: found undefined alias 'b'"),
    "brackets without end": ("a: " + "[" * 5000, "1: nested more than 100 deep"),
    "a character that is none": ("a: b\nc: \0\n", "2: not YAML: the character '\\x00'"),
    "half an emoji": ('é: "\\ud83d"\n', "1: not YAML: half a character: write the character itself"),
    "half an emoji in ASCII": ('a: "\\ud83d"\n', "1: not text in UTF-8"),
    "a number of five thousand digits": (
        "a: " + "9" * 5000,
        f"1: not YAML: {'9' * 60!r} is not a whole number",
    ),
    "an endless number": ("a: 1e999\n", "1: not YAML: not a number one can reckon with"),
    "an object of Python": ("a: !os.system {}\n", "1: not YAML: !os.system is no type of value here"),
    "a picture in the text": ("a: !!binary aGk=\n", "1: not YAML: tag:yaml.org,2002:binary is no type of value here"),
    "a truth that is none": ("a: !!bool maybe\n", "1: not YAML: 'maybe' is not true or false"),
    "a list said to be a mapping": ("a: !!map []\n", "1: not YAML: a mapping (key: value) is meant here"),
    "a mapping said to be a list": ("a: !!seq {}\n", "1: not YAML: a list (- …) is meant here"),
    "a key that is a list": ("? [a, b]\n: c\n", "1: not YAML: a key is one word"),
    "a name the environment does not know": ("a: ${NOBODY}\n", "1: not YAML: nothing in the environment is called ${NOBODY}"),
    "two documents": ("a: b\n---\nc: d\n", "2: not YAML: but found another document"),
}  # fmt: skip


@pytest.mark.parametrize("trick", YAML_TRICKS)
def test_yaml_that_is_a_trick_is_refused_at_its_line(written: Callable[..., Path], trick: str) -> None:
    content, says = YAML_TRICKS[trick]
    assert refusal(written(**GOOD | {"domain": content})) == f"domain.yml:{says}"


def test_what_stands_in_aliases_is_as_if_it_were_written_out(written: Callable[..., Path]) -> None:
    domain = "session_config: &a {session_expiration_time: 5}\nintents: [greet, ask]\nresponses:\n"
    domain += "  utter_greet: &r\n  - &v {text: Hello.}\n  utter_ask: *r\n  utter_bye: [{<<: *v, channel: rest}]\n"
    project = Project.load(written(**GOOD | {"domain": domain, "rules": RULES}))
    assert [v.content["text"] for name in sorted(project.domain.responses) for v in project.domain.responses[name]] == (
        ["Hello."] * 3
    )


def test_a_name_in_the_environment_is_filled_in_where_no_quotes_forbid_it(
    written: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFICE", "Luxi")
    domain = DOMAIN.replace("text: Hello.", "text: 'Hello ${OFFICE}.'")
    domain = domain.replace('[{text: "To {route}."}]', "\n  - text: Hello from ${OFFICE}.")
    responses = Project.load(written(**GOOD | {"domain": domain})).domain.responses
    assert responses["utter_greet"][0].content["text"] == "Hello ${OFFICE}."
    assert responses["utter_refer"][0].content["text"] == "Hello from Luxi."


def test_an_emoji_written_in_ascii_is_the_emoji(written: Callable[..., Path]) -> None:
    domain = DOMAIN.replace("text: Hello.", r'text: "Hello \ud83d\ude00"')
    responses = Project.load(written(**GOOD | {"domain": domain})).domain.responses
    assert responses["utter_greet"][0].content["text"] == "Hello 😀"


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_ends_of_line_of_other_systems_are_ends_of_line(written: Callable[..., Path], ends: str) -> None:
    folder = written(**GOOD)
    (folder / "data" / "rules.yml").write_bytes(RULES.replace("utter_greet", "utter_gret").replace("\n", ends).encode())
    assert refusal(folder).startswith("data/rules.yml:5: unknown action or response 'utter_gret'")


# --- what looks wrong and is right, because Rasa reads it -------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "written_as", "instead"),
    [
        ("domain", "intents:", "version: '2.0'\nintents:"),
        ("domain", "[greet, ask]", "[greet, ask, greet]"),
        ("config", "- name: RulePolicy", "- {name: RulePolicy, use_nlu_confidence_as_score: true, max_history: 5}"),
        ("nlu", "    - hello", "    - hello\n    # a remark"),
    ],
)
def test_what_rasa_reads_is_read(written: Callable[..., Path], file: str, written_as: str, instead: str) -> None:
    assert written_as in GOOD[file]
    project = Project.load(written(**GOOD | {file: GOOD[file].replace(written_as, instead)}))
    assert {"greet", "ask"} <= project.domain.intents


def test_a_knowledge_base_has_slots_of_its_own(written: Callable[..., Path]) -> None:
    domain = GOOD["domain"].replace("[action_refer]", "[action_refer, action_query_knowledge_base]")
    slots = Project.load(written(**GOOD | {"domain": domain})).domain.slots.slots
    assert slots["knowledge_base_last_object"].kind == "text"


# --- versions and keys -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("version", "shown"), [('"3.5"', "'3.5'"), ("4.0", "4.0"), ('"3.2"', "'3.2'")])
def test_a_format_of_another_version_is_refused(written: Callable[..., Path], version: str, shown: str) -> None:
    says = refusal(written(**GOOD | {"rules": f"version: {version}\n{RULES}"}))
    assert says.startswith("data/rules.yml:1: training data format ")
    assert shown in says


@pytest.mark.parametrize("version", ['"3.1"', "3.1", "3.0", "'3.0'"])
def test_our_versions_are_read_as_words_and_as_numbers(written: Callable[..., Path], version: str) -> None:
    assert Project.load(written(**GOOD | {"rules": f"version: {version}\n{RULES}"})).rules


# --- folders ---------------------------------------------------------------------------------------------------------


def test_an_empty_domain_is_refused(written: Callable[..., Path]) -> None:
    assert (
        refusal(written(**GOOD | {"domain": ""}))
        == "domain.yml:1: `domain.yml` must be a mapping (key: value), not nothing"
    )


def test_an_empty_file_of_data_is_somebody_elses(written: Callable[..., Path]) -> None:
    folder = written(**GOOD)
    (folder / "data" / "later.yml").write_text("# nothing yet\n", encoding="utf-8")
    assert len(Project.load(folder).rules) == 1


def test_a_project_is_a_folder(written: Callable[..., Path]) -> None:
    folder = written(**GOOD)
    assert refusal(folder / "config.yml").endswith("config.yml: a project is a folder, not a file")
    assert refusal(folder / "nowhere").endswith("nowhere: there is no such folder")


def test_a_link_to_itself_is_refused_by_name(written: Callable[..., Path]) -> None:
    folder = written(**GOOD)
    (folder / "data" / "loop.yml").symlink_to("loop.yml")
    assert refusal(folder) == "data/loop.yml: a link that leads nowhere, or no file at all"


def test_a_folder_that_links_to_itself_is_read_once(written: Callable[..., Path]) -> None:
    folder = written(**GOOD)
    (folder / "data" / "again").symlink_to(folder / "data")
    assert len(Project.load(folder).rules) == 1


def test_a_linked_folder_is_read_and_a_hidden_file_is_not(written: Callable[..., Path], tmp_path_factory: Any) -> None:
    folder, shared = written(**GOOD), tmp_path_factory.mktemp("shared")
    (shared / "rules.yml").write_text(RULES.replace("rule: greet", "rule: shared"), encoding="utf-8")
    (folder / "data" / "shared").symlink_to(shared)
    (folder / "data" / ".rules.yml").write_text(RULES.replace("rule: greet", "rule: hidden"), encoding="utf-8")
    assert sorted(rule.name for rule in Project.load(folder).rules) == ["greet", "shared"]


def test_a_folder_named_like_a_file_is_a_folder(written: Callable[..., Path]) -> None:
    folder = written(**GOOD)
    (folder / "data" / "more.yml").mkdir()
    (folder / "data" / "more.yml" / "rules.yml").write_text(
        RULES.replace("rule: greet", "rule: again"), encoding="utf-8"
    )
    assert sorted(rule.name for rule in Project.load(folder).rules) == ["again", "greet"]


def test_a_pipe_is_not_waited_for(written: Callable[..., Path]) -> None:
    folder = written(**GOOD)
    os.mkfifo(folder / "data" / "pipe.yml")
    assert refusal(folder) == "data/pipe.yml: a link that leads nowhere, or no file at all"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that nobody may read")
@pytest.mark.parametrize("name", ["data/rules.yml", "domain.yml", "config.yml"])
def test_a_file_that_cannot_be_read_is_refused_by_name(written: Callable[..., Path], name: str) -> None:
    folder = written(**GOOD)
    (folder / name).unlink()
    (folder / name).symlink_to("/proc/self/mem")
    assert refusal(folder) == f"{name}: cannot be read: Input/output error"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le"])
def test_a_file_in_another_encoding_is_refused_rather_than_passed_over(
    written: Callable[..., Path], encoding: str
) -> None:
    folder = written(**GOOD)
    (folder / "data" / "rules.yml").write_text(RULES, encoding=encoding)
    assert refusal(folder).startswith("data/rules.yml:1: not ")


def test_a_thousand_files_of_somebody_else_cost_little(written: Callable[..., Path]) -> None:
    folder = written(**GOOD)
    for number in range(1000):
        (folder / "data" / f"{number}.yml").write_text("zh: {and: 和}\nwords: [a, b]\n" * 20, encoding="utf-8")
    started = time.process_time()
    assert len(Project.load(folder).rules) == 1
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("good", "bad"), [("type: categorical", f"type: {'y' * 100_000}"), ("[county]}", f"[{'x' * 100_000}]}}")]
)
def test_what_is_refused_is_shown_shortened(written: Callable[..., Path], good: str, bad: str) -> None:
    started = time.process_time()
    assert len(refusal(written(**GOOD | {"domain": DOMAIN.replace(good, bad)}))) < 300
    assert time.process_time() - started < 2
