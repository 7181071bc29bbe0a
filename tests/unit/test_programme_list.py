"""The list of programmes is checked before a word of it is believed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import registry
from registry.errors import RegistryError
from registry.kinds import Carrying, PeriodKind, Subject
from registry.programmes.programme_list import read_definition, read_programme_list, whole_definition
from verify.clauses import read_rule

RULE = """
[[card_rule]]
valid_from = 2026-01-01
validity_years = 5
legal_reference = "Juknis"

[[card_rule.clause]]
code = "desil"
expression = "desil <= 2"
words = "batas desil 2"
"""
PROGRAMME = """
[[programme]]
code = "PANGAN"
name = "Bantuan Pangan"
pillar = "MAKMUR"
office = "DINSOS"
package = "5 kg beras"
carrying = "given"
subject = "family"
unit = "paket"
period = "round"
places = ["titik_bagi"]
"""
CLAUSE = """
[[programme.clause]]
code = "pkh"
expression = "menerima_pkh != true"
words = "penerima PKH tidak menerima bantuan ini"
"""
AMOUNT = """
[[programme.amount]]
valid_from = 2026-01-01
value = 150_000
price = 15_000
legal_reference = "Juknis"
"""


def test_a_list_is_read():
    read = read_programme_list(RULE + PROGRAMME + CLAUSE + AMOUNT)
    assert [(one.code, one.period) for one in read.programmes] == [("PANGAN", PeriodKind.ROUND)]
    programme = read.programmes[0]
    assert (programme.carrying, programme.subject, programme.places) == ("given", "family", ["titik_bagi"])
    assert (programme.quota, programme.proxy_limit, programme.excludes, programme.is_withdrawn) == (1, 3, [], False)
    assert [clause["code"] for clause in programme.clauses] == ["pkh"]
    amount = read.amounts[0]
    assert (amount.programme_code, amount.valid_from) == ("PANGAN", date(2026, 1, 1))
    assert (amount.value, amount.price) == (150_000, 15_000)
    rule = read.card_rules[0]
    assert rule.clauses == [{"code": "desil", "expression": "desil <= 2", "words": "batas desil 2"}]


def test_a_definition_is_read_again_from_what_a_version_keeps():
    content = read_programme_list(RULE + PROGRAMME + CLAUSE + AMOUNT).contents["PANGAN"]
    assert content["amount"][0]["valid_from"] == "2026-01-01"
    programme, amounts = read_definition(json.loads(json.dumps(content)))
    assert (programme.code, amounts[0].valid_from) == ("PANGAN", date(2026, 1, 1))
    again, _ = read_definition(whole_definition(content))
    assert (again.clauses, again.quota) == (programme.clauses, 1)


@pytest.mark.parametrize(
    ("right", "wrong", "where"),
    [
        ('code = "desil"\n', 'code = ""\n', "card_rule[1].clause[1].code"),
        ('words = "batas desil 2"', 'words = "batas desil 2"\nlimit = 2', "card_rule[1].clause[1].limit"),
        ("valid_from = 2026-01-01\nval", "valid_from = 2026-01-01T00:00:00\nval", "card_rule[1].valid_from"),
        ("valid_from = 2026-01-01\nval", 'valid_from = "1 Januari 2026"\nval', "card_rule[1].valid_from"),
        ('"PANGAN"', '"PANGAN-2026-TAHAP"', "programme[1].code"),
        ('period = "round"', 'period = "month"', "programme[1].period"),
        ('subject = "family"', 'subject = "household"', "programme[1].subject"),
        ('places = ["titik_bagi"]', 'places = ["pasar"]', "programme[1].places"),
        ('places = ["titik_bagi"]', 'places = "titik_bagi"', "programme[1].places"),
        ('unit = "paket"', 'unit = "paket"\nquota = 1_001', "programme[1].quota"),
        ('unit = "paket"', 'unit = "paket"\nquota = true', "programme[1].quota"),
        ("office =", "ofice =", "programme[1].office"),
        ('package = "5 kg beras"', 'package = "5 kg beras"\ncolour = "red"', "programme[1].colour"),
        (CLAUSE, CLAUSE + CLAUSE, "programme[1].clause"),
        ("value = 150_000", "value = -1", "programme[1].amount[1].value"),
        ("value = 150_000", "value = 150_000.0", "programme[1].amount[1].value"),
        ("price = 15_000", "price = 150_001", "programme[1].amount[1].price"),
        ('legal_reference = "Juknis"', 'legal_reference = " "', "card_rule[1].legal_reference"),
        (RULE, "", "card_rule"),
        (RULE, RULE + "\n[[programe]]\ncode = 'X'\n", "programe"),
    ],
)
def test_a_slip_is_named_by_its_place(right, wrong, where):
    text = RULE + PROGRAMME + CLAUSE + AMOUNT
    assert right in text
    with pytest.raises(RegistryError, match="programme_list_malformed") as caught:
        read_programme_list(text.replace(right, wrong, 1))
    assert caught.value.detail == {"where": where}


def test_the_list_that_comes_along_is_sound():
    listed = (Path(registry.__file__).parent / "data" / "programmes.toml").read_text(encoding="utf-8")
    read = read_programme_list(listed)
    offices, pillars = ({one.code for one in kind} for kind in (read.offices, read.pillars))
    codes, budgets = {one.code for one in read.programmes}, {one.code: one.office_code for one in read.budgets}
    for programme in read.programmes:
        read_rule(programme.clauses, programme.subject)
        assert programme.office_code in offices
        assert programme.pillar_code in pillars
        assert set(programme.excludes) <= codes - {programme.code}
        assert not programme.budget_code or budgets[programme.budget_code] == programme.office_code
        is_paid_for = programme.carrying in (Carrying.GIVEN, Carrying.SPENT)
        assert any(amount.programme_code == programme.code for amount in read.amounts) == is_paid_for
    for rule in read.card_rules:
        read_rule(rule.clauses, Subject.FAMILY)


def test_what_is_not_toml_is_named_too():
    with pytest.raises(RegistryError, match="programme_list_malformed"):
        read_programme_list("[[programme")
