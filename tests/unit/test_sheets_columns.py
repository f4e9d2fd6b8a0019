"""Headings in four languages find their fields; doubt is refused and --map settles it."""

import pytest

from relmap.contracts import Message
from relmap.errors import Refused
from relmap.imports.sheets.columns import find_columns, require
from relmap.imports.sheets.headings import vocabulary
from relmap.imports.sheets.table import Table


def found(header, kind="snapshot", **options):
    table = Table("list.csv", tuple(header.split(",")), ())
    return find_columns(table, vocabulary(kind), **options)


def headings(header, **options):
    return dict(found(header, **options).headings)


def refusal(header, kind="snapshot", **options):
    with pytest.raises(Refused) as caught:
        found(header, kind, **options)
    return caught.value


@pytest.mark.parametrize(
    "header",
    [
        "account,unit,post,person,external_id,email,starts_on",
        "Customer,Department,Job Title,Name,User ID,E-mail,Start Date",
        "客户,部门,职位,姓名,账号,邮箱,到岗日期",
        "客戶,部門,職稱,姓名,帳號,電子郵件,任職日期",
        "会社,部署,役職,氏名,ID,メールアドレス,就任日",
        "賬戶,部門,職務,聯繫人姓名,用戶名,郵箱地址,到任日期",
        "公司名称,所属部门,职务,员工姓名,编号,电子邮箱,任职时间",
        "ACCOUNT , Unit,POST,Person (required),External-ID,e_mail,Starts on",
        "客户/Customer,部门 Department,职位（Title）,姓名*,域账号,邮箱,Since",
    ],
)
def test_headings_find_the_same_fields_in_every_language(header):
    fields = ("account", "unit", "post", "person", "external_id", "email", "starts_on")
    columns = found(header)
    assert [columns.places.get(field) for field in fields] == list(range(7))
    assert columns.unused == ()


@pytest.mark.parametrize("kind", ["snapshot", "tenures", "ties", "touches", "projects"])
def test_a_fields_own_name_is_always_its_heading(kind):
    fields = vocabulary(kind)
    columns = found(",".join(fields), kind)
    assert columns.headings == {field: field for field in fields}
    assert columns.certain == set(fields)


def test_the_more_telling_heading_wins():
    assert headings("title,职位,姓名")["post"] == "职位"
    assert headings("部门,事业部,姓名") == {
        "unit": "部门",
        "parent_unit": "事业部",
        "person": "姓名",
    }
    assert headings("客户,公司,姓名") == {
        "account": "客户",
        "affiliation": "公司",
        "person": "姓名",
    }
    assert headings("公司,姓名") == {"account": "公司", "person": "姓名"}


def test_the_layouts_of_outlook_and_of_address_books():
    outlook = headings(
        "First Name,Last Name,Title,Company,Job Title,Department,E-mail Address,"
        "Manager's Name,Account"
    )
    assert outlook == {
        "first_name": "First Name",
        "last_name": "Last Name",
        "account": "Company",
        "post": "Job Title",
        "unit": "Department",
        "email": "E-mail Address",
        "reports_to": "Manager's Name",
    }
    google = headings(
        "Name,Given Name,Organization 1 - Name,Organization 1 - Title,"
        "Organization 1 - Department,E-mail 1 - Value,Phone 1 - Value"
    )
    assert [google[field] for field in ("person", "account", "post", "unit", "email", "phone")] == [
        "Name",
        "Organization 1 - Name",
        "Organization 1 - Title",
        "Organization 1 - Department",
        "E-mail 1 - Value",
        "Phone 1 - Value",
    ]


def test_two_headings_that_could_be_one_field_are_refused_until_mapped():
    error = refusal("姓名,职位,职务")
    assert (error.row, error.column) == (1, "职务")
    assert "--map post=" in str(error)
    columns = found("姓名,职位,职务", mapping={"post": "职务"})
    assert columns.headings["post"] == "职务"
    assert columns.unused == ("职位",)


def test_a_mapped_column_is_certain_and_taken():
    columns = found("name,who", mapping={"person": "who"})
    assert columns.headings["person"] == "who"
    assert "person" in columns.certain
    assert columns.unused == ("name",)


def test_a_column_may_be_mapped_to_the_kind_of_its_ids():
    columns = found("who,nick,post box", mapping={"handle": "nick", "mail": "post box"})
    assert (columns.headings["external_id"], columns.headings["email"]) == ("nick", "post box")


def test_a_mapping_to_what_is_not_there_names_what_is():
    unknown_field = str(refusal("name,post", mapping={"boss": "name"}))
    assert "boss" in unknown_field
    assert "reports_to" in unknown_field
    error = refusal("name,post", mapping={"person": "nom"})
    assert error.column == "nom"
    assert "name, post" in str(error)


def test_a_missing_column_is_refused_by_name():
    table = Table("list.csv", ("post", "shoe size"), ())
    with pytest.raises(Refused, match="--map account=COLUMN") as caught:
        require(
            table, find_columns(table, vocabulary("snapshot")), ("account",), Message("the account")
        )
    assert caught.value.column == "account"
    assert "shoe size" in str(caught.value)


def test_columns_that_nothing_reads_are_told():
    assert found("name,shoe size,星座").unused == ("shoe size", "星座")


def test_every_heading_of_the_vocabularies_finds_a_field():
    for kind in ("snapshot", "tenures", "ties", "touches"):
        for field, tiers in vocabulary(kind).items():
            for tier, text in enumerate(tiers):
                for heading in text.split("|"):
                    columns = found(heading, kind)
                    assert columns.headings, (field, tier, heading)


def test_a_heading_is_found_in_both_scripts():
    assert headings("部門,職稱,姓名,工號,匯報給") == headings("部门,职称,姓名,工号,汇报给") | {
        "unit": "部門",
        "post": "職稱",
        "staff_number": "工號",
        "reports_to": "匯報給",
    }


@pytest.mark.parametrize("sign", ["#", "*", "（）", "", "&"])
def test_a_heading_without_letters_names_no_field(sign):
    assert headings(f"{sign},unit,post,person") == headings("unit,post,person")
