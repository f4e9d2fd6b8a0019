"""One key says which account a name means, and what is nearly one on file is asked about."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.errors import ImportHeld, NotFound, Refused
from relmap.facts.structure import accounts_alike, find_account, open_account
from relmap.imports import history
from relmap.models import Account, db, writing
from relmap.names.accounts import nearly_one
from relmap.names.matching import account_core, account_key

DAY = date(2026, 1, 1)
HEAD = "account,unit,post,person"
ON_FILE = "Vantor Taiwan"
SAME = ["VANTOR (Taiwan)", "vantor-taiwan", "Ｖａｎｔｏｒ　Ｔａｉｗａｎ"]
NEARLY = [
    *("Vantor Taiwan Co., Ltd.", "The Vantor (Taiwan) Corp.", "Vantor Taiwan Pte Ltd"),
    *("Vantor Taiwn", "VANTOR TIAWAN Inc.", "Vanntor Taiwan", "Ventor Taiwann"),
]


@pytest.fixture
def on_file(book):
    """The id of the account that is on file."""
    with writing():
        return open_account(ON_FILE, day=DAY).id


def accounts():
    return sorted(db.session.scalars(db.select(Account.name)))


@pytest.mark.parametrize("name", SAME)
def test_another_spelling_is_the_same_account_everywhere(book, on_file, name):
    assert account_key(name) == account_key(ON_FILE)
    assert find_account(name).id == on_file
    book.list("2026-02-01", f"{HEAD}\n{name},Lab,Head,Mia Berg", account=None)
    book.list("2026-03-01", "unit,post,person\nLab,Head,Mia Berg", account=name)
    text = f"{HEAD},starts_on,ends_on\n{name},Lab,Clerk,Cy Roth,2020-01-01,2021-01-01"
    history.import_tenures(text.encode(), file_name="a.csv", cap=10_000)
    with pytest.raises(Refused, match=ON_FILE), writing():
        open_account(name, day=DAY)
    assert accounts() == [ON_FILE]


@pytest.mark.parametrize("name", NEARLY)
def test_a_name_that_is_nearly_one_on_file_is_asked_about(book, on_file, name):
    assert accounts_alike(name) == [ON_FILE]
    with pytest.raises(ImportHeld, match=ON_FILE):
        book.list("2026-02-01", "unit,post,person\nLab,Head,Mia Berg", account=name)
    text = f'{HEAD},starts_on\n"{name}",Lab,Clerk,Cy Roth,2020-01-01'
    with pytest.raises(ImportHeld, match=ON_FILE):
        history.import_tenures(text.encode(), file_name="a.csv", cap=10_000)
    assert history.import_tenures(text.encode(), file_name="a.csv", dry_run=True).held
    assert accounts() == [ON_FILE]
    book.list("2026-02-01", "unit,post,person\nLab,Head,Mia Berg", account=name, yes=True)
    assert accounts() == sorted([ON_FILE, name])
    assert find_account(name).name == name


@pytest.mark.parametrize("name", NEARLY)
def test_a_history_opens_an_account_of_nearly_that_name_with_a_yes(book, on_file, name):
    text = f'{HEAD},starts_on\n"{name}",Lab,Clerk,Cy Roth,2020-01-01'
    report = history.import_tenures(text.encode(), file_name="a.csv", yes=True)
    assert report.status == "applied"
    assert report.held is None
    assert accounts() == sorted([ON_FILE, name])


def test_a_list_that_opens_no_account_names_those_nearly_so_called(book, on_file):
    text = "ours,person,day,kind\nAva Lin,Mia Berg,2026-01-01,call"
    with pytest.raises(Refused, match="Did you mean Vantor Taiwan"):
        history.import_touches(text.encode(), file_name="a.csv", account="Vantor Taiwn")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("聯發科技", "聯發科計"),
        ("联发科技股份有限公司", "聯發科计"),
        ("明泉科技", "Mingquan Keji Co., Ltd."),
        ("明泉科技", "明科泉技"),
        ("台灣積體電路製造", "台灣積電路製造"),
        ("Müller Werke", "Mueller Werke"),
    ],
)
def test_a_name_that_is_a_slip_or_the_other_script_is_asked_about(one, other):
    assert nearly_one(other, {one: None}) == [one]
    assert nearly_one(one, {other: None}) == [other]


def test_a_latin_name_on_file_is_asked_about():
    assert nearly_one("Foxconn Ltd", {"鴻海精密": "Foxconn"}) == ["鴻海精密"]


DIFFERENT = [
    *("ABB", "ABC", "ABB Taiwan", "ABC Taiwan", "Acme Taiwan", "Acme Thailand", "Acme East"),
    *("Acme West", "Acme Iran", "Acme Iraq", "Acme Taiwan A", "Acme Taiwan B", "Plant 1"),
    *("Plant 2", "Plant 11", "Plant II", "Plant III", "聯電", "聯詠", "聯強", "台積電"),
    *("台灣積體電路", "北京华大九天", "南京华大九天", "广东移动", "广西移动", "明泉科技"),
    *("明泉電子", "一厂", "二厂", "Micron", "Omicron", "Loews", "Lowe's", "Entergy", "Evergy"),
    *("Volkswagen Slovakia", "Volkswagen Slovenia", "LG Chem", "SK Hynix", "SK Innovation"),
    *("华星光电", "华虹半导体", "Orlix", "Orlix Taiwan", "Allegion", "Allegiant"),
]


@given(chosen=st.permutations(DIFFERENT))
def test_names_that_differ_on_purpose_are_never_asked_about(chosen):
    first, *others = chosen
    assert nearly_one(first, dict.fromkeys(others)) == []


@given(name=st.sampled_from(["Vantor Taiwan", "Orlix Precision Works"]), data=st.data())
def test_one_letter_amiss_in_a_long_word_is_asked_about(name, data):
    words = name.split()
    which = data.draw(st.sampled_from([n for n, word in enumerate(words) if len(word) > 5]))
    word = words[which]
    at = data.draw(st.integers(1, len(word) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    ways = [word[:at] + word[at + 1 :], word[:at] + letter + word[at:]]
    ways.append(word[:at] + letter + word[at + 1 :])
    words[which] = data.draw(st.sampled_from(ways))
    slip = " ".join(words)
    assert slip == name or nearly_one(slip, {name: None, "Kestrel": None}) == [name]


def test_two_new_names_of_one_list_that_are_nearly_one_are_asked_about(book):
    rows = f"{HEAD}\nOrlix,Lab,Head,Mia Berg\nOrlix Inc.,Lab,Clerk,Cy Roth"
    with pytest.raises(ImportHeld, match="Orlix"):
        book.list("2026-02-01", rows, account=None)


def test_every_account_of_a_list_that_is_nearly_one_on_file_is_asked_about(book, on_file):
    rows = f"{HEAD}\nVantor Taiwn,Lab,Head,Mia Berg\nOrlix,Lab,Head,Cy Roth\nOrlix Inc.,Lab,,Di Fox"
    with pytest.raises(ImportHeld) as held:
        book.list("2026-02-01", rows, account=None)
    said = str(held.value)
    assert "Vantor Taiwn would be opened beside Vantor Taiwan" in said
    assert "Orlix Inc. would be opened beside Orlix" in said
    assert said.count("would be opened") == 2


def test_a_name_that_two_accounts_bear_is_refused(book):
    with writing():
        for name in ("Vantor Taiwan", "Vantor (Taiwan)"):  # of an older relmap
            db.session.add(Account(name=name, search_text=""))
    assert find_account("Vantor (Taiwan)").name == "Vantor (Taiwan)"
    with pytest.raises(Refused, match="2 accounts"):
        find_account("vantor taiwan")
    with pytest.raises(Refused, match="2 accounts"):
        book.list("2026-02-01", "unit,post,person\nLab,Head,Mia Berg", account="vantor taiwan")


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("明泉科技股份有限公司", "明泉科技", True),
        ("明泉科技股份有限公司", "明泉電子股份有限公司", False),
        ("株式会社アルファ", "アルファ", True),
        ("Orlix S.A.", "ORLIX SA", True),
        ("Orlix", "Orlix Taiwan", False),
        ("Plant 1 Ltd", "Plant 2 Ltd", False),
    ],
)
def test_legal_forms_are_no_part_of_the_core_of_a_name(one, other, is_one):
    assert (account_core(one) == account_core(other)) is is_one


def test_who_is_not_on_file_is_not_found(book, on_file):
    with pytest.raises(NotFound):
        find_account("Orlix")


# --- a unit that is its own parent


def test_a_unit_that_is_its_own_parent_is_one_unit(book, told):
    head = "unit,parent_unit,post,person"
    book.list("2026-01-01", f"{head}\nLab,lab,Head,Mia Berg\nDesk,Lab,Clerk,Cy Roth")
    assert book.unit("Desk").parent_id == book.unit("Lab").id
    assert told(book.list("2026-02-01", f"{head}\nLab,,Head,Mia Berg")) == []
    text = "account,unit,parent_unit,post,person,starts_on,ends_on\n"
    text += "Meridian,LAB,Lab,Clerk,Di Fox,2020-01-01,2021-01-01"
    history.import_tenures(text.encode(), file_name="a.csv", cap=10_000)
    assert book.post("Clerk", "Lab").unit_id == book.unit("Lab").id
