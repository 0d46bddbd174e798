"""Who may sign up on this server."""

from enum import StrEnum


class Registration(StrEnum):
    """Whoever comes, who was invited, or nobody; the first account of a server always may."""

    OPEN = "open"
    INVITE = "invite"
    CLOSED = "closed"
