"""A letter: what is sent to one address, in words and as a page."""

from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, ready to leave.

    `number` is that of its row in the outbox; `mark` makes its Message-ID, the same however often
    it is sent; `sender` and `address` are addresses, `sender_name` is what stands before the first.
    `unsubscribe` is the URL by which a mail program turns off what it belongs to, None where that
    cannot be.
    """

    number: int
    mark: str
    sender: str
    sender_name: str
    address: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    written_at: datetime
    unsubscribe: str | None = field(default=None, repr=False)

    def message(self) -> EmailMessage:
        """Return it as MIME has it. Raises ValueError for an address that no header can hold."""
        is_plain = (self.sender + self.address).isascii()
        message = EmailMessage(SMTP if is_plain else SMTPUTF8)
        message["From"] = _address(self.sender, self.sender_name)
        message["To"] = _address(self.address)
        # No header has a second line, whatever a name in it brings along.
        message["Subject"] = " ".join(self.subject.split())
        message["Date"] = self.written_at
        message["Message-ID"] = f"<{self.mark}@{self.sender.rpartition('@')[2]}>"
        # No "I am on holiday" comes back.
        message["Auto-Submitted"] = "auto-generated"
        if self.unsubscribe:
            message["List-Unsubscribe"] = f"<{self.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(self.text)
        message.add_alternative(self.html, subtype="html")
        return message


def _address(address: str, name: str = "") -> Address:
    # In its two halves: as a whole one beyond ASCII is refused, which a server may well take.
    user, _at, domain = address.rpartition("@")
    return Address(name, user, domain)
