"""The list of programmes is checked before a word of it is believed."""

from __future__ import annotations

from datetime import date

import pytest

from registry.errors import RegistryError
from registry.kinds import PeriodKind
from registry.programmes.programme_list import read_programme_list

RULE = """
[[card_rule]]
valid_from = 2026-01-01
max_desil = 2
excludes = ["pkh"]
validity_years = 5
legal_reference = "Juknis"
"""
PROGRAMME = """
[[programme]]
code = "PANGAN"
name = "Bantuan Pangan"
owner = "Dinas Sosial"
package = "5 kg beras"
period = "round"
"""
AMOUNT = """
[[programme.amount]]
valid_from = 2026-01-01
value = 150_000
price = 15_000
legal_reference = "Juknis"
"""


def test_a_list_is_read():
    read = read_programme_list(RULE + PROGRAMME + AMOUNT)
    assert [(one.code, one.period) for one in read.programmes] == [("PANGAN", PeriodKind.ROUND)]
    amount = read.amounts[0]
    assert (amount.programme_code, amount.valid_from) == ("PANGAN", date(2026, 1, 1))
    assert (amount.value, amount.price) == (150_000, 15_000)
    rule = read.card_rules[0]
    assert (rule.max_desil, rule.excludes_pkh, rule.excludes_sembako, rule.excludes_blt_dd) == (2, True, False, False)


@pytest.mark.parametrize(
    ("right", "wrong", "where"),
    [
        ("max_desil = 2", "max_desil = 11", "card_rule[1].max_desil"),
        ("max_desil = 2", "max_desil = true", "card_rule[1].max_desil"),
        ('["pkh"]', '["bpnt"]', "card_rule[1].excludes"),
        ("valid_from = 2026-01-01\nmax", "valid_from = 2026-01-01T00:00:00\nmax", "card_rule[1].valid_from"),
        ("valid_from = 2026-01-01\nmax", 'valid_from = "2026-01-01"\nmax', "card_rule[1].valid_from"),
        ('"PANGAN"', '"PANGAN-2026-TAHAP"', "programme[1].code"),
        ('period = "round"', 'period = "month"', "programme[1].period"),
        ("owner =", "ownr =", "programme[1].owner"),
        ('package = "5 kg beras"', 'package = "5 kg beras"\ncolour = "red"', "programme[1].colour"),
        ("value = 150_000", "value = -1", "programme[1].amount[1].value"),
        ("value = 150_000", "value = 150_000.0", "programme[1].amount[1].value"),
        ("price = 15_000", "price = 150_001", "programme[1].amount[1].price"),
        ('legal_reference = "Juknis"', 'legal_reference = " "', "card_rule[1].legal_reference"),
        (AMOUNT, "", "programme[1].amount"),
        (RULE, "", "card_rule"),
        (RULE, RULE + "\n[[programe]]\ncode = 'X'\n", "programe"),
    ],
)
def test_a_slip_is_named_by_its_place(right, wrong, where):
    text = RULE + PROGRAMME + AMOUNT
    assert right in text
    with pytest.raises(RegistryError, match="programme_list_malformed") as caught:
        read_programme_list(text.replace(right, wrong, 1))
    assert caught.value.detail == {"where": where}


def test_what_is_not_toml_is_named_too():
    with pytest.raises(RegistryError, match="programme_list_malformed"):
        read_programme_list("[[programme")
