"""The headings by which files call the fields: English, Chinese of both scripts, Japanese.

A vocabulary maps each field to tiers of headings, the most telling first. A field takes the best
tier that the file has; what a better heading leaves over may fill a later tier of another field
(beside 客户 the column 公司 is whom a person works for). Written as people write them; compared as
:func:`relmap.imports.sheets.columns.key_of` says.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "PEOPLE_OF_COMPANIES",
    "PROJECTS",
    "SNAPSHOT",
    "TENURES",
    "TIES",
    "TOUCHES",
    "Vocabulary",
]

Vocabulary = dict[str, tuple[str, ...]]
"""Field to tiers; a tier is headings parted by ``|``. A field's own name precedes all tiers."""

_COMPANY: Final = (
    "company|company name|organization|organisation|organization name|organization 1 name|firm|"
    "公司|公司名称|公司名稱|企业|企業|会社|会社名|企業名|組織"
)
PEOPLE_OF_COMPANIES: Final = _COMPANY
"""Headings that name the account or, if the account is given, whom each person works for."""

_ACCOUNT: Final = (
    "customer|customer name|client|client name|account name|客户|客户名称|客户公司|客戶|客戶名稱|"
    "账户|顧客|顧客名|取引先|得意先"
)
_PERSON: Final = (
    "person name|full name|contact name|employee name|姓名|员工姓名|員工姓名|联系人姓名|氏名",
    (
        "name|contact|employee|holder|incumbent|人员|人員|联系人|聯絡人|人名|名字|名前|担当者名|"
        "担当者|"
        "員工|员工"
    ),
)
_UNIT: Final = (
    (
        "department|dept|department name|organization 1 department|organization department|部门|"
        "部門|"
        "部门名称|部門名稱|所属部门|所屬部門|部署|部署名|所属|二级部门|二級部門|unit name|org unit"
    ),
    (
        "division|business unit|bu|team|section|group|subsidiary|plant|project|事业部|事業部|"
        "事业群|"
        "事業群|科室|处室|處室|处别|處別|课别|課別|単位|团队|團隊|组织|課"
    ),
)
_POST: Final = (
    (
        "job title|jobtitle|post|position|role|job|organization 1 title|organization title|职位|"
        "職位|"
        "职务|職務|职称|職稱|岗位|崗位|役職|役職名|ポスト"
    ),
    "title|头衔|頭銜|肩書|肩書き",
)
_EXTERNAL_ID: Final = (
    "person id|contact id|record id|外部编号|外部編號|联系人编号|聯絡人編號|人员编号|人員編號",
    "handle|irc nick|irc_nick|nick|user id|userid|username|user name|login|用户名|账号|帳號|域账号",
    "id|uid|编号|編號",
)
_STAFF_NUMBER: Final = (
    "staff no|staff id|employee number|employee no|employee id|personnel number|badge|emp id|"
    "工号|工號|员工号|员工编号|員工編號|员工工号|社員番号|職員番号|人事番号"
)
_EMAIL: Final = (
    "e-mail|mail|e-mail address|email address|e-mail 1 - value|e-mail 1 address|work email|"
    "business email|邮箱|郵箱|电子邮件|電子郵件|电子邮箱|電子郵箱|邮件|郵件|电子邮件地址|"
    "電子郵件地址|邮箱地址|メール|メールアドレス"
)
_LEVEL: Final = "job level|grade|rank|seniority|职级|職級|级别|級別|层级|層級|等级|等級|職階"
_FUNCTION: Final = "job function|functional area|职能|職能|职能领域|機能|職種"
_ACTING: Final = "is acting|interim|代理|是否代理"
_STARTS_ON: Final = (
    (
        "start|start date|started|started on|since|from date|in post since|in position since|"
        "到岗日期|到岗时间|到崗日期|到任日期|到任日|到职日期|任职日期|任職日期|任职时间|上任日期|就任日|着任日|"
        "开始日期|開始日期|起始日期|任职开始|開始日"
    ),
)
_TERM_ENDS_ON: Final = (
    "term end|term ends|end of term|term until|任期结束|任期結束|任期届满|任期屆滿|任期至|任期満了|"
    "任期满了|任期截止"
)

SNAPSHOT: Final[Vocabulary] = {
    "account": (_ACCOUNT, _COMPANY, "单位|單位|organization unit"),
    "unit": _UNIT,
    "parent_unit": (
        (
            "parent unit|parent department|parent|upper department|上级部门|上級部門|上级单位|"
            "上級單位|"
            "一级部门|一級部門|親部署|上位部署"
        ),
        "division|business unit|bu|事业部|事業部|事业群|事業群|本部|部",
    ),
    "unit_id": (
        (
            "unit code|department id|department code|dept id|dept code|部门编号|部門編號|部门代码|"
            "部門代號|部门编码|部署コード"
        ),
    ),
    "post": _POST,
    "person": _PERSON,
    "first_name": ("given name|forename|名",),
    "middle_name": ("additional name|中间名|中間名",),
    "last_name": ("family name|surname|姓|姓氏",),
    "name_latin": (
        (
            "latin name|latin_name|english name|name in english|romanized name|pinyin|romaji|"
            "英文名|"
            "英文姓名|英文名字|拼音|姓名拼音|罗马字|ローマ字|英語名"
        ),
    ),
    "nickname": ("nick name|花名|昵称|暱稱|绰号|外号|ニックネーム",),
    "address_as": ("salutation|form of address|尊称|称呼|稱呼|敬称",),
    "external_id": _EXTERNAL_ID,
    "staff_number": (_STAFF_NUMBER,),
    "email": (_EMAIL,),
    "phone": (
        (
            "telephone|tel|business phone|work phone|office phone|phone number|phone 1 - value|"
            "电话|電話|座机|办公电话|辦公電話|商务电话|商務電話|公司电话|固定电话|電話番号"
        ),
        "primary phone|home phone|company main phone",
    ),
    "mobile": (
        (
            "mobile phone|cell|cell phone|mobile number|手机|手機|手机号|手机号码|手機號碼|"
            "移动电话|行動電話|携帯|携帯電話"
        ),
        "phone 2 - value",
    ),
    "wechat": ("wechat id|weixin|微信|微信号|微信號",),
    "level": (_LEVEL,),
    "function": (_FUNCTION,),
    "decision_weight": ("weight|decision power|决策权重|決策權重|决策权|决策影响力",),
    "acting": (_ACTING,),
    "reports_to": (
        (
            "manager|manager name|manager's name|manager_name|supervisor|boss|line manager|"
            "superior|"
            "汇报对象|匯報對象|汇报给|上司|上级|上級|直属上级|直屬上級|直属上司|直屬主管|直接上级|"
            "经理姓名|經理姓名|上級主管|上长|上長"
        ),
    ),
    "reports_to_id": (
        (
            "manager id|manager staff number|manager email|supervisor id|manager_id|上级工号|"
            "上級工號|"
            "上司工号|汇报对象工号|直属上级工号|上级邮箱|主管工號"
        ),
    ),
    "starts_on": _STARTS_ON,
    "term_ends_on": (_TERM_ENDS_ON,),
    "affiliation": (
        (
            "employer|employer domain|employer_domain|works for|所属公司|所屬公司|雇主|派遣公司|"
            "外包公司|劳务公司|所属会社"
        ),
        _COMPANY,
    ),
    "snapshot_date": (
        "snapshot date|as of|as_of|as of date|快照日期|统计日期|統計日期|数据日期|截至日期|基準日",
    ),
}

TENURES: Final[Vocabulary] = {
    **{
        field: SNAPSHOT[field]
        for field in (
            *("account", "unit", "parent_unit", "unit_id", "post", "person", "first_name"),
            *("middle_name", "last_name", "name_latin", "external_id", "staff_number", "email"),
            *("level", "function", "acting", "term_ends_on"),
        )
    },
    "affiliation": (
        "employer|employer domain|employer_domain|org domain last|org_domain_last|所属公司|雇主",
    ),
    "starts_on": _STARTS_ON,
    "ends_on": (
        (
            "end|end date|ended|ended on|until|to date|left on|离任日期|離任日期|离职日期|離職日期|"
            "离岗日期|結束日期|结束日期|卸任日期|任职结束|退任日|終了日"
        ),
    ),
    "start_known": ("is start known|start is known|开始日期已知|起始已知|已知到岗",),
    "start_censored": ("start censored|left censored|left truncated",),
    "end_reason": (
        (
            "reason|end reason|leave reason|reason for leaving|离任原因|離任原因|离职原因|離職原因|"
            "离岗原因|退任理由"
        ),
    ),
}

TIES: Final[Vocabulary] = {
    "from": (
        (
            "ours|we|our person|our name|our contact|owner|salesperson|our side|from person|"
            "person a|我方|我方人员|我方人員|我方姓名|销售|業務|负责人|当方"
        ),
    ),
    "to": (
        (
            "theirs|their person|their name|their contact|person|contact|client person|to person|"
            "person b|对方|對方|对方人员|對方人員|客户联系人|联系人|聯絡人|姓名|先方"
        ),
    ),
    "account": (_ACCOUNT, _COMPANY),
    "external_id": ("their id|to id|person id|handle|email|mail|邮箱|郵箱|工号|工號",),
    "kind": ("tie|relation|relation kind|type|关系|關係|关系类型|關係類型|関係",),
    "level": (
        "relationship level|closeness|trust|关系等级|關係等級|关系级别|關係級別|亲密度|信任度|等级",
    ),
    "sign": ("positive|polarity|正负|正負",),
    "starts_on": ("since|start|start date|known since|开始日期|認識日期|认识时间|自",),
    "observed_on": ("on|as of|observed|judged on|day|date|日期|评估日期|評估日期|判断日期",),
    "basis": ("source|依据|依據|来源|來源|根拠",),
}

TOUCHES: Final[Vocabulary] = {
    "day": ("on|date|when|touched on|contact date|日期|时间|時間|联系日期|拜访日期|拜訪日期|日付",),
    "kind": (
        "type|channel|how|touch|activity|方式|类型|類型|联系方式|聯絡方式|接触方式|拜访方式|種別",
    ),
    "direction": ("initiated by|inbound outbound|方向|主动方|主動方",),
    "ours": (
        (
            "from|we|our people|our person|our side|salesperson|owner|我方|我方人员|我方人員|"
            "销售|業務|跟进人|负责人|当方"
        ),
    ),
    "theirs": (
        (
            "to|people|person|their people|their person|contacts|contact|attendees|对方|對方|"
            "对方人员|對方人員|客户人员|客戶人員|客户联系人|联系人|聯絡人|姓名|先方"
        ),
    ),
    "account": (_ACCOUNT, _COMPANY),
    "external_id": ("their id|person id|handle|email|mail|邮箱|郵箱|工号|工號",),
    "summary": (
        (
            "text|said|what was said|content|note|notes|subject|description|内容|內容|沟通内容|"
            "溝通內容|纪要|紀要|备注|備註|摘要|議事"
        ),
    ),
    "next_step": ("next|next action|follow-up|follow up|下一步|后续|後續|下一步行动|次の行動",),
    "next_step_on": (
        (
            "next step date|next date|follow-up date|due|due date|下一步日期|跟进日期|跟進日期|"
            "下次联系日期|下次聯絡日期"
        ),
    ),
}

PROJECTS: Final[Vocabulary] = {
    "account": (_ACCOUNT, _COMPANY),
    "project": (
        (
            "project name|opportunity|opportunity name|deal|deal name|design-in|design in|socket|"
            "项目|項目|项目名称|項目名稱|商机|商機|商机名称|商機名稱|案名|案件|案件名|案子|"
            "プロジェクト|プロジェクト名"
        ),
        "name|名称|名稱|机种|機種",
    ),
    "part_number": (
        (
            "part|part no|part number|pn|p/n|mpn|料号|料號|料件编号|料件編號|物料号|物料编码|"
            "品番|型番|部品番号"
        ),
        "model|product|型号|型號|产品型号|產品型號|产品|產品",
    ),
    "stage": (
        "project stage|sales stage|phase|阶段|階段|项目阶段|項目階段|销售阶段|ステージ|フェーズ",
        "status|状态|狀態|进度|進度|状況",
    ),
    "value": (
        (
            "amount|deal value|expected revenue|revenue|annual value|annual revenue|金额|金額|"
            "项目金额|項目金額|预计金额|預計金額|商机金额|年金额|年金額|年营业额|营业额|營業額|"
            "销售额|銷售額|"
            "预计销售额|金額見込|見込金額|売上|売上見込"
        ),
    ),
    "currency": ("ccy|currency code|币种|幣種|幣別|币别|货币|貨幣|通貨",),
    "starts_on": (
        (
            "start|start date|started|started on|opened on|created|created on|since|立项日期|"
            "立項日期|"
            "立项时间|开始日期|開始日期|启动日期|啟動日期|创建日期|建立日期|開始日"
        ),
    ),
    "decides_on": (
        (
            "decides|decision|decision date|decision day|decision expected|close date|"
            "expected close date|expected close|决策日期|決策日期|决策时间|预计决策日期|定案日期|"
            "预计定案|預計定案|预计成交日期|預計成交日期|預計結案日|決定予定日|決定日"
        ),
    ),
    "ended_on": (
        (
            "ended|end date|ends_on|closed|closed on|closed date|won on|lost on|结束日期|"
            "結束日期|结案日期|"
            "結案日期|赢单日期|输单日期|終了日"
        ),
    ),
    "ended_because": (
        (
            "reason|end reason|end_reason|why|won reason|lost reason|loss reason|win reason|"
            "close reason|"
            "原因|赢单原因|输单原因|丢单原因|失单原因|結案原因|结束原因|失注理由|理由"
        ),
    ),
    "unit": (
        "deciding unit|decision unit|决策部门|決策部門|決裁部署",
        "unit name|department|dept|department name|部门|部門|部署",
    ),
    "post": (
        (
            "deciding post|deciding posts|decision post|decision posts|decider post|decided by|"
            "决策岗位|決策崗位|决策岗|決策崗|决策职位|決策職位|决策人岗位|拍板岗位|決裁者役職"
        ),
        "posts|post title|job title|title|position|positions|岗位|崗位|职位|職位|职务|職務|役職",
    ),
}
