"""The path of a request as a log may hold it."""

import re

from flask import request

# As many letters as a token of 128 bits has; nothing else in a path of ours is one word so long.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22,}")


def logged() -> str:
    """Return the path of this request without what looks like the token of a link.

    Whoever reads the logs must not be able to follow the links of others. nginx/nginx.conf does
    the same.
    """
    return _TOKEN.sub("…", request.path)
