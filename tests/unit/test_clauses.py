"""Clauses: what they may ask, what they answer to what nobody has said, and what they can't do."""

from __future__ import annotations

from datetime import date

import pytest

from registry.errors import RegistryError
from registry.kinds import Subject
from verify.clauses import FACTS, Stated, facts_for, read_rule

AS_OF = date(2026, 1, 15)


def rule_of(expression: str, subject: Subject = Subject.PERSON):
    return read_rule([{"code": "uji", "expression": expression, "words": "uji"}], subject)


def holds(expression: str, **facts) -> bool:
    rule = rule_of(expression)
    return not rule.failures({name: Stated(facts.get(name)) for name in rule.facts})


@pytest.mark.parametrize(
    ("expression", "of_true", "of_false", "of_null"),
    [
        ("menerima_pkh != true", False, True, True),
        ("menerima_pkh == false", False, True, False),
        ("!menerima_pkh", False, True, False),
        ("menerima_pkh == null", False, False, True),
        ("menerima_pkh == null || !menerima_pkh", False, True, True),
    ],
)
def test_what_nobody_has_said_is_null(expression, of_true, of_false, of_null):
    """The table of docs/rules.md."""
    said = [holds(expression, menerima_pkh=value) for value in (True, False, None)]
    assert said == [of_true, of_false, of_null]


@pytest.mark.parametrize(
    ("expression", "facts", "is_fulfilled"),
    [
        ("desil <= 2", {"desil": 2}, True),
        ("desil <= 2", {"desil": 3}, False),
        ("desil <= 2", {}, False),
        ("desil in [1, 2]", {"desil": 1}, True),
        ("usia >= 14 && usia <= 21", {"usia": 21}, True),
        ("pekerjaan.contains('petani')", {"pekerjaan": "petani/pekebun"}, True),
        ("pekerjaan.contains('petani')", {}, False),
        ("hubungan == 'child' && punya_nisn == true", {"hubungan": "child", "punya_nisn": True}, True),
        ("status_jkn == 'PBI' || hamil == true", {"status_jkn": None, "hamil": True}, True),
    ],
)
def test_what_a_clause_answers(expression, facts, is_fulfilled):
    assert holds(expression, **facts) is is_fulfilled


def test_a_failure_tells_what_it_saw_and_whether_a_fact_was_missing():
    rule = read_rule(
        [
            {"code": "desil", "expression": "desil <= 2", "words": "batas desil 2"},
            {"code": "usia", "expression": "usia >= 14 && desil >= 1", "words": "usia 14 tahun"},
        ],
        Subject.PERSON,
    )
    age = Stated(12)
    known = Stated(4, "DTSEN", AS_OF)
    failed = rule.failures({"desil": known, "usia": age})
    assert [(one.clause.code, one.is_unknown, one.facts) for one in failed] == [
        ("desil", False, (("desil", known),)),
        ("usia", False, (("desil", known), ("usia", age))),
    ]
    failed = rule.failures({"desil": Stated(None), "usia": Stated(15)})
    assert [(one.clause.code, one.is_unknown) for one in failed] == [("desil", True), ("usia", True)]


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("desil <=", "clause_malformed"),
        ("", "clause_malformed"),
        ("desil <= '2'", "clause_malformed"),
        ("desil.x == 1", "clause_malformed"),
        ("penghasilan < 1000000", "clause_names_unknown"),
        ("__import__('os').system('ls') == 0", "clause_names_unknown"),
        ("open('/etc/passwd') == ''", "clause_names_unknown"),
        ("desil + 1", "clause_not_a_condition"),
        ("true", "clause_asks_nothing"),
    ],
)
def test_what_is_no_clause_is_refused_by_name(expression, code):
    with pytest.raises(RegistryError, match=f"^{code}$") as caught:
        rule_of(expression)
    assert caught.value.detail["clause"] == "uji"


def test_a_familys_rule_asks_nothing_of_a_person():
    assert facts_for(Subject.PERSON) == tuple(FACTS)
    assert set(facts_for(Subject.FAMILY)) == {
        "desil",
        "menerima_pkh",
        "menerima_sembako",
        "menerima_blt_dd",
        "jumlah_anggota",
    }
    with pytest.raises(RegistryError, match="clause_names_unknown") as caught:
        rule_of("usia > 17", Subject.FAMILY)
    assert caught.value.detail["name"] == "usia"


def test_a_rule_without_clauses_entitles_everybody():
    assert read_rule([], Subject.FAMILY).failures({}) == ()
