"""Second factors: codes as they are typed, and how long half of the way holds."""

from datetime import UTC, datetime, timedelta

import pytest

from app.rules import factors
from app.rules.factors import HALF_WAY_HOLDS, HalfWay, Recovery

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("123456", "123456"), (" 123 456\t", "123456"), ("123-456", "123456"), ("", ""),
        ("3KMQ-7vwx-9rtz", "3kmq7vwx9rtz"), ("0ILo-abcd-efgh", "0110abcdefgh"),
    ],
)  # fmt: skip
def test_a_code_is_read_however_it_is_typed(typed: str, clean: str):
    assert factors.clean_code(typed) == clean


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("123456", "app"), ("12345", ""), ("1234567", ""), ("12345a", ""), ("١٢٣٤٥٦", ""),
        ("3kmq7vwx9rtz", "recovery"), ("kkmq7vwx9rtz", ""), ("3kmq7vwx9rt", ""), ("123456\n", ""),
        ("3kmq7vwx9rtzz", ""), ("3kmq7vwx9rtu", ""), ("123456123456", "recovery"),
    ],
)  # fmt: skip
def test_what_a_code_may_be_is_seen_in_it(code: str, kind: str):
    is_app, is_recovery = factors.is_code(code), factors.is_recovery_code(code)
    assert (is_app, is_recovery) == (kind == "app", kind == "recovery")


def test_a_recovery_code_is_written_in_groups():
    assert factors.shown("3kmq7vwx9rtz") == "3kmq-7vwx-9rtz"


@pytest.mark.parametrize(
    ("version", "now", "holds"),
    [
        ("one", NOON, True), ("one", NOON - A_MOMENT, False), ("two", NOON, False),
        ("one", NOON + HALF_WAY_HOLDS - A_MOMENT, True), ("one", NOON + HALF_WAY_HOLDS, False),
    ],
)  # fmt: skip
def test_half_of_the_way_holds_for_ten_minutes_and_one_password(
    version: str, now: datetime, holds: bool
):
    assert HalfWay(7, "one", NOON).holds(version, now) == holds


def test_evidence_shows_no_hash_where_it_is_written_out():
    assert "secret" not in repr(Recovery(3, "secret"))
