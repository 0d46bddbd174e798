"""The whole hypermedia protocol: is it HTMX, a page or its main part, fragments or a redirect."""

from typing import Any

import flask
from flask import (
    Response,
    current_app,
    make_response,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

_MOST_SENTENCES = 3


def is_htmx() -> bool:
    """Tell whether HTMX asks, rather than the browser itself."""
    return request.headers.get("HX-Request") == "true"


def page(template: str, status: int = 200, **context: Any) -> Response:
    """Render a page; for HTMX its <main> alone. One URL, two shapes, told apart by Vary."""
    layout = "layouts/fragment.html" if is_htmx() else "layouts/page.html"
    return drawn(render_template(template, layout=layout, **context), status)


def drawn(body: str | bytes, status: int = 200) -> Response:
    """Answer with a page, or its <main>, that is drawn already."""
    response = make_response(body, status)
    response.vary.add("HX-Request")
    return response


def redirect(endpoint: str, **values: Any) -> BaseResponse:
    """Answer an act that succeeded: 303 to a page, for HTMX that page's <main> at once."""
    if is_htmx():
        shown: Response = current_app.ensure_sync(current_app.view_functions[endpoint])(**values)
        return shown
    return go(url_for(endpoint, **values))


def go(url: str) -> BaseResponse:
    """Answer an act that succeeded with another address: 303, for HTMX the word to go there.

    For what changes more of the page than its <main>, its address at least.
    """
    _keep_few_sentences()
    if is_htmx():
        return Response(status=204, headers={"HX-Redirect": url})
    return flask.redirect(url, code=303)


def _keep_few_sentences() -> None:
    # They stay in the cookie until a page shows them: who follows no 303 must not fill it. A form
    # that was sent twice says its sentence once.
    sentences = session.get("_flashes", [])
    few = list({repr(said): said for said in sentences}.values())[-_MOST_SENTENCES:]
    if len(few) < len(sentences):
        session["_flashes"] = few


def fragments(template: str, status: int = 200, **context: Any) -> Response:
    """Render the fragments that an act changed."""
    return make_response(render_template(template, **context), status)


def retarget(response: Response, target: str) -> Response:
    """Make HTMX put the answer in the place of `target` instead of what the form names."""
    response.headers["HX-Retarget"] = target
    # What a boosted form brings would be scrolled to.
    response.headers["HX-Reswap"] = "outerMorph show:none"
    return response
