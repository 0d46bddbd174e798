"""Every refusal and every fault, mapped once: to a friendly page, or to a toast for HTMX."""

import math
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.infra import clock, db, limits, task
from app.infra.plans import StalePlan
from app.infra.replica import ReplicaFailed
from app.rules import errors
from app.rules.language import _
from app.web import access, htmx, paths, problems

_STATUS = {
    errors.NotYours: HTTPStatus.NOT_FOUND,
    errors.AnothersPage: HTTPStatus.FORBIDDEN,
    errors.Archived: HTTPStatus.CONFLICT,
    errors.Rooted: HTTPStatus.CONFLICT,
    errors.OrderChanged: HTTPStatus.CONFLICT,
    errors.PlanFull: HTTPStatus.PAYMENT_REQUIRED,
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.RegistrationClosed: HTTPStatus.FORBIDDEN,
    errors.InvitationNeeded: HTTPStatus.FORBIDDEN,
    errors.InvitationSpent: HTTPStatus.GONE,
    errors.Disabled: HTTPStatus.FORBIDDEN,
    errors.OutOfReach: HTTPStatus.FORBIDDEN,
}
_RETRY_SECONDS = "5"


def init_app(app: Flask) -> None:
    """Answer every error of the app."""
    app.register_error_handler(errors.SessionEnded, _ended)
    app.register_error_handler(errors.TooManyTries, _slowed)
    app.register_error_handler(errors.DomainError, _refused)
    app.register_error_handler(SQLAlchemyError, _database)
    app.register_error_handler(ReplicaFailed, _read_again)
    app.register_error_handler(StalePlan, _plan_again)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def status_of(error: errors.DomainError) -> int:
    """Return the HTTP status that a refusal is answered with."""
    return _STATUS.get(type(error), HTTPStatus.BAD_REQUEST)


def answer(
    status: int,
    sentence: str,
    headers: dict[str, str] | None = None,
    fields: dict[str, list[str]] | None = None,
) -> Response:
    """Return an error's page, or its toast for HTMX, without touching the database.

    Programs read a problem, with the sentences of the `fields`.
    """
    if problems.are_wanted():
        return problems.answer(status, _title(status), sentence, headers or {}, fields or {})
    template = "errors/_fragment.html" if htmx.is_htmx() else "errors/page.html"
    body = render_template(
        template,
        layout="layouts/page.html",
        status=status,
        title=_title(status),
        sentence=sentence,
        unknown=db.may_have_written(),
        reference=task.current().reference,
    )
    return make_response(body, status, headers or {})


def _title(status: int) -> str:
    titles = {
        402: _("No room for more"),
        403: _("Not allowed"),
        404: _("Nothing here"),
        409: _("Archived"),
        410: _("No longer here"),
        413: _("Too large"),
        422: _("Please check this"),
        429: _("One moment"),
        500: _("That was our fault"),
        503: _("Back in a moment"),
    }
    return titles.get(status, _("That did not work"))


def _sentence(status: int) -> str:
    sentences = {
        404: _("There is nothing here, or it is not yours."),
        405: _("This address cannot be used like that."),
        413: _("That was more than we can take at once; nothing was saved."),
        429: _("Too many tries in a short time. Wait a little and try again."),
    }
    return sentences.get(status, _("We could not read this request; nothing was saved."))


def _ended(_error: errors.SessionEnded) -> Any:
    if problems.are_wanted():
        sentence = _("Show a token that counts. They are made under You.")
        return answer(HTTPStatus.UNAUTHORIZED, sentence, {"WWW-Authenticate": "Bearer"})
    access.sign_out()
    return access.ask_to_sign_in()


def _refused(error: errors.DomainError) -> Response:
    fields = error.errors if isinstance(error, errors.Invalid) else None
    return answer(status_of(error), error.sentence, fields=fields)


def _slowed(error: errors.TooManyTries) -> Response:
    seconds = (error.until - clock.now()).total_seconds()
    headers = {"Retry-After": str(max(1, math.ceil(seconds)))}
    return answer(HTTPStatus.TOO_MANY_REQUESTS, error.sentence, headers)


def _database(error: SQLAlchemyError) -> Response:
    if not db.is_away(error):
        return _fault(error)
    current_app.logger.warning("database away: %s (%s)", error, task.current().name)
    sentence = _("The database is away for a moment; nothing was saved. Try again shortly.")
    if db.may_have_written():
        sentence = _(
            "The database went away in the middle. It may be saved or not: look again soon."
        )
    return answer(HTTPStatus.SERVICE_UNAVAILABLE, sentence, {"Retry-After": _RETRY_SECONDS})


def _read_again(error: ReplicaFailed) -> Any:
    """Run a view that a replica let down once more: now it reads the primary.

    Only what looks reads a replica (`web/position.py`), so nothing is done twice.
    """
    cause = error.__cause__
    current_app.logger.warning("the replica failed: %s (%s)", cause, task.current().name)
    return _again()


def _plan_again(error: StalePlan) -> Any:
    """Run a view once more that met a changed schema: now its statements are planned for that.

    Its transaction was rolled back; a view that has completed one before is not run twice.
    """
    if db.may_have_written():
        return _fault(error)
    cause = error.__cause__
    current_app.logger.warning("the schema has changed: %s (%s)", cause, task.current().name)
    return _again()


def _again() -> Any:
    view = current_app.view_functions[request.endpoint or ""]
    try:
        return current_app.ensure_sync(view)(**(request.view_args or {}))
    except Exception as second:
        return current_app.handle_user_exception(second)


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return error
    # The origin check speaks for itself; a library's own text is no sentence of ours.
    sentence = error.description if status == HTTPStatus.FORBIDDEN else _sentence(status)
    headers = {
        name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}
    }
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers.setdefault("Retry-After", _retry_after())
    return answer(status, sentence or "", headers)


def _retry_after() -> str:
    seconds = (limits.opens_at() or 0) - clock.now().timestamp()
    return str(max(1, math.ceil(seconds)))


def _fault(error: Exception) -> Response:
    under_way = task.current()
    current_app.logger.error(
        "%s %s failed (%s)", request.method, paths.logged(), under_way.name, exc_info=error
    )
    sentence = _("That was our fault; nothing was saved. Try again? (ref. %(id)s)")
    if db.may_have_written():
        sentence = _("That was our fault; it may be saved all the same. Look again. (ref. %(id)s)")
    return answer(InternalServerError.code, sentence % {"id": under_way.reference})
