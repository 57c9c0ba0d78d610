"""One interaction, one file: each has ``interact(call) -> Response``."""
