"""Carnet: a shared health record that people use."""

__version__ = "0.1.0"
