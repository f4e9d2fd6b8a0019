"""In which language a page is told, and the words templates tell with.

    {{ _("{name} left on {day}", name=link, day=tenure.ends_on) }}
    {{ _n("{count} person", "{count} people", people | length) }}
    {{ _c("stage", "Sample") }}

A day, a number or a list among the values is written as the reader writes it; all is escaped but
what is ``Markup``.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from flask import (
    Blueprint,
    Flask,
    current_app,
    g,
    has_request_context,
    redirect,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.exc import DatabaseError

from relmap.config import config_of
from relmap.contracts import Message
from relmap.contracts.words import Language
from relmap.facts.users import set_language
from relmap.languages import (
    NAMES,
    best_language,
    clauses,
    commas,
    current_language,
    day,
    html,
    html_lang,
    label,
    listed,
    moment,
    money,
    number,
    percent,
    signed,
    word,
)
from relmap.languages.choice import asked_language
from relmap.web.security.login import own_path
from relmap.web.security.viewer import writing_as_viewer

__all__ = ["init_language"]

COOKIE: Final = "relmap_language"  # for who is not logged in
TOLD: Final = "relmap_told"
A_YEAR: Final = 365 * 24 * 3600

language = Blueprint("language", __name__)


def init_language(app: Flask) -> None:
    """Let each request have its language, and templates the means to tell in it."""
    Babel(configure_jinja=False).init_app(app, locale_selector=_chosen)
    app.register_blueprint(language)
    app.jinja_env.globals.update(
        _=_html,
        _n=_html_counted,
        _c=_html_in_context,
        label=label,
        language_names=NAMES,
        current_language=current_language,
        html_lang=html_lang,
    )
    app.jinja_env.filters.update(
        clauses=clauses,
        commas=commas,
        day=day,
        moment=moment,
        number=number,
        money=money,
        percent=percent,
        signed=signed,
        listed=listed,
        word_of=lambda value, list_name: word(list_name, value),
        iso=date.isoformat,
    )


def _chosen() -> Language:
    """Of the user, of the cookie, of the browser, of the command, of the setting: the first."""
    return (
        (_of_request() if has_request_context() else None)
        or asked_language()
        or config_of(current_app).language
    )


def _of_request() -> Language | None:
    try:
        of_user = current_user.language if current_user.is_authenticated else None
    except DatabaseError:  # the page that says so must be told in some language
        of_user = None
    of_cookie = request.cookies.get(COOKIE, "")
    tags = [tag for tag, _ in request.accept_languages]
    return best_language([of_user or "", of_cookie]) or best_language(tags)


@language.post("/language")
def choose() -> ResponseReturnValue:
    """Keep the language somebody chose: with the user, else with the browser."""
    chosen = best_language([request.form.get("language", "")])
    answer = redirect(own_path(request.form.get("next")) or url_for("home"), 303)
    if current_user.is_authenticated:
        with writing_as_viewer() as user:
            set_language(user, chosen)
    elif chosen is not None:
        answer.set_cookie(
            COOKIE,
            chosen,
            max_age=A_YEAR,
            secure=config_of(current_app).is_secure,
            httponly=True,
            samesite="Lax",
        )
    return answer


def _html(text: str | Message, /, **values: Any) -> Markup:
    if values or not isinstance(text, str):
        return html(Message(text, values) if isinstance(text, str) else text)
    told: dict[tuple[str, str], Markup] = g.setdefault(TOLD, {})  # a list says it in every row
    key = (text, current_language())
    if key not in told:
        told[key] = html(Message(text))
    return told[key]


def _html_counted(one: str, many: str, count: float, /, **values: Any) -> Markup:
    return html(Message(one, values | {"count": count}, many))


def _html_in_context(context: str, text: str, /, **values: Any) -> Markup:
    return html(Message(text, values, context=context))
