"""What is said at a visit, on the telephone, in a mail: short notes as colleagues write them.

``{part}`` is a part number, ``{boss}`` how a superior is addressed. A note may have a next step
after ``>>``.
"""

from __future__ import annotations

from random import Random
from typing import Final

__all__ = ["SOURCES", "TIE_NOTES", "draw_note"]

_NOTES: Final[dict[str, dict[str, str]]] = {
    "zh-Hans": {
        "visit": """介绍了{part}的样品进度，对方希望四周内给到。>>把{part}的样品排期发给对方
            带应用工程师过去看板子，电源噪声超标，建议换{part}。>>一周内给出{part}的仿真报告
            谈了下半年预测，对方说第四季度会拉高两成。
            {boss}想了解我们的产能，约了下月看厂。>>确认看厂日期和接待
            AVL会议提前了，{part}的认证还差一份可靠性报告。>>向品质要{part}的可靠性报告
            走廊里聊了几句，说部门年后要轮岗，名单还没定。""",
        "call": """问{part}的涨价通知，要一个书面说明。>>发{part}价格说明函
            催上批货，已告知周四到。
            确认评审会改到下周二，{boss}也参加。
            说竞争对手报价低了百分之四，但交期没把握。>>和内部商量{part}的阶梯价""",
        "mail": """收到{part}的测试数据，正在比对。
            对方发来新项目的规格书草稿。>>三天内回复规格书意见
            确认了季度对账，无差异。""",
        "message": """节日问候，回复很快。
            说他下周出差，回来再约。>>回来后约吃饭
            转来一张产线照片，问{part}能否替代。""",
        "meal": """一起吃午饭，聊到{boss}可能要调去海外供应链。
            晚饭，认识了隔壁部门的两位同事。>>加上新认识的两位并道谢
            吃饭时说内部在推双供应商，我们要早点把{part}报上去。""",
        "gift": """中秋送了月饼，按公司规定登记。
            项目量产，送了纪念模型。""",
        "sample": """送{part}样品五十片，编号已登记。>>两周后问{part}的测试结果
            送替代料样品两种，由器件部评估。""",
        "event": """技术研讨会，{part}的演讲反响不错。
            客户供应商大会，{boss}点名表扬了交付。""",
        "complaint_call": """来料有三片脱焊，要求两天内给8D。>>两天内交8D初稿
            投诉{part}批次混料，情绪不小，已到现场。>>跟进{part}批次更换""",
    },
    "zh-Hant": {
        "visit": """說明{part}的交期與第二貨源，對方希望月底前看到樣品。>>月底前送{part}樣品
            與硬體團隊檢討{part}的熱設計，請我們補模擬。>>補{part}熱模擬
            {boss}提到明年的新平台，規格八月凍結。
            談年度降價，對方要求百分之五，先談數量。>>準備階梯報價
            看了試產線，良率卡在回焊溫度。""",
        "call": """詢問{part}的庫存，先保留兩萬顆。>>回覆{part}保留數量
            通知下週稽核改期。
            抱怨回覆太慢，已道歉並改單一窗口。""",
        "mail": """寄來新機種的料表，{part}有兩處機會。>>三天內回覆料表建議
            確認出貨排程，沒有異動。""",
        "message": """用LINE問候，說部門最近在調動。
            傳了測試波形，請FAE看一下。>>請FAE看波形並回覆""",
        "meal": """午餐，聊到{boss}七月輪調的可能。
            尾牙前聚餐，認識了品保的新同事。>>拜訪品保新同事""",
        "gift": """端午送粽子，依規定登記。
            專案量產，送紀念品。""",
        "sample": """送{part}樣品三十顆，兩週後看結果。>>追{part}測試結果
            送替代料樣品，由零件承認部評估。""",
        "event": """研討會，承認部來了四位。
            供應商大會，{boss}上台致詞。""",
        "complaint_call": """進料有氧化，要求24小時內回覆。>>24小時內交初步分析
            {part}交貨短少，已補出。""",
    },
    "ja": {
        "visit": """{part}のサンプル納期を説明。評価は来月から。>>{part}の評価計画を送る
            次期モデルの仕様について打合せ。{boss}も同席。>>議事録を送付
            認定の進み具合を確認。信頼性データがあと一件必要。>>{part}の信頼性データを準備
            年間の需給見通しを聞いた。下期は一割増。""",
        "call": """{part}の納期を照会された。木曜に回答済み。
            監査の日程が来週に変更。
            値上げの背景を書面で欲しいとのこと。>>{part}値上げ説明書を送る""",
        "mail": """測定結果を受領、社内で確認中。
            図面改訂の連絡。{part}は影響なし。""",
        "message": """年賀の挨拶。四月の異動はまだ未定とのこと。
            出張中、来週また連絡する。""",
        "meal": """昼食。{boss}の後任の話が出た。
            懇親会で品質保証部の方を紹介された。>>紹介された方にお礼のメール""",
        "gift": """お中元を持参、社内規定で登録。
            量産開始のお祝い。""",
        "sample": """{part}を二十個納入、評価は三週間。>>{part}の評価結果を伺う
            代替品を二種提出。""",
        "event": """技術セミナーに開発部から三名参加。
            取引先懇談会、{boss}が挨拶。""",
        "complaint_call": """受入でリード曲がり二件。一次報告を至急。>>明日までに一次報告
            {part}のロット混入、選別に立会い。>>{part}の恒久対策書""",
    },
    "de": {
        "visit": """Muster {part} besprochen, der Bericht fehlt noch.>>Bericht zu {part} senden
            Neue Plattform vorgestellt, {boss} will Zweitquelle.>>Angebot Zweitquelle vorbereiten
            Linie angesehen, Problem ist die Lötbarkeit, nicht das Bauteil.
            Jahresbedarf besprochen, plus zehn Prozent.""",
        "call": """Liefertermin {part} bestätigt.
            Fragt nach Preisstabilität bis Jahresende.>>Preisbrief zu {part}
            Audit auf nächste Woche verschoben.""",
        "mail": """Messdaten erhalten, Auswertung läuft.
            Zeichnungsänderung, {part} nicht betroffen.""",
        "message": """Kurzer Gruß, Umbau der Abteilung erst im Herbst.
            Ist auf Dienstreise, meldet sich.""",
        "meal": """Mittagessen, {boss} geht wohl in Altersteilzeit.
            Abendessen nach der Messe, die neue SQE kennengelernt.>>Termin mit der Qualität""",
        "gift": """Jahreskalender, im Rahmen der Richtlinie.""",
        "sample": """25 Muster {part} übergeben.>>Ergebnis zu {part} erfragen""",
        "event": """Fachmesse, langes Gespräch am Stand.
            Lieferantentag, {boss} lobte die Liefertreue.""",
        "complaint_call": """Drei Teile mit Haarriss, 8D bis Freitag.>>8D bis Freitag
            Fehlmenge {part}, nachgeliefert.""",
    },
    "nb": {
        "visit": """Went through {part}; they need the report first.>>Send report on {part}
            Demo of the evaluation board, {boss} joined for half an hour.
            Forecast review: volumes move from spring to autumn.
            Second source wanted for {part}.>>Prepare second source proposal""",
        "call": """Lead time of {part} confirmed.
            Asks for price stability until summer.>>Price letter for {part}""",
        "mail": """Test data received, they compare with the old part.
            Drawing changed, {part} not affected.""",
        "message": """Short greeting, reorganisation not decided.
            Offshore this week, back on Monday.>>Call on Monday""",
        "meal": """Lunch; {boss} may take over operations.
            Dinner after the fair, met a colleague from quality.>>Visit quality""",
        "gift": """Calendar, within their policy.""",
        "sample": """20 pieces of {part} handed over.>>Ask for results on {part}""",
        "event": """Trade fair, long talk at the stand.
            Supplier day, {boss} spoke.""",
        "complaint_call": """Two parts cracked, 8D by Friday.>>8D by Friday
            Short delivery of {part}, rest shipped.""",
    },
}
SOURCES: Final = {
    "zh-Hans": ("本人说的", "评审会上看到", "采购部同事说", "听代理商讲", None, None),
    "zh-Hant": ("本人說的", "會議上看到", "同事轉述", "聽代理商說", None, None),
    "ja": ("ご本人", "会議での発言", "同僚から", "代理店から", None, None),
    "de": ("selbst gesagt", "in der Sitzung gesehen", "vom Kollegen", None, None),
    "nb": ("said so", "seen in the review", "from a colleague", None, None),
}
TIE_NOTES: Final[dict[str, dict[str, str]]] = {
    "zh-Hans": {
        "schoolmate": "同一届毕业",
        "former_colleague": "以前在同一家公司",
        "conflicts": "预算之争",
    },
    "zh-Hant": {
        "schoolmate": "電子系同學",
        "former_colleague": "前同事",
        "conflicts": "為交期爭執過",
    },
    "ja": {
        "schoolmate": "大学の同窓",
        "former_colleague": "前職の同僚",
        "conflicts": "予算をめぐる対立",
    },
    "de": {
        "schoolmate": "Gleicher Jahrgang",
        "former_colleague": "Früher im selben Haus",
        "conflicts": "Streit um Freigaben",
    },
    "nb": {
        "schoolmate": "Samme kull",
        "former_colleague": "Tidligere kolleger",
        "conflicts": "Uenige om budsjettet",
    },
}


def draw_note(
    random: Random, language: str, kind: str, *, boss: str, part: str
) -> tuple[str, str | None]:
    """What was said, and the next step where the note has one."""
    line = random.choice(_NOTES[language][kind].splitlines()).strip()
    said, _, step = line.partition(">>")
    fill = {"boss": boss, "part": part}
    return said.strip().format(**fill), step.strip().format(**fill) or None
