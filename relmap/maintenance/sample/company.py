"""One invented customer while its history is drafted: units, posts, and who holds them now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from relmap.maintenance.sample.customers import Customer
from relmap.maintenance.sample.draft import Draft, moment
from relmap.maintenance.sample.market import Market
from relmap.maintenance.sample.names import SampleName, draw_name, form_of_address
from relmap.maintenance.sample.seats import SEATS, TITLES, UNIT_PARENTS, UNITS, Seat
from relmap.models import Account, Contact, ContactPoint, ExternalId, Person, Post, Tenure, Unit
from relmap.names.search import search_text

__all__ = ["CONTACTS", "HISTORY", "Company"]

CONTACTS: Final = timedelta(days=1096)  # since when we go there
NEWLY_MET: Final = timedelta(days=300)
HISTORY: Final = 2 * CONTACTS  # who sat there before they told us
STANDING: Final = timedelta(days=1600)  # how long its posts had stood by then
NEVER_KNOWN: Final = (
    "dir_comp",
    "lead_sqe",
    "planner",
    "legal",
)  # some of whose holders we never met
UNKNOWN_STARTS: Final = 0.3  # of those whom we found there
OF_THE_EMPTY: Final = ("president", "dir_a", "mgr_a1", "dir_buy", "mgr_buy1", "dir_quality")
AREA_CODES: Final = {
    "CN": "+86 755",
    "TW": "+886 3",
    "JP": "+81 6",
    "NO": "+47 73",
    "DE": "+49 711",
}
PREFERENCES: Final = {
    "zh-Hans": (
        "喜欢乌龙茶，不喝酒。",
        "周末打羽毛球。",
        "女儿今年高考，最近不便约饭。",
        "只看书面测试报告。",
    ),
    "zh-Hant": ("喜歡高山茶。", "習慣用 LINE 聯絡。", "午餐時間不接電話。", "常跑馬拉松。"),
    "ja": ("日本酒よりワイン。", "メールは午前中に返信。", "ゴルフは月二回。", "資料は紙で希望。"),
    "de": ("Termine nur vormittags.", "Trinkt keinen Alkohol.", "Radfahrer, Alpen im August."),
    "nb": ("Foretrekker korte møter.", "Går på ski, borte i uke 8.", "Vegetarianer."),
}


class Company:
    """An account of the draft, with its open tenures at hand."""

    def __init__(self, draft: Draft, customer: Customer, market: Market, owner: int) -> None:
        self.draft = draft
        self.customer = customer
        self.market = market
        is_new = customer.acquaintance == "empty"
        self.met_on = draft.day - (NEWLY_MET if is_new else CONTACTS)
        self.first_day = self.met_on if is_new else draft.day - HISTORY
        self.opened_on = self.first_day - STANDING
        self.known_leavers: set[int] = set()
        self.strangers: set[int] = set()
        self.names: dict[int, SampleName] = {}
        self.open: list[dict[str, Any]] = []
        self.all: list[dict[str, Any]] = []
        self.seat_of: dict[int, Seat] = {}
        self.posts: dict[str, int] = {}
        self._staff_number = draft.random.randint(1000, 4000)
        self.account = self._open_account(owner)
        self._open_units()
        self._open_posts()

    # --- structure

    def _open_account(self, owner: int) -> int:
        customer = self.customer
        rotation, review, handover = customer.rotation or (None, None, None)
        return self.draft.add(
            Account,
            self.first_day,
            name=customer.name,
            latin_name=customer.latin_name,
            search_text=search_text([customer.name, customer.latin_name]),
            revision=1,
            tier=customer.tier,
            industry=customer.industry,
            region=customer.region,
            country=customer.country,
            owner_id=owner,
            rotation_months=rotation,
            review_month=review,
            handover_months=handover,
            is_sample=True,
        )

    def _open_units(self) -> None:
        self.units = {"": self.open_unit(self.customer.name, None, self.opened_on)}
        needed = self._needed_units()
        for key, parent in UNIT_PARENTS.items():
            if key in needed:
                name = UNITS[self.customer.language][key].format(*self.customer.products)
                self.units[key] = self.open_unit(name, self.units[parent or ""], self.opened_on)

    def _needed_units(self) -> set[str]:
        units = {seat.unit for seat in self._plan()}
        return units | {parent for unit in units if (parent := UNIT_PARENTS[unit])}

    def open_unit(self, name: str, parent: int | None, day: date) -> int:
        """Draft a unit that stands from ``day`` on."""
        return self.draft.add(
            Unit,
            max(day, self.first_day),
            account_id=self.account,
            parent_id=parent,
            name=name,
            external_id=None,
            is_root=parent is None,
            starts_after=None if day == self.first_day else day - timedelta(days=1),
            starts_on=day,
            ends_after=None,
            ends_on=None,
        )

    def _plan(self) -> list[Seat]:
        if self.customer.acquaintance == "empty":
            return [seat for seat in SEATS if seat.key in OF_THE_EMPTY]
        return list(SEATS)

    def _open_posts(self) -> None:
        titles = TITLES[self.customer.language]
        for seat in self._plan():
            title = titles[seat.key].format(*self.customer.products)
            self.posts[seat.key] = self.open_post(seat, title, self.opened_on)

    def open_post(self, seat: Seat, title: str, day: date) -> int:
        """Draft a post that stands from ``day`` on; who sits there is not known yet."""
        post = self.draft.add(
            Post,
            max(day, self.first_day),
            unit_id=self.units[seat.unit],
            title=title,
            function=seat.function,
            level=seat.level,
            function_is_given=True,
            level_is_given=True,
            decision_weight=0.6 if seat.key in ("mgr_avl", "lead_alt") else None,
            seats=seat.seats,
            reports_to_id=self.posts.get(seat.reports_to or ""),
            vacant_since=None,
            starts_after=None if day == self.first_day else day - timedelta(days=1),
            starts_on=day,
            ends_after=None,
            ends_on=None,
            term_months=24 if seat.key == "buyer" and self.customer.rotation else None,
            review_month=None,
        )
        self.seat_of[post] = seat
        return post

    def settle(self, begun_on: Callable[[int], date]) -> None:
        """Put those in their seats whom we found there; of some we do not know since when.

        ``begun_on`` says of the first, second, ... when they began.
        """
        random = self.draft.random
        unknown = set(random.sample(NEVER_KNOWN, 2))
        if self.customer.acquaintance == "empty":
            unknown = {"dir_quality", "mgr_a1"}
        for key, post in self.posts.items():
            taken = self.seat_of[post].seats - (1 if self.seat_of[post].seats > 2 else 0)
            for _ in range(0 if key in unknown else taken):
                self._find(self.newcomer(self.first_day), post, begun_on(len(self.all)))

    def _find(self, person: int, post: int, begun_on: date) -> None:
        if self.draft.random.random() < UNKNOWN_STARTS:
            self.begin_listed(person, post, None, self.first_day)
        else:
            self.begin(person, post, begun_on)

    # --- people

    def newcomer(self, day: date) -> int:
        """Somebody new: mostly a stranger, now and then known from another customer."""
        random = self.draft.random
        hired = None
        if day > self.first_day and random.random() < 0.25:
            hired = self.market.hire(day, self.customer.language, self.account)
        if hired is None:
            language = self.customer.language
            if language == "nb" and random.random() < 0.1:
                language = "de"
            name = draw_name(random, language, self.draft.names)
            person = self._add_person(name, day)
        else:
            person, name = hired
        self.names[person] = name
        self._add_ids(person, name, day)
        return person

    def _add_person(self, name: SampleName, day: date) -> int:
        random = self.draft.random
        return self.draft.add(
            Person,
            day,
            side="client",
            name=name.name,
            latin_name=name.latin,
            nickname=name.nickname,
            address_as=None,
            search_text="",
            language=name.language,
            affiliation=None,
            birthday=_birthday(self.draft) if random.random() < 0.25 else None,
            preferences=random.choice(PREFERENCES[name.language])
            if random.random() < 0.12
            else None,
            erased_at=None,
            is_sample=True,
        )

    def _add_ids(self, person: int, name: SampleName, day: date) -> None:
        random, draft = self.draft.random, self.draft
        if random.random() < 0.85:
            draft.add_mail(person, name.mailbox, self.customer.domain, day)
        if random.random() < 0.4:
            self._staff_number += random.randint(1, 40)
            number = f"E{self._staff_number}"
            draft.add(
                ExternalId,
                day,
                person_id=person,
                kind="staff_number",
                value=number.casefold(),
                written=number,
                scope_id=self.account,
            )
        if random.random() < 0.5:
            phone = f"{AREA_CODES[self.customer.country]} 5550 {random.randint(1000, 9999)}"
            draft.add(ContactPoint, day, person_id=person, kind="phone", value=phone, note=None)
        if random.random() < 0.2:
            kind = {"TW": "line", "JP": "line"}.get(self.customer.country, "wechat")
            handle = f"{name.mailbox.replace('.', '_')}{random.randint(10, 99)}"
            draft.add(ContactPoint, day, person_id=person, kind=kind, value=handle, note=None)

    def add_contact(self, day: date) -> int:
        """Somebody who works there, in which post we do not know."""
        person = self.newcomer(day)
        self.draft.add(
            Contact, day, person_id=person, account_id=self.account, starts_on=day, ends_on=None
        )
        return person

    # --- tenures

    def begin(self, person: int, post: int, day: date, *, acting: bool = False) -> dict[str, Any]:
        """The person holds the post from ``day`` on; known to the day, sometimes to the month."""
        after, precision = day - timedelta(days=1), "day"
        if self.draft.random.random() < 0.15:
            after, precision = day - timedelta(days=30), "month"
        return self._begin(person, post, day, after, precision=precision, acting=acting)

    def begin_listed(self, person: int, post: int, after: date | None, day: date) -> dict[str, Any]:
        """A list of ``day`` shows the person there; the last look before was on ``after``."""
        return self._begin(person, post, day, after)

    def _begin(
        self,
        person: int,
        post: int,
        day: date,
        after: date | None,
        *,
        precision: str = "day",
        acting: bool = False,
    ) -> dict[str, Any]:
        row = self.draft.row(Post, post)
        if row["vacant_since"] is not None:
            self.draft.changed("fill_post", Post, post, self.account, day, {"vacant_since": None})
        seat = self.seat_of[post]
        tenure_id = self.draft.add(
            Tenure,
            max(day + timedelta(days=self.draft.random.randint(0, 12)), self.first_day),
            post_id=post,
            person_id=person,
            starts_after=after,
            starts_on=day,
            ends_after=None,
            ends_on=None,
            precision=precision,
            term_ends_on=None,
            acting=acting,
            end_reason=None,
            end_recorded_at=None,
            end_import_id=None,
            basis="entered",
            listed_on=None,
            start_note=None,
        )
        tenure = self.draft.row(Tenure, tenure_id)
        self.open.append(tenure)
        self.all.append(tenure)
        name = self.names[person]
        self.draft.row(Person, person)["address_as"] = form_of_address(
            name, seat.level, seat.function
        )
        return tenure

    def end(self, tenure: dict[str, Any], day: date, reason: str) -> None:
        """The person no longer holds the post on ``day``; we learn it some days later."""
        lag = self.draft.random.choice((0, 1, 2, 3, 5, 9, 16))
        known_on = min(day + timedelta(days=lag), self.draft.day)
        tenure.update(
            ends_on=day,
            ends_after=day - timedelta(days=1),
            end_reason=reason,
            end_recorded_at=moment(known_on),
        )
        self.open.remove(tenure)
        if reason == "left_company":
            person = tenure["person_id"]
            self.market.leave(day, person, self.names[person], self.account)

    def vacate(self, post: int, day: date) -> None:
        """Nobody sits in the post since ``day``."""
        if not any(row["post_id"] == post for row in self.open):
            values = {"vacant_since": day}
            self.draft.changed("mark_vacant", Post, post, self.account, day, values)

    def reason_to_go(self) -> str:
        """Why somebody left."""
        usual = "moved_inside" if self.customer.rotation else "left_company"
        reasons = (usual, usual, "left_company", "moved_inside", "retired", "unknown")
        return self.draft.random.choice(reasons)

    # --- questions

    def term_of(self, tenure: dict[str, Any]) -> int | None:
        """The months for which the post of a tenure is given, where it has a term of its own."""
        months: int | None = self.draft.row(Post, tenure["post_id"])["term_months"]
        return months

    def level_of(self, tenure: dict[str, Any]) -> str:
        """The level of the post a tenure is in."""
        return self.seat_of[tenure["post_id"]].level

    def settled(self, day: date) -> list[dict[str, Any]]:
        """The confirmed holders who were in post by ``day``."""
        return [row for row in self.open if row["starts_on"] <= day and not row["acting"]]

    def is_busy(self, tenure: dict[str, Any]) -> bool:
        """Whether the person holds another post beside, so that one move would tear the other."""
        return Counter(row["person_id"] for row in self.open)[tenure["person_id"]] > 1

    def deputies(self, post: int, settled_by: date) -> list[dict[str, Any]]:
        """The settled holders of single seats that report to the post."""
        return [
            row
            for row in self.settled(settled_by)
            if self.draft.row(Post, row["post_id"])["reports_to_id"] == post
            and self.seat_of[row["post_id"]].seats == 1
            and not self.is_busy(row)
        ]

    def pick_leaver(self, levels: tuple[str, ...], day: date) -> dict[str, Any]:
        """A holder of one of these levels who has been there for a while."""
        found = [
            row
            for row in self.settled(day - timedelta(days=90))
            if self.level_of(row) in levels and not self.is_busy(row)
        ]
        return self.draft.random.choice(found)

    def empty_post(self) -> int | None:
        """A post of one seat in which nobody sits, as far as we know."""
        held = {row["post_id"] for row in self.open}
        free = [post for key, post in self.posts.items() if post not in held and key != "dir_comp"]
        return free[0] if free else None


def _birthday(draft: Draft) -> str:
    random = draft.random
    month, day = random.randint(1, 12), random.randint(1, 28)
    if random.random() < 0.2:
        return f"lunar {month:02}-{day:02}"
    year = random.randint(1964, 1994) if random.random() < 0.6 else None
    return f"{year or '-'}-{month:02}-{day:02}"
