"""Settings: defaults, the values that are taken, and one sentence for each that is not."""

import stat
import threading
from ipaddress import ip_network
from pathlib import Path

import pytest

from app.config import MALLOC, ROOT, Settings, SettingsError, environment_for

NETWORKS = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
KEY = "a key of 32 characters and more…"


@pytest.fixture
def environ(tmp_path):
    return {"DATA_DIR": str(tmp_path), "SECRET_KEY": KEY}


def test_an_empty_environment_gives_the_defaults(tmp_path):
    empty = dict.fromkeys(("DATABASE_URL", "PORT", "PUBLIC_URL", "REGISTRATION", "REDIS_URL"), "")
    settings = Settings.from_environ({**empty, "DATA_DIR": str(tmp_path), "SECRET_KEY": KEY})
    assert settings == Settings(
        data_dir=tmp_path,
        secret_key=KEY,
        database_url=None,
        port=8000,
        public_url=None,
        free_pillars=3,
        max_habits=200,
        registration="open",
        mail_url=None,
        mail_from="commit-life@localhost",
        redis_url=None,
        rate_limits=True,
        proxy_hops=0,
        json_logs=False,
        backups_dir=None,
        database_replica_url=None,
        metrics_dir=None,
        workers=2,
        revision="unknown",
    )


def test_the_key_of_before_holds_what_it_has_signed(environ):
    assert Settings.from_environ(environ).secret_keys == [KEY]
    both = Settings.from_environ(environ | {"SECRET_KEY_OLD": KEY[::-1]})
    assert both.secret_keys == [KEY, KEY[::-1]]


def test_the_default_folder_is_var_under_the_project():
    assert Settings.from_environ({"SECRET_KEY": KEY}).data_dir == ROOT / "var"


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("DATA_DIR", "elsewhere", "data_dir", ROOT / "elsewhere"),
        ("DATABASE_URL", "postgresql://u:p@db/life", "database_url", "postgresql://u:p@db/life"),
        ("DATABASE_URL", "postgres://db/life", "database_url", "postgresql://db/life"),
        ("PORT", "65535", "port", 65_535),
        ("PUBLIC_URL", "https://habits.example.org", "public_url", "https://habits.example.org"),
        ("PUBLIC_URL", "http://[::1]:8000/", "public_url", "http://[::1]:8000"),
        ("FREE_PILLARS", "0", "free_pillars", 0),
        ("MAX_HABITS", " 12 ", "max_habits", 12),
        ("SECURITY_CONTACT", "mailto:me@example.org", "security_contact", "mailto:me@example.org"),
        ("REGISTRATION", "closed", "registration", "closed"),
        ("REGISTRATION", "invite", "registration", "invite"),
        ("REGISTRATION", "open", "registration", "open"),
        ("REDIS_URL", "redis://cache:6379/0", "redis_url", "redis://cache:6379/0"),
        ("MAIL_URL", "smtps://u:p@mail.example.org", "mail_url", "smtps://u:p@mail.example.org"),
        ("MAIL_URL", "smtp://relay:25?tls=none", "mail_url", "smtp://relay:25?tls=none"),
        ("MAIL_FROM", "life@example.org", "mail_from", "life@example.org"),
        ("DOMAIN", "habits.example.org", "mail_from", "commit-life@habits.example.org"),
        ("WEBHOOK_NETWORKS", "10.0.0.0/8, fd00::/8", "webhook_networks", NETWORKS),
        ("RATE_LIMITS", "off", "rate_limits", False),
        ("PROXY_HOPS", "2", "proxy_hops", 2),
        (
            "DATABASE_REPLICA_URL",
            "postgres://r/life",
            "database_replica_url",
            "postgresql://r/life",
        ),
        ("LOG_FORMAT", "json", "json_logs", True),
        ("BACKUPS_DIR", "kept", "backups_dir", ROOT / "kept"),
        ("PROMETHEUS_MULTIPROC_DIR", "/run/metrics", "metrics_dir", Path("/run/metrics")),
        ("WEB_CONCURRENCY", "3", "workers", 3),
        ("REVISION", "1a2b3c", "revision", "1a2b3c"),
        ("DOMAIN", "habits.example.org", "public_url", "https://habits.example.org"),
    ],
)
def test_a_good_value_is_taken(environ, name, text, field, value):
    assert getattr(Settings.from_environ({**environ, name: text}), field) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DATA_DIR", __file__),
        ("DATABASE_URL", "mysql://db/life"),
        ("DATABASE_URL", "postgresql://"),
        ("DATABASE_URL", "life"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("PORT", "٨٠٠٠"),
        ("PORT", "9" * 30),
        ("SECRET_KEY", KEY[:31]),
        ("SECRET_KEY_OLD", KEY[:31]),
        ("SECRET_KEY", "abcdefg" * 10),
        ("DATABASE_REPLICA_URL", "mysql://db/life"),
        ("LOG_FORMAT", "xml"),
        ("BACKUPS_DIR", __file__),
        ("WEB_CONCURRENCY", "0"),
        ("DOMAIN", "https://habits.example.org"),
        ("DOMAIN", "habits.example.org/app"),
        ("PUBLIC_URL", "habits.example.org"),
        ("PUBLIC_URL", "ftp://habits.example.org"),
        ("PUBLIC_URL", "https://habits.example.org/app"),
        ("PUBLIC_URL", "https://me@habits.example.org"),
        ("PUBLIC_URL", "https://habits.example.org:port"),
        ("PUBLIC_URL", "https://habits.example.org?"),
        ("PUBLIC_URL", "https://[::1"),
        ("PUBLIC_URL", "https://"),
        ("FREE_PILLARS", "-1"),
        ("FREE_PILLARS", "3.5"),
        ("MAX_HABITS", "0"),
        ("SECURITY_CONTACT", "me@example.org"),
        ("SECURITY_CONTACT", "mailto:me@example.org\nContact: you"),
        ("REGISTRATION", "no"),
        ("REDIS_URL", "cache:6379"),
        ("RATE_LIMITS", "false"),
        ("MAIL_URL", "mail.example.org"),
        ("MAIL_URL", "smtp://"),
        ("MAIL_URL", "smtp://mail.example.org:port"),
        ("MAIL_URL", "smtp://mail.example.org/path"),
        ("MAIL_URL", "smtp://mail.example.org?tls=maybe"),
        ("MAIL_URL", "smtp://me:secret@mail.example.org?tls=none"),
        ("MAIL_URL", "smtps://mail.example.org?tls=none"),
        ("MAIL_FROM", "example.org"),
        ("MAIL_FROM", "Life <life@example.org>"),
        ("MAIL_FROM", "life@example.org\nBcc: eve@example.org"),
        ("WEBHOOK_NETWORKS", "10.0.0.1/8"),
        ("WEBHOOK_NETWORKS", "home"),
        ("PROXY_HOPS", "many"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_variable(environ, name, text):
    with pytest.raises(SettingsError) as caught:
        Settings.from_environ({**environ, name: text})
    sentence = str(caught.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("port", "url"),
    [
        ("443", "https://habits.example.org"),
        ("8443", "https://habits.example.org:8443"),
        ("", "https://habits.example.org"),
    ],
)
def test_the_public_address_follows_from_domain_and_port(environ, port, url):
    place = {"DOMAIN": "habits.example.org", "HTTPS_PORT": port}
    assert Settings.from_environ({**environ, **place}).public_url == url
    given = Settings.from_environ({**environ, **place, "PUBLIC_URL": "https://other.example.org"})
    assert given.public_url == "https://other.example.org"


def test_a_secret_may_stand_in_a_file(environ, tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n")
    (tmp_path / "password").write_text("p@ss/word\n")
    del environ["SECRET_KEY"]
    settings = Settings.from_environ(
        {
            **environ,
            "SECRET_KEY_FILE": str(tmp_path / "key"),
            "DATABASE_PASSWORD_FILE": str(tmp_path / "password"),
            "DATABASE_URL": "postgresql://app@/life?host=/sockets,db&port=6432,5432",
            "DATABASE_REPLICA_URL": "postgresql://app:own@replica/life",
            "MAIL_URL": "smtp://app@mail.example.org",
            "MAIL_PASSWORD_FILE": str(tmp_path / "password"),
        }
    )
    assert settings.mail_url == "smtp://app:p%40ss%2Fword@mail.example.org"
    assert settings.secret_key == KEY
    hosts = "host=/sockets,db&port=6432,5432"
    assert settings.database_url == f"postgresql://app:p%40ss%2Fword@/life?{hosts}"
    assert settings.database_replica_url == "postgresql://app:own@replica/life"


def test_a_secret_file_that_is_not_there_is_told_by_its_name(tmp_path):
    environ = {"DATA_DIR": str(tmp_path), "SECRET_KEY_FILE": str(tmp_path / "absent")}
    with pytest.raises(SettingsError, match="SECRET_KEY_FILE must name a file"):
        Settings.from_environ(environ)


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_secret_that_others_may_write_is_refused(tmp_path, mode):
    (tmp_path / "secret_key").write_text(KEY)
    (tmp_path / "secret_key").chmod(mode)
    for environ in ({}, {"SECRET_KEY_FILE": str(tmp_path / "secret_key")}):
        with pytest.raises(SettingsError, match=r"^SECRET_KEY.* chmod go-w .*secret_key\.$"):
            Settings.from_environ({"DATA_DIR": str(tmp_path), **environ})
        (tmp_path / "secret_key").chmod(0o644)
        assert Settings.from_environ({"DATA_DIR": str(tmp_path), **environ}).secret_key == KEY
        (tmp_path / "secret_key").chmod(mode)


def test_a_place_below_a_path_is_refused_at_the_start(environ):
    with pytest.raises(SettingsError, match=r"^SCRIPT_NAME must be left out: .*'/habits'\.$"):
        Settings.from_environ({**environ, "SCRIPT_NAME": "/habits"})


def test_an_empty_secret_file_is_refused_and_no_key_is_made_in_its_place(tmp_path):
    (tmp_path / "empty").write_text("\n")
    environ = {"DATA_DIR": str(tmp_path), "SECRET_KEY_FILE": str(tmp_path / "empty")}
    with pytest.raises(SettingsError, match="SECRET_KEY_FILE must name a file that holds it"):
        Settings.from_environ(environ)
    assert not (tmp_path / "secret_key").exists()


def test_a_secret_key_is_made_once_and_stored_for_its_owner_alone(tmp_path):
    environ = {"DATA_DIR": str(tmp_path / "made" / "too")}
    first = Settings.from_environ(environ).secret_key
    assert len(first) >= 32
    assert Settings.from_environ(environ).secret_key == first
    stored = tmp_path / "made" / "too" / "secret_key"
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert list(stored.parent.iterdir()) == [stored]


def test_processes_that_start_at_once_agree_on_the_key(tmp_path):
    keys = []
    start = threading.Barrier(8)

    def read():
        start.wait()
        keys.append(Settings.from_environ({"DATA_DIR": str(tmp_path)}).secret_key)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_stored_key_that_was_spoilt_is_refused(tmp_path):
    (tmp_path / "secret_key").write_text("short")
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        Settings.from_environ({"DATA_DIR": str(tmp_path)})


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"^DATA_DIR must be a folder"):
        Settings.from_environ({"DATA_DIR": str(tmp_path / "file" / "below")})


def test_secrets_do_not_show_in_logs(environ):
    settings = Settings.from_environ({**environ, "DATABASE_URL": "postgresql://u:hush@db/life"})
    assert KEY not in repr(settings)
    assert "hush" not in repr(settings)


def test_started_processes_get_the_environment_the_database_and_where_to_count(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    environment = environment_for("postgresql://db/life", Path("/run/metrics"))
    assert environment["TZ"] == "Asia/Tokyo"
    assert environment["DATABASE_URL"] == "postgresql://db/life"
    assert environment["PROMETHEUS_MULTIPROC_DIR"] == "/run/metrics"


def test_started_processes_give_memory_back_as_in_the_container(monkeypatch):
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "1")
    environment = environment_for("postgresql://db/life", Path("/run/metrics"))
    assert environment["MALLOC_TRIM_THRESHOLD_"] == "1", "whoever says it otherwise knows better"
    for name, value in MALLOC.items():
        assert f" {name}={value}" in (ROOT / "Dockerfile").read_text()
