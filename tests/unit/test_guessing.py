"""Titles as they stand on cards and in lists, and what each says of level and function."""

import pytest

from relmap.names.titles import guess_function, guess_level, named_function, named_level

TITLES = """
副总裁|executive|management
采购总监|director|purchasing
副总经理|executive|management
总经理|executive|management
總經理|executive|management
董事长|executive|management
董事長特助|manager|management
总经理助理|manager|management
采购部处长|director|purchasing
處長|director|other
研发部部长|director|rnd
研發部部長|director|rnd
硬件研发部副部长|director|rnd
器件认证工程师|staff|component_engineering
元器件工程师|staff|component_engineering
元器件采购工程师|staff|purchasing
零件承認工程師|staff|component_engineering
採購經理|manager|purchasing
資深採購專員|staff|purchasing
採購課長|manager|purchasing
採購副理|manager|purchasing
協理|director|other
研發協理|director|rnd
資材部經理|manager|planning
生管組長|lead|planning
品保部經理|manager|quality
品保處長|director|quality
质量总监|director|quality
供应商质量工程师|staff|quality
SQE|staff|quality
SQE主管|lead|quality
高级SQE工程师|staff|quality
IQC组长|lead|quality
PMC经理|manager|planning
PMC|staff|planning
物控员|staff|planning
物料计划主管|lead|planning
采购员|staff|purchasing
采购助理|staff|purchasing
战略采购经理|manager|purchasing
供应链总监|director|purchasing
供应链副总裁|executive|purchasing
首席采购官|executive|purchasing
首席执行官|executive|management
首席技术官|executive|rnd
首席财务官|executive|finance
首席科学家|lead|other
财务总监|director|finance
财务经理|manager|finance
计划财务部部长|director|finance
会计|staff|finance
出纳|staff|finance
经理|manager|other
經理|manager|other
部长|director|other
硬件工程师|staff|rnd
软件开发工程师|staff|rnd
射频工程师|staff|rnd
高级硬件工程师|staff|rnd
主任工程师|lead|rnd
总工程师|director|rnd
副总工程师|director|rnd
研发副总|executive|rnd
研发总监助理|staff|rnd
副总监|director|other
工艺工程师|staff|npi
NPI工程师|staff|npi
NPI经理|manager|npi
製程工程師|staff|npi
试产主管|lead|npi
新产品导入经理|manager|npi
产品经理|manager|product
产品总监|director|product
产品规划部部长|director|product
產品經理|manager|product
产品线总裁|executive|product
产品研发工程师|staff|rnd
产品质量工程师|staff|quality
实验室主任|manager|rnd
总裁办主任|manager|management
总经理办公室主任|manager|management
厂长|director|management
副廠長|director|management
车间主任|lead|other
销售总监|director|other
客户经理|manager|other
销售工程师|staff|other
项目经理|manager|other
IT工程师|staff|other
总监秘书|staff|other
采购总监秘书|staff|purchasing
工程师|staff|rnd
测试工程师|staff|rnd
组长|lead|other
采购组长|lead|purchasing
采购代表|staff|purchasing
購買部長|director|purchasing
購買課長|manager|purchasing
調達本部長|director|purchasing
資材課 係長|lead|planning
経理部長|director|finance
経理課長|manager|finance
経理|staff|finance
総経理|executive|management
副総経理|executive|management
代表取締役社長|executive|management
専務取締役|executive|management
常務執行役員|executive|management
開発部 部長|director|rnd
開発設計課 課長|manager|rnd
設計 主任|lead|rnd
品質保証部 部長|director|quality
品質保証課 課長代理|lead|quality
部長代理|manager|other
生産技術課長|manager|npi
生産管理課 主任|lead|planning
商品企画部長|director|product
工場長|director|management
技術部長|director|rnd
部品認定担当|staff|component_engineering
総務部長|director|other
担当課長|manager|other
VP|executive|management
VP Procurement|executive|purchasing
SVP, Global Supply Chain|executive|purchasing
Vice President of Engineering|executive|rnd
VP Engineering|executive|rnd
CEO|executive|management
CTO|executive|rnd
CFO|executive|finance
COO|executive|management
CPO|executive|purchasing
Chief Financial Officer|executive|finance
Chief Executive Officer|executive|management
Managing Director|executive|management
General Manager|executive|management
Deputy General Manager|executive|management
President|executive|management
Assistant Vice President, Sourcing|director|purchasing
Director of Purchasing|director|purchasing
Senior Director, Hardware Engineering|director|rnd
Head of Purchasing|director|purchasing
Head of R&D|director|rnd
Head of Quality|director|quality
Sr. Manager|manager|other
Sr. Manager, Strategic Sourcing|manager|purchasing
Purchasing Manager|manager|purchasing
Commodity Manager|manager|purchasing
Global Commodity Manager|manager|purchasing
Supplier Quality Engineer|staff|quality
Supplier Quality Manager|manager|quality
Quality Manager|manager|quality
Component Engineer|staff|component_engineering
Senior Component Engineer|staff|component_engineering
Component Engineering Manager|manager|component_engineering
AVL Engineer|staff|component_engineering
Buyer|staff|purchasing
Senior Buyer|staff|purchasing
Strategic Buyer|staff|purchasing
Procurement Specialist|staff|purchasing
Purchasing Assistant|staff|purchasing
Material Planner|staff|planning
Production Planner|staff|planning
Planning Manager|manager|planning
Demand Planning Lead|lead|planning
Materials Manager|manager|planning
Logistics Coordinator|staff|planning
NPI Manager|manager|npi
Process Engineer|staff|npi
Manufacturing Engineer|staff|npi
Hardware Engineer|staff|rnd
Principal Engineer|lead|rnd
Staff Engineer|staff|rnd
RF Design Lead|lead|rnd
Project Team Lead|lead|other
Team Leader|lead|other
Group Leader Purchasing|lead|purchasing
Product Manager|manager|product
Product Marketing Manager|manager|other
Product Development Engineer|staff|rnd
Account Executive|staff|other
Account Manager|manager|other
Executive Assistant|staff|other
Executive Assistant to the CEO|staff|management
Sales Engineer|staff|other
Business Development Manager|manager|other
Accountant|staff|finance
Finance Director|director|finance
Financial Controller|staff|finance
IT Manager|manager|other
HR Director|director|other
Engineer|staff|rnd
Consultant|staff|other
Vice Manager|manager|other
Supervisor|lead|other
PMC Supervisor|lead|planning
王总|executive|management
Manager|manager|other
Vice President|executive|management
采购|staff|purchasing
采购部|staff|purchasing
MC|staff|planning
党委书记|executive|management
"""


@pytest.mark.parametrize("line", TITLES.split("\n")[1:-1])
def test_a_title_says_level_and_function(line):
    title, level, function = line.split("|")
    assert (guess_level(title), guess_function(title)) == (level, function)


@pytest.mark.parametrize(
    ("title", "unit", "function"),
    [
        ("处长", "采购部", "purchasing"),
        ("Manager", "Quality Assurance", "quality"),
        ("工程师", "器件认证部", "component_engineering"),
        ("工程师", "一部", "rnd"),
        ("采购经理", "研发中心", "purchasing"),  # the title knows better
    ],
)
def test_the_name_of_the_unit_helps_a_bare_title(title, unit, function):
    assert guess_function(title, unit=unit) == function


def test_a_title_that_says_nothing_is_told_from_one_that_says_staff():
    assert named_level("张三") is None
    assert named_function("处长") is None
    assert named_level("采购员") == "staff"


def test_width_case_and_blanks_do_not_matter():
    assert (
        guess_level("ＶＰ  ｐｒｏｃｕｒｅｍｅｎｔ") == guess_level("vp procurement") == "executive"
    )
    assert guess_function("ＶＰ  ｐｒｏｃｕｒｅｍｅｎｔ") == "purchasing"
