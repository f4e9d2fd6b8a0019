"""The views of AccountBuilder are those that graph.view builds from the same facts in tables."""

import random
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from relmap import graph, models
from relmap.contracts import Ref
from relmap.models import Change, TouchPerson, db, writing
from relmap.testing import AccountBuilder
from relmap.testing.valid_time import Facts

START = date(2022, 1, 1)
DAYS = [START + timedelta(days=number) for number in range(0, 1600, 115)]


def random_book(seed: int) -> AccountBuilder:
    """An account in which all that may begin, end, be announced or be judged late does."""
    chance = random.Random(seed)

    def day(low: int = 0, high: int = 1500) -> date:
        return START + timedelta(days=chance.randint(low, high))

    def span(earliest: date = START) -> dict:
        since = earliest + timedelta(days=chance.randint(0, 400))
        until = since + timedelta(days=chance.randint(1, 700))
        return {"since": since, "until": until if chance.random() < 0.6 else None}

    book = AccountBuilder("Example", tier="A", rotation_months=36)
    units, posts = {}, {}  # name: when it began; what is inside begins later
    for number in range(4):
        above = f"unit {number - 1}" if number else None
        when = span(units.get(above, START))
        book.unit(f"unit {number}", parent=above, **when)
        units[f"unit {number}"] = when["since"]
    for number in range(10):
        unit = f"unit {number % 4}"
        when = span(units[unit])
        book.post(
            f"post {number}",
            unit=unit,
            level=chance.choice(["executive", "manager", "staff"]),
            reports_to=f"post {number - 1}" if number % 3 else None,
            decision_weight=chance.choice([None, 0.7]),
            **when,
        )
        posts[f"post {number}"] = when["since"]
    pairs = [(number, post) for number in range(14) for post in sorted(posts)]
    for number, post in chance.sample(pairs, 25):
        when = span(posts[post])
        announced = when["until"] and when["until"] - timedelta(days=chance.randint(0, 60))
        ahead = when["since"] - timedelta(days=chance.randint(0, 200))
        book.tenure(
            f"person {number}",
            post,
            acting=chance.random() < 0.2,
            announced_on=announced,
            start_announced_on=ahead if chance.random() < 0.5 else None,
            reason="promoted",
            nobody_yet=chance.random() < 0.5,
            **when,
        )
    for number in range(12, 20):
        book.contact(f"person {number}", **span())
    book.owner("our 0").person("our 3", side="us", latin_name="Ours")
    for number in range(30):
        when = span()
        book.tie(f"our {number % 4}", f"person {number % 22}", level="vendor",
                 judged=when["since"] + timedelta(days=chance.randint(0, 300)), **when)  # fmt: skip
    for one, other in [(20, 21), *((20 + number % 2, 2 * number) for number in range(7))]:
        when = span()
        book.tie(f"person {one}", f"person {other}", kind="friend", judged=when["since"], **when)
    for number in range(60):
        theirs = {f"person {chance.randrange(22)}" for _ in range(2)}
        book.touch(day(), f"our {number % 4}", *theirs, kind=chance.choice(["visit", "mail"]))
    for number in range(10):
        book.claim(chance.choice([f"person {number}", f"post {number}"]), "stance", "neutral",
                   on=day(), observer="our 1")  # fmt: skip
    for number in range(6):
        when = span()
        ended = {"stage": "lost", "ended_on": when["until"]} if when["until"] else {}
        deciders = chance.sample(sorted(posts), 3)
        book.project(f"project {number}", *deciders, since=when["since"], value=4e5, **ended)
    for number in range(8):
        when = span()
        ended = {"done_on" if number % 2 else "dropped_on": when["until"]}
        through = f"person {number + 9}" if number % 3 else None
        book.next_step(f"person {number}", planned_on=when["since"], due_on=day(), **ended,
                       owner=f"our {number}", through=through,
                       from_plan=number < 4)  # fmt: skip
    return book


def store(facts: Facts) -> None:
    """The same facts as rows, under the same numbers."""
    with writing():
        for row in facts.people:
            put(models.Person, row, without=("external_ids",))
        db.session.flush()
        put(models.Account, facts.account)
        db.session.flush()
        for row in facts.units:
            put(models.Unit, row, account_id=1)
            db.session.flush()
        for row in facts.posts:
            weight = row.decision_weight if row.weight_given else None
            without = ("weight_given", "decision_weight")
            put(models.Post, row, without=without, decision_weight=weight)
            db.session.flush()
        for row in facts.tenures:
            known_on = facts.announced.get(row.ref, row.ends_on)
            recorded_at = known_on and datetime.combine(known_on, time(12), UTC)
            heard_on = facts.announced_starts.get(row.ref, row.starts_on)
            put(
                models.Tenure,
                row,
                end_recorded_at=recorded_at,
                recorded_at=datetime.combine(heard_on, time(12), UTC),
            )
        for row in facts.contacts:
            put(models.Contact, row, account_id=1)
        for row in facts.ties:
            put(models.Tie, row)
        for row in facts.touches:
            put(models.Touch, row, without=("people",))
        db.session.flush()
        db.session.add_all(
            TouchPerson(touch_id=row.ref.id, person_id=person.id)
            for row in facts.touches
            for person in row.people
        )
        for row in facts.claims:
            about = {"person_id": None, "post_id": None, f"{row.about.kind}_id": row.about.id}
            put(models.Claim, row, without=("about", "project"), **about)
        for project in facts.projects:
            put(models.Project, project, without=("posts",), account_id=1)
        for step, dropped_on in facts.next_steps:
            origin = "plan" if step.from_plan else "hand"
            without = ("from_plan",)
            more = {"account_id": 1, "origin": origin, "dropped_on": dropped_on}
            put(models.NextStep, step, without=without, **more)
        db.session.flush()
        db.session.add_all(
            models.ProjectPost(project_id=project.ref.id, post_id=post.id)
            for project in facts.projects
            for post in project.posts
        )
        store_vacancies(facts)


def store_vacancies(facts: Facts) -> None:
    """Vacant since, as the services write it: each change of the world into the audit log."""
    for post in facts.posts:
        events = [(since, since) for ref, since in facts.vacancies if ref == post.ref]
        events += [(row.starts_on, None) for row in facts.tenures if row.post == post.ref]
        events.sort(key=lambda event: (event[0], event[1] is None))  # left and followed in a day
        row = db.session.get(models.Post, post.ref.id)
        for on, since in events:
            before, after = (
                {"vacant_since": value and value.isoformat()} for value in (row.vacant_since, since)
            )
            row.vacant_since = since
            where = {"kind": "post", "fact_id": row.id, "account_id": 1}
            change = Change(verb="x", effective_on=on, before=before, after=after, **where)
            db.session.add(change)
            db.session.flush()


def put(model, row, *, without=(), **more) -> None:
    columns = {}
    for item in fields(row):
        value = getattr(row, item.name)
        if item.name in without:
            continue
        if item.name == "ref":
            columns["id"] = value.id
        elif isinstance(value, Ref) or item.name in (
            "parent",
            "reports_to",
            "observer",
            "owner",
            "through",
        ):
            columns[f"{item.name}_id"] = value and value.id
        else:
            columns[item.name] = value
    db.session.add(model(**columns, **more))


@pytest.mark.postgresql
@pytest.mark.parametrize("seed", range(4))
def test_both_build_the_same_view_of_every_day(app, seed):
    book = random_book(seed)
    with app.app_context():
        store(book.facts)
        for day in DAYS:
            assert replace(graph.view(1, day), revision=1) == book.view(day)


def insiders(view) -> set[Ref]:
    return {row.person for row in (*view.tenures, *view.contacts)}


def test_the_books_hold_what_is_compared():
    """Else the test above could pass on nothing."""
    views = [random_book(seed).view(day) for seed in range(4) for day in DAYS]
    assert any(view.touch_counts for view in views)
    assert any(post.vacant_since for view in views for post in view.posts)
    assert any(tie.observed_on == view.as_of for view in views for tie in view.ties)
    assert any(row.ends_on and row.ends_on > view.as_of for view in views for row in view.tenures)
    assert any(row.ends_on is None for view in views for row in view.tenures)
    assert any(len(view.announced) > 1 for view in views)
    assert any(view.claims and view.contacts for view in views)
    assert any(row.stage is None for view in views for row in view.projects)
    assert any(row.ended_on and row.posts for view in views for row in view.projects)
    assert any(not {tie.a, tie.b} & insiders(view) for view in views for tie in view.ties)
    steps = [row for view in views for row in view.next_steps]
    assert {row.from_plan for row in steps} == {True, False}
    assert {row.done_on is None for row in steps} == {True, False}
    assert {row.through is None for row in steps} == {True, False}
