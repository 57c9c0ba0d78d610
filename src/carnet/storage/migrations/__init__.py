"""Forward migrations, tested on both engines; safe while the previous version still runs."""
