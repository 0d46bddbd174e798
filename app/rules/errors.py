"""What the game refuses, each refusal with the sentence that the user reads."""

from datetime import datetime

from app.rules.language import _, isolated, ngettext, number


class DomainError(Exception):
    """A refusal of the game; `sentence` says in the user's words what is and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotYours(DomainError):
    """The thing is absent or somebody else's: the two look the same."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing here, or it is not yours."))


class SessionEnded(DomainError):
    """The sign-in behind this request has ended."""

    def __init__(self) -> None:
        super().__init__(_("You are signed out. Sign in and carry on."))


class AnothersPage(DomainError):
    """What was pressed stands on a page that was drawn for another account."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This page was drawn for another account than the one that is signed in now."
                " Nothing was done; reload the page."
            )
        )


class Archived(DomainError):
    """An archived habit, or one in an archived pillar, takes no commits."""

    def __init__(self, name: str) -> None:
        sentence = _("%(name)s is archived. Restore it first.")
        super().__init__(sentence % {"name": isolated(name)})


class Rooted(Archived):
    """A habit that has taken root takes no commits either."""

    def __init__(self, name: str) -> None:
        sentence = _("%(name)s has taken root. Let it return to Today first.")
        DomainError.__init__(self, sentence % {"name": isolated(name)})


class OrderChanged(DomainError):
    """Something was to be put where the user's order, changed since, has no such place."""

    def __init__(self) -> None:
        super().__init__(_("The order has changed in the meantime. This is how it is now."))


class PlanFull(DomainError):
    """The plan holds no further pillar."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            ngettext(
                "An account here can have %(num)s pillar, and you have it."
                " Archive it to make room.",
                "An account here can have %(num)s pillars, and you have that many."
                " Archive one to make room.",
                limit,
            )
            % {"num": number(limit)}
        )


class Invalid(DomainError):
    """Fields that cannot be taken; `errors` maps a field's name to its sentences."""

    def __init__(self, **errors: str) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = {field: [sentence] for field, sentence in errors.items()}


class TooManyTries(DomainError):
    """Somebody guesses, or is taken for one who does; from `until` on the next try is welcome."""

    def __init__(self, until: datetime) -> None:
        super().__init__(_("Too many tries in a short time. Wait a little and try again."))
        self.until = until


class RegistrationClosed(DomainError):
    """This server takes no new accounts."""

    def __init__(self) -> None:
        super().__init__(
            _("This server takes no new accounts at the moment. Ask the person who runs it.")
        )


class InvitationNeeded(RegistrationClosed):
    """This server takes those in who were invited."""

    def __init__(self) -> None:
        sentence = _("This server takes new accounts by invitation. Ask the person who runs it.")
        DomainError.__init__(self, sentence)


class InvitationSpent(DomainError):
    """The link of an invitation was used, withdrawn, or is too old."""

    def __init__(self) -> None:
        super().__init__(_("This invitation cannot be used any more. Ask for a new one."))


class LinkSpent(DomainError):
    """The link of a mail was used, has ended with what it was asked for, or never was one."""

    def __init__(self) -> None:
        super().__init__(_("This link was used already, or it is too old. Ask for a new one."))


class Disabled(DomainError):
    """The account is switched off by who runs this server; everything in it stays."""

    def __init__(self) -> None:
        super().__init__(
            _("This account is switched off. Everything in it stays. Ask who runs this server.")
        )


class OutOfReach(DomainError):
    """Admins do not act on each other's accounts."""

    def __init__(self) -> None:
        super().__init__(
            _("This is an admin’s account. A command on the server can take that from it first.")
        )
