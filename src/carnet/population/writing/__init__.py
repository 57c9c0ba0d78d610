"""Writes the documents of a life: values to CDA, prose to paper."""
