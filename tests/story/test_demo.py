"""`make demo`: the whole story, both sides, in one command that must never fail before an audience."""

from __future__ import annotations

import subprocess
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console

from bot.messages import Text
from bot.settings import project_folder
from bot.workbench.demo import play
from tests.story.house import House

ROOT = Path(__file__).parents[2]


def test_the_demo_plays_every_scene_to_its_end(house: House) -> None:
    out = StringIO()
    play(house.turns, project_folder() / "data" / "demo.yml", Console(file=out, width=100))
    shown = out.getvalue()
    for expected in ("您的编号", "民法典", "R01", "R20", "先保证安全", "已经接下", "sent → accepted"):
        assert expected in shown, expected


def test_that_nobody_is_with_the_child_is_heard_however_the_sentence_is_cut(house: House) -> None:
    sentences = (
        "我和老公要离婚，都不想要女儿，她五岁，现在一个人在家没人管",
        "女儿五岁，一个人在家",
        "五岁的女儿现在自己在家，没有大人",
        "孩子5岁，我们都走了，家里没大人",
        "My daughter is five, she is home alone now",
    )
    replies = {words: house.person(words).says(Text(words)).replies[0].text for words in sentences}
    unheard = [words for words, reply in replies.items() if "先保证安全" not in reply and "Safety first" not in reply]
    assert unheard == []


def test_the_demo_on_telegram_goes_through_the_bot_api_on_loopback() -> None:
    command = [sys.executable, "-c", "from bot.cli import main; main()", "demo", "--telegram"]
    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert played.returncode == 0, played.stderr
    for expected in ("您的编号", "我接了", "您有一条新消息", "已经接下"):
        assert expected in played.stdout, expected
