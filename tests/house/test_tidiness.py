"""Nothing in the repository is tied to one machine, and setting up fails in words."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from bot.settings import EngineSettings, MailSettings, Settings, TelegramSettings, load

ROOT = Path(__file__).parents[2]
# Taken apart, so that this file passes its own test.
REGISTRIES = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))]
OURS = [f"{ROOT}/", f"{Path.home()}/"]


def tracked() -> list[Path]:
    """Every file of the repository; every file of the folder where there is no git."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
        return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    return [file for file in ROOT.rglob("*") if file.is_file() and ".venv" not in file.parts]


def test_no_file_names_a_registry_or_a_path_of_this_machine() -> None:
    banned = [name.encode() for name in REGISTRIES + OURS]
    guilty = [(file.name, name) for file in tracked() for name in banned if name in file.read_bytes()]
    assert guilty == []


def test_the_settings_file_shows_every_setting_with_its_default() -> None:
    shown = (ROOT / "config.yml").read_text(encoding="utf-8")
    names = {
        field.name for kind in (Settings, EngineSettings, TelegramSettings, MailSettings) for field in fields(kind)
    }
    assert {name for name in names if f" {name}:" not in shown} == set()
    assert load(ROOT / "config.yml", environment={}) == Settings()


@pytest.mark.parametrize("named", ["no-such-python", "sh"])
def test_without_a_fitting_python_setting_up_says_what_to_install(tmp_path: Path, named: str) -> None:
    (tmp_path / ".ci").mkdir()
    script = shutil.copy(ROOT / ".ci" / "environment", tmp_path / ".ci")
    environment = {"PATH": "/usr/bin:/bin", "PYTHON": named}
    tried = subprocess.run(
        [script, "requirements.txt"], env=environment, capture_output=True, text=True, timeout=20, check=False
    )
    assert tried.returncode == 1
    assert "apt-get install python3" in tried.stderr
    assert not (tmp_path / ".venv").exists()
