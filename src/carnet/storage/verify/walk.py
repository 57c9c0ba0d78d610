"""All record ids of a store in order: those with a row, a trace, a mention in the journal, a key.

The sources are read side by side, so that what is left of a record whose row is gone is seen too.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from carnet.storage import reads
from carnet.storage.batch import Reader
from carnet.storage.statements import Statement
from carnet.storage.verify import reads as own
from carnet.storage.verify.context import Context

_PAGE = 500


async def all_record_ids(context: Context) -> AsyncIterator[bytes]:
    """Every id once, in ascending order."""
    store = context.store
    sources = [
        _pages(store.main, reads.RECORD_IDS),
        _pages(store.traces, reads.TRACED_IDS),
        _pages(store.keys_reader, own.RECORD_KEY_IDS),
        mentioned_ids(context),
    ]
    heads = [await anext(source, None) for source in sources]
    while standing := [head for head in heads if head is not None]:
        lowest = min(standing)
        yield lowest
        for place, source in enumerate(sources):
            if heads[place] == lowest:
                heads[place] = await anext(source, None)


async def _pages(reader: Reader, statement: Statement) -> AsyncIterator[bytes]:
    after = b""
    while rows := await reader.fetch(statement, after, _PAGE):
        for (record_id,) in rows:
            yield record_id
        after = rows[-1][0]


async def mentioned_ids(context: Context) -> AsyncIterator[bytes]:
    """Those that what was read of the journal mentions, in ascending order."""
    after = b""
    while (found := context.scratch.next_mentioned(after)) is not None:
        yield found
        after = found
