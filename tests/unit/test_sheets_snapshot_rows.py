"""Records of a snapshot become typed rows, or are refused at their place."""

from datetime import date

import pytest

from relmap.errors import Refused
from relmap.imports.sheets.files import read_table
from relmap.imports.sheets.snapshot_rows.reading import read_snapshot
from relmap.imports.sheets.snapshot_rows.row import SnapshotRow
from relmap.names.days import DayRange

DAY = date(2026, 7, 1)


def sheet(text, *, on=DAY, **options):
    return read_snapshot(read_table(text.encode(), name="list.csv"), on=on, **options)


def rows(text, **options):
    return sheet(text, **options).rows


def refusal(text, **options):
    with pytest.raises(Refused) as caught:
        sheet(text, **options)
    return caught.value


def test_a_full_row():
    header = (
        "account,parent_unit,unit,unit_id,post,level,function,decision_weight,person,name_latin,"
        "nickname,address_as,external_id,staff_number,email,phone,mobile,wechat,reports_to,"
        "reports_to_id,starts_on,term_ends_on,affiliation"
    )
    record = (
        "华为,供应链,采购部,D7,代理采购总监,director,purchasing,0.9,张三,Zhang San,小三,张总,"
        "zs,10023,zs@x.cn,010-1,139,wx1,李四,mail:li@x.cn,2026-05-02,2029-05,外包公司"
    )
    assert rows(f"{header}\n{record}\n") == (
        SnapshotRow(
            row=2,
            account="华为",
            parent_unit="供应链",
            unit="采购部",
            unit_id="D7",
            post="采购总监",
            acting=True,
            level="director",
            function="purchasing",
            decision_weight=0.9,
            person="张三",
            name_latin="Zhang San",
            nickname="小三",
            address_as="张总",
            external_ids=(("handle", "zs"), ("staff_number", "10023"), ("mail", "zs@x.cn")),
            contact_points=(
                ("mail", "zs@x.cn"),
                ("phone", "010-1"),
                ("mobile", "139"),
                ("wechat", "wx1"),
            ),
            reports_to="李四",
            reports_to_id=("mail", "li@x.cn"),
            starts=DayRange(date(2026, 5, 1), date(2026, 5, 2), "day"),
            term_ends_on=DayRange(date(2029, 4, 30), date(2029, 5, 31), "month"),
            affiliation="外包公司",
        ),
    )


def test_a_blank_unit_is_the_account_itself():
    units = [row.unit for row in rows("account,unit,person\nA,,Li\nA,-,Wang\nA,a ,Zhao\nA,B,Wu\n")]
    assert units == [None, None, None, "B"]


def test_seats_are_named_vacant_or_unknown():
    text = "account,post,person\nA,CEO,Li\nA,CFO,TBD\nA,CTO,\nA,COO,?\nA,CPO,不详\nA,,Wang\n"
    assert [(row.holder, row.person, row.post) for row in rows(text)] == [
        ("named", "Li", "CEO"),
        ("vacant", None, "CFO"),
        ("vacant", None, "CTO"),
        ("unknown", None, "COO"),
        ("unknown", None, "CPO"),
        ("named", "Wang", None),
    ]
    assert [row.is_contact for row in rows(text)] == [False] * 5 + [True]


def test_a_list_of_seats_alone_does_not_say_that_they_are_vacant():
    assert [row.holder for row in rows("account,post\nA,CEO\n")] == ["unknown"]


def test_a_vacant_seat_keeps_no_ids_of_the_one_before():
    (row,) = rows("account,post,person,email\nA,CEO,vacant,boss@a.com\n")
    assert (row.external_ids, row.contact_points) == ((), ())


def test_a_row_that_names_nobody_and_nothing_is_refused():
    error = refusal("account,post,person\nA,CEO,Li\nA,,\n")
    assert (error.row, error.column) == (3, "person")


def test_names_are_put_together_from_their_parts():
    text = "Company,First Name,Middle Name,Last Name\nA,Ian,Y.,Choi\nA,三,,张\nA,小 明,,欧阳\n"
    assert [row.person for row in rows(text)] == ["Ian Y. Choi", "张三", "欧阳小 明"]


def test_an_acting_mark_may_stand_behind_the_name_or_in_a_column():
    text = "account,post,person,acting\nA,CEO,张三（代）,\nA,CFO,Li,yes\nA,CTO,Wang,no\n"
    assert [(row.person, row.acting) for row in rows(text)] == [
        ("张三", True),
        ("Li", True),
        ("Wang", False),
    ]


def test_the_account_may_be_given_for_the_whole_file():
    assert [row.account for row in rows("person\nLi\n", account="A")] == ["A"]
    assert [row.account for row in rows("account,person\nA Inc,Li\n", account="A")] == ["A"]


def test_a_file_of_several_accounts_is_not_squeezed_into_one():
    error = refusal("account,person\nA,Li\nA,Wang\nB,Zhao\n", account="A")
    assert (error.row, error.column) == (4, "account")


def test_a_column_of_companies_says_whom_people_work_for_where_the_account_is_given():
    text = "Company,Name\nA,Li\nTemps Ltd,Wang\n,Zhao\n"
    assert [row.affiliation for row in rows(text, account="A")] == [None, "Temps Ltd", None]
    one = "Company,Name\nA Inc,Li\nA Inc,Wang\n"
    assert [row.affiliation for row in rows(one, account="A")] == [None, None]


def test_a_missing_account_is_refused_in_the_file_and_in_a_row():
    assert refusal("person\nLi\n").column == "account"
    error = refusal("account,person\nA,Li\n,Wang\n")
    assert (error.row, error.column) == (3, "account")


def test_neither_person_nor_post_is_refused_by_name():
    error = refusal("account,shoe size\nA,44\n")
    assert error.column == "person"
    assert "the person or the post" in str(error)


def test_headings_without_rows_are_refused():
    assert "no rows" in str(refusal("account,person\n"))


def test_a_start_after_the_day_is_announced_and_one_years_after_it_refused():
    (row,) = rows("account,person,post,starts_on\nA,Li,CEO,2026-07-02\n")
    assert row.starts == DayRange(date(2026, 7, 1), date(2026, 7, 2), "day")
    error = refusal("account,person,post,starts_on\nA,Li,CEO,2062-07-02\n")
    assert (error.row, error.column) == (2, "starts_on")


def test_a_start_known_to_the_month_reaches_to_the_day_of_the_file_at_most():
    (row,) = rows("account,person,post,starts_on\nA,Li,CEO,2026-07\n")
    assert row.starts == DayRange(date(2026, 6, 30), DAY, "month")


def test_a_bad_date_is_refused_with_row_and_column():
    error = refusal("account,person,post,到岗日期\nA,Li,CEO,03/04/2026\n")
    assert (error.row, error.column) == (2, "到岗日期")
    assert "2026-07-01" in str(error)


def test_a_row_of_another_day_is_refused():
    text = "snapshot_date,organization,person\n2026-07-01,A,Li\n2026-01-01,A,Wang\n"
    error = refusal(text)
    assert (error.row, error.column) == (3, "snapshot_date")
    assert "2026-01-01" in str(error)
    assert len(rows(text.replace("2026-01-01", "2026-07"))) == 2


def test_grades_of_another_house_are_left_alone_with_a_note():
    found = sheet("account,person,post,职级\nA,Li,CEO,P8\nA,Wang,CFO,经理\n")
    assert [row.level for row in found.rows] == [None, "manager"]
    assert [str(note) for note in found.notes] == ["职级: P8 was not understood as a level"]


@pytest.mark.parametrize(("heading", "mapping"), [("level", {}), ("职级", {"level": "职级"})])
def test_a_level_column_of_ours_must_hold_our_words(heading, mapping):
    error = refusal(f"account,person,post,{heading}\nA,Li,CEO,P8\n", mapping=mapping)
    assert (error.row, error.column) == (2, heading)
    assert "executive" in str(error)


def test_functions_are_read_in_words_of_the_trade():
    text = "account,person,职能\nA,Li,采购\nA,Wang,R&D\nA,Zhao,SQE\nA,Wu,\n"
    assert [row.function for row in rows(text)] == ["purchasing", "rnd", "quality", None]


def test_ids_are_told_once_and_the_superior_may_be_a_mail_address():
    (row,) = rows("account,person,external_id,email,manager\nA,Li,mail:LI@x.com,li@x.com,w@x.com\n")
    assert row.external_ids == (("mail", "LI@x.com"),)
    assert (row.reports_to, row.reports_to_id) == (None, ("mail", "w@x.com"))


def test_a_superiors_id_is_of_the_kind_the_file_uses():
    text = "account,person,工号,上级工号\nA,Li,7,8\n"
    assert rows(text)[0].reports_to_id == ("staff_number", "8")
    assert rows("account,person,handle,manager id\nA,Li,li,wa\n")[0].reports_to_id == (
        "handle",
        "wa",
    )


def test_a_name_longer_than_the_book_keeps_is_refused():
    error = refusal(f"account,person,post\nA,Li,{'x' * 301}\n")
    assert (error.row, error.column) == (2, "post")


def test_columns_nobody_reads_are_told():
    assert sheet("account,person,shoe size\nA,Li,44\n").unused == ("shoe size",)


def test_the_real_lists_read_the_same_from_every_layout(shared_data):
    folder = shared_data / "import_samples" / "csv_layouts"
    read = {
        path.name: read_snapshot(
            read_table(path.read_bytes(), name=path.name), on=date(2019, 7, 1), account="OpenStack"
        ).rows
        for path in folder.iterdir()
        if "lossy" not in path.name
    }
    assert len(read) == 6
    for name, found in read.items():
        people = [(row.unit, row.post, row.person, row.affiliation) for row in found]
        plain = [
            (row.unit, row.post, row.person, row.affiliation) for row in read["plain_gb18030.csv"]
        ]
        assert people == plain, name


def test_the_real_snapshots_are_read_whole(shared_data):
    folder = shared_data / "openstack_ptl_2015_2019" / "snapshots"
    found = [
        read_snapshot(
            read_table(path.read_bytes(), name=path.name), on=date.fromisoformat(path.stem)
        )
        for path in sorted(folder.iterdir())
    ]
    assert sum(len(one.rows) for one in found) == 480
    assert {one.unused for one in found} == {()}
    assert all(row.person and row.unit and row.post for one in found for row in one.rows)


def test_guards_of_a_spreadsheet_are_taken_off_every_cell():
    text = (
        'account,post,person,staff_number\nA,Buyer_x000D_,Mira Holt\t,="00123"\nA,Head,Bo,\'00124\n'
    )
    first, second = rows(text)
    assert (first.post, first.person, first.external_ids[0][1]) == ("Buyer", "Mira Holt", "00123")
    assert second.external_ids == (("staff_number", "00124"),)


def test_a_rounded_number_is_left_out_with_its_row_and_heading():
    found = sheet("account,person,工号,手机\nA,Li,1.23E+11,1.39E+10\nA,Wu,00124,13900000000\n")
    assert [row.external_ids for row in found.rows] == [(), (("staff_number", "00124"),)]
    assert found.rows[0].contact_points == ()
    notes = [str(note) for note in found.notes]
    assert [("Row 2" in note, "1.23E+11" in note or "1.39E+10" in note) for note in notes] == [
        (True, True),
        (True, True),
    ]


@pytest.mark.parametrize("heading", ["分机", "ext.", "内线", "Extension", "短号", "座机", "固话"])
def test_an_extension_is_a_way_to_reach_somebody(heading):
    found = sheet(f"account,person,{heading}\nA,Li,8012\nA,Wu,无\n")
    assert [row.contact_points for row in found.rows] == [(("phone", "8012"),), ()]
    assert found.unused == ()


def test_an_extension_belongs_to_the_phone():
    text = "account,person,电话,固话,分机,短号,手机\nA,Li,021-6123,021-7,8012,6612,139\n"
    assert rows(text)[0].contact_points == (
        ("phone", "021-6123 ext. 8012"),
        ("phone", "021-7"),
        ("phone", "6612"),
        ("mobile", "139"),
    )


def test_signs_for_an_empty_cell_fill_no_column():
    row = rows("account,unit,post,person,phone,nickname\nA,NULL,无,Li,#N/A,nan\n")[0]
    assert (row.unit, row.post, row.contact_points, row.nickname) == (None, None, (), None)
