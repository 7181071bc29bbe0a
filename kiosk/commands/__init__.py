"""The commands of the console script ``kiosk``: as thin as views, one file per noun.

Exit codes: 0 done; 1 refused, or faults found; 2 wrong use.
"""

from __future__ import annotations

from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo

from kiosk import create_app, words
from kiosk.commands import (
    audit,
    cards,
    demo,
    designs,
    families,
    officers,
    photos,
    points,
    printers,
    programmes,
    rounds,
    scan,
    setup,
    work,
)
from registry.errors import RegistryError, SettingFault

__all__ = ["main"]

_NAMED_WRONG = frozenset(
    {"batch_unknown", "office_unknown", "point_unknown", "programme_unknown", "region_unknown", "village_unknown"}
)
"""What a command says when an option names something that there is not: wrong use, as with an unknown option."""


class _Kiosk(AppGroup):
    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        context = super().make_context(info_name, args, parent, **extra)

        def open_application() -> Flask:
            app = create_app()
            context.call_on_close(app.extensions["kiosk"].close)
            return app

        # built only for a command that asks for it: ``setup`` runs before there can be an application
        context.obj = ScriptInfo(create_app=open_application, set_debug_flag=False)
        return context

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except RegistryError as error:
            said = words.of(error.code, **error.detail)
            click.echo(f"{said.title}. {said.explanation} {said.next_step}".strip(), err=True)
            ctx.exit(2 if isinstance(error, SettingFault) or error.code in _NAMED_WRONG else 1)


main = _Kiosk(
    "kiosk",
    help="Kios pelayanan Kartu Huma Betang.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    setup.setup,
    officers.officers,
    points.points,
    printers.printers,
    programmes.programmes,
    families.families,
    rounds.rounds,
    scan.verify_card,
    scan.redeem_card,
    cards.cards,
    designs.designs,
    photos.photos,
    audit.audit,
    work.work,
    demo.demo,
):
    main.add_command(command)
