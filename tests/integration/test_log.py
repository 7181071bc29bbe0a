"""What stands in the log when a statement fails: never a name or a number of a family."""

from __future__ import annotations

import logging
import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from kiosk.db import session
from kiosk.permissions import Permission, needs
from registry.kinds import Role

NAME = " ".join(("SITI", "AMINAH"))  # nowhere written in one piece: a trace shows the lines of this file too
ROW_WITHOUT_LEVEL = text("INSERT INTO region (code, name) VALUES (:code, :name)")
NO_DAY = text("UPDATE hub SET name = CAST(CAST(:name AS date) AS text) WHERE CAST(:name AS date) IS NULL")


@pytest.mark.parametrize("statement", [ROW_WITHOUT_LEVEL, NO_DAY])
def test_a_failing_statement_tells_no_values(database, statement):
    if database.is_sqlite and statement is NO_DAY:
        pytest.skip("SQLite casts anything to a date")
    with pytest.raises(SQLAlchemyError) as failed, database.writing() as writing:
        writing.execute(statement, {"code": "62.99", "name": NAME})
    trace = "".join(traceback.format_exception(failed.value))
    assert NAME not in trace
    assert "INSERT" in trace or "UPDATE" in trace


def test_the_log_of_a_broken_page_tells_no_values(app, signed_in, monkeypatch, caplog):
    browser = signed_in(Role.REGISTRAR)

    @needs(Permission.PUBLIC)
    def break_down():
        session().execute(ROW_WITHOUT_LEVEL, {"code": "62.99", "name": NAME})

    monkeypatch.setitem(app.view_functions, "sign_in.leave", break_down)
    with caplog.at_level(logging.ERROR):
        assert browser.post("/keluar").status_code == 500
    assert "INSERT INTO region" in caplog.text
    assert NAME not in caplog.text
