"""Settings: what the environment says, read once and checked. Nothing else reads `os.environ`."""

import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_KEY = 32
HIGHEST_PORT = 65_535
# Who may sign up: whoever comes, who was invited, nobody.
REGISTRATIONS = ("open", "invite", "closed")
# So few different characters are no random key.
_VARIETY = 8

_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)

Value = TypeVar("Value")
Default = TypeVar("Default")


class SettingsError(Exception):
    """A setting makes no sense. Its text is one sentence that names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process runs. `database_url` None means the embedded PostgreSQL of `data_dir`.

    With `secret_key_old` nothing is signed any more, but what it has signed holds;
    `database_replica_url` is where history may be read; `free_pillars` 0 means no limit;
    `security_contact` is whom to tell of a weakness; `mail_url` None means that each letter is a
    file; `mail_from` is the address they come from; `proxy_hops` is how many proxies in front may
    be believed; `backups_dir` is where the age of the last good backup can be seen, `metrics_dir`
    where several processes count together, and
    `revision` what the metrics call this build.
    """

    data_dir: Path
    secret_key: str = field(repr=False)
    secret_key_old: str | None = field(default=None, repr=False)
    database_url: str | None = field(default=None, repr=False)
    database_replica_url: str | None = field(default=None, repr=False)
    port: int = 8000
    public_url: str | None = None
    security_contact: str | None = None
    free_pillars: int = 3
    max_habits: int = 200
    registration: str = "open"
    mail_url: str | None = field(default=None, repr=False)
    mail_from: str = "commit-life@localhost"
    redis_url: str | None = field(default=None, repr=False)
    rate_limits: bool = True
    proxy_hops: int = 0
    json_logs: bool = False
    backups_dir: Path | None = None
    metrics_dir: Path | None = None
    workers: int = 2
    revision: str = "unknown"

    @property
    def origin(self) -> str:
        """Where links lead that no request has a say in: PUBLIC_URL, or this machine's own."""
        return self.public_url or f"http://127.0.0.1:{self.port}"

    @property
    def secret_keys(self) -> list[str]:
        """The keys by which what was signed holds, the one that signs first."""
        return [key for key in (self.secret_key, self.secret_key_old) if key]

    @property
    def trusted_hosts(self) -> list[str] | None:
        """Hosts that a request may name: PUBLIC_URL's and this machine's own; None for any."""
        host = urlsplit(self.public_url or "").hostname
        return [host, "localhost", "127.0.0.1"] if host else None

    @property
    def first_admin_file(self) -> Path:
        """Where the link stands that makes an account the admin, while there is none."""
        return self.data_dir / "first-admin"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Settings from environment variables; unset and empty ones take their default.

        A variable NAME may also stand in a file that NAME_FILE names. Without a SECRET_KEY one is
        made once and stored in DATA_DIR. Raises SettingsError.
        """
        read = _Reader(environ)
        # gunicorn would take it for the path below which all addresses lie.
        read.get("SCRIPT_NAME", _root, None)
        data_dir = read.get("DATA_DIR", _folder, ROOT / "var")
        password = read.get("DATABASE_PASSWORD", str, None)
        public_url = read.get("PUBLIC_URL", _origin, None) or read.address()
        return cls(
            data_dir=data_dir,
            secret_key=read.get("SECRET_KEY", _key, None) or _stored_key(data_dir),
            secret_key_old=read.get("SECRET_KEY_OLD", _key, None),
            database_url=_unlocked(read.get("DATABASE_URL", _database, None), password),
            database_replica_url=_unlocked(
                read.get("DATABASE_REPLICA_URL", _database, None), password
            ),
            port=read.number("PORT", 8000, 1, HIGHEST_PORT),
            public_url=public_url,
            security_contact=read.get("SECURITY_CONTACT", _contact, None),
            free_pillars=read.number("FREE_PILLARS", 3, 0, 10_000),
            max_habits=read.number("MAX_HABITS", 200, 1, 10_000),
            registration=read.one_of("REGISTRATION", REGISTRATIONS, "open"),
            mail_url=_unlocked(
                read.get("MAIL_URL", _mail_server, None), read.get("MAIL_PASSWORD", str, None)
            ),
            mail_from=read.get("MAIL_FROM", _sender, None) or _own_sender(public_url),
            redis_url=read.get("REDIS_URL", _redis, None),
            rate_limits=read.choice("RATE_LIMITS", yes="on", no="off"),
            proxy_hops=read.number("PROXY_HOPS", 0, 0, 10),
            json_logs=read.choice("LOG_FORMAT", yes="json", no="text", default=False),
            backups_dir=read.get("BACKUPS_DIR", _folder, None),
            metrics_dir=read.get("PROMETHEUS_MULTIPROC_DIR", _folder, None),
            workers=read.number("WEB_CONCURRENCY", 2, 1, 64),
            revision=read.get("REVISION", str, "unknown"),
        )


# How glibc gives memory back, as in the Dockerfile: one heap for all threads, and what is large (a
# page, the work space of a password hash) on its own. Else a worker keeps 20 MB that it had once.
MALLOC = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "131072",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}


def environment_for(database_url: str, metrics_dir: Path) -> dict[str, str]:
    """Return the environment for a process to start: our own, with the database's URL and the
    folder in which all processes count together."""
    places = {"DATABASE_URL": database_url, "PROMETHEUS_MULTIPROC_DIR": str(metrics_dir)}
    return {**MALLOC, **os.environ, **places}


@dataclass(frozen=True, slots=True)
class _Reader:
    environ: Mapping[str, str]

    def get(self, name: str, parse: Callable[[str], Value], default: Default) -> Value | Default:
        text = self.environ.get(name, "").strip() or self._filed(name)
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as error:
            raise SettingsError(f"{name} {error}.") from error

    def number(self, name: str, default: int, low: int, high: int) -> int:
        def parse(text: str) -> int:
            if not (
                text.isascii()
                and text.isdigit()
                and low <= int(text[:9]) <= high
                and len(text) < 10
            ):
                raise ValueError(f"must be a whole number from {low} to {high}, not {text[:40]!r}")
            return int(text)

        return self.get(name, parse, default)

    def choice(self, name: str, *, yes: str, no: str, default: bool = True) -> bool:
        return self.one_of(name, (yes, no), yes if default else no) == yes

    def one_of(self, name: str, values: tuple[str, ...], default: str) -> str:
        def parse(text: str) -> str:
            if text not in values:
                listed = " or ".join(", ".join(values).rsplit(", ", 1))
                raise ValueError(f"must be {listed}, not {text[:40]!r}")
            return text

        return self.get(name, parse, default)

    def address(self) -> str | None:
        """The address that DOMAIN and HTTPS_PORT make, as a browser shows it."""
        domain = self.get("DOMAIN", str, None)
        if domain is None:
            return None
        port = self.number("HTTPS_PORT", 443, 1, HIGHEST_PORT)
        return self.get("DOMAIN", lambda name: _site(name, port), None)

    def _filed(self, name: str) -> str:
        named = self.environ.get(f"{name}_FILE", "").strip()
        if not named:
            return ""
        try:
            text = Path(named).read_text(encoding="utf-8").strip()
            if _is_writable_by_others(Path(named)):
                raise SettingsError(
                    f"{name}_FILE must name a file that nobody else can write to;"
                    f" chmod go-w {named}."
                )
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"{name}_FILE must name a file that can be read: {error}."
            ) from error
        # Whoever names a file wants what is in it, not a default in its place.
        if not text:
            raise SettingsError(
                f"{name}_FILE must name a file that holds it, and {named} is empty."
            )
        return text


def _is_writable_by_others(file: Path) -> bool:
    return bool(file.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def _root(text: str) -> None:
    if text != "/":
        raise ValueError(
            "must be left out: Commit Life has a host of its own, such as"
            f" https://habits.example.org, and does not run below a path such as {text[:40]!r}"
        )


def _folder(text: str) -> Path:
    # A relative folder counts from the project, not from where a command happens to be typed.
    folder = (ROOT / Path(text)).resolve()
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"must be a folder, and {folder} is a file")
    return folder


def _database(text: str) -> str:
    # SQLAlchemy knows only the long name; hosting services hand out both.
    url = (
        "postgresql://" + text.removeprefix("postgres://")
        if text.startswith("postgres://")
        else text
    )
    if not url.startswith("postgresql://") or len(url) == len("postgresql://"):
        raise ValueError(
            "must begin with postgresql:// and name a database (PostgreSQL 15 or newer)"
        )
    return url


def _unlocked(url: str | None, password: str | None) -> str | None:
    """`url` with `password` in it, unless it brings one along or names no user."""
    if url is None or password is None:
        return url
    parts = urlsplit(url)
    if parts.username is None or parts.password is not None:
        return url
    return parts._replace(
        netloc=f"{parts.username}:{quote(password, safe='')}@{parts.netloc.partition('@')[2]}"
    ).geturl()


def _site(domain: str, port: int) -> str:
    if not _DOMAIN.fullmatch(domain):
        raise ValueError("must be a name such as habits.example.org, or an IPv4 address")
    return f"https://{domain}" + (f":{port}" if port != 443 else "")


def _origin(text: str) -> str:
    try:
        parts = urlsplit(text)
        origin = f"{parts.scheme}://{parts.netloc}"
        whole = bool(parts.hostname) and parts.port != 0 and text.rstrip("/") == origin
    except ValueError:
        whole = False
    if not whole or "@" in text or parts.scheme not in ("http", "https"):
        raise ValueError("must look like https://habits.example.org, with no path")
    return origin


def _contact(text: str) -> str:
    if not text.startswith(("mailto:", "https://")) or not text.isprintable() or " " in text:
        raise ValueError("must begin with mailto: or https://")
    return text


def _redis(text: str) -> str:
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must begin with redis://, rediss:// or unix://")
    return text


def _mail_server(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_whole = bool(parts.hostname) and parts.port != 0 and parts.path in ("", "/")
    except ValueError:
        is_whole = False
    if not is_whole or parts.scheme not in ("smtp", "smtps") or parts.fragment:
        raise ValueError(
            "must look like smtp://user:password@mail.example.org:587, or begin with smtps://"
        )
    if parts.query not in ("", "tls=none"):
        raise ValueError("may end in ?tls=none and in nothing else of that kind")
    if parts.query and (parts.username or parts.scheme == "smtps"):
        raise ValueError("must not sign in without TLS; leave out ?tls=none")
    return text


def _sender(text: str) -> str:
    name, _at, domain = text.rpartition("@")
    if not name or not _DOMAIN.fullmatch(domain) or not re.fullmatch(r"[!-~]+", name):
        raise ValueError("must be an address such as commit-life@example.org, with no name")
    return text


def _own_sender(public_url: str | None) -> str:
    """The address that letters come from where none is chosen: of the host that people know."""
    host = urlsplit(public_url or "").hostname or ""
    return f"commit-life@{host if _DOMAIN.fullmatch(host) else 'localhost'}"


def _key(text: str) -> str:
    if len(text) < SHORTEST_KEY:
        raise ValueError(
            f"must have at least {SHORTEST_KEY} characters; leave it out and one is made"
        )
    if len(set(text)) < _VARIETY:
        raise ValueError(f"must have at least {_VARIETY} different characters; make a random one")
    return text


def _stored_key(data_dir: Path) -> str:
    """The key stored in DATA_DIR, made by the first process: a hard link is made only once."""
    stored = data_dir / "secret_key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not stored.exists():
            draft = data_dir / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48))
            try:
                stored.hardlink_to(draft)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        key = stored.read_text().strip()
        open_to_others = _is_writable_by_others(stored)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"DATA_DIR must be a folder that can be written to: {error}."
        ) from error
    if open_to_others:
        raise SettingsError(
            f"SECRET_KEY as stored in {stored} can be written to by others; chmod go-w {stored}."
        )
    if len(key) < SHORTEST_KEY:
        raise SettingsError(
            f"SECRET_KEY as stored in {stored} is too short; delete that file and start again."
        )
    return key
