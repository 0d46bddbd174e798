"""A real mail server on this machine, which does as it is told."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ssl import SSLContext
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


@dataclass
class Mailbox:
    """What a server has accepted, and what it says from now on.

    `answers` are given to letters one after the other, then each is accepted; `drop` ends the
    connection after a letter is accepted, before anybody is told. `when_accepted` is done with the
    letter of that number in hand, before anybody is told of it.
    """

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused_recipients: dict[str, str] = field(default_factory=dict)
    refused_sender: str = ""
    signed_in: list[tuple[bytes, bytes]] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)
    drop: bool = False
    is_slow: bool = False
    when_accepted: dict[int, Callable[[], object]] = field(default_factory=dict)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.refused_sender:
            return self.refused_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refused_recipients:
            return self.refused_recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        self.was_encrypted.append(session.ssl is not None)
        self.when_accepted.pop(len(self.letters), lambda: None)()
        while self.is_slow and not server.transport.is_closing():
            # A word now and then, of an answer without an end.
            await server.push("250-Wait")
            await asyncio.sleep(0.02)
        if self.drop:
            server.transport.abort()
        return "250 Accepted"

    def lets_in(
        self, server: SMTP, session: Any, envelope: Any, kind: str, data: Any
    ) -> AuthResult:
        self.signed_in.append((data.login, data.password))
        # What is not handled is refused by the server itself.
        is_right = data.password == b"right"
        return AuthResult(success=is_right, handled=is_right)

    @property
    def marks(self) -> list[str]:
        return [letter["Message-ID"] for letter in self.letters]


@contextmanager
def served(
    port: int, starttls: SSLContext | None = None, signs_in: bool = False
) -> Iterator[Mailbox]:
    """A mailbox with a server in front of it."""
    mailbox = Mailbox(port)
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=port, tls_context=starttls,
        require_starttls=starttls is not None, enable_SMTPUTF8=True,
        **({"authenticator": mailbox.lets_in, "auth_require_tls": False} if signs_in else {}),
    )  # fmt: skip
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop(no_assert=True)
