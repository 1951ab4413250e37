"""E-mail to an agency: the first line is the subject, the rest the message. Nobody answers from there."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate

from bot.directory.postbox import is_loopback
from bot.errors import DeliveryError, SettingsError
from bot.replies import Reply
from bot.settings import MailSettings

SECURITY = ("starttls", "tls", "none")
PERMANENT = 500  # SMTP: from here on the answer will not change by trying


class MailSender:
    """Hands messages to one mail server, each over a connection of its own."""

    def __init__(
        self, settings: MailSettings, address_of: Callable[[str], str], tls: ssl.SSLContext | None = None
    ) -> None:
        """`address_of` gives an agency's e-mail address, empty when it has none any more.

        Raises `SettingsError` for settings that would send in clear over a network, or from nobody.
        """
        if settings.security not in SECURITY:
            raise SettingsError(f"mail.security is {', '.join(SECURITY)}, not {settings.security!r}")
        if settings.security == "none" and not is_loopback(settings.host):
            raise SettingsError("mail.security is none, which only a server on this machine may be written to")
        if "@" not in settings.sender:
            raise SettingsError("mail.sender must be the e-mail address that messages come from")
        self._settings = settings
        self._address_of = address_of
        self._tls = tls or ssl.create_default_context()

    def send(self, chat: str, reply: Reply) -> str:
        """Hands one message over; `chat` is the agency's id. Raises `DeliveryError`, `permanent` when the server refuses it."""
        to = self._address_of(chat)
        if not to:
            raise DeliveryError("the agency has no e-mail address any more", permanent=True)
        letter = _letter(self._settings.sender, to, reply)
        try:
            with self._server() as server:
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            code = max(answer[0] for answer in error.recipients.values())
            raise DeliveryError(f"the mail server refuses: {code}", permanent=code >= PERMANENT) from error
        except smtplib.SMTPDataError as error:
            code = error.smtp_code
            raise DeliveryError(f"the mail server refuses: {code}", permanent=code >= PERMANENT) from error
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise DeliveryError(f"the mail server cannot be used: {type(error).__name__}") from error
        return letter["Message-ID"] or ""

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        """Connected, secured and logged in."""
        settings = self._settings
        where = (settings.host, settings.port)
        if settings.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=settings.seconds, context=self._tls)
        else:
            connection = smtplib.SMTP(*where, timeout=settings.seconds)
        with connection as server:
            if settings.security == "starttls":
                server.starttls(context=self._tls)
            if settings.user:
                server.login(settings.user, settings.password)
            yield server


def _letter(sender: str, to: str, reply: Reply) -> EmailMessage:
    """The same message has the same Message-ID however often it is sent, so that a repeat is recognised."""
    subject, *rest = reply.text.splitlines() or [""]
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"], letter["Date"] = sender, to, subject, formatdate()
    letter["Auto-Submitted"] = "auto-generated"
    if number := dict(reply.fields).get("id"):
        letter["Message-ID"] = f"<{number}@{sender.rpartition('@')[2]}>"
    letter.set_content("\n".join(rest) or subject)
    return letter
