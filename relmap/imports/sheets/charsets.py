"""Which encoding a file is written in, told from its bytes.

A list exported in China, Taiwan, Japan or Europe does not say how it is encoded, and most encodings
decode the bytes of another one without complaint, into nonsense. So every candidate is decoded
strictly and the texts are compared: one whose characters people really write wins.
"""

from __future__ import annotations

import codecs
import unicodedata
from typing import Final

from relmap.errors import Refused

__all__ = ["decode"]

_SAMPLE_LENGTH: Final = 200_000
"""Characters that are looked at; all bytes are decoded in any case."""
_LEAST_PLAUSIBLE: Final = 0.1

# Characters frequent in names, titles and headings, and in running text; the second constant holds
# the traditional forms that differ. Frequency tells GB18030 from Big5, which share their bytes.
_COMMON: Final = frozenset(
    "一丁万三上下不与专且世业丛东两严个中为主丽久么义之乐乔也书了争事二于云五些交产京亮人什仁今从"
    "仓他付代以们仲件价任份企伍会伟传伯但位住体何余作你佳使供侯便俊保俞信候倩倪做健傅像儿先光克入"
    "全公兰共关兴其内冉再军冯冰决凌几凡凤凯出分切划刘则刚利别到制前副力功加务动助勇勤包化北区十半"
    "华协单南博卜卢卫即却卿厂原厦去又及反发叔取受变口只可台史叶号司各合同名后向吕君听启吴告员周命"
    "和品哲唐售嘉器四回因团园国在地圳场坤基士声处备夏外多大天太头女她好如妍妹始姓姚姜娇娜娟婷媛子"
    "孔孙孝孟季学宁它宇安宋完宏宗定宝实审客室宪家富对导射将小少尔尤就尹屈展属山岗岩岭岳峰峻崔嵩川"
    "州工左己已市师带席常平年并广庄庆库应庞度康廖廷建开式张强归当形彦彬彭待很律徐得微德心必志忠思"
    "怡性总恒悦情惠想意感慧成我或战戴户房所手才打批承技把投报拉拜指振据接控提放政敏教数文斌料斯新"
    "方施无日旭时昊昌明易春是昵晓晨景晶智曲更曹曾最月有望期未本术朱机权李杜束条来杨杭杰松构林果柏"
    "查柯柳柴树样根格桂桃梁梅梓梦森植楠樊次欣欧正此武死段殷毅比毕毛民气水永求汇汉江汤汪沈没河治沿"
    "法波注泽洁洋洪活测浩海涂涛涵淑深清温港游湾源潘澜点焦然熊爱爽片牛牟物特玉王玮环现玲珊珍珠理琛"
    "琦琪琬琳琼瑜瑞瑶瑾璇璐甄甘生用田由申电界略白的监盛目直相看真眼着睿知石研硬确磊礼社祁祖祝神祥"
    "福秀种科秘秦称程空立章童竹笔第等管箱类系素红级纪纯组织绍经结给统继维编缺罗美群翁翔翟耀老者而"
    "耿聂职聪股胜胡能自至舒良色艳艺芝芦芯芳苏苗英范荣莉莞莫莲莹莺菲萍萧葛董蒋蓉蔡蕾薄薇薛行表袁被"
    "裁裴西要覃见观规觉解詹计订认让议记许论设访证识诉试诗话该详说课谁谢谭谷象豪贞负财责质购贵费贺"
    "贾资赖走赵起超路身车轩软辉辛边达过运还这进通造道邓邢那邦邮邱邵邹郑郝部郭都采里重量金鑫钟钢钧"
    "钱铁铜铭银链销锋锐长门问间闵阎队阮阳陆陈限院陶隋难雄雅集雨雪雯雷霍霞露静非面靳韦韩项顾领频颖"
    "题颜飞首香馨马验高魏鲁鲍鹏黄黎齐龙龚"
    "並來係倉個們偉傑備傳價兒內兩凱別則剛劃劉動務勝匯區協卻叢吳呂員問啟喬單嚴國園團報場塗夢嬌孫學"
    "實寧審寶將專對導屬崗嶺嶽巖師帶幾庫廈廠廣張強彥後從恆悅愛慶憲應戰戶採據數於時暱曉書會東條楊業"
    "榮構樂樣樹機權歐歷歸氣決沒測湯溫漢潔澤濤瀾灣為無爭爾現瑋瑤瑩環瓊產畢當發監盧確祕禮種稱穎筆範"
    "紀紅純級紹組結絡給統經維線編緯縣總織繼羅義聯聰聲聶職聽臺與興莊華萬葉著蓮蔣蕭藝蘆蘇蘭處號術衛"
    "裡見規覺觀訂計記訪設許訴註試詩話該詳認說誰課論謝證識譚議變讓豔貞負財責貴費賀資賈質賴購趙車軍"
    "軒軟輝這進遊運過達還邊郵鄉鄒鄧鄭鈞銀銅銘銳銷鋒鋼錢鍾鎮鏈鐵長門開間閔閻關陳陸陽隊難雲電靜韋韓"
    "項領頭頻題顏類顧飛餘馬馮驗體魯鮑鳳鵬鶯麗麼黃點齊龍龐龔"
)

_WESTERN_PUNCTUATION: Final = frozenset("’‘“”„–—…•·€£§©®™°«»¿¡ºª‚\xa0")
_ACCENTED_LETTERS: Final = frozenset({*map(chr, range(0xC0, 0x100)), *"ŒœŠšŽžŸ"} - {"×", "÷"})
_EAST_ASIAN_PUNCTUATION: Final = frozenset("、。〈〉《》「」『』【】〔〕·—…“”‘’～￥　")


def decode(data: bytes, *, name: str) -> str:
    """The text of a file, without a byte-order mark: UTF-8, UTF-16, GB18030, Big5 or cp1252.

    Shift_JIS (cp932) is tried where none of these fits: nearly any bytes pass for it.
    A text may hold NUL characters: who reads the cells refuses them, and can say where. ``Refused``
    if no encoding gives a plausible text.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return _decode_as_marked(data[len(mark) :], encoding, name=name)
    if b"\0" in data:
        text = _utf_16_without_mark(data)
        if text is not None:
            return text
    text = _decoded(data, "utf-8")
    if text is not None and not _reads_better_in_chinese(data, text):
        return text
    candidates = [
        (_plausibility(text, encoding), text)
        for encoding in ("gb18030", "big5", "cp950", "big5hkscs", "cp1252")
        if (text := _decoded(data, encoding)) is not None
    ]
    plausibility, text = max(candidates, default=(0.0, ""), key=lambda scored: scored[0])
    if plausibility >= _LEAST_PLAUSIBLE:
        return text
    japanese = _decoded(data, "cp932")
    if japanese is not None and _is_japanese(japanese):
        return japanese
    raise Refused(
        "{name} is in no encoding that relmap reads (UTF-8, UTF-16, GB18030, Big5, Shift_JIS, "
        "cp1252). Save it as CSV UTF-8 (in Excel: Save as, CSV UTF-8) or as XLSX and import "
        "that.",
        row=_row_of_first_bad_byte(data, "utf-8"),
        name=name,
    )


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decode_as_marked(data: bytes, encoding: str, *, name: str) -> str:
    text = _decoded(data, encoding)
    if text is None:
        raise Refused(
            "{name} begins as {encoding} but holds bytes that are none. Save it as CSV UTF-8 "
            "(in Excel: Save as, CSV UTF-8) or as XLSX and import that.",
            row=_row_of_first_bad_byte(data, encoding),
            name=name,
            encoding=encoding.upper(),
        )
    return text


def _row_of_first_bad_byte(data: bytes, encoding: str) -> int | None:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return data[: error.start].decode(encoding).count("\n") + 1
    return None


def _utf_16_without_mark(data: bytes) -> str | None:
    """The text if the bytes read as UTF-16: whole lines, and characters that people write."""
    texts = [_decoded(data, encoding) for encoding in ("utf-16-le", "utf-16-be")]
    readable = [text for text in texts if text and ("\n" in text or "\r" in text)]
    scored = [(_share_of_everyday_characters(text[:_SAMPLE_LENGTH]), text) for text in readable]
    share, text = max(scored, default=(0.0, ""), key=lambda pair: pair[0])
    return text if share >= 0.8 else None


def _share_of_everyday_characters(text: str) -> float:
    everyday = sum(
        " " <= char <= "\u024f" or char in "\t\r\n" or _east_asian_weight(char, "gb2312") > 0
        for char in text
    )
    return everyday / len(text)


def _reads_better_in_chinese(data: bytes, text: str) -> bool:
    """Whether bytes that pass for UTF-8 are two-byte Chinese, as the shortest files can be."""
    places = _beyond_ascii(text)
    if len(places) < 2 or any(
        text[place] > "\u07ff" or _western_weight(text, place) > 0 for place in places
    ):
        return False
    chinese = _decoded(data, "gb18030")
    if chinese is None:
        return False
    scripts = {unicodedata.name(text[place], "?").split()[0] for place in places}
    needed = 1.0 if len(scripts) == 1 else 0.3
    return _plausibility(chinese, "gb18030") >= needed


def _beyond_ascii(text: str) -> list[int]:
    """Places of the characters that tell encodings apart: at the start, else anywhere."""
    found = [place for place, char in enumerate(text[:_SAMPLE_LENGTH]) if char > "\x7f"]
    if found or text.isascii():
        return found
    return [place for place, char in enumerate(text) if char > "\x7f"]


def _plausibility(text: str, encoding: str) -> float:
    """From -3 to 1: how much the characters beyond ASCII look like what people write."""
    places = _beyond_ascii(text)
    if not places:
        return 1.0
    if encoding == "cp1252":
        return sum(_western_weight(text, place) for place in places) / len(places)
    national = "gb2312" if encoding == "gb18030" else "big5"
    return sum(_weight_in_place(text, place, national) for place in places) / len(places)


def _is_japanese(text: str) -> bool:
    """Whether most characters beyond ASCII are kana or kanji of everyday use, and none is odd.

    Half-width kana are what single bytes of other encodings turn into.
    """
    chars = [text[place] for place in _beyond_ascii(text)]
    usual = sum(
        "\u3041" <= char <= "\u30ff" or char in _EAST_ASIAN_PUNCTUATION or _is_level_1(char)
        for char in chars
    )
    odd = any("\uff61" <= char <= "\uff9f" or "\ue000" <= char <= "\uf8ff" for char in chars)
    return not odd and usual >= 0.9 * len(chars)


def _is_level_1(char: str) -> bool:
    """Whether a kanji is among the 2,965 frequent ones of JIS X 0208."""
    return "\u4e00" <= char <= "\u9fff" and char.encode("cp932")[:2] <= b"\x98\x72"


def _weight_in_place(text: str, place: int, national: str) -> float:
    char = text[place]
    if char in _ACCENTED_LETTERS:
        return _western_weight(text, place)
    if text[place - 1 : place].islower() and text[place + 1 : place + 2].islower():
        return -0.5  # no Chinese stands inside a western word
    return _east_asian_weight(char, national)


def _east_asian_weight(char: str, national: str) -> float:
    """How usual a character is; ``national`` is the character set whose order shows frequency."""
    if char in _COMMON:
        return 1.0
    if char in _EAST_ASIAN_PUNCTUATION or "\uff01" <= char <= "\uff5e":
        return 0.6
    if "\u4e00" <= char <= "\u9fff":
        return _rank_weight(char, national)
    if "\u3040" <= char <= "\u30ff":
        return 0.1
    if "\u3400" <= char <= "\u4dbf" or "\U00020000" <= char <= "\U0003ffff":
        return -0.5
    if "\ue000" <= char <= "\uf8ff" or "\x80" <= char <= "\x9f":
        return -3.0
    return -1.0


def _rank_weight(char: str, national: str) -> float:
    """Both national sets list the frequent characters first, then the rare ones."""
    try:
        lead = char.encode(national)[0]
    except UnicodeEncodeError:
        return -0.8
    last_frequent_lead = 0xD7 if national == "gb2312" else 0xC6
    return 0.4 if lead <= last_frequent_lead else -0.2


def _western_weight(text: str, place: int) -> float:
    """An accented letter stands among plain ones; a run of them is another alphabet misread."""
    char = text[place]
    if char in _WESTERN_PUNCTUATION:
        return 0.4
    if char not in _ACCENTED_LETTERS:
        return -1.0
    before = text[place - 1 : place] if place else ""
    after = text[place + 1 : place + 2]
    if before.islower() and char.isupper():
        return -1.0
    beside_plain_letter = (before.isascii() and before.isalpha()) or (
        after.isascii() and after.isalpha()
    )
    return 0.9 if beside_plain_letter else -0.7
