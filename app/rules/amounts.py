"""Amounts as people type them, and as everything here counts them: in whole thousandths."""

import re

from app.rules.language import _

# One, and the most that there can be of anything.
ONE = 1000
MOST = 10**9 * ONE
_PLACES = 3
# So many digits say more than there can be; nobody has to read a longer number.
_TYPED = re.compile(r"([0-9]{0,20})(?:[.,]([0-9]{0,20}))?")


def parse_amount(text: str) -> int:
    """Return the amount that `text` says, "1,5" or "1.5", in whole thousandths.

    Raises ValueError with the sentence for who typed it: for what is no number, a negative one,
    one of more than three decimals, or one that is too large.
    """
    typed = _TYPED.fullmatch(text.strip())
    whole, decimals = typed.groups(default="") if typed else ("", "")
    if not whole and not decimals:
        raise ValueError(_("This is not an amount. Write a number, such as 2 or 1.5."))
    if len(decimals) > _PLACES:
        raise ValueError(_("An amount has at most three decimals."))
    amount = int(whole + decimals.ljust(_PLACES, "0"))
    if amount > MOST:
        raise ValueError(_("This is more than can be counted here."))
    return amount


def some(amount: int) -> int:
    """Return `amount` where it is more than nothing. Raises ValueError with the sentence."""
    if not amount:
        raise ValueError(_("This has to be more than 0."))
    return amount


def as_typed(amount: int) -> str:
    """Return an amount of whole thousandths as a field holds it: "1.5", "2"."""
    whole, thousandths = divmod(amount, ONE)
    return f"{whole}.{thousandths:03}".rstrip("0").rstrip(".")
