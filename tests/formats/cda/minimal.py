"""A small invented CDA document, and ways to change one thing in it."""

from __future__ import annotations

import base64

PDF = base64.b64encode(b"%PDF-1.4 invented").decode()

MINIMAL = f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<realmCode code="FR"/>
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.2.8.2.1"/>
<templateId root="1.2.250.1.213.1.1.1.1"/>
<templateId root="1.3.6.1.4.1.19376.1.2.20"/>
<id root="1.2.250.1.999.1.1"/>
<code code="11488-4" codeSystem="2.16.840.1.113883.6.1"/>
<title>Lettre du cardiologue</title>
<effectiveTime value="20260105101500+0100"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
<languageCode code="fr-FR"/>
<setId root="1.2.250.1.999.1"/>
<versionNumber value="1"/>
<recordTarget><patientRole>
<id root="1.2.250.1.213.1.4.10" extension="279035121518989"/>
<id root="1.2.250.1.999.2" extension="IPP-42"/>
<addr><city>LILLE</city></addr>
<patient><name>
<family qualifier="BR">ESSAI</family><given>CLAIRE ANNE</given>
<given qualifier="BR">CLAIRE</given><family qualifier="CL">MODELE</family>
<given qualifier="CL">CLARA</given>
</name>
<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>
<birthTime value="19790328"/>
<guardian><guardianPerson><name><family>ESSAI</family><given>Paul</given></name></guardianPerson>
</guardian>
<birthplace><place><addr><county>51215</county><city>DOMPREMY</city></addr></place></birthplace>
</patient></patientRole></recordTarget>
<author><time value="20260105101500+0100"/><assignedAuthor>
<id root="1.2.250.1.71.4.2.1" extension="810000000009"/>
<code code="G15_10/SM05" codeSystem="1.2.250.1.213.1.1.4.5"/>
<assignedPerson><name><prefix>MME</prefix><given>Ada</given><family>INVENTEE</family>
<suffix>DR</suffix></name></assignedPerson>
</assignedAuthor></author>
<custodian><assignedCustodian><representedCustodianOrganization>
<id root="1.2.250.1.71.4.2.2" extension="1990000010"/><name>Centre inventé</name>
</representedCustodianOrganization></assignedCustodian></custodian>
<legalAuthenticator><time value="20260105"/><signatureCode code="S"/><assignedEntity>
<id root="1.2.250.1.71.4.2.1" extension="810000000009"/>
<assignedPerson><name><family>INVENTEE</family></name></assignedPerson>
</assignedEntity></legalAuthenticator>
<documentationOf><serviceEvent>
<code code="DEQP003" codeSystem="1.2.250.1.215.300.1"/>
<effectiveTime><low value="20260105093000+0100"/><high value="20260105100000+0100"/></effectiveTime>
<performer typeCode="PRF"><assignedEntity>
<id root="1.2.250.1.71.4.2.1" extension="810000000009"/>
<representedOrganization><standardIndustryClassCode code="AMBULATOIRE"
 codeSystem="1.2.250.1.213.1.1.4.9"/></representedOrganization>
</assignedEntity></performer>
</serviceEvent></documentationOf>
<componentOf><encompassingEncounter><effectiveTime><low value="20260105"/></effectiveTime>
<location><healthCareFacility><code code="SA07" codeSystem="1.2.250.1.71.4.2.4"/>
</healthCareFacility></location></encompassingEncounter></componentOf>
<component><nonXMLBody><text mediaType="application/pdf" representation="B64">{PDF}</text>
</nonXMLBody></component>
</ClinicalDocument>"""


def changed(*changes: tuple[str, str]) -> bytes:
    """The document with texts replaced; each must be there."""
    text = MINIMAL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


def without(start: str, end: str) -> bytes:
    """The document without what stands from ``start`` to ``end``, both included."""
    first = MINIMAL.index(start)
    last = MINIMAL.index(end, first) + len(end)
    return (MINIMAL[:first] + MINIMAL[last:]).encode()


def structured(sections: str) -> bytes:
    """The document with a structured body of these sections."""
    body = MINIMAL[MINIMAL.index("<nonXMLBody>") : MINIMAL.index("</component>")]
    wrapped = f"<structuredBody>{sections}</structuredBody>"
    return changed((body, wrapped))
