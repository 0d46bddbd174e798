"""A real pgbouncer in transaction mode before a database of the tests."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, make_url

from app.infra.local_postgres import account
from tests import programs

_PORT = 6432
_WITHIN = 10.0


@dataclass(frozen=True)
class Bouncer:
    """The folder of its socket, and the database behind it."""

    folder: Path
    behind: URL

    @property
    def through(self) -> str:
        """The URL of the database that leads through it."""
        return self._url(str(self.folder), str(_PORT))

    @property
    def through_or_past(self) -> str:
        """The URL that leads through it while it is there, and else to the database itself."""
        host, port = _place(self.behind)
        return self._url(f"{self.folder},{host}", f"{_PORT},{port}")

    @contextmanager
    def running(self) -> Iterator[None]:
        """It runs inside the block."""
        program = [programs.find("pgbouncer"), "-q", self.folder / "bouncer.ini"]
        process = subprocess.Popen(program, cwd="/", **account.identity())
        give_up = time.monotonic() + _WITHIN
        try:
            while not (self.folder / f".s.PGSQL.{_PORT}").exists():
                assert process.poll() is None, "pgbouncer did not start"
                assert time.monotonic() < give_up, "pgbouncer does not listen"
                time.sleep(0.02)
            yield
        finally:
            process.terminate()
            process.wait()

    def _url(self, host: str, port: str) -> str:
        url = self.behind.set(host=None, port=None, query={"host": host, "port": port})
        return url.render_as_string(hide_password=False)


@contextmanager
def bouncer(database_url: str, servers: int = 1) -> Iterator[Bouncer]:
    """Make one, not running yet, that has `servers` connections for all who come."""
    with TemporaryDirectory(prefix="bouncer-") as name:
        made = Bouncer(Path(name), make_url(database_url))
        account.give(made.folder) if account.identity() else made.folder.chmod(0o700)
        (made.folder / "bouncer.ini").write_text(_configuration(made, servers))
        yield made


def _configuration(made: Bouncer, servers: int) -> str:
    url = made.behind
    host, port = _place(url)
    password = f" password={url.password}" if url.password else ""
    return (
        "[databases]\n"
        f"{url.database} = host={host} port={port} user={url.username}{password}\n"
        "[pgbouncer]\n"
        f"unix_socket_dir = {made.folder}\nlisten_port = {_PORT}\nauth_type = any\n"
        f"pool_mode = transaction\ndefault_pool_size = {servers}\n"
        "ignore_startup_parameters = options\n"
    )


def _place(url: URL) -> tuple[str, str]:
    host, port = url.query.get("host", url.host), url.query.get("port", url.port or 5432)
    return str(host), str(port)
