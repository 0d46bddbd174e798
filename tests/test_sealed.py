"""Sealed texts: opened by us, for their purpose, for their time, with the key or an older one."""

from datetime import timedelta

import pytest

from app.infra.sealed import Box
from tests.world import NOON

KEY, OLDER = "a key of this server, of 32 or more", "the key that it had before, of 32+"
A_SECOND = timedelta(seconds=1)


def test_what_is_sealed_is_opened_and_cannot_be_read():
    sealed = Box([KEY]).seal("letter", "hush ⟦é⟧", NOON)
    assert "hush" not in sealed
    assert Box([KEY]).open("letter", sealed, NOON + timedelta(days=9999)) == "hush ⟦é⟧"
    assert Box([KEY]).seal("letter", "hush ⟦é⟧", NOON) != sealed


def test_an_older_key_opens_what_it_has_sealed_and_seals_no_more():
    sealed = Box([OLDER]).seal("letter", "hush", NOON)
    both = Box([KEY, OLDER])
    assert both.open("letter", sealed, NOON) == "hush"
    with pytest.raises(ValueError, match="not sealed here"):
        Box([OLDER]).open("letter", both.seal("letter", "hush", NOON), NOON)


@pytest.mark.parametrize("spoilt", ["", "x", "é", "\0", "a" * 9999, "gAAAAA=="])
def test_what_is_not_ours_is_refused(spoilt: str):
    with pytest.raises(ValueError, match=r"not sealed here|ASCII"):
        Box([KEY]).open("letter", spoilt, NOON)


def test_what_was_changed_is_refused():
    sealed = Box([KEY]).seal("letter", "hush", NOON)
    for at in range(0, len(sealed), 9):
        other = "B" if sealed[at] != "B" else "C"
        with pytest.raises(ValueError, match="not sealed here"):
            Box([KEY]).open("letter", sealed[:at] + other + sealed[at + 1 :], NOON)


def test_it_is_opened_for_its_purpose_alone():
    sealed = Box([KEY]).seal("letter", "hush", NOON)
    with pytest.raises(ValueError, match="another purpose"):
        Box([KEY]).open("parcel", sealed, NOON)


def test_it_holds_as_long_as_is_said():
    sealed, holds = Box([KEY]).seal("letter", "hush", NOON), timedelta(minutes=5)
    assert Box([KEY]).open("letter", sealed, NOON + holds, holds) == "hush"
    with pytest.raises(ValueError, match="too long ago"):
        Box([KEY]).open("letter", sealed, NOON + holds + A_SECOND, holds)
