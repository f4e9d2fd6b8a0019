"""Which ids of a history are believed, by the same rules as those of a list."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relmap import imports
from relmap.errors import ImportHeld
from relmap.imports import history
from relmap.models import ExternalId, Person, PersonName, db

HEAD = "account,unit,post,person,external_id,starts_on"
NAMES = ["Mia Berg", "Cy Roth", "Di Fox", "Ed Lund", "Flo Amsel"]


def imported(rows, *, head=HEAD, **options):
    text = "\n".join([head, *(f"Meridian,Lab,{row}" for row in rows)])
    return history.import_tenures(text.encode(), file_name="a.csv", **options)


def people():
    return sorted(db.session.scalars(db.select(Person.name).where(Person.side == "client")))


def other_names():
    return sorted(db.session.scalars(db.select(PersonName.name)))


def ids():
    rows = db.session.execute(
        db.select(Person.name, ExternalId.value).join(Person, Person.id == ExternalId.person_id)
    )
    return sorted(map(tuple, rows))


def rows_of(names, *, posts="abcde", kind="staff_number", start="2020-01-01"):
    return [
        f"Post {post},{name},{kind}:K{number},{start}"
        for number, (post, name) in enumerate(zip(posts, names, strict=False))
    ]


def test_ids_given_out_anew_hold_a_history_and_the_names_decide(book):
    imported(rows_of(NAMES))
    later = [*NAMES[1:], NAMES[0]]
    with pytest.raises(ImportHeld, match="wholly different names"):
        imported(rows_of(later, start="2021-01-01"))
    assert other_names() == []
    before = ids()
    report = imported(rows_of(later, start="2021-01-01"), yes=True)
    assert report.counts["tenure_added"] == 5
    assert (people(), other_names(), ids()) == (sorted(NAMES), [], before)


def test_two_who_changed_their_ids_hold_a_history(book):
    imported(rows_of(NAMES))
    swapped = [NAMES[1], NAMES[0], *NAMES[2:]]
    with pytest.raises(ImportHeld, match="rows 2, 3"):
        imported(rows_of(swapped, start="2021-01-01"))


@pytest.mark.parametrize(
    ("name", "later"),
    [("Mia Berg", "Mia Holt"), ("李娜", "Li Na"), ("陈怡君", "Amy Chen"), ("Ann Li", "Ann Li-Wu")],
)
def test_half_a_name_is_alike_after_a_wedding(book, name, later):
    rows = [f"Head,{name},7A,2018-01-01", f"Chief,{later},7A,2020-01-01"]
    report = imported(rows)
    assert report.counts["people_added"] == 1
    report = imported([f"Clerk,{later},7A,2021-01-01"])
    assert "people_added" not in report.counts
    assert len(people()) == 1


def test_a_wholly_new_name_by_one_id_is_told(book):
    imported(rows_of(NAMES))
    report = imported(["Chief,Gil Ohm,staff_number:K0,2021-01-01"])
    assert any("wholly different name" in str(note.message) for note in report.notes)
    assert other_names() == ["Gil Ohm"]


def test_a_mailbox_may_be_inherited(book):
    head = HEAD.replace("external_id", "email")
    imported(["Head,Mia Berg,lab@meridian.example,2018-01-01"], head=head)
    later = ["Head,Cy Roth,lab@meridian.example,2021-01-01"]
    with pytest.raises(ImportHeld, match="mailbox"):
        imported(later, head=head)
    imported(later, head=head, yes=True)
    assert people() == ["Cy Roth", "Mia Berg"]
    assert ids() == [("Mia Berg", "lab@meridian.example")]


def test_handles_that_differ_by_case_are_two_in_a_history(book):
    rows = ["Head,Mia Berg,0035g00000AbCdE,2018-01-01", "Clerk,Cy Roth,0035g00000aBcDe,2018-01-01"]
    imported(rows)
    assert people() == ["Cy Roth", "Mia Berg"]
    assert len(ids()) == 2
    report = imported([row.replace("2018", "2021") for row in rows])
    assert report.counts["unchanged"] == 2
    assert len(ids()) == 2


def test_a_handle_in_another_case_under_an_unlike_name_is_another_persons(book):
    imported(["Head,Mia Berg,0035g00000AbCdE,2018-01-01"])
    imported(["Clerk,Cy Roth,0035g00000aBcDe,2018-01-01"])
    assert people() == ["Cy Roth", "Mia Berg"]
    imported(["Chief,Mia Berg,0035G00000ABCDE,2022-01-01"])
    assert people() == ["Cy Roth", "Mia Berg"]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(5)))
def test_no_name_is_ever_given_to_another_in_silence(book, order):
    imported(rows_of(NAMES))
    later = rows_of([NAMES[number] for number in order], start="2021-01-01")
    if list(order) == sorted(order):
        imported(later)
    else:
        with pytest.raises(ImportHeld):
            imported(later)
        imported(later, yes=True)
    assert (people(), other_names()) == (sorted(NAMES), [])
    for report in imports.list_imports():  # the newest first; one that was held is not there
        if report.status == "applied":
            imports.undo_import(report.import_id)
    assert people() == []


# --- the other script


PLAIN = "account,unit,post,person,starts_on"


def read_alike(report):
    return [str(note.message) for note in report.notes if "(pinyin)" in str(note.message)]


@pytest.mark.parametrize(("on_file", "later"), [("单宁", "Shan Ning"), ("Shan Ning", "单宁")])
def test_a_history_in_the_other_script_names_the_same_people(book, on_file, later):
    book.list("2026-01-01", f"unit,post,person\nLab,Head,{on_file}")
    report = imported([f"Clerk,{later},2019-01-01"], head=PLAIN)
    assert ["1 in all" in said for said in read_alike(report)] == [True]
    assert people() == [on_file]
    report = imported([f"Aide,{later},2018-01-01"], head=PLAIN)
    assert (read_alike(report), people()) == ([], [on_file])


def test_who_reads_alike_and_sat_elsewhere_is_asked_about(book):
    book.list("2026-01-01", "unit,post,person\nDesk,Head,单宁")
    with pytest.raises(ImportHeld, match="rows 2"):
        imported(["Clerk,Shan Ning,2019-01-01"], head=PLAIN)
    imported(["Clerk,Shan Ning,2019-01-01"], head=PLAIN, yes=True)
    assert people() == ["Shan Ning", "单宁"]


def test_where_two_in_the_unit_read_alike_it_is_asked(book):
    book.list("2026-01-01", "unit,post,person\nLab,Head,李娜\nLab,Aide,黎娜")
    with pytest.raises(ImportHeld, match="rows 2"):
        imported(["Clerk,Li Na,2019-01-01"], head=PLAIN)


def test_a_latin_name_on_file_finds_whoever_has_it(book):
    book.list("2026-01-01", "unit,post,person,name_latin\nLab,Head,陳怡君,Amy Chen")
    imported(["Clerk,Amy Chen,2019-01-01"], head=PLAIN)
    assert people() == ["陳怡君"]
