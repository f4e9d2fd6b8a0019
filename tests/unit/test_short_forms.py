"""Short forms of titles and units mean the same as what they stand for."""

import pytest

from relmap.names import short_forms
from relmap.names.folding import is_east_asian, simplified
from relmap.names.short_forms import mean_the_same
from relmap.names.tables import read_rows
from relmap.names.units import share_core


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("VP", "Vice President"),
        ("V.P.", "vice  president"),
        ("Sr. VP, Sales", "Senior Vice President of Sales"),
        ("SQE", "Supplier Quality Engineer"),
        ("SQE", "供应商质量工程师"),
        ("SQE", "供應商品質工程師"),
        ("SQE Engineer", "Supplier Quality Engineer"),
        ("Snr Purch. Mgr.", "Senior Procurement Manager"),
        ("Dir. of Eng.", "Director of Engineering"),
        ("Purchasing Director", "Director, Purchasing"),
        ("Asst. Mgr", "Assistant Manager"),
        ("R&D Director", "Director of Research and Development"),
        ("PM", "Project Manager"),
        ("PM", "产品经理"),
        ("采购", "采购专员"),
        ("採購員", "采购专员"),
        ("采购专员", "Buyer"),
        ("资深硬件工程师", "高級硬體工程師"),
    ],
)
def test_a_short_form_means_what_it_stands_for(short, whole):
    assert mean_the_same(short, whole)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("VP", "President"),
        ("SQE", "SQM"),
        ("Buyer", "Senior Buyer"),
        ("Assistant General Manager", "Assistant to the General Manager"),
        ("采购经理", "采购专员"),
        ("Engineering Manager", "Purchasing Manager"),
        ("Editor", "Director"),
    ],
)
def test_other_titles_mean_something_else(one, other):
    assert not mean_the_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("WG K8s Infra", "SIG Kubernetes Infrastructure"),
        ("Internationalization", "i18n Team"),
        ("Product Management", "PM"),
        ("Human Resources", "HR"),
        ("Supply Chain Management", "SCM Dept."),
        ("采购部", "採購中心"),
        ("品质部", "质量管理部"),
        ("信息化办公室", "信息化中心"),
    ],
)
def test_two_names_of_one_unit_share_its_core(one, other):
    assert share_core(one, other)
    assert share_core(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("WG Policy", "WG Storage"),
        ("Sales Department", "Purchasing Department"),
        ("Wireless Products", "Wired Products"),
        ("终端产品处", "无线产品处"),
        ("Team", "Group"),
    ],
)
def test_kinds_and_endings_alone_are_no_core(one, other):
    assert not share_core(one, other)


def test_the_table_has_small_letters_and_simplified_characters():
    rows = read_rows(short_forms.__file__, "short_forms.tsv")
    for meaning, written in rows:
        assert not is_east_asian(meaning)
        for form in written.split("|"):
            assert form == simplified(form.casefold()).strip() != meaning
    assert len(set(rows)) == len(rows)
