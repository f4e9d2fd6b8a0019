"""The seats an invented customer has, and what they are called in its language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["SEATS", "TITLES", "UNITS", "UNIT_PARENTS", "Seat"]


@dataclass(frozen=True)
class Seat:
    """A post of the common plan: where it stands, what it does, to which seat it reports."""

    key: str
    unit: str
    function: str
    level: str
    reports_to: str | None
    seats: int = 1


SEATS: Final = tuple(
    Seat(key, unit, function, level, superior, seats)
    for key, unit, function, level, superior, seats in (
        ("president", "office", "management", "executive", None, 1),
        ("operations", "office", "management", "executive", "president", 1),
        ("assistant", "office", "management", "staff", "president", 1),
        ("vp_rnd", "rnd", "rnd", "executive", "president", 1),
        ("dir_a", "rnd_a", "rnd", "director", "vp_rnd", 1),
        ("mgr_a1", "rnd_a", "rnd", "manager", "dir_a", 1),
        ("mgr_a2", "rnd_a", "rnd", "manager", "dir_a", 1),
        ("lead_a", "rnd_a", "rnd", "lead", "mgr_a1", 1),
        ("eng_a", "rnd_a", "rnd", "staff", "lead_a", 3),
        ("dir_b", "rnd_b", "rnd", "director", "vp_rnd", 1),
        ("mgr_b1", "rnd_b", "rnd", "manager", "dir_b", 1),
        ("lead_b", "rnd_b", "rnd", "lead", "mgr_b1", 1),
        ("eng_b", "rnd_b", "rnd", "staff", "lead_b", 2),
        ("dir_comp", "comp", "component_engineering", "director", "vp_rnd", 1),
        ("mgr_avl", "comp", "component_engineering", "manager", "dir_comp", 1),
        ("lead_alt", "comp", "component_engineering", "lead", "mgr_avl", 1),
        ("eng_comp", "comp", "component_engineering", "staff", "lead_alt", 2),
        ("dir_buy", "supply", "purchasing", "director", "operations", 1),
        ("mgr_buy1", "buy", "purchasing", "manager", "dir_buy", 1),
        ("mgr_buy2", "buy", "purchasing", "manager", "dir_buy", 1),
        ("lead_contract", "buy", "purchasing", "lead", "mgr_buy1", 1),
        ("buyer", "buy", "purchasing", "staff", "mgr_buy2", 3),
        ("mgr_pmc", "plan", "planning", "manager", "operations", 1),
        ("lead_forecast", "plan", "planning", "lead", "mgr_pmc", 1),
        ("planner", "plan", "planning", "staff", "lead_forecast", 2),
        ("dir_quality", "quality", "quality", "director", "operations", 1),
        ("mgr_sqe", "quality", "quality", "manager", "dir_quality", 1),
        ("lead_sqe", "quality", "quality", "lead", "mgr_sqe", 1),
        ("inspector", "quality", "quality", "staff", "lead_sqe", 2),
        ("mgr_pilot", "npi", "npi", "manager", "operations", 1),
        ("lead_process", "npi", "npi", "lead", "mgr_pilot", 1),
        ("eng_process", "npi", "npi", "staff", "lead_process", 1),
        ("dir_product", "product", "product", "director", "president", 1),
        ("mgr_product", "product", "product", "manager", "dir_product", 1),
        ("cfo", "finance", "finance", "executive", "president", 1),
        ("mgr_finance", "finance", "finance", "manager", "cfo", 1),
        ("legal", "finance", "other", "lead", "cfo", 1),
    )
)

UNIT_PARENTS: Final[dict[str, str | None]] = {
    "office": None,
    "rnd": None,
    "rnd_a": "rnd",
    "rnd_b": "rnd",
    "comp": "rnd",
    "supply": None,
    "buy": "supply",
    "plan": "supply",
    "quality": None,
    "npi": None,
    "product": None,
    "finance": None,
}
_UNIT_NAMES: Final = {  # {0} and {1} are the customer's two lines of products
    "zh-Hans": "总经理办公室|研发中心|{0}产品部|{1}产品部|器件认证部|供应链中心|采购部|计划物控部"
    "|品质部|工艺工程部|产品规划部|财务部",
    "zh-Hant": "總經理室|研發處|{0}研發部|{1}研發部|零件承認部|供應鏈管理處|採購部|生管物控部"
    "|品保處|製程工程部|產品企劃處|財務處",
    "ja": "経営企画室|開発本部|{0}開発部|{1}開発部|部品認定部|調達本部|資材調達部|生産管理部"
    "|品質保証部|生産技術部|商品企画部|経理部",
    "de": "Geschäftsleitung|Entwicklung|{0}|{1}|Bauteilefreigabe|Supply Chain|Einkauf|Disposition"
    "|Qualität|Fertigungstechnik|Produktmanagement|Finanzen",
    "nb": "Ledelse|Utvikling|{0}|{1}|Komponentgodkjenning|Forsyningskjede|Innkjøp|Planlegging"
    "|Kvalitet|Produksjonsteknikk|Produktledelse|Økonomi",
}
UNITS: Final = {
    language: dict(zip(UNIT_PARENTS, names.split("|"), strict=True))
    for language, names in _UNIT_NAMES.items()
}

_TITLES: Final = {  # in the order of SEATS
    "zh-Hans": "总经理|运营副总经理|总经理助理|研发副总裁|{0}研发总监|{0}硬件经理|{0}系统经理"
    "|{0}主任工程师|{0}硬件工程师|{1}研发总监|{1}设计经理|{1}主任工程师|{1}设计工程师"
    "|器件认证总监|AVL经理|替代料主管|器件工程师|采购总监|主动器件采购经理|被动器件采购经理"
    "|合同主管|采购员|物控经理|预测主管|计划员|品质总监|SQE经理|SQE主管|来料检验员|试产经理"
    "|工艺主管|工艺工程师|产品规划总监|产品经理|财务副总裁|应付账款经理|法务主管",
    "zh-Hant": "總經理|營運副總經理|總經理特助|研發副總經理|{0}研發處長|{0}硬體經理|{0}系統經理"
    "|{0}主任工程師|{0}硬體工程師|{1}研發處長|{1}設計經理|{1}主任工程師|{1}設計工程師"
    "|零件承認處長|AVL經理|替代料主任|零件工程師|採購處長|主動元件採購經理|被動元件採購經理"
    "|合約主任|採購專員|物控經理|預測主任|生管專員|品保處長|SQE經理|SQE主任|進料檢驗員|試產經理"
    "|製程主任|製程工程師|產品企劃處長|產品經理|財務副總經理|應付帳款經理|法務主任",
    "ja": "代表取締役社長|常務執行役員|社長秘書|取締役開発本部長|{0}開発部長|{0}設計課長"
    "|{0}システム課長|{0}設計主任|{0}設計担当|{1}開発部長|{1}設計課長|{1}設計主任|{1}設計担当"
    "|部品認定部長|部品認定課長|代替部品主任|部品技術担当|調達部長|半導体調達課長"
    "|受動部品調達課長|契約主任|調達担当|生産管理課長|需給予測主任|生産計画担当|品質保証部長"
    "|仕入先品質課長|仕入先品質主任|受入検査担当|量産試作課長|生産技術主任|生産技術担当"
    "|商品企画部長|商品企画課長|取締役経理担当|経理課長|法務主任",
    "de": "Geschäftsführer|Geschäftsführer Operations|Assistenz der Geschäftsführung"
    "|Bereichsleiter Entwicklung|Abteilungsleiter {0}|Teamleiter Hardware {0}"
    "|Teamleiter System {0}|Gruppenleiter {0}|Entwicklungsingenieur {0}|Abteilungsleiter {1}"
    "|Teamleiter {1}|Gruppenleiter {1}|Entwicklungsingenieur {1}|Leiter Bauteilefreigabe"
    "|Teamleiter Freigabeliste|Gruppenleiter Alternativbauteile|Bauteileingenieur|Einkaufsleiter"
    "|Warengruppenmanager Halbleiter|Warengruppenmanager Passive|Vertragsreferent|Einkäufer"
    "|Leiter Disposition|Gruppenleiter Bedarfsplanung|Disponent|Qualitätsleiter"
    "|Teamleiter Lieferantenqualität|Gruppenleiter Lieferantenqualität|Prüfer Wareneingang"
    "|Leiter Pilotfertigung|Gruppenleiter Prozesstechnik|Prozessingenieur"
    "|Leiter Produktmanagement|Produktmanager|Kaufmännischer Geschäftsführer|Leiter Kreditoren"
    "|Syndikus",
    "nb": "Administrerende direktør|Driftsdirektør|Direksjonssekretær|Teknologidirektør"
    "|Avdelingsdirektør {0}|Maskinvaresjef {0}|Systemsjef {0}|Fagleder {0}|Utviklingsingeniør {0}"
    "|Avdelingsdirektør {1}|Utviklingssjef {1}|Fagleder {1}|Utviklingsingeniør {1}"
    "|Direktør komponentgodkjenning|Komponentsjef|Fagleder alternativer|Komponentingeniør"
    "|Innkjøpsdirektør|Kategorisjef halvledere|Kategorisjef passive|Kontraktsleder|Innkjøper"
    "|Planleggingssjef|Prognoseleder|Planlegger|Kvalitetsdirektør|Leverandørkvalitetssjef"
    "|Fagleder leverandørkvalitet|Mottakskontrollør|Pilotproduksjonssjef|Prosessleder"
    "|Prosessingeniør|Produktdirektør|Produktsjef|Finansdirektør|Regnskapssjef|Juridisk rådgiver",
}
TITLES: Final = {
    language: dict(zip((seat.key for seat in SEATS), titles.split("|"), strict=True))
    for language, titles in _TITLES.items()
}
