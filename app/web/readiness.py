"""What the first requests would otherwise wait for, done before there are any."""

from flask import Flask

from app.rules.names import ICONS
from app.web import pictures


def prepare(app: Flask) -> None:
    """Compile every template of `app`, draw the icons that forms offer, and sort the routes.

    Nothing of it needs the database. Done before the workers are forked, they share it.
    """
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    for icon in ICONS:
        pictures.draw_icon(icon)
    app.url_map.update()
