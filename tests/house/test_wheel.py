"""What is shipped is whole: the wheel, in an environment of its own, plays the seed story from an empty folder."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the pinned hatchling without a network."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    return next(folder.glob("rightdoor-*.whl"))


def test_the_wheel_holds_code_rules_and_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {
        "bot",
        "actions",
        f"{'-'.join(wheel.stem.split('-')[:2])}.dist-info",
    }
    assert "bot/_project/config.yml" in names
    assert "bot/_project/data/web_chat.yml" in names
    assert "bot/channels/web/templates/chat.html" in names
    assert "bot/channels/web/static/chat.js" in names
    assert any(name.startswith("bot/_project/rules/") for name in names)
    assert not [name for name in names if name.endswith((".pyc", ".db"))]


def test_the_installed_command_plays_the_seed_story_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    command = installed(wheel, tmp_path / "environment")
    empty = tmp_path / "empty"
    empty.mkdir()
    played = subprocess.run([command, "demo"], cwd=empty, capture_output=True, text=True, timeout=120, check=False)
    assert played.returncode == 0, played.stderr
    for told in ("R01", "110", "民法典"):
        assert told in played.stdout
    assert list(empty.iterdir()) == []


def installed(wheel: Path, folder: Path) -> Path:
    """The `rightdoor` command of a fresh environment that holds the wheel and borrows only the dependencies."""
    venv.create(folder, with_pip=True)
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel]
    subprocess.run(pip, check=True)
    site = next((folder / "lib").glob("python*/site-packages"))
    # A path in a .pth file is not searched for further .pth files, so the checkout stays out of sight.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return folder / "bin" / "rightdoor"
