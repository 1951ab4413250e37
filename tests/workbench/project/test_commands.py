"""The commands about any Rasa project, run as people run them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ProjectFileError
from bot.workbench.project.story_report import failed_stories
from bot.workbench.project.validate import validate
from bot.workbench.project.walking import walks

RASA = Path(__file__).parents[2] / "rasa"
LIBRARY = RASA / "project"


def rightdoor(*arguments: object, says: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from bot.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, input=says, capture_output=True, text=True, check=False, timeout=60)


def objects(*arguments: object, says: str) -> list[Any]:
    return [json.loads(line) for line in rightdoor(*arguments, "--json", says=says).stdout.splitlines()]


def test_chat_shows_numbered_buttons_and_a_number_chooses() -> None:
    done = rightdoor("chat", "--project", LIBRARY, says="hello\n2\nit is otto\n2\nyes\nthe map\ndata\n\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "Hello from the library.", "", "What would you like?", "  1. Opening hours", "  2. A card",
        "Whose card?",
        "Which branch?", "  1. North", "  2. South",
        "Shall I make it?",
        "The card is printed.", '  custom: {"printed": true}', "Card L-4 for Otto is ready at south.",
        "This is the way.", "  image: https://library.example/plan.png",
        "Data for machines.", '  custom: {"kind": "hours", "days": ["mon", "tue"]}',
    ]  # fmt: skip


def test_chat_tells_the_author_what_an_action_raised_and_the_writer_that_it_went_wrong() -> None:
    done = rightdoor("chat", "--project", LIBRARY, says="crash\n/restart\n")
    assert done.stderr == "action_crash: RuntimeError: the printer is on fire\n"
    assert done.stdout.startswith("Sorry, something went wrong on our side")
    assert done.stdout.endswith("(nothing was said)\n")


def test_chat_for_programs_gives_one_object_a_turn() -> None:
    first, second, third = objects(
        "chat", "--project", LIBRARY, says='a card\n{"text": "it is ines"}\n{"payload": "/crash"}\n'
    )
    assert first == {
        "replies": [{"text": "Whose card?", "buttons": []}],
        "slots": dict.fromkeys(("name", "branch", "sure", "number", "session_started_metadata"))
        | {"requested_slot": "name"},
        "active_loop": "card_form",
        "actions": ["card_form", "action_listen"],
        "failed": None,
    }
    assert second["slots"]["name"] == "Ines"
    assert third["failed"] == "action_crash" or third["active_loop"] == "card_form"


@pytest.mark.parametrize(
    ("arguments", "says", "told"),
    [
        (("chat", "--project", "/nowhere/at/all"), "", "/nowhere/at/all: there is no such folder"),
        (("chat", "--project", LIBRARY, "--actions", "localhost:5055"), "", "begins with http:// or https://"),
        (("chat", "--project", LIBRARY, "--json"), "{bad\n", "line 1: not JSON"),
        (("chat", "--project", LIBRARY, "--json"), '{"say": 1}\n', 'line 1: give {"text": …}'),
        (("test", "--project", RASA / "golden"), "", "domain"),
        (("run", "--project", LIBRARY, "--db", "/proc/nowhere/c.db"), "", "/proc/nowhere cannot be made"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line(arguments: tuple[object, ...], says: str, told: str) -> None:
    done = rightdoor(*arguments, says=says)
    assert done.returncode == 2
    assert told in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


def test_test_stories_go_as_under_rasa() -> None:
    """The same stories fail at the same steps, with the same actions and intents predicted, as under rasa 3.6.21."""
    recorded = (RASA / "golden" / "failed_test_stories.yml").read_text(encoding="utf-8")
    assert _steps(failed_stories(walks(LIBRARY))) == _steps(recorded)


def _steps(text: str) -> list[str]:
    """Stories, intents and actions with what was predicted instead, without words, entities and quotes."""
    lines = (line.strip().lstrip("- ").replace('"', "") for line in text.splitlines())
    kept = [line for line in lines if line.startswith(("story:", "intent:", "action:"))]
    return [re.sub(r"(predicted: \w+).*", r"\1", line) for line in kept]


def test_test_says_what_was_expected_and_what_came(tmp_path: Path) -> None:
    done = rightdoor("test", "--project", LIBRARY, "--out", tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[:2] == [
        "tests/test_stories.yml:38: a wrong intent",
        "    expected 'hello' as bye, came greet",
    ]
    assert done.stdout.splitlines()[-1] == "2 of 5 stories as written"
    assert (tmp_path / "failed_test_stories.yml").read_text(encoding="utf-8").startswith('version: "3.1"\nstories:\n')


def test_stories_that_go_as_written_end_with_0(tmp_path: Path) -> None:
    shutil.copytree(LIBRARY, tmp_path / "library")
    story = "stories:\n- story: bot words\n  steps:\n  - intent: why\n  - bot: A card has a name on it.\n"
    (tmp_path / "library" / "tests" / "test_stories.yml").write_text(story)
    done = rightdoor("test", "--project", tmp_path / "library", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (
        0, [{"story": "bot words", "file": "tests/test_stories.yml", "line": 2, "passed": True, "wrong": []}],
    )  # fmt: skip


def test_a_story_may_name_the_response_of_a_retrieval_intent(tmp_path: Path) -> None:
    for name, text in FAQ.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    right, wrong = walks(tmp_path)
    assert not right.wrong
    (step,) = wrong.wrong
    assert step.found == {"intent": "faq/hours", "entities": []}


FAQ = {
    "domain.yml": "intents: [faq, bye]\nresponses: {utter_faq/hours: [{text: At 9}], utter_faq/place: [{text: Here}]}\n",
    "config.yml": "pipeline: [{name: WhitespaceTokenizer}, {name: CountVectorsFeaturizer}, "
    "{name: LogisticRegressionClassifier}, {name: ResponseSelector}]\npolicies: [{name: RulePolicy}]\n",
    "data/nlu.yml": "nlu:\n- {intent: faq/hours, examples: '- when do you open'}\n"
    "- {intent: faq/place, examples: '- where are you'}\n- {intent: bye, examples: '- goodbye then'}\n",
    "data/rules.yml": "rules: [{rule: faq, steps: [{intent: faq}, {action: utter_faq}]}]\n",
    "tests/test_stories.yml": "stories:\n"
    "- {story: a, steps: [{user: when do you open, intent: faq/hours}, {action: utter_faq}]}\n"
    "- {story: b, steps: [{user: when do you open, intent: faq/place}, {action: utter_faq}]}\n",
}


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("- intent: whi", "tests/test_stories.yml:4: unknown intent 'whi'; did you mean 'why'?"),
        ("- user: hi\n    intent: whi", "tests/test_stories.yml:5: unknown intent 'whi'; did you mean 'why'?"),
        ("- user: it is [Ines](nam)\n    intent: why", "tests/test_stories.yml:4: unknown entity 'nam'"),
        ("- action: utter_whi", "tests/test_stories.yml:4: unknown action or response 'utter_whi'"),
        ("- checkpoint: c", "tests/test_stories.yml:4: checkpoints are not supported"),
        ("- shrug", "tests/test_stories.yml:4: a step is `key: value`"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_test_story_is_told_with_its_line(tmp_path: Path, step: str, told: str) -> None:
    shutil.copytree(LIBRARY, tmp_path / "library")
    story = f"stories:\n- story: s\n  steps:\n  {step}\n"
    (tmp_path / "library" / "tests" / "test_stories.yml").write_text(story)
    with pytest.raises(ProjectFileError) as refused:
        walks(tmp_path / "library")
    assert str(refused.value).startswith(told)
    (remark,) = validate(tmp_path / "library", ignore_unsupported=False)
    assert f"{remark.file}:{remark.line}: {remark.what}".startswith(told)


def test_validate_finds_nothing_where_nothing_is_wrong() -> None:
    done = rightdoor("data", "validate", "--project", LIBRARY)
    assert (done.returncode, done.stdout) == (0, "nothing to remark\n")


def test_validate_tells_what_is_doubtful(tmp_path: Path) -> None:
    shutil.copytree(LIBRARY, tmp_path / "library")
    (tmp_path / "library" / "data" / "more.yml").write_text("responses: {utter_nobody_says: [{text: hm}]}\n")
    (remark,) = validate(tmp_path / "library", ignore_unsupported=False)
    assert (remark.kind, remark.file, remark.line) == ("warning", "data/more.yml", 1)


def test_validate_lists_what_would_be_left_out(tmp_path: Path) -> None:
    shutil.copytree(LIBRARY, tmp_path / "library")
    (tmp_path / "library" / "data" / "stories.yml").write_text("stories:\n- story: s\n  steps: [{intent: why}]\n")
    (refused,) = validate(tmp_path / "library", ignore_unsupported=False)
    assert refused.kind == "error"
    (left_out,) = validate(tmp_path / "library", ignore_unsupported=True)
    assert (left_out.kind, left_out.file, left_out.line) == ("skipped", "data/stories.yml", 2)
    talk = rightdoor("chat", "--project", tmp_path / "library", "--ignore-unsupported", says="why\n")
    assert talk.stdout == "A card has a name on it.\n"
    assert talk.stderr.startswith("left out: data/stories.yml:2: stories are not supported")


def test_validate_tells_all_rules_that_disagree(tmp_path: Path) -> None:
    shutil.copytree(LIBRARY, tmp_path / "library")
    (tmp_path / "library" / "data" / "more.yml").write_text(
        "rules:\n- rule: greet twice\n  steps: [{intent: greet}, {action: utter_bye}]\n"
        "- rule: why twice\n  steps: [{intent: why}, {action: utter_bye}]\n"
    )
    done = rightdoor("data", "validate", "--project", tmp_path / "library", "--json")
    assert done.returncode == 2
    assert {remark["file"] for remark in json.loads(done.stdout)} <= {"data/more.yml", "data/rules.yml"}
    assert len(json.loads(done.stdout)) >= 2


LEARNS = """
pipeline:
- name: WhitespaceTokenizer
- name: CountVectorsFeaturizer
- name: LogisticRegressionClassifier
policies: [{name: RulePolicy}]
"""


def test_train_learns_once_for_the_same_files_and_every_command_finds_it(tmp_path: Path) -> None:
    library = tmp_path / "library"
    shutil.copytree(LIBRARY, library)
    (library / "config.yml").write_text(LEARNS)
    done = rightdoor("train", "--project", library)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == (
        "9 rules, 16 intents, 6 slots, 1 forms, 11 responses: they agree with one another"
    )
    kept = {path: path.stat().st_mtime_ns for path in (library / ".rightdoor" / "cache").iterdir()}
    assert kept
    assert json.loads(rightdoor("train", "--project", library, "--json").stdout)["rules"] == 9
    assert rightdoor("chat", "--project", library, says="good morning\n").stdout.startswith("Hello from the library.")
    assert {path: path.stat().st_mtime_ns for path in (library / ".rightdoor" / "cache").iterdir()} == kept


def test_train_refuses_what_chat_would_refuse(tmp_path: Path) -> None:
    shutil.copytree(LIBRARY, tmp_path / "library")
    (tmp_path / "library" / "data" / "more.yml").write_text("rules: [{rule: r, steps: [{intent: whi}]}]\n")
    done = rightdoor("train", "--project", tmp_path / "library")
    assert (done.returncode, done.stderr) == (
        2, "data/more.yml:1: unknown intent 'whi'; did you mean 'why'?\n",
    )  # fmt: skip


def test_the_shell_can_complete_the_commands() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli import cli; cli(prog_name='rightdoor')"],
        env={"_RIGHTDOOR_COMPLETE": "complete_bash", "COMP_WORDS": "rightdoor da", "COMP_CWORD": "1", "PATH": "/bin"},
        cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "data" in done.stdout.split()
