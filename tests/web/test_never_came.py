"""Who was announced and did not come: told as that, on no page as somebody who left."""

import re
from datetime import date

from sqlalchemy import select

from relmap.facts.users import add_user
from relmap.hub.engine import InProcess
from relmap.hub.registry import registry_of
from relmap.imports.snapshot.file import import_snapshot
from relmap.models import Account, Alert, Person, db, writing
from relmap.results.runs import scanning

HEAD = "account,unit,post,level,person,start date"
CLERK = "Nordwerk,Buying,Clerk,staff,Bo Wu,"
LISTS = (
    ("2026-01-05", "Nordwerk,Buying,Director,director,TBD,"),
    ("2026-02-02", "Nordwerk,Buying,Director,director,Chen Yi,2026-03-02"),
    ("2026-04-06", "Nordwerk,Buying,Director,director,TBD,"),
)


def test_it_is_told_as_what_it_is_and_nobody_left(app, visit):
    with app.app_context():
        with writing():
            add_user("mia", role="manager", password="seven boats in a row")
        for day, row in LISTS:
            on = date.fromisoformat(day)
            data = "\n".join((HEAD, row, CLERK)).encode()
            import_snapshot(data, file_name=f"{day}.csv", day=on, cap=10_000)
            account = db.session.scalar(select(Account.id))
            scanning.scan(account, on, runner=InProcess(), registry=registry_of(app))
        chen = db.session.scalar(select(Person.id).where(Person.name == "Chen Yi"))
        alerts = db.session.scalars(select(Alert.rule_key)).all()
    assert "rotation.post_vacated" not in alerts
    pages = {
        where: re.sub("<[^>]+>", "", visit("mia").get(where).text)
        for where in (
            f"/people/{chen}",
            f"/accounts/{account}/history",
            f"/accounts/{account}/grid",
        )
    }
    person, history, grid = pages.values()
    assert "was announced for 2 Mar 2026 and did not come" in person
    assert "Chen Yi was announced as Director and did not come" in history
    assert "Chen Yi left" not in history
    assert "Chen Yi" not in grid
