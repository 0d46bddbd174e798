"""Whatever is sent in whichever field: refused beside its field, or kept as text; no fault."""

from io import BytesIO
from urllib.parse import quote_from_bytes

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests import world as make
from tests.views.database import contents, execute, scalar
from tests.views.pages import page
from tests.world import PASSWORD, World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}
FORM = "application/x-www-form-urlencoded"
XSS = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
EMOJI = "🦊 lies 10 Seiten 👩‍👩‍👧 é ñ 日本語 العربية"

# Every form of the app: its URL, fields that it takes, and which of them are free text.
FORMS: dict[str, tuple[dict[str, str], set[str]]] = {
    "/signup": (
        {"email": "eva@example.org", "password": PASSWORD, "timezone": "UTC"}, {"password"},
    ),
    "/login": ({"email": "eva@example.org", "password": PASSWORD, "next": "/"}, set()),
    "/pillars": (
        {"name": "Mind", "color": "moss", "icon": "leaf", "key": "pillar"}, {"name", "key"},
    ),
    "/pillars/{pillar}": ({"name": "Mind", "color": "moss", "icon": "leaf"}, {"name"}),
    "/pillars/{pillar}/move": ({"direction": "up", "from": "pillars"}, set()),
    "/habits": (
        {"pillar_id": "{pillar}", "name": "Walk", "effort": "easy", "starts_on": "2026-03-01",
         "key": "habit"},
        {"name", "key"},
    ),
    "/habits/{habit}": (
        {"name": "Walk", "effort": "easy", "starts_on": "2026-03-01", "schedule": "weekly",
         "kind": "at_least", "target": "5", "step": "1", "unit": "km"},
        {"name", "unit"},
    ),
    "/habits/{habit}/move": ({"pillar_id": "{pillar}"}, set()),
    "/habits/{habit}/commit": ({"day": "2026-03-10", "key": "tap"}, {"key"}),
    "/habits/{habit}/undo": ({"day": "2026-03-10", "key": "back"}, {"key"}),
    "/habits/{counted}/amount": (
        {"day": "2026-03-10", "amount": "1,5", "key": "pages", "from": "today"}, {"key"},
    ),
    "/habits/{habit}/collect": ({"key": "quiet", "from": "today"}, {"key"}),
    "/habits/{habit}/note": ({"day": "2026-03-10", "note": "Slow."}, {"note"}),
    "/habits/{habit}/skip": ({"day": "2026-03-10", "reason": "at sea"}, {"reason"}),
    "/habits/{habit}/unskip": ({"day": "2026-03-10"}, set()),
    "/rests": (
        {"pillar_id": "{pillar}", "starts_on": "2026-03-01", "ends_on": "2026-03-12",
         "reason": "at sea"},
        {"reason"},
    ),
    "/rests/{rest}": (
        {"pillar_id": "{pillar}", "starts_on": "2026-03-01", "ends_on": "2026-03-12",
         "reason": "at sea"},
        {"reason"},
    ),
    "/pet": ({"name": "Miso", "species": "owl"}, {"name"}),
    "/settings": ({"name": "Ada", "timezone": "UTC", "day_start": "3"}, {"name"}),
    "/settings/password": ({"current": PASSWORD, "password": "another pass phrase"}, {"password"}),
}  # fmt: skip
FIELDS = [(url, field) for url, (fields, _free) in FORMS.items() for field in fields]
UNREAD = {"from", "next"}
BAD: dict[str, bytes] = {
    "long": b"x" * 10_000,
    "nul": b"a\0b",
    "control": b"\x1b[2J\x07\x7f",
    # Bytes that are no UTF-8 stay as they were written, %ED and so on, and are plain text then.
    "surrogate": b"\xed\xa0\x80",
    "not utf-8": b"\xff\xfe\xc3\x28",
    "number": str(2**63).encode(),
    "negative": b"-1",
    "year 9999": b"9999-12-31",
    "format": b"%s%n{0}{{7*7}}",
    "sql": b"'; DROP TABLE users; --",
    "script": XSS.encode(),
    "emoji": EMOJI.encode(),
    "unseen": "\u3164\u2800 \u200b".encode(),
}
# What a name, a key or a password may be: text that is shown, escaped, as it was typed.
TEXT = set(BAD) - {"long", "nul", "control", "unseen"}


@pytest.fixture(autouse=True)
def _premium(world: World) -> None:
    execute("UPDATE users SET is_premium = true WHERE id = :ada", ada=world.ada.user_id)


def sent(world: World, url: str) -> tuple[str, dict[str, str]]:
    ids = {"pillar": str(world.pillar), "habit": str(world.habit), "rest": str(world.rest)}
    if "{counted}" in url:
        ids["counted"] = str(make.habit(world.ada, world.pillar, kind="at_least", target="50"))
    fields, _free = FORMS[url]
    filled = {k: v.format(**ids) if v.startswith("{") else v for k, v in fields.items()}
    return url.format(**ids), filled


def post(client: FlaskClient, url: str, fields: dict[str, str], **raw: bytes) -> TestResponse:
    pairs = {key: quote_from_bytes(value.encode()) for key, value in fields.items()}
    pairs |= {key: quote_from_bytes(value) for key, value in raw.items()}
    body = "&".join(f"{key}={value}" for key, value in pairs.items())
    return client.post(url, data=body, content_type=FORM)


@pytest.mark.parametrize(("url", "field"), FIELDS)
def test_no_field_can_be_filled_so_that_the_app_fails(world: World, url: str, field: str):
    """Line 39 of docs/security.md."""
    target, fields = sent(world, url)
    client = world.signed_in(world.ada)
    is_free = field in FORMS[url][1]
    before = contents()
    for name, value in BAD.items():
        if url in {"/pillars", "/habits"}:
            # Every form that makes something has a key of its own.
            fields["key"] = f"key of {name}"
        answer = post(client, target, fields, **{field: value})
        if answer.status_code == 303:
            fine = is_free and (name in TEXT or field in {"password", "key"})
            undone = url.endswith(("/undo", "/unskip"))
            assert fine or undone or field in UNREAD, (name, answer.status_code)
            if "password" in fields:
                return  # The account is made, the password another one: once only.
            before = contents()
        else:
            assert answer.status_code in {404, 422}, name
            assert contents() == before
            assert "<script>alert" not in answer.text
            if answer.status_code == 422 and target in answer.text and field not in UNREAD:
                shown = page(answer)
                assert shown.error_of(field) or 'role="alert"' in answer.text, name
                rest = {k: v for k, v in fields.items() if k not in {field, "current", "password"}}
                assert any(rest.items() <= form.fields.items() for form in shown.forms), name


@pytest.mark.parametrize(("url", "field"), FIELDS)
def test_missing_empty_repeated_and_uploaded_fields_are_no_fault(
    world: World, url: str, field: str
):
    """Line 39 of docs/security.md."""
    target, fields = sent(world, url)
    client = world.signed_in(world.ada)
    rest = {key: value for key, value in fields.items() if key != field}
    for data in (
        rest,
        rest | {field: ""},
        rest | {field: "   "},
        rest | {field: (BytesIO(b"a file"), "name.txt")},
        rest | {f"{field}[]": "x", f"{field}[a]": "y"},
        MultiDict([*rest.items(), (field, fields[field]), (field, XSS)]),
    ):
        answer = client.post(target, data=data, headers=HTMX if field == "name" else {})
        assert answer.status_code in {200, 204, 303, 404, 422}
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize("url", [url for url, (_fields, free) in FORMS.items() if "name" in free])
@pytest.mark.parametrize("raw", [b"\xed\xa0\x80", b"caf\xe9", b"\xff\xfe"])
def test_a_name_that_arrives_damaged_is_refused(world: World, url: str, raw: bytes):
    target, _fields = sent(world, url)
    head = b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'
    pillar = head % (b"pillar_id", str(world.pillar).encode())
    body = head % (b"name", raw) + pillar + b"--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    answer = world.signed_in(world.ada).post(target, data=body, content_type=kind)
    assert answer.status_code == 422
    assert "arrived damaged" in page(answer).error_of("name")


@pytest.mark.parametrize("url", ["/signup", "/login", "/pillars", "/habits/{habit}/commit", "/pet"])
@pytest.mark.parametrize(
    ("kind", "body", "statuses"),
    [
        ("application/json", b'{"name": ["a"], "day": {"$gt": 1}}', {303, 404, 422}),
        ("multipart/form-data", b"no boundary", {303, 404, 422, 400}),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken", {303, 404, 422, 400}),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n--x--", {303, 404, 422, 400}),
        (FORM, b"&&&=%zz&%=%&\xff\xfe", {303, 404, 422}),
        (FORM + "; charset=utf-7", b"name=%2BADw-script", {303, 404, 422}),
        (FORM, b"name=" + b"x" * 300_000, {413}),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"x" * 300_000, {413}),
        (FORM, b"&".join(b"f%d=1" % n for n in range(20_000)), {303, 404, 413, 422}),
        ("", b"name=x", {303, 404, 422}),
    ],
)  # fmt: skip
def test_a_body_that_is_no_form_of_ours_is_no_fault(
    world: World, url: str, kind: str, body: bytes, statuses: set[int]
):
    target, _fields = sent(world, url)
    answer = world.signed_in(world.ada).post(target, data=body, content_type=kind)
    assert answer.status_code in statuses
    if answer.status_code == 413:
        assert "more than we can take at once; nothing was saved" in answer.text


@pytest.mark.parametrize(
    "name", [XSS, EMOJI, "{{ 333 * 37037 }}", "%(name)s %s", "&lt;b&gt;", "x" * 80]
)
def test_a_name_is_shown_as_it_was_typed_and_escaped_wherever_it_stands(world: World, name: str):
    """Line 31 of docs/security.md."""
    ada = world.signed_in(world.ada)
    pages = []
    for url, more in (
        ("/settings", {}),
        ("/pet", {}),
        (f"/pillars/{world.pillar}", {}),
        (f"/habits/{world.habit}", {}),
        ("/pillars", {}),
        ("/habits", {"pillar_id": str(world.pillar)}),
    ):
        answer = ada.post(url, data={"name": name} | more)
        assert answer.status_code == 303, answer.text
        # The page that follows shows the flashed sentence, which may hold the name.
        pages.append(ada.get(answer.headers["Location"]))
    pages.append(ada.post(f"/habits/{world.habit}/commit", headers=HTMX))
    pages.append(ada.post(f"/habits/{world.habit}/commit", data={"from": XSS}, headers=HTMX))
    pages.append(ada.post("/pillars", data={"name": name + "x" * 80}, headers=HTMX))
    pages.append(ada.post("/habits", data={"name": "Run", "pillar_id": str(world.pillar)}))
    for kind, number in (("habits", world.habit), ("pillars", world.pillar)):
        pages.append(ada.get(f"/{kind}/{number}/delete"))
        ada.post(f"/{kind}/{number}/archive")
        pages.append(ada.get(f"/{kind}/{number}"))
    pages.append(ada.post(f"/habits/{world.habit}/commit", headers=HTMX))
    pages += [ada.get(url) for url in ("/", "/pillars", "/pet", "/ledger", "/settings")]
    for answer in pages:
        assert answer.status_code < 500
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
        assert str(333 * 37037) not in answer.text
        assert not [given for _tag, given in page(answer).elements if "onerror" in given]
    stored = "SELECT count(*) FROM pillars p, habits h, pets t WHERE (p.name, h.name, t.name)"
    assert scalar(f"{stored} = (:name, :name, :name)", name=name) == 4


def test_what_no_form_asks_for_is_never_taken(world: World):
    """Line 23 of docs/security.md."""
    ada, bob = world.signed_in(world.ada), world.bob
    more = {
        "xp": "9999", "user_id": str(bob.user_id), "is_premium": "", "is_admin": "1", "id": "1",
        "streak": "99", "folded_best": "99", "position": "-1", "version": "0", "archived_at": "now",
        "pet_id": "1", "amount": "500", "label": "x", "created_at": "2000-01-01",
    }  # fmt: skip
    for url in FORMS:
        if not url.startswith(("/signup", "/login", "/settings/password")):
            target, fields = sent(world, url)
            assert ada.post(target, data=more | fields).status_code == 303, url
    # By then it is five kilometres a week: a press is a step of one, whatever was sent along.
    assert scalar("SELECT max(amount) FROM amounts") < 2
    assert scalar("SELECT max(xp) FROM pets") == 0
    for step in range(5):
        make.keep(world.ada, world.habit, key=f"after {step}")
    assert scalar("SELECT max(xp) FROM pets") in {5, 10}
    assert scalar("SELECT count(*) FROM users WHERE is_premium") == 1
    assert scalar("SELECT count(*) FROM habits WHERE user_id = :bob", bob=bob.user_id) == 0
    assert scalar("SELECT max(streak) FROM habits") == 0
