"""Amounts are read as people type them, and counted in whole thousandths."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.rules.amounts import MOST, as_typed, parse_amount


@pytest.mark.parametrize(
    ("typed", "thousandths"),
    [
        ("2", 2000), ("1,5", 1500), ("1.5", 1500), (" 1.5 ", 1500), (".5", 500), ("5.", 5000),
        ("0", 0), ("0,001", 1), ("007", 7000), ("1000000000", MOST), ("1000000000.000", MOST),
    ],
)  # fmt: skip
def test_an_amount_may_have_a_comma_or_a_point(typed: str, thousandths: int):
    assert parse_amount(typed) == thousandths


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        *((typed, "not an amount") for typed in (
            "", " ", ".", ",", "-1", "+1", "1e309", "NaN", "inf", "1.5.2", "1,000,000", "two", "٣",
            "1 5", "\0", "1_000", "9" * 21, "9" * 9000, "½",
        )),
        ("1.0000", "three decimals"), ("0,1234", "three decimals"),
        ("1000000000.001", "more than can"), ("9" * 20, "more than can"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_told_in_a_sentence(typed: str, said: str):
    with pytest.raises(ValueError, match=said):
        parse_amount(typed)


@given(some.integers(0, MOST))
def test_an_amount_is_read_as_a_field_holds_it(amount: int):
    assert parse_amount(as_typed(amount)) == amount


def test_a_field_holds_no_decimals_that_say_nothing():
    assert [as_typed(amount) for amount in (0, 1, 1500, 2000, 10_000)] == [
        "0", "0.001", "1.5", "2", "10",
    ]  # fmt: skip
