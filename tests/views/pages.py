"""Pages as a plain client reads them: elements by id, forms with what they would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Attributes = dict[str, str]

_VOID = {"input", "meta", "link", "br", "img"}


@dataclass
class Form:
    """A form: where it goes, and the fields with the values that it would send untouched."""

    action: str
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def typed(self) -> dict[str, str]:
        """The fields that a user sees: neither its key nor what it was drawn with."""
        return {k: v for k, v in self.fields.items() if k != "key" and not k.startswith("was-")}


class Page(HTMLParser):
    """The elements and forms of one document or fragment."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, Attributes]] = []
        self.forms: list[Form] = []
        self._texts: dict[str, str] = {}
        self._open: list[tuple[str, str | None]] = []
        self._select: str | None = None
        self._area: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if tag not in _VOID:
            self._open.append((tag, given.get("id")))
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get")))
        elif tag == "input" and "name" in given and self.forms:
            if given.get("type") not in {"radio", "checkbox"} or "checked" in given:
                self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "textarea" and self.forms:
            self._area = given["name"]
            self.forms[-1].fields[self._area] = ""
        elif tag == "select":
            self._select = given.get("name")
        elif tag == "option" and self._select and self.forms and "selected" in given:
            self.forms[-1].fields[self._select] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            # As a browser does with a line break right behind the tag.
            fields = self.forms[-1].fields
            fields[self._area] = fields[self._area].removeprefix("\n")
            self._area = None
        if tag in {name for name, _id in self._open}:
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].fields[self._area] += data
        for _tag, name in self._open:
            if name:
                self._texts[name] = self._texts.get(name, "") + data

    def all(self, name: str) -> list[Attributes]:
        """Return the attributes of every element with the id `name`."""
        return [given for _tag, given in self.elements if given.get("id") == name]

    def __getitem__(self, name: str) -> Attributes:
        """Return the attributes of the one element with the id `name`."""
        (found,) = self.all(name)
        return found

    def text(self, name: str) -> str:
        """Return the text inside the element with the id `name`, white space folded."""
        return " ".join(self._texts.get(name, "").split())

    def form(self, action: str, **having: str) -> Form:
        """Return the first form that goes to `action` and holds the values `having`."""
        for form in self.forms:
            if form.action == action and having.items() <= form.fields.items():
                return form
        raise LookupError(f"no form to {action} with {having}")

    def error_of(self, name: str) -> str:
        """Return the sentence that aria-describedby ties to the field `name`, empty if none."""
        for _tag, given in self.elements:
            for target in given.get("aria-describedby", "").split():
                if target.endswith(f"{name}-error") and given.get("aria-invalid") == "true":
                    return self.text(target)
        return ""


def page(answer: TestResponse) -> Page:
    """Read an answer."""
    return Page(answer.text)


def send(client: FlaskClient, form: Form, **typed: str) -> TestResponse:
    """Send a form as it stands with what was typed, and follow the 303."""
    answer = client.post(form.action, data=form.fields | typed)
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["Location"])
