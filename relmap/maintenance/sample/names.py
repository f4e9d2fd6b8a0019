"""Names for invented people, as written in their language and in Latin letters.

Each pool is written ``as written/Latin`` so that a name is read by no guess of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

__all__ = ["SampleName", "draw_name", "form_of_address"]

LANGUAGES_WITH_FAMILY_FIRST: Final = frozenset({"zh-Hans", "zh-Hant", "ja"})

FAMILY: Final[dict[str, str]] = {
    "zh-Hans": """陈/Chen 林/Lin 黄/Huang 周/Zhou 吴/Wu 徐/Xu 孙/Sun 胡/Hu 朱/Zhu 高/Gao 何/He
        郭/Guo 马/Ma 罗/Luo 梁/Liang 宋/Song 郑/Zheng 谢/Xie 韩/Han 唐/Tang 冯/Feng 于/Yu
        董/Dong 萧/Xiao 程/Cheng 曹/Cao 袁/Yuan 邓/Deng 许/Xu 傅/Fu 沈/Shen 彭/Peng 吕/Lü 苏/Su
        卢/Lu 蒋/Jiang 蔡/Cai 贾/Jia 丁/Ding 魏/Wei 薛/Xue 叶/Ye 余/Yu 潘/Pan 杜/Du 戴/Dai
        夏/Xia 钟/Zhong 汪/Wang 田/Tian 任/Ren 姜/Jiang 范/Fan 方/Fang 石/Shi 姚/Yao 谭/Tan
        廖/Liao 邹/Zou 熊/Xiong 陆/Lu 郝/Hao 孔/Kong 白/Bai 崔/Cui 康/Kang 毛/Mao 邱/Qiu 秦/Qin
        江/Jiang 顾/Gu 侯/Hou 邵/Shao 孟/Meng 龙/Long 万/Wan 段/Duan 钱/Qian 汤/Tang 尹/Yin
        黎/Li 易/Yi 常/Chang 武/Wu 乔/Qiao""",
    "zh-Hant": """陳/Chen 林/Lin 黃/Huang 張/Chang 李/Li 王/Wang 吳/Wu 劉/Liu 蔡/Tsai 楊/Yang
        許/Hsu 鄭/Cheng 謝/Hsieh 郭/Kuo 洪/Hung 曾/Tseng 邱/Chiu 廖/Liao 賴/Lai 周/Chou 徐/Hsu
        蘇/Su 葉/Yeh 莊/Chuang 呂/Lu 江/Chiang 何/Ho 蕭/Hsiao 羅/Lo 高/Kao 潘/Pan 簡/Chien
        朱/Chu 鍾/Chung 游/Yu 彭/Peng 詹/Chan 胡/Hu 施/Shih 沈/Shen 余/Yu 盧/Lu 梁/Liang 趙/Chao
        顏/Yen 柯/Ko 翁/Weng 魏/Wei 孫/Sun 戴/Tai 范/Fan 方/Fang 宋/Sung 鄧/Teng 杜/Tu 傅/Fu
        侯/Hou 曹/Tsao 溫/Wen 薛/Hsueh 丁/Ting 卓/Cho 馬/Ma 董/Tung 藍/Lan 石/Shih 紀/Chi 姚/Yao
        連/Lien 馮/Feng 歐/Ou 程/Cheng""",
    "ja": """佐藤/Sato 鈴木/Suzuki 高橋/Takahashi 伊藤/Ito 渡辺/Watanabe 山本/Yamamoto
        中村/Nakamura 小林/Kobayashi 加藤/Kato 吉田/Yoshida 山田/Yamada 佐々木/Sasaki
        山口/Yamaguchi 松本/Matsumoto 井上/Inoue 木村/Kimura 林/Hayashi 斎藤/Saito 清水/Shimizu
        山崎/Yamazaki 森/Mori 池田/Ikeda 橋本/Hashimoto 阿部/Abe 石川/Ishikawa 前田/Maeda
        藤田/Fujita 小川/Ogawa 岡田/Okada 後藤/Goto 長谷川/Hasegawa 村上/Murakami 近藤/Kondo
        石井/Ishii 坂本/Sakamoto 遠藤/Endo 青木/Aoki 西村/Nishimura 福田/Fukuda 太田/Ota
        三浦/Miura 藤井/Fujii 松田/Matsuda 原田/Harada 中野/Nakano 小野/Ono 竹内/Takeuchi
        和田/Wada 中山/Nakayama 石田/Ishida 上田/Ueda""",
    "de": """Albrecht Bachmann Beckmann Brandt Brettschneider Dietrich Eberhardt Engelmann
        Fiedler Förster Gärtner Geiger Grünewald Haller Hartwig Heinemann Höfling Jäger
        Kaltenbach Keller Kirchner Köhler Kramer Krüger Lindemann Lorenz Maurer Möbius Neumann
        Oberländer Pfeiffer Pohlmann Rademacher Reinhardt Riedel Sauerland Schäfer Schilling
        Schröter Seidel Steinbach Stegmann Thalheim Ullrich Vogt Wagenknecht Weidner Winkler
        Wörner Zeller Zimmermann Öztürk""",
    "nb": """Aasen Bakke Berge Bjørnstad Brekke Dahl Eide Engen Fossum Furnes Gjerde Grimstad
        Haugland Heggelund Hovland Iversen Jørgensen Kleppe Knutsen Kvamme Langeland Lervik
        Løken Moen Myhre Nesheim Nygård Opdal Ramstad Rønning Sandvik Skaar Solberg Stokke
        Strand Sunde Sørli Tangen Tveit Ulvestad Vangen Vestby Vik Wiik Ødegård Ås Holm Midtbø
        Rogne Skjelbred""",
}
GIVEN: Final[dict[str, str]] = {
    "zh-Hans": """志明/Zhiming 建国/Jianguo 晓燕/Xiaoyan 雅琴/Yaqin 卫东/Weidong 佳慧/Jiahui
        静/Jing 涛/Tao 婷/Ting 宏/Hong 宁/Ning 晓岚/Xiaolan 世杰/Shijie 丽/Li 明远/Mingyuan
        立恒/Liheng 雪/Xue 可/Ke 国栋/Guodong 维/Wei 海波/Haibo 文博/Wenbo 俊杰/Junjie
        思源/Siyuan 梦琪/Mengqi 子轩/Zixuan 浩然/Haoran 雨桐/Yutong 欣怡/Xinyi 天宇/Tianyu
        志强/Zhiqiang 秀英/Xiuying 桂芳/Guifang 永康/Yongkang 少华/Shaohua 振华/Zhenhua
        丽娟/Lijuan 春梅/Chunmei 鹏飞/Pengfei 凯/Kai 敏/Min 磊/Lei 洋/Yang 勇/Yong 艳/Yan 杰/Jie
        娜/Na 军/Jun 霞/Xia 平/Ping 刚/Gang 晨曦/Chenxi 一鸣/Yiming 嘉诚/Jiacheng 若琳/Ruolin
        启明/Qiming 书航/Shuhang 庆生/Qingsheng 慧敏/Huimin 玉兰/Yulan 晓峰/Xiaofeng 丹丹/Dandan
        建平/Jianping 云飞/Yunfei 家豪/Jiahao 淑贞/Shuzhen""",
    "zh-Hant": """志偉/Chih-wei 俊傑/Chun-chieh 淑芬/Shu-fen 美玲/Mei-ling 建宏/Chien-hung
        雅婷/Ya-ting 怡君/Yi-chun 家豪/Chia-hao 宗翰/Tsung-han 冠宇/Kuan-yu 佩珊/Pei-shan
        欣怡/Hsin-yi 承翰/Cheng-han 文雄/Wen-hsiung 國華/Kuo-hua 麗華/Li-hua 秀娟/Hsiu-chuan
        信宏/Hsin-hung 明哲/Ming-che 柏翰/Po-han 詩涵/Shih-han 鈺婷/Yu-ting 彥廷/Yen-ting
        嘉玲/Chia-ling 永昌/Yung-chang 世昌/Shih-chang 惠雯/Hui-wen 靜宜/Ching-yi 哲瑋/Che-wei
        育誠/Yu-cheng 政霖/Cheng-lin 佳蓉/Chia-jung 素貞/Su-chen 啟文/Chi-wen 昱廷/Yu-ting
        筱涵/Hsiao-han 振邦/Chen-pang 慧玲/Hui-ling 正雄/Cheng-hsiung 銘宏/Ming-hung 韻如/Yun-ju
        瑞祥/Jui-hsiang""",
    "ja": """健太/Kenta 大輔/Daisuke 由美/Yumi 浩二/Koji 恵子/Keiko 誠/Makoto 直樹/Naoki
        陽子/Yoko 拓也/Takuya 真理子/Mariko 隆/Takashi 和也/Kazuya 美咲/Misaki 翔太/Shota
        智子/Tomoko 修/Osamu 徹/Toru 明美/Akemi 秀樹/Hideki 香織/Kaori 剛/Tsuyoshi 裕子/Yuko
        亮/Ryo 千尋/Chihiro 英明/Hideaki 久美子/Kumiko 哲也/Tetsuya 沙織/Saori 正人/Masato
        優子/Yuko 康平/Kohei 麻衣/Mai 博之/Hiroyuki 彩/Aya 圭介/Keisuke 典子/Noriko 学/Manabu
        奈々/Nana 勝/Masaru 茜/Akane""",
    "de": """Andreas Birgit Carsten Claudia Dieter Eva Felix Franziska Georg Hannah Heike Ingo
        Jens Jonas Judith Jürgen Karin Katrin Lars Leonie Lukas Markus Martina Matthias Nadine
        Nils Oliver Petra Ralf Rüdiger Sabine Sebastian Simone Stefan Susanne Sven Tanja
        Thorsten Tobias Ulrike Uwe Verena Volker Wiebke""",
    "nb": """Anders Anne Arne Astrid Bjørn Cecilie Einar Elin Erik Eva Frode Geir Grete Guro
        Hanne Harald Hege Henrik Ida Ingrid Jonas Kari Ketil Kjersti Knut Lars Linda Magnus Mari
        Marte Morten Nina Odd Ola Per Ragnhild Randi Rune Silje Sindre Siri Solveig Stian Sverre
        Terje Tone Tor Trine Vegard Øyvind""",
}
ENGLISH_NICKNAMES: Final = """Kevin Ivy Jason Vivian Eric Cindy Leo Grace Tony Amber Jerry Fiona
    Alan Joyce Ken Tiffany Steven Peggy Ray Sunny Oscar Wendy Frank Doris"""


@dataclass(frozen=True)
class SampleName:
    """One person's name in all its forms."""

    name: str
    latin: str | None
    family: str
    language: str
    nickname: str | None
    mailbox: str


def draw_name(random: Random, language: str, taken: set[str]) -> SampleName:
    """A name that nobody in ``taken`` bears; it is put there."""
    while True:
        family, family_latin = _pick(random, FAMILY[language])
        given, given_latin = _pick(random, GIVEN[language])
        in_front = language in LANGUAGES_WITH_FAMILY_FIRST
        name = f"{family}{given}" if in_front else f"{given} {family}"
        if name not in taken:
            break
    taken.add(name)
    nickname = None
    if language in ("zh-Hans", "zh-Hant") and random.random() < 0.15:
        nickname = random.choice(ENGLISH_NICKNAMES.split())
    return SampleName(
        name=name,
        latin=f"{family_latin} {given_latin}" if in_front else None,
        family=family,
        language=language,
        nickname=nickname,
        mailbox=_ascii(f"{given_latin}.{family_latin}"),
    )


def _pick(random: Random, pool: str) -> tuple[str, str]:
    written, _, latin = random.choice(pool.split()).partition("/")
    return written, latin or written


def _ascii(text: str) -> str:
    letters = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "o", "å": "a", "ß": "ss"})
    return text.lower().translate(letters).replace("-", "")


TITLES_OF_ADDRESS: Final[dict[str, dict[str, str]]] = {
    "zh-Hans": {"executive": "{}总", "director": "{}总监", "manager": "{}经理", "lead": "{}主管"},
    "zh-Hant": {"executive": "{}總", "director": "{}處長", "manager": "{}經理", "lead": "{}主任"},
    "ja": {"executive": "{}取締役", "director": "{}部長", "manager": "{}課長", "lead": "{}主任"},
}
OF_STAFF: Final = {"zh-Hans": "{}工", "zh-Hant": "{}工", "ja": "{}さん"}


def form_of_address(name: SampleName, level: str, function: str) -> str | None:
    """How the person is addressed (陈经理, 佐藤部長); ``None`` where a first name does."""
    forms = TITLES_OF_ADDRESS.get(name.language)
    if forms is None:
        return None
    if level == "staff":
        is_engineer = function in ("rnd", "component_engineering", "npi", "quality")
        if not (is_engineer or name.language == "ja"):
            return None
        return OF_STAFF[name.language].format(name.family)
    return forms[level].format(name.family)
