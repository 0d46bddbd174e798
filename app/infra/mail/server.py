"""A mail server that takes letters, by SMTP."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Timer
from urllib.parse import unquote, urlsplit

from app.infra.mail.letter import Letter
from app.infra.mail.way import Delayed, Refused, Unreached

# Seconds: for each answer, and for one letter with all its answers. The latter is far below the
# lease of a letter, after which another worker may take it.
ANSWER_SECONDS, LETTER_SECONDS = 20.0, 90.0
# Nobody listens on the way from here to here, and a server here has no certificate for that.
_HERE = {"localhost", "127.0.0.1", "::1"}
_PORTS = {"smtp": 587, "smtps": 465}
_FINE, _PERMANENT = 250, 500
_TOO_LARGE = 552


@dataclass(frozen=True, slots=True)
class Address:
    """Where a mail server is, and how to speak to it. Certificates are always checked."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    # From the first byte on; by STARTTLS; not at all.
    tls: str = "starttls"

    @classmethod
    def of(cls, url: str) -> "Address":
        """Return what `smtp://user:password@host:port` says, a setting that was checked."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_plain = host in _HERE or parts.query == "tls=none"
        return cls(
            host,
            parts.port or _PORTS[parts.scheme],
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            "at once" if parts.scheme == "smtps" else "none" if is_plain else "starttls",
        )


class Server:
    """A mail server; the connection to it stays open from letter to letter."""

    def __init__(self, address: Address) -> None:
        """Be the server at `address`, with nothing open yet."""
        self._address = address
        self._open: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> str:
        """Hand a letter over. Raises Unreached, Delayed or Refused."""
        server = self._opened()
        try:
            with _bounded(server):
                server.send_message(letter.message())
        except smtplib.SMTPRecipientsRefused as error:
            ((code, reason),) = error.recipients.values()
            raise _failure(code, reason) from error
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code == _TOO_LARGE:
                raise _failure(error.smtp_code, error.smtp_error) from error
            # Whom we send as is a setting, and no letter's fault.
            raise Unreached(_said(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPResponseException as error:
            raise _failure(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPNotSupportedError, ValueError) as error:
            raise Refused("the server cannot write to such an address") from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Delayed(f"the connection ended: {type(error).__name__}") from error
        return f"{self._address.host}:{self._address.port}"

    def close(self) -> None:
        """Take leave of the server, if it is there still."""
        if self._open is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._open.quit()
            self._open.close()
            self._open = None

    def _opened(self) -> smtplib.SMTP:
        if self._open is not None:
            # A server ends connections on which nothing comes, and that is no failure of a letter.
            try:
                if self._open.noop()[0] == _FINE:
                    return self._open
            except (smtplib.SMTPException, OSError):
                pass
            self.close()
        try:
            self._open = self._connect()
        except smtplib.SMTPResponseException as error:
            raise Unreached(_said(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unreached(f"{self._address.host}:{self._address.port}: {error}") from error
        return self._open

    def _connect(self) -> smtplib.SMTP:
        at, trusted = self._address, ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(at.host, at.port, timeout=ANSWER_SECONDS, context=trusted)
            if at.tls == "at once"
            else smtplib.SMTP(at.host, at.port, timeout=ANSWER_SECONDS)
        )
        try:
            with _bounded(server):
                if at.tls == "starttls":
                    server.starttls(context=trusted)
                if at.user:
                    server.login(at.user, at.password)
        except BaseException:
            server.close()
            raise
        return server


@contextmanager
def _bounded(server: smtplib.SMTP) -> Iterator[None]:
    """End the connection when the block takes longer than LETTER_SECONDS.

    A server that sends a byte now and then would else be listened to without an end.
    """

    def end() -> None:
        with suppress(OSError):
            if server.sock is not None:
                server.sock.shutdown(2)

    timer = Timer(LETTER_SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _failure(code: int, reason: bytes | str) -> Exception:
    return (Refused if code >= _PERMANENT else Delayed)(_said(code, reason))


def _said(code: int, reason: bytes | str) -> str:
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    return f"{code} {' '.join(text.split())}"[:200]
