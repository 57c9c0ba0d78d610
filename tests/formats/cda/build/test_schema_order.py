"""Children stand in the order of the CDA schema, in what the builder writes as in the samples."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import etree
from lxml.etree import _Element

from carnet.formats.cda.build import build_document
from tests.corpus import corpus_files
from tests.formats.cda.build.test_upper_bound import SPECS

_ENTRY = (
    "subject specimen product consumable performer author informant participant "
    "entryRelationship reference precondition"
)
ORDER = {
    "section": "templateId id code title text confidentialityCode languageCode subject author "
    "informant entry component",
    "act": f"templateId id code text statusCode effectiveTime priorityCode languageCode {_ENTRY}",
    "observation": "templateId id code derivationExpr text statusCode effectiveTime priorityCode "
    "repeatNumber languageCode value interpretationCode methodCode targetSiteCode "
    f"{_ENTRY} referenceRange",
    "organizer": "templateId id code statusCode effectiveTime subject specimen performer author "
    "informant participant reference precondition component",
    "procedure": "templateId id code text statusCode effectiveTime priorityCode languageCode "
    f"methodCode approachSiteCode targetSiteCode {_ENTRY}",
    "substanceAdministration": "templateId id code text statusCode effectiveTime priorityCode "
    "repeatNumber routeCode approachSiteCode doseQuantity rateQuantity maxDoseQuantity "
    f"administrationUnitCode {_ENTRY}",
    "supply": "templateId id code text statusCode effectiveTime priorityCode repeatNumber "
    f"independentInd quantity expectedUseTime {_ENTRY}",
    "observationMedia": f"templateId id languageCode value {_ENTRY}",
    "observationRange": "templateId code text value interpretationCode",
    "manufacturedProduct": "templateId id manufacturedLabeledDrug manufacturedMaterial "
    "manufacturerOrganization",
    "manufacturedMaterial": "templateId code name lotNumberText",
    "specimenRole": "templateId id specimenPlayingEntity",
    "playingDevice": "templateId code manufacturerModelName softwareName",
    "code": "originalText qualifier translation",
    "translation": "originalText qualifier translation",
    "author": "templateId functionCode time assignedAuthor",
    "assignedAuthor": "templateId id code addr telecom assignedPerson assignedAuthoringDevice "
    "representedOrganization",
    "assignedEntity": "templateId id code addr telecom assignedPerson representedOrganization",
    "representedOrganization": "templateId id name telecom addr standardIndustryClassCode "
    "asOrganizationPartOf",
    "serviceEvent": "templateId id code effectiveTime performer",
    "encompassingEncounter": "templateId id code effectiveTime dischargeDispositionCode "
    "responsibleParty encounterParticipant location",
}
"""Name of an element → names of its children of the CDA namespace, in the order of the schema."""

V3 = "{urn:hl7-org:v3}"


def disordered(root: _Element) -> Iterator[str]:
    """Where a child stands before one that it must follow, or is none that the schema knows."""
    for name, children in ORDER.items():
        ranks = {child: rank for rank, child in enumerate(children.split())}
        for node in root.iter(f"{V3}{name}"):
            found = [etree.QName(c).localname for c in node.iterchildren(f"{V3}*")]
            yield from (f"{name}/{child}" for child in found if child not in ranks)
            places = [ranks[child] for child in found if child in ranks]
            if places != sorted(places):
                yield f"{name}: {' '.join(found)}"


@pytest.mark.parametrize("name", SPECS)
def test_the_builder_follows_the_schema(name: str) -> None:
    assert list(disordered(etree.fromstring(build_document(SPECS[name])))) == []


@pytest.mark.parametrize("path", corpus_files(), ids=lambda path: path.stem)
def test_the_samples_bear_the_order_out(path: object) -> None:
    root = etree.parse(str(path), etree.XMLParser(huge_tree=True)).getroot()
    assert list(disordered(root)) == []
