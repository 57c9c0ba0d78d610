"""Invented documents of level 3 that, together, tell facts of every type of resource."""

from __future__ import annotations

import msgspec

from carnet.fhir.fact_params import REPORTS
from carnet.fhir.resources.facts import FACT_RESOURCES
from carnet.record.caller import Caller
from tests.formats.cda.build import care_samples, level3_samples
from tests.system.documents import Letter, letter
from tests.system.people import GENERALIST, Citizen

TYPES = (*FACT_RESOURCES, REPORTS)
_END = b"</structuredBody>"
_FAMILY = """<component><section>
<templateId root="1.3.6.1.4.1.19376.1.5.3.1.3.15"/>
<code code="10157-6" codeSystem="2.16.840.1.113883.6.1"/><title>Antécédents familiaux</title>
<text>Père : infarctus</text>
<entry><organizer classCode="CLUSTER" moodCode="EVN">
<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.15"/><statusCode code="completed"/>
<subject typeCode="SBJ"><relatedSubject classCode="PRS">
<code code="FTH" codeSystem="2.16.840.1.113883.5.111" displayName="Père"/>
</relatedSubject></subject>
<component><observation classCode="OBS" moodCode="EVN">
<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.13.3"/>
<code code="G-1009" codeSystem="1.2.250.1.213.2.12" displayName="Diagnostic"/>
<statusCode code="completed"/>
<value xsi:type="CD" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" code="I21"
 codeSystem="2.16.840.1.113883.6.3" displayName="Infarctus du myocarde"/>
</observation></component></organizer></entry></section></component>"""


def telling(who: Citizen, author: Caller = GENERALIST) -> list[Letter]:
    """The documents; the first one is a laboratory's."""
    specs = (
        level3_samples.full_laboratory(),
        level3_samples.prescription(),
        care_samples.history(),
        care_samples.reimbursement(),
        care_samples.synthesis(),
    )
    made = [letter(who, author, body=spec.body) for spec in specs]
    told = made[-1].data.replace(_END, _FAMILY.encode() + _END)
    return [*made[:-1], msgspec.structs.replace(made[-1], data=told)]
