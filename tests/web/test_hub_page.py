"""The page of plug-ins: how the last run ended, and what this process has not loaded yet."""

import shutil
from datetime import UTC, date, datetime
from html import unescape

import pytest
from sqlalchemy import delete

from relmap.facts.structure import open_account
from relmap.facts.users import find_user
from relmap.models import Alert, PluginHealth, PluginSetting, Score, db, writing

SOURCE = """
from relmap.api import hookimpl

@hookimpl
def scoring_rules():
    return []
"""


@pytest.fixture
def page(app, visit, mia):
    """``page()`` is the page as an administrator sees it, ``page("breadth")`` one plug-in of it."""
    with app.app_context(), writing():
        find_user(mia).role = "administrator"

    def shown(plugin: str | None = None) -> str:
        text = visit(mia).get("/plug-ins").text
        return (
            text if plugin is None else text.partition(f'id="{plugin}"')[2].split("</section>")[0]
        )

    return shown


@pytest.fixture
def install(tmp_path, monkeypatch):
    """``install("extra", "1.0")`` puts a plug-in, or another version of it, where Python looks."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def put(name: str, version: str) -> None:
        for old in tmp_path.glob(f"{name}-*.dist-info"):
            shutil.rmtree(old)
        (tmp_path / f"{name}_rules.py").write_text(SOURCE)
        folder = tmp_path / f"{name}-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        (folder / "entry_points.txt").write_text(f"[relmap.plugins]\n{name} = {name}_rules\n")

    put.take_away = lambda name: [shutil.rmtree(old) for old in tmp_path.glob(f"{name}-*")]
    return put


def ran(status: str, version: int = 1) -> None:
    """Note how a rule of ``breadth`` ended."""
    with writing():
        db.session.execute(delete(PluginHealth))
        db.session.add(
            PluginHealth(
                rule_key="breadth.people_known",
                plugin="breadth",
                rule_version=version,
                last_status=status,
                last_ran_at=datetime(2026, 6, 30, 12, tzinfo=UTC),
            )
        )


@pytest.mark.parametrize(
    ("status", "said"), [("ok", ">ok<"), ("n/a", ">not applicable<"), ("failed", ">failed<")]
)
def test_each_rule_shows_how_its_last_run_ended(app, page, status, said):
    words = (">ok<", ">not applicable<", ">failed<", ">not run yet<")
    with app.app_context():
        ran(status)
    assert [word for word in words if word in page("breadth")] == [said]


def test_a_rule_of_which_another_version_ran_says_so(app, page):
    with app.app_context():
        ran("ok", version=7)
    assert ">not run yet<" in page("breadth")
    assert "version 7 ran last" in page("breadth")
    assert "30 Jun 2026" in page("breadth")


@pytest.fixture
def left(app, page):
    """An alert and a setting of a plug-in that is not installed, and the alert's account."""
    with app.app_context(), writing():
        account = open_account("Somewhere", day=date(2025, 1, 1))
        rest = {"rule_version": 1, "raised_on": date(2026, 7, 1), "severity": "note"}
        db.session.add(
            Alert(
                account_id=account.id, plugin="gone", rule_key="gone.a", key="k", text="So", **rest
            )
        )
        db.session.add(PluginSetting(plugin="gone", key="people", value=3))
        return account.id


def test_a_plug_in_that_is_gone_says_what_it_leaves_and_is_cleared(app, page, left, visit, mia):
    shown = page("gone")
    assert "not installed any more" in shown
    assert "Left of it: alerts 1, settings 1, results of rules 0." in shown
    assert visit(mia).post("/plug-ins/gone/forget").status_code == 303
    assert "Clear what is left" not in page()
    again = visit(mia).post("/plug-ins/gone/forget")
    assert "Nothing is stored of gone." in unescape(again.text)


def test_one_that_left_nothing_to_be_seen_is_not_listed(app, page):
    with app.app_context(), writing():
        db.session.add(PluginHealth(plugin="gone", rule_key="gone.a", rule_version=1))
    assert "not installed any more" not in page()


def test_one_that_works_is_not_cleared_from_the_page(page, left, visit, mia):
    answer = visit(mia).post("/plug-ins/breadth/forget")
    assert "breadth works. Switch it off first" in unescape(answer.text)


def test_one_that_is_off_offers_to_clear_what_it_leaves(app, page, left, visit, mia):
    with app.app_context(), writing():
        db.session.add(PluginSetting(plugin="breadth", key="people", value=3))
    assert "Clear what is left" not in page("breadth")
    visit(mia).post("/plug-ins/breadth/switch", data={"on": "0"})
    assert "Left of it: alerts 0, settings 1, results of rules 0." in page("breadth")


@pytest.mark.parametrize(
    ("plugin", "rule", "said"),
    [
        ("gone", "gone.a", "From the plug-in gone, which is not installed any more."),
        ("breadth", "breadth.old", "From a rule that the plug-in breadth does not have any more."),
        ("breadth", "breadth.people_known", None),
    ],
)
def test_an_old_score_says_whose_it_was(app, page, left, visit, mia, plugin, rule, said):
    day = date(2026, 7, 1)
    with app.app_context(), writing():
        db.session.add(
            Score(
                account_id=left,
                on=day,
                plugin=plugin,
                rule_key=rule,
                rule_version=1,
                rule_title="Some",
                weight=1.0,
                status="ok",
                points=1.0,
                out_of=2.0,
                settings_digest="",
                ruleset_digest="",
                view_digest="",
                revision=1,
                computed_at=datetime(2026, 7, 1, tzinfo=UTC),
            )
        )
    text = visit(mia).get(f"/accounts/{left}/score?on={day}").text
    assert "Some" in text
    assert (said or "From ") in text if said else "From " not in text


def test_a_plug_in_installed_while_relmap_runs_asks_for_a_new_start(page, install):
    assert "Start relmap again" not in page()
    install("extra", "1.0")
    assert "Start relmap again" in page()
    assert "extra 1.0 was installed since, and is not loaded here." in page()


def test_a_plug_in_upgraded_or_taken_away_asks_for_a_new_start(app_with, install):
    from relmap.hub.registry import changed_since_start, registry_of

    install("extra", "1.0")
    registry = registry_of(app_with())
    assert changed_since_start(registry) == ()
    install("extra", "1.1")
    assert changed_since_start(registry) == ("extra is 1.1 by now; 1.0 is loaded here.",)
    install.take_away("extra")
    assert changed_since_start(registry) == (
        "extra 1.0 was taken away since, and is still loaded here.",
    )
