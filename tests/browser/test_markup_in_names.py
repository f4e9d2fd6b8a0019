"""Markup in every text field: shown as it was typed, on every page and in the map, never run."""

from datetime import date, timedelta

import pytest
from sqlalchemy import String, Text, text

from relmap.models import db

ATTACK = (
    '<img src=x onerror="window.fired=1"><script>window.fired=2</script>'
    "'\"}}{{7*7}}</title></textarea>"
)
PAST = date.today() - timedelta(days=400)
KEPT = {  # words of closed lists, addresses and digests: never a person's text
    "side",
    "kind",
    "status",
    "severity",
    "basis",
    "direction",
    "level",
    "function",
    "precision",
    "end_reason",
    "role",
    "right",
    "tier",
    "country",
    "language",
    "what",
    "verb",
    "password_hash",
    "session_stamp",
    "rule_key",
    "plugin",
    "key",
    "settings_digest",
    "view_digest",
    "ruleset_digest",
    "digest",
    "document",
    "status_before",
    "last_status",
    "search_text",
    "birthday",
}
TABLES = {
    "account",
    "unit",
    "post",
    "person",
    "person_name",
    "contact_point",
    "tie",
    "touch",
    "claim",
    "score",
    "alert",
    "import",
    "import_row",
    "plugin_health",
    "tenure",
}


def poison(book_id: int) -> int:
    """Write the attack into every free text of the database; how many columns took it."""
    poisoned = 0
    for table in db.metadata.sorted_tables:
        if table.name not in TABLES:
            continue
        for column in table.columns:
            is_text = isinstance(column.type, String | Text) and not column.foreign_keys
            if not is_text or column.name in KEPT:
                continue
            unique = " || id" if any(key.name == "id" for key in table.columns) else ""
            db.session.execute(
                text(f'UPDATE "{table.name}" SET "{column.name}" = :attack{unique}'),
                {"attack": ATTACK},
            )
            poisoned += 1
    for table in ("account", "person"):
        db.session.execute(text(f"UPDATE {table} SET search_text = '|<img src=x|'"))
    return poisoned


@pytest.fixture
def poisoned(app, book):
    from relmap.models import writing

    with app.app_context():
        with writing():
            db.session.execute(
                text(
                    "INSERT INTO import (kind, file_name, 'on', complete, status, column_map,"
                    " 'table', account_ids, changes, notes, counts, created_at) VALUES"
                    " ('snapshot', 'x', :day, 0, 'applied', '{}', :cells, :accounts, '[]', :notes,"
                    " '{}', :at)"
                ),
                {
                    "day": PAST.isoformat(),
                    "cells": _json({"header": [ATTACK], "records": [[2, [ATTACK]]]}),
                    "accounts": _json([book.id]),
                    "notes": _json([{"row": 2, "text": ATTACK}]),
                    "at": "2026-01-01 00:00:00.000000",
                },
            )
            db.session.execute(
                text(
                    "INSERT INTO import_row (import_id, account_id, row, status, reason,"
                    " candidate_ids, waits) VALUES (1, :account, 2, 'waiting', 'x', '[3]', '{}')"
                ),
                {"account": book.id},
            )
        with writing():
            assert poison(book.id) > 30
    return book


def _json(value) -> str:
    import json

    return json.dumps(value)


@pytest.mark.parametrize("width", [1440, 390])
def test_markup_in_names_is_shown_and_never_run(poisoned, open_tab, faults, width):
    tab = open_tab(width)
    account = f"/accounts/{poisoned.id}"
    for path in (
        "/accounts",
        "/accounts?q=%3Cimg",
        account,
        f"{account}/grid",
        f"{account}/grid?as=table",
        f"{account}/map",
        f"{account}/map?question=around",
        f"{account}/people",
        f"{account}/history",
        f"{account}/outlook",
        f"{account}/cultivate",
        f"{account}/cultivate?without=5",
        f"{account}/what-if?without=5",
        f"{account}/timeline",
        f"{account}/timeline?as=table",
        "/people/1",
        "/people/3",
        "/people/5",
        "/posts/2",
        "/posts/4",
        "/alerts",
        "/alerts/1",
        "/rotation",
        "/imports",
        "/imports/1",
        "/plug-ins",
    ):
        page = tab.go(path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert page.evaluate("window.fired") is None, path
        assert page.locator("img[src=x]").count() == 0, path
        assert "49" not in page.title(), path
        assert "<img src=x" in page.inner_text("body"), path
    assert faults.said == []


def test_markup_in_what_one_types_is_shown_and_never_run(book, open_tab, faults):
    tab = open_tab()
    for path in ("/accounts?q=", f"/accounts/{book.id}/people?name=", "/accounts?sort="):
        page = tab.go(path + "%3Cimg%20src=x%20onerror=%22window.fired=1%22%3E")
        assert page.evaluate("window.fired") is None
        assert page.locator("img[src=x]").count() == 0
    page = tab.go("/login?next=javascript:alert(1)")
    assert "javascript:" not in page.content()
    assert faults.said == []
