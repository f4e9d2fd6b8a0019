"""What changes in the organisation of an invented customer besides its people."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from relmap.maintenance.sample.company import Company
from relmap.maintenance.sample.seats import Seat
from relmap.models import Post, Unit

__all__ = ["close_task_force", "open_task_force", "rename_quality", "retitle_product"]

TASK_FORCES: Final = {
    "zh-Hans": ("国产替代专项组", "专项组长"),
    "zh-Hant": ("缺料應變小組", "小組召集人"),
    "ja": ("部品不足対策室", "対策室リーダー"),
    "de": ("Projekt Zweitquellen", "Projektleiter Zweitquellen"),
    "nb": ("Prosjekt andrekilder", "Prosjektleder andrekilder"),
}
QUALITY_BEFORE: Final = {
    "zh-Hans": "质量管理部",
    "zh-Hant": "品質管理部",
    "ja": "品質管理部",
    "de": "Qualitätswesen",
    "nb": "Kvalitetssikring",
}
PRODUCT_BEFORE: Final = {
    "zh-Hans": "产品企划经理",
    "zh-Hant": "產品企劃經理",
    "ja": "商品戦略課長",
    "de": "Produktreferent",
    "nb": "Produktansvarlig",
}


def open_task_force(company: Company) -> None:
    """A unit that stood for a year or so; its head went back when it was closed."""
    name, title = TASK_FORCES[company.customer.language]
    day = company.met_on + timedelta(days=90)
    company.units["task"] = company.open_unit(name, company.units[""], day)
    seat = Seat("task", "task", "component_engineering", "lead", "operations")
    company.posts["task"] = company.open_post(seat, title, day)
    company.begin(company.newcomer(day), company.posts["task"], day)


def close_task_force(company: Company) -> None:
    """The unit is closed with its seat, before the history proper goes on."""
    day = company.met_on + timedelta(days=90 + company.draft.random.randint(300, 500))
    post = company.posts.pop("task")
    for tenure in [row for row in company.open if row["post_id"] == post]:
        company.end(tenure, day, "post_abolished")
    for model, row_id in ((Post, post), (Unit, company.units.pop("task"))):
        company.draft.row(model, row_id).update(ends_on=day, ends_after=day - timedelta(days=1))


def rename_quality(company: Company) -> None:
    """The quality department was called otherwise until some day."""
    unit = company.units["quality"]
    row = company.draft.row(Unit, unit)
    name, row["name"] = row["name"], QUALITY_BEFORE[company.customer.language]
    day = company.draft.past(200, 700)
    company.draft.changed("rename_unit", Unit, unit, company.account, day, {"name": name})


def retitle_product(company: Company) -> None:
    """The product manager's seat had another title until some day."""
    post = company.posts["mgr_product"]
    row = company.draft.row(Post, post)
    title, row["title"] = row["title"], PRODUCT_BEFORE[company.customer.language]
    day = company.draft.past(100, 500)
    company.draft.changed("change_post", Post, post, company.account, day, {"title": title})
