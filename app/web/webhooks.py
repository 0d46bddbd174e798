"""Addresses of webhooks as they are typed, and what their secrets are sealed for."""

import re
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from app.rules.errors import Invalid
from app.rules.language import _
from app.rules.webhooks import LONGEST_ADDRESS

# In the database, and on a page that shows one.
SECRET, NEW_SECRET = "secret of a webhook", "new secret of a webhook"

_PRINTED = re.compile(r"[!-~]+")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9])?\.?", re.ASCII)


def read_address(typed: str, *, plain: bool) -> str:
    """Return the address of a receiver as it stands in a request, all of ASCII.

    `plain` tells whether http:// is taken too. Raises Invalid.
    """
    try:
        parts = urlsplit(typed)
        host = _host(parts.hostname or "")
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise Invalid(address=_("This does not look like the address of a page.")) from error
    if parts.scheme != "https" and not (plain and parts.scheme == "http"):
        raise Invalid(address=_("The address must begin with https://."))
    if "@" in parts.netloc:
        raise Invalid(address=_("The address must not hold a name or a password."))
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~")
    query = "?" + quote(parts.query, safe="/%:@!$&'()*+,;=-._~?") if parts.query else ""
    address = f"{parts.scheme}://{host}{port}{path}{query}"
    if not _PRINTED.fullmatch(address) or len(address) > LONGEST_ADDRESS:
        raise Invalid(address=_("This does not look like the address of a page."))
    return address


def _host(name: str) -> str:
    """Return the name of a host as it is asked for. Raises ValueError."""
    if ":" in name:
        return f"[{ip_address(name).compressed}]"
    host = name.encode("idna").decode().lower()
    if not _HOST.fullmatch(host):
        raise ValueError("no name of a host")
    return host
