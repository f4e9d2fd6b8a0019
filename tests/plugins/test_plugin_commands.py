"""`relmap plugin list|on|off|resume|set` as people and programs call them."""

import json

import pytest

from relmap.cli import main


@pytest.fixture
def relmap(runner):
    def call(*words: str, status: int = 0):
        done = runner.invoke(main, ["plugin", *words])
        assert done.exit_code == status, done.output
        return done

    return call


def listed(relmap) -> dict:
    return {row["name"]: row for row in json.loads(relmap("list", "--json").stdout)}


def test_the_list_says_all_of_a_plug_in(relmap):
    breadth = listed(relmap)["breadth"]
    assert breadth["active"] is True
    assert breadth["bundled"] is True
    assert breadth["reason"] is None
    assert breadth["hooks"] == ["settings", "scoring_rules", "translations"]
    assert breadth["settings"]["people"] == 12
    (rule,) = breadth["rules"]
    assert (rule["key"], rule["version"], rule["kind"]) == ("breadth.people_known", 1, "score")
    assert (rule["status"], rule["failures_in_row"], rule["last_error"]) == ("new", 0, None)


def test_the_list_for_people_names_rules_and_settings(relmap):
    text = relmap("list").stdout
    assert "breadth.people_known 1: Breadth (new)" in text
    assert "people = 12" in text


def test_off_and_on(relmap):
    relmap("off", "breadth")
    assert listed(relmap)["breadth"]["active"] is False
    assert listed(relmap)["breadth"]["reason"] == "An administrator switched it off."
    relmap("on", "breadth")
    assert listed(relmap)["breadth"]["active"] is True


def test_set_takes_several_values_at_once(relmap):
    done = relmap("set", "breadth", "people=20", "people_share=0.5")
    assert done.stdout == "breadth: people = 20, people_share = 0.5\n"
    settings = listed(relmap)["breadth"]["settings"]
    assert (settings["people"], settings["people_share"]) == (20, 0.5)
    assert "people = 20 (default 12)" in relmap("list").stdout


def test_the_core_is_set_the_same_way(relmap):
    assert relmap("set", "relmap", "known_from=0.4").exit_code == 0
    assert "known_from cannot be '2'" not in relmap("set", "relmap", "known_from=0.5").output
    assert "from 0 up to 1" in relmap("set", "relmap", "known_from=2", status=1).stderr


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["set", "breadth", "people=many"], 1, "It must be a whole number from 1 up to 500."),
        (["set", "breadth", "people"], 2, "should read key=value"),
        (["set", "breadth"], 2, "Missing argument"),
        (["set", "nobody", "a=1"], 1, "There is no plug-in 'nobody'"),
        (["off", "nobody"], 1, "There is no plug-in 'nobody'"),
        (["resume", "nobody"], 1, "There is no plug-in 'nobody'"),
        (["resume", "breadth"], 1, "No rule of breadth is suspended."),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(relmap, words, status, message):
    assert message in relmap(*words, status=status).stderr


@pytest.mark.parametrize("value", ["9" * 400, "9" * 5000, "-1e400", "nan", "1" * 17])
def test_a_number_beyond_all_is_refused_in_a_line(relmap, value):
    said = relmap("set", "breadth", f"people={value}", status=1).stderr
    assert "It must be a whole number from 1 up to 500." in said
    assert len(said) < 500
