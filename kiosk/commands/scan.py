"""``kiosk verify`` and ``kiosk redeem``: what a scan answers and gives, as JSON for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

import click
from flask.cli import with_appcontext

from kiosk import words
from kiosk.clock import now
from kiosk.commands.acting import command_actor
from kiosk.state import state
from registry.cards.view import CardView
from registry.giving.receipts import get_receipt
from registry.kinds import Outcome, Proof
from registry.officers.points import get_point
from registry.programmes.rounds import find_round
from registry.regions import PROVINCE
from verify.facts import read_scan
from verify.look import look, look_at_card
from verify.reasons import Reason
from verify.redeem import RedeemRequest, Refused, redeem
from verify.refusals import keep_refusals


@click.command("verify")
@click.argument("text")
@click.option("--point", help="Kode titik layanan: putuskan juga apa yang dapat disalurkan di sana.")
@with_appcontext
def verify_card(text: str, point: str | None) -> None:
    """Periksa TEXT (isi kode QR atau nomor kartu) dan cetak hasilnya sebagai JSON."""
    here, at = state(), now()
    see = look if point else look_at_card
    with here.database.reading() as reading:
        actor = command_actor(reading, point)
        verdict = see(reading, text, point_id=actor.point_id, trust=here.trust, at=at)
    refused = verdict.refusals
    if refused:
        with here.database.writing() as keeping:
            keep_refusals(keeping, refused, card_id=verdict.card_id, actor=actor, keys=here.keys, at=at)
    _answer(
        verdict.decision.outcome,
        reasons=_reasons(verdict.decision.reasons),
        card=_card(verdict.card),
        offers=[
            {
                "programme": offer.programme_code,
                "round": offer.round_name,
                "outcome": offer.decision.outcome,
                "reasons": _reasons(offer.decision.reasons),
            }
            for offer in verdict.offers
        ],
    )


@click.command("redeem")
@click.argument("text")
@click.option("--programme", required=True, help="Kode program, misalnya PANGAN.")
@click.option("--point", required=True, help="Kode titik layanan.")
@click.option("--person", type=click.UUID, help="Id orang yang berhak, untuk program per orang.")
@click.option(
    "--seen",
    multiple=True,
    type=click.Choice([proof.value for proof in Proof]),
    help="Yang sudah diperiksa: ktp, kk, face, pin; boleh berulang.",
)
@click.option("--paid", is_flag=True, help="Harga resminya sudah dibayar.")
@click.option("--amount", type=click.IntRange(min=1), help="Jumlah rupiah yang dibelanjakan dari saldo.")
@click.option("--key", help="Kunci pengulangan: kunci yang sama memberi bukti yang sama, tidak dua kali.")
@with_appcontext
def redeem_card(
    text: str,
    programme: str,
    point: str,
    person: UUID | None,
    seen: tuple[str, ...],
    paid: bool,
    amount: int | None,
    key: str | None,
) -> None:
    """Salurkan paket satu program untuk kartu TEXT, satu kali, dan cetak buktinya sebagai JSON."""
    here, at = state(), now()
    with here.database.reading() as session:
        actor = command_actor(session, point)
        round_ = find_round(session, programme, point_id=get_point(session, point).id, at=at)
    scan = read_scan(text, here.trust, at=at)
    request = RedeemRequest(
        scan=scan,
        round_id=round_.id if round_ else None,
        idempotency_key=key or str(uuid4()),
        actor=actor,
        at=at,
        person_id=person,
        proofs=frozenset(Proof(proof) for proof in seen),
        is_paid=paid,
        amount=amount,
    )
    result = redeem(here.writer, request)
    here.writer.close()
    if isinstance(result, Refused):
        _answer(result.decision.outcome, reasons=_reasons(result.decision.reasons), receipt=None)
        return
    with here.database.reading() as session:
        receipt = asdict(get_receipt(session, result.receipt_number, area=PROVINCE))
    _answer(Outcome.GRANTED, reasons=[], receipt=receipt, repeated=result.is_repeated, undone=result.is_undone)


def _answer(outcome: Outcome, **rest: Any) -> None:
    click.echo(json.dumps({"outcome": outcome, **rest}, ensure_ascii=False, default=str))
    if outcome is not Outcome.GRANTED:
        click.get_current_context().exit(1)


def _reasons(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [
        {"code": reason.code, "detail": dict(reason.detail), **asdict(words.of(reason.code, **reason.detail))}
        for reason in reasons
    ]


def _card(card: CardView | None) -> dict[str, Any] | None:
    return asdict(card) if card else None
