"""The commands of foresight: their documents, what people read, and what they refuse."""

import csv
import json
from datetime import date, timedelta
from itertools import combinations_with_replacement
from math import fsum, isclose, prod
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from flask import current_app
from jsonschema import Draft202012Validator
from sqlalchemy import select

from relmap import graph, jobs
from relmap.cli import main
from relmap.facts import next_steps, people, structure, tenures
from relmap.graph import accounts
from relmap.graph.kept import KeptViews
from relmap.imports.history import import_tenures
from relmap.models import Forecast, Person, Tenure, db, writing
from relmap.results.reports import plans

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
DAY = ("--on", "2026-07-01")
LIST = """unit,post,person,external_id,reports_to,level,function,starts_on,term_ends_on
Purchasing,Purchasing Director,林志明,staff_number:7,,director,purchasing,2024-01-01,2026-10-01
Purchasing,Deputy Director,方婷,staff_number:8,林志明,manager,purchasing,2024-01-01,
Purchasing,Buyer,Otto Rank,staff_number:2,方婷,staff,purchasing,2024-01-01,
Quality,Quality Director,陈雅琴,staff_number:1,,director,quality,2024-01-01,
Quality,Inspector,Otto Rank,staff_number:3,陈雅琴,staff,quality,2024-01-01,
"""
OURS = """from,to,level,observed_on
Wang Lei,方婷,trusted_advisor,2026-06-01
Wang Lei,林志明,problem_solver,2026-06-01
Zhao Min,陈雅琴,vendor,2026-06-01
"""
THEIRS = """from,to,kind
方婷,陈雅琴,friend
staff_number:2,林志明,advises
"""
PROJECTS = """project,value,currency,stage,post,starts_on
Socket,400000,EUR,sample,Quality Director,2026-01-01
"""


@pytest.fixture
def relmap(runner, tmp_path, app):
    """Call a command, with files by their names and texts; gives status, output and error."""

    def call(*words, files=None):
        for name, content in (files or {}).items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        words = [str(tmp_path / word) if word in (files or {}) else word for word in words]
        return runner.invoke(main, words, obj=app)

    return call


def run(*words: str) -> None:
    done = CliRunner().invoke(main, words, obj=current_app._get_current_object())
    assert done.exit_code == 0, done.output


def write_mingchuan() -> None:
    with TemporaryDirectory() as folder:
        for kind, content, options in (
            ("snapshot", LIST, ("--on", "2026-01-01")),
            ("ties", OURS, ()),
            ("ties", THEIRS, ("--among-client",)),
            ("projects", PROJECTS, ("--on", "2026-01-01")),
        ):
            file = Path(folder) / f"{kind}.csv"
            file.write_text(content, encoding="utf-8")
            run("import", kind, str(file), *options, "--account", "Mingchuan")


@pytest.fixture
def mingchuan(filled) -> None:
    """An account of five, two of whom are called Otto Rank; two of us know three of them."""
    filled(write_mingchuan)


@pytest.fixture
def document(relmap):
    """Call a command with --json; gives its document, which must keep to its schema."""

    def call(*words, schema):
        done = relmap(*words, "--json")
        assert done.exit_code == 0, done.output
        found = json.loads(done.stdout)
        text = (SCHEMAS / f"{schema}.json").read_text(encoding="utf-8")
        form = Draft202012Validator.FORMAT_CHECKER
        Draft202012Validator(json.loads(text), format_checker=form).validate(found)
        return found

    return call


# --- forecast


@pytest.mark.postgresql
def test_a_forecast_has_a_row_for_each_open_tenure_and_says_who_follows(mingchuan, document, app):
    rows = document("forecast", *DAY, schema="forecast")

    assert len(rows) == 5
    assert rows[0]["person"] == "林志明"
    assert (rows[0]["source"], rows[0]["external_id"]) == ("term", "staff_number:7")
    for row in rows:
        assert 0 <= row["p90"] <= row["p180"] <= row["p365"] <= 1
        told = [one["chance"] for one in row["successors"]]
        assert isclose(fsum([*told, row["outside"]]), 1.0)
    named = [one["person"] for one in rows[0]["successors"]]
    assert named[0] == "方婷"
    with app.app_context():
        assert db.session.query(Forecast).count() == 5


def test_a_forecast_in_words_says_how_likely_on_what_it_rests_and_who_follows(mingchuan, relmap):
    done = relmap("forecast", "--account", "Mingchuan", *DAY)

    first, second, third = done.stdout.splitlines()[:3]
    assert " %  林志明, Purchasing Director (Purchasing, Mingchuan)" in first
    assert "Term: due on 1 Oct 2026" in second
    assert third.strip().startswith("next: 方婷 ")
    assert "{" not in done.stdout


# --- power, paths, threads, questions


@pytest.mark.postgresql
def test_power_is_what_its_reasons_make_it(mingchuan, document):
    rows = document("power", "Mingchuan", *DAY, schema="power")

    assert rows[0]["person"] == "林志明"
    for row in rows:
        assert isclose(row["power"], 1 - prod(1 - one["points"] for one in row["reasons"]))
    assert {row["id"] for row in rows if row["person"] == "Otto Rank"} != set()


def test_in_krackhardts_firm_power_finds_the_executives(relmap, document, shared_data):
    folder = shared_data / "krackhardt"
    people = list(csv.DictReader((folder / "people.csv").read_text().splitlines()))
    seats = [
        f"Dept {row['department']},Seat {row['person_id']},M{row['person_id']},manager,"
        f"{row['person_id']},{row['manager_id'].strip('0') and row['manager_id']}"
        for row in people
    ]
    head = "unit,post,person,level,external_id,reports_to_id"
    advice = csv.DictReader((folder / "advice.csv").read_text().splitlines())
    asks = [f"M{row['from_person']},M{row['to_person']},advises" for row in advice]
    files = {
        "seats.csv": "\n".join([head, *seats]) + "\n",
        "advice.csv": "\n".join(["from,to,kind", *asks]) + "\n",
    }
    account = ("--account", "Firm")
    relmap("import", "snapshot", "seats.csv", "--on", "2026-01-01", *account, files=files)
    relmap("import", "ties", "advice.csv", "--among-client", *account, files=files)

    rows = document("power", "Firm", schema="power")
    top = {row["person_id"] for row in people if row["level"] in "12"}
    assert len(rows) == len(people) == 21
    assert {row["external_id"] for row in rows[:5]} == top


@pytest.mark.postgresql
def test_a_path_leads_through_a_friend_inside(mingchuan, document, relmap):
    found = document("path", "Mingchuan", "陈雅琴", *DAY, schema="path")

    best = found["paths"][0]
    assert [step["to"] for step in best["steps"]] == ["方婷", "陈雅琴"]
    assert isclose(best["strength"], prod(step["strength"] for step in best["steps"]))
    assert best["weakest"] == min(best["steps"], key=lambda step: step["strength"])
    in_words = relmap("path", "Mingchuan", "陈雅琴", *DAY).stdout
    assert in_words.startswith("1. Wang Lei > 方婷 > 陈雅琴")
    assert "方婷 and 陈雅琴 are friends  <- weakest" in in_words


@pytest.mark.postgresql
def test_a_favour_asked_lately_makes_a_path_weaker(mingchuan, document):
    words = ("path", "Mingchuan", "陈雅琴", *DAY)
    before = document(*words, schema="path")["paths"][0]
    after = document(*words, "--asked", "方婷", "--asked", "方婷", schema="path")["paths"][0]

    assert after["favours"] == 2
    assert isclose(after["strength"], before["strength"] * 0.8**2)


def test_the_favours_on_record_count_and_are_said(mingchuan, document, relmap, app):
    with app.app_context(), writing():
        fang, rank = (
            db.session.scalars(select(Person).where(Person.name == name)).first()
            for name in ("方婷", "Otto Rank")
        )
        account = structure.find_account("Mingchuan")
        day = date(2026, 6, 15)
        for _ in range(2):
            step = next_steps.add_next_step(account, rank, through=fang, day=day, due_on=day)
            next_steps.do_next_step(step, day)
    found = document("path", "Mingchuan", "陈雅琴", *DAY, schema="path")["paths"][0]

    assert [(row["person"], row["count"]) for row in found["asked"]] == [("方婷", 2)]
    in_words = relmap("path", "Mingchuan", "陈雅琴", *DAY).stdout
    assert "favours asked of 方婷 in the last 180 days: 2" in in_words


def test_a_path_from_one_of_us_leads_over_a_colleague(mingchuan, document, relmap, app):
    with app.app_context(), writing():
        people.add_person("Newcomer", side="us")
    for start in ("Zhao Min", "Newcomer"):
        found = document("path", "Mingchuan", "林志明", "--from", start, *DAY, schema="path")
        assert [step["to"] for step in found["paths"][0]["steps"]] == ["Wang Lei", "林志明"]
        assert found["paths"][0]["steps"][0]["from"] == start
    assert "is one of them" in relmap("path", "Mingchuan", "林志明", "--from", "方婷").output
    assert "None of us" in relmap("path", "Mingchuan", "林志明", "--from", "Nobody").output


@pytest.mark.postgresql
def test_a_person_is_found_by_name_by_id_elsewhere_and_by_own_id(mingchuan, document):
    by_name = document("path", "Mingchuan", "方婷", *DAY, schema="path")
    own = f"person:{by_name['id']}"

    for text in ("staff_number:8", "8", own, "８"):
        assert document("path", "Mingchuan", text, *DAY, schema="path") == by_name


def test_of_two_of_one_name_the_candidates_are_told(mingchuan, relmap):
    done = relmap("path", "Mingchuan", "otto rank", *DAY, "--json")

    assert done.exit_code == 1
    error = json.loads(done.stdout)["error"]
    assert "2 people" in error
    assert "Otto Rank; Buyer, Purchasing" in error
    assert "Otto Rank; Inspector, Quality" in error


@pytest.mark.postgresql
def test_threads_name_on_whom_each_post_and_project_hangs(mingchuan, document, relmap):
    found = document("threads", "Mingchuan", *DAY, schema="threads")

    assert found["threads"] == min(row["threads"] for row in found["spreads"])
    hangs = {row["post"]: [one["person"] for one in row["blocking"]] for row in found["posts"]}
    assert hangs["Purchasing Director"] == ["Wang Lei"]
    assert hangs["Quality Director"] == ["方婷"]
    (project,) = found["projects"]
    assert (project["project"], project["value"]) == ("Socket", 400000)
    assert [row["person"] for row in project["each_alone"]] == ["方婷", "Wang Lei"]
    assert "Socket (400,000 EUR): hangs on 方婷" in relmap("threads", "Mingchuan", *DAY).stdout


@pytest.mark.postgresql
def test_questions_come_by_what_knowing_could_change(mingchuan, document, relmap):
    rows = document("questions", "Mingchuan", *DAY, schema="questions")

    worth = [row["worth"] for row in rows]
    assert worth == sorted(worth, reverse=True)
    assert worth[0] > 0
    assert "{" not in relmap("questions", "Mingchuan", *DAY).stdout


# --- plan


def value(found, visits):
    return fsum(
        row["weight"]
        * (1 - (1 - row["coverage"]) * (1 - row["gain_per_visit"]) ** visits.count(row["id"]))
        for row in found["people"]
    )


@pytest.mark.parametrize("visits", [0, 1, 3])
def test_a_plan_can_be_reckoned_again_and_nothing_beats_it(mingchuan, document, visits):
    found = document("plan", "Mingchuan", "--visits", str(visits), *DAY, schema="plan")

    chosen = [step["id"] for step in found["steps"]]
    everybody = [row["id"] for row in found["people"]]
    best = max(
        value(found, list(some)) for some in combinations_with_replacement(everybody, visits)
    )
    assert len(chosen) == visits
    assert isclose(value(found, []), found["value_before"])
    assert isclose(value(found, chosen), found["value_after"])
    assert isclose(best, found["value_after"])
    gains = fsum(step["gain"] for step in found["steps"])
    assert isclose(gains, found["value_after"] - found["value_before"], abs_tol=1e-12)
    assert found["value_with_one_less"] <= found["value_after"] <= found["value_with_one_more"]


@pytest.mark.postgresql
def test_a_plan_in_words_says_whom_by_whom_and_why(mingchuan, relmap):
    done = relmap("plan", "Mingchuan", "--visits", "2", *DAY)

    assert done.stdout.startswith("1. Zhao Min meets 陈雅琴 by 15 Aug 2026\n")
    assert "陈雅琴 holds Quality Director, decision weight" in done.stdout
    assert "{" not in done.stdout


def test_a_plan_says_its_worst_case_and_how_likely_that_is(mingchuan, document, relmap):
    words = ("plan", "Mingchuan", "--visits", "3", *DAY)
    worst = document(*words, schema="plan")["worst_case"]

    assert (worst["unit"], worst["deciders"]) == ("Purchasing", 2)
    assert {row["person"] for row in worst["people"]} == {"林志明", "方婷"}
    assert worst["value"] < worst["value_before"]
    assert worst["value"] <= worst["value_after"]
    assert 0 < worst["two_or_more"] == worst["all"] < 1
    in_words = relmap(*words).stdout
    assert "Should all of Purchasing go" in in_words
    assert "Both deciders of Purchasing leave within 180 days: " in in_words


@pytest.mark.postgresql
def test_a_book_has_one_plan_for_all_accounts(mingchuan, relmap, document):
    other = LIST.replace("staff_number:", "staff_number:9").replace("林志明", "Anna Bell")
    files = {"other.csv": other}
    relmap("import", "snapshot", "other.csv", "--on", "2026-01-01", "--account", "H", files=files)
    found = document("plan", "--book", "--visits", "6", *DAY, schema="plan")

    assert found["account"] is None
    assert {step["account"] for step in found["steps"]} == {"Mingchuan", "H"}
    assert isclose(value(found, [step["id"] for step in found["steps"]]), found["value_after"])
    worst = found["worst_case"]
    assert worst["account"] in {"Mingchuan", "H"}
    assert worst["value"] <= worst["value_after"]
    in_words = relmap("plan", "--book", "--visits", "6", *DAY).stdout
    assert f"Should all of {worst['unit']} at {worst['account']} go" in in_words


def test_a_book_is_forecast_with_one_view_an_account(mingchuan, relmap, app, monkeypatch):
    files = {"other.csv": LIST.replace("staff_number:", "staff_number:9")}
    relmap("import", "snapshot", "other.csv", "--on", "2026-01-01", "--account", "H", files=files)
    built, build = [], accounts._built

    def counted(found, day, measures):
        built.append(found[0].id)
        return build(found, day, measures)

    monkeypatch.setattr(accounts, "_built", counted)
    app.extensions["relmap.views"] = KeptViews(most_rows=40)  # there is room for one
    rows = json.loads(relmap("forecast", "--json", *DAY).stdout)
    assert {row["account"] for row in rows} == {"Mingchuan", "H"}
    assert all(row["outside"] is not None for row in rows)
    assert len(built) == len(set(built)) == 2


@pytest.mark.parametrize("visits", [0, 1, 5, 7, 20])
def test_a_book_is_planned_from_what_is_stored_as_from_its_views(
    mingchuan, relmap, app, monkeypatch, visits
):
    other = LIST.replace("staff_number:", "staff_number:9").replace("林志明", "Anna Bell")
    files = {"other.csv": other}
    relmap("import", "snapshot", "other.csv", "--on", "2026-01-01", "--account", "H", files=files)
    with app.app_context():
        day, ids, built = date(2026, 7, 1), jobs.all_accounts(), []
        jobs.forecast_accounts(ids, day, today=day)

        def counted(number, on):
            built.append(number)
            return view(number, on)

        view = graph.view
        monkeypatch.setattr(graph, "view", counted)
        found = plans.book_plan_as_json(ids, day, visits=visits, horizon=180)
        assert len(built) == 1 or visits > 6  # that of the costliest wave
        monkeypatch.setattr(plans, "_stored_prospects", lambda _: ())
        assert found == plans.book_plan_as_json(ids, day, visits=visits, horizon=180)


def test_what_a_books_plan_leaves_out_says_of_which_account(mingchuan, relmap, document, app):
    with app.app_context(), writing():
        root = structure.root_unit(structure.open_account("H", day=date(2026, 1, 1)))
        structure.open_post(root, "Lab Director", day=date(2026, 1, 1), level="director")
    words = ("plan", "--book", "--visits", "1", *DAY)

    said = {"account": "H", "text": "We do not know who holds Lab Director"}
    assert said in document(*words, schema="plan")["left_out"]
    assert "Left out: H: We do not know who holds Lab Director\n" in relmap(*words).stdout


@pytest.mark.parametrize("words", [["questions", "Flat"], ["plan", "Flat", "--visits", "3"]])
def test_where_no_deciding_post_is_known_one_is_told_what_to_do(relmap, words):
    files = {"flat.csv": "unit,post,person,level\nLab,Clerk,Ann Fox,staff\n"}
    relmap("import", "snapshot", "flat.csv", "--on", "2026-01-01", "--account", "Flat", files=files)
    done = relmap(*words, *DAY)

    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("No deciding post is known. Say which posts decide: ")
    assert "relmap post set" in done.stdout
    assert len(done.stdout.splitlines()) == 1


def test_a_plan_of_an_empty_book_is_empty(relmap, document):
    found = document("plan", "--book", "--visits", "3", *DAY, schema="plan")

    assert (found["people"], found["steps"], found["value_after"]) == ([], [], 0)


# --- what if


def test_without_the_friend_inside_a_decider_and_a_project_are_reached_by_nobody(
    mingchuan, document, relmap
):
    found = document("whatif", "Mingchuan", "--without", "方婷", *DAY, schema="whatif")

    assert [row["person"] for row in found["without"]] == ["方婷"]
    lost = {(row["post"], row["is_reached"]) for row in found["blocking"]}
    assert lost == {("Quality Director", False), ("Deputy Director", False)}
    assert [row["project"] for row in found["projects"]] == ["Socket"]
    for row in (*found["coverage"], *found["numbers"]):
        assert row["after"] < row["before"]
    in_words = relmap("whatif", "Mingchuan", "--without", "方婷", *DAY).stdout
    assert "Socket (400,000 EUR) is no longer reached" in in_words


@pytest.mark.postgresql
def test_one_of_ours_may_be_gone_and_a_whole_unit(mingchuan, document, relmap):
    ours = document("whatif", "Mingchuan", "--without", "Wang Lei", *DAY, schema="whatif")
    wave = document("whatif", "Mingchuan", "--unit", "purchasing", *DAY, schema="whatif")

    assert [row["side"] for row in ours["without"]] == ["us"]
    unreached = [row["post"] for row in ours["unreached"]]
    assert unreached == ["Purchasing Director", "Deputy Director"]
    assert {row["person"] for row in wave["without"]} == {"林志明", "方婷", "Otto Rank"}
    assert wave["total"]["after"] < wave["total"]["before"]
    told = relmap("whatif", "Mingchuan", "--unit", "purchasing", *DAY).stdout
    assert "Both deciders of Purchasing leave within 180 days: " in told
    (row,) = wave["waves"]
    assert (row["unit"], row["deciders"]) == ("Purchasing", 2)
    assert ours["waves"] == []


def test_who_matters_to_nothing_costs_nothing(mingchuan, relmap):
    done = relmap("whatif", "Mingchuan", "--without", "3", *DAY)

    assert done.exit_code == 0
    assert "Otto Rank" in done.stdout


# --- the past


def write_histories() -> None:
    rows = ["unit,post,person,starts_on,ends_on"]
    for number in range(6):
        for year in range(2014, 2026, 2):
            end = f"{year + 2}-04-01" if year < 2024 else ""
            person = f"Person{number} Of{year}"
            rows.append(f"Unit {number},Head,{person},{year}-04-01,{end}")
    short = [rows[0], *(row.replace("Person", "Heir") for row in rows[1:] if ",2024-04" in row)]
    for name, lines in (("Nordwerk", rows), ("Short", short)):
        import_tenures("\n".join(lines).encode(), file_name="past.csv", account=name)


@pytest.fixture
def rotating(filled) -> None:
    """Two accounts whose heads changed every other April; of one only the last two are known."""
    filled(write_histories)


PAST = ("--from", "2019-01-01", "--to", "2021-01-01", "--every", "6m", "--horizon", "365")


def test_a_back_test_has_all_holders_of_each_day_and_learns_the_cycle(rotating, document):
    words = ("backtest", "rotation", "--account", "Nordwerk", *PAST)
    found = document(*words, schema="backtest_rotation")

    assert found["days"] == [f"20{day}-01" for day in ("19-01", "19-07", "20-01", "20-07", "21-01")]
    assert found["pairs"] == len(found["predictions"]) == 5 * 6
    assert found["left"] == sum(row["left"] for row in found["predictions"]) == 2 * 6
    squares = [(row["p"] - row["left"]) ** 2 for row in found["predictions"]]
    assert isclose(found["brier"], fsum(squares) / found["pairs"])
    assert found["brier"] < 0.8 * found["constant_rate"]["brier"]
    assert found["predictions"][0]["person"] == "Person0 Of2018"
    assert found["predictions"][0]["unit"] == "Unit 0"


@pytest.mark.postgresql
def test_the_book_is_tested_account_by_account_and_one_of_it_alike(rotating, document):
    days = ("--from", "2024-06-01", "--to", "2025-06-01", "--horizon", "180")
    words = ("backtest", "rotation", *days)
    book = document(*words, schema="backtest_rotation")
    short = document(*words, "--account", "Short", schema="backtest_rotation")

    assert book["pairs"] == 3 * 12
    assert short["pairs"] == 3 * 6
    assert short["predictions"] == [row for row in book["predictions"] if row["account"] == "Short"]


@pytest.mark.postgresql
def test_a_back_test_in_words_sets_both_scores_side_by_side(rotating, relmap):
    done = relmap("backtest", "rotation", "--account", "Nordwerk", *PAST)

    assert "Holders, counted on each day: 30; left: 12 (40%)." in done.stdout
    assert "Brier score" in done.stdout
    assert "smaller than that of the constant rate." in done.stdout


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--from", "2019-01-01", "--to", "2099-01-01"), 1, "is not known on"),
        (("--from", "2021-01-01", "--to", "2019-01-01"), 1, "in order"),
        (("--from", "2001-01-01", "--to", "2002-01-01"), 1, "Nobody was in post"),
        (("--from", "2019-01-01", "--to", "2020-01-01", "--every", "6w"), 2, "no step"),
        (("--from", "2019-01-01"), 2, "--to"),
    ],
)
def test_a_back_test_that_cannot_be_says_why(rotating, relmap, words, status, said):
    done = relmap("backtest", "rotation", *words, "--json")

    assert done.exit_code == status
    assert said in done.stderr


def test_ended_tenures_alone_are_no_past_to_learn_from(relmap):
    past = "unit,post,person,starts_on,ends_on\nQA,Head,Ann Lee,2015-01-01,2019-01-01\n"
    relmap("import", "tenures", "past.csv", "--account", "Old", files={"past.csv": past})
    done = relmap("backtest", "rotation", "--from", "2018-01-01", "--to", "2018-06-01")

    assert done.exit_code == 1
    assert "still in post" in done.stderr


def test_on_public_records_the_pairs_are_all_who_held_a_post(relmap, document, shared_data):
    file = shared_data / "openstack_ptl_2015_2019" / "tenures.csv"
    relmap("import", "tenures", str(file), "--account", "OpenStack")
    days = ("--from", "2017-01-01", "--to", "2018-07-01", "--every", "6m", "--horizon", "365")
    found = document("backtest", "rotation", *days, schema="backtest_rotation")

    spans = [
        (row["start"], row["end"] or "9999")
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    ]
    assert found["pairs"] == sum(a <= day < b for day in found["days"] for a, b in spans)
    assert found["brier"] <= found["constant_rate"]["brier"]
    assert found["calibration_error"] <= found["constant_rate"]["calibration_error"]


@pytest.mark.postgresql
def test_the_lag_is_the_days_until_a_departure_was_entered(mingchuan, relmap, document, app):
    assert document("lag", schema="lag")["overall"] is None
    ten_days_ago = date.today() - timedelta(days=10)
    with app.app_context(), writing():
        query = select(Tenure).join(Person, Person.id == Tenure.person_id)
        left = db.session.scalars(query.where(Person.name == "林志明")).one()
        tenures.end_tenure(left, ten_days_ago, after=ten_days_ago - timedelta(days=1))

    found = document("lag", "--account", "Mingchuan", schema="lag")
    assert (found["overall"]["count"], found["overall"]["median"]) == (1, 10)
    assert [row["account"] for row in found["by_account"]] == ["Mingchuan"]
    said = relmap("lag").stdout
    assert "10 days" in said
    assert "half of them" not in said  # one departure has no quartiles
    before = (date.today() - timedelta(days=5)).isoformat()
    assert document("lag", "--on", before, schema="lag")["overall"] is None


# --- refusals


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["forecast", "--account", "Nobody", "--json"], 1),
        (["forecast", "--on", "soon"], 2),
        (["power", "Nobody"], 1),
        (["path", "Mingchuan", "Nobody", "--json"], 1),
        (["path", "Mingchuan", "Wang Lei"], 1),
        (["plan", "Mingchuan"], 2),
        (["plan", "--visits", "3"], 2),
        (["plan", "Mingchuan", "--book", "--visits", "3"], 2),
        (["plan", "Mingchuan", "--visits", "-1"], 2),
        (["whatif", "Mingchuan"], 2),
        (["whatif", "Mingchuan", "--without", "Nobody"], 1),
        (["whatif", "Mingchuan", "--unit", "Nowhere"], 1),
        (["threads", "Nobody", "--json"], 1),
        (["questions", "Nobody"], 1),
        (["lag", "--account", "Nobody", "--json"], 1),
        (["backtest", "rotation", "--account", "Nobody", *PAST, "--json"], 1),
    ],
)
def test_what_is_not_there_is_1_and_wrong_usage_2(mingchuan, relmap, words, status):
    done = relmap(*words)

    assert done.exit_code == status, done.output
    assert done.stderr.strip()
    assert "Traceback" not in done.output
    if status == 1 and "--json" in words:
        assert json.loads(done.stdout).keys() == {"error", "row", "column"}


@pytest.mark.postgresql
@pytest.mark.parametrize("words", [["forecast"], ["power"], ["threads"], ["questions"]])
def test_an_account_with_nobody_in_it_is_no_failure(relmap, document, words, app):
    relmap("account", "add", "Empty")
    command = words[0]
    named = ("--account", "Empty") if command == "forecast" else ("Empty",)

    document(command, *named, schema=command)
    assert relmap(command, *named).exit_code == 0
    with app.app_context():
        assert structure.find_account("Empty").id
