"""Plug-ins that are off or gone: their alerts say so, and what is stored of them can be cleared."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select

from relmap import jobs
from relmap.cli import main
from relmap.models import (
    Alert,
    Change,
    PluginHealth,
    PluginSetting,
    Scan,
    Score,
    StoredView,
    db,
    writing,
)
from relmap.results.runs import scoring

pytestmark = pytest.mark.postgresql

FIRST, DAY = date(2026, 6, 1), date(2026, 7, 1)


@pytest.fixture
def relmap(app, staffed, runner):
    """The command, in a book where Lin left and all was scored and scanned."""
    jobs.scan_accounts([staffed.id], FIRST, today=FIRST)
    staffed.leave("Lin", date(2026, 6, 15))
    jobs.score_accounts([staffed.id], DAY, today=DAY)
    jobs.scan_accounts([staffed.id], DAY, today=DAY)

    def call(*words: str, status: int = 0):
        done = runner.invoke(main, list(words), obj=app)
        assert done.exit_code == status, done.output
        return done

    return call


def gone(name: str = "gone") -> None:
    """An alert and a setting of a plug-in that is not installed, and how its rule fared."""
    with writing():
        account_id = db.session.scalar(select(Alert.account_id))
        rest = {"rule_version": 1, "account_id": account_id, "raised_on": DAY, "severity": "note"}
        rule = f"{name}.noun"
        db.session.add(Alert(plugin=name, rule_key=rule, key="k", text="It is so", **rest))
        db.session.add(PluginSetting(plugin=name, key="people", value=3))
        db.session.add(PluginHealth(plugin=name, rule_key=rule, rule_version=1))


def count(table, *conditions) -> int:
    db.session.rollback()  # what the command wrote elsewhere
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions))


def listed(relmap, *words: str) -> list[dict]:
    return json.loads(relmap("alerts", *words, "--json").stdout)


def test_alerts_filter_by_rule(relmap):
    gone()
    assert {row["rule"] for row in listed(relmap)} == {"rotation.post_vacated", "gone.noun"}
    (one,) = listed(relmap, "--rule", "gone.noun")
    assert one["text"] == "It is so"
    assert listed(relmap, "--rule", "nobody.noun") == []


def test_an_alert_of_a_plug_in_that_is_off_or_gone_says_so(relmap):
    gone()
    assert listed(relmap, "--rule", "rotation.post_vacated")[0]["unwatched"] is None
    said = relmap("plugin", "off", "rotation").stdout
    assert "1 alert of it stands, and nothing looks after it any more." in said
    assert [row["unwatched"] for row in listed(relmap)] == [
        "The plug-in rotation is switched off: nothing looks after this alert.",
        "The plug-in gone is not installed: nothing looks after this alert.",
    ]
    assert "nothing looks after this alert" in relmap("alerts").stdout


def test_a_plug_in_that_is_gone_is_forgotten(relmap):
    gone()
    gone("gonexnoun")  # whose name the first one's must not match
    said = relmap("plugin", "forget", "gone", status=1).stderr
    assert said.startswith("Stored of gone: 1 alerts, 1 settings, 0 results of rules.")
    assert count(Alert, Alert.plugin == "gone") == 1
    relmap("plugin", "forget", "gone", "--yes")
    assert [count(table, table.plugin == "gone") for table in (Alert, PluginSetting)] == [0, 0]
    assert count(PluginHealth, PluginHealth.plugin == "gone") == 0
    assert count(PluginHealth, PluginHealth.plugin == "gonexnoun") == 1
    assert count(Alert, Alert.plugin == "rotation") == 1
    (change,) = db.session.scalars(select(Change).where(Change.verb == "forget_plugin"))
    assert change.before["alert"] == 1


def test_one_that_is_installed_begins_anew(relmap, staffed, plugins):
    relmap("plugin", "forget", "rotation", "--yes")
    assert count(Alert) == count(Scan, Scan.rule_key.startswith("rotation")) == 0
    assert count(StoredView) > 0  # others rest on it
    relmap("plugin", "forget", "breadth", "--yes")
    assert count(Score, Score.plugin == "breadth") == 0
    assert [row.id for row in scoring.due_accounts(plugins, DAY)] == [staffed.id]
    jobs.score_accounts([staffed.id], DAY, today=DAY)
    assert count(Score, Score.plugin == "breadth") == 1


def test_one_that_is_gone_or_off_is_listed_with_what_it_leaves(relmap):
    assert "Left of it" not in relmap("plugin", "list").stdout
    gone()
    relmap("plugin", "off", "rotation")
    said = relmap("plugin", "list").stdout
    assert "gone, not installed any more\n    Left of it: alerts 1, settings 1, results" in said
    assert "To clear what is stored of it: relmap plugin forget gone" in said
    assert "To clear what is stored of it: relmap plugin forget rotation" in said
    document = relmap("plugin", "list", "--json").stdout
    (row,) = [row for row in json.loads(document) if row["name"] == "gone"]
    assert row["reason"].startswith("It is not installed any more. Left of it: alerts 1, settings")
    assert (row["active"], row["version"]) == (False, None)


def test_an_alert_of_a_rule_that_its_plug_in_lost_says_so(relmap):
    gone("breadth")  # the plug-in is there and works; it has no such rule
    (row,) = listed(relmap, "--rule", "breadth.noun")
    assert row["unwatched"] == (
        "The plug-in breadth has no such rule now: nothing looks after this alert."
    )


def test_what_nobody_has_heard_of_cannot_be_forgotten(relmap):
    assert "There is no plug-in" in relmap("plugin", "forget", "nobody", status=1).stderr
