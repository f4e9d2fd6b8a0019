"""Workbooks that do not end: each is refused in one line, in bounded time and memory.

The files are small and made here; each is read by a process of its own that may take so much and
no more.
"""

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterable

import pytest
import xlwt

SECONDS = 40  # of a processor, the start included
MEMORY = 1_500_000_000
READER = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
from relmap.errors import Refused
from relmap.imports.sheets.files import read_table
from relmap.languages import tell
try:
    read_table(sys.stdin.buffer.read(), name="list.xlsx", kind="snapshot")
except Refused as refused:
    print(tell(refused))
else:
    print("read")
"""
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OPENED = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = "".join(
    f'<Override PartName="/xl/{part}.xml" ContentType="{OPENED}.{kind}+xml"/>'
    for part, kind in {
        "workbook": "sheet.main",
        "worksheets/sheet1": "worksheet",
        "sharedStrings": "sharedStrings",
        "styles": "styles",
    }.items()
)
DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"
LIST = (
    '<row r="1"><c r="A1" t="str"><v>Name</v></c><c r="B1" t="str"><v>Title</v></c></row>'
    '<row r="2"><c r="A2" t="str"><v>Lin Mei</v></c><c r="B2" t="str"><v>Buyer</v></c></row>'
)


def packed(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def workbook(
    rows: str = LIST, *, after: str = "", strings: str = "", styles: str = "", sheets: int = 1
) -> bytes:
    """An XLSX file of raw parts."""
    named = "".join(
        f'<sheet name="S{number}" sheetId="{number}" r:id="rId1"/>'
        for number in range(1, sheets + 1)
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}.xml"/>'
        for number, (kind, target) in enumerate(
            [("worksheet", "worksheets/sheet1"), ("sharedStrings",) * 2, ("styles",) * 2], start=1
        )
    )
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Default Extension="rels" ContentType="{PACKAGE}/relationships"/>{TYPES}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship '
            f'Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{named}'
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>'
            f"{after}</worksheet>",
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
        }
    )


def open_document(rows: str) -> bytes:
    """An ODS file of one sheet with these rows."""
    return packed(
        {
            "content.xml": f'<office:document-content xmlns:office="{DOCUMENT}:office:1.0" '
            f'xmlns:table="{DOCUMENT}:table:1.0" xmlns:text="{DOCUMENT}:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="S">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>"
        }
    )


def old_workbook() -> bytes:
    """An XLS file that says one long text in each of its cells."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for row in range(2_000):
        sheet.write(row, 0, "x" * 30_000)
        sheet.write(row, 1, "x" * 30_000)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def each(text: str, numbers: Iterable[int]) -> str:
    return "".join(text.format(number) for number in numbers)


def cell(inner: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{inner}</text:p></table:table-cell>"


MERGED = '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>'
FAR = '<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>'
BLANK_CELLS = '<row r="3">' + "<c/>" * 1_100_000 + "</row>"
ENDLESS = {
    "a far row": lambda: workbook(LIST + FAR),
    "a far row of a sheet read whole": lambda: workbook(LIST + FAR, after=MERGED),
    "a far row as a number with an exponent": lambda: workbook(LIST + '<row r="2e9"/>'),
    "a far row in other digits": lambda: workbook(LIST + '<row r="٢٠٠٠٠٠٠٠٠٠"/>'),
    "the last column of many rows": lambda: workbook(
        LIST + each('<row r="{0}"><c r="XFD{0}" s="0"/></row>', range(3, 200_000))
    ),
    "a value in the last column": lambda: workbook(
        LIST + each('<row r="{0}"><c r="XFD{0}"><v>1</v></c></row>', range(3, 50_000))
    ),
    "millions of cells": lambda: workbook(LIST + BLANK_CELLS),
    "millions of cells of a sheet read whole": lambda: workbook(LIST + BLANK_CELLS, after=MERGED),
    "a sheet that is one merged cell": lambda: workbook(
        after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    ),
    "merged cells with zeros before their rows": lambda: workbook(
        after='<mergeCells><mergeCell ref="A1:$xfd$0000000001048576"/></mergeCells>'
    ),
    "millions of merged cells": lambda: workbook(
        after="<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 900_000 + "</mergeCells>"
    ),
    "millions of texts": lambda: workbook(strings="<si><t>x</t></si>" * 2_000_000),
    "millions of pieces of one text": lambda: workbook(
        strings="<si>" + "<r><t>x</t></r>" * 2_000_000 + "</si>"
    ),
    "one text of millions of signs": lambda: workbook(
        strings=f"<si><t>{'x' * 50_000_000}</t></si>"
    ),
    "one text in very many cells": lambda: workbook(
        LIST + each('<row r="{0}"><c r="A{0}" t="s"><v>0</v></c></row>', range(3, 2_000)),
        strings=f"<si><t>{'x' * 900_000}</t></si>",
    ),
    "millions of attributes": lambda: workbook(
        LIST + "<row " + each('a{0}="" ', range(3_000_000)) + "/>"
    ),
    "millions of attributes of a text": lambda: workbook(
        strings="<si " + each('a{0}="" ', range(3_000_000)) + "/>"
    ),
    "millions of styles": lambda: workbook(styles="<cellXfs>" + "<xf/>" * 2_000_000 + "</cellXfs>"),
    "a sheet named again and again": lambda: workbook(
        LIST + each('<row r="{0}"><c r="A{0}"><v>1</v></c></row>', range(3, 9_000)), sheets=3_000
    ),
    "one text in very many cells of an old workbook": old_workbook,
    "rows and cells repeated": lambda: open_document(
        (
            '<table:table-row table:number-rows-repeated="1000">'
            + cell("x", 'table:number-columns-repeated="900"')
            + "</table:table-row>"
        )
        * 500
    ),
    "a row far below": lambda: open_document(
        '<table:table-row table:number-rows-repeated="2000000000"><table:table-cell/>'
        "</table:table-row><table:table-row>" + cell("x") + "</table:table-row>"
    ),
    "cells repeated beyond all columns": lambda: open_document(
        "<table:table-row>"
        + cell("x", 'table:number-columns-repeated="2000000000"') * 100_000
        + "</table:table-row>"
    ),
    "columns repeated": lambda: open_document(
        '<table:table-column table:number-columns-repeated="2000000000"/>' * 900_000
        + "<table:table-row>"
        + cell("x")
        + "</table:table-row>"
    ),
    "very many blanks": lambda: open_document(
        "<table:table-row>" + cell('<text:s text:c="2000000000"/>' * 900_000) + "</table:table-row>"
    ),
    "texts within texts": lambda: open_document(
        "<table:table-row>"
        + cell("<text:span>" * 200_000 + "x" + "</text:span>" * 200_000)
        + "</table:table-row>"
    ),
    "millions of elements": lambda: open_document("<table:table-row/>" * 3_000_000),
    "a number that is none": lambda: open_document(
        '<table:table-row table:number-rows-repeated="many">' + cell("x") + "</table:table-row>"
    ),
}


def said_of(data: bytes) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", READER], input=data, capture_output=True, timeout=600, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("case", ENDLESS)
def test_a_workbook_that_does_not_end_is_refused_in_one_line(case):
    status, said, trace = said_of(ENDLESS[case]())
    assert (status, trace) == (0, "")
    assert said.count("\n") == 1
    assert said.startswith(("list.xlsx ", "Row "))


@pytest.mark.parametrize("after", ["", MERGED])
def test_what_is_blank_far_below_and_beside_a_list_keeps_it_from_nobody(after):
    far = '<row r="1048576"><c r="A1048576" s="0"/><c r="XFD1048576" s="0"/></row>'
    assert said_of(workbook(LIST + far, after=after)) == (0, "read\n", "")
