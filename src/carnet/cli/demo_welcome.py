"""What a demo prints when it is ready: who is there, what to open, what to try."""

from __future__ import annotations

import sys
from pathlib import Path

from carnet.cli.stores import data_of, seeded_on
from carnet.population.callers import ins_at
from carnet.population.scripts.cast import cast
from carnet.settings import Settings


def welcome(settings: Settings, base: str) -> str:
    """Everybody of the scripted lives with what to try, then ``curl`` lines."""
    people = cast(seeded_on(data_of(settings))).people
    camille = ins_at(people["camille"])
    identifier = f"urn:oid:{camille.oid}|{camille.matricule}"
    run = f"{Path(sys.argv[0])} token --data {settings.data}"
    who = "\n".join(
        f"  {key:<10} {person.headline}\n{'':<13}À essayer : {' ; '.join(person.what_to_try)}"
        for key, person in people.items()
    )
    return f"""
Carnet is ready: {base}/fhir  (Ctrl-C ends it)
How its pages will look: {base}/design

{who}

Those who treat them:  {run} --list
What it can do:        curl -s {base}/fhir/metadata

Camille's documents, as her doctor finds them:
  curl -s -H "Authorization: Bearer $({run} dr-garrigue)" \\
    "{base}/fhir/DocumentReference?patient.identifier={identifier}&_count=3&_pretty=true"

What they say of her HbA1c over time, each value with the document and bytes that say it:
  curl -s -H "Authorization: Bearer $({run} dr-garrigue)" \\
    "{base}/fhir/Observation?patient.identifier={identifier}&code=4548-4&_revinclude=Provenance:target&_pretty=true"

Who opened Camille's record, and why, as she reads it herself:
  curl -s -H "Authorization: Bearer $({run} camille)" \\
    "{base}/fhir/AuditEvent?patient.identifier={identifier}&_count=5&_pretty=true"
"""
