"""A browser of either engine: one small API for what people do in it."""

import base64
import time
from collections.abc import Callable
from typing import Any

from tests.engines.wire import Refused, Wire

# The key under which W3C hands out an element.
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ENTER, ESCAPE, TAB, SHIFT = "\ue007", "\ue00c", "\ue004", "\ue008"
# Seconds, on a machine that others use too.
PATIENCE = 15.0


class Browser:
    """A window with one page. `scripts` tells whether pages run theirs."""

    def __init__(self, wire: Wire, scripts: bool) -> None:
        self.wire, self.scripts = wire, scripts
        self.root = ""

    def resize(self, width: int, height: int) -> None:
        """Give the page this size, in pixels."""
        self.wire.send("resize", width=width, height=height)

    def begin(self, root: str, cookie: dict[str, str] | None = None) -> None:
        """Forget who was here, and let paths begin at `root` from here on."""
        self.root = root
        self.go("/healthz")
        self.wire.send("drop cookies")
        if cookie:
            kept = {"name": cookie["name"], "value": cookie["value"], "path": "/"}
            self.wire.send("add cookie", cookie=kept)

    def go(self, path: str) -> None:
        """Open a page."""
        self.wire.send("go", url=self.root + path)

    def back(self) -> None:
        """Press Back."""
        self.wire.send("back")

    @property
    def path(self) -> str:
        """Where the browser is."""
        return self.wire.send("address").removeprefix(self.root)

    def js(self, code: str, *values: Any) -> Any:
        """Run the body of a function in the page and return what it returns."""
        return self.wire.send("run", script=code, args=list(values))

    def all(self, selector: str) -> list[str]:
        """Return the elements that match, by their ids on the wire."""
        found = self.wire.send("find", using="css selector", value=selector)
        return [element[_ELEMENT] for element in found]

    def one(self, selector: str) -> str:
        """Return the first element that matches, as soon as there is one."""
        self.until(lambda: bool(self.all(selector)), f"no {selector}")
        return self.all(selector)[0]

    def click(self, selector: str) -> None:
        """Press with the mouse, where it can be seen whole."""
        element = self.one(selector)
        if self.scripts:
            # Drivers scroll just into view, which may be under the bottom bar.
            where = "{ block: 'center', behavior: 'instant' }"
            self.js(f"arguments[0].scrollIntoView({where})", {_ELEMENT: element})
        self.press(element)

    def press(self, element: str) -> None:
        """Press an element with the mouse. Raises Refused where it cannot be pressed."""
        self.wire.send("press", id=element)

    def click_at(self, x: float, y: float) -> None:
        """Press with the mouse at a place in the window."""
        place = {"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)}
        presses = [{"type": f"pointer{way}", "button": 0} for way in ("Down", "Up")]
        self._act("pointer", [place, *presses])

    def fill(self, selector: str, text: str) -> None:
        """Put `text` in the place of what a field holds."""
        field = self.one(selector)
        self.wire.send("empty", id=field)
        self.wire.send("type", id=field, text=text)

    def keys(self, *keys: str) -> None:
        """Press keys, one after the other."""
        ways = ("keyDown", "keyUp")
        self._act("key", [{"type": way, "value": key} for key in keys for way in ways])

    def chord(self, held: str, key: str) -> None:
        """Press a key while another is held."""
        ways = (("keyDown", held), ("keyDown", key), ("keyUp", key), ("keyUp", held))
        self._act("key", [{"type": way, "value": value} for way, value in ways])

    def text(self, selector: str) -> str:
        """Return what can be read in the first that matches."""
        return self.wire.send("text", id=self.one(selector))

    def attribute(self, selector: str, name: str) -> str | None:
        """Return an attribute of the first that matches."""
        return self.wire.send("attribute", id=self.one(selector), name=name)

    def style(self, selector: str, name: str) -> str:
        """Return a computed style of the first that matches."""
        code = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
        return self.js(code, selector, name)

    def until(self, is_so: Callable[[], Any], otherwise: str = "") -> None:
        """Wait until `is_so`. A page that goes away while it is looked at is looked at again."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                if is_so():
                    return
                said = otherwise
            except Refused as refused:
                said = str(refused)
            assert time.monotonic() < end, f"{said or 'not so'} on {self.path}"
            time.sleep(0.03)

    @property
    def source(self) -> str:
        """The page as it stands, as HTML."""
        return self.wire.send("source")

    def picture(self) -> bytes:
        """Return what is in view, as a PNG."""
        return base64.b64decode(self.wire.send("picture"))

    def _act(self, kind: str, acts: list[dict[str, Any]]) -> None:
        self.wire.send("act", actions=[{"type": kind, "id": kind, "actions": acts}])
