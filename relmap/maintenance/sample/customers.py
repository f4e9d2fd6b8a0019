"""The ten invented customers: what they are, how well we know them, what is going on there.

No such company exists; the names were made up for this book, and mail addresses end in
``.example``, which nobody can register.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["CUSTOMERS", "OURS", "Colleague", "Customer"]

Acquaintance = Literal["broad", "fair", "one_thread", "cold", "empty"]


@dataclass(frozen=True)
class Colleague:
    """One of our own people; ``functions`` are those at the customers whom they mostly meet."""

    name: str
    latin_name: str | None
    language: str
    mailbox: str
    functions: tuple[str, ...]


@dataclass(frozen=True)
class Customer:
    """One invented account.

    ``acquaintance`` says how we stand, ``wave_days`` how long ago its newest departures were
    (``None``: nothing lately) and ``has_wave`` whether they were of one unit; ``rotation`` are the
    policy's months, its month of review and the months of handover; ``team`` are colleagues, the
    owner first.
    """

    name: str
    latin_name: str | None
    language: str
    domain: str
    tier: str
    industry: str
    region: str
    country: str
    acquaintance: Acquaintance
    team: tuple[int, ...]
    wave_days: int | None
    products: tuple[str, str]
    rotation: tuple[int, int, int] | None = None
    has_wave: bool = False
    has_lists: bool = False


_COMMERCIAL = ("purchasing", "management", "planning", "product", "finance")
_TECHNICAL = ("rnd", "component_engineering", "npi")
_QUALITY = ("quality", "npi", "component_engineering")

OURS: Final = (
    Colleague("王磊", "Wang Lei", "zh-Hans", "wang.lei", _COMMERCIAL),
    Colleague("許志偉", "Hsu Chih-wei", "zh-Hant", "hsu.chihwei", _COMMERCIAL),
    Colleague("田中由紀", "Tanaka Yuki", "ja", "tanaka.yuki", (*_QUALITY, "purchasing")),
    Colleague("Sofia Lindqvist", None, "sv", "sofia.lindqvist", (*_COMMERCIAL, "rnd")),
    Colleague("陈思雨", "Chen Siyu", "zh-Hans", "chen.siyu", _TECHNICAL),
    Colleague("Jonas Reuter", None, "de", "jonas.reuter", (*_TECHNICAL, "quality")),
)
LEI, CHIHWEI, YUKI, SOFIA, SIYU, JONAS = range(6)

CUSTOMERS: Final = (
    Customer(
        "铭川通信",
        "Mingchuan Communications",
        "zh-Hans",
        "mingchuan.example",
        "A",
        "Telecom",
        "South China",
        "CN",
        "broad",
        (LEI, SIYU, YUKI),
        12,
        ("射频", "电源"),
        rotation=(36, 1, 0),
        has_wave=True,
    ),
    Customer(
        "曜禾電子",
        "Yaohe Electronics",
        "zh-Hant",
        "yaohe.example",
        "A",
        "Computing",
        "Taiwan",
        "TW",
        "fair",
        (CHIHWEI, SIYU, YUKI),
        6,
        ("電源", "高速介面"),
        rotation=(36, 7, 0),
    ),
    Customer(
        "蓝峤汽车电子",
        "Lanqiao Automotive Electronics",
        "zh-Hans",
        "lanqiao.example",
        "A",
        "Automotive",
        "East China",
        "CN",
        "one_thread",
        (LEI, JONAS),
        9,
        ("车身域控", "电驱"),
        rotation=(36, 10, 0),
    ),
    Customer(
        "御影野電機",
        "Mikageno Electric",
        "ja",
        "mikageno.example",
        "A",
        "Industrial",
        "Kansai",
        "JP",
        "broad",
        (YUKI, SIYU, SOFIA),
        None,
        ("インバータ", "制御"),
        rotation=(24, 4, 0),
    ),
    Customer(
        "北岭储能",
        "Beiling Energy Storage",
        "zh-Hans",
        "beiling.example",
        "B",
        "Energy",
        "East China",
        "CN",
        "fair",
        (LEI, SIYU),
        18,
        ("电池管理", "变流"),
        has_lists=True,
    ),
    Customer(
        "崧嵐科技",
        "Songlan Technology",
        "zh-Hant",
        "songlan.example",
        "A",
        "Servers",
        "Taiwan",
        "TW",
        "broad",
        (CHIHWEI, JONAS, SIYU),
        3,
        ("伺服器電源", "散熱"),
    ),
    Customer(
        "瑾帆医疗",
        "Jinfan Medical Devices",
        "zh-Hans",
        "jinfan.example",
        "B",
        "Medical",
        "East China",
        "CN",
        "cold",
        (CHIHWEI, YUKI),
        25,
        ("影像", "监护"),
    ),
    Customer(
        "Skarnhaug Maritime",
        None,
        "nb",
        "skarnhaug.example",
        "B",
        "Maritime",
        "Nordics",
        "NO",
        "fair",
        (SOFIA, JONAS),
        None,
        ("Sonar", "Kraftelektronikk"),
    ),
    Customer(
        "Brettnauer Antriebstechnik",
        None,
        "de",
        "brettnauer.example",
        "B",
        "Industrial",
        "Central Europe",
        "DE",
        "one_thread",
        (SOFIA, JONAS),
        21,
        ("Leistungselektronik", "Regelung"),
    ),
    Customer(
        "榛名坂計測",
        "Harunazaka Instruments",
        "ja",
        "harunazaka.example",
        "C",
        "Instruments",
        "Kanto",
        "JP",
        "empty",
        (YUKI,),
        None,
        ("センサ", "信号処理"),
    ),
)
