"""What stands in the log when a statement fails: never a name or a number of a family."""

from __future__ import annotations

import logging
import traceback

import pytest
from own_databases import copied_postgresql
from sqlalchemy import TextClause, text
from sqlalchemy.exc import SQLAlchemyError

from kiosk.db import session
from kiosk.permissions import Permission, needs
from registry.db import Database
from registry.kinds import Role

NAME = " ".join(("SITI", "AMINAH"))  # nowhere written in one piece: a trace shows the lines of this file too
ROW_WITHOUT_LEVEL = text("INSERT INTO region (code, name) VALUES (:code, :name)")
NO_DAY = text("UPDATE hub SET name = CAST(CAST(:name AS date) AS text) WHERE CAST(:name AS date) IS NULL")


def trace_of(database: Database, statement: TextClause) -> str:
    with pytest.raises(SQLAlchemyError) as failed, database.writing() as writing:
        writing.execute(statement, {"code": "62.99", "name": NAME})
    return "".join(traceback.format_exception(failed.value))


def test_a_row_that_breaks_a_rule_tells_no_values(database):
    trace = trace_of(database, ROW_WITHOUT_LEVEL)
    assert NAME not in trace
    assert "INSERT" in trace


def test_a_value_that_postgresql_cannot_cast_is_not_told(postgresql_server, postgresql_template):
    with copied_postgresql(postgresql_server, postgresql_template) as url:
        database = Database(url)
        trace = trace_of(database, NO_DAY)
        database.close()
    assert NAME not in trace
    assert "UPDATE" in trace


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
