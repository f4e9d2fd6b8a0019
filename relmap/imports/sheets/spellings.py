"""What people write for the words of the closed lists, in English and Chinese."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, cast

from relmap.contracts import Message
from relmap.contracts.message import N_
from relmap.contracts.words import (
    CLAIM_BASES,
    DIRECTIONS,
    END_REASONS,
    FUNCTIONS,
    LEVELS,
    PROJECT_STAGES,
    RELATIONSHIP_LEVELS,
    TIE_KINDS,
    TOUCH_KINDS,
    ClaimBasis,
    Direction,
    EndReason,
    Function,
    Level,
    ProjectStage,
    RelationshipLevel,
    TieKind,
    TouchKind,
)
from relmap.imports.sheets.cells import Unreadable
from relmap.names.folding import tidy
from relmap.names.titles import named_function, named_level

__all__ = [
    "read_basis",
    "read_direction",
    "read_end_reason",
    "read_function",
    "read_level",
    "read_project_stage",
    "read_relationship_level",
    "read_sign",
    "read_tie_kind",
    "read_touch_kind",
]

_LEVELS: Final = {
    "executive": "executives|c-level|c level|top|高管|高层|高層|决策层|決策層|役員",
    "director": "directors|总监级|處長級|高级管理|部长级|部級",
    "manager": "managers|middle|中层|中層|经理级|經理級|管理层|管理職",
    "lead": "leads|supervisor|基层主管|主管级|主管級|组长级|係長級",
    "staff": "member|individual contributor|ic|员工|員工|职员|職員|普通员工|基层|基層|一般|"
    "一般職|社員",
}
_FUNCTIONS: Final = {
    "management": "general management|管理|经营|經營|管理层|経営",
    "rnd": "r&d|rd|r and d|research|engineering|design|研发|研發|技术|技術|開発|设计|設計|工程",
    "component_engineering": "component engineering|components|ce|器件|认证|認證|零件承认|零件承認",
    "purchasing": "purchase|procurement|sourcing|buying|supply chain|采购|採購|購買|調達|供应链",
    "quality": "qa|qc|sqe|品质|品質|质量|質量|品管|品保",
    "npi": "process|manufacturing engineering|工艺|工藝|制程|製程|试产|試產|生産技術",
    "planning": "pmc|material control|logistics|计划|計劃|物控|生管|生産管理|資材",
    "product": "product management|marketing|产品|產品|商品企画|製品",
    "finance": "accounting|财务|財務|会计|會計|経理",
    "other": "others|misc|其他|其它|其他职能|その他",
}
_RELATIONSHIP_LEVELS: Final = {
    "none": "no|nothing|0|无|無|没有|沒有|不认识|不認識",
    "vendor": "supplier|known|1|供应商|供應商|认识|認識|一般|普通",
    "credible_source": "credible source|credible|2|可信来源|可信來源|可信|较熟|熟悉",
    "problem_solver": "problem solver|3|问题解决者|問題解決者|解决问题|解決問題|伙伴|夥伴",
    "trusted_advisor": "trusted advisor|trusted adviser|advisor|4|信任顾问|信任顧問|信赖顾问|"
    "顾问|顧問|"
    "亲信|铁|铁杆|鐵桿",
}
_TIE_KINDS: Final = {
    "knows": "know|known|contact|relation|relationship|认识|認識|相识|相識|关系|關係|熟人|对接|"
    "對接",
    "influences": "influence|影响|影響",
    "advises": "advice|advise|asks advice|请教|請教|咨询|諮詢",
    "conflicts": "conflict|enemy|rival|矛盾|冲突|衝突|不和|对立|對立",
    "schoolmate": "schoolmates|classmate|classmates|alumni|同学|同學|校友",
    "former_colleague": "former colleagues|ex-colleague|colleague|colleagues|前同事|老同事|"
    "旧同事|舊同事|同事",
    "family": "relative|relatives|spouse|亲属|親屬|亲戚|親戚|家人|夫妻",
    "friend": "friends|friendship|朋友|好友|友人",
    "dotted_line": "dotted line|dotted|matrix|虚线|虛線|虚线汇报|虛線匯報",
}
_TOUCH_KINDS: Final = {
    "visit": "meeting|meet|onsite|on-site|face to face|f2f|拜访|拜訪|来访|來訪|到访|会议|會議|"
    "面谈|面談|"
    "见面|見面|会面|開會|开会|上门|訪問|打ち合わせ",
    "call": "phone|phone call|telephone|video call|conference call|电话|電話|通话|通話|视频|視頻|"
    "电话会议|電話會議|視訊",
    "mail": "email|e-mail|邮件|郵件|电子邮件|電子郵件|电邮|電郵|メール|letter|信",
    "message": "wechat|weixin|line|whatsapp|sms|im|chat|微信|短信|消息|訊息|聊天|钉钉|企业微信|"
    "飞书",
    "meal": "lunch|dinner|breakfast|drinks|吃饭|吃飯|饭局|飯局|聚餐|宴请|宴請|午餐|晚餐|餐叙|"
    "餐敘|应酬|"
    "應酬|会食|食事",
    "gift": "present|礼物|禮物|礼品|禮品|送礼|送禮|伴手礼|伴手禮|お土産",
    "sample": "samples|sampling|样品|樣品|送样|送樣|寄样|寄樣|サンプル",
    "event": "exhibition|fair|trade fair|seminar|training|活动|活動|展会|展會|研讨会|研討會|培训|"
    "技术交流|技術交流|展示会|セミナー",
    "complaint_call": "complaint|complaint call|客诉|客訴|投诉|投訴|抱怨|クレーム",
    "other": "others|misc|其他|其它|その他",
}
_PROJECT_STAGES: Final = {
    "concept": "idea|lead|inquiry|概念|构想|構想|立项|立項|询价|詢價|企画|構想段階",
    "specification": "spec|specification phase|rfi|rfq|规格|規格|规格制定|定义|定義|仕様|仕様検討",
    "sample": "samples|sampling|送样|送樣|样品|樣品|打样|打樣|サンプル",
    "evaluation": "eval|design|design-in|design in|dvt|evt|testing|评估|評估|测试|測試|验证|驗證|"
    "設計|设计|"
    "评价|評価",
    "qualification": "avl|approval|qualified|承认|承認|认证|認證|认定|導入认证|导入|導入|"
    "料件承认|認定",
    "pilot": "pilot run|trial|trial run|pvt|试产|試產|小批|小批量|小量|試作|量産試作",
    "mass_production": "mp|production|ramp|mass production|量产|量產|批量|大批量|量産",
    "end_of_life": "eol|end of life|phase out|停产|停產|退市|停止生产|生産中止",
    "won": "win|design win|closed won|design-win|赢单|贏單|中标|得标|得標|成交|已成交|定点|受注",
    "lost": "loss|closed lost|design loss|cancelled|canceled|输单|輸單|丢单|失单|失單|丢标|流标|"
    "取消|失注",
}
_DIRECTIONS: Final = {
    "out": "outbound|outgoing|from us|we|ours|us|我方|我们|我們|主动|主動|去|出",
    "in": "inbound|incoming|from them|they|theirs|them|client|customer|对方|對方|客户|客戶|来|"
    "來|入",
    "both": "mutual|two-way|双向|雙向|互相",
}
_BASES: Final = {
    "told": "told me|said|stated|被告知|告知|听说本人|本人说|本人告知|亲口",
    "seen": "saw|observed|witnessed|亲见|亲眼|親眼|看到|观察|觀察",
    "inferred": "inference|assumed|guess|guessed|推测|推測|推断|推斷|猜测",
    "hearsay": "heard|rumour|rumor|听说|聽說|传闻|傳聞|据说",
}
_END_REASONS: Final = {
    "left_company": "left|left the company|resigned|quit|dismissed|离职|離職|辞职|辭職|跳槽|"
    "离开公司|"
    "转投|退社|転職",
    "moved_inside": "moved|transferred|transfer|rotated|rotation|reassigned|调岗|調崗|"
    "轮岗|"
    "輪崗|调动|調動|转岗|轉崗|平调|換任|異動",
    "promoted": "promotion|升职|升職|晋升|晉升|提拔|升任|昇進",
    "retired": "retirement|退休|定年",
    "acting_ended": "acting ended|confirmed|代理结束|代理結束|转正|轉正",
    "post_abolished": "abolished|post abolished|unit closed|unit_closed|closed|left_unit_closing|"
    "role_abolished_distributed_leadership|岗位取消|职位取消|職位取消|撤销|撤銷|裁撤|部门撤销",
    "unknown": "?|n/a|replaced|left_vacant|open|不详|不詳|未知|不明",
}


def _key(text: str) -> str:
    plain = tidy(unicodedata.normalize("NFKC", text)).casefold()
    return plain.replace("_", " ").replace("-", " ")


def _spelled(words: Sequence[str], spellings: Mapping[str, str]) -> Mapping[str, str]:
    """Each spelling's key with its word; a word is its own first spelling."""
    own = {_key(word): word for word in words}
    others = {
        _key(spelling): word for word, text in spellings.items() for spelling in text.split("|")
    }
    return {**others, **own}


_BY_KEY: Final[dict[str, Mapping[str, str]]] = {
    N_("level"): _spelled(LEVELS, _LEVELS),
    N_("function"): _spelled(FUNCTIONS, _FUNCTIONS),
    N_("relationship level"): _spelled(RELATIONSHIP_LEVELS, _RELATIONSHIP_LEVELS),
    N_("kind of tie"): _spelled(TIE_KINDS, _TIE_KINDS),
    N_("kind of touch"): _spelled(TOUCH_KINDS, _TOUCH_KINDS),
    N_("direction"): _spelled(DIRECTIONS, _DIRECTIONS),
    N_("basis"): _spelled(CLAIM_BASES, _BASES),
    N_("reason"): _spelled(END_REASONS, _END_REASONS),
    N_("stage of a project"): _spelled(PROJECT_STAGES, _PROJECT_STAGES),
}


def _word(text: str, what: str) -> str | None:
    """The word a cell means, ``None`` for a blank; ``Unreadable`` names the words there are."""
    key = _key(text)
    if key in ("", " "):
        return None
    words = _BY_KEY[what]
    if key in words:
        return words[key]
    known = ", ".join(sorted(set(words.values())))
    raise Unreadable(
        "{text!r} is no {what} that relmap knows. Write one of: {known}.",
        text=tidy(text)[:40],
        what=Message(what),
        known=known,
    )


@lru_cache(maxsize=1024)
def read_level(text: str) -> Level | None:
    """A post's level, also by a title of that rank such as 经理."""
    try:
        return cast("Level | None", _word(text, "level"))
    except Unreadable:
        if level := named_level(text):
            return level
        raise


@lru_cache(maxsize=1024)
def read_function(text: str) -> Function | None:
    """A post's function, also by the name of a department such as 采购部."""
    try:
        return cast("Function | None", _word(text, "function"))
    except Unreadable:
        if function := named_function(text):
            return function
        raise


def read_relationship_level(text: str) -> RelationshipLevel | None:
    """How close one of us is to one of them; also 0 to 4."""
    return cast("RelationshipLevel | None", _word(text, "relationship level"))


def read_tie_kind(text: str) -> TieKind | None:
    """What joins two people."""
    return cast("TieKind | None", _word(text, "kind of tie"))


def read_touch_kind(text: str) -> TouchKind | None:
    """How they met, spoke or wrote."""
    return cast("TouchKind | None", _word(text, "kind of touch"))


def read_direction(text: str) -> Direction | None:
    """From whom a touch came."""
    return cast("Direction | None", _word(text, "direction"))


def read_basis(text: str) -> ClaimBasis | None:
    """On what a belief rests."""
    return cast("ClaimBasis | None", _word(text, "basis"))


def read_end_reason(text: str) -> EndReason | None:
    """Why a tenure ended."""
    return cast("EndReason | None", _word(text, "reason"))


def read_project_stage(text: str) -> ProjectStage | None:
    """How far a project is, or how it ended."""
    return cast("ProjectStage | None", _word(text, "stage of a project"))


_SIGNS: Final = {
    **dict.fromkeys(("+", "1", "+1", "positive", "good", "正", "正面", "好"), 1),
    **dict.fromkeys(("0", "neutral", "中", "中性", "一般"), 0),
    **dict.fromkeys((" ", " 1", "−", "negative", "bad", "负", "負", "负面", "負面", "差"), -1),
}


def read_sign(text: str) -> int | None:
    """Whether a tie is good (1), neutral (0) or bad (-1)."""
    key = _key(text)
    if not key:
        return None
    if key in _SIGNS:
        return _SIGNS[key]
    raise Unreadable("{text!r} is no sign. Write 1, 0 or -1.", text=tidy(text)[:40])
