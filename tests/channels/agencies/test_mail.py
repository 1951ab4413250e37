"""E-mail to agencies, through a real mail server on loopback."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from bot.channels.agencies import MailSender
from bot.errors import DeliveryError, SettingsError
from bot.replies import Reply
from bot.settings import MailSettings
from tests.channels.agencies.servers import MailServer, certificate, mail_server

LETTER = Reply("【高】有一件转介请您接：p1\n江苏省扬中市，请按“村儿童主任”处理。", fields=(("id", "a1b2"),))
OFFICE = "office@example.cn"


def sender(mail: MailServer, **settings: object) -> MailSender:
    chosen = {"security": "none", "sender": "rightdoor@example.org", "seconds": 2} | settings
    return MailSender(MailSettings("127.0.0.1", mail.port, **chosen), {"agency": OFFICE}.get)  # type: ignore[arg-type]


def test_the_first_line_is_the_subject_and_a_repeat_has_the_same_id() -> None:
    with mail_server(MailServer()) as mail:
        for _ in range(2):
            sender(mail).send("agency", LETTER)
    first, again = mail.letters
    assert first["Subject"] == "【高】有一件转介请您接：p1"
    assert first["To"] == OFFICE
    assert first.get_content().strip() == "江苏省扬中市，请按“村儿童主任”处理。"
    assert first["Message-ID"] == again["Message-ID"] == "<a1b2@example.org>"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_connection_is_secured_before_anybody_logs_in(tmp_path: Path, security: str) -> None:
    ours, theirs = certificate(tmp_path)
    with mail_server(MailServer(tls=ours, at_once=security == "tls")) as mail:
        settings = MailSettings("127.0.0.1", mail.port, security, "user", "secret", "rightdoor@example.org", 2)
        MailSender(settings, lambda _: OFFICE, theirs).send("agency", LETTER)
    assert len(mail.letters) == 1
    assert mail.heard.index("AUTH") > (mail.heard.index("STARTTLS") if security == "starttls" else 0)


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    ours, _ = certificate(tmp_path)
    with mail_server(MailServer(tls=ours)) as mail, pytest.raises(DeliveryError) as caught:
        sender(mail, security="starttls", user="user", password="secret").send("agency", LETTER)
    assert not caught.value.permanent
    assert "AUTH" not in mail.heard


@pytest.mark.parametrize(
    ("answers", "permanent"),
    [
        ({"RCPT": "550 no such user"}, True),
        ({"RCPT": "450 busy"}, False),
        ({"BODY": "554 not wanted"}, True),
        ({"BODY": "451 later"}, False),
        ({"MAIL": "530 log in first"}, False),
        ({"HELLO": "421 too many"}, False),
        ({"HELLO": "hello?"}, False),
        ({"EHLO": "500 what", "HELO": "500 what"}, False),
        ({"DATA": "421 going down"}, False),
    ],
)
def test_what_a_refusal_means(answers: dict[str, str], permanent: bool) -> None:  # noqa: FBT001 – a table's column
    with mail_server(MailServer(answers)) as mail, pytest.raises(DeliveryError) as caught:
        sender(mail).send("agency", LETTER)
    assert caught.value.permanent is permanent
    assert OFFICE not in str(caught.value)
    assert mail.letters == []


def test_a_server_that_never_answers_or_is_not_there_is_tried_again() -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    mail = MailServer(port=silent.getsockname()[1])
    with pytest.raises(DeliveryError) as caught:
        sender(mail, seconds=1).send("agency", LETTER)
    silent.close()
    with pytest.raises(DeliveryError) as gone:
        sender(mail).send("agency", LETTER)
    assert not caught.value.permanent
    assert not gone.value.permanent


def test_an_agency_without_an_address_any_more_is_nobody_to_write_to() -> None:
    with mail_server(MailServer()) as mail, pytest.raises(DeliveryError) as caught:
        sender(mail).send("another", LETTER)
    assert caught.value.permanent


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "mail.example.org", "security": "none", "sender": "a@b"},
        {"host": "localhost", "security": "ssl", "sender": "a@b"},
        {"host": "localhost", "security": "none", "sender": ""},
    ],
)
def test_settings_that_send_in_clear_or_from_nobody_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"mail\."):
        MailSender(MailSettings(**wrong), lambda _: OFFICE)  # type: ignore[arg-type]


def test_a_subject_cannot_smuggle_a_header_in() -> None:
    with mail_server(MailServer()) as mail:
        sender(mail).send("agency", Reply("a\rBcc: other@example.cn\nb"))
    assert all("Bcc" not in letter for letter in mail.letters)
