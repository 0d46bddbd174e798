"""What a program may do that shows a token."""

from enum import StrEnum


class Scope(StrEnum):
    """A scope: look alone, or keep and take back days too."""

    READ = "read"
    COMMIT = "commit"

    def covers(self, needed: "Scope") -> bool:
        """Tell whether a token of this scope may do what needs `needed`."""
        return self is Scope.COMMIT or needed is Scope.READ
