"""Processes of a running Carnet: the supervisor, the ledger, the web workers, the worker."""
