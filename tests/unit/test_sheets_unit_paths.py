"""A unit written as a path is a unit of a tree, and a second unit a second row of the person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.imports.sheets.unit_paths import UnitPaths


def read(*cells, account="Orion"):
    paths = UnitPaths(cells, heading="unit", account=account)
    return [paths.units(cell) for cell in cells], [*paths.notes.values()]


NAMES = st.sampled_from(["Ops", "Buying", "IT", "供应链中心", "采购部", "R&D"])


@given(
    st.lists(NAMES, min_size=1, max_size=4, unique=True),
    st.sampled_from(["/", ">", "\\", "／", "-", "›"]),
)
def test_a_path_from_the_account_down_is_read_whatever_parts_it(names, sign):
    found, notes = read(sign.join(["Orion", *names]))
    assert found == [[("Orion", *names)]]
    assert notes == []


def test_a_slash_may_be_part_of_a_name_and_that_is_told():
    found, notes = read("R&D/QA", "Sales")
    assert found == [[("R&D/QA",)], [("Sales",)]]
    assert ["R&D > QA" in str(note) for note in notes] == [True]


def test_cells_that_begin_alike_are_paths_and_that_is_told():
    found, notes = read("Ops/Buying", "Ops/Logistics", "Ops")
    assert found == [[("Ops", "Buying")], [("Ops", "Logistics")], [("Ops",)]]
    assert len(notes) == 1


def test_units_behind_a_semicolon_are_several():
    found, _ = read("Orion/IT; Orion/Ops", "Orion-IT，Orion-Ops", "Sales, EMEA", "Sales - EMEA")
    assert found == [
        [("Orion", "IT"), ("Orion", "Ops")],
        [("Orion", "IT"), ("Orion", "Ops")],
        [("Sales, EMEA",)],
        [("Sales - EMEA",)],
    ]


LIST = """姓名,账号,职务,部门
林晓,linxiao,经理,明川/供应链中心/采购部
何为,hewei,工程师,明川/研发部;明川/品质部
王五,wangwu,组长,明川/研发部/测试组
赵六,zhaoliu,组长,明川/品质部/测试组
"""


def tree(book, account="明川"):
    view = book.view("2026-07-02", account)
    names = {unit.ref: unit.name for unit in view.open_units}
    return {(names.get(unit.parent), unit.name) for unit in view.open_units if unit.parent}


def test_paths_make_a_tree(book):
    book.list("2026-07-01", LIST, account="明川")
    pairs = tree(book)
    assert {("供应链中心", "采购部"), ("研发部", "测试组"), ("品质部", "测试组")} <= pairs
    assert not any("/" in name or ";" in name for _, name in pairs)
    assert book.sits("2026-07-02", "明川") >= {"林晓: 经理", "何为: 工程师"}
    assert len(book.people("何为")) == 1
    report = book.list("2026-07-01", LIST, account="明川")
    assert not report.to_json()["changes"]


def test_who_is_in_two_units_is_one_person_without_an_id(book):
    text = "unit,post,person\nOps;IT,Clerk,Mira Holt\nIT;Ops,Head,Bo Wu / Cy Ray\n"
    book.list("2026-07-01", text)
    assert [len(book.people(name)) for name in ("Mira Holt", "Bo Wu", "Cy Ray")] == [1, 1, 1]
    assert len(book.view("2026-07-02").open_tenures) == 6
    assert not book.list("2026-07-01", text).to_json()["changes"]


def test_a_path_finds_the_units_that_are_on_file_without_it(book, moves):
    book.list("2026-01-01", "姓名,职务,部门\n林晓,经理,采购部\n何为,工程师,研发部", account="明川")
    report = book.list("2026-07-01", LIST.replace(";明川/品质部", ""), account="明川", yes=True)
    assert not any("left" in line or "林晓" in line for line in moves(report))


@pytest.mark.parametrize("unit", ["Buying", "buying "])
def test_a_unit_that_is_its_own_parent_is_one_unit(book, unit):
    book.list("2026-07-01", f"parent_unit,unit,post,person\nBuying,{unit},Head,Mira Holt")
    units = [one.name for one in book.view("2026-07-02").open_units if one.name != "Meridian"]
    assert units == [unit.strip()]


def test_a_name_that_begins_like_the_account_is_no_path():
    found, _ = read("Orion-Helm", "Sales", "Plant", "Orion - IT", "Ops")
    assert found[0] == [("Orion-Helm",)]
    assert found[3] == [("Orion", "IT")]
