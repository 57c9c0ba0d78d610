"""What documents look like outside: CDA, PDF, FHIR, identifiers, and the ways in and out."""
