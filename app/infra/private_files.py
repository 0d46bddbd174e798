"""Files that nobody else on the machine may read: what is in them opens something."""

import os
import secrets
from pathlib import Path

_OWNER_ALONE = 0o600


def write(file: Path, text: str) -> None:
    """Write a file of mode 0600, in one step: whoever looks finds the old text or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    draft.touch(mode=_OWNER_ALONE, exist_ok=False)
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
