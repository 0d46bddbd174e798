"""The demo account: a year that somebody could have lived, written as the app would have."""

from app.operations.demo.account import EMAIL, SEED, Made, make

__all__ = ["EMAIL", "SEED", "Made", "make"]
