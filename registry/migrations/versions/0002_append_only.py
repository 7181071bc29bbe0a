"""history is append-only

Triggers refuse UPDATE and DELETE on the tables that are history, on both databases, and TRUNCATE on PostgreSQL.
A later migration that rebuilds one of these tables on SQLite has to make its triggers anew.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HISTORY = (
    "addendum",
    "attempt",
    "audit_line",
    "calibration",
    "card_event",
    "complaint_step",
    "design_choice",
    "determination",
    "enrolment",
    "entitlement_removal",
    "family_facts",
    "listed_family",
    "minutes",
    "person_facts",
    "redemption",
    "redemption_photo",
    "redemption_undo",
    "revision",
    "stock_entry",
    "supply_count",
    "supply_move",
    "visit",
    "visit_undo",
)
FROZEN = "the list of this round is frozen: it is changed by an addendum only"
# A right joins a frozen list only by an addendum, or as a slice of a balance that stands on it; none leaves the table.
_FROZEN_INSERT = (
    "EXISTS (SELECT 1 FROM determination WHERE determination.round_id = NEW.round_id) "
    "AND NEW.addendum_id IS NULL AND NEW.balance_id IS NULL"
)
_FROZEN_CHANGE = "EXISTS (SELECT 1 FROM determination WHERE determination.round_id = OLD.round_id)"
# The same of balances: what is spent of one changes, and an addendum may take it off the list; nothing else.
_FROZEN_BALANCE_INSERT = (
    "EXISTS (SELECT 1 FROM determination WHERE determination.round_id = NEW.round_id) AND NEW.addendum_id IS NULL"
)
_BALANCE_COLUMNS = ("id", "round_id", "family_id", "granted", "basis", "document", "addendum_id")
# What a version defines is what frozen lists say: it is decided on once, and is otherwise as it was proposed.
SETTLED = "a version of a programme is never changed"
_VERSION_CHANGE = (
    "OLD.state <> 'proposed' OR NEW.programme_code <> OLD.programme_code OR NEW.number <> OLD.number "
    "OR CAST(NEW.content AS TEXT) <> CAST(OLD.content AS TEXT)"
)


def _frozen_balance_change(differs: str) -> str:
    changed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in _BALANCE_COLUMNS)
    removed = f"(OLD.removal_id IS NOT NULL AND NEW.removal_id {differs} OLD.removal_id)"
    return f"{_FROZEN_CHANGE} AND ({changed} OR {removed})"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in HISTORY:
            for deed in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        for deed, condition in (
            ("INSERT", _FROZEN_INSERT),
            ("UPDATE", _FROZEN_CHANGE),
            ("DELETE", _FROZEN_CHANGE),
        ):
            op.execute(
                f"CREATE TRIGGER entitlement_frozen_{deed.lower()} BEFORE {deed} ON entitlement "
                f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
            )
        for deed, condition in (
            ("INSERT", _FROZEN_BALANCE_INSERT),
            ("UPDATE", _frozen_balance_change("IS NOT")),
            ("DELETE", _FROZEN_CHANGE),
        ):
            op.execute(
                f"CREATE TRIGGER balance_frozen_{deed.lower()} BEFORE {deed} ON balance "
                f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
            )
        for deed, when in (("UPDATE", f"WHEN {_VERSION_CHANGE}"), ("DELETE", "")):
            op.execute(
                f"CREATE TRIGGER programme_version_settled_{deed.lower()} BEFORE {deed} ON programme_version "
                f"{when} BEGIN SELECT RAISE(ABORT, '{SETTLED}'); END"
            )
        return
    # SQLite makes these keys with their tables; PostgreSQL needs both tables first
    op.create_foreign_key(
        "fk_redemption_follows_undo_id", "redemption", "redemption_undo", ["follows_undo_id"], ["id"]
    )
    op.create_foreign_key("fk_visit_follows_undo_id", "visit", "visit_undo", ["follows_undo_id"], ["visit_id"])
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in HISTORY:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE FUNCTION refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF TG_OP = 'INSERT' THEN "
        f"IF {_FROZEN_INSERT} THEN RAISE EXCEPTION '{FROZEN}'; END IF; RETURN NEW; END IF; "
        f"IF {_FROZEN_CHANGE} THEN RAISE EXCEPTION '{FROZEN}'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER entitlement_frozen BEFORE INSERT OR UPDATE OR DELETE ON entitlement "
        "FOR EACH ROW EXECUTE FUNCTION refuse_frozen()"
    )
    op.execute(
        "CREATE FUNCTION refuse_frozen_balance() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF TG_OP = 'INSERT' THEN "
        f"IF {_FROZEN_BALANCE_INSERT} THEN RAISE EXCEPTION '{FROZEN}'; END IF; RETURN NEW; END IF; "
        f"IF TG_OP = 'DELETE' THEN IF {_FROZEN_CHANGE} THEN RAISE EXCEPTION '{FROZEN}'; END IF; RETURN OLD; END IF; "
        f"IF {_frozen_balance_change('IS DISTINCT FROM')} THEN RAISE EXCEPTION '{FROZEN}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER balance_frozen BEFORE INSERT OR UPDATE OR DELETE ON balance "
        "FOR EACH ROW EXECUTE FUNCTION refuse_frozen_balance()"
    )
    op.execute(
        "CREATE FUNCTION refuse_settled() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'DELETE' THEN RAISE EXCEPTION '{SETTLED}'; END IF; "
        f"IF {_VERSION_CHANGE} THEN RAISE EXCEPTION '{SETTLED}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER programme_version_settled BEFORE UPDATE OR DELETE ON programme_version "
        "FOR EACH ROW EXECUTE FUNCTION refuse_settled()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in HISTORY:
            for deed in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{deed}")
        for deed in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER entitlement_frozen_{deed}")
            op.execute(f"DROP TRIGGER balance_frozen_{deed}")
        for deed in ("update", "delete"):
            op.execute(f"DROP TRIGGER programme_version_settled_{deed}")
        return
    op.execute("DROP TRIGGER programme_version_settled ON programme_version")
    op.execute("DROP FUNCTION refuse_settled()")
    op.execute("DROP TRIGGER balance_frozen ON balance")
    op.execute("DROP FUNCTION refuse_frozen_balance()")
    op.execute("DROP TRIGGER entitlement_frozen ON entitlement")
    op.execute("DROP FUNCTION refuse_frozen()")
    for table in HISTORY:
        op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
        op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    op.execute("DROP FUNCTION refuse_change()")
    op.drop_constraint("fk_visit_follows_undo_id", "visit", type_="foreignkey")
    op.drop_constraint("fk_redemption_follows_undo_id", "redemption", type_="foreignkey")
