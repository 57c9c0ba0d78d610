"""What people do with a record. ``gate`` is the only door."""
