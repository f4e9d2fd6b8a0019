"""Which seat is which: the sentences of that chapter of docs/snapshots.md, in their order."""

from datetime import date

import pytest

from relmap.errors import ImportHeld, Refused
from relmap.imports.undo import undo_import

HEAD = "unit,post,person"


def rows_noted(report):
    """The rows of which something is said; that an account is new is said of none."""
    return [note.row for note in report.notes if note.row is not None]


# --- Units


def test_a_unit_matches_by_its_id_and_is_renamed(book, told):
    head = "unit_id,unit,post,person"
    book.list("2026-01-01", f"{head}\nU1,Sales,Head,Li Na")
    report = book.list("2026-07-01", f"{head}\nu1,Markets,Head,Li Na")
    assert told(report) == ["unit_renamed Sales -> Markets"]


@pytest.mark.parametrize("name", ["sales team", "Sales-Team", "SalesTeam", "Ｓａｌｅｓ Team"])
def test_a_unit_matches_by_its_name_normalised(book, told, name):
    book.list("2026-01-01", f"{HEAD}\nSales Team,Head,Li Na")
    assert told(book.list("2026-07-01", f"{HEAD}\n{name},Head,Li Na", complete=True)) == []


def test_a_unit_matches_by_its_name_under_its_parent(book, told):
    text = "parent_unit,unit,post,person\nEast,Sales,Head,Li Na\nWest,Sales,Head,Bo Wu"
    book.list("2026-01-01", text)
    assert told(book.list("2026-07-01", text, complete=True)) == []
    assert book.sits("2026-07-01") == {"Li Na: Head", "Bo Wu: Head"}


def test_without_a_parent_in_the_file_a_unique_name_matches_anywhere(book, told):
    book.list("2026-01-01", "parent_unit,unit,post,person\nEast,Sales,Head,Li Na")
    assert told(book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na")) == []


def test_without_a_parent_a_name_that_is_not_unique_is_an_error_that_asks_for_it(book):
    book.list(
        "2026-01-01", "parent_unit,unit,post,person\nEast,Sales,Head,Li Na\nWest,Sales,Head,Bo Wu"
    )
    with pytest.raises(Refused, match="parent_unit") as refused:
        book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na")
    assert (refused.value.row, refused.value.column) == (2, "parent_unit")


def test_the_same_unique_name_under_another_parent_is_a_unit_moved(book, told):
    head = "parent_unit,unit,post,person"
    book.list("2026-01-01", f"{head}\nEast,Sales,Head,Li Na\n,West,Chief,Bo Wu")
    report = book.list("2026-07-01", f"{head}\nWest,Sales,Head,Li Na\n,West,Chief,Bo Wu")
    assert told(report) == ["unit_moved East -> West"]
    assert book.unit("Sales").parent.name == "West"
    view = book.view("2026-06-30")
    (sales,) = [row for row in view.units if row.name == "Sales"]
    assert view.unit(sales.parent).name == "East"  # past days keep the old tree


def test_who_is_listed_under_a_parent_and_in_no_unit_sits_in_the_parent(book):
    head = "parent_unit,unit,post,person"
    book.list("2026-01-01", f"{head}\nEast,,Chief,Bo Wu\nEast,Sales,Head,Li Na")
    assert book.post("Chief").unit.name == "East"


def test_a_unit_inside_itself_is_refused(book):
    with pytest.raises(Refused, match="part of itself"):
        book.list("2026-01-01", "parent_unit,unit,post,person\nB,A,Head,Li Na\nA,B,Head,Bo Wu")


@pytest.mark.parametrize("complete", [False, True])
def test_a_unit_not_listed_and_a_new_one_with_most_holders_of_both_are_one(book, told, complete):
    book.list(
        "2026-01-01",
        f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu\nSales,Aide,Cy Ma\nPlant,Guard,Al Fox",
    )
    report = book.list(
        "2026-07-01",
        f"{HEAD}\nMarkets,Head,Li Na\nMarkets,Clerk,Di Ye\nMarkets,Aide,Cy Ma\nPlant,Guard,Al Fox",
        complete=complete,
    )
    assert told(report) == [
        "unit_renamed Sales -> Markets",
        "Bo Wu left Markets/Clerk (replaced)",
        "Di Ye joined Markets/Clerk",
    ]
    assert report.notes == ()


HALF = (
    f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu\nPlant,Guard,Al Fox",
    f"{HEAD}\nMarkets,Head,Li Na\nMarkets,Clerk,Cy Ma\nPlant,Guard,Al Fox",
)


def test_with_half_of_the_holders_a_rename_is_asked_about(book, told):
    book.list("2026-01-01", HALF[0])
    with pytest.raises(ImportHeld, match="Is Markets the new name of Sales"):
        book.list("2026-07-01", HALF[1], complete=True)
    report = book.list("2026-07-01", HALF[1], complete=True, yes=True)
    assert told(report)[0] == "unit_renamed Sales -> Markets"
    (note,) = report.notes
    assert (note.row, "half of its people" in str(note.message)) == (2, True)


def test_with_half_of_the_holders_a_partial_list_renames_nothing_and_asks(book, told):
    book.list("2026-01-01", HALF[0])
    report = book.list("2026-07-01", HALF[1])
    assert "? Li Na Markets/Head (unit_not_listed)" in told(report)
    assert not any(line.startswith("unit_renamed") for line in told(report))


@pytest.mark.parametrize(
    "others",
    [
        "Plant,Clerk,Bo Wu\nPlant,Aide,Di Ye",  # two of four moved on
        "Markets,Clerk,Cy Ma\nMarkets,Aide,Al Fox",  # one of the new ones was elsewhere
        "Markets,Planner,Cy Ma",  # other posts
    ],
)
def test_with_half_of_the_holders_and_others_moved_it_is_no_rename(book, told, others):
    book.list(
        "2026-01-01",
        f"{HEAD}\nSales,Head,Li Na\nSales,Buyer,Ed Ode\nSales,Clerk,Bo Wu\nSales,Aide,Di Ye\n"
        "Plant,Guard,Al Fox\nPlant,Chief,Fy Gu",
    )
    report = book.list(
        "2026-07-01",
        f"{HEAD}\nMarkets,Head,Li Na\nMarkets,Buyer,Ed Ode\n{others}\nPlant,Chief,Fy Gu",
        complete=True,
        yes=True,
    )
    assert "unit_opened Markets" in told(report)
    assert "unit_closed Sales" in told(report)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("WG K8s Infra", "SIG K8s Infra"),
        ("Product Management", "PM"),
        ("采购部", "採購中心"),
    ],
)
def test_a_name_that_keeps_its_core_needs_two_holders_a_third_of_both(book, told, before, after):
    old = "\n".join(f"{before},Member,{name}" for name in ("Li Na", "Bo Wu", "Cy Ma", "Di Ye"))
    new = "\n".join(f"{after},Member,{name}" for name in ("Li Na", "Bo Wu", "Ed Ode", "Fy Gu"))
    book.list("2026-01-01", f"{HEAD}\n{old}\n{before},Guest,Gi Ho\nPlant,Guard,Al Fox")
    report = book.list(
        "2026-07-01", f"{HEAD}\n{new}\n{after},Guest,Hy Iva\nPlant,Guard,Al Fox", complete=True
    )
    assert told(report)[0] == f"unit_renamed {before} -> {after}"


def test_a_core_of_the_name_counts_whatever_the_posts_are_called(book, told):
    book.list(
        "2026-01-01",
        f"{HEAD}\nWG Data,Organizer,Li Na\nWG Data,Organizer,Bo Wu\nPlant,Chief,Al Fox",
    )
    report = book.list(
        "2026-07-01",
        f"{HEAD}\nSIG Data,Chair,Li Na\nSIG Data,Chair,Bo Wu\nSIG Data,Tech Lead,Cy Ma\n"
        "Plant,Chief,Al Fox",
        complete=True,
    )
    assert set(told(report)) == {
        "unit_renamed WG Data -> SIG Data",
        "post_renamed Organizer -> Chair",
        "post_opened SIG Data/Tech Lead",
        "Cy Ma joined SIG Data/Tech Lead",
    }


def test_retitled_seats_do_not_hide_a_units_rename(book, told):
    book.list(
        "2026-01-01",
        f"{HEAD}\nSales,Head,Li Na\nSales,Buyer,Bo Wu\nSales,Aide,Cy Ma\nSales,Guard,Di Ye",
    )
    report = book.list(
        "2026-07-01",
        f"{HEAD}\nMarkets,Chief,Li Na\nMarkets,Purchaser,Bo Wu\nMarkets,Aide,Cy Ma\n"
        "Markets,Guard,Di Ye",
    )
    assert told(report)[0] == "unit_renamed Sales -> Markets"


def test_holders_in_other_posts_do_not_make_a_rename(book, told):
    book.list("2026-01-01", f"{HEAD},external_id\nSales,Head,Li Na,ln\nPlant,Guard,Al Fox,af")
    report = book.list(
        "2026-07-01", f"{HEAD},external_id\nMarkets,Clerk,Li Na,ln\nPlant,Guard,Al Fox,af"
    )
    assert "unit_opened Markets" in told(report)


def test_less_than_half_of_either_is_no_rename(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu\nSales,Aide,Al Fox")
    report = book.list(
        "2026-07-01", f"{HEAD}\nMarkets,Head,Li Na\nMarkets,Guard,Cy Ma", complete=True, yes=True
    )
    assert "unit_opened Markets" in told(report)
    assert "unit_closed Sales" in told(report)


def test_a_tie_is_no_rename_the_new_units_open_and_the_old_one_closes(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu")
    report = book.list(
        "2026-07-01", f"{HEAD}\nNorth,Head,Li Na\nSouth,Clerk,Bo Wu", complete=True, yes=True
    )
    assert [line for line in told(report) if line.startswith("unit")] == [
        "unit_opened North",
        "unit_opened South",
        "unit_closed Sales",
    ]
    left = [row for row in report.to_json()["changes"] if row["kind"] == "left_post"]
    assert {row["moved_to"]["unit"] for row in left} == {"North", "South"}


def test_a_merger_renames_the_unit_that_gives_more_and_closes_the_other(book, told):
    book.list(
        "2026-01-01",
        f"{HEAD}\nNorth,Head,Li Na\nNorth,Clerk,Bo Wu\n"
        "North,Aide,Al Fox\nSouth,Chief,Cy Ma\nPlant,Guard,Di Ye",
    )
    report = book.list(
        "2026-07-01",
        f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu\n"
        "Sales,Aide,Al Fox\nSales,Chief,Cy Ma\nPlant,Guard,Di Ye",
        complete=True,
    )
    assert [line for line in told(report) if line.startswith("unit")] == [
        "unit_renamed North -> Sales",
        "unit_closed South",
    ]


def test_a_unit_listed_on_the_same_day_is_not_renamed(book, told):
    head = f"{HEAD},external_id"
    book.list("2026-01-01", f"{head}\nSales,Head,Li Na,ln\nSales,Clerk,Bo Wu,bw")
    report = book.list("2026-01-01", f"{head}\nPlant,Head,Li Na,ln\nPlant,Clerk,Al Fox,af")
    assert "unit_opened Plant" in told(report)


def test_a_unit_closed_before_and_listed_again_opens_anew_and_its_people_return(book, moves):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nPlant,Guard,Bo Wu")
    book.list("2026-04-01", f"{HEAD}\nPlant,Guard,Bo Wu", complete=True)
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na\nPlant,Guard,Bo Wu", complete=True)
    assert moves(report) == {"Li Na joined Sales/Head"}
    assert len(book.people("Li Na")) == 1


# --- Posts


@pytest.mark.parametrize(
    ("before", "after"), [("Purchasing  Manager", "purchasing manager"), ("採購經理", "采购经理")]
)
def test_a_post_matches_by_normalised_title_within_the_unit(book, told, before, after):
    book.list("2026-01-01", f"{HEAD}\nSales,{before},Li Na")
    assert told(book.list("2026-07-01", f"{HEAD}\nSales,{after},Li Na")) == []


def test_a_post_is_retitled_if_two_holders_stay(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Buyer,Li Na\nSales,Buyer,Bo Wu")
    report = book.list(
        "2026-07-01",
        f"{HEAD}\nSales,Procurement Specialist,Li Na\nSales,Procurement Specialist,Bo Wu",
    )
    assert told(report) == ["post_renamed Buyer -> Procurement Specialist"]
    assert {row.title for row in book.view("2026-06-30").posts} == {"Buyer"}


def test_a_post_is_retitled_if_one_stays_and_the_titles_are_alike(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Purchasing Manager,Li Na")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Senior Purchasing Manager,Li Na")
    assert told(report) == ["post_renamed Purchasing Manager -> Senior Purchasing Manager"]


def test_if_one_stays_and_the_titles_are_not_alike_it_is_a_move(book, moves):
    book.list("2026-01-01", f"{HEAD}\nSales,Buyer,Li Na")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Procurement Specialist,Li Na")
    assert moves(report) == {
        "Li Na left Sales/Buyer (post_closed)",
        "Li Na joined Sales/Procurement Specialist",
    }


def test_if_the_old_title_is_not_gone_it_is_a_move(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Purchasing Manager,Li Na")
    report = book.list(
        "2026-07-01",
        f"{HEAD}\nSales,Senior Purchasing Manager,Li Na\nSales,Purchasing Manager,Bo Wu",
    )
    assert "Li Na left Sales/Purchasing Manager (replaced)" in told(report)


def test_if_the_new_title_was_there_it_is_a_move(book, moves):
    book.list(
        "2026-01-01",
        f"{HEAD}\nSales,Purchasing Manager,Li Na\nSales,Senior Purchasing Manager,Bo Wu",
    )
    report = book.list("2026-07-01", f"{HEAD}\nSales,Senior Purchasing Manager,Li Na")
    assert "Li Na joined Sales/Senior Purchasing Manager" in moves(report)


def test_a_change_of_level_is_a_move_promoted_if_up(book):
    book.list(
        "2026-01-01", f"{HEAD}\nSales,Purchasing Manager,Li Na\nSales,Purchasing Director,Bo Wu"
    )
    report = book.list(
        "2026-07-01", f"{HEAD}\nSales,Purchasing Director,Li Na\nSales,Purchasing Manager,Bo Wu"
    )
    left = {
        row["person"]: row["reason"]
        for row in report.to_json()["changes"]
        if row["kind"] == "left_post"
    }
    assert left == {"Li Na": "promoted", "Bo Wu": "moved_inside"}


def test_a_new_title_of_another_level_is_a_promotion_not_a_retitle(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Purchasing Manager,Li Na")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Purchasing Director,Li Na")
    (left,) = [row for row in report.to_json()["changes"] if row["kind"] == "left_post"]
    assert (left["reason"], left["seat"]) == ("promoted", "post_closed")


def test_a_level_that_the_file_gives_makes_a_move_of_a_like_title(book):
    head = f"{HEAD},level"
    book.list("2026-01-01", f"{head}\nSales,Buyer I,Li Na,staff")
    report = book.list("2026-07-01", f"{head}\nSales,Buyer II,Li Na,lead")
    (left,) = [row for row in report.to_json()["changes"] if row["kind"] == "left_post"]
    assert left["reason"] == "promoted"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Vice President", "VP"),
        ("Sr. Buyer", "Senior Buyer"),
        ("SQE", "供应商质量工程师"),
        ("采购", "采购专员"),
        ("Purchasing Mgr", "採購經理"),
    ],
)
def test_a_title_in_short_is_the_same_title(book, told, before, after):
    book.list("2026-01-01", f"{HEAD}\nSales,{before},Li Na\nSales,Clerk,Bo Wu")
    report = book.list("2026-07-01", f"{HEAD}\nSales,{after},Li Na\nSales,Clerk,Bo Wu")
    assert told(report) == [f"post_renamed {before} -> {after}"]


def test_who_follows_under_a_title_in_short_follows_in_that_post(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Vice President,Li Na\nSales,Clerk,Al Fox")
    report = book.list("2026-07-01", f"{HEAD}\nSales,VP,Bo Wu\nSales,Clerk,Al Fox")
    assert told(report) == [
        "post_renamed Vice President -> VP",
        "Li Na left Sales/VP (replaced)",
        "Bo Wu joined Sales/VP",
    ]


def test_a_title_and_its_short_form_in_one_list_are_two_posts(book, told):
    text = f"{HEAD}\nSales,PM,Li Na\nSales,Product Manager,Bo Wu\nSales,Project Manager,Cy Ma"
    book.list("2026-01-01", text)
    assert told(book.list("2026-04-01", text)) == []
    report = book.list("2026-07-01", text.replace("Sales,PM,Li Na\n", ""))
    assert told(report) == ["Li Na left Sales/PM (vacant)"]


def test_of_several_that_a_short_form_may_mean_it_is_the_one_of_the_holder(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,PM,Li Na")
    report = book.list(
        "2026-07-01", f"{HEAD}\nSales,Product Manager,Bo Wu\nSales,Project Manager,Li Na"
    )
    assert "post_renamed PM -> Project Manager" in told(report)
    assert "Bo Wu joined Sales/Product Manager" in told(report)


def titled_list(title: str, holders: dict[str, str]) -> str:
    rows = [f"{unit},{title},{name}" for unit, name in holders.items()]
    return "\n".join([HEAD, *rows, *(f"{unit},Clerk,Clerk of {unit}" for unit in holders)])


HOLDERS = {"North": "Li Na", "South": "Bo Wu", "East": "Cy Ma", "West": "Di Ye"}


@pytest.mark.parametrize(
    ("before", "after"),
    [("Lead", "Chair"), ("经理", "负责人"), ("Engineer", "Director"), ("Head", "Owner")],
)
def test_a_title_that_the_whole_list_writes_anew_is_retitled(book, told, before, after):
    book.list("2026-01-01", titled_list(before, HOLDERS))
    report = book.list("2026-07-01", titled_list(after, {**HOLDERS, "West": "Ed Ode"}))
    assert told(report) == [
        *[f"post_renamed {before} -> {after}"] * 4,
        f"Di Ye left West/{after} (replaced)",
        f"Ed Ode joined West/{after}",
    ]


def test_a_new_title_in_one_unit_of_many_is_a_move(book, told):
    book.list("2026-01-01", titled_list("Lead", HOLDERS))
    text = titled_list("Lead", HOLDERS).replace("West,Lead", "West,Chair")
    assert "Di Ye left West/Lead (post_closed)" in told(book.list("2026-07-01", text))


def test_a_title_written_anew_goes_where_its_holders_went(book, told):
    """The chairs are the leads of before; the leads are new, whatever their title."""
    before = "\n".join(f"{unit},Team Lead,{name}" for unit, name in HOLDERS.items())
    after = "\n".join(
        f"{unit},Chair,{name}\n{unit},Team Leader,New of {unit}" for unit, name in HOLDERS.items()
    )
    book.list("2026-01-01", f"{HEAD}\n{before}")
    report = book.list("2026-07-01", f"{HEAD}\n{after}")
    assert [line for line in told(report) if "left" in line] == []
    assert told(report).count("post_renamed Team Lead -> Chair") == 4


@pytest.mark.parametrize(
    ("before", "after"),
    [("{} Manager", "{} Chapter Owner"), ("Head of {}", "Captain of {}"), ("{}主管", "{}召集人")],
)
def test_a_part_of_all_titles_that_the_list_writes_anew_is_a_retitle(book, told, before, after):
    of = {"North": "Buying", "South": "Quality", "East": "Sales", "West": "Planning"}

    def text(title: str) -> str:
        rows = [f"{unit},{title.format(of[unit])},{name}" for unit, name in HOLDERS.items()]
        return "\n".join([HEAD, *rows, *(f"{unit},Clerk,Clerk of {unit}" for unit in of)])

    book.list("2026-01-01", text(before))
    report = book.list("2026-07-01", text(after))
    assert {line.split(" ")[0] for line in told(report)} == {"post_renamed"}


@pytest.mark.parametrize(
    ("unit", "short", "long"),
    [
        ("采购部", "总监", "采购总监"),
        ("品保課", "品保課長", "課長"),
        ("Purchasing Dept.", "Head", "Head of Purchasing"),
        ("Supplier Quality", "Sr. Engineer", "SQ Senior Engineer"),
    ],
)
def test_a_title_that_names_its_unit_is_the_one_without(book, told, unit, short, long):
    book.list("2026-01-01", f"{HEAD}\n{unit},{short},Li Na\n{unit},Clerk,Bo Wu")
    report = book.list("2026-07-01", f"{HEAD}\n{unit},{long},Li Na\n{unit},Clerk,Bo Wu")
    assert told(report) == [f"post_renamed {short} -> {long}"]


def test_a_title_with_the_name_of_its_unit_and_one_without_are_two_in_one_list(book, told):
    book.list("2026-01-01", f"{HEAD}\n采购部,总监,Li Na\n采购部,采购总监,Bo Wu")
    report = book.list("2026-07-01", f"{HEAD}\n采购部,总监,Li Na\n采购部,采购总监,Bo Wu")
    assert told(report) == []


def test_a_title_that_many_accounts_of_a_list_write_anew_is_a_retitle(book, told):
    head = "account,post,person"
    rows = "\n".join(f"{unit} Ltd,Steward,{name}" for unit, name in HOLDERS.items())
    book.list("2026-01-01", f"{head}\n{rows}", account=None)
    report = book.list("2026-07-01", f"{head}\n{rows.replace('Steward', 'Chair')}", account=None)
    assert told(report) == ["post_renamed Steward -> Chair"] * 4


def test_a_list_retitled_and_its_units_renamed_at_once(book, told):
    before = "\n".join(
        f"WG {unit},Lead,{name}\nWG {unit},Scribe,Scribe of {unit}"
        for unit, name in HOLDERS.items()
    )
    after = before.replace("WG ", "SIG ").replace("Lead", "Chair")
    book.list("2026-01-01", f"{HEAD}\n{before}")
    report = book.list("2026-07-01", f"{HEAD}\n{after}", complete=True)
    kinds = {line.split(" ")[0] for line in told(report)}
    assert kinds == {"unit_renamed", "post_renamed"}


def test_a_level_that_only_a_title_suggests_makes_no_departure_of_two_who_stay(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Engineer,Li Na\nSales,Engineer,Bo Wu")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Tech Lead,Li Na\nSales,Tech Lead,Bo Wu")
    assert told(report) == ["post_renamed Engineer -> Tech Lead"]


def test_a_level_that_the_file_gives_parts_a_whole_list(book, told):
    """Given twice and not equal: everybody rose."""
    head = f"{HEAD},level"
    before = "\n".join(f"{unit},Lead,{name},lead" for unit, name in HOLDERS.items())
    after = "\n".join(f"{unit},Chair,{name},director" for unit, name in HOLDERS.items())
    book.list("2026-01-01", f"{head}\n{before}")
    report = book.list("2026-07-01", f"{head}\n{after}")
    reasons = [row["reason"] for row in report.changes if row["kind"] == "left_post"]
    assert reasons == ["promoted"] * 4


def test_several_holders_of_one_title_are_one_post_and_its_seats_do_not_shrink(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Buyer,Li Na\nSales,Buyer,Bo Wu\nSales,Buyer,Al Fox")
    assert book.post("Buyer").seats == 3
    book.list("2026-07-01", f"{HEAD}\nSales,Buyer,Li Na")
    assert book.post("Buyer").seats == 3


# --- reports_to


def superior(book, title: str, day: str = "2026-07-01") -> str | None:
    view = book.view(day)
    post = next(row for row in view.posts if row.title == title)
    return view.post(post.reports_to).title if post.reports_to else None


def test_reports_to_names_a_person_by_name(book):
    book.list("2026-01-01", f"{HEAD},reports_to\nSales,Head,Li Na,\nSales,Clerk,Bo Wu,Na Li")
    assert superior(book, "Clerk") == "Head"


def test_reports_to_names_a_person_by_id(book):
    head = "unit,post,person,external_id,reports_to_id"
    book.list("2026-01-01", f"{head}\nSales,Head,Li Na,ln,\nSales,Clerk,Bo Wu,bw,LN")
    assert superior(book, "Clerk") == "Head"


def test_of_several_posts_of_a_superior_the_one_in_the_same_unit_counts(book):
    book.list(
        "2026-01-01",
        f"{HEAD},external_id,reports_to\nSales,Director,Li Na,ln,\n"
        "Plant,Foreman,Li Na,ln,\nPlant,Guard,Bo Wu,bw,Li Na",
    )
    assert superior(book, "Guard") == "Foreman"


def test_of_several_posts_elsewhere_the_highest_counts(book):
    book.list(
        "2026-01-01",
        f"{HEAD},external_id,reports_to\nSales,Clerk,Li Na,ln,\n"
        "Sales,Director,Li Na,ln,\nPlant,Guard,Bo Wu,bw,Li Na",
    )
    assert superior(book, "Guard") == "Director"


def test_a_post_reports_to_the_post_most_of_its_holders_name_others_are_a_note(book):
    report = book.list(
        "2026-01-01",
        f"{HEAD},reports_to\nSales,Head,Li Na,\nSales,Deputy,Bo Wu,\n"
        "Sales,Clerk,A Fox,Li Na\nSales,Clerk,B Fox,Bo Wu\nSales,Clerk,C Fox,Bo Wu",
    )
    assert superior(book, "Clerk") == "Deputy"
    assert rows_noted(report) == [4]


def test_in_a_tie_the_higher_level_counts_then_the_first_row(book):
    book.list(
        "2026-01-01",
        f"{HEAD},reports_to\nSales,Assistant,Bo Wu,\nSales,Director,Li Na,\nSales,Aide,Cy Ma,\n"
        "Sales,Clerk,A Fox,Bo Wu\nSales,Clerk,B Fox,Li Na\n"
        "Sales,Guard,D Fox,Cy Ma\nSales,Guard,E Fox,Bo Wu",
    )
    assert superior(book, "Clerk") == "Director"
    assert superior(book, "Guard") == "Aide"


def test_a_pair_within_one_post_is_dropped_with_a_note(book):
    report = book.list(
        "2026-01-01", f"{HEAD},reports_to\nSales,Clerk,Li Na,\nSales,Clerk,Bo Wu,Li Na"
    )
    assert superior(book, "Clerk") is None
    assert rows_noted(report) == [3]


def test_who_reports_to_himself_is_dropped_with_a_note(book):
    report = book.list("2026-01-01", f"{HEAD},reports_to\nSales,Head,Li Na,Li Na")
    assert superior(book, "Head") is None
    assert rows_noted(report) == [2]


def test_an_unknown_manager_is_a_note_and_the_line_is_kept(book, told):
    book.list("2026-01-01", f"{HEAD},reports_to\nSales,Head,Li Na,\nSales,Clerk,Bo Wu,Li Na")
    report = book.list(
        "2026-07-01", f"{HEAD},reports_to\nSales,Head,Li Na,\nSales,Clerk,Bo Wu,Nobody Known"
    )
    assert told(report) == []
    assert rows_noted(report) == [3]
    assert superior(book, "Clerk") == "Head"


def test_a_cycle_of_people_in_the_file_is_an_error_with_its_rows(book):
    with pytest.raises(Refused, match="rows 2, 3, 4") as refused:
        book.list(
            "2026-01-01",
            f"{HEAD},reports_to\nSales,Head,Li Na,Bo Wu\n"
            "Sales,Clerk,Bo Wu,Al Fox\nSales,Aide,Al Fox,Li Na",
        )
    assert refused.value.column == "reports_to"


def test_a_cycle_from_joining_seats_drops_the_least_named_line(book):
    report = book.list(
        "2026-01-01",
        f"{HEAD},reports_to\nSales,Head,Li Na,B Fox\nSales,Clerk,A Fox,Li Na\nSales,Clerk,B Fox,\n"
        "Sales,Clerk,C Fox,Li Na",
    )
    assert superior(book, "Clerk") == "Head"
    assert superior(book, "Head") is None
    assert any("circle" in str(note.message) for note in report.notes)


def test_a_cycle_with_an_older_stored_line_drops_that(book, told):
    book.list("2026-01-01", f"{HEAD},reports_to\nSales,Head,Li Na,\nPlant,Guard,Bo Wu,Li Na")
    report = book.list("2026-07-01", f"{HEAD},reports_to\nSales,Head,Li Na,Bo Wu")
    assert superior(book, "Head") == "Guard"
    assert superior(book, "Guard") is None
    assert told(report) == ["reporting_changed Plant/Guard", "reporting_changed Sales/Head"]


def test_reporting_that_changes_is_told_and_past_days_keep_the_old_line(book, told):
    head = f"{HEAD},reports_to"
    book.list(
        "2026-01-01", f"{head}\nSales,Head,Li Na,\nSales,Deputy,Al Fox,\nSales,Clerk,Bo Wu,Li Na"
    )
    report = book.list(
        "2026-07-01", f"{head}\nSales,Head,Li Na,\nSales,Deputy,Al Fox,\nSales,Clerk,Bo Wu,Al Fox"
    )
    assert told(report) == ["reporting_changed Sales/Clerk"]
    assert (superior(book, "Clerk", "2026-06-30"), superior(book, "Clerk")) == ("Head", "Deputy")


# --- Seats without a holder


def test_a_post_of_a_listed_unit_that_lost_its_last_holder_is_vacant(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu")
    book.list("2026-07-01", f"{HEAD}\nSales,Clerk,Bo Wu")
    assert book.status("2026-07-01", "Head") == "vacant"
    assert book.post("Head").vacant_since == date(2026, 7, 1)
    assert book.status("2026-06-30", "Head") == "filled"


def test_who_takes_a_vacant_post_fills_it(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,vacant")
    book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na")
    assert book.status("2026-07-01", "Head") == "filled"
    assert book.status("2026-06-30", "Head") == "vacant"


def test_a_post_goes_to_its_holders_and_not_to_the_title_of_one_meaning(book, told):
    book.list("2026-01-01", f"{HEAD}\nLab,SQE,Li Na\nLab,SQE,Bo Wu\nLab,Clerk,Al Fox")
    rows = "Lab,Quality Specialist,Li Na\nLab,Quality Specialist,Bo Wu\nLab,Clerk,Al Fox"
    newcomer = "Lab,Supplier Quality Engineer,Cy Ma"
    report = book.list("2026-07-01", f"{HEAD}\n{rows}\n{newcomer}")
    assert "post_renamed SQE -> Quality Specialist" in told(report)
    assert not [line for line in told(report) if "left" in line]


def test_a_move_that_rests_on_a_guessed_level_is_told(book, moves, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Purchasing Engineer,Li Na")
    row = "Sales,Purchasing Manager,Li Na"
    report = book.list("2026-07-01", f"{HEAD}\n{row}")
    assert "Li Na left Sales/Purchasing Engineer (post_closed)" in moves(report)
    assert "by its words it has another level" in str(report.notes)
    undo_import(report.import_id)
    report = book.list("2026-07-01", f"unit,post,person,level\n{row},staff")
    assert told(report)[0].startswith("post_renamed")
