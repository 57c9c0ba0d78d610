"""Showing documents without harm: what cannot be trusted is decoded in processes of its own.

``reader.Reader`` is what others call; ``model`` is what it answers. The processes themselves import
this package too, so that nothing is imported here. See ``docs/reading.md``.
"""
