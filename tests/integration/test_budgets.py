"""The offices' money: what is entitled, given and left, by budget line, kabupaten and round."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from card_house import CardHouse
from sqlalchemy import event, select, update

from registry.cards.cards import issue_card
from registry.db import Session, new_id
from registry.kinds import RoundState, VersionState
from registry.models import (
    Addendum,
    Balance,
    BudgetLine,
    Card,
    Determination,
    Entitlement,
    EntitlementRemoval,
    Family,
    Hub,
    Programme,
    ProgrammeVersion,
    Redemption,
    RedemptionUndo,
    Roster,
    Round,
)
from registry.offices.budgets import LineCost, budget_years, read_budgets
from registry.offices.offices import list_offices

AT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
KATINGAN, PALANGKA_RAYA = "62.06.05.2003", "62.71.01.1001"


@pytest.fixture
def house(database) -> CardHouse:
    return CardHouse(database, AT)


class Money:
    """Rounds, rights and givings put into the tables as they stand after a day of work."""

    def __init__(self, house: CardHouse, session: Session) -> None:
        self.house, self.session, self.seq = house, session, 0
        self.hub_id = session.scalar(select(Hub.id))

    def round(self, programme: str = "PANGAN", *, value: int = 150_000, name: str = "Tahap I", **other) -> Roster:
        row = Round(
            id=new_id(),
            programme_code=programme,
            name=name,
            opens_on=date(2026, 11, 1),
            closes_on=date(2026, 12, 1),
            state=RoundState.OPEN,
            value=value,
            legal_reference="x",
            created_at=AT,
            **({"price": 0} | other),
        )
        roster = Roster(id=new_id(), round_id=row.id, point_id=self.house.actor.point_id)
        self.session.add(row)
        self.session.flush()
        self.session.add(roster)
        self.session.flush()
        return roster

    def move(self, programme: str, line: str, *, at: datetime) -> None:
        """Put a programme on another line by a second version of it, from a moment on."""
        self.session.execute(update(Programme).where(Programme.code == programme).values(budget_code=line))
        self.session.add(
            ProgrammeVersion(
                id=new_id(),
                programme_code=programme,
                number=2,
                content={"budget": line},
                reason="Anggaran baru",
                state=VersionState.APPROVED,
                proposed_at=at,
                decided_at=at,
            )
        )

    def freeze(self) -> None:
        """Determine every list that is not determined yet."""
        for row in self.session.scalars(select(Round).where(~Round.determination.has())):
            self.session.add(
                Determination(
                    round_id=row.id,
                    decree_number="1",
                    decree_date=date(2026, 11, 1),
                    programme_version=1,
                    clauses=[],
                    entitled=2,
                    list_hash=b"h" * 32,
                    frozen_at=AT,
                )
            )
        self.session.flush()

    def addendum(self, roster: Roster) -> Addendum:
        row = Addendum(id=new_id(), round_id=roster.round_id, number="1", reason="x", made_at=AT)
        self.session.add(row)
        self.session.flush()
        return row

    def family(self, village: str = KATINGAN) -> Family:
        return self.house.add_family(self.session, village=village)

    def right(self, roster: Roster, family: Family, **other) -> Entitlement:
        row = Entitlement(id=new_id(), round_id=roster.round_id, roster_id=roster.id, family_id=family.id, **other)
        self.session.add(row)
        self.session.flush()
        return row

    def give(self, right: Entitlement, value: int = 150_000, price: int = 0) -> UUID:
        card = self.session.scalar(select(Card).where(Card.family_id == right.family_id))
        if card is None:
            card = issue_card(self.session, self.session.get_one(Family, right.family_id), **self.house.rest)
        self.seq += 1
        row = Redemption(
            id=new_id(),
            entitlement_id=right.id,
            card_id=card.id,
            hub_id=self.hub_id,
            incarnation=1,
            seq=self.seq,
            officer_id=self.house.actor.officer_id,
            point_id=self.house.actor.point_id,
            idempotency_key=str(uuid4()),
            request_digest=b"d" * 32,
            value=value,
            price=price,
            receipt_number=f"R-{self.seq}",
            given_at=AT,
        )
        self.session.add(row)
        self.session.flush()
        return row.id

    def undo(self, redemption_id: UUID) -> None:
        self.session.add(
            RedemptionUndo(
                id=new_id(),
                redemption_id=redemption_id,
                reason="x",
                point_id=self.house.actor.point_id,
                undone_at=AT,
            )
        )
        self.session.flush()


def line(session: Session, code: str = "2026.DINSOS.PANGAN", *, area: str = "62", year: int = 2026) -> LineCost:
    everybody = [office.code for office in list_offices(session)]
    offices = read_budgets(session, year=year, of_offices=everybody, area=area)
    [found] = [one for office in offices for one in office.lines if one.code == code]
    return found


def test_a_line_without_rounds_has_its_whole_ceiling_left(house):
    with house.database.reading() as session:
        empty = line(session)
        assert budget_years(session) == [2026]
    assert (empty.entitled, empty.given, empty.left, empty.excess) == (0, 0, empty.ceiling, 0)
    assert empty.ceiling > 0


def test_the_entitled_and_the_given_are_counted_by_kabupaten_and_round(house):
    with house.database.writing() as session:
        money = Money(house, session)
        first, second = money.round(), money.round(name="Tahap II", value=200_000)
        here, there = money.family(), money.family(PALANGKA_RAYA)
        given = money.right(first, here)
        for roster, family in ((first, there), (second, here)):
            money.right(roster, family)
        money.freeze()
        money.give(given)
        pangan = line(session)
    assert [(one.round_name, one.regency, one.entitled, one.given, one.left) for one in pangan.costs] == [
        ("Tahap I", "Kabupaten Katingan", 150_000, 150_000, 0),
        ("Tahap I", "Kota Palangka Raya", 150_000, 0, 150_000),
        ("Tahap II", "Kabupaten Katingan", 200_000, 0, 200_000),
    ]
    assert (pangan.entitled, pangan.given, pangan.left) == (500_000, 150_000, pangan.ceiling - 150_000)


def test_what_was_undone_is_not_given_and_counts_once_when_given_again(house):
    with house.database.writing() as session:
        money = Money(house, session)
        right = money.right(money.round(), money.family())
        undone = money.give(right)
        money.undo(undone)
        assert line(session).given == 0
        again = money.session.get_one(Redemption, undone)
        undo_id = session.scalar(select(RedemptionUndo.id))
        values = {
            column.name: getattr(again, column.name)
            for column in Redemption.__table__.columns
            if column.name not in ("id", "seq", "receipt_number", "idempotency_key", "follows_undo_id")
        }
        session.add(
            Redemption(id=new_id(), seq=9, receipt_number="R-9", idempotency_key="9", follows_undo_id=undo_id, **values)
        )
        session.flush()
        assert line(session).given == 150_000


def test_who_was_removed_by_an_addendum_is_entitled_no_more(house):
    with house.database.writing() as session:
        money = Money(house, session)
        roster = money.round()
        right = money.right(roster, money.family())
        money.right(roster, money.family())
        money.freeze()
        session.add(EntitlementRemoval(entitlement_id=right.id, addendum_id=money.addendum(roster).id))
        session.flush()
        assert line(session).entitled == 150_000


def test_a_balance_counts_as_granted_and_its_slices_as_given(house):
    with house.database.writing() as session:
        money = Money(house, session)
        money.move("BELANJA", "2026.DINSOS.TUNAI", at=AT)
        roster, family = money.round("BELANJA", value=2_000_000, name="2026"), money.family()
        balance = Balance(id=new_id(), round_id=roster.round_id, family_id=family.id, granted=2_000_000, spent=350_000)
        session.add(balance)
        session.flush()
        money.freeze()
        for ordinal, amount in ((1, 250_000), (2, 100_000)):
            money.give(money.right(roster, family, ordinal=ordinal, balance_id=balance.id), amount)
        tunai = line(session, "2026.DINSOS.TUNAI")
    assert (tunai.entitled, tunai.given) == (2_000_000, 350_000)


def test_a_balance_that_an_addendum_took_away_is_entitled_no_more(house):
    with house.database.writing() as session:
        money = Money(house, session)
        roster = money.round("BELANJA", value=2_000_000, name="2026")
        for _ in range(2):
            session.add(
                Balance(id=new_id(), round_id=roster.round_id, family_id=money.family().id, granted=2_000_000, spent=0)
            )
        money.freeze()
        assert line(session, "2026.DINSOS.BELANJA").entitled == 4_000_000
        taken = session.scalars(select(Balance)).first()
        taken.removal_id = money.addendum(roster).id
        session.flush()
        assert line(session, "2026.DINSOS.BELANJA").entitled == 2_000_000


def test_a_list_that_is_still_written_promises_nothing(house):
    with house.database.writing() as session:
        money = Money(house, session)
        money.right(money.round(), money.family())
        yearly = money.round("BELANJA", value=2_000_000, name="2026")
        session.add(
            Balance(id=new_id(), round_id=yearly.round_id, family_id=money.family().id, granted=2_000_000, spent=0)
        )
        session.flush()
        assert line(session).entitled == 0
        money.freeze()
        assert line(session).entitled == 150_000
        assert line(session, "2026.DINSOS.BELANJA").entitled == 2_000_000


def test_of_a_package_that_is_sold_the_budget_bears_what_the_price_leaves(house):
    with house.database.writing() as session:
        money = Money(house, session)
        market = money.round("PASAR", price=15_000)
        right = money.right(market, money.family())
        money.right(market, money.family())
        money.freeze()
        money.give(right, price=15_000)
        pasar = line(session, "2026.DISDAGPERIN.PASAR")
    assert (pasar.entitled, pasar.given) == (270_000, 135_000)


def test_the_excess_over_the_ceiling_is_named(house):
    with house.database.writing() as session:
        money = Money(house, session)
        money.right(money.round(), money.family())
        money.freeze()
        session.execute(update(BudgetLine).where(BudgetLine.code == "2026.DINSOS.PANGAN").values(ceiling=100_000))
        session.expire_all()
        assert line(session).excess == 50_000


def test_a_round_without_a_budget_line_stands_apart_under_its_office(house):
    with house.database.writing() as session:
        money = Money(house, session)
        for name in ("Angkatan I", "Angkatan II"):
            money.right(money.round("UMKM", value=1_000_000, name=name), money.family())
        money.freeze()
        apart = line(session, "")
    assert (apart.ceiling, apart.entitled, apart.programmes) == (0, 2_000_000, ["Inkubasi UMKM"])


def test_a_round_stays_on_the_line_that_its_programme_had_when_it_was_made(house):
    with house.database.writing() as session:
        money = Money(house, session)
        money.right(money.round(), money.family())
        money.freeze()
        session.add(
            BudgetLine(
                code="2027.DINSOS.PANGAN",
                office_code="DINSOS",
                year=2027,
                name="Bantuan pangan",
                ceiling=1,
                legal_reference="x",
            )
        )
        money.move("PANGAN", "2027.DINSOS.PANGAN", at=datetime(2026, 12, 31, tzinfo=UTC))
        assert line(session).entitled == 150_000
        assert line(session, "2027.DINSOS.PANGAN", year=2027).entitled == 0
        assert budget_years(session) == [2027, 2026]


def test_an_office_sees_its_own_lines_and_an_area_its_own_families(house):
    with house.database.writing() as session:
        money = Money(house, session)
        roster = money.round()
        for village in (KATINGAN, PALANGKA_RAYA):
            money.right(roster, money.family(village))
        money.freeze()
        own = read_budgets(session, year=2026, of_offices=["DISDIK"], area="62")
        assert [office.code for office in own] == ["DISDIK"]
        assert line(session, area="62.06").entitled == 150_000


def test_however_many_rounds_there_are_it_takes_the_same_statements(house):
    def statements(session: Session) -> int:
        told: list[str] = []
        listen = (house.database.engine, "before_cursor_execute", lambda *args: told.append(args[2]))
        event.listen(*listen)
        read_budgets(session, year=2026, of_offices=["DINSOS"], area="62")
        event.remove(*listen)
        return len(told)

    with house.database.writing() as session:
        money = Money(house, session)
        money.right(money.round(), money.family())
        session.flush()
        few = statements(session)
        for n in range(5):
            money.give(money.right(money.round(name=f"Tahap {n}"), money.family(PALANGKA_RAYA)))
        assert statements(session) == few == 8
