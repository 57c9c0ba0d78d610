"""``carnet bench``: made rows, load over HTTP, floors, and the figures of one run.

The loader (``loader``) fills a test store with invented people through the same seals and chains
that feeding uses; ``load`` asks the server as its clients would; ``floors`` measures what the same
bytes and the same SQL cost without it (design §8). Nothing here is used by a running Carnet.
"""
