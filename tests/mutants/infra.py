"""Faults in how a place is started, kept and closed."""

from tests.mutants.mutant import of

MUTANTS = (
    *of(
        "infra/local_postgres/life.py",
        "test_local_postgres.py test_local_postgres_unseen.py",
        ("return Look.UNKNOWN if exists(number) else Look.OTHER", "return Look.OTHER"),
        ("return error.errno == errno.EPERM", "return True"),
        (
            "            return None\n        except OSError:",
            "            return 0\n        except OSError:",
        ),
        ("return not _locked(file, fcntl.LOCK_SH)", "return False"),
    ),
    *of(
        "infra/local_postgres/cluster.py",
        "test_local_postgres.py test_local_postgres_unseen.py test_database_logs.py",
        ("if number is not None and self._is_over(number):", "if True:"),
        ("return seen or life.listener(self._socket) is not None", "return seen"),
        ("return number == life.listener(self._socket) or", "return"),
        ("pass_fds=() if handed is None else (handed,),", ""),
        ('"log_min_messages": "log",', ""),
        ('"log_min_error_statement": "panic",', ""),
    ),
    *of(
        "infra/local_postgres/account.py",
        "test_local_postgres_unseen.py",
        ("if all(each.stat().st_mode & stat.S_IXOTH for each in on_the_way):", "if True:"),
    ),
    *of(
        "infra/web_worker.py",
        "races/test_slow_clients.py",
        ("conn.initialized or conn.wait_for_data(0)", "True"),
        ("self.settimeout(max(0.0, self._ends_at - time.monotonic()))", "self.settimeout(None)"),
        ("            conn.sock.begin()\n", ""),
        ('status + b"\\r\\n" + self._headers + rest', 'status + b"\\r\\n" + rest'),
    ),
    *of(
        "config/reader.py",
        "test_config.py",
        ("(stat.S_IWGRP | stat.S_IWOTH)", "stat.S_IWOTH"),
        ("if is_writable_by_others(Path(named)):", "if False:"),
    ),
    *of(
        "config/__init__.py",
        "test_config.py",
        ('read.get("SCRIPT_NAME", values.root, None)', ""),
    ),
    *of(
        "config/stored_key.py",
        "test_config.py",
        ("    if open_to_others:", "    if False:"),
    ),
    *of(
        "infra/backups.py",
        "test_backup_rotation.py",
        ('"commit-life-*.dump"', '"*.dump"'),
    ),
)
