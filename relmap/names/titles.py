"""Level and function guessed from a title, Chinese, Japanese and English; people correct it.

Decisions where usage differs: a deputy (副, vice, deputy) has the level of whom they deputise.
部长, 部長 and 处长 head a department and are directors, 课长 and 科长 managers, 主任, 主管, 係長
and 组长 leads. 课长代理 and its like are ranks of their own in Japan, one below. Who heads an
office, a centre or a laboratory as 主任 is a manager. An assistant or secretary is staff, whoever
the chief. Japanese 経理 is accounting, Chinese 经理 and 經理 a manager.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from relmap.contracts.words import Function, Level

__all__ = ["guess_function", "guess_level", "named_function", "named_level"]


def guess_level(title: str) -> Level:
    """The level of a post by its title; ``staff`` where it names none."""
    return named_level(title) or "staff"


def guess_function(title: str, *, unit: str | None = None) -> Function:
    """The function of a post by its title, else by its unit's name; ``other`` where neither tells.

    An engineer of no other trade is of ``rnd``.
    """
    function = named_function(title) or (named_function(unit) if unit else None)
    return function or ("rnd" if _ANY_ENGINEER.search(_plain(title)) else "other")


@lru_cache(maxsize=8192)
def named_level(title: str) -> Level | None:
    """The level a title names, or ``None`` if it names none."""
    text = _OFFICES_OF_CHIEFS.sub("办公室", _plain(title))
    return next((level for words, level in _LEVELS if words.search(text)), None)


@lru_cache(maxsize=8192)
def named_function(title: str) -> Function | None:
    """The function a title or the name of a unit names, or ``None`` if it names none."""
    text = _plain(title)
    return next((function for words, function in _FUNCTIONS if words.search(text)), None)


# Traditional and Japanese forms of the characters in the tables, so that each word stands once.
# 経 is left as it is: 経理 and 经理 are two words.
_SIMPLER: Final = str.maketrans(
    "總総經長課處処廠務劃計畫產産業営營銷銷購買採調達發発開設計軟體硬韌電氣機構測試驗術製資財會計"
    "審稅貿專員職級師協襄領導隊組線質檢検査査認證証書記辦廳區監樣導進應鏈鍊倉庫儲關係係優執役"
    "創辦區顧問門實験験導戰規標準際團聯絡項目圖訊號軟內項關務稱變壓維護備單輸運軸連結層領選",
    "总总经长课处处厂务划计画产产业营营销销购买采调达发发开设计软体硬韧电气机构测试验术制资财会计"
    "审税贸专员职级师协襄领导队组线质检检查查认证证书记办厅区监样导进应链链仓库储关系系优执役"
    "创办区顾问门实验验导战规标准际团联络项目图讯号软内项关务称变压维护备单输运轴连结层领选",
)


def _plain(title: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", title).casefold().translate(_SIMPLER).split())


_OFFICES_OF_CHIEFS: Final = re.compile(
    "(?:总(?:经理|裁)|董事长|社长)(?:办公室|办(?!公)|室)|总经办|"
    "office of the (?:ceo|president|chairman)"
)
_ANY_ENGINEER: Final = re.compile(r"工程师|工程|技术|技师|engineer|technolog|technical|测试|test")

# The first row that is found decides: exceptions stand before the rule they break. The lines of a
# row are alternatives like those within a line.
_LEVEL_WORDS: Final[tuple[tuple[Level, str], ...]] = (
    ("manager", r"(?:总(?:经理|裁)|董事长|ceo)(?:特别|高级)?助理|特助"),
    (
        "staff",
        r"助理(?!副?总裁|副?总经理)|秘书|文员|实习|assistant to|secretary(?! general)|intern\b",
    ),
    ("staff", r"(?:executive|personal|administrative|purchasing|office) assistant|trainee"),
    ("staff", r"(?:account|sales|marketing|purchasing|customer \w+|service) executive"),
    ("manager", r"(?:部|次|室|本部|所|局)长代理|次长"),
    ("lead", r"[课科]长(?:代理|补佐|補佐)|assistant manager|襄理"),
    ("director", r"\bavp\b|\bagm\b|(?:associate|assistant) (?:vice president|vp|general manager)"),
    ("director", r"总监|总工|本部长|协理|总设计师|总架构师|chief (?:engineer|architect|designer)"),
    ("lead", r"首席(?!.*官)|chief (?:scientist|buyer|inspector)"),
    (
        "executive",
        r"""
        董事|总裁|总经理|总経理|副总|社长|会长|专务|専务|常务|取缔役|取締役|执行役|執行役
        首席.*官|老板|老总|创始人|[一-鿿]总$|^总$|党委|书记
        """,
    ),
    (
        "executive",
        r"""
        \bc[a-z]o\b|\bchief\b|president|\b[es]?vp\b|\bchair(?:man|woman|person)?\b
        managing director|executive director|general manager|\b[dsv]?gm\b|founder|\bowner\b
        board member|member of the (?:executive )?board
        """,
    ),
    ("manager", r"(?:section|team|group|shift) head|head of (?:section|team|group)|\bsqm\b"),
    (
        "director",
        r"[部处厂院所局司]长|工场长|工場长|支店长|部门负责人|事业部负责人|(?<!项目)负责人",
    ),
    ("director", r"director|\bhead\b|\bdir\b\.?"),
    (
        "manager",
        r"""
        (?:办公室|中心|实验室|研究室|部)主任|经理|副理|[课科室店站]长|マネージャー
        マネジャー
        """,
    ),
    ("manager", r"manager\b|\bmgr\b\.?|\bpm\b"),
    (
        "lead",
        r"""
        [组股班线段队系係]长|主任|主管|主査|主查|主干|主席|领班|督导|组头|带头人|リーダー
        负责人
        """,
    ),
    ("lead", r"\blead(?:er)?\b|supervisor|foreman|\bprincipal\b|\bfellow\b|distinguished|\btl\b"),
    (
        "staff",
        r"工程师|员|师$|专家|顾问|技师|专理|担当|干事|技工|普工|采购$|会计|出纳|管理师|架构师",
    ),
    (
        "staff",
        r"""
        engineer|buyer|planner|specialist|analyst|clerk|coordinator|officer|technician
        designer|developer|scientist|accountant|inspector|expediter|scheduler|associate
        assistant|architect|expert|consultant|\b[sdcipto]?q[ec]\b|\bfae\b|\brepresentative\b
        agent|operator|controller
        """,
    ),
)

_FUNCTION_WORDS: Final[tuple[tuple[Function, str], ...]] = (
    ("finance", r"财务|财会|会计|出纳|税务|审计|资金|(?<!总)経理|计财"),
    (
        "finance",
        r"""
        financ|accounting|accountant|accounts (?:payable|receivable)|treasur|\bcfo\b|\baudit
        \btax\b|(?<!material )(?<!production )controller\b|bookkeep
        """,
    ),
    ("quality", r"产品认证|安规|体系认证|质量认证"),
    (
        "component_engineering",
        r"(?:器件|物料|材料|零件|部品|元件|供应商)?(?:认证|承认|认定|选型)|零件工程|部品技术",
    ),
    (
        "component_engineering",
        r"""
        component(?:s)? (?:engineer|qualif|approv|technolog)|parts engineer|\bavl\b
        (?:component|part|material)s? (?:qualification|approval|certification)
        """,
    ),
    ("quality", r"质量|品质|品保|品管|质检|质管|质保|检验|检查|体系|客诉|可靠性|信赖性|稽核"),
    ("quality", r"quality|\b[sdciopf]?q[aecm]\b|\b[io]qc\b|\bipqc\b|\bpqe\b|reliability|inspect"),
    (
        "npi",
        r"新产品导入|试产|工艺|制程|制造技术|生产技术|生产工程|生技|工业工程|量产导入|导入工程",
    ),
    (
        "npi",
        r"""
        \bnpi\b|process engineer|manufacturing engineer|industriali[sz]ation
        pilot (?:run|line)|new product introduction|\b[pi]e\b|industrial engineer
        production engineer
        """,
    ),
    (
        "planning",
        r"""
        生产计划|物控|物料控制|生管|生产管理|(?<!战略)(?<!产品)(?<!项目)计划|资材(?!采购)
        排程
        """,
    ),
    (
        "planning",
        r"""
        \bpmc\b|\bp?mc\b|\bpc\b|(?<!strategic )(?<!strategy )planner|planning
        production control|material(?:s)? (?:control|manage)|demand|forecast|s&op|scheduler
        inventory
        """,
    ),
    ("purchasing", r"采购|采买|寻源|调达|购买|供应链|供应商|外协|资源开发|买手"),
    (
        "purchasing",
        r"""
        purchas|procure|sourcing|\bbuy(?:er|ing)\b|commodity|supply chain|supplier|\bscm\b
        vendor manage|\bcpo\b
        """,
    ),
    ("component_engineering", r"器件|零件|部品|components?\b"),
    ("planning", r"物料|物流|仓储|仓库|库存|logistics|warehouse|\bmaterials?\b"),
    (
        "other",
        r"""
        销售|营销|市场|营业|业务|客服|客户|售后|人力|人事|行政|法务|总务
        信息(?:部|化|中心|系统)|设备|培训|公关|战略|证券|环安|安全|项目(?!.*研发)|商务
        """,
    ),
    (
        "other",
        r"""
        \bsales\b|marketing|business dev|customer|service|human resource|\bhr\b|legal|\bit\b
        information technology|\badmin|communicat|facilit|strategy|training|public relations
        \baccount (?:manager|executive|director)
        """,
    ),
    (
        "rnd",
        r"""
        研发|研究|开发|设计|硬件|软件|固件|韧体|射频|电子|电气|电源|结构|机构|嵌入式|算法
        架构|芯片|首席技术官|技术总监|技术(?:部|中心|副总|长)|总工|研制|光学|实验室|布线
        layout
        """,
    ),
    (
        "rnd",
        r"""
        \br ?& ?d\b|\brd\b|research|(?<!business )development|developer|design|hardware
        software|firmware|\bhw\b|\bsw\b|\bfw\b|\brf\b|electronic|electrical|mechanical
        embedded|architect|\bcto\b|(?:vp|vice president|head|director)(?:,| of)? engineering
        engineering (?:director|vp|manager)|scientist|laborator|\blab\b
        """,
    ),
    ("product", r"产品|商品企划|商品企画|商品|企划|企画"),
    ("product", r"\bproducts?\b|portfolio"),
    (
        "management",
        r"""
        董事|总裁|总经理|总経理|社长|会长|专务|専务|常务|取缔役|取締役|执行役|執行役
        首席执行|首席运营|副总(?!工|监)|总经办|[厂院]长|老板|创始人|书记|党委|经营
        ^[一-鿿]?总$|工场长|工場长
        """,
    ),
    (
        "management",
        r"""
        \bceo\b|\bcoo\b|chief (?:executive|operating)|president|\b[es]?vp\b
        chair(?:man|woman|person)|managing director|executive director|general manager
        \b[d]?gm\b|founder|\bowner\b|board|general management
        """,
    ),
)


def _pattern(words: str) -> re.Pattern[str]:
    # ASCII: a word such as SQE ends where Chinese begins.
    return re.compile("|".join(line.strip() for line in words.strip().splitlines()), re.ASCII)


_LEVELS: Final = tuple((_pattern(words), level) for level, words in _LEVEL_WORDS)
_FUNCTIONS: Final = tuple((_pattern(words), function) for function, words in _FUNCTION_WORDS)
