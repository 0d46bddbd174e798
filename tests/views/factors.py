"""Forms that ask a browser for a passkey."""

from tests.views.pages import Form, Page

SECURITY = "/settings/security"


def asked(shown: Page, action: str) -> tuple[Form, str]:
    """Return the form that asks for a passkey, and what it asks the browser."""
    (options,) = [
        given["data-options"]
        for _tag, given in shown.elements
        if given.get("action") == action and "data-options" in given
    ]
    (form,) = [f for f in shown.forms if f.action == action and "credential" in f.fields]
    return form, options
