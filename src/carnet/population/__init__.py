"""Invented people, their documents and years of use: scripted lives and a generated France.

``model`` says what a life is; ``scripts`` reads those of ``lives/``; ``france`` generates the rest;
``writing`` makes the documents; ``truth`` says what is so; ``rules`` finds what does not hold
together; ``seeding`` does everything in a store, through the use cases.
"""
