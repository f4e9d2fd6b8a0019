"""The command ``python -m bench.truth``; what the rules make of that history row by row is in
``test_snapshots_truth.py``.
"""

from bench.truth import THIRD, Truth, compare, compare_names, differing, public_truth, table


def test_departures_and_arrivals_of_a_third_of_the_public_lists_are_true(app):
    truth = public_truth(THIRD)
    with app.app_context():
        found = compare(truth)
    assert (len(found.departures.true), len(found.arrivals.true)) == (30, 34)
    assert differing(found) == []
    assert differing(compare_names(truth)) != []  # a comparison of names is not enough


def test_departures_and_arrivals_of_all_public_lists_are_true(app, shared_data):
    truth = public_truth(shared_data / "openstack_ptl_2015_2019")
    with app.app_context():
        found = compare(truth)
    print(f"\n{table('relmap', found)}\n{table('names', compare_names(truth))}")
    print("\n".join(differing(found)))
    for one in (found.departures, found.arrivals):
        assert min(one.precision, one.recall) >= 0.97


def test_anybody_can_compare_their_own_lists_with_what_they_know(app, tmp_path):
    lists = {
        "2026-01-01": "Orion,Sales,Head,Li Na\nOrion,Sales,Clerk,Bo Wu",
        "2026-07-01": "Orion,Sales,Head,Li Na\nOrion,Sales,Clerk,Cy Ma",
    }
    for day, rows in lists.items():
        (tmp_path / f"{day}.csv").write_text(f"account,unit,post,person\n{rows}\n")
    (tmp_path / "changes.csv").write_text(
        "from_snapshot,to_snapshot,change_type,unit_id,person_id\n"
        "2026-01-01,2026-07-01,LEFT_ROLE_REPLACED,sales,bo.wu\n"
        "2026-01-01,2026-07-01,LEFT_ROLE_REPLACED,sales,li.na\n"
        "2026-01-01,2026-07-01,JOINED_ROLE,sales,cy.ma\n"
    )
    with app.app_context():
        found = compare(Truth(tmp_path, tmp_path / "changes.csv"))
    assert (found.departures.precision, found.departures.recall) == (1.0, 0.5)
    assert (found.arrivals.precision, found.arrivals.recall) == (1.0, 1.0)
    assert differing(found) == ["missed departure: 2026-07-01 sales lina"]
