"""Everything that an account has, in files that other programs can read."""

from app.queries.export.archive import write

__all__ = ["write"]
