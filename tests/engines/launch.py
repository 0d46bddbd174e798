"""Starts Firefox and WebKit, each as Debian packs it, and ends them."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from tests import programs
from tests.engines.browser import Browser
from tests.engines.wire import Http, Marionette

Found = TypeVar("Found")

# That of a phone, in pixels.
WIDTH, HEIGHT = 390, 844
# Seconds.
_LONGEST = 60
_PREFS = {
    "marionette.port": 0,
    "ui.useOverlayScrollbars": 1,
    "browser.startup.page": 0,
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


@contextmanager
def firefox(folder: Path, dark: bool, scripts: bool) -> Iterator[Browser]:
    """Run Firefox with a profile in `folder`."""
    prefs = _PREFS | {
        "layout.css.prefers-color-scheme.content-override": 0 if dark else 1,
        "javascript.enabled": scripts,
    }
    lines = [
        f"user_pref({json.dumps(name)}, {json.dumps(is_so)});" for name, is_so in prefs.items()
    ]
    (folder / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [programs.find("firefox-esr"), "--headless", "--marionette", "--no-remote"]
    with _running([*command, "--profile", folder]):
        port = _await(lambda: int((folder / "MarionetteActivePort").read_text()))
        browser = Browser(_await(lambda: Marionette(port)), scripts)
        browser.resize(WIDTH, HEIGHT)
        yield browser


@contextmanager
def webkit(folder: Path, dark: bool, scripts: bool) -> Iterator[Browser]:
    """Run WebKit's driver with a window of its own, on a screen of its own."""
    display, port = folder / "display", _free_port()
    screen = [programs.find("Xvfb"), "-displayfd", "1", "-nolisten", "tcp"]
    with display.open("w") as said, _running(screen, stdout=said):
        number = _await(lambda: int(display.read_text()))
        environment = os.environ | {"DISPLAY": f":{number}", "GDK_BACKEND": "x11"}
        environment |= {"WINDOW_SIZE": f"{WIDTH}x{HEIGHT}"}
        environment |= {"WINDOW_DARK": "1"} if dark else {}
        environment |= {} if scripts else {"WINDOW_PLAIN": "1"}
        window = Path(__file__).with_name("window.py")
        options = {"webkitgtk:browserOptions": {"binary": str(window), "args": []}}
        driver = [programs.find("WebKitWebDriver"), f"--port={port}"]
        with _running(driver, env=environment):
            _await(lambda: socket.create_connection(("127.0.0.1", port)).close() or True)
            wire = Http(port, options)
            try:
                yield Browser(wire, scripts)
            finally:
                wire.end()


ENGINES = {"firefox": firefox, "webkit": webkit}


@contextmanager
def _running(command: list[str | Path], **how: object) -> Iterator[None]:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, **(quiet | how))
    try:
        yield
    finally:
        process.terminate()
        process.wait(_LONGEST)


def _await(look: Callable[[], Found]) -> Found:
    """Return what `look` finds, as soon as it finds it."""
    end = time.monotonic() + _LONGEST
    while True:
        try:
            return look()
        except (OSError, ValueError):
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
