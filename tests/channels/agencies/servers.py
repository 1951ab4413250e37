"""A mail server and a receiver of webhooks on loopback, on real sockets, that behave as a test wants."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass
class MailServer:
    """Speaks SMTP (RFC 5321). `answers` replaces the answer to a verb, e.g. `{"RCPT": "550 no such user"}`."""

    answers: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    at_once: bool = False
    letters: list[EmailMessage] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    secured: bool = False
    port: int = 0


class _Mail(socketserver.StreamRequestHandler):
    """One connection."""

    mail: MailServer

    def handle(self) -> None:
        if self.mail.at_once:
            self._secure()
        self._says(self.mail.answers.get("HELLO", "220 mail.example ready"))
        while line := self.rfile.readline():
            verb = line.decode().split(maxsplit=1)[0].strip().upper()
            self.mail.heard.append(verb)
            if not self._answer(verb):
                return

    def _answer(self, verb: str) -> bool:
        """Whether the conversation goes on."""
        if verb in self.mail.answers:
            self._says(self.mail.answers[verb])
            return not self.mail.answers[verb].startswith("421")
        match verb:
            case "EHLO":
                offers = ["STARTTLS"] if self.mail.tls and not self.mail.secured else ["AUTH PLAIN"]
                self._says("\r\n".join(f"250-{line}" for line in ("mail.example", *offers)) + "\r\n250 SIZE 1000000")
            case "STARTTLS":
                self._says("220 go on")
                self._secure()
            case "AUTH":
                self._says("235 welcome")
            case "DATA":
                self._says("354 go on")
                self._take()
            case "QUIT":
                self._says("221 bye")
                return False
            case _:
                self._says("250 ok")
        return True

    def _take(self) -> None:
        body = b""
        while (line := self.rfile.readline()) != b".\r\n":
            body += line
        answer = self.mail.answers.get("BODY", "250 taken")
        if answer.startswith("250"):
            letter = message_from_bytes(body, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.mail.letters.append(letter)
        self._says(answer)

    def _secure(self) -> None:
        assert self.mail.tls
        self.connection = self.mail.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.mail.secured = True

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _says(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is part of the test."""


@contextmanager
def listening(handler: type[socketserver.BaseRequestHandler]) -> Iterator[int]:
    """The port of a server that serves in a thread of its own."""
    with _Threads(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@contextmanager
def mail_server(mail: MailServer) -> Iterator[MailServer]:
    """It serves on `mail.port`."""
    with listening(type("Handler", (_Mail,), {"mail": mail})) as port:
        mail.port = port
        yield mail


@dataclass
class Post:
    """One request a receiver got."""

    path: str
    headers: dict[str, str]
    body: bytes


class _Hook(socketserver.StreamRequestHandler):
    """One connection: reads a request, answers raw bytes."""

    answer: Callable[[Callable[[bytes], object]], object]
    posts: list[Post]

    def handle(self) -> None:
        path = self.rfile.readline().split()[1].decode()
        headers = {}
        while line := self.rfile.readline().strip():
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", "0")))
        self.posts.append(Post(path, headers, body))
        type(self).answer(self.wfile.write)


@contextmanager
def receiver(answer: Callable[[Callable[[bytes], object]], object]) -> Iterator[tuple[str, list[Post]]]:
    """The address of a receiver, and what it gets; `answer` is given the way to write bytes back."""
    posts: list[Post] = []
    with listening(type("Handler", (_Hook,), {"answer": staticmethod(answer), "posts": posts})) as port:
        yield f"http://127.0.0.1:{port}/hook", posts


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's side of a certificate for 127.0.0.1 that only this client trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, SHA256())
    )
    both = folder / "both.pem"
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    both.write_bytes(pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(both)
    return server, ssl.create_default_context(cafile=str(both))
