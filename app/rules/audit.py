"""What is written down about an account: which deeds, how they are said, and for how long."""

from datetime import timedelta
from enum import StrEnum

from app.rules.language import _, ngettext, number

# How long a line stays.
REMEMBERED = timedelta(days=400)


class Event(StrEnum):
    """A deed that matters to the safety of an account; its value is what the log says.

    A new one needs a sentence below, and nothing in the database.
    """

    SIGNED_UP = "signed up"
    SIGNED_IN = "signed in"
    SIGN_IN_FAILED = "sign-in failed"
    SLOWED = "too many tries"
    SIGNED_OUT = "signed out"
    SIGN_IN_ENDED = "sign-in ended"
    OTHERS_ENDED = "other sign-ins ended"
    SIGNED_OUT_EVERYWHERE = "signed out everywhere"
    PROVED = "proved again"
    PROOF_FAILED = "proof failed"
    PASSWORD_CHANGED = "password changed"
    PASSWORD_SET = "password set"
    PASSWORD_RESET = "password reset"
    ADDRESS_CONFIRMED = "address confirmed"
    ADDRESS_CHANGED = "address changed"
    ADDRESS_RETURNED = "address taken back"
    LEAVING = "deletion asked for"
    STAYED = "account kept"
    PASSWORD_REMOVED = "password removed"
    SECOND_STEP_FAILED = "second step failed"
    PASSKEY_ADDED = "passkey added"
    PASSKEY_REMOVED = "passkey removed"
    CODE_APP_ADDED = "code app added"
    CODE_APP_REMOVED = "code app removed"
    RECOVERY_CODES_MADE = "recovery codes made"
    RECOVERY_CODE_USED = "recovery code used"
    FACTORS_REMOVED = "second factors removed"
    WEBHOOK_ADDED = "webhook added"
    WEBHOOK_CHANGED = "webhook changed"
    WEBHOOK_REMOVED = "webhook removed"
    FEED_MADE = "calendar address made"
    FEED_ENDED = "calendar address ended"
    TOKEN_MADE = "token made"
    TOKEN_ENDED = "token ended"
    EXPORTED = "everything exported"
    DELETED = "account deleted"
    PREMIUM_GIVEN = "premium plan given"
    PREMIUM_TAKEN = "free plan given"
    DISABLED = "account switched off"
    ENABLED = "account switched on"
    SIGNED_OUT_BY_OPERATOR = "signed out by an operator"
    ADMIN_MADE = "made an admin"
    ADMIN_UNMADE = "no admin any more"
    INVITED = "invitation made"
    INVITATION_WITHDRAWN = "invitation withdrawn"


# What anybody can bring about, however often: one line a day and account, which counts.
COUNTED = frozenset(
    {Event.SIGN_IN_FAILED, Event.SECOND_STEP_FAILED, Event.SLOWED, Event.PROOF_FAILED}
)


def sentence(event: str, times: int = 1) -> str:
    """Return what the one whose account it is reads of an event that came `times` that day.

    One that only a newer version of the app knows is told as it is called.
    """
    if event in COUNTED:
        return _counted(event, times) % {"num": number(times)}
    sentences: dict[str, str] = {
        Event.SIGNED_UP: _("The account was made."),
        Event.SIGNED_IN: _("Signed in."),
        Event.SIGNED_OUT: _("Signed out."),
        Event.SIGN_IN_ENDED: _("One sign-in was ended from another one."),
        Event.OTHERS_ENDED: _("All other sign-ins were ended."),
        Event.SIGNED_OUT_EVERYWHERE: _("Signed out everywhere."),
        Event.PROVED: _("Who you are was asked once more, and proven."),
        Event.PASSWORD_CHANGED: _("The password was changed; all other sign-ins ended."),
        Event.PASSWORD_SET: _("The person who runs this server set a new password."),
        Event.PASSWORD_RESET: _("A new password was set by a link; all sign-ins ended."),
        Event.ADDRESS_CONFIRMED: _("The email address was confirmed."),
        Event.ADDRESS_CHANGED: _("The email address was changed."),
        Event.ADDRESS_RETURNED: _("The old address took the account back; all sign-ins ended."),
        Event.LEAVING: _("You asked for the end of the account."),
        Event.STAYED: _("You kept the account after all."),
        Event.PASSWORD_REMOVED: _("The password was removed."),
        Event.PASSKEY_ADDED: _("A passkey was added."),
        Event.PASSKEY_REMOVED: _("A passkey was removed."),
        Event.CODE_APP_ADDED: _("An authenticator app was added."),
        Event.CODE_APP_REMOVED: _("An authenticator app was removed."),
        Event.RECOVERY_CODES_MADE: _("New recovery codes were made."),
        Event.RECOVERY_CODE_USED: _("A recovery code was used."),
        Event.FACTORS_REMOVED: _("The person who runs this server removed the second step."),
        Event.WEBHOOK_ADDED: _("A webhook was added: a program is told what you do."),
        Event.WEBHOOK_CHANGED: _("A webhook was given another address or secret."),
        Event.WEBHOOK_REMOVED: _("A webhook was removed."),
        Event.FEED_MADE: _("A secret address for calendars was made."),
        Event.FEED_ENDED: _("The secret address for calendars was ended."),
        Event.TOKEN_MADE: _("A token for a program was made."),
        Event.TOKEN_ENDED: _("A token for a program was ended."),
        Event.EXPORTED: _("Everything in it was taken along in a file."),
        Event.DELETED: _("The account was deleted."),
        Event.PREMIUM_GIVEN: _("The person who runs this server gave it the premium plan."),
        Event.PREMIUM_TAKEN: _("The person who runs this server gave it the free plan."),
        Event.DISABLED: _("The person who runs this server switched it off."),
        Event.ENABLED: _("The person who runs this server switched it on again."),
        Event.SIGNED_OUT_BY_OPERATOR: _("The person who runs this server signed it out."),
        Event.ADMIN_MADE: _("It was made an admin of this server."),
        Event.ADMIN_UNMADE: _("It is no admin of this server any more."),
        Event.INVITED: _("An invitation was made."),
        Event.INVITATION_WITHDRAWN: _("An invitation was withdrawn."),
    }
    return sentences.get(event, event)


def _counted(event: str, times: int) -> str:
    if event == Event.SIGN_IN_FAILED:
        return ngettext(
            "A wrong password was typed at sign-in.",
            "%(num)s wrong passwords were typed at sign-in that day.",
            times,
        )
    if event == Event.SLOWED:
        return ngettext(
            "There were too many tries; one had to wait.",
            "There were too many tries; %(num)s had to wait that day.",
            times,
        )
    if event == Event.SECOND_STEP_FAILED:
        return ngettext(
            "The password was right, and the code or passkey after it was not.",
            "The password was right, and %(num)s codes or passkeys after it were not that day.",
            times,
        )
    return ngettext(
        "Who you are was asked once more, and not proven.",
        "Who you are was asked once more, and %(num)s times not proven that day.",
        times,
    )
