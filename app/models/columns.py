"""Columns that several tables share, and the checks that name their allowed values."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Numeric
from sqlalchemy.orm import mapped_column

# BigInteger stands here explicitly: under a composite foreign key an int column would silently
# become INTEGER.
UserId = Annotated[
    int, mapped_column(BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
]
# Where a composite foreign key carries the user, it alone leads to the users.
CarriedUserId = Annotated[int, mapped_column(BigInteger, primary_key=True)]
OwnId = Annotated[int, mapped_column(BigInteger, Identity(always=True), primary_key=True)]
Reference = Annotated[int, mapped_column(BigInteger)]
# An amount of pages or cups; the rules count in whole thousandths.
Quantity = Numeric(13, 3)
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """Return a check that `column` holds one of `values`."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def length_between(column: str, shortest: int, longest: int) -> CheckConstraint:
    """Return a check on the number of code points in `column`."""
    return CheckConstraint(
        f"char_length({column}) BETWEEN {shortest} AND {longest}", name=f"{column}_length"
    )
