"""`rightdoor bench --against-rasa`, as far as it can be tried without Rasa; the comparison itself is run by hand."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.errors import InputError
from bot.workbench.against_rasa import Row, _table
from bot.workbench.against_rasa.ours import CONFIG, assistant_of, growth, turns_per_second, with_more_rules
from bot.workbench.against_rasa.rasa_home import RasaHome
from bot.workbench.against_rasa.scripts import FORM, RULE

ORACLE = Path(__file__).parents[3] / "shared" / "rasa-oracle" / "bot"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The family-referral bot of Rasa's environment, where the founders' folder lies beside the checkout."""
    if not ORACLE.exists():
        pytest.skip("../shared is not here")
    shutil.copytree(ORACLE, tmp_path / "bot")
    return tmp_path / "bot"


def test_without_rasa_one_line_says_what_is_missing_and_how_to_make_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RASA_HOME", str(tmp_path))
    with pytest.raises(InputError, match=r"venv/bin/python is not there: .*pip install rasa==3\.6\.21"):
        RasaHome.find()
    assert isinstance(CliRunner().invoke(cli, ["bench", "--against-rasa"]).exception, InputError)


def test_both_scripts_end_as_they_must_on_our_engine(project: Path) -> None:
    assistant = assistant_of(project)
    assert (project / CONFIG).exists()
    assert turns_per_second(assistant, FORM, 2) > 0
    assert turns_per_second(assistant, RULE, 2) > 0
    assert growth(assistant, 8, 24, 1) > 0


def test_the_copy_with_more_rules_holds_the_same_conversation(project: Path) -> None:
    with with_more_rules(project, 30) as copy:
        assistant = assistant_of(copy)
        assert {"more_0", "more_29"} <= assistant.intents
        assert assistant.handle(None, "/more_7", {}, sender="mei", channel="rest").replies[-1]["text"] == "more_7"
        assert turns_per_second(assistant, FORM, 1) > 0


@pytest.mark.parametrize(("ratio", "at_most", "holds"), [(49.9, False, False), (50, False, True), (1.2, True, False)])
def test_a_bar_that_is_missed_is_said_to_be(ratio: float, at_most: bool, holds: bool) -> None:  # noqa: FBT001
    row = Row("a turn", "turns/s", 1000.0, 20.0, "rasa", ratio, 1.1 if at_most else 50, at_most=at_most)
    assert row.holds is holds
    assert row.to_json()["holds"] is holds
    assert _table([row]).row_count == 1
