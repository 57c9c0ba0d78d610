"""What the operator's settings and the kind of store decide for the use cases."""

from __future__ import annotations

import msgspec

from carnet.record.access.model import AccessSettings


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Which oddities pass with a mark and which are refused.

    ``mark_identity``: a wrong key, other traits or another OID of a known matricule are stored and
    marked. ``reading_operator``: the operator may read (demo and test stores only).
    """

    accept_test_ins: bool = False
    accept_wrong_key: bool = False
    mark_identity: bool = False
    refuse_luhn: bool = False
    refuse_absent_target: bool = False
    accept_unknown_type: bool = False
    reading_operator: bool = False
    max_document_bytes: int = 50_000_000
    access: AccessSettings = AccessSettings()

    def strict(self) -> Policy:
        """The same with every mark turned into a refusal (``carnet feed --strict``)."""
        return msgspec.structs.replace(
            self,
            accept_wrong_key=False,
            mark_identity=False,
            refuse_luhn=True,
            refuse_absent_target=True,
            accept_unknown_type=False,
        )
