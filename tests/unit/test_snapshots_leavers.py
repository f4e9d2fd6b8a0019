"""Leavers in a roster: who has left sits nowhere, and the tenure ends on the day that is given."""

import pytest

HEAD = "unit,post,person,status,leave date"
JANUARY = (
    "unit,post,person\nSales,Head,Mira Holt\nSales,Buyer,Bo Wu\nSales,Buyer,Cy Ray\nIT,Admin,Di Fu"
)


def said(report, words):
    return any(words in str(note) for note in report.to_json()["notes"])


@pytest.mark.parametrize(
    ("head", "stays", "left"),
    [
        ("Status,Leave date", "Active,", "Terminated,2026-03-31"),
        ("离职日期", "", "2026-03-31"),
        ("在职状态", "在职", "离职"),
        ("Status", "On leave", "Resigned"),
        ("Active", "yes", "no"),
        ("是否离职", "否", "是"),
        ("Last working day", "9999-12-31", "31 Mar 2026"),
        ("离职时间", "至今", "2026年3月"),
    ],
)
def test_who_has_left_sits_nowhere(book, head, stays, left):
    report = book.list(
        "2026-07-01",
        f"unit,post,person,{head}\nSales,Head,Mira Holt,{stays}\nSales,Buyer,Bo Wu,{left}",
    )
    assert book.sits("2026-07-02") == {"Mira Holt: Head"}
    assert book.people("Bo Wu") == []
    assert said(report, "left")


@pytest.mark.parametrize(
    "status", ["退休返聘", "离岗返聘", "停薪留职", "离职撤回", "Rehired", "未禁用"]
)
def test_who_came_back_sits_there(book, status):
    book.list("2026-07-01", f"unit,post,person,status\n品质部,顾问,郑强,{status}")
    assert book.sits("2026-07-02") == {"郑强: 顾问"}


@pytest.mark.parametrize(
    "name",
    [
        "林晓（离职）",
        "林晓(已离职)",
        "林晓已离职",
        "林晓†",
        "【离职】林晓",
        "林晓（2026-03-31离职）",
        "林晓[已调走]",
        "林晓（调往品质部）",
    ],
)
def test_a_mark_at_the_name_says_so_too(book, name):
    book.list("2026-01-01", "unit,post,person\n采购部,经理,林晓\n采购部,总监,何为")
    book.list("2026-07-01", f"unit,post,person\n采购部,经理,{name}\n采购部,总监,何为（在职）")
    assert book.sits("2026-07-02") == {"何为: 总监"}
    assert len(book.people("林晓")) == 1
    assert book.people(name) == []


def test_the_leave_date_ends_the_tenure(book, moves):
    book.list("2026-01-01", JANUARY)
    report = book.list(
        "2026-07-01",
        f"{HEAD}\nSales,Head,Mira Holt,Active,\nSales,Buyer,Bo Wu,Left,2026-03-31\n"
        "Sales,Buyer,Cy Ray,Active,",
    )
    assert moves(report) == {"Bo Wu left Sales/Buyer (still_held)"}
    tenure = book.tenure("Bo Wu")
    assert (str(tenure.ends_after), str(tenure.ends_on)) == ("2026-03-30", "2026-03-31")
    assert tenure.end_reason == "left_company"


def test_a_leaver_of_a_unit_that_is_not_listed_leaves_as_well(book, moves):
    book.list("2026-01-01", JANUARY)
    report = book.list(
        "2026-07-01",
        f"{HEAD}\nSales,Head,Mira Holt,,\nSales,Buyer,Bo Wu,,\nSales,Buyer,Cy Ray,,\n"
        "IT,Admin,Di Fu,离职,",
    )
    assert moves(report) == {"Di Fu left IT/Admin (vacant)"}
    tenure = book.tenure("Di Fu")
    assert (str(tenure.ends_after), str(tenure.ends_on)) == ("2026-01-01", "2026-07-01")


def test_a_leave_date_before_the_last_list_is_told(book):
    book.list("2026-01-01", JANUARY)
    report = book.list(
        "2026-07-01", f"{HEAD}\nSales,Head,Mira Holt,,\nSales,Buyer,Bo Wu,,2025-11-30"
    )
    tenure = book.tenure("Bo Wu")
    assert (str(tenure.ends_after), str(tenure.ends_on)) == ("2026-01-01", "2026-07-01")
    assert said(report, "does not come after")


def test_leavers_that_the_list_explains_are_not_half_a_list(book):
    book.list("2026-01-01", JANUARY)
    gone = "\n".join(
        f"Sales,{post},{name},Terminated,2026-05-31"
        for post, name in (("Buyer", "Bo Wu"), ("Buyer", "Cy Ray"), ("Head", "Mira Holt"))
    )
    book.list("2026-07-01", f"{HEAD}\n{gone}\nIT,Admin,Di Fu,Active,")
    assert book.sits("2026-07-02") == {"Di Fu: Admin"}


def test_an_end_that_lies_ahead_is_announced(book):
    book.list("2026-01-01", JANUARY)
    text = (
        f"{HEAD}\nSales,Head,Mira Holt,Notice period,2026-09-30\nSales,Buyer,Bo Wu,,\n"
        "Sales,Buyer,Cy Ray,Active,\nSales,Clerk,Ed Po,Active,2026-08-31"
    )
    book.list("2026-07-01", text)
    assert "Mira Holt: Head" in book.sits("2026-09-29")
    assert "Ed Po: Clerk" in book.sits("2026-08-30")
    assert book.sits("2026-10-01") == {"Bo Wu: Buyer", "Cy Ray: Buyer", "Di Fu: Admin"}
    assert book.status("2026-07-02", "Head") == "filled"
    assert book.status("2026-10-01", "Head") == "vacant"
    assert not book.list("2026-07-01", text).to_json()["changes"]


def test_an_announced_end_that_moves_is_told_once(book, told):
    book.list("2026-07-01", f"{HEAD}\nSales,Head,Mira Holt,,2026-09-30\nSales,Clerk,Bo Wu,,")
    report = book.list(
        "2026-08-01", f"{HEAD}\nSales,Head,Mira Holt,,2026-12-31\nSales,Clerk,Bo Wu,,"
    )
    assert told(report) == ["Mira Holt: {'ends_on': '2026-09-30'} -> {'ends_on': '2026-12-31'}"]
    assert "Mira Holt: Head" in book.sits("2026-11-01")


def test_a_status_that_relmap_does_not_know_is_told_with_its_row(book):
    report = book.list(
        "2026-07-01", "unit,post,person,status\nSales,Head,Mira Holt,Zeta\nSales,Clerk,Bo Wu,Zeta"
    )
    assert said(report, "no status that relmap knows")
    assert len(book.sits("2026-07-02")) == 2


def test_a_status_of_active_people_makes_no_noise(book):
    report = book.list(
        "2026-07-01", "unit,post,person,status\nSales,Head,Mira Holt,Active\nSales,Clerk,Bo Wu,在职"
    )
    assert not said(report, "status")
    assert not said(report, "Nothing was read")


def test_a_status_and_a_leave_date_that_contradict_each_other_end_nothing(book):
    book.list("2026-01-01", JANUARY)
    report = book.list(
        "2026-07-01",
        f"{HEAD}\nSales,Head,Mira Holt,Active,2026-03-31\nSales,Buyer,Bo Wu,,\n"
        "Sales,Buyer,Cy Ray,,",
    )
    assert "Mira Holt: Head" in book.sits("2026-07-02")
    assert said(report, "contradict")


def test_who_has_not_begun_is_left_out(book):
    report = book.list(
        "2026-07-01", "unit,post,person,员工状态\nSales,Head,林晓,在职\nSales,Clerk,何为,待入职"
    )
    assert book.sits("2026-07-02") == {"林晓: Head"}
    assert said(report, "not begun")


def test_an_old_row_of_somebody_who_moved_ends_the_old_post(book, moves):
    book.list("2026-01-01", JANUARY)
    report = book.list(
        "2026-07-01",
        f"{HEAD}\nSales,Head,Mira Holt,,\nSales,Buyer,Bo Wu,Transferred out,2026-03-31\n"
        "Sales,Buyer,Cy Ray,,\nIT,Admin,Di Fu,,\nIT,Lead,Bo Wu,Active,",
    )
    assert moves(report) == {"Bo Wu left Sales/Buyer (still_held)", "Bo Wu joined IT/Lead"}
    assert str(book.tenure("Bo Wu", "Buyer").ends_on) == "2026-03-31"
    assert len(book.people("Bo Wu")) == 1


def test_a_remark_says_so_where_it_says_nothing_else(book):
    report = book.list(
        "2026-07-01",
        "unit,post,person,备注\n采购部,经理,林晓,3月31日离职\n采购部,总监,何为,已离职系统管理员\n采购部,专员,高远,",
    )
    assert book.sits("2026-07-02") == {"何为: 总监", "高远: 专员"}
    assert said(report, "Whoever has left is no holder: 林晓")
    assert said(report, "备注 was read for who has left")


def test_who_is_hired_later_does_not_sit_there_yet(book):
    report = book.list(
        "2026-07-01",
        "unit,post,person,入职日期\n采购部,经理,林晓,2026-09-01\n采购部,总监,何为,2019年",
    )
    assert book.sits("2026-07-02") == {"何为: 总监"}
    assert "林晓: 经理" in book.sits("2026-09-02")
    assert said(report, "hired later begins on that day: 林晓")
