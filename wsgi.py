"""What gunicorn and the `flask` command load: the app, on the settings of the environment."""

from dataclasses import replace

from app import create_app
from app.config import Settings, SettingsError
from app.infra import local_postgres

try:
    settings = Settings.from_environ()
    if settings.database_url is None:
        settings = replace(settings, database_url=local_postgres.acquire(settings.data_dir))
except (SettingsError, local_postgres.LocalPostgresError) as error:
    raise SystemExit(str(error)) from error

app = create_app(settings)
