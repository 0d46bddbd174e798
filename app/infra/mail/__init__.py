"""Mail on its way out: a letter, and the two ways it can leave, to a server or into a file."""

from app.infra.mail.files import Folder
from app.infra.mail.letter import Letter
from app.infra.mail.server import Server
from app.infra.mail.way import Delayed, Refused, Unreached, Way

__all__ = ["Delayed", "Folder", "Letter", "Refused", "Server", "Unreached", "Way"]
