"""FHIR R4 (4.0.1) resources as bytes and back: pure rendering and strict reading, no HTTP."""
