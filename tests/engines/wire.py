"""How a browser is told what to do: the commands of WebDriver, over either of two wires.

Firefox speaks Marionette, WebKit has a program that speaks W3C's HTTP. The commands are the same;
the table holds both of their names.
"""

import itertools
import json
import socket
import urllib.error
import urllib.request
from contextlib import suppress
from typing import Any, NamedTuple, Protocol


class Command(NamedTuple):
    """A command: its name on Marionette's wire, and its method and path on that of W3C."""

    marionette: str
    method: str
    path: str


COMMANDS = {
    "go": Command("WebDriver:Navigate", "POST", "url"),
    "address": Command("WebDriver:GetCurrentURL", "GET", "url"),
    "back": Command("WebDriver:Back", "POST", "back"),
    "resize": Command("WebDriver:SetWindowRect", "POST", "window/rect"),
    "find": Command("WebDriver:FindElements", "POST", "elements"),
    "press": Command("WebDriver:ElementClick", "POST", "element/{id}/click"),
    "empty": Command("WebDriver:ElementClear", "POST", "element/{id}/clear"),
    "type": Command("WebDriver:ElementSendKeys", "POST", "element/{id}/value"),
    "text": Command("WebDriver:GetElementText", "GET", "element/{id}/text"),
    "attribute": Command("WebDriver:GetElementAttribute", "GET", "element/{id}/attribute/{name}"),
    "act": Command("WebDriver:PerformActions", "POST", "actions"),
    "run": Command("WebDriver:ExecuteScript", "POST", "execute/sync"),
    "add cookie": Command("WebDriver:AddCookie", "POST", "cookie"),
    "drop cookies": Command("WebDriver:DeleteAllCookies", "DELETE", "cookie"),
    "source": Command("WebDriver:GetPageSource", "GET", "source"),
    "picture": Command("WebDriver:TakeScreenshot", "GET", "screenshot"),
}


class Refused(Exception):
    """The browser could not do what it was told; the text says why."""


class Wire(Protocol):
    """Anything that takes the commands."""

    def send(self, order: str, /, **values: Any) -> Any:
        """Send a command, by its name in COMMANDS, and return its value. Raises Refused."""


class Marionette:
    """The wire of Firefox: JSON with its length before it, over a socket."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._reader = self._socket.makefile("rb")
        self._numbers = itertools.count(1)
        self._read()
        self._ask("WebDriver:NewSession", {})

    def send(self, order: str, /, **values: Any) -> Any:
        """Send a command, by its name in COMMANDS, and return its value. Raises Refused."""
        found = self._ask(COMMANDS[order].marionette, values)
        return found["value"] if isinstance(found, dict) and "value" in found else found

    def _ask(self, name: str, values: dict[str, Any]) -> Any:
        said = json.dumps([0, next(self._numbers), name, values]).encode()
        self._socket.sendall(b"%d:%b" % (len(said), said))
        _type, _number, error, found = self._read()
        if error:
            raise Refused(f"{name}: {error['message']}")
        return found

    def _read(self) -> Any:
        length = b""
        while (sign := self._reader.read(1)) != b":":
            length += sign
        return json.loads(self._reader.read(int(length)))


class Http:
    """The wire of WebKit's driver: the protocol of W3C."""

    def __init__(self, port: int, capabilities: dict[str, Any]) -> None:
        self._url = f"http://127.0.0.1:{port}/session"
        wanted = {"capabilities": {"alwaysMatch": capabilities}}
        self._url += "/" + self._ask("POST", "", wanted)["sessionId"]

    def send(self, order: str, /, **values: Any) -> Any:
        """Send a command, by its name in COMMANDS, and return its value. Raises Refused."""
        command = COMMANDS[order]
        body = values if command.method == "POST" else None
        return self._ask(command.method, "/" + command.path.format(**values), body)

    def end(self) -> None:
        """Close the window. It may be gone before the driver can say that it went."""
        with suppress(Refused):
            self._ask("DELETE", "", None)

    def _ask(self, method: str, path: str, values: dict[str, Any] | None) -> Any:
        body = None if values is None else json.dumps(values).encode()
        request = urllib.request.Request(self._url + path, body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise Refused(f"{method} {path}: {error.read().decode()}") from error
