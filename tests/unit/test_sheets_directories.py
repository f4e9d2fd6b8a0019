"""Lists as directories, personnel systems and chat tools write them, by files of our own."""

import pytest

from relmap.errors import ImportHeld, Refused


def notes(report):
    return " ".join(note["text"] for note in report.to_json()["notes"])


def test_a_column_for_each_level_makes_the_deepest_the_unit(book, moves):
    text = (
        "姓名,一級單位,二級單位,三級單位,職稱\n林曉,營運處,採購部,一課,經理\n何為,營運處,採購部,,經理\n"
        "周敏,營運處,品保部,,經理"
    )
    report = book.list("2026-01-01", text)
    assert "Nothing was read" not in notes(report)
    assert book.unit("一課").parent_id == book.unit("採購部").id
    assert book.unit("採購部").parent_id == book.unit("品保部").parent_id == book.unit("營運處").id
    assert not moves(book.list("2026-07-01", text))


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("一级部门,二级部门", "Ops,Buying"),
        ("一级部门,部门", "Ops,Buying"),
        ("Level 1,Level 2,Level 3", "Ops,Buying,"),
        ("Division,Department", "Ops,Buying"),
        ("部门", "Ops > Buying"),
    ],
)
def test_two_levels_are_one_thing_however_they_are_written(book, head, row):
    book.list("2026-01-01", f"姓名,职位,{head}\nBo Wu,Clerk,{row}")
    assert book.unit("Buying").parent_id == book.unit("Ops").id


def test_a_section_lies_below_its_department(book):
    book.list("2026-01-01", "Name,Title,Department,Section\nBo Wu,Clerk,Buying,Chips")
    assert book.unit("Chips").parent_id == book.unit("Buying").id


def test_an_entry_of_a_directory_has_its_whole_name_and_its_superior(book):
    book.list(
        "2026-01-01",
        "dn,cn,sn,givenName,title,department,mail,manager\n"
        '"CN=Mira Holt,OU=P",Mira Holt,Holt,Mira,Director,P,m@a.example,\n'
        '"CN=Bo Wu,OU=P",Bo Wu,Wu,Bo,Buyer,P,b@a.example,"CN=Mira Holt,OU=P,DC=a"',
    )
    assert book.sits("2026-01-02") == {"Mira Holt: Director", "Bo Wu: Buyer"}
    assert book.post("Buyer").reports_to_id == book.post("Director").id


def test_a_shown_name_gives_way_to_its_parts_and_stands_in_for_them(book):
    book.list(
        "2026-01-01",
        "DisplayName,GivenName,Surname,JobTitle,AccountEnabled\n"
        '"Holt, Mira",Mira,Holt,Director,True\n"Wu, Bo",Bo,Wu,Buyer,False\nRay Falk,,,Clerk,True',
    )
    assert book.sits("2026-01-02") == {"Mira Holt: Director", "Ray Falk: Clerk"}


@pytest.mark.parametrize("status", ["Suspended", "Archived", "Deactivated", "暂停使用"])
def test_whose_account_is_closed_has_left(book, status):
    report = book.list(
        "2026-01-01",
        f"Full Name,User ID,Username,Employee Title,Status\nMira Holt,U1,mira,Head,Active\n"
        f"Bo Wu,U2,bo,Buyer,{status}",
    )
    assert book.sits("2026-01-02") == {"Mira Holt: Head"}
    assert "Bo Wu" in notes(report)


@pytest.mark.parametrize("cell", ["品质部(主部门)|采购部", '"品质部,采购部"', "品质部；采购部"])
def test_several_units_of_one_person(book, cell):
    book.list(
        "2026-01-01", f"姓名,职位,部门\n林晓,经理,采购部\n周敏,经理,品质部\n何为,工程师,{cell}"
    )
    units = {book.post("工程师", unit).unit_id for unit in ("品质部", "采购部")}
    assert len(units) == 2
    assert len(book.people("何为")) == 1


def test_the_day_of_hire_is_not_since_when_somebody_has_a_post(book):
    book.list("2026-01-01", "姓名,职位,到職日\n林曉,經理,2012/3/1")
    assert book.tenure("林曉").starts_on.isoformat() == "2026-01-01"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("部门,职位,花名册\n采购部,经理,林晓\n采购部,采购员,何为", "person"),
        ("部门,岗级名录,姓名\n采购部,经理,林晓\n采购部,采购员,何为", "post"),
        ("归口,职位,姓名\n采购部,经理,林晓\n品质部,经理,何为", "unit"),
    ],
)
def test_a_heading_that_nobody_knows_is_asked_about_where_its_cells_are_missed(book, text, field):
    with pytest.raises(ImportHeld, match=f"--map {field}="):
        book.list("2026-01-01", text)
    heading = text.partition("\n")[0].split(",")[{"unit": 0, "post": 1, "person": 2}[field]]
    book.list("2026-01-01", text, column_map={field: heading})
    assert len(book.sits("2026-01-02")) == 2
    assert book.post("经理", "采购部")


@pytest.mark.parametrize(
    "text",
    [
        "职位,姓名,备注栏\n经理,林晓,身体健康\n采购员,何为,喜欢钓鱼",
        "部门,职位\n采购部,经理\n品质部,经理",
        "姓名,城市\n林晓,上海\n何为,苏州",
        "Name,Title,City\nMira Holt,Director,New York\nBo Wu,Buyer,Los Angeles",
    ],
)
def test_a_list_that_lacks_a_column_is_not_asked_without_cause(book, text):
    book.list("2026-01-01", text)


@pytest.mark.parametrize(
    "heading", ["岗位名称", "职位名称", "担任职务", "Position Title", "Designation"]
)
def test_more_words_for_a_title(book, heading):
    book.list("2026-01-01", f"所在部门,{heading},姓名\n采购部,经理,林晓\n采购部,采购员,何为")
    assert book.sits("2026-01-02") == {"林晓: 经理", "何为: 采购员"}


def test_cards_one_below_the_other_are_refused(book):
    text = "Name,Mira Holt\nTitle,Director\nDepartment,P\nName,Bo Wu\nTitle,Buyer\nDepartment,P"
    with pytest.raises(Refused, match="like cards"):
        book.list("2026-01-01", text)


def test_bars_part_cells_as_well(book):
    book.list("2026-01-01", "Unit|Title|Name\nP|Buyer|Bo Wu\nP|Head|Mira Holt")
    assert book.sits("2026-01-02") == {"Bo Wu: Buyer", "Mira Holt: Head"}


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("截止2025年12月31日", "is taken as of 1 Jul 2026"),
        ("As of: 31 Dec 2025", "is taken as of 1 Jul 2026"),
        ("Company: Beta Corp", "taken as a list of Meridian"),
        ("客户：明川通信", "taken as a list of Meridian"),
        ("截至 2026-07-01", None),
        ("公司：Meridian Ltd.", None),
        ("2026年7月 通讯录", None),
    ],
)
def test_a_title_that_contradicts_what_was_said_is_told(book, title, said):
    report = book.list(
        "2026-07-01", f"{title},,\n部门,职位,姓名\n采购部,经理,林晓\n采购部,专员,何为"
    )
    assert (said in notes(report)) if said else ("Above the list" not in notes(report))


def test_how_many_hold_a_post_is_no_part_of_its_title(book, moves):
    head = "部门,职位,姓名"
    report = book.list(
        "2026-01-01", f"{head}\n采购部,采购员（2人）,林晓\n采购部,采购员（2人）,何为"
    )
    assert "no part of its title: row 2 and 3" in notes(report)
    text = f"{head}\n采购部,采购员（3人）,林晓\n采购部,采购员（3人）,何为"
    assert book.list("2026-07-01", text).to_json()["changes"] == []
    assert book.post("采购员")
