"""An agency without Telegram: referred to by e-mail or to its own program, delivered when that took it, accepted by a human."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from rich.console import Console

from bot.channels.agencies import HookSender, MailSender
from bot.delivery import Courier, Pace
from bot.directory import Directory
from bot.directory.postbox import check_postbox
from bot.errors import DirectoryError, Where
from bot.messages import Channel
from bot.referrals import Status
from bot.settings import MailSettings
from bot.turns.delivered import AfterDelivery
from bot.turns.postboxes import open_postboxes
from bot.turns.slips import Slips
from bot.workbench.inbox import Inbox
from tests.channels.agencies.servers import MailServer, Post, mail_server, receiver
from tests.story.house import House

VILLAGE, STATION = "demo-yangzhong-xinba-village", "demo-yangzhong-xinba-station"
OFFICE = "office@example.cn"
BOTH = {Channel.EMAIL, Channel.WEBHOOK}
SECRETS = ("五岁", "离婚", "新坝", "女儿", "不想要")


def written_to(house: House, agency: str, **address: str) -> None:
    """The directory says how the agency is written to."""
    services = house.turns.services
    changed = {one.id: replace(one, **address) if one.id == agency else one for one in services.directory.agencies}
    house.turns.services = replace(services, directory=Directory.of(changed, services.directory.rota))
    open_postboxes(house.turns.services, BOTH)


def carry(house: House, channel: Channel, sender: MailSender | HookSender, tries: int = 20) -> None:
    after, services = AfterDelivery(house.turns), house.turns.services
    told = (after.sent, after.dead)
    courier = Courier(services.store, channel, sender, house.clock, *told, pace=Pace(chat_rests=0), tries=tries)
    courier.run_once()
    courier.close()


def by_mail(house: House, mail: MailServer, tries: int = 20) -> None:
    settings = MailSettings("127.0.0.1", mail.port, "none", sender="rightdoor@example.org", seconds=2)
    agencies = house.turns.services.directory.by_id
    carry(house, Channel.EMAIL, MailSender(settings, lambda agency: agencies[agency].email), tries)


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server(MailServer()) as server:
        yield server


def the_childs(house: House) -> Status:
    [part] = [part for part in house.case().parts if part.for_whom == "child"]
    return part.status


def test_an_agency_reached_by_mail_has_the_referral_when_its_server_took_it_and_reads_nothing_personal(
    house: House, mail: MailServer
) -> None:
    written_to(house, VILLAGE, email=OFFICE)
    house.tells_the_seed_story(house.person("妈妈"))
    assert the_childs(house) is Status.SENT
    by_mail(house, mail)
    assert the_childs(house) is Status.DELIVERED
    [letter] = mail.letters
    text = f"{letter['Subject']}\n{letter.get_content()}"
    [part] = [part for part in house.case().parts if part.for_whom == "child"]
    assert part.id in text
    assert "扬中市" in text
    assert [word for word in SECRETS if word in text] == []


def test_a_human_records_that_the_agency_accepted(house: House, mail: MailServer) -> None:
    written_to(house, VILLAGE, email=OFFICE)
    house.tells_the_seed_story(house.person("妈妈"))
    by_mail(house, mail)
    [part] = [part for part in house.case().parts if part.for_whom == "child"]
    Inbox(house.turns).accept(part.id, "", Console(file=io.StringIO()))
    assert the_childs(house) is Status.ACCEPTED


def test_with_a_public_address_the_mail_carries_a_link_that_accepts(house: House, mail: MailServer) -> None:
    services = house.turns.services
    house.turns.services = replace(services, settings=replace(services.settings, public="https://help.example.cn"))
    written_to(house, VILLAGE, email=OFFICE)
    house.tells_the_seed_story(house.person("妈妈"))
    by_mail(house, mail)
    [letter] = mail.letters
    [link] = [line for line in letter.get_content().splitlines() if line.startswith("https://help.example.cn/slip/")]
    slip = Slips(house.turns.services).answer(link.rpartition("/")[2], "accept", "", "zh")
    assert slip is not None
    assert slip.state == "yours"
    assert the_childs(house) is Status.ACCEPTED


def test_people_come_before_the_postbox(house: House, mail: MailServer) -> None:
    written_to(house, VILLAGE, email=OFFICE)
    director = house.enrols("village_worker", VILLAGE)
    house.tells_the_seed_story(house.person("妈妈"))
    by_mail(house, mail)
    assert mail.letters == []
    assert any("请您" in letter.text for letter in director.mail())


def test_a_mailbox_that_refuses_sends_the_referral_one_level_up(house: House, mail: MailServer) -> None:
    written_to(house, VILLAGE, email=OFFICE)
    station = house.enrols("township_station", STATION)
    house.tells_the_seed_story(house.person("妈妈"))
    mail.answers = {"RCPT": "550 no such user"}
    by_mail(house, mail)
    assert any("请您" in letter.text for letter in station.mail())


def test_a_program_gets_stable_words_and_a_signature(house: House) -> None:
    written_to(house, VILLAGE, webhook="http://127.0.0.1:9/hook")
    house.tells_the_seed_story(house.person("妈妈"))
    answer = b"HTTP/1.1 204 x\r\nContent-Length: 0\r\n\r\n"
    with receiver(lambda write: write(answer)) as (url, posts):
        carry(
            house,
            Channel.WEBHOOK,
            HookSender(lambda _: url, partial(house.turns.services.store.master.secret, "webhook")),
        )
    [part] = [part for part in house.case().parts if part.for_whom == "child"]
    assert told(posts) == {
        "event": "referral",
        "referral": part.id,
        "risk": "medium",
        "service": "village_worker",
        "county": "321182",
        "deadline": part.deadline.isoformat(),
    }
    assert the_childs(house) is Status.DELIVERED


def told(posts: list[Post]) -> dict[str, str]:
    [post] = posts
    body = json.loads(post.body)
    text = body.pop("text")
    assert [word for word in SECRETS if word in text] == []
    assert body.pop("id") == post.headers["rightdoor-id"]
    return dict(body)


def test_an_agency_taken_out_of_the_directory_is_referred_to_no_more(house: House, mail: MailServer) -> None:
    written_to(house, VILLAGE, email=OFFICE)
    written_to(house, VILLAGE, email="")
    house.tells_the_seed_story(house.person("妈妈"))
    by_mail(house, mail)
    assert mail.letters == []


def test_a_postbox_that_refused_is_tried_again_after_the_next_start(house: House, mail: MailServer) -> None:
    written_to(house, VILLAGE, email=OFFICE)
    mail.answers = {"RCPT": "550 no such user"}
    house.tells_the_seed_story(house.person("妈妈"))
    by_mail(house, mail)
    with house.turns.services.store.work() as work:
        assert work.staff.serving(VILLAGE) == ()
    house.clock.now += timedelta(hours=1)
    open_postboxes(house.turns.services, BOTH)
    with house.turns.services.store.work() as work:
        assert len(work.staff.serving(VILLAGE)) == 1


@pytest.mark.parametrize(
    ("email", "webhook"),
    [
        ("a@example.cn", "https://example.cn/hook"),
        ("a b@example.cn", ""),
        ("a@example.cn\nBcc: c@d", ""),
        ("nobody", ""),
        ("", "http://example.cn/hook"),
        ("", "https://user:pass@example.cn/"),
        ("", "https://"),
        ("", "https://[::1"),
        ("", "ftp://example.cn/"),
    ],
)
def test_an_address_that_cannot_be_right_is_refused_with_its_line(email: str, webhook: str) -> None:
    with pytest.raises(DirectoryError, match=r"agencies.csv:7: "):
        check_postbox(email, webhook, Where("agencies.csv", 7))


@pytest.mark.parametrize(
    ("email", "webhook"),
    [("", ""), ("a.b+c@example.cn", ""), ("", "https://example.cn/hook#2"), ("", "http://127.0.0.1:80/")],
)
def test_an_address_that_can_be_right_is_taken(email: str, webhook: str) -> None:
    check_postbox(email, webhook, Where("agencies.csv", 7))
