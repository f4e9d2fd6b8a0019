"""A book in the browser: facts, scores and alerts of one account, and a page that tells faults."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from flask import Flask, current_app
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from relmap.contracts import Ref
from relmap.facts import claims, people, structure, tenures, ties, touches
from relmap.facts.users import add_user
from relmap.hub.engine import InProcess
from relmap.hub.registry import registry_of
from relmap.models import writing
from relmap.results.runs import forecasting, scanning, scoring

PASSWORD = "seven boats in a row"
SETTLED = """
document.readyState === 'complete'
&& !document.querySelector('[hx-trigger=load], .htmx-request, .htmx-swapping, .htmx-settling')
&& [...document.querySelectorAll('#map, [data-chart]')].every(one => one.dataset.drawn)
"""
TODAY = date.today()
AGO = {days: TODAY - timedelta(days=days) for days in (900, 500, 300, 200, 100, 60, 30, 20, 9)}


@dataclass
class Faults:
    """What went wrong in a tab: errors in its console, failed requests, dialogs."""

    said: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Write down what goes wrong from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(f"script: {error}"))
        page.on("dialog", lambda dialog: (self.said.append("a dialog opened"), dialog.dismiss()))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # left before it came
            self.said.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.said.append(f"{response.status}: {response.url}")


@dataclass
class Tab:
    """A tab in which somebody is logged in."""

    page: Page

    def go(self, path: str) -> Page:
        """Open a page and wait until its parts have come and its map is drawn."""
        self.page.goto(path)
        return self.settle()

    def settle(self) -> Page:
        """Wait for parts and for the map; polled, a waiting function would trip the policy."""
        for _ in range(1000):
            if self.page.evaluate(SETTLED):
                return self.page
            self.page.wait_for_timeout(10)
        raise AssertionError("The page did not come to rest.")

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        root = "document.documentElement"
        width: int = self.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
        return width


@pytest.fixture
def book(filled) -> Ref:
    """铭川通信 with a dozen seats, blank ones too; scored and scanned; its id is ``book.id``."""
    return Ref("account", filled(write_book))


def write_book() -> int:
    """Write the facts and mia, and work off what they make due."""
    with writing():
        account_id = fill_book()
        add_user("mia", role="administrator", password=PASSWORD)
    work_off(current_app, account_id)
    return account_id


def work_off(app: Flask, account_id: int) -> None:
    """Score the account today and a while ago, and raise its alerts, in this process."""
    runner, registry = InProcess(), registry_of(app)
    for day in (AGO[60], TODAY):
        forecasting.forecast(account_id, day, today=day)
        scoring.score(account_id, day, runner=runner, registry=registry)
    for day in (AGO[100], TODAY):
        scanning.scan(account_id, day, runner=runner, registry=registry)


def fill_book() -> int:
    """Write the facts and say the account's id."""
    account = structure.open_account(
        "铭川通信",
        tier="A",
        region="South China",
        industry="Telecom",
        country="CN",
        day=AGO[900],
        latin_name="Mingchuan Communications",
        rotation_months=36,
    )
    root = structure.root_unit(account)
    lab = structure.open_unit(account, "射频平台部", day=AGO[900], parent=root)
    seats = {
        title: structure.open_post(unit, title, day=AGO[900], vacant=vacant, **fields)
        for title, unit, vacant, fields in (
            ("总经理", root, False, {"level": "executive", "function": "management"}),
            ("采购总监", root, False, {"level": "director", "function": "purchasing"}),
            (
                "Commodity manager, power",
                root,
                False,
                {"level": "manager", "function": "purchasing"},
            ),
            ("采购员", root, True, {"level": "staff", "function": "purchasing"}),
            ("研发总监", lab, False, {"level": "director", "function": "rnd"}),
            ("射频工程师", lab, False, {"level": "staff", "function": "rnd", "seats": 16}),
            ("品质经理", root, False, {"level": "manager", "function": "quality"}),
        )
    }
    for below, above in (
        ("采购总监", "总经理"),
        ("Commodity manager, power", "采购总监"),
        ("采购员", "Commodity manager, power"),
        ("研发总监", "总经理"),
        ("射频工程师", "研发总监"),
    ):
        structure.report_to(seats[below], seats[above])
    wang = people.add_person("王磊", side="us", latin_name="Wang Lei")
    sofia = people.add_person("Sofia Lindqvist", side="us")
    structure.change_account(account, {"owner_id": wang.id})
    theirs = {
        name: people.add_person(name, latin_name=latin, language=language)
        for name, latin, language in (
            ("沈国栋", "Shen Guodong", "zh-Hans"),
            ("林志明", "Lin Zhiming", "zh-Hans"),
            ("陈雅琴", "Chen Yaqin", "zh-Hans"),
            ("方婷", "Fang Ting", "zh-Hans"),
            ("Tomáš Ševčík", None, None),
            ("長谷川 久美子", "Hasegawa Kumiko", "ja"),
            ("Maximiliane von Hohenfels-Quittersbach zu Altenstein", None, None),
        )
    }
    lin = tenures.start_tenure(theirs["林志明"], seats["采购总监"], AGO[500], after=AGO[900])
    tenures.start_tenure(theirs["沈国栋"], seats["总经理"], AGO[900], start_known=False)
    tenures.start_tenure(theirs["方婷"], seats["Commodity manager, power"], AGO[300])
    tenures.start_tenure(theirs["Tomáš Ševčík"], seats["研发总监"], AGO[500])
    tenures.start_tenure(theirs["長谷川 久美子"], seats["品质经理"], AGO[200])
    tenures.end_tenure(lin, AGO[20], reason="moved_inside")
    tenures.start_tenure(theirs["陈雅琴"], seats["采购总监"], AGO[9], acting=True)
    for number in range(13):
        engineer = people.add_person(f"工程师{'一二三四五六七八九十甲乙丙'[number]}")
        tenures.start_tenure(engineer, seats["射频工程师"], AGO[300])
    tenures.start_tenure(
        theirs["Maximiliane von Hohenfels-Quittersbach zu Altenstein"],
        seats["射频工程师"],
        AGO[300],
    )
    _meet(wang, sofia, theirs)
    return account.id


def _meet(wang, sofia, theirs) -> None:
    """Ties, touches and claims."""
    ties.add_tie(wang, theirs["林志明"], observed_on=AGO[500], level="trusted_advisor")
    ties.add_tie(wang, theirs["方婷"], observed_on=AGO[300], level="problem_solver")
    ties.add_tie(sofia, theirs["Tomáš Ševčík"], observed_on=AGO[300], level="credible_source")
    ties.add_tie(theirs["方婷"], theirs["Tomáš Ševčík"], kind="conflicts", observed_on=AGO[200])
    touches.add_touch(
        AGO[30], "visit", [wang, theirs["方婷"], theirs["林志明"]], said="谈了下半年预测。"
    )
    touches.add_touch(AGO[60], "mail", [sofia, theirs["Tomáš Ševčík"]], said="Price list sent.")
    claims.add_claim(theirs["方婷"], "stance", "supporter", on=AGO[60], basis="told", observer=wang)
    claims.add_claim(
        theirs["方婷"], "stance", "non_supporter", on=AGO[30], basis="told", observer=sofia
    )
    claims.add_claim(theirs["林志明"], "stance", "mentor", on=AGO[900], basis="told", observer=wang)
    people.add_contact_point(theirs["方婷"], "mail", "fang.ting@mingchuan.example")


@pytest.fixture
def faults() -> Faults:
    """What went wrong in the tabs that were opened."""
    return Faults()


@pytest.fixture
def open_tab(
    chromium_browser: Browser, live_server: str, faults: Faults
) -> Iterator[Callable[..., Tab]]:
    """``open_tab(width)`` is a tab in which mia is logged in, with her faults written down."""
    contexts = []

    def tab(width: int = 1440, *, theme: str = "light") -> Tab:
        context = chromium_browser.new_context(
            base_url=live_server,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            color_scheme=theme,
        )
        contexts.append(context)
        page = context.new_page()
        faults.listen(page)
        page.goto("/login")
        page.fill("#name", "mia")
        page.fill("#password", PASSWORD)
        page.click("form button")
        page.wait_for_url("**/accounts")
        return Tab(page)

    yield tab
    for context in contexts:
        context.close()
