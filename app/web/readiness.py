"""What the first requests would otherwise wait for, done before there are any."""

from flask import Flask

from app.rules.names import ICONS
from app.web import compression, pictures
from app.web.assets import Assets


def prepare(app: Flask) -> None:
    """Compile the templates of `app`, draw the icons of forms, pack static files, sort the routes.

    Nothing of it needs the database. Done before the workers are forked, they share it.
    """
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    for icon in ICONS:
        pictures.draw_icon(icon)
    assets: Assets = app.extensions["assets"]
    for asset in assets.files.values():
        compression.smallest(asset.body)
    app.url_map.update()
