"""What a name may hold."""

import pytest

from app.rules.names import LONGEST_EMAIL, clean, is_address, next_free


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Read \t ten\n pages ", "Read ten pages"),
        ("Cafe\u0301", "Café"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("\u200b\u200b", ""),
        (" \u2060 ", ""),
        ("<script>", "<script>"),
    ],
)
def test_a_name_is_folded_and_what_cannot_be_seen_is_nothing(typed: str, kept: str):
    assert clean(typed) == kept


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


@pytest.mark.parametrize(
    ("used", "free"),
    [("", "a"), ("b", "a"), ("a", "b"), ("ac", "b"), ("cab", "a"), ("cabaa", "b"), ("abcx", "a")],
)
def test_the_next_choice_is_the_first_that_is_used_least(used: str, free: str):
    assert next_free("abc", used) == free
