"""What is to be sold to an invented customer, whom we mean to meet there, and who will go.

The rest of the book does not hang on what is drawn here: chance is the customer's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from relmap.maintenance.sample.company import Company
from relmap.maintenance.sample.draft import moment
from relmap.maintenance.sample.relations import Bond
from relmap.maintenance.sample.stints import due_on
from relmap.models import NextStep, Post, Project, ProjectPost

__all__ = ["announce_leaves", "intend", "prospect"]

NAMES: Final = {  # {0} and {1} are the customer's two lines of products
    "zh-Hans": ("下一代{0}平台", "{1}连接器二供", "{0}降本方案", "{1}小型化", "出口版{0}"),
    "zh-Hant": ("次世代{0}平台", "{1}第二貨源", "{0}降本專案", "{1}小型化", "外銷版{0}"),
    "ja": ("次世代{0}", "{1}の二社購買", "{0}コストダウン", "{1}小型化", "輸出向け{0}"),
    "nb": ("Neste {0}", "{1}: ny leverandør", "{0} til lavere pris", "Mindre {1}", "{0} eksport"),
    "de": ("{0} der nächsten Generation", "{1}: Zweitlieferant", "{0} günstiger", "{1} kompakt",
           "{0} Export"),
}  # fmt: skip
STEPS: Final = {
    "zh-Hans": ("问清轮岗名单和接任人", "约一次午餐，认识新同事", "带样品过去，顺便拜访"),
    "zh-Hant": ("問輪調名單與接任者", "約午餐認識新同事", "帶樣品拜訪"),
    "ja": ("後任の予定を聞く", "昼食で新任の方に会う", "サンプル持参で訪問"),
    "nb": ("Spør hvem som overtar", "Lunsj med de nye", "Besøk med prøver"),
    "de": ("Nachfolge erfragen", "Mittagessen mit den Neuen", "Besuch mit Mustern"),
}
REASONS: Final = {
    "zh-Hans": {"won": "样品最快，品质稳定", "lost": "价格高百分之四"},
    "zh-Hant": {"won": "樣品最快", "lost": "價格高百分之四"},
    "ja": {"won": "サンプル対応が早い", "lost": "価格差四パーセント"},
    "nb": {"won": "raskest med prøver", "lost": "fire prosent for dyr"},
    "de": {"won": "schnellste Muster", "lost": "vier Prozent zu teuer"},
}
PARTS: Final = ("MC-8842", "MC-6120", "PX33-A", "LT-407", "RX-915", "CN-24P")
CURRENCIES: Final = {  # and what 100,000 dollars about are in them
    "CN": ("CNY", 700_000),
    "TW": ("TWD", 3_200_000),
    "JP": ("JPY", 15_000_000),
    "NO": ("NOK", 1_000_000),
    "DE": ("EUR", 90_000),
}
STAGES: Final = ("concept", "specification", "sample", "evaluation", "qualification", "pilot")
DECIDERS: Final = (  # the posts that decide a project, by what it turns on
    ("dir_a", "mgr_a1", "mgr_avl", "dir_buy"),
    ("dir_buy", "mgr_buy1", "dir_comp"),
    ("dir_quality", "mgr_sqe", "mgr_a2"),
    ("dir_b", "mgr_b1", "mgr_buy2", "lead_alt"),
    ("vp_rnd", "dir_product", "mgr_product", "mgr_pilot"),
)
OF_THE_EMPTY: Final = 2
LEAVING: Final = {0: 40, 3: 75, 6: 25}  # by customer: somebody said so, so many days ahead


def prospect(company: Company, random: Random) -> None:
    """Four or five projects (two, where we know nobody), one of them won or lost by now."""
    names = NAMES[company.customer.language]
    is_empty = company.customer.acquaintance == "empty"
    for number in range(OF_THE_EMPTY if is_empty else random.randint(4, 5)):
        begun = company.draft.day - timedelta(days=random.randint(120, 520))
        posts = _deciders(company, DECIDERS[number], begun)
        project = _open(company, random, names[number], begun)
        for post in posts:
            company.draft.add(ProjectPost, begun, project_id=project, post_id=post)
        _move_on(company, random, project, begun, ends=number == 2 and not is_empty)


def _deciders(company: Company, keys: Sequence[str], day: date) -> list[int]:
    """Their posts, or where the plan has none of them, the first that the company has."""
    posts = [company.posts[key] for key in keys if key in company.posts]
    standing = [
        post for post in posts or list(company.posts.values())[:1] if _stands(company, post, day)
    ]
    return standing or posts[:1]


def _stands(company: Company, post: int, day: date) -> bool:
    row = company.draft.row(Post, post)
    return row["starts_on"] <= day and row["ends_on"] is None


def _open(company: Company, random: Random, name: str, begun: date) -> int:
    currency, unit = CURRENCIES[company.customer.country]
    return company.draft.add(
        Project,
        begun,
        account_id=company.account,
        name=name.format(*company.customer.products),
        part_number=random.choice(PARTS),
        stage=random.choice(STAGES[:2]),
        value=float(unit * random.choice((1, 2, 3, 4, 6, 9, 15))),
        currency=currency,
        starts_on=begun,
        decides_on=company.draft.day + timedelta(days=random.randint(20, 260)),
        ended_on=None,
        ended_because=None,
    )


def _move_on(company: Company, random: Random, project: int, begun: date, *, ends: bool) -> None:
    """Stage after stage; ``ends`` won or lost."""
    draft, day = company.draft, begun
    stage = STAGES.index(draft.row(Project, project)["stage"])
    while stage + 1 < len(STAGES):
        day += timedelta(days=random.randint(50, 160))
        if day >= draft.day - timedelta(days=30):
            break
        stage += 1
        values: dict[str, Any] = {"stage": STAGES[stage]}
        draft.changed("change_stage", Project, project, company.account, day, values)
    if ends:
        ended_on = draft.day - timedelta(days=random.randint(5, 25))
        won = "won" if company.customer.acquaintance in ("broad", "fair") else "lost"
        because = REASONS[company.customer.language][won]
        values = {"stage": won, "ended_on": ended_on, "ended_because": because}
        draft.changed("change_stage", Project, project, company.account, ended_on, values)


def intend(company: Company, bonds: Sequence[Bond], random: Random) -> None:
    """Two or three meetings that one of us means to have, one of which took place.

    To one of them somebody is to introduce us.
    """
    here = [bond for bond in bonds if bond.stay.ends_on is None]
    texts = STEPS[company.customer.language]
    chosen = random.sample(here, min(len(here), 3))
    for number, bond in enumerate(chosen):
        planned_on = company.draft.day - timedelta(days=random.randint(2, 20))
        is_done = number == 2
        company.draft.add(
            NextStep,
            planned_on,
            account_id=company.account,
            person_id=bond.stay.person,
            owner_id=bond.ours,
            through_id=_introducer(chosen, bond) if number == 1 else None,
            planned_on=planned_on,
            due_on=company.draft.day + timedelta(days=random.randint(-3 if is_done else 3, 28)),
            what=texts[number],
            origin="plan" if number == 1 else "hand",
            done_on=company.draft.day - timedelta(days=1) if is_done else None,
            dropped_on=None,
            dropped_because=None,
        )


def _introducer(chosen: Sequence[Bond], bond: Bond) -> int | None:
    """Who of the others leads there; nobody where all are the same person."""
    others = (other.stay.person for other in chosen if other.stay.person != bond.stay.person)
    return next(others, None)


def announce_leaves(company: Company, number: int, random: Random) -> None:
    """At some customers somebody who decides has said that they will go."""
    if number not in LEAVING or company.customer.has_lists:
        return
    today = company.draft.day
    day = today + timedelta(days=LEAVING[number])
    held = [row for row in company.settled(today - timedelta(days=200)) if row["ends_on"] is None]
    found = [
        row
        for row in held
        if company.level_of(row) in ("director", "manager") and not company.is_busy(row)
    ]
    _likeliest(company, found, random).update(
        ends_on=day,
        ends_after=day - timedelta(days=1),
        end_reason="moved_inside" if company.customer.rotation else "retired",
        end_recorded_at=moment(today - timedelta(days=random.randint(2, 9))),
    )


def _likeliest(company: Company, found: Sequence[dict[str, Any]], random: Random) -> dict[str, Any]:
    """Whom the policy lets go next; anybody without a policy."""
    today = company.draft.day
    due = {
        number: day
        for number, row in enumerate(found)
        if (day := due_on(company.customer, row["starts_on"])) is not None and day > today
    }
    return found[min(due, key=lambda number: due[number])] if due else random.choice(found)
