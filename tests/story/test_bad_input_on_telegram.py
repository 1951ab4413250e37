"""The same over Telegram's own protocol and over the web, where the channel has its share in it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.workbench.botapi import BotApi
from tests.story.house import ALONE, SEED
from tests.story.process import PATIENCE, Process, locked, tell_the_seed_story_by_rest

VILLAGE = "demo-yangzhong-xinba-village"
STATION = "demo-yangzhong-xinba-station"
OPERATOR = "demo-yangzhong-operator"
WEEK = 7 * 86_400
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@on_sqlite
def test_whatever_a_phone_can_send_gets_a_kind_reply(service: Process, api: BotApi) -> None:
    operator, writer, speaker, editor, late = (api.person(name) for name in ("值班员", "甲", "乙", "丙", "丁"))
    service.enrol("operator", OPERATOR, operator)

    writer.writes("他不管家" * 2500)
    speaker.sends_voice()
    sent = editor.writes("女儿五岁")
    group = api.group("家长群", editor)
    editor.writes_in_group(group, SEED)
    api.world.clock = lambda: time.time() - WEEK
    late.writes("你好")
    late.gets("先问最要紧的", PATIENCE)
    api.world.clock = time.time

    assert "交给值班人员" in writer.gets("我都收下了", PATIENCE).text
    assert "值班人员" in speaker.gets("您也可以打字", PATIENCE).text
    speaker.gets("先问最要紧的", PATIENCE)
    operator.gets("有人发来语音或图片", PATIENCE)
    editor.gets("先问最要紧的", PATIENCE)
    editor.edits(sent, "女儿五岁，孩子现在一个人在家，没人管")
    editor.gets("先保证安全", PATIENCE)
    late.presses("都没有")
    late.gets("这个按钮是之前的了", PATIENCE)
    speaker.sends_sticker()
    deadline = time.monotonic() + PATIENCE
    while group.bot_is_here and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not group.bot_is_here, "a family's story has no place where others read along"
    assert len([shown for shown in group.sees() if shown.from_bot]) == 1
    for person in (writer, speaker, editor, late):
        assert not any("Traceback" in reply for reply in api.sent_to(person))
    assert set(service.tasks()) == {"voice"}


@on_sqlite
def test_whoever_blocks_the_bot_becomes_somebody_elses_work(service: Process, api: BotApi) -> None:
    mother, director, station, operator = (api.person(name) for name in ("妈妈", "村儿童主任", "督导员", "值班员"))
    service.enrol("village_worker", VILLAGE, director)
    service.enrol("township_station", STATION, station)
    service.enrol("operator", OPERATOR, operator)
    mother.writes(SEED)
    mother.gets("先问最要紧的", PATIENCE)
    mother.blocks()
    operator.gets("有消息送不到家属那里", PATIENCE)
    assert service.tasks() == ("undelivered",)

    api.next_call_fails("sendMessage", 403, to=director)
    tell_the_seed_story_by_rest(service)
    assert "上门看孩子" in station.gets("请您", PATIENCE).text, "what the village could not get is the township's"
    station.presses("我接了")
    station.gets("已记下", PATIENCE)


def test_while_the_database_is_locked_the_web_is_told_so_and_telegram_is_taken_later(
    service: Process, api: BotApi
) -> None:
    mother = api.person("妈妈")
    mother.writes("你好")
    mother.gets("先问最要紧的", PATIENCE)
    with locked(service.database, "inbox"):
        sent = mother.writes(ALONE)
        refused = service.hears("father", SEED)
        assert not api.confirmed(sent.update_id, within=0.1)
    assert refused.status_code == 503
    assert refused.json()["error"] == "unavailable"
    assert int(refused.headers["retry-after"]) > 0
    mother.gets("先保证安全", PATIENCE)
    assert service.hears("father", SEED).status_code == 200
    assert sum("先保证安全" in reply for reply in api.sent_to(mother)) == 1


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"RIGHTDOOR_TELEGRAM_TOKEN": "7000000001:AAE-nobody-has-been-given-this-token"}, "RIGHTDOOR_TELEGRAM_TOKEN"),
        ({"RIGHTDOOR_TELEGRAM_TOKEN": "not a token"}, "RIGHTDOOR_TELEGRAM_TOKEN"),
        ({"RIGHTDOOR_DATABASE": "postgresql://127.0.0.1:1/nothing"}, "the database is not available"),
        ({"RIGHTDOOR_DIRECTORY": "data/nowhere"}, "CSV"),
        ({"RIGHTDOOR_TELEGRAM_WEBHOOK": "https://county.example/telegram"}, "secret"),
    ],
    ids=["unknown token", "no token at all", "no database", "directory", "webhook"],
)
def test_a_wrong_setting_is_one_clear_line_and_exit_status_2(
    tmp_path: Path, api: BotApi, settings: dict[str, str], says: str
) -> None:
    process = Process(tmp_path, f"sqlite:///{tmp_path / 'rightdoor.db'}", api)
    process.running = process.launch(**settings)
    try:
        status = process.running.wait(PATIENCE / 3)
    finally:
        process.kill()
    said = process.log.read_text()
    assert status == 2, said
    assert says in said
    assert "Traceback" not in said
