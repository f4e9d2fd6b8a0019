"""A book of two accounts that is attacked: people who moved between them, users who read but one.

Each text of an account has the account's name in it, so that an answer tells whose it is.
"""

from csv import writer
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from typing import Any

from sqlalchemy import select

from relmap.clock import today, utc_now
from relmap.facts import claims, next_steps, people, projects, structure, tenures, ties, touches
from relmap.facts.users import add_user, find_user, grant
from relmap.imports import import_snapshot
from relmap.models import Alert, Import, ImportRow, Person, Post, Tenure, User, db, writing

PASSWORD = "seven boats in a row"
NORTH, SOUTH = "Norrland", "Sydhavn"
MOVED = {"Ada": (NORTH, SOUTH), "Bo": (SOUTH, NORTH)}  # by lists of both accounts
BACK = {"Cai": (NORTH, SOUTH, NORTH)}  # by hand
COLUMNS = ("account", "unit", "post", "person", "external_id", "email", "phone")
STAY = timedelta(days=260)
ROLES = {
    "admin": ("administrator", None),
    "boss": ("manager", None),
    "writer": ("member", "write"),
    "reader": ("member", "read"),
    "southerner": ("member", None),  # reads the other account
    "stranger": ("member", None),
    "fresh": ("member", "write"),  # has chosen no password yet
    "ended": ("member", "write"),  # deactivated once logged in
    "spare": ("member", None),  # to be changed by administrators
}


@dataclass(frozen=True, slots=True)
class Book:
    """What can be asked for: of each account an id for each argument of a route."""

    own: dict[str, Any]
    foreign: dict[str, Any]
    moved: tuple[int, ...]
    ended: int
    """The user who is to be deactivated."""


def fill(ending: str = "") -> Book:
    """Write the book; ``ending`` is the end of every text."""
    began = today() - 3 * STAY
    with writing():
        for name in (NORTH, SOUTH):
            _account(name, began, ending)
        _add_users()
    for number in range(2):
        _import_list(number, began + number * STAY, ending)
    with writing():
        ours = _ours(ending)
        for name, places in (MOVED | BACK).items():
            person = _person(name, ending)
            for number, place in enumerate(places):
                day = began + number * STAY
                if name in BACK:
                    _stay(person, place, day, is_last=place != SOUTH and number > 0, ending=ending)
                _facts(person, place, ours, day + STAY / 2, ending)
            _of_the_last_place(person, places[-1], ending)
        own, foreign = (_one_of_each(name, ours, ending) for name in (NORTH, SOUTH))
        names = [*MOVED, *BACK]
        moved = tuple(_person(name, ending).id for name in names)
        return Book(own, foreign, moved, find_user("ended").id)


def _account(name: str, day: date, ending: str) -> None:
    """An account, a seat for many, and two colleagues who differ."""
    account = structure.open_account(name, day=day, region=f"{name} region{ending}")
    unit = structure.open_unit(account, f"{name} unit", day=day)
    structure.open_unit(account, f"{name} wing{ending}", day=day)
    head = structure.open_post(unit, f"{name} head{ending}", day=day, level="director")
    structure.open_post(unit, f"{name} seat{ending}", day=day, level="manager", seats=9)
    colleague = people.add_person(f"{name} colleague{ending}")
    tenures.start_tenure(colleague, head, day)
    other = people.add_person(f"{name} other{ending}", affiliation=f"{name} outside{ending}")
    people.add_contact(other, account, day=day)
    ties.add_tie(colleague, other, kind="conflicts", sign=-1, observed_on=day)
    ties.add_tie(_ours(ending), colleague, observed_on=day, level="vendor")
    fields = {"value": 7, "currency": "EUR", "part_number": f"{name} part"}
    projects.open_project(account, f"{name} project{ending}", posts=[head], **fields)


def _add_users() -> None:
    for name, (role, right) in ROLES.items():
        user = add_user(name, role=role, password=PASSWORD, must_change_password=name == "fresh")
        if right:
            grant(user, structure.find_account(NORTH), right)
    grant(find_user("southerner"), structure.find_account(SOUTH), "read")


def _import_list(number: int, day: date, ending: str) -> None:
    """A list of both accounts by one file, with the mail and telephone that each gave."""
    text = StringIO()
    lines = writer(text)
    lines.writerow(COLUMNS)
    for place in (NORTH, SOUTH):
        whom = f"{place} head{ending}", f"{place} colleague{ending}", place
        lines.writerow([place, f"{place} unit", *whom, "", ""])
    for name, places in MOVED.items():
        place = places[number]
        mail = f"{name.casefold()}@{place.casefold()}.example"
        whom = f"{place} seat{ending}", f"{name}{ending}", name
        lines.writerow([place, f"{place} unit", *whom, mail, f"{place} 123"])
    file_name = f"list {number}{ending}.csv"
    data = text.getvalue().encode()
    import_snapshot(data, file_name=file_name, day=day, yes=True, cap=10**6)


def _ours(ending: str) -> Person:
    return _person("Wang", ending, side="us")


def _person(name: str, ending: str, **fields: Any) -> Person:
    """Whoever is called so, made where there is nobody."""
    found = db.session.scalar(select(Person).where(Person.name == f"{name}{ending}"))
    return found or people.add_person(f"{name}{ending}", **fields)


def _post(name: str, ending: str) -> Post:
    return db.session.scalars(select(Post).where(Post.title == f"{name}{ending}")).one()


def _stay(person: Person, place: str, day: date, *, is_last: bool, ending: str) -> None:
    tenure = tenures.start_tenure(person, _post(f"{place} seat", ending), day)
    if not is_last:
        tenures.end_tenure(tenure, day + STAY, reason="left_company")


def _facts(person: Person, place: str, ours: Person, day: date, ending: str) -> None:
    """What happened with somebody at a place, with each text that a verb takes."""
    colleague = _person(f"{place} colleague", ending)
    words = {"said": f"{place} said{ending}", "next_step": f"{place} next{ending}"}
    touches.add_touch(day, "visit", [ours, person, colleague], next_step_on=day, **words)
    held = {"on": day, "basis": "seen", "observer": ours, "shelf_life_days": 3000}
    claims.add_claim(person, "note", f"{place} belief{ending}", **held)
    about = _person(f"{place} other", ending)
    tied = select(ties.Tie.id).where(ties.Tie.a_id == about.id, ties.Tie.b_id == person.id)
    if db.session.scalar(tied) is None:
        ties.add_tie(about, person, kind="friend", observed_on=day, note=f"{place} tie{ending}")


def _of_the_last_place(person: Person, place: str, ending: str) -> None:
    said = {"affiliation": f"{place} group{ending}", "preferences": f"{place} tea{ending}"}
    people.change_person(person, said)
    people.add_contact_point(person, "wechat", f"{place} by hand{ending}")


def _one_of_each(name: str, ours: Person, ending: str) -> dict[str, Any]:
    """An id of the account for each argument of a route; makes what no verb of above made."""
    account, post = structure.find_account(name), _post(f"{name} head", ending)
    colleague = _person(f"{name} colleague", ending)
    due = {"day": today(), "due_on": today() + timedelta(days=30)}
    step = next_steps.add_next_step(
        account, colleague, owner=ours, what=f"{name} step{ending}", **due
    )
    alert = _alert(account.id, colleague, name, ending)
    import_ = _import(account.id, name, ending)
    db.session.add_all([alert, import_])
    db.session.flush()
    row = ImportRow(
        import_id=import_.id,
        account_id=account.id,
        row=2,
        status="waiting",
        reason=f"{name} doubt{ending}",
        candidate_ids=[colleague.id],
        waits={},
    )
    db.session.add(row)
    db.session.flush()
    tenure = select(Tenure.id).where(Tenure.post_id == post.id)
    return {
        "account_id": account.id,
        "alert_id": alert.id,
        "import_id": import_.id,
        "person_id": colleague.id,
        "post_id": post.id,
        "step_id": step.id,
        "tenure_id": db.session.scalars(tenure).one(),
        "row": row.row,
        "name": "nowhere",
        "user_id": db.session.scalars(select(User.id).where(User.name == "spare")).one(),
        "filename": "css/app.css",
    }


def _alert(account_id: int, person: Person, name: str, ending: str) -> Alert:
    return Alert(
        account_id=account_id,
        plugin="rotation",
        rule_key="rotation.post_vacated",
        rule_version=1,
        key=f"tenure:{account_id}",
        text=f"{name} alert {{0}}{ending}",
        refs=[f"person:{person.id}"],
        severity="note",
        raised_on=today(),
    )


def _import(account_id: int, name: str, ending: str) -> Import:
    header = ["unit", "post", "person"]
    records = [[2, ["", f"{name} cell{ending}", f"{name} name{ending}"]]]
    return Import(
        kind="snapshot",
        file_name=f"{name}.csv{ending}",
        on=today(),
        status="applied",
        applied_at=utc_now(),
        table={"header": header, "records": records},
        account_ids=[account_id],
    )
