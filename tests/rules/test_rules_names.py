"""What a name may hold."""

import unicodedata

import pytest
import regex

from app.rules.names import LONGEST_EMAIL, clean, is_address, most_points, next_free


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Read \t ten\n pages ", "Read ten pages"),
        ("Cafe\u0301", "Café"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("\u200b\u200b", ""),
        (" \u2060 ", ""),
        ("<script>", "<script>"),
        ("\u3164", ""),
        ("\u2800 \u2800", ""),
        ("\u115f\u1160\uffa0", ""),
        ("\ufe0f\u034f\u200d", ""),
        ("\U000e0001\U000e0041", ""),
        ("\u180b\u17b4\U0001d159", ""),
        ("\u3164a", "\u3164a"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("⠁", "⠁"),
    ],
)
def test_a_name_is_folded_and_what_cannot_be_seen_is_nothing(typed: str, kept: str):
    assert clean(typed) == kept


def test_nothing_that_unicode_lets_fonts_ignore_makes_a_name():
    ignorable = regex.compile(r"\p{Default_Ignorable_Code_Point}")
    for number in range(0x110000):
        sign = chr(number)
        if ignorable.match(sign) or sign.isspace():
            try:
                assert clean(f"{sign} {sign}") == "", hex(number)
            except ValueError:
                assert unicodedata.category(sign) in {"Cc", "Cf"}


@pytest.mark.parametrize("typed", ["a\0b", "\x1b[2J", "\ud800", "a\u202eb", "\u2067a"])
def test_what_cannot_be_stored_or_turns_the_line_round_is_refused(typed: str):
    with pytest.raises(ValueError, match="control"):
        clean(typed)


@pytest.mark.parametrize(
    ("typed", "may_be"),
    [
        ("ada@example.org", True),
        ("a@b", True),
        ("ada", False),
        ("@example.org", False),
        ("ada@", False),
        ("ada@b@c", False),
        ("ada @b", False),
        ("ada@b c", False),
        ("a" * (LONGEST_EMAIL - 2) + "@b", True),
        ("a" * (LONGEST_EMAIL - 1) + "@b", False),
        ("", False),
    ],
)
def test_an_address_has_something_on_both_sides_of_one_sign(typed: str, may_be: bool):
    assert is_address(typed) is may_be


def test_a_character_has_room_for_the_longest_emoji_there_is():
    kiss = "👩🏽\u200d❤\ufe0f\u200d💋\u200d👨🏿"
    assert len(kiss * 80) <= most_points(80)
    assert len(regex.findall(r"\X", kiss * 80)) == 80


@pytest.mark.parametrize(
    ("used", "free"),
    [("", "a"), ("b", "a"), ("a", "b"), ("ac", "b"), ("cab", "a"), ("cabaa", "b"), ("abcx", "a")],
)
def test_the_next_choice_is_the_first_that_is_used_least(used: str, free: str):
    assert next_free("abc", used) == free
