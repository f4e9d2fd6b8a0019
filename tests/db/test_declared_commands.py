"""What one declares at the command line: a policy, an owner, a term; and which days count."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from relmap import graph
from relmap.cli import main
from relmap.clock import zone_name
from relmap.contracts import AccountView, Ref
from relmap.facts import people, structure, tenures, ties
from relmap.imports.history import import_tenures
from relmap.languages import day as written_day
from relmap.models import Person, Post, Tenure, db, writing

TODAY = date.today()
SINCE = TODAY - timedelta(days=30)
LIST = """unit,post,person,starts_on
Purchasing,Purchasing Director,林志明,2024-01-01
Purchasing,Buyer,方婷,2024-01-01
Quality,Buyer,Otto Rank,2024-01-01
"""


def write_book() -> None:
    import_tenures(LIST.encode(), file_name="list.csv", account="Mingchuan")
    with writing():
        people.add_person("Wang Lei", side="us")


@pytest.fixture
def relmap(runner, app, filled):
    """Call a command on an account of three, whom Wang Lei of ours may own."""
    filled(write_book)
    return lambda *words: runner.invoke(main, words, obj=app)


@pytest.fixture
def seen(app):
    """The view of the account on a day."""

    def view(day: date = TODAY) -> AccountView:
        with app.app_context():
            return graph.view(structure.find_account("Mingchuan").id, day)

    return view


def policy(view: AccountView):
    row = view.account
    owner = None if row.owner is None else view.person(row.owner).name
    return row.rotation_months, row.review_month, row.handover_months, owner


@pytest.mark.postgresql
def test_a_policy_is_declared_from_a_day_on_and_taken_away(relmap, seen):
    told = ("--rotation-months", "36", "--review-month", "4", "--handover-months", "3")
    done = relmap("account", "set", "mingchuan", *told, "--owner", "Wang Lei", "--on", str(SINCE))

    assert done.exit_code == 0, done.output
    assert done.stdout == (
        "Mingchuan: people rotate after 36 months; reviewed in April; handover of 3 months; "
        "owner Wang Lei.\n"
    )
    assert policy(seen()) == (36, 4, 3, "Wang Lei")
    assert policy(seen(SINCE - timedelta(days=1))) == (None, None, None, None)

    done = relmap("account", "set", "Mingchuan", "--rotation-months", "none", "--owner", "none")
    assert done.exit_code == 0, done.output
    assert policy(seen()) == (None, 4, 3, None)
    assert policy(seen(SINCE)) == (36, 4, 3, "Wang Lei")


def test_a_declared_policy_speaks_in_the_forecast(relmap):
    relmap("account", "set", "Mingchuan", "--rotation-months", "36", "--review-month", "4")
    rows = json.loads(relmap("forecast", "--account", "Mingchuan", "--json").stdout)

    assert {row["source"] for row in rows} == {"policy"}


@pytest.mark.postgresql
def test_the_term_and_the_weight_of_a_post_are_declared(relmap, seen):
    told = ("--term-months", "24", "--review-month", "9", "--weight", "0.9", "--level", "executive")
    done = relmap("post", "set", "Mingchuan", "purchasing director", *told)

    assert done.exit_code == 0, done.output
    assert done.stdout == (
        "Purchasing Director (Purchasing): executive; weight 0.9; given for 24 months; "
        "reviewed in September.\n"
    )
    [post] = [row for row in seen().posts if row.title == "Purchasing Director"]
    assert (post.term_months, post.review_month, post.decision_weight) == (24, 9, 0.9)
    rows = json.loads(relmap("forecast", "--account", "Mingchuan", "--json").stdout)
    assert {row["post"]: row["source"] for row in rows}["Purchasing Director"] == "term"

    relmap("post", "set", "Mingchuan", "Purchasing Director", "--weight", "none")
    assert not seen().post(post.ref).weight_given


def test_of_two_posts_of_one_title_the_id_says_which(relmap, seen):
    done = relmap("post", "set", "Mingchuan", "Buyer", "--weight", "1")
    first = min(row.ref for row in seen().posts if row.title == "Buyer")

    assert done.exit_code == 1
    assert "2 posts are called 'Buyer'" in done.stderr
    assert str(first) in done.stderr
    assert relmap("post", "set", "Mingchuan", str(first), "--weight", "1").exit_code == 0
    assert seen().post(Ref.parse(str(first))).decision_weight == 1


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["account", "set", "Mingchuan"], 2, "Say what to set"),
        (["account", "set", "Nobody", "--owner", "none"], 1, "no account 'Nobody'"),
        (["account", "set", "Mingchuan", "--owner", "林志明"], 1, "None of us is called"),
        (["account", "set", "Mingchuan", "--review-month", "13"], 1, "from 1 to 12, not 13"),
        (["account", "set", "Mingchuan", "--rotation-months", "0"], 1, "1 to 600 months, not 0"),
        (["account", "set", "Mingchuan", "--handover-months", "-1"], 1, "0 to 60 months, not -1"),
        (["account", "set", "Mingchuan", "--rotation-months", "many"], 2, "many"),
        (["post", "set", "Mingchuan", "Buyers", "--weight", "1"], 1, "no post 'Buyers'"),
        (["post", "set", "Mingchuan", "Purchasing Director"], 2, "Say what to set"),
        (["post", "set", "Mingchuan", "Purchasing Director", "--weight", "nan"], 1, "nan"),
        (["post", "set", "Mingchuan", "Purchasing Director", "--term-months", "0"], 1, "not 0"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(relmap, words, status, said):
    done = relmap(*words)

    assert done.exit_code == status, done.output
    assert said in done.stderr
    assert "Traceback" not in done.output


# --- names


@pytest.mark.postgresql
@pytest.mark.parametrize("spelling", ["linzhiming", "Lin Zhiming", "LIN ZHI MING", "林智明"])
def test_a_person_is_found_by_pinyin_and_who_sounds_so_is_named(relmap, spelling):
    done = relmap("whatif", "Mingchuan", "--without", spelling)

    if spelling == "林智明":  # another name that only sounds so: nearly, not the same
        assert (done.exit_code, "Did you mean 林志明?" in done.stderr) == (1, True)
    else:
        assert done.stdout.startswith("Mingchuan without 林志明:")


def test_initials_alone_name_nobody(relmap):
    assert relmap("path", "Mingchuan", "lzm").exit_code == 1


def test_who_is_nearly_called_so_is_named(relmap):
    assert "Did you mean Otto Rank?" in relmap("path", "Mingchuan", "Otto Rang").stderr
    assert "Did you mean Mingchuan?" in relmap("questions", "Mingchaun").stderr
    assert "Did you mean Mingchuan?" in relmap("questions", "Ming").stderr
    nearly = relmap("post", "set", "Mingchuan", "Purchasing Directer", "--weight", "1").stderr
    assert "Did you mean Purchasing Director?" in nearly
    assert (
        "Did you mean Wang Lei?" in relmap("path", "Mingchuan", "方婷", "--from", "Wang Li").stderr
    )
    assert "Did you mean" not in relmap("questions", "Halvorsen").stderr


@pytest.mark.postgresql
def test_an_account_is_found_by_pinyin_unless_two_sound_alike(relmap):
    relmap("account", "add", "铭川通信")
    assert "Nothing" not in relmap("view", "mingchuantongxin", "--on", "today").stderr
    assert relmap("view", "mingchuantongxin", "--on", "today").stdout.startswith("铭川通信 on ")
    relmap("account", "add", "明川通信", "--yes")

    done = relmap("view", "Ming Chuan Tong Xin", "--on", "today")
    assert done.exit_code == 1
    assert "2 accounts may be called" in done.stderr


def test_a_path_from_a_colleague_whom_the_account_does_not_know_names_her(relmap, app):
    with app.app_context(), writing():
        knows = people.find_ours("Wang Lei")
        people.add_person("Mia", side="us")
        held = db.session.scalars(select(Person).where(Person.name == "方婷")).one()
        ties.add_tie(knows, held, level="trusted_advisor", observed_on=TODAY)
    done = relmap("path", "Mingchuan", "方婷", "--from", "Mia")

    assert done.stdout.startswith("1. Mia > Wang Lei > 方婷")
    assert "Mia and Wang Lei are colleagues" in done.stdout
    assert "former contact" not in done.stdout


def test_who_has_left_is_said_to_have_left(relmap, app):
    with app.app_context(), writing():
        held = db.session.scalars(select(Tenure).join(Person).where(Person.name == "方婷")).one()
        tenures.end_tenure(held, SINCE, reason="retired")
    done = relmap("whatif", "Mingchuan", "--without", "方婷")

    assert done.stdout.startswith(f"方婷 left on {written_day(SINCE)} already; ")


def test_a_past_day_has_the_names_of_that_day(relmap, app):
    with app.app_context(), writing():
        post = db.session.scalars(select(Post).where(Post.title == "Purchasing Director")).one()
        structure.rename_unit(post.unit, "Global Sourcing", day=SINCE)
        structure.change_post(post, {"title": "Head of Sourcing"}, day=SINCE)
    before = ("--on", str(SINCE - timedelta(days=1)))

    for words in (["forecast", "--account", "Mingchuan"], ["threads", "Mingchuan"]):
        then, now = relmap(*words, *before).stdout, relmap(*words).stdout
        assert "Purchasing Director" in then
        assert "Global Sourcing" not in then
        assert "Head of Sourcing" in now
        assert "Global Sourcing" in now


# --- days


TOMORROW = str(TODAY + timedelta(days=1))
FORESIGHT = [
    ["forecast"],
    ["questions", "Mingchuan"],
    ["threads", "Mingchuan"],
    ["power", "Mingchuan"],
    ["path", "Mingchuan", "林志明"],
    ["plan", "Mingchuan", "--visits", "1"],
    ["whatif", "Mingchuan", "--without", "林志明"],
]
DECLARED = [
    ["account", "set", "Mingchuan", "--owner", "none"],
    ["post", "set", "Mingchuan", "Purchasing Director", "--weight", "1"],
]


@pytest.mark.parametrize("words", FORESIGHT)
def test_of_a_day_to_come_it_is_noted_that_it_lies_ahead(relmap, words):
    done = relmap(*words, "--on", TOMORROW)

    assert done.exit_code == 0
    ahead, today = written_day(date.fromisoformat(TOMORROW)), written_day(TODAY)
    assert done.stderr.startswith(f"Note: {ahead} lies ahead: today is {today} (UTC")


@pytest.mark.parametrize("words", DECLARED)
def test_nothing_is_declared_from_a_day_to_come(relmap, words):
    done = relmap(*words, "--on", TOMORROW)

    assert (done.exit_code, done.stdout) == (1, "")
    ahead, now = (written_day(day) for day in (TODAY + timedelta(days=1), TODAY))
    said = f"{ahead} has not come: today is {now} ({zone_name()}). Declare it when it holds.\n"
    assert done.stderr == said


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31"])
@pytest.mark.parametrize(
    "words", [*FORESIGHT, *DECLARED, ["score"], ["scan"], ["view", "Mingchuan"]]
)
def test_a_day_that_nothing_is_reckoned_from_is_wrong_usage(relmap, words, day):
    done = relmap(*words, "--on", day)

    assert done.exit_code == 2
    assert f"'{day}' does not lie from 1 Jan 1900 to 31 Dec 2999" in done.stderr


@pytest.mark.parametrize("words", [*FORESIGHT[:7], ["score"], ["scan"], ["view", "Mingchuan"]])
def test_on_the_first_day_there_is_nothing_and_nothing_fails(relmap, words):
    done = relmap(*words, "--on", "1900-01-01")

    assert done.exit_code in {0, 1}
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
