"""Projects: chances to sell are opened, moved on, decided by posts, and imported once."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from relmap import graph
from relmap.cli import main
from relmap.contracts import Ref
from relmap.errors import Refused
from relmap.facts import projects, structure
from relmap.imports import undo_import
from relmap.imports.history import import_projects
from relmap.maintenance import check
from relmap.models import Account, Change, Import, Post, Project, ProjectPost, db, writing

D = date
TODAY = D(2026, 7, 1)
LIST = """项目,料号,阶段,金额(万元),币种,预计决策日期,决策岗位
5G 基站,MT-77,送样,40,CNY,2026-10,Director; Buyer
电源模块,,立项,,,,Director
"""


@pytest.fixture
def account(staffed):
    """Jingfeng with a director and a buyer."""
    return db.session.get_one(Account, staffed.id)


@pytest.fixture
def socket(account):
    """A socket worth 400 k, which the director decides."""
    with writing():
        return projects.open_project(
            account,
            "5G socket",
            part_number="MT-77",
            stage="sample",
            value=400_000,
            currency="CNY",
            starts_on=D(2026, 1, 1),
            posts=[post("Director")],
        )


def post(title):
    return db.session.scalars(select(Post).where(Post.title == title)).one()


def titles(project):
    return sorted(link.post.title for link in project.posts)


def imported(text, **options):
    given = {"on": TODAY, "account": "Jingfeng", **options}
    return import_projects(text.encode(), file_name="projects.csv", **given)


def everything():
    return {
        model.__name__: db.session.scalar(select(func.count()).select_from(model))
        for model in (Project, ProjectPost, Import, Change)
    }


@pytest.mark.postgresql
def test_a_project_knows_its_value_and_who_decides_it(socket):
    assert (socket.value, socket.currency, titles(socket)) == (400_000, "CNY", ["Director"])
    logged = db.session.scalars(select(Change).where(Change.kind == "project")).one()
    assert (logged.verb, logged.account_id) == ("open_project", socket.account_id)


def test_a_project_is_there_once_by_name_and_part_number(account, socket):
    with pytest.raises(Refused, match="already"), writing():
        projects.open_project(account, "5g SOCKET ", part_number="mt-77")
    with writing():
        projects.open_project(account, "5G socket", part_number="MT-78")
    assert everything()["Project"] == 2


@pytest.mark.postgresql
def test_every_write_makes_the_account_due(staffed, socket):
    seen = [staffed.revision]
    for act in (
        lambda: projects.change_stage(socket, "evaluation", D(2026, 3, 1)),
        lambda: projects.change_project(socket, {"value": 500_000.0}),
        lambda: projects.decide_by(socket, post("Buyer")),
        lambda: projects.decided_elsewhere(socket, post("Buyer")),
        lambda: projects.withdraw_project(socket),
    ):
        with writing():
            act()
        seen.append(staffed.revision)
    assert len(set(seen)) == len(seen) == 6
    assert everything()["Project"] == everything()["ProjectPost"] == 0


@pytest.mark.postgresql
def test_a_lost_project_has_its_day_and_its_reason(socket):
    with pytest.raises(Refused, match="after 2026-01-01"), writing():
        projects.change_stage(socket, "lost", D(2026, 1, 1))
    with writing():
        projects.change_stage(socket, "lost", D(2026, 6, 1), because="price")
    assert (socket.ended_on, socket.ended_because) == (D(2026, 6, 1), "price")
    with writing():
        projects.change_stage(socket, "pilot", D(2026, 7, 1))
    assert (socket.ended_on, socket.ended_because) == (None, None)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"stage": "won"}, "on which day"),
        ({"stage": "hopeful"}, "no stage"),
        ({"value": -1.0}, "less than nothing"),
        ({"ended_on": D(2026, 1, 1)}, "won or lost"),
        ({"name": " "}, "missing"),
    ],
)
def test_what_cannot_be_a_project_is_refused(account, fields, reason):
    before = everything()
    with pytest.raises(Refused, match=reason), writing():
        projects.open_project(account, **{"name": "Socket"} | fields)
    assert everything() == before


def test_a_post_of_another_account_decides_nothing(socket, make_firm):
    other = make_firm("Other")
    other.post("Buyer of Other")
    with pytest.raises(Refused, match="another account"), writing():
        projects.decide_by(socket, post("Buyer of Other"))


@pytest.mark.postgresql
def test_the_check_finds_what_services_refuse(socket, make_firm):
    other = make_firm("Other")
    other.post("Buyer of Other")
    stranger = post("Buyer of Other").id
    assert check.check_book() == []
    with writing():
        db.session.add(ProjectPost(project_id=socket.id, post_id=stranger))
        db.session.add(
            Project(account_id=socket.account_id, name="5G Socket", part_number="MT-77", stage="x")
        )
    found = {violation.kind for violation in check.check_book()}
    assert found == {"project_twice", "decided_elsewhere", "unknown_word"}


# --- lists


@pytest.mark.postgresql
def test_a_chinese_list_becomes_projects_with_their_posts(account):
    report = imported(LIST)
    socket, power = db.session.scalars(select(Project).order_by(Project.id))
    assert (socket.name, socket.part_number, socket.stage) == ("5G 基站", "MT-77", "sample")
    assert (socket.value, socket.currency) == (400_000, "CNY")
    assert (socket.decides_on, titles(socket)) == (D(2026, 10, 31), ["Buyer", "Director"])
    assert (power.stage, power.value, titles(power)) == ("concept", None, ["Director"])
    assert (report.status, report.counts["project_added"]) == ("applied", 2)
    assert socket.import_id == report.import_id
    assert "5G 基站" in report.to_text()


@pytest.mark.postgresql
def test_importing_twice_is_importing_once(account):
    imported(LIST)
    before = everything()
    report = imported(LIST)
    assert (report.import_id, report.counts["unchanged"]) == (None, 2)
    assert everything() == before


def test_rows_of_one_project_add_up_and_may_not_contradict_each_other(account):
    imported("project,stage,deciding post\nSocket,sample,Director\nSocket,,Buyer\n")
    assert titles(db.session.scalars(select(Project)).one()) == ["Buyer", "Director"]
    with pytest.raises(Refused, match=r"Row 3 .* row 2 \(stage\)"):
        imported("project,stage\nOther,sample\nOther,pilot\n")


@pytest.mark.postgresql
def test_a_later_list_moves_the_project_on_from_its_day(account):
    imported(LIST)
    report = imported("项目,料号,阶段\n5g 基站,mt-77,量产\n", on=D(2026, 9, 1))
    project = db.session.scalars(select(Project).where(Project.part_number == "MT-77")).one()
    assert project.stage == "mass_production"
    assert report.changes[0]["after"] == {"stage": "mass_production"}
    moved = db.session.scalars(select(Change).where(Change.verb == "change_stage")).one()
    assert (moved.effective_on, moved.before) == (D(2026, 9, 1), {"stage": "sample"})


@pytest.mark.postgresql
def test_a_project_on_file_without_part_number_gets_it(account):
    imported("project\nSocket\n")
    imported("project,part_number\nSocket,MT-1\n")
    assert db.session.scalars(select(Project.part_number)).all() == ["MT-1"]
    assert imported("project\nSocket\n").counts["unchanged"] == 1


def test_a_won_project_without_a_day_ended_on_the_day_of_the_list_for_good(account):
    imported("project,stage,reason\nSocket,won,early samples\n")
    imported("project,stage,reason\nSocket,won,early samples\n", on=D(2026, 9, 1))
    project = db.session.scalars(select(Project)).one()
    assert (project.stage, project.ended_on) == ("won", TODAY)
    assert project.ended_because == "early samples"


def test_a_post_is_found_by_its_unit_where_titles_repeat(staffed, account):
    with writing():
        unit = structure.open_unit(account, "R&D", day=D(2025, 1, 1))
        structure.open_post(unit, "Director", day=D(2025, 1, 1))
    with pytest.raises(Refused, match="2 posts called Director"):
        imported("project,post\nSocket,Director\n")
    imported("project,post\nSocket,R&D / Director\n")
    imported("project,unit,post\nSocket,Purchasing,Director\n")
    found = db.session.scalars(select(ProjectPost)).all()
    assert {link.post.unit.name for link in found} == {"R&D", "Purchasing"}


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("project,post\nSocket,Emperor\n", "post", "no post called Emperor"),
        ("project,stage\nSocket,hopeful\n", "stage", "no stage"),
        ("project,value\nSocket,400.000\n", "value", "a thousand times"),
        ("project,value\nSocket,much\n", "value", "no amount"),
        ("project,ended_on\nSocket,2026-01-01\n", "ended_on", "won or lost"),
        ("project,stage\n-,sample\n", "project", "is empty"),
        ("project,value,currency\nSocket,US$ 40k,CNY\n", "value", "USD, CNY"),
        ("project,value\nSocket,1.234.56\n", "value", "groups of three"),
        ("project,stage,ended_on\nSocket,won,2027-01-01\n", "ended_on", "day of the list"),
    ],
)
def test_a_row_that_cannot_be_is_refused_at_its_place(account, text, column, reason):
    before = everything()
    with pytest.raises(Refused, match=reason) as caught:
        imported(text)
    assert (caught.value.row, caught.value.column) == (2, column)
    assert everything() == before


def test_an_older_list_may_repeat_an_end_that_is_on_file(account):
    text = "project,stage,ended_on\nSocket,lost,2026-06-15\n"
    imported(text)
    assert imported(text, on=D(2026, 6, 1)).counts["unchanged"] == 1


def test_a_name_has_no_characters_for_a_terminal(account):
    imported("project,part_number\nSo\x07ck\x1b[31met\x9b,MT\x7f-1\n")
    project = db.session.scalars(select(Project)).one()
    assert (project.name, project.part_number) == ("Sock[31met", "MT-1")
    with writing():
        assert projects.open_project(account, "Pow\x1ber \u200b unit").name == "Power unit"


def test_a_dry_run_tells_all_that_a_new_project_would_have(account):
    text = "project,part_number,stage,value,currency,starts_on,decides_on\n"
    text += "Socket,MT-1,pilot,1.2M,USD,2026-01-05,2026-10-31\n"
    told = imported(text, dry_run=True).to_text()
    expected = "Socket · Jingfeng · MT-1 · pilot · 1,200,000 USD"
    assert f"{expected} · starts on 5 Jan 2026 · decides on 31 Oct 2026" in told


def test_an_unknown_account_is_refused(account):
    with pytest.raises(Refused, match="no account Nobody"):
        imported("account,project\nNobody,Socket\n", account=None)


def test_a_dry_run_writes_nothing(account):
    before = everything()
    report = imported(LIST, dry_run=True)
    assert (report.status, report.counts["project_added"]) == ("dry_run", 2)
    assert everything() == before


@pytest.mark.postgresql
def test_an_undone_list_leaves_what_was_there(account, socket):
    before = graph.view(account.id, TODAY)
    text = "project,part_number,stage,value,post\n5G socket,MT-77,pilot,9,Buyer\nB,,,,\n"
    report = imported(text)
    assert len(graph.view(account.id, TODAY).projects) == 2
    undo_import(report.import_id)
    kept = db.session.scalars(select(Project)).one()
    assert (kept.stage, kept.value, titles(kept)) == ("sample", 400_000, ["Director"])
    for day in (TODAY - timedelta(days=1), TODAY):
        assert graph.view(account.id, day).projects == before.projects


def test_a_list_is_not_undone_while_somebody_built_on_it(account):
    report = imported(LIST)
    project = db.session.scalars(select(Project).where(Project.name == "电源模块")).one()
    with writing():
        projects.change_stage(project, "sample", D(2026, 8, 1))
    with pytest.raises(Refused, match="change stage"):
        undo_import(report.import_id)


def test_the_command_prints_one_document_or_the_row_to_mend(account, app, runner, tmp_path):
    listed, wrong = tmp_path / "list.csv", tmp_path / "wrong.csv"
    listed.write_text("Deal;Stage;Who\nSocket;DVT;Director\n", encoding="utf-8")
    wrong.write_text("project,post\nSocket,Emperor\n", encoding="utf-8")
    words = ["import", "projects", "--account", "Jingfeng", "--on", "2026-07-01", "--json"]
    done = runner.invoke(main, [*words, "--map", "post=Who", str(listed)], obj=app)
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert (document["kind"], document["applied"]) == ("projects", True)
    assert document["changes"][0]["project"] == "Socket"
    refused = runner.invoke(main, [*words, str(wrong)], obj=app)
    assert (refused.exit_code, json.loads(refused.stdout)["row"]) == (1, 2)


# --- in the view of a day


@pytest.mark.postgresql
def test_a_view_shows_how_far_a_project_was_on_its_day(staffed, socket):
    with writing():
        projects.change_stage(socket, "pilot", D(2026, 3, 1))
        projects.change_project(socket, {"value": 900_000.0}, day=D(2026, 4, 1))
        projects.change_stage(socket, "won", D(2026, 6, 1), because="early samples")
    seen = {
        day: [(row.stage, row.value, row.ended_on) for row in graph.view(staffed.id, day).projects]
        for day in (D(2025, 12, 31), D(2026, 1, 1), D(2026, 3, 1), D(2026, 5, 1), D(2026, 6, 1))
    }
    assert list(seen.values()) == [
        [],
        [("sample", 400_000, None)],
        [("pilot", 400_000, None)],
        [("pilot", 900_000, None)],
        [("won", 900_000, D(2026, 6, 1))],
    ]
    now = graph.view(staffed.id, TODAY)
    assert now.open_projects == ()
    assert now.project(Ref("project", socket.id)).posts == (Ref("post", post("Director").id),)


@pytest.mark.postgresql
def test_what_a_list_of_today_tells_of_an_end_is_not_known_the_day_before(staffed, account):
    imported("project,stage,started,ended\nSocket,lost,2026-01-01,2026-06-01\n")
    (before,), (after,) = (
        graph.view(staffed.id, day).projects for day in (D(2026, 5, 31), D(2026, 6, 1))
    )
    assert (before.stage, before.ended_on) == (None, None)
    assert (after.stage, after.ended_on) == ("lost", D(2026, 6, 1))


@pytest.mark.postgresql
def test_a_correction_of_a_project_leaves_no_day_with_what_was_wrong(staffed, socket):
    with writing():
        projects.change_project(socket, {"value": 1.0, "part_number": "MT-78"})
    (row,) = graph.view(staffed.id, D(2026, 1, 1)).projects
    assert (row.value, row.part_number) == (1.0, "MT-78")
