"""Scripted lives: TOML files that a doctor can read and correct, resolved to a day."""
