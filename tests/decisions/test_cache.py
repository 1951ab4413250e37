"""What was read is kept: a second start reads no YAML, and whatever is wrong with what was kept is mended by reading anew."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.decisions import Policy
from tests.decisions.reference import RULES


def test_a_second_start_finds_what_the_first_one_read(tmp_path: Path) -> None:
    first = Policy.load(RULES, tmp_path / "cache")
    [kept] = (tmp_path / "cache").iterdir()
    written = kept.stat().st_mtime_ns
    second = Policy.load(RULES, tmp_path / "cache")
    assert kept.stat().st_mtime_ns == written
    assert [row.id for row in second.rows] == [row.id for row in first.rows]
    assert second.hash == first.hash


def test_changed_rules_are_read_anew_and_the_old_ones_are_not_kept(tmp_path: Path) -> None:
    rules = shutil.copytree(RULES, tmp_path / "rules")
    before = Policy.load(rules, tmp_path / "cache")
    limits = rules / "deadlines.yml"
    limits.write_text(limits.read_text(encoding="utf-8").replace("silence: 10m", "silence: 20m"), encoding="utf-8")
    after = Policy.load(rules, tmp_path / "cache")
    assert (before.deadlines.silence * 2, 1) == (after.deadlines.silence, len(list((tmp_path / "cache").iterdir())))


def test_garbage_in_the_cache_is_passed_over(tmp_path: Path) -> None:
    Policy.load(RULES, tmp_path / "cache")
    [kept] = (tmp_path / "cache").iterdir()
    kept.write_bytes(b"garbage")
    assert Policy.load(RULES, tmp_path / "cache").rows
    assert kept.read_bytes() != b"garbage"


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    assert Policy.load(RULES, tmp_path / "cache").rows
