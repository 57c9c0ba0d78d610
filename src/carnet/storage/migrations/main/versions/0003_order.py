"""Corrections of episodes by hand, and what a person has seen (history ``main``)."""

import sqlalchemy as sa
from alembic import op

revision = "main_0003"
down_revision = "main_0002"


def upgrade() -> None:
    """Two tables that the version before does not know: it may go on serving."""
    for name, key in (("arrangement", "arrangement_id"), ("seen", "person")):
        op.create_table(
            name,
            sa.Column(
                "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
            ),
            sa.Column(key, sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False),
            sa.Column("version", sa.BigInteger(), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sqlite_with_rowid=False,
        )
