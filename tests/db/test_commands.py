"""The commands that other programs call: their exit statuses and their documents."""

import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from relmap import graph
from relmap.cli import main
from relmap.contracts import AccountView
from relmap.facts import people, structure
from relmap.models import PluginSetting, db, writing

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
LIST = """unit,post,person,email,reports_to
Purchasing,Purchasing Director,林志明,lin@mingchuan.example,
Purchasing,Buyer,方婷,fang@mingchuan.example,林志明
Quality,SQE Manager,林佳慧,jia@mingchuan.example,
Quality,Inspector,TBD,,林佳慧
"""


@pytest.fixture
def relmap(runner, tmp_path, app):
    """Call a command, with files by their names and texts; gives status, output and error."""

    def call(*words, files=None, text=None):
        for name, content in (files or {}).items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        words = [str(tmp_path / word) if word in (files or {}) else word for word in words]
        return runner.invoke(main, words, input=text, obj=app)

    return call


@pytest.fixture
def imported(relmap):
    done = relmap(
        *("import", "snapshot", "list.csv", "--on", "2026-01-01", "--account", "Mingchuan"),
        files={"list.csv": LIST},
    )
    assert done.exit_code == 0, done.output
    return done


def check(name, document):
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    validator.validate(document)


@pytest.mark.postgresql
def test_the_list_of_accounts_keeps_to_its_schema(relmap, imported):
    relmap("account", "add", "Halvorsen Radio", "--tier", "B")
    document = json.loads(relmap("account", "list", "--json").stdout)

    check("account_list", document)
    assert document == [
        {
            "name": "Halvorsen Radio",
            "tier": "B",
            "people": 0,
            "posts": 0,
            "total": None,
            "alerts": 0,
        },
        {"name": "Mingchuan", "tier": None, "people": 3, "posts": 4, "total": None, "alerts": 0},
    ]


@pytest.mark.postgresql
def test_a_printed_view_keeps_to_its_schema_and_reads_back(relmap, imported, app):
    done = relmap("view", "Mingchuan", "--on", "2026-02-01", "--json")
    document = json.loads(done.stdout)

    check("view", document)
    with app.app_context():
        view = graph.view(structure.find_account("Mingchuan").id, date(2026, 2, 1))
    assert AccountView.from_json(done.stdout) == view
    assert document["account"]["name"] == "Mingchuan"
    assert {row["person"]["name"] for row in document["tenures"]} == {"林志明", "方婷", "林佳慧"}


@pytest.mark.postgresql
def test_the_list_of_plug_ins_keeps_to_its_schema_before_and_after_they_ran(relmap, imported, app):
    with app.app_context(), writing():
        db.session.add(PluginSetting(plugin="gone", key="people", value=3))
    fresh = json.loads(relmap("plugin", "list", "--json").stdout)
    relmap("score", "--on", "2026-02-01")
    relmap("plugin", "off", "depth")
    later = {row["name"]: row for row in json.loads(relmap("plugin", "list", "--json").stdout)}

    check("plugin_list", fresh)
    check("plugin_list", list(later.values()))
    assert {row["name"] for row in fresh if row["bundled"]} == {
        "breadth",
        "depth",
        "freshness",
        "lint",
        "outlook",
        "rotation",
    }
    assert later["breadth"]["rules"][0]["last_ran_at"]
    assert (later["depth"]["active"], bool(later["depth"]["reason"])) == (False, True)


@pytest.mark.postgresql
def test_an_alert_is_in_hand_until_a_day_that_lies_ahead(relmap):
    done = relmap("alerts", "acknowledge", "1", "--until", date.today().isoformat())

    assert done.exit_code == 1
    assert "must lie ahead" in done.stderr


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["account", "list", "--nonsense"], 2),
        (["view", "Nobody", "--on", "2026-01-01", "--json"], 1),
        (["view", "Nobody", "--on", "soon", "--json"], 2),
        (["import", "show", "99", "--json"], 1),
        (["alerts", "acknowledge", "99"], 1),
        (["alerts", "close", "99", "--reason", "done"], 1),
        (["plugin", "on", "nonsense"], 1),
        (["person", "erase", "99"], 1),
        (["user", "grant", "nobody", "Mingchuan", "read"], 1),
    ],
)
def test_a_refusal_is_1_and_wrong_usage_2(relmap, words, status):
    done = relmap(*words)

    assert done.exit_code == status, done.output
    assert done.stderr.strip()
    assert "Traceback" not in done.output


def test_with_json_a_refusal_is_a_document_too(relmap):
    files = {"bad.csv": "unit,post,person,starts_on\nQA,Head,Ann,someday\n"}
    done = relmap(
        *("import", "snapshot", "bad.csv", "--on", "2026-01-01", "--account", "M", "--json"),
        files=files,
    )

    document = json.loads(done.stdout)
    assert done.exit_code == 1
    assert document.keys() == {"error", "row", "column"}
    assert (document["row"], document["column"]) == (2, "starts_on")
    assert "someday" in done.stderr


@pytest.mark.postgresql
def test_the_guard_holds_with_3_and_apply_goes_on(relmap):
    many = "unit,post,person\n" + "".join(f"QA,Engineer {n},Anna{n} Bell{n}\n" for n in range(10))
    few = "\n".join(many.splitlines()[:5]) + "\n"
    call = ("import", "snapshot", "list.csv", "--account", "M", "--json", "--on")
    assert relmap(*call, "2026-01-01", files={"list.csv": many}).exit_code == 0

    held = relmap(*call, "2026-07-01", files={"list.csv": few})
    document = json.loads(held.stdout)

    assert held.exit_code == 3
    assert document["applied"] is False
    assert document["held"]
    applied = relmap("import", "apply", str(document["import"]), "--json")
    assert applied.exit_code == 0, applied.output
    assert json.loads(applied.stdout)["applied"] is True


@pytest.mark.postgresql
def test_the_list_of_imports_says_how_much_each_changed(relmap, imported):
    head = imported.stdout.splitlines()[0]

    assert relmap("import", "list").stdout.strip() == head
    assert not head.endswith(" 0 changes")


def test_an_uncertain_row_says_what_to_resolve_it_with(relmap, imported):
    call = ("import", "snapshot", "next.csv", "--on", "2026-07-01", "--account", "Mingchuan")
    heir = LIST.replace("林佳慧,jia@", "Otto Rank,jia@").replace(",林志明\n", ",林佳慧\n", 1)
    done = relmap(*call, files={"next.csv": heir.replace("TBD,,林佳慧", "TBD,,")})
    (line,) = (line for line in done.stdout.splitlines() if "uncertain ·" in line)
    document = json.loads(relmap("import", "show", "2", "--json").stdout)
    (row,) = (change for change in document["changes"] if change["kind"] == "uncertain")

    assert f"--same {row['candidates'][0]['id']} 林佳慧" in line
    assert "{" not in done.stdout


def test_a_day_that_lies_ahead_is_noted_and_not_refused(relmap, imported):
    call = ("import", "snapshot", "next.csv", "--account", "Mingchuan", "--on", "2962-07-01")
    document = json.loads(relmap(*call, "--json", files={"next.csv": LIST}).stdout)
    shown = relmap("import", "show", str(document["import"])).stdout

    check("import_snapshot", document)
    [note] = document["notes"]
    assert document["applied"]
    assert note["text"].startswith("1 Jul 2962 lies ahead: today is ")
    assert f"Note: {note['text']}" in shown
    assert "lies ahead" not in imported.stdout


def test_a_scan_and_a_score_of_a_day_ahead_say_so_beside_their_answer(relmap, imported):
    for command in ("score", "scan"):
        ahead = relmap(command, "--on", "2962-07-01", "--json")
        assert json.loads(ahead.stdout) is not None
        assert "1 Jul 2962 lies ahead: today is " in ahead.stderr
    assert relmap("score", "--on", "2026-01-01").stderr == ""


def test_a_scan_of_a_day_ahead_is_taken_back(relmap, imported):
    assert relmap("scan", "--on", "2962-07-01").exit_code == 0
    refused = relmap("scan", "--on", "2026-01-01")
    assert refused.exit_code == 1
    assert "take back the scans after 1 Jan 2026: relmap scan --reset DAY" in refused.stderr
    assert "is taken back; alerts withdrawn: 0" in relmap("scan", "--reset", "2026-01-01").stdout
    assert json.loads(relmap("scan", "--reset", "2026-01-01", "--json").stdout) == []
    assert relmap("scan", "--on", "2026-01-01").exit_code == 0


def test_a_new_account_is_noted_with_those_of_like_names(relmap, imported):
    assert "Note: Account Mingchuan is new.\n" in imported.stdout
    call = ("import", "snapshot", "list.csv", "--on", "2026-01-01", "--account")
    typed = relmap(*call, "Mingchaun", files={"list.csv": LIST}).stdout
    other = relmap(*call, "Halvorsen", files={"list.csv": LIST}).stdout
    again = relmap(*call, "mingchuan", files={"list.csv": LIST}).stdout

    assert "Note: Account Mingchaun is new (alike: Mingchuan).\n" in typed
    assert "Note: Account Halvorsen is new.\n" in other
    assert "is new" not in again


def test_an_account_of_nearly_a_name_on_file_is_opened_with_a_yes_only(relmap, imported):
    asked = relmap("account", "add", "Mingchuan Co., Ltd.")
    assert asked.exit_code == 1
    assert "Mingchuan is on file already: is Mingchuan Co., Ltd. the same?" in asked.stderr
    assert relmap("account", "add", "MINGCHUAN.", "--yes").exit_code == 1  # the very same
    assert relmap("account", "add", "Mingchuan Co., Ltd.", "--yes").exit_code == 0


def test_a_new_account_in_the_column_is_noted_with_its_row(relmap, imported):
    lines = ["account,unit,post,person", "Mingchuan,Lab,Head,Li Na", "Mingchuang,Lab,Head,Bo Wu"]
    call = ("import", "snapshot", "two.csv", "--on", "2026-02-01", "--json")
    document = json.loads(relmap(*call, files={"two.csv": "\n".join(lines)}).stdout)

    assert document["notes"] == [
        {"row": 3, "text": "Account Mingchuang is new (alike: Mingchuan)."}
    ]


@pytest.mark.postgresql
def test_a_history_that_opens_an_account_says_so(relmap, imported):
    history = "account,unit,post,person,starts_on\nMingchuen,Lab,Head,Li Na,2020-01-01\n"
    call = ("import", "tenures", "past.csv", "--json")
    asked = relmap(*call, files={"past.csv": history})
    assert asked.exit_code == 3
    assert "Mingchuen would be opened beside Mingchuan" in asked.output
    document = json.loads(relmap(*call, "--yes", files={"past.csv": history}).stdout)

    assert document["notes"] == [{"row": 2, "text": "Account Mingchuen is new (alike: Mingchuan)."}]


LISTS = {  # Bo Wu joins and leaves
    "2025-01-01": "Li Na",
    "2025-07-01": "Bo Wu",
    "2026-01-01": "Di Ye",
    "2026-07-01": "Al Fox",
}


@pytest.mark.postgresql
def test_a_scan_after_each_list_tells_every_departure_and_one_of_all_the_newest(relmap):
    said = {"Each": "", "Once": ""}
    for day, holder in LISTS.items():
        text = f"unit,post,person\nBuying,Head,{holder}\n"
        for account in said:
            call = ("import", "snapshot", "list.csv", "--on", day, "--account", account)
            assert relmap(*call, files={"list.csv": text}).exit_code == 0
        said["Each"] += relmap("scan", "--account", "Each", "--on", day).stdout
    said["Once"] += relmap("scan", "--account", "Once", "--on", day).stdout

    told = {
        name: [one for one in LISTS.values() if f"{one} is no longer" in said[name]]
        for name in said
    }
    assert told == {"Each": ["Li Na", "Bo Wu", "Di Ye"], "Once": ["Di Ye"]}
    assert "departures before" not in said["Each"]
    newest = date.fromisoformat(day)
    first = f"departures before {newest.day} {newest:%b %Y} are not told as alerts"
    assert first in said["Once"]
    assert "departures before" not in relmap("scan", "--account", "Once", "--on", day).stdout


def test_a_field_that_is_none_is_named_in_the_error(relmap):
    call = ("import", "snapshot", "list.csv", "--on", "2026-01-01", "--map", "foo=unit", "--json")
    refused = relmap(*call, files={"list.csv": LIST})
    assert (refused.exit_code, json.loads(refused.stdout)["column"]) == (1, "foo")


@pytest.mark.postgresql
def test_ties_and_touches_are_listed_with_names_at_once_and_later(relmap, imported):
    holder = LIST.splitlines()[1].split(",")[LIST.splitlines()[0].split(",").index("person")]
    ties = f"from,to,level\nMa Li,{holder},2\n"
    touches = f"day,kind,ours,theirs\n2026-02-03,visit,Ma Li,{holder}\n"
    for kind, text, line in (
        ("ties", ties, f"  tie added · Ma Li -> {holder} · knows · credible source\n"),
        ("touches", touches, f"  touch added · 3 Feb 2026 · visit · Ma Li with {holder}\n"),
    ):
        done = relmap("import", kind, "more.csv", files={"more.csv": text})
        assert line in done.stdout
        number = done.stdout.split()[0]
        assert line in relmap("import", "show", number).stdout
        check("import_snapshot", json.loads(relmap("import", "show", number, "--json").stdout))


def test_a_dry_run_writes_nothing_and_a_held_one_says_3(relmap, imported):
    call = ("import", "snapshot", "next.csv", "--on", "2026-07-01", "--account", "Mingchuan")
    done = relmap(
        *(*call, "--dry-run", "--json"), files={"next.csv": LIST.replace("方婷,fang", "何静,he")}
    )

    document = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (document["import"], document["applied"]) == (None, False)
    assert {change["kind"] for change in document["changes"]} == {"left_post", "joined_post"}
    again = relmap(*(*call, "--dry-run", "--json"), files={"next.csv": LIST})
    assert json.loads(again.stdout)["changes"] == []


@pytest.mark.postgresql
def test_a_first_init_prints_a_password_once(relmap):
    first, second = relmap("init"), relmap("init")

    assert "admin" in first.output
    assert first.exit_code == second.exit_code == 0
    assert "admin" not in second.output


@pytest.mark.postgresql
def test_a_user_is_added_with_the_password_from_standard_input(relmap):
    relmap("account", "add", "Mingchuan")
    added = relmap(
        *("user", "add", "wanglei", "--role", "member", "--person", "王磊", "--password-stdin"),
        text="a long enough secret\n",
    )
    granted = relmap("user", "grant", "wanglei", "Mingchuan", "write")

    assert (added.exit_code, granted.exit_code) == (0, 0), (added.exception, granted.output)


@pytest.mark.postgresql
def test_who_logs_in_is_not_guessed_among_two_of_one_name(relmap, app):
    with app.app_context(), writing():
        for _ in range(2):
            people.add_person("王磊", side="us")
    refused = relmap(
        *("user", "add", "wanglei", "--role", "member", "--person", "王磊", "--password-stdin"),
        text="a long enough secret\n",
    )
    assert refused.exit_code == 1
    assert "2 of us are called" in refused.output


@pytest.mark.postgresql
def test_scores_and_alerts_of_two_lists(relmap, imported):
    relmap(
        *("import", "snapshot", "next.csv", "--on", "2026-07-01", "--account", "Mingchuan"),
        files={"next.csv": LIST.replace("林志明,lin", "陈雅琴,chen")},
    )
    scanned = json.loads(relmap("scan", "--on", "2026-07-01", "--json").stdout)

    assert [(row["person"], row["severity"]) for row in scanned] == [("林志明", "warning")]
    assert json.loads(relmap("scan", "--on", "2026-07-01", "--json").stdout) == []
    listed = json.loads(relmap("alerts", "--json").stdout)
    assert [row["status"] for row in listed] == ["open"]
    relmap("alerts", "close", str(listed[0]["id"]), "--reason", "done")
    assert json.loads(relmap("alerts", "--json", "--status", "open").stdout) == []


@pytest.mark.postgresql
def test_a_new_password_and_a_lost_right_come_from_the_command_line(relmap):
    relmap("account", "add", "Mingchuan")
    relmap(
        *("user", "add", "lei", "--role", "member", "--password-stdin"), text="first secret ok\n"
    )
    relmap("user", "grant", "lei", "Mingchuan", "read")

    changed = relmap("user", "password", "lei", "--password-stdin", text="another secret ok\n")
    weak = relmap("user", "password", "lei", "--password-stdin", text="short\n")
    revoked = relmap("user", "revoke", "lei", "Mingchuan")
    again = relmap("user", "revoke", "lei", "Mingchuan")
    gone = relmap("user", "deactivate", "lei")

    statuses = [done.exit_code for done in (changed, weak, revoked, again, gone)]
    assert statuses == [0, 1, 0, 1, 0]


def test_users_are_listed_changed_and_let_in_again_by_commands(relmap):
    secret = "seven boats in a row\n"
    relmap("user", "add", "lei", "--role", "member", "--password-stdin", text=secret)
    relmap("user", "deactivate", "lei")

    told = relmap("user", "password", "lei", "--password-stdin", text="another secret ok\n").output
    assert "lei is deactivated and may not log in. To let them: relmap user reactivate lei" in told
    assert "lei  member, deactivated" in relmap("user", "list").output
    assert relmap("user", "reactivate", "lei").exit_code == 0
    assert relmap("user", "role", "lei", "manager").exit_code == 0
    assert relmap("user", "role", "lei", "owner").exit_code == 2

    rows = json.loads(relmap("user", "list", "--json").output)
    schema = json.loads((SCHEMAS / "user_list.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(rows)
    assert [row for row in rows if row["name"] == "lei"] == [
        {
            "name": "lei",
            "role": "manager",
            "is_active": True,
            "person": None,
            "last_login_at": None,
            "grants": {},
        }
    ]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_else_on_the_machine_can_read_the_book(relmap, app):
    relmap("init")

    with app.app_context():
        file = Path(db.engine.url.database)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.postgresql
def test_removing_the_sample_book_says_what_goes_with_it(relmap):
    relmap("sample")
    made = json.loads(relmap("account", "list", "--json").stdout)[0]["name"]
    row = "unit,post,person\nSpare,Spare parts clerk,Somebody Else\n"
    relmap(
        *("import", "snapshot", "more.csv", "--on", "2030-01-01", "--account", made),
        files={"more.csv": row},
    )

    removed = relmap("sample", "--remove")

    assert removed.exit_code == 0, removed.output
    assert "facts that people had added" in removed.output
    assert json.loads(relmap("account", "list", "--json").stdout) == []


@pytest.mark.postgresql
def test_an_uncertain_row_is_resolved_by_a_name_and_a_held_import_is_shown(relmap):
    call = ("import", "snapshot", "list.csv", "--account", "M", "--json", "--on")
    rows = "unit,post,person\nQA,Head,Jonathan Smithers\nQA,Lead,Anna Bell\n"
    relmap(*call, "2026-01-01", files={"list.csv": rows})
    changed = rows.replace("Jonathan", "Jonathon")
    number = str(
        json.loads(relmap(*call, "2026-07-01", files={"list.csv": changed}).stdout)["import"]
    )

    assert relmap("import", "show", number).exit_code == 0
    unknown = relmap("import", "resolve", number, "2", "--same", "Nobody")
    known = relmap("import", "resolve", number, "2", "--same", "Jonathan Smithers")

    assert (unknown.exit_code, known.exit_code) == (1, 0), known.output
    assert "Jonathan Smithers (" in unknown.stderr


def test_a_held_import_can_be_shown(relmap):
    many = "unit,post,person\n" + "".join(f"QA,Engineer {n},Anna{n} Bell{n}\n" for n in range(10))
    call = ("import", "snapshot", "list.csv", "--account", "M", "--json", "--on")
    relmap(*call, "2026-01-01", files={"list.csv": many})
    few = "\n".join(many.splitlines()[:5]) + "\n"
    held = json.loads(relmap(*call, "2026-07-01", files={"list.csv": few}).stdout)

    shown = relmap("import", "show", str(held["import"]), "--json")

    assert shown.exit_code == 0
    assert json.loads(shown.stdout)["held"] == held["held"]


@pytest.mark.postgresql
def test_without_its_tables_a_command_says_what_to_run(relmap, app):
    with app.app_context(), writing():  # else the database is told that this only reads
        db.drop_all()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE alembic_version")
    for words in (["score"], ["plugin", "list"], ["account", "add", "Example"]):
        done = relmap(*words)
        assert done.exit_code == 1
        assert done.stderr.endswith("Run: relmap init\n")
