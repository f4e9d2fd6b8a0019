"""Whatever a plug-in does, pages stay whole, with one line of explanation; one test a way to fail.

A real plug-in, found by its entry point, scored by the job in the engine, seen on the pages.
"""

from datetime import date

import pytest
from flask import session

from relmap import jobs
from relmap.app import create_app
from relmap.facts import people, structure, tenures, users
from relmap.hub import health
from relmap.hub.registry import discovery, registry_of, set_setting, switch
from relmap.models import Score, db, writing
from relmap.results.runs import scoring
from relmap.web.security.login import begin_session

DAY = date(2026, 7, 1)
PLUGIN = """
    import os, sys, time
    from relmap.api import Evidence, Score, hookimpl

    class Rule:
        key, version, title = "mine.people", 1, "People of mine"

        def score(self, view):
            BODY

    @hookimpl
    def scoring_rules():
        return [Rule()]
"""
GOOD = 'return Score((Evidence("fine", 1.0),), 10.0)'
BUNDLED = {"breadth.people_known", "depth.threads_held", "freshness.ties_kept_warm"}
BUNDLED_ALL = BUNDLED | {"lint.map_in_order", "outlook.deciding_posts"}
FAILS_IN_RULE = {
    "loops": ("while True: pass", "It ran longer than 2 s and was stopped."),
    "raises": ("raise KeyError('no such level')", "KeyError: &#39;no such level&#39;"),
    "ends the process": ("os._exit(3)", "It ended its process with exit status 3 while it ran."),
    "points out of range": (
        'return Score((Evidence("eleven", 11.0),), 10.0)',
        "ValueError: 11.0 points are not between 0 and 10.0.",
    ),
    "wrong type": ("return 7", "It returned an int, not a Score or NotApplicable."),
    "writes to the graph": (
        "view.graph.nodes[view.account.ref]['seen'] = True; " + GOOD,
        "It wrote to the view, which rules may only read.",
    ),
    "eats memory": (
        "held = [bytearray(2**26) for _ in range(10_000)]",
        "It asked for more than 256 MiB of memory",
    ),
}
FAILS_BEFORE = {
    "raises on import": ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
    "exits on import": ("sys.exit(3)", "It could not be loaded: SystemExit: 3"),
    "another API version": ("api_version = 7", "It asks for version 7 of relmap.api; this is 1."),
}


@pytest.fixture
def app(environment):
    """The application, with the limits of a test."""
    limits = {"RELMAP_RULE_SECONDS": "2", "RELMAP_RULE_MEMORY_MB": "256"}
    app = create_app({**environment, **limits})
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def account_id(app) -> int:
    """An account with one who sits there."""
    with app.app_context(), writing():
        account = structure.open_account("Example", day=date(2025, 1, 1))
        post = structure.open_post(
            structure.root_unit(account), "Head of purchasing", day=date(2025, 1, 1)
        )
        tenures.start_tenure(people.add_person("Li Na"), post, date(2025, 1, 1))
        users.add_user("root", role="administrator", password="seven boats in a row")
        return account.id


def logged_in(app):
    """A client of the administrator's."""
    client = app.test_client()
    with app.test_request_context():
        begin_session(users.find_user("root"))
        kept = dict(session)
    with client.session_transaction() as cookie:
        cookie.update(kept)
    return client


@pytest.fixture
def pages(app, account_id):
    """A function that gives the text of the account's page and of the hub's."""
    client = logged_in(app)

    def read() -> tuple[str, str]:
        answers = [client.get(f"/accounts/{account_id}?on={DAY}"), client.get("/plug-ins")]
        assert [answer.status_code for answer in answers] == [200, 200]
        return answers[0].text, answers[1].text

    return read


def scored(app, account_id: int) -> dict[str, str]:
    """The status of each rule after a scoring pass."""
    with app.app_context():
        jobs.score_accounts([account_id], DAY, today=DAY)
        query = db.select(Score.rule_key, Score.status).where(Score.on == DAY)
        return {row.rule_key: row.status for row in db.session.execute(query)}


@pytest.mark.parametrize("way", FAILS_IN_RULE)
def test_a_rule_that_fails_leaves_pages_whole(app, account_id, pages, install, way):
    body, line = FAILS_IN_RULE[way]
    install("mine", PLUGIN.replace("BODY", body))
    statuses = scored(app, account_id)
    assert statuses.pop("mine.people") == ("timed_out" if way == "loops" else "failed")
    assert statuses.keys() >= BUNDLED
    assert set(statuses.values()) <= {"ok", "n/a"}
    account, hub = pages()
    assert "People of mine" in account
    assert line in account
    assert line in hub


@pytest.mark.parametrize("way", FAILS_BEFORE)
def test_a_plug_in_that_cannot_be_used_leaves_pages_whole(app, account_id, pages, install, way):
    addition, line = FAILS_BEFORE[way]
    install("mine", PLUGIN.replace("BODY", GOOD) + f"\n    {addition}")
    statuses = scored(app, account_id)
    assert statuses.keys() >= BUNDLED
    account, hub = pages()
    assert "Breadth" in account
    assert line in hub


def test_a_plug_in_that_hangs_on_import_leaves_pages_whole(
    environment, account_id, install, monkeypatch
):
    monkeypatch.setattr(discovery, "IMPORT_SECONDS", 0.3)
    install("mine", PLUGIN.replace("BODY", GOOD) + "\n    time.sleep(600)")
    app = create_app(environment)
    assert scored(app, account_id).keys() >= BUNDLED
    client = logged_in(app)
    assert "Breadth" in client.get(f"/accounts/{account_id}?on={DAY}").text
    assert "It took longer than 0.3 s to import." in client.get("/plug-ins").text
    with app.app_context():
        db.engine.dispose()


KEYED = (
    PLUGIN.replace("BODY", GOOD)
    + """
    from dataclasses import dataclass
    from relmap.api import setting

    @dataclass(frozen=True)
    class Settings:
        key: str = setting("", "Key of the service")

        def __post_init__(self):
            if not self.key:
                raise ValueError("Set the key first.")

    @hookimpl
    def settings():
        return Settings
"""
)


def test_settings_that_refuse_their_defaults_leave_pages_whole_and_can_be_mended(
    app, account_id, pages, install
):
    install("mine", KEYED)
    assert scored(app, account_id).keys() == BUNDLED_ALL
    assert "Its settings cannot be used: Set the key first." in pages()[1]
    with app.app_context(), writing():
        switch(registry_of(app), "mine", is_on=False)
    assert "An administrator switched it off." in pages()[1]
    with app.app_context(), writing():
        switch(registry_of(app), "mine", is_on=True)
        set_setting(registry_of(app), "mine", {"key": "k"})
    assert scored(app, account_id).keys() == BUNDLED_ALL | {"mine.people"}
    assert "Set the key first." not in pages()[1]


def test_a_repeated_key_leaves_pages_whole(app, account_id, pages, install):
    source = PLUGIN.replace("BODY", GOOD).replace("[Rule()]", "[Rule(), Rule()]")
    install("mine", source)
    assert scored(app, account_id)["mine.people"] == "ok"
    account, hub = pages()
    assert "People of mine" in account
    assert "The key &#39;mine.people&#39; is taken by another rule of this plug-in." in hub


SLOW_FOR_ONE = """
            if view.account.name == "Example":
                while True:
                    pass
            return Score((Evidence("fine", 1.0),), 10.0)
"""


def test_a_rule_too_slow_for_one_account_rests_for_that_one_alone(app, account_id, pages, install):
    """Three failing passes: the pages name the account, and the others keep their results."""
    install("mine", PLUGIN.replace("            BODY", SLOW_FOR_ONE))
    with app.app_context(), writing():
        other = structure.open_account("Another", day=date(2025, 1, 1)).id
    for _ in range(4):
        scored(app, account_id)
    assert scored(app, other)["mine.people"] == "ok"
    account, hub = pages()
    assert "1 rule suspended" in hub
    assert "Suspended for Example: it failed there three times in a row." in hub
    assert "Suspended for this account: It ran longer than 2 s and was stopped." in account
    with app.app_context():
        with writing():
            health.resume("mine")
        due = scoring.due_accounts(registry_of(app), DAY)
        assert account_id in [row.id for row in due]


def test_safe_mode_leaves_the_plug_in_out(environment, account_id, install):
    install("mine", PLUGIN.replace("BODY", GOOD))
    app = create_app({**environment, "RELMAP_SAFE_MODE": "1"})
    assert str(registry_of(app).plugin("mine").reason) == "Not loaded: safe mode."
    assert "mine.people" not in scored(app, account_id)
    with app.app_context():
        db.engine.dispose()
