"""What becomes of a message with a mail server of every temper."""

import logging
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.infra import db
from app.infra.worker import Shift
from app.jobs.mail import Delivery
from app.operations import outbox
from tests.mail.mailbox import Mailbox, served
from tests.races.test_launcher import free_port
from tests.views.database import scalar
from tests.world import NOON

STATE = """
    SELECT string_agg(concat_ws(' ', CASE WHEN sent_at IS NOT NULL THEN 'sent'
        WHEN parked_at IS NOT NULL THEN 'parked' ELSE 'waiting' END, tries, failure), ', '
        ORDER BY id)
    FROM outbox
"""
MakeDelivery = Callable[..., Delivery]


@pytest.fixture
def delivery(app: Flask, monkeypatch: pytest.MonkeyPatch, at) -> MakeDelivery:
    """A function that makes a delivery by a server on a port, or into files of a folder."""

    def make(port: int | None = None, **settings: object) -> Delivery:
        if port is not None:
            settings = {"mail_url": f"smtp://127.0.0.1:{port}"} | settings
        monkeypatch.setitem(
            app.extensions, "settings", replace(app.extensions["settings"], **settings)
        )
        return Delivery(app)

    return make


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with served(free_port()) as box:
        yield box


def post(address: str = "ada@example.org", kind: str = "trial", **facts: object) -> None:
    with db.transaction() as writing:
        outbox.post(writing, kind, address, facts)


def test_a_message_arrives_once_in_words_and_as_a_page(delivery: MakeDelivery, box: Mailbox):
    post()
    sending = delivery(
        box.port, public_url="https://habits.example.org", mail_from="hi@example.org"
    )
    sending.run(Shift())
    sending.run(Shift())
    (letter,) = box.letters
    assert box.recipients == ["ada@example.org"]
    assert str(letter["From"]) == "Commit Life <hi@example.org>"
    assert letter["Subject"] == "Mail arrives"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime == NOON
    assert letter["Message-ID"] == f"<{scalar('SELECT mark FROM outbox')}@example.org>"
    text, page = (
        letter.get_body([kind]).get_content().replace("\r", "") for kind in ("plain", "html")
    )
    assert "It was sent to ada@example.org" in text
    assert "Open Today:\nhttps://habits.example.org/\n" in text
    assert "<" not in text
    assert '<a class="button" href="https://habits.example.org/">Open Today</a>' in page
    assert scalar(STATE) == "sent 1"


@pytest.mark.parametrize(
    ("says", "state"),
    [
        ("451 4.7.1 Come again later", "waiting 1 451 4.7.1 Come again later"),
        ("554 5.7.1 Not wanted here", "parked 1 554 5.7.1 Not wanted here"),
    ],
)
def test_what_a_server_says_of_a_letter_decides(delivery, box, says: str, state: str):
    post(), post("bob@example.org")
    box.answers = [says]
    delivery(box.port).run(Shift())
    assert scalar(STATE) == f"{state}, sent 1"


def test_an_address_that_nobody_has_is_no_other_letters_matter(delivery, box):
    post(), post("bob@example.org")
    box.refused_recipients = {"ada@example.org": "550 5.1.1 No such user"}
    delivery(box.port).run(Shift())
    assert scalar(STATE) == "parked 1 550 5.1.1 No such user, sent 1"


def test_a_refused_letter_is_sent_again_when_it_is_wanted(delivery, box, at):
    post()
    box.answers = ["451 Later"]
    sending = delivery(box.port)
    sending.run(Shift())
    at(NOON + timedelta(seconds=59))
    sending.run(Shift())
    assert not box.letters
    at(NOON + timedelta(seconds=60))
    sending.run(Shift())
    assert len(box.letters) == 1
    assert scalar(STATE) == "sent 2"


def test_a_connection_that_ends_after_acceptance_leaves_one_copy_more(delivery, box, at):
    post()
    box.drop = True
    sending = delivery(box.port)
    sending.run(Shift())
    assert scalar(STATE) == "waiting 1 the connection ended: SMTPServerDisconnected"
    box.drop = False
    at(NOON + timedelta(minutes=1))
    sending.run(Shift())
    assert scalar(STATE) == "sent 2"
    first, second = box.marks
    assert first == second


@pytest.mark.parametrize("refused_sender", ["", "550 You may not send"])
def test_a_server_that_takes_nothing_is_left_alone(delivery, box, refused_sender: str):
    post(), post("bob@example.org")
    box.refused_sender = refused_sender
    sending = delivery(box.port if refused_sender else free_port())
    sending.run(Shift())
    # The second message was not tried, and neither has lost a try.
    state = scalar(STATE)
    assert state.startswith("waiting 0 ")
    assert state.endswith(", waiting 0")
    box.refused_sender = ""
    delivery(box.port).run(Shift())
    assert scalar(STATE).endswith(", sent 1")


def test_a_server_that_is_away_for_an_hour_costs_no_letter_a_try(delivery, box, at):
    post(), post("bob@example.org")
    for minute in range(60):
        at(NOON + timedelta(minutes=minute))
        # A new one each time, since a server that was away is left alone for a quarter of a minute.
        delivery(free_port()).run(Shift())
        assert scalar(STATE).count("waiting 0") == 2
    at(NOON + timedelta(minutes=61))
    delivery(box.port).run(Shift())
    assert sorted(box.recipients) == ["ada@example.org", "bob@example.org"]
    assert scalar("SELECT max(tries) FROM outbox") == 1


@pytest.mark.parametrize("hours", [0.9, 1.1])
def test_after_an_outage_no_letter_brings_a_link_that_has_expired(delivery, box, at, hours: float):
    with db.transaction() as writing:
        expires_at = NOON + timedelta(hours=1)
        outbox.post(writing, "trial", "ada@example.org", {}, expires_at=expires_at)
    delivery(free_port()).run(Shift())
    at(NOON + timedelta(hours=hours))
    delivery(box.port).run(Shift())
    assert len(box.letters) == (hours < 1)


def test_a_slow_server_is_waited_for_and_not_forever(delivery, box, monkeypatch):
    post()
    monkeypatch.setattr("app.infra.mail.server.LETTER_SECONDS", 0.2)
    box.is_slow = True
    delivery(box.port).run(Shift())
    assert scalar(STATE) == "waiting 1 the connection ended: SMTPServerDisconnected"


def test_what_cannot_be_written_is_parked_and_the_next_one_goes(delivery, box, caplog):
    post(kind="no such template"), post("bob@example.org")
    delivery(box.port).run(Shift())
    assert scalar(STATE) == "parked 1 cannot be written: TemplateNotFound, sent 1"
    assert "ada@example.org" not in caplog.text


def test_an_address_beyond_ascii_is_reached(delivery, box):
    post("éva@exämple.org")
    delivery(box.port).run(Shift())
    assert box.recipients == ["éva@exämple.org"]
    assert scalar(STATE) == "sent 1"


def test_no_line_of_a_fact_becomes_a_header(delivery, box):
    """Line 42 of docs/security.md."""
    post("ada@example.org\r\nBcc: eve@example.org")
    delivery(box.port).run(Shift())
    assert scalar(STATE).startswith("parked 1 ")
    assert not box.letters


def test_without_a_server_a_message_is_a_file_of_its_owner_alone(
    delivery, app, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    """Line 41 of docs/security.md."""
    post()
    with caplog.at_level(logging.INFO):
        delivery(data_dir=tmp_path).run(Shift())
    (file,) = (tmp_path / "mail").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert str(file) in caplog.text
    assert "http" not in caplog.text
    assert "ada@example.org" not in caplog.text
    number = scalar("SELECT id FROM outbox")
    shown = app.test_cli_runner().invoke(args=["mail", "show", str(number)]).output
    assert shown.startswith("sent, tried 1 times\n")
    assert "here it is: mail\nfrom this place arrives." in shown


def test_a_file_that_cannot_be_written_is_tried_again(delivery, tmp_path: Path):
    post()
    (tmp_path / "mail").touch()
    delivery(data_dir=tmp_path).run(Shift())
    assert scalar(STATE).startswith("waiting 1 ")


def test_a_shift_that_is_over_begins_no_letter(delivery, box):
    post()
    shift = Shift()
    shift.end()
    delivery(box.port).run(shift)
    assert scalar(STATE) == "waiting 0"
