"""Codes that decide what an observation is, where its template does not: tables.

``TA`` is the agency's own terminology (TA_ASIP), where no other one has the thing.
"""

from __future__ import annotations

from carnet.record.facts import Kind

TA = "1.2.250.1.213.1.1.4.322"
LOINC = "2.16.840.1.113883.6.1"
SNOMED = "2.16.840.1.113883.6.96"
ACT_CODE = "2.16.840.1.113883.5.4"

DISEASES = frozenset(
    {
        "2.16.840.1.113883.6.3",  # CIM-10
        "2.16.840.1.113883.6.347",  # CIM-11
        "2.16.840.1.113883.6.139",  # CISP-2
        "2.16.840.1.113883.6.43",  # CIM-O
        "1.2.250.1.213.2.9",  # DRC
        "1.2.250.1.213.2.49",  # Orphanet
        "1.2.250.1.213.2.49.1",
    }
)
"""Classifications of diseases: a code of theirs names a problem."""

CIM10 = "2.16.840.1.113883.6.3"
DELIVERIES = frozenset({"O80", "O81", "O82", "O83", "O84"})
"""Categories of the CIM-10 that name a way of giving birth: no disease, but a pregnancy's end."""

FINDING = "404684003"
"""SNOMED CT "clinical finding": a problem only where a disease is named."""

OTHER = "GEN-092."
"""How codes of the agency begin that only say "other": what it is, words must tell."""

STOPS = frozenset({"MED-052"})
"""Observations in a treatment that say that it was stopped, and why."""

ADMINISTRATIVE = frozenset(
    {
        "69764-9",  # type of an attached document
        "99622-3",  # information handed to the patient
        "GEN-037",  # why the document was updated
        "GEN-065",  # status of the document
        "GEN-098",  # a tumour board: kind of discussion, quorum, file
        "GEN-099",
        "GEN-100",
        "GEN-164",  # dates of the file
        "GEN-165",
        "GEN-178",  # date of handing over
        "GEN-344",  # biobanks
        "MED-500",  # inclusion in a research protocol
        "MED-501",
        "MED-502",
        "ORG-034",  # aim of an encounter
        "ORG-070",  # how the stay began and ended
        "ORG-074",
        "ORG-081",  # kind of a transfer
        "ORG-114",  # a tumour board: what it is held for
        "ORG-115",
        "ORG-116",
        "ORG-117",
        "ORG-118",
        "ORG-119",
        "ORG-125",
        "ORG-127",
        "ORG-184",
        "ORG-185",
        "ORG-186",
        "ORG-189",
        "PAT-012",  # consent to be asked about protocols
        "15515-0",  # why a transport
    }
)
"""Observations on the document, the stay or its organisation, not on health."""

ATTRIBUTES = frozenset(
    {
        "GEN-023",  # how difficult an act was
        "GEN-177",  # planned dates of an act
        "GEN-368",  # of an encounter
        "MED-071",  # what was thought of a diagnosis on entry
        "MED-072",  # where a diagnosis stands
        "MED-559",  # a box was opened
        "PAT-013",  # ages at first signs and diagnosis
        "PAT-014",
        "PAT-062",
        "PAT-063",
        "PAT-064",
        "PAT-065",
    }
)
"""Observations that only describe the fact that they are nested in."""

HEADINGS = frozenset({"30954-2", "MED-022"})
"""Acts whose code only heads a section: "results of examinations"."""

KINDS: dict[str, Kind] = {
    "MED-144": Kind.RESULT,  # germs identified during the stay
    **dict.fromkeys(("3289-6", "6301-6", "34714-6"), Kind.RESULT),  # INR, told by clinics too
    **dict.fromkeys(
        (
            *("51659-1", "5195-3", "5196-1", "5193-8"),  # hepatitis B: antigen HBs, antibodies
            *("5334-8", "5388-4"),  # rubella, toxoplasmosis
            *("56888-1", "13955-0", "16128-1"),  # HIV, hepatitis C
        ),
        Kind.RESULT,  # no section makes a serology anything else
    ),
    **dict.fromkeys(("68322007", "281789004", "18629005", "416118004"), Kind.PROCEDURE),
    "364320009": Kind.PREGNANCY,
    "11449-6": Kind.PREGNANCY,
    "11778-8": Kind.PREGNANCY,
    "11884-4": Kind.PREGNANCY,
    "8665-2": Kind.PREGNANCY,
    **dict.fromkeys(
        (
            *("29463-7", "3141-9", "8348-5", "8302-2", "39156-5"),
            *("8287-5", "8280-0", "38208-5", "72514-3"),
        ),
        Kind.VITAL,
    ),
    **dict.fromkeys(
        ("8480-6", "8462-4", "8867-4", "8310-5", "9279-1", "20564-1", "2708-6", "59408-5"),
        Kind.VITAL,
    ),
}
"""What an observation of this code is, wherever it stands without a template of its own.

What it is goes before where it stands: a weight in a history of pregnancies is a weight. A table
must tell analyses from what is seen in a pregnancy: the look of the amniotic fluid has a code of
LOINC and a coded answer too. "Administration of an antibiotic" and the like are acts.
"""

PREGNANT = frozenset({"77386006"})
"""Values that say that the patient is pregnant."""

BIRTHS = frozenset({"10162-6", "57074-7", "57075-4", "57078-8"})
"""Sections of pregnancies, their follow-up, labour and birth: observations there belong to one."""

IMAGING = "18748-4"
PLAN_OF_CARE = "18776-5"
ASSERTION = "ASSERTION"
DIED = "419620001"
AGES = frozenset({"397659008", "30525-0", "445518008"})
"""Observations that tell an age at onset."""
