"""Copies of a whole store, made beside a running server, and a store made anew from one.

A backup is two folders: the data (databases, documents) and, apart, the keys, so that each can be
kept as long as it may be. The master key is in neither. What a folder holds stands in its manifest,
which is written last. ``docs/backup.md`` says what an operator does with it.
"""
