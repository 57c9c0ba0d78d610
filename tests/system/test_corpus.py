"""The 65 public CDA samples: fed over FHIR and by ``carnet feed``, read back byte for byte."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from carnet.formats.cda import CdaScanner
from carnet.formats.cda.metadata import entry_of
from carnet.record.caller import Caller, CallerKind
from carnet.record.identity import Ins, has_right_key
from tests.corpus import corpus_files, corpus_index
from tests.system.checks import entries
from tests.system.conftest import NodeMaker, PlaceMaker
from tests.system.documents import attachment
from tests.system.durability.server import CARNET
from tests.system.people import GENERALIST, Citizen, Json, all_scopes, opening
from tests.system.server import Node

SAMPLES = 65
MARKING = {"CARNET_IDENTITY_CONFLICT": "mark"}


def patient_of(file: Path) -> Ins:
    """The INS that the index names for a sample."""
    oid, _, matricule = corpus_index()[file.name]["patient_ins"].partition("|")
    return Ins(matricule, oid)


def reader(ins: Ins) -> Caller:
    """The citizen of a sample."""
    return all_scopes(Caller(CallerKind.CITIZEN, name="usager", ins=ins))


def run_feed(data: Path, database: str | None, *options: str) -> list[dict[str, Any]]:
    """What ``carnet feed --json`` says of all samples."""
    command = [str(CARNET), "feed", "--data", str(data), "--json", *options]
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    if database is not None:
        environment |= {"CARNET_DATABASE": database, "CARNET_KEYS_DATABASE": database}
    done = subprocess.run(
        [*command, *map(str, corpus_files())],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == (1 if '"refused"' in done.stdout else 0), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_corpus_is_whole() -> None:
    assert len(corpus_files()) == SAMPLES
    assert len({file.read_bytes() for file in corpus_files()}) == SAMPLES


def check_read_back(node: Node, places: dict[Path, str]) -> None:
    """Each document, by its Binary, with the token of its citizen."""
    assert len(places) == SAMPLES
    for file, url in places.items():
        got = node.acting(reader(patient_of(file))).get(url, headers={"accept": "*/*"})
        assert got.status_code == 200, (file.name, got.text)
        assert got.content == file.read_bytes(), file.name


def entry_from(file: Path) -> Any:
    """What the header of a sample says, as a submitter's software would have it."""
    scanner = CdaScanner()
    data = file.read_bytes()
    scanner.feed(data)
    sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return entry_of(scanner.close(), sha1, "", len(data), accept_unknown_type=False)[0]


def named(root_and_extension: str) -> Json:
    """A uniqueId as masterIdentifier: an OID alone, or an OID and what it numbers."""
    root, _, extension = root_and_extension.partition("^")
    if extension:
        return {"system": f"urn:oid:{root}", "value": extension}
    return {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{root}"}


def resource_of(file: Path) -> Json:
    """The DocumentReference that submits a sample."""
    entry = entry_from(file)
    authors: list[Json] = [
        {"identifier": {"system": f"urn:oid:{a.identifier.root}", "value": a.identifier.extension}}
        for a in entry.authors
        if a.identifier is not None
    ]
    ins = patient_of(file)
    return {
        "resourceType": "DocumentReference",
        "contained": [{"resourceType": "Organization", "id": "c", "name": entry.custodian.name}],
        "masterIdentifier": named(entry.unique_id),
        "status": "current",
        "subject": {"identifier": {"system": f"urn:oid:{ins.oid}", "value": ins.matricule}},
        "date": entry.creation_time,
        "author": authors or [{"reference": "#c"}],
        "custodian": {"reference": "#c"},
        "content": [{"attachment": attachment(file.read_bytes(), entry.title)}],
    }


@pytest.mark.slow
def test_all_samples_go_in_by_fhir_and_come_back_as_they_were(make_node: NodeMaker) -> None:
    node = make_node(environment=MARKING)
    doctor = node.acting(GENERALIST)
    known: set[str] = set()
    places: dict[Path, str] = {}
    for file in corpus_files():
        ins = patient_of(file)
        if ins.matricule not in known:
            opened = doctor.post("Patient", opening(Citizen(ins, entry_from(file).source_patient)))
            assert opened.status_code == 201, (file.name, opened.text)
            known.add(ins.matricule)
        response = doctor.post("DocumentReference", resource_of(file))
        assert response.status_code == 201, (file.name, response.text)
        places[file] = response.json()["content"][0]["attachment"]["url"]
    check_read_back(node, places)
    repeated = doctor.post("DocumentReference", resource_of(corpus_files()[0]))
    assert repeated.status_code == 200


@pytest.mark.slow
def test_all_samples_go_in_by_feed_and_come_back_as_they_were(make_node: NodeMaker) -> None:
    lines: list[dict[str, Any]] = []
    node = make_node(make=lambda data, database: lines.extend(run_feed(data, database)))
    assert {line["status"] for line in lines} == {"stored"}
    assert [line["code"] for line in lines] == [None] * SAMPLES
    places: dict[Path, str] = {}
    for line in lines:
        file = Path(line["file"])
        own = node.acting(reader(patient_of(file)))
        name = named(line["uniqueId"])
        found = own.get(
            "DocumentReference",
            identifier=f"{name['system']}|{name['value']}",
            status="current,superseded",
        )
        (resource,) = entries(found.json())
        places[file] = resource["content"][0]["attachment"]["url"]
    check_read_back(node, places)
    again = run_feed(node.directory, node.database)
    assert {line["status"] for line in again} == {"identical"}
    assert [line["uniqueId"] for line in again] == [line["uniqueId"] for line in lines]


def test_what_feed_stores_and_marks(new_place: PlaceMaker) -> None:
    """Each oddity is a warning; which samples have one follows from their headers."""
    lines = {Path(line["file"]).name: line for line in run_feed(*new_place())}
    marked = {
        code: {name for name, line in lines.items() if code in line["warnings"]}
        for code in ("ins-wrong-key", "ins-oid-differs", "ins-traits-differ", "replaced-absent")
    }
    assert marked["ins-wrong-key"] == {
        file.name for file in corpus_files() if not has_right_key(patient_of(file))
    }
    first: dict[str, str] = {}
    for file in corpus_files():
        first.setdefault(patient_of(file).matricule, patient_of(file).oid)
    assert marked["ins-oid-differs"] == {
        file.name
        for file in corpus_files()
        if first[patient_of(file).matricule] != patient_of(file).oid
    }
    assert marked["replaced-absent"] == {
        file.name for file in corpus_files() if b"<relatedDocument" in file.read_bytes()
    }
    assert marked["ins-traits-differ"] == OTHER_TRAITS


# Other samples of the same matricule have other names, another birth date or another sex.
OTHER_TRAITS = {
    "BIO-CR-BIO_2023.01_Electrophorese.xml",
    "OBP-SEM_2024.01.xml",
    "OBP-SNE_2024.01.xml",
    "SDM-MR_2024.01_patiente-enceinte.xml",
    "eDISP-MED_2024.01.xml",
}

_AUTHOR = "/ClinicalDocument/author[1]/assignedAuthor/id"
_CUSTODIAN = "/ClinicalDocument/custodian/assignedCustodian/representedCustodianOrganization/id"
_REPLACED = "/ClinicalDocument/relatedDocument/parentDocument/id"

# What --strict refuses: the code, where it is, and why.
REFUSED: dict[tuple[str, str], tuple[str, ...]] = {
    # The RPPS of an author does not pass its Luhn check.
    ("luhn-key", _AUTHOR): (
        "BIO-CR-BIO_2021.01_CDA-R2-Niveau-1.xml",
        "BIO-CR-BIO_2021.01_CR-2nde-intention.xml",
        "BIO-CR-BIO_2021.01_Microbiologie_V1.xml",
        "BIO-CR-BIO_2021.01_Microbiologie_V2.xml",
        "BIO-CR-BIO_2023.01_Electrophorese.xml",
        "BIO-CR-BIO_2024.01_CR-2nde-intention-PDF.xml",
        "BIO-CR-BIO_2024.01_CRP_non_LOINC.xml",
        "BIO-CR-BIO_2024.01_DEP-CCU-tout-structure.xml",
        "BIO-CR-BIO_2024.01_Electrophorese.xml",
        "BIO-CR-BIO_2024.01_Glycemie_mole.xml",
        "BIO-CR-BIO_2024.01_Microbiologie_V1.xml",
        "BIO-CR-BIO_2024.01_TSH_1.xml",
        "CANCER-CR-GM_2022.01_AnalyseRealisee.xml",
        "DLU-EHPAD-FLUDR_2022.01.xml",
        "DOC_NON_STRUCTURE_CDA-R2-N1.xml",
        "TLM-CR_2022.01.xml",
    ),
    ("luhn-key", _AUTHOR.replace("[1]", "[2]")): ("eDISP-MED_2024.01.xml",),
    # The FINESS, SIREN or SIRET of the custodian does not pass it.
    ("luhn-key", _CUSTODIAN): (
        "01_Modeles_contenus_CDA.xml",
        "AVC-AUNV_2022.01.xml",
        "AVC-PAVC_2022.01.xml",
        "AVC-SUNV_2022.01.xml",
        "BIO-TROD_2024.01_COVID-19.xml",
        "BIO-TROD_2024.01_Cystite.xml",
        "CANCER-FRCP_2022.01_Appareil.xml",
        "CANCER-PPS_2022.01_feuille-de-style-externe.xml",
        "CARD-F-PRC-DCI_2022.01.xml",
        "CARD-F-PRC-PPV_2022.01.xml",
        "CARD-F-PRC-TAP_2022.01.xml",
        "IPS-FR_2024.01.xml",
        "LDL-EES_2022.01.xml",
        "OBP-SAP_2024.01.xml",
        "OBP-SCM_2024.01.xml",
        "OPH-BRE_2022.02.xml",
        "OPH-CR-RTN_2022.01.xml",
        "TLM-DA_2022.01_TCG.xml",
        "TLM-DA_2022.01_TCG_anamnese-non-structuree.xml",
        "VSM_1.4_2022.01.xml",
    ),
    # The key of the INS is wrong.
    ("ins-wrong-key", "DocumentReference.subject"): (
        "CSE-CS24_2024.01.xml",
        "CSE-CS24_2025.01.xml",
        "CSE-CS8_2024.01.xml",
        "CSE-CS9_2025.01.xml",
        "CSE-MDE_2023.01.xml",
        "OBP-SEM_2024.01.xml",
        "OBP-SNE_2024.01.xml",
        "SDM-MR_2024.01_nouveau-ne.xml",
    ),
    # It replaces a document that nobody fed.
    ("replaced-absent", _REPLACED): ("IMG_CR_IMG_2024.01.xml",),
}


def test_what_strict_refuses_and_why(new_place: PlaceMaker) -> None:
    lines = run_feed(*new_place(), "--strict")
    found: dict[tuple[str, str], set[str]] = {}
    for line in lines:
        if line["status"] == "refused":
            found.setdefault((line["code"], line["element"]), set()).add(Path(line["file"]).name)
        else:
            assert line["status"] == "stored"
    assert found == {why: set(names) for why, names in REFUSED.items()}
    assert sum(len(names) for names in REFUSED.values()) == 46


@pytest.mark.parametrize("why", [why for why in REFUSED if why[0] == "luhn-key"])
def test_the_numbers_that_strict_refuses_are_wrong_indeed(why: tuple[str, str]) -> None:
    numbers = re.compile(rb'<id\s[^>]*extension="([0-9]{10,15})"[^>]*>')
    for name in REFUSED[why]:
        file = next(one for one in corpus_files() if one.name == name)
        header = file.read_bytes().split(b"<documentationOf", 1)[0]
        found = [m.group(0) for m in numbers.finditer(header) if b"1.2.250.1.71.4.2." in m.group(0)]
        wrong = [one for one in found if not luhn(numbers.match(one).group(1).decode()[1:])]  # type: ignore[union-attr]  # found by it
        assert wrong, name


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn key of the others (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
