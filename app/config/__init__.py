"""Settings: what the environment says, read once and checked. Nothing else reads `os.environ`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from app.config import values
from app.config.reader import HIGHEST_PORT, Reader, SettingsError
from app.config.stored_key import stored_key
from app.config.values import ROOT

__all__ = ["HIGHEST_PORT", "MALLOC", "ROOT", "Settings", "SettingsError", "environment_for"]

# Who may sign up: whoever comes, who was invited, nobody.
REGISTRATIONS = ("open", "invite", "closed")


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process runs. `database_url` None means the embedded PostgreSQL of `data_dir`.

    With `secret_key_old` nothing is signed any more, but what it has signed holds;
    `database_replica_url` is where history may be read; `free_pillars` 0 means no limit;
    `security_contact` is whom to tell of a weakness; `mail_url` None means that each letter is a
    file; `mail_from` is the address they come from; `proxy_hops` is how many proxies in front may
    be believed; `webhook_networks` are those beside the internet that webhooks may reach;
    `backups_dir` is where the age of the last good backup can be seen, `metrics_dir`
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
    webhook_networks: tuple[values.Network, ...] = ()
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
        read = Reader(environ)
        # gunicorn would take it for the path below which all addresses lie.
        read.get("SCRIPT_NAME", values.root, None)
        data_dir = read.get("DATA_DIR", values.folder, ROOT / "var")
        password = read.get("DATABASE_PASSWORD", str, None)
        public_url = read.get("PUBLIC_URL", values.origin, None) or read.address()
        return cls(
            data_dir=data_dir,
            secret_key=read.get("SECRET_KEY", values.key, None) or stored_key(data_dir),
            secret_key_old=read.get("SECRET_KEY_OLD", values.key, None),
            database_url=values.unlocked(read.get("DATABASE_URL", values.database, None), password),
            database_replica_url=values.unlocked(
                read.get("DATABASE_REPLICA_URL", values.database, None), password
            ),
            port=read.number("PORT", 8000, 1, HIGHEST_PORT),
            public_url=public_url,
            security_contact=read.get("SECURITY_CONTACT", values.contact, None),
            free_pillars=read.number("FREE_PILLARS", 3, 0, 10_000),
            max_habits=read.number("MAX_HABITS", 200, 1, 10_000),
            registration=read.one_of("REGISTRATION", REGISTRATIONS, "open"),
            mail_url=values.unlocked(
                read.get("MAIL_URL", values.mail_server, None), read.get("MAIL_PASSWORD", str, None)
            ),
            mail_from=read.get("MAIL_FROM", values.sender, None) or values.own_sender(public_url),
            redis_url=read.get("REDIS_URL", values.redis, None),
            rate_limits=read.choice("RATE_LIMITS", yes="on", no="off"),
            proxy_hops=read.number("PROXY_HOPS", 0, 0, 10),
            webhook_networks=read.get("WEBHOOK_NETWORKS", values.networks, ()),
            json_logs=read.choice("LOG_FORMAT", yes="json", no="text", default=False),
            backups_dir=read.get("BACKUPS_DIR", values.folder, None),
            metrics_dir=read.get("PROMETHEUS_MULTIPROC_DIR", values.folder, None),
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
