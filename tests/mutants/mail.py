"""Faults in the outbox, the worker and the letters."""

from tests.mutants.mutant import of

MUTANTS = (
    *of(
        "operations/outbox.py",
        "operations/test_outbox.py mail/test_subscriptions.py",
        ("WHERE o.due_at <= :now AND", "WHERE o.due_at < :now AND"),
        ("AND coalesce(o.expires_at > :now, true)", ""),
        ("ORDER BY (o.subscription IS NOT NULL), o.due_at", "ORDER BY o.due_at"),
        ("SET due_at = :lease, tries = tries + 1", "SET due_at = :lease"),
        (
            "facts = NULL, failure = NULL\n    WHERE id = :id AND due_at = :lease",
            "facts = NULL\n    WHERE id = :id",
        ),
        ("WHERE sent_at IS NULL AND (id", "WHERE (id"),
        ("id = 0 AND parked_at IS NOT NULL", "id = 0"),
        ('"tries": taken.tries - 1', '"tries": taken.tries'),
        ("WHERE o.created_at <= :until AND o.due_at IS NULL OR", "WHERE"),
        ("OR o.expires_at <= :now", ""),
        ("AND subscription = :subscription AND sent_at IS NULL", "AND false"),
    ),
    *of(
        "rules/mail.py",
        "operations/test_outbox.py",
        ("if tries >= MOST_TRIES:", "if tries > MOST_TRIES:"),
        ("1 << (tries - 1)", "1 << tries"),
        (", _LONGEST_WAIT)", ", 2 * _LONGEST_WAIT)"),
    ),
    *of(
        "jobs/mail.py",
        "mail/test_delivery.py",
        ("self._left_alone_until = time.monotonic() + _LEFT_ALONE", "pass"),
        ("except (Delayed, Refused) as error:", "except Delayed as error:"),
        ("shift.goes_on() and time", "time"),
        ("logging.WARNING if isinstance", "logging.DEBUG if isinstance"),
    ),
    *of(
        "infra/mail/server.py",
        "mail/test_delivery.py mail/test_server.py",
        ("Refused if code >= _PERMANENT", "Refused if code > 599"),
        ("if self._open.noop()[0] == _FINE:", "if True:"),
        ("server.starttls(context=trusted)", "server.starttls()"),
        ('if at.tls == "starttls":', "if False:"),
        ("server.sock.shutdown(2)", "pass"),
    ),
    *of(
        "infra/mail/letter.py",
        "mail/test_delivery.py mail/test_server.py mail/test_subscriptions.py",
        ('" ".join(self.subject.split())', "self.subject"),
        ("<{self.mark}@", "<{self.number}@"),
        ('message["Date"] = self.written_at', "pass"),
        ('"List-Unsubscribe=One-Click"', '"List-Unsubscribe"'),
    ),
    *of(
        "infra/mail/files.py",
        "mail/test_delivery.py",
        ("os.O_EXCL, 0o600)", "os.O_EXCL, 0o644)"),
        ("mkdir(mode=0o700,", "mkdir("),
    ),
    *of(
        "operations/subscriptions.py",
        "mail/test_subscriptions.py",
        ("AND kind = :kind AND due_at = :due\n", "AND kind = :kind\n"),
        ("outbox.withdraw(session, user_id, kind)", "pass"),
        ('once=f"{kind} {user_id} {letter.once}"', "once=None"),
    ),
    *of(
        "queries/subscriptions/reminder.py",
        "mail/test_subscriptions.py",
        ("if row.asked and not row.done", "if row.asked"),
        ("if row.asked and not row.done", "if not row.done"),
    ),
    *of(
        "rules/subscriptions.py",
        "rules/test_rules_subscriptions.py",
        ("return due if due > now", "return due if due >= now"),
        ("now >= due_at + OF_USE", "now > due_at + OF_USE"),
    ),
    *of(
        "jobs/subscriptions.py",
        "mail/test_subscriptions.py",
        ("if due.may_write and not is_late", "if not is_late"),
        ("due.may_write and not is_late(due.due_at, now)", "due.may_write"),
    ),
    *of(
        "web/security.py",
        "views/test_subscriptions.py views/test_security.py",
        ('if getattr(view, "proves_itself", False):', "if False:"),
        ('getattr(view, "proves_itself", False)', 'getattr(view, "is_public", False)'),
    ),
    *of(
        "views/subscriptions.py",
        "views/test_subscriptions.py",
        ('if form.changed("reminder") or form.changed("at"):', "if True:"),
        ('form.changed("reminder") or form.changed("at")', 'form.changed("reminder")'),
    ),
)
