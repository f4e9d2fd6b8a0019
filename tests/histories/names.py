"""Pools of names, units and titles in four languages of business."""

import random
from collections.abc import Callable
from difflib import SequenceMatcher
from functools import cache


def _words(text: str) -> list[str]:
    return text.split()


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("/") for pair in text.split())


FAMILIES = _pairs(
    "王/王 陈/陳 张/張 刘/劉 黄/黃 吴/吳 赵/趙 孙/孫 杨/楊 郑/鄭 谢/謝 许/許 邓/鄧 钟/鍾 "
    "叶/葉 苏/蘇 卢/盧 罗/羅 赖/賴 简/簡 范/范 余/余 林/林 李/李 周/周 徐/徐 高/高 梁/梁 "
    "宋/宋 蒋/蔣 韩/韓 冯/馮 萧/蕭 严/嚴 龚/龔 顾/顧 陆/陸 贺/賀 万/萬 汤/湯"
)
GIVEN = _pairs(
    "伟/偉 国/國 华/華 丽/麗 凤/鳳 龙/龍 贤/賢 胜/勝 兴/興 东/東 颖/穎 渊/淵 梦/夢 莲/蓮 "
    "强/強 发/發 云/雲 泽/澤 轩/軒 俊/俊 明/明 文/文 志/志 静/靜 敏/敏 佳/佳 宏/宏 家/家 "
    "建/建 芳/芳 杰/傑 荣/榮 义/義 学/學 亚/亞 礼/禮 刚/剛 宁/寧 涛/濤 庆/慶"
)
TRADITIONAL = {**FAMILIES, **GIVEN}
PINYIN = _pairs(
    "王/wang 陈/chen 张/zhang 刘/liu 黄/huang 吴/wu 赵/zhao 孙/sun 杨/yang 郑/zheng 谢/xie "
    "许/xu 邓/deng 钟/zhong 叶/ye 苏/su 卢/lu 罗/luo 赖/lai 简/jian 范/fan 余/yu 林/lin 李/li "
    "周/zhou 徐/xu 高/gao 梁/liang 宋/song 蒋/jiang 韩/han 冯/feng 萧/xiao 严/yan 龚/gong 顾/gu "
    "陆/lu 贺/he 万/wan 汤/tang 伟/wei 国/guo 华/hua 丽/li 凤/feng 龙/long 贤/xian 胜/sheng "
    "兴/xing 东/dong 颖/ying 渊/yuan 梦/meng 莲/lian 强/qiang 发/fa 云/yun 泽/ze 轩/xuan 俊/jun "
    "明/ming 文/wen 志/zhi 静/jing 敏/min 佳/jia 宏/hong 家/jia 建/jian 芳/fang 杰/jie 荣/rong "
    "义/yi 学/xue 亚/ya 礼/li 刚/gang 宁/ning 涛/tao 庆/qing"
)
LATIN_FAMILIES = [
    "Wang",
    "Chen",
    "Zhang",
    "Liu",
    "Huang",
    "Zhao",
    "Sun",
    "Yang",
    "Zheng",
    "Xie",
    "Deng",
    "Zhong",
    "Luo",
    "Lai",
    "Jiang",
    "Feng",
    "Gong",
    "Tang",
    "Hsieh",
    "Tsai",
    "Chiang",
    "Kuo",
    "Hsu",
    "Peng",
]
LATIN_GIVEN = [
    "Weiming",
    "Guohua",
    "Lifeng",
    "Jianhong",
    "Dongsheng",
    "Yingying",
    "Menglian",
    "Zhiqiang",
    "Yunfei",
    "Zexuan",
    "Junjie",
    "Wenbo",
    "Jingmin",
    "Jiahao",
    "Fangfang",
    "Rongyi",
    "Xueya",
    "Gangning",
    "Taoqing",
    "Haoran",
    "Shufen",
    "Mingtse",
    "Yichun",
    "Kaiwen",
]
JAPANESE_FAMILIES = [
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "渡辺",
    "伊藤",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "松本",
    "井上",
    "木村",
    "清水",
    "斎藤",
    "池田",
    "橋本",
]
JAPANESE_GIVEN = [
    "健一",
    "翔太",
    "大輔",
    "直樹",
    "由美子",
    "美咲",
    "陽子",
    "浩",
    "恵",
    "拓也",
    "真由美",
    "隆",
    "亮",
    "千尋",
    "智子",
    "秀樹",
    "聡",
    "裕子",
    "剛志",
    "明日香",
]
WESTERN_FAMILIES = [
    "Schmidt",
    "Keller",
    "O'Brien",
    "Fernández",
    "García",
    "Lindqvist",
    "Müller",
    "Rossi",
    "Novák",
    "Petrov",
    "Dubois",
    "Jansen",
    "Kowalski",
    "Andersson",
    "Papadopoulos",
    "Macdonald",
    "Whitfield",
    "Oyelaran",
    "Bhattacharya",
    "Nguyen",
    "Castellanos",
    "Øverland",
    "Szczepański",
    "Vandenberghe",
    "Haddad",
    "Blumenthal",
    "Quigley",
    "Ferreira",
    "Tremblay",
    "Zielinska",
    "Iyer",
    "Watanuki",
    "Brzezicki",
    "Ólafsdóttir",
    "Uribe",
    "Yilmaz",
    "Erskine",
    "Thackeray",
    "Mbeki",
    "Johansen",
]
WESTERN_GIVEN = [
    "Anna",
    "Jürgen",
    "Patrick",
    "José",
    "María",
    "Björn",
    "Chloé",
    "Marco",
    "Tomáš",
    "Ivan",
    "Élodie",
    "Pieter",
    "Agnieszka",
    "Sven",
    "Nikos",
    "Fiona",
    "George",
    "Adebayo",
    "Priya",
    "Thuy",
    "Lucía",
    "Håkon",
    "Zofia",
    "Wouter",
    "Rania",
    "Leonard",
    "Deirdre",
    "Inês",
    "Gaëlle",
    "Wanda",
    "Arjun",
    "Kenji",
    "Bogdan",
    "Sigrún",
    "Diego",
    "Emre",
    "Rupert",
    "Harold",
    "Thandi",
    "Kristoffer",
]

Title = tuple[str, str, str]
"""Title, level, function."""


def _titles(text: str) -> list[Title]:
    lines = (line.split("|") for line in text.strip().splitlines())
    return [(title.strip(), level, function) for title, level, function in lines]


TITLES: dict[str, list[Title]] = {
    "en": _titles("""
        Vice President|executive|management
        Purchasing Director|director|purchasing
        Plant Director|director|management
        Quality Manager|manager|quality
        Product Manager|manager|product
        Financial Controller|manager|finance
        NPI Lead|lead|npi
        Firmware Architect|lead|rnd
        Strategic Buyer|staff|purchasing
        Hardware Engineer|staff|rnd
        Component Specialist|staff|component_engineering
        Material Planner|staff|planning
        Logistics Clerk|staff|planning"""),
    "zh": _titles("""
        副总裁|executive|management
        采购总监|director|purchasing
        研发部长|director|rnd
        品质经理|manager|quality
        产品经理|manager|product
        财务经理|manager|finance
        工艺组长|lead|npi
        测试主管|lead|quality
        采购专员|staff|purchasing
        硬件工程师|staff|rnd
        器件认证工程师|staff|component_engineering
        物控员|staff|planning
        仓库文员|staff|planning"""),
    "tw": _titles("""
        副總經理|executive|management
        採購處長|director|purchasing
        廠長|director|management
        品保經理|manager|quality
        產品經理|manager|product
        財務經理|manager|finance
        製程組長|lead|npi
        測試主任|lead|quality
        採購專員|staff|purchasing
        硬體工程師|staff|rnd
        零件承認工程師|staff|component_engineering
        物管員|staff|planning
        倉儲助理|staff|planning"""),
    "ja": _titles("""
        取締役|executive|management
        購買部長|director|purchasing
        工場長|director|management
        品質課長|manager|quality
        商品企画課長|manager|product
        経理課長|manager|finance
        工程係長|lead|npi
        検査主任|lead|quality
        購買担当|staff|purchasing
        回路設計技師|staff|rnd
        部品認定技師|staff|component_engineering
        生産計画担当|staff|planning
        倉庫担当|staff|planning"""),
}
UNITS = {
    "en": "Purchasing|R&D Center|Quality Assurance|Production Planning|Wireless Products|Finance",
    "zh": "采购部|研发中心|品质部|生产计划部|无线产品线|财务部",
    "tw": "採購處|研發中心|品保部|資材部|無線產品處|財務部",
    "ja": "購買部|開発本部|品質保証部|生産管理部|無線機器事業部|経理部",
}
NEW_UNITS = {
    "en": "Global Sourcing|Hardware Platform|Reliability Office|Supply Operations|Devices|Treasury",
    "zh": "全球寻源中心|硬件平台|可靠性办公室|供应运营部|终端产品线|资金部",
    "tw": "全球尋源中心|硬體平台處|可靠度辦公室|供應營運處|終端產品處|資金部",
    "ja": "調達統括部|基盤技術部|信頼性推進室|供給運営部|端末事業部|資金部",
}
ACTING = {
    "en": ("Acting {}", "{} (acting)", "Interim {}", "{} (interim)"),
    "zh": ("代理{}", "{}（代）", "代{}", "{}（主持工作）"),
    "tw": ("代理{}", "{}（代理）", "{}（代）"),
    "ja": ("{}（代理）", "代理{}"),
}
VACANT = ("TBD", "vacant", "待定", "空缺", "-", "")
UNKNOWN = ("?", "unknown", "未知", "不详")
MIX = {
    "en": ("western", "western", "western", "latin", "zh3"),
    "zh": ("zh2", "zh3", "zh3", "western", "latin"),
    "tw": ("tw", "tw", "tw", "western", "latin"),
    "ja": ("ja", "ja", "ja", "western", "latin"),
}


NEAR = (
    ("Jonathan Smithson", "Jonathon Smithson"),
    ("Christopher Reynolds", "Cristopher Reynolds"),
    ("Aleksandra Wojciechowska", "Alexandra Wojciechowska"),
    ("Mohammed Al-Rashid", "Mohamed Al-Rashid"),
)
"""Spellings in which some ninety of a hundred letters agree."""
SPACED = (("佐藤健一", "佐藤\u3000健一"), ("田中明日香", "田中 明日香"), ("森隆", "森\u3000隆"))
TWO_SCRIPTS = (("钟丽华", "鍾麗華"), ("万国强", "萬國強"), ("严俊杰", "嚴俊傑"))
UNLIKE = ("王小明", "王小红", "王晓明", "汪小明")
"""The first and one that differs from it in one character of three."""
KEPT = (*(name for pair in (*NEAR, *SPACED, *TWO_SCRIPTS) for name in pair), *UNLIKE)
"""Names that the cases give themselves."""


class Names:
    """Hands out names of which no two are alike within a history."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.given_out = [*KEPT]

    def new(self, kind: str) -> str:
        """A name that is like none before it."""
        for _ in range(2_000):
            name = MAKERS[kind](self.rng)
            if not any(_too_alike(name, other) for other in self.given_out):
                self.given_out.append(name)
                return name
        raise LookupError(f"the pool of {kind} names is used up")


def _too_alike(one: str, other: str) -> bool:
    one, other = _plain(one), _plain(other)
    if set(one.split()) & set(other.split()):
        return True
    matcher = SequenceMatcher(None, one, other)
    return matcher.quick_ratio() > 0.7 and matcher.ratio() > 0.7


@cache
def _plain(name: str) -> str:
    return simplified(name).casefold()


TO_SIMPLIFIED = {ord(old): new for new, old in TRADITIONAL.items()}
TO_TRADITIONAL = {ord(new): old for new, old in TRADITIONAL.items()}


def simplified(text: str) -> str:
    """Our names in the characters of the mainland."""
    return text.translate(TO_SIMPLIFIED)


def traditional(text: str) -> str:
    """Our names in the characters of Taiwan."""
    return text.translate(TO_TRADITIONAL)


def pinyin(name: str) -> str:
    """One of our Chinese names in Latin letters; any other as it is."""
    if any(char not in PINYIN for char in simplified(name)):
        return name
    family, *given = (PINYIN[char] for char in simplified(name))
    return f"{family} {''.join(given)}".title()


def with_characters(name: str) -> str:
    """The Latin form, with the characters in brackets."""
    latin = pinyin(name)
    return name if latin == name else f"{latin} ({name})"


def _chinese(length: int) -> Callable[[random.Random], str]:
    def make(rng: random.Random) -> str:
        return rng.choice([*FAMILIES]) + "".join(rng.sample([*GIVEN], length - 1))

    return make


def _spaced(given: list[str], families: list[str], pattern: str) -> Callable[[random.Random], str]:
    def make(rng: random.Random) -> str:
        return pattern.format(given=rng.choice(given), family=rng.choice(families))

    return make


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "zh2": _chinese(2),
    "zh3": _chinese(3),
    "tw": lambda rng: traditional(_chinese(3)(rng)),
    "ja": _spaced(JAPANESE_GIVEN, JAPANESE_FAMILIES, "{family}{given}"),
    "latin": _spaced(LATIN_GIVEN, LATIN_FAMILIES, "{family} {given}"),
    "western": _spaced(WESTERN_GIVEN, WESTERN_FAMILIES, "{given} {family}"),
}
