"""What commands print of results is what docs/schemas promises."""

import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError

from relmap import jobs
from relmap.models import writing
from relmap.results.reports import alerts

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
DAY = date(2026, 7, 1)


def check(name: str, document: object) -> None:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    validator.validate(json.loads(json.dumps(document)))


@pytest.mark.postgresql
def test_scores_keep_to_their_schema(staffed):
    documents = jobs.score_accounts([staffed.id], DAY, today=DAY)
    check("score", documents)
    assert {rule["status"] for rule in documents[0]["rules"]} == {"ok"}


def test_scores_of_an_empty_account_keep_to_it_as_well(firm):
    documents = jobs.score_accounts([firm.id], DAY, today=DAY)
    check("score", documents)
    assert {rule["status"] for rule in documents[0]["rules"]} == {"n/a"}
    assert documents[0]["total"] is None


@pytest.mark.postgresql
def test_alerts_keep_to_their_schema(staffed):
    jobs.scan_accounts([staffed.id], date(2026, 6, 1), today=date(2026, 6, 1))
    staffed.leave("Lin", date(2026, 6, 15))
    raised = jobs.scan_accounts([staffed.id], DAY, today=DAY)
    assert len(raised) == 1
    check("alerts", raised)
    with writing():
        alerts.acknowledge(raised[0]["id"])
    check("alerts", alerts.list_alerts(today=DAY))


def test_a_document_with_something_else_is_found(staffed):
    (document,) = jobs.score_accounts([staffed.id], DAY, today=DAY)
    with pytest.raises(ValidationError):
        check("score", [document | {"surprise": 1}])
    with pytest.raises(ValidationError):
        check("score", [document | {"on": 20260701}])
