"""What a variable may say: each function takes its text, or raises ValueError with what is wrong.

The name of the variable comes before what they say.
"""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).resolve().parents[2]
Network = IPv4Network | IPv6Network

SHORTEST_KEY = 32
# So few different characters are no random key.
_VARIETY = 8

_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)


def root(text: str) -> None:
    """Refuse a place below a path."""
    if text != "/":
        raise ValueError(
            "must be left out: Commit Life has a host of its own, such as"
            f" https://habits.example.org, and does not run below a path such as {text[:40]!r}"
        )


def folder(text: str) -> Path:
    """Return the folder that `text` names; a relative one counts from the project."""
    # Not from where a command happens to be typed.
    folder = (ROOT / Path(text)).resolve()
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"must be a folder, and {folder} is a file")
    return folder


def database(text: str) -> str:
    """Return the URL of a PostgreSQL database, by the name that SQLAlchemy knows."""
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


def unlocked(url: str | None, password: str | None) -> str | None:
    """Return `url` with `password` in it, unless it brings one along or names no user."""
    if url is None or password is None:
        return url
    parts = urlsplit(url)
    if parts.username is None or parts.password is not None:
        return url
    return parts._replace(
        netloc=f"{parts.username}:{quote(password, safe='')}@{parts.netloc.partition('@')[2]}"
    ).geturl()


def site(domain: str, port: int) -> str:
    """Return the address of `domain` and `port`, as a browser shows it."""
    if not _DOMAIN.fullmatch(domain):
        raise ValueError("must be a name such as habits.example.org, or an IPv4 address")
    return f"https://{domain}" + (f":{port}" if port != 443 else "")


def origin(text: str) -> str:
    """Return scheme and host of an address that has no path."""
    try:
        parts = urlsplit(text)
        origin = f"{parts.scheme}://{parts.netloc}"
        whole = bool(parts.hostname) and parts.port != 0 and text.rstrip("/") == origin
    except ValueError:
        whole = False
    if not whole or "@" in text or parts.scheme not in ("http", "https"):
        raise ValueError("must look like https://habits.example.org, with no path")
    return origin


def contact(text: str) -> str:
    """Return where a weakness is told."""
    if not text.startswith(("mailto:", "https://")) or not text.isprintable() or " " in text:
        raise ValueError("must begin with mailto: or https://")
    return text


def redis(text: str) -> str:
    """Return the URL of a Redis."""
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must begin with redis://, rediss:// or unix://")
    return text


def networks(text: str) -> tuple[Network, ...]:
    """Return the networks that `text` names, with commas between them."""
    try:
        return tuple(ip_network(one.strip()) for one in text.split(","))
    except ValueError as error:
        raise ValueError("must be networks such as 192.168.1.0/24, with commas between") from error


def mail_server(text: str) -> str:
    """Return the URL of a mail server."""
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


def sender(text: str) -> str:
    """Return an address alone."""
    name, _at, domain = text.rpartition("@")
    if not name or not _DOMAIN.fullmatch(domain) or not re.fullmatch(r"[!-~]+", name):
        raise ValueError("must be an address such as commit-life@example.org, with no name")
    return text


def own_sender(public_url: str | None) -> str:
    """Return where letters come from if nothing is chosen: the host that people know."""
    host = urlsplit(public_url or "").hostname or ""
    return f"commit-life@{host if _DOMAIN.fullmatch(host) else 'localhost'}"


def key(text: str) -> str:
    """Return a key that nobody guesses."""
    if len(text) < SHORTEST_KEY:
        raise ValueError(
            f"must have at least {SHORTEST_KEY} characters; leave it out and one is made"
        )
    if len(set(text)) < _VARIETY:
        raise ValueError(f"must have at least {_VARIETY} different characters; make a random one")
    return text
