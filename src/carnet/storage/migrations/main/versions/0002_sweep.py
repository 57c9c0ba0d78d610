"""How far a walk through all records has come (history ``main``)."""

import sqlalchemy as sa
from alembic import op

revision = "main_0002"
down_revision = "main_0001"


def upgrade() -> None:
    """The table ``sweep``: the version before does not know it, and may go on serving."""
    op.create_table(
        "sweep",
        sa.Column("name", sa.Text(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("readers", sa.Text(), nullable=False),
        sa.Column("after", sa.LargeBinary(), nullable=False),
        sa.Column("done", sa.SmallInteger(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
