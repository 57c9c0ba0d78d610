"""Where a record is kept: databases, document bytes, keys, outbox. No rule of law or medicine."""
