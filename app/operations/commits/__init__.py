"""The heart: commit, undo and amounts, each exactly once, all or nothing, in three statements.

Lock the user's row; read in one statement what the rules need; write in one statement. What was
kept already, or came with a known key, is answered from the read and writes nothing.
"""

from app.operations.commits.collect import collect
from app.operations.commits.press import add, record, undo

__all__ = ["add", "collect", "record", "undo"]
