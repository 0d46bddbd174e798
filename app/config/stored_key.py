"""The secret key that is made once, where none is given."""

import os
import secrets
from pathlib import Path

from app.config.reader import SettingsError, is_writable_by_others
from app.config.values import SHORTEST_KEY


def stored_key(data_dir: Path) -> str:
    """Return the key stored in DATA_DIR, made by the first process: a hard link is made only once.

    Raises SettingsError.
    """
    stored = data_dir / "secret_key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not stored.exists():
            draft = data_dir / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48))
            try:
                stored.hardlink_to(draft)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        key = stored.read_text().strip()
        open_to_others = is_writable_by_others(stored)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"DATA_DIR must be a folder that can be written to: {error}."
        ) from error
    if open_to_others:
        raise SettingsError(
            f"SECRET_KEY as stored in {stored} can be written to by others; chmod go-w {stored}."
        )
    if len(key) < SHORTEST_KEY:
        raise SettingsError(
            f"SECRET_KEY as stored in {stored} is too short; delete that file and start again."
        )
    return key
