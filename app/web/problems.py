"""What programs read of an error: problem details (RFC 9457) with the sentence of the page."""

import json
from collections.abc import Mapping, Sequence

from flask import Response, request

PREFIX = "/api/v1/"


def are_wanted() -> bool:
    """Tell whether a program asks, and no browser."""
    return request.path.startswith(PREFIX)


def answer(
    status: int,
    title: str,
    sentence: str,
    headers: Mapping[str, str],
    errors: Mapping[str, Sequence[str]],
) -> Response:
    """Return the problem; `errors` are the sentences of each field, none where it is none."""
    said: dict[str, object] = {"status": status, "title": title, "detail": sentence}
    if errors:
        said["errors"] = errors
    return Response(json.dumps(said), status, headers, mimetype="application/problem+json")
