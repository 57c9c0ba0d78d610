"""Decisions expected by the domain's facts, written down from §2, §3, §5, §6 and §7 alone.

One row a line: rule | who | ties to the record | record | act | entry | expected. Words are
given their meaning by ``situations.py``; several in one column are divided by commas, and ``-``
is nothing.
The record is open, and the citizen an adult, unless the row says otherwise.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One expected decision; ``rule`` is the paragraph of the domain's facts (5.2: §5 rule 2)."""

    rule: str
    who: str
    ties: str
    record: str
    act: str
    entry: str
    expected: str


_TABLE = """
# Rule 1: identified callers; what is not foreseen is refused; machine, operator, structure.
5.1 | machine | - | - | derive | lab | yes machine
5.1 | machine | - | - | derive | lab, masked, waits | yes machine
5.1 | machine | - | - | find | - | no not-entitled
5.1 | machine | - | - | read | lab | no not-entitled
5.1 | machine | - | - | check | - | no not-entitled
5.1 | machine | - | - | feed | - | no not-entitled
5.1 | machine | - | - | read-history | - | no not-entitled
5.1 | machine | - | closed | derive | lab | no record-closed
5.1 | machine | - | no record | derive | lab | no record-absent
5.1 | doctor | consent | - | derive | lab | no not-entitled
5.1 | operator | - | demo | derive | lab | no not-entitled
5.1 | citizen | own | - | derive | lab | no not-entitled
5.1 | unnamed professional | consent | - | find | - | no not-entitled
5.1 | unnamed professional | - | - | feed | - | no not-entitled
5.1 | unnamed professional | - | - | check | - | no not-entitled
5.1 | unnamed citizen | own | - | find | - | no not-entitled
5.1 | unnamed structure | - | - | feed | - | no not-entitled
5.1 | structure | - | - | find | - | yes author
5.1 | structure | author of structure | - | find | - | yes author
5.1 | structure | consent of structure | - | find | - | yes author
5.1 | structure | consent of structure | - | read | lab | no indirect-reading
5.1 | structure | - | - | read | lab | no indirect-reading
5.1 | structure | - | - | read | lab, our structure's | yes author
5.1 | structure | - | - | read | lab, mine | yes author
5.1 | structure | block of structure | - | find | - | no refused-by-patient
5.1 | structure | - | - | hide | lab | no indirect-reading
5.1 | structure | - | - | read-history | - | no not-entitled
5.1 | operator | - | - | find | - | no not-entitled
5.1 | operator | - | - | read | lab | no not-entitled
5.1 | operator | - | demo | find | - | yes operator
5.1 | operator | - | demo | read | lab, masked | yes operator
5.1 | operator | - | demo | read-history | - | no not-entitled
5.1 | operator | - | demo | hide | lab | no not-entitled
5.1 | operator | - | demo | grant | - | no not-entitled
5.3 | operator | - | - | note-representative | - | yes operator
5.3 | citizen | own | - | note-representative | - | no not-entitled
5.3 | doctor | consent | - | note-representative | - | no not-entitled

# §2: existence, opening, closed and opposed records.
2 | doctor | - | - | check | - | yes existence
2 | doctor | block | - | check | - | yes existence
2 | doctor | refusal | - | check | - | yes existence
2 | doctor | - | no record | check | - | yes existence
2 | doctor | - | never made | check | - | yes existence
2 | doctor | - | closed | check | - | yes existence
2 | doctor | - | opposed | check | - | yes existence
2 | secretary | - | - | check | - | yes existence
2 | social worker | - | - | check | - | yes existence
2 | structure | - | - | check | - | yes existence
2 | operator | - | - | check | - | yes existence
2 | citizen | own | - | check | - | yes own-record
2 | citizen | own | closed | check | - | yes own-record
2 | citizen | own | no record | check | - | yes own-record
2 | citizen | parent | minor | check | - | yes representative
2 | citizen | - | - | check | - | no not-your-record
2 | citizen | - | never made | check | - | no not-your-record
2 | doctor | - | no record | open | - | yes opening
2 | doctor | - | never made | open | - | yes opening
2 | doctor | - | announced | open | - | yes opening
2 | doctor | - | erased | open | - | yes opening
2 | doctor | - | closed | open | - | yes opening
2 | doctor | - | - | open | - | yes opening
2 | pharmacist | - | no record | open | - | yes opening
2 | structure | - | no record | open | - | yes opening
2 | operator | - | no record | open | - | yes operator
2 | citizen | own | no record | open | - | yes own-record
2 | citizen | own | closed | open | - | yes own-record
2 | citizen | parent | minor, closed | open | - | yes representative
2 | citizen | delegate read | closed | open | - | no not-entitled
2 | social worker | - | no record | open | - | no profession-closed
2 | secretary | - | no record | open | - | no profession-closed
2 | citizen | - | never made | open | - | no not-your-record
2 | doctor | block | no record | open | - | no refused-by-patient
2 | doctor in break-glass | - | no record | open | - | no not-entitled
2 | doctor | - | opposed | open | - | no record-opposed
2 | structure | - | opposed | open | - | no record-opposed
2 | operator | - | opposed | open | - | no record-opposed
2 | citizen | own | opposed | open | - | yes own-record
2 | citizen | parent | opposed, minor | open | - | yes representative
2 | citizen | delegate manage | opposed | open | - | no record-opposed
2 | doctor | consent | opposed | find | - | no record-opposed
2 | structure | - | opposed | feed | - | no record-opposed
2 | citizen | own | opposed | find | - | no record-opposed
2 | doctor | consent | no record | find | - | no record-absent
2 | doctor | - | never made | feed | - | no record-absent
2 | doctor | consent | announced | find | - | no record-absent
2 | structure | - | announced | feed | - | no record-absent
2 | doctor | consent | erased | read | lab | no record-absent
2 | citizen | own | no record | find | - | no record-absent
2 | citizen | own | closed | find | - | yes own-record
2 | citizen | own | closed | read | lab, masked | yes own-record
2 | citizen | own | closed | read | lab, waits | no hidden
2 | citizen | own | closed | hide | lab | no record-closed
2 | citizen | own | closed | feed | - | no record-closed
2 | citizen | own | closed | grant | - | no record-closed
2 | citizen | own | closed | read-history | - | no record-closed
2 | citizen | parent | closed, minor | find | - | no record-closed
2 | doctor | consent | closed | find | - | no record-closed
2 | doctor | consent | closed | read | lab, mine | no record-closed
2 | doctor | physician | closed | read | lab | no record-closed
2 | doctor | - | closed | feed | - | no record-closed
2 | structure | - | closed | feed | - | no record-closed
2 | structure | - | closed | find | - | no record-closed
2 | operator | - | closed | feed | - | no record-closed
2 | operator | - | closed, demo | find | - | no record-closed
2 | doctor in break-glass | - | closed | read | lab | no record-closed
2 | doctor | - | closed | attest-consent | - | no record-closed
2 | structure | author of structure | closed | replace | lab, our structure's | no record-closed

# §2: closing, opposing, withdrawing; when they are possible is said by the machine of states.
2 | citizen | own | - | close | - | yes own-record
2 | citizen | own | closed | close | - | yes own-record
2 | citizen | own | no record | close | - | no record-absent
2 | citizen | own | never made | close | - | no not-your-record
2 | citizen | parent | minor | close | - | yes representative
2 | citizen | parent | just adult | close | - | no not-your-record
2 | citizen | judgment | - | close | - | yes representative
2 | citizen | judgment read | - | close | - | no not-entitled
2 | citizen | delegate manage | - | close | - | no not-entitled
2 | citizen | delegate read | - | close | - | no not-entitled
2 | citizen | - | - | close | - | no not-your-record
2 | citizen in break-glass | own | - | close | - | no not-entitled
2 | operator | - | - | close | - | yes operator
2 | operator | - | announced | close | - | no record-absent
2 | doctor | physician | - | close | - | no not-entitled
2 | doctor | consent | closed | close | - | no not-entitled
2 | doctor | block | - | close | - | no refused-by-patient
2 | structure | author of structure | - | close | - | no not-entitled
2 | machine | - | - | close | - | no not-entitled
2 | unnamed citizen | own | - | close | - | no not-entitled
2 | citizen | own | - | oppose | - | yes own-record
2 | citizen | own | no record | oppose | - | yes own-record
2 | citizen | own | announced | oppose | - | yes own-record
2 | citizen | own | closed | oppose | - | yes own-record
2 | citizen | own | opposed | oppose | - | yes own-record
2 | citizen | parent | minor | oppose | - | yes representative
2 | citizen | delegate manage | - | oppose | - | no not-entitled
2 | citizen | - | never made | oppose | - | no not-your-record
2 | operator | - | - | oppose | - | yes operator
2 | operator | - | never made | oppose | - | yes operator
2 | doctor | physician | - | oppose | - | no not-entitled
2 | doctor | - | never made | oppose | - | no not-entitled
2 | structure | - | never made | oppose | - | no not-entitled
2 | citizen | own | opposed | withdraw-opposition | - | yes own-record
2 | citizen | own | closed | withdraw-opposition | - | yes own-record
2 | citizen | own | no record | withdraw-opposition | - | no record-absent
2 | citizen | parent | opposed, minor | withdraw-opposition | - | yes representative
2 | citizen | delegate manage | opposed | withdraw-opposition | - | no not-entitled
2 | citizen | - | opposed | withdraw-opposition | - | no not-your-record
2 | operator | - | opposed | withdraw-opposition | - | no not-entitled
2 | doctor | physician | opposed | withdraw-opposition | - | no not-entitled

# §1: another INS, or other traits, of the same person.
1 | operator | - | - | change-identity | - | yes operator
1 | operator | - | announced | change-identity | - | yes operator
1 | operator | - | closed | change-identity | - | yes operator
1 | operator | - | opposed | change-identity | - | yes operator
1 | operator in break-glass | - | - | change-identity | - | no not-entitled
1 | citizen | own | - | change-identity | - | no not-entitled
1 | citizen | - | - | change-identity | - | no not-your-record
1 | doctor | physician | - | change-identity | - | no not-entitled
1 | structure | - | - | change-identity | - | no not-entitled
1 | machine | - | - | change-identity | - | no not-entitled

# §3: feeding needs no right to read; replacement by the author's structure, or the citizen.
3 | doctor | - | - | feed | - | yes feeding
3 | doctor | refusal | - | feed | - | yes feeding
3 | doctor | consent ended | - | feed | - | yes feeding
3 | secretary | - | - | feed | - | yes feeding
3 | psychologist | - | - | feed | - | yes feeding
3 | doctor in regulation | - | - | feed | - | yes feeding
3 | structure | - | - | feed | - | yes feeding
3 | operator | - | - | feed | - | yes operator
3 | citizen | own | - | feed | - | yes own-record
3 | citizen | parent | minor | feed | - | yes representative
3 | citizen | delegate manage | - | feed | - | yes representative
3 | citizen | delegate read | - | feed | - | no not-entitled
3 | citizen | - | - | feed | - | no not-your-record
3 | doctor | block | - | feed | - | no refused-by-patient
3 | structure | block of structure | - | feed | - | no refused-by-patient
3 | doctor | - | - | replace | lab, mine | yes author
3 | doctor | - | - | replace | lab, our structure's | yes author
3 | doctor | - | - | replace | lab, our structure's, masked | yes author
3 | structure | - | - | replace | lab, our structure's | yes author
3 | structure | - | - | replace | lab, our structure's, masked | yes author
3 | structure | - | - | replace | lab | no indirect-reading
3 | structure | - | - | replace | lab, masked | no hidden
3 | doctor | consent | - | replace | lab | no not-entitled
3 | doctor | physician | - | replace | lab | no not-entitled
3 | doctor | - | - | replace | lab | no consent-missing
3 | nurse | consent | - | replace | psychiatry | no matrix
3 | doctor | consent | - | replace | lab, masked | no hidden
3 | doctor | block, author | - | replace | lab, mine | no refused-by-patient
3 | doctor | consent | - | replace | - | no not-entitled
3 | citizen | own | - | replace | wishes, patient's own | yes own-record
3 | citizen | own | - | replace | lab | no not-entitled
3 | citizen | own | - | replace | lab, waits | no hidden
3 | citizen | parent | minor | replace | wishes, patient's own | yes representative
3 | citizen | delegate read | - | replace | wishes, patient's own | no not-entitled
3 | citizen | - | - | replace | wishes, patient's own | no not-your-record
3 | operator | - | demo | replace | lab | yes operator
3 | operator | - | - | replace | lab, mine | yes operator
3 | operator | - | - | replace | lab | no not-entitled

# Rule 2: the block, in every mode and before every right.
5.2 | doctor | block, consent | - | find | - | no refused-by-patient
5.2 | doctor | block, consent | - | read | lab | no refused-by-patient
5.2 | doctor | block, physician | - | find | - | no refused-by-patient
5.2 | doctor | block, author | - | find | - | no refused-by-patient
5.2 | doctor | block, author | - | read | lab, mine | no refused-by-patient
5.2 | doctor | block of structure, consent | - | find | - | no refused-by-patient
5.2 | doctor in break-glass | block | - | find | - | no refused-by-patient
5.2 | doctor in break-glass | block | lifts hiding | read | lab | no refused-by-patient
5.2 | doctor in regulation | block | - | find | - | no refused-by-patient
5.2 | doctor | block, consent | - | hide | lab | no refused-by-patient
5.2 | doctor | block, physician | - | read-history | - | no refused-by-patient
5.2 | doctor | block, physician | - | block | - | no refused-by-patient
5.2 | doctor | block | - | attest-consent | - | no refused-by-patient
5.2 | doctor | block | - | read-consent | - | no refused-by-patient
5.2 | doctor | block ended, consent | - | find | - | yes authorised
5.2 | doctor | block ended | - | attest-consent | - | yes attesting
5.2 | doctor | block to come, consent | - | read | lab | yes authorised
5.2 | citizen | own | - | block | - | yes own-record
5.2 | citizen | parent | minor | block | - | yes representative
5.2 | citizen | judgment | - | block | - | yes representative
5.2 | doctor | physician | - | block | - | yes physician
5.2 | citizen | delegate manage | - | block | - | no not-entitled
5.2 | citizen | judgment read | - | block | - | no not-entitled
5.2 | doctor | consent | - | block | - | no not-entitled
5.2 | citizen | - | - | block | - | no not-your-record
5.2 | operator | - | - | block | - | no not-entitled

# Rule 3: the citizen and those who represent them.
5.3 | citizen | own | - | find | - | yes own-record
5.3 | citizen | own | - | read | lab | yes own-record
5.3 | citizen | own | - | read | residence | yes own-record
5.3 | citizen | - | - | find | - | no not-your-record
5.3 | citizen | - | - | read | lab | no not-your-record
5.3 | citizen | consent | - | find | - | no not-your-record
5.3 | citizen in break-glass | own | - | find | - | no break-glass-refused
5.3 | citizen | parent | minor | find | - | yes representative
5.3 | citizen | parent | minor | read | lab, masked | yes representative
5.3 | citizen | parent | nearly adult | find | - | yes representative
5.3 | citizen | parent | just adult | find | - | no not-your-record
5.3 | citizen | parent | adult | read | lab | no not-your-record
5.3 | citizen | parent | age unknown | find | - | no not-your-record
5.3 | citizen | parent ended | minor | find | - | no not-your-record
5.3 | citizen | judgment | - | find | - | yes representative
5.3 | citizen | judgment ended | - | find | - | no not-your-record
5.3 | citizen | judgment to come | - | find | - | no not-your-record
5.3 | citizen | delegate read | - | find | - | yes representative
5.3 | citizen | delegate | - | find | - | yes representative
5.3 | citizen | delegate manage | - | read | lab | yes representative
5.3 | citizen | delegate ended | - | find | - | no not-your-record
5.3 | citizen | delegate of nothing | - | find | - | no not-your-record
5.3 | doctor | parent | minor | find | - | no consent-missing
5.3 | citizen | own | - | arrange | - | yes own-record
5.3 | citizen | delegate manage | - | arrange | - | yes representative
5.3 | citizen | parent | minor | arrange | - | yes representative
5.3 | citizen | delegate read | - | arrange | - | no not-entitled
5.3 | citizen | - | - | arrange | - | no not-your-record
5.3 | structure | - | - | arrange | - | no not-entitled
5.4 | doctor | physician | - | arrange | - | yes physician
5.6 | doctor | consent | - | arrange | - | yes authorised
5.6 | doctor | - | - | arrange | - | no not-entitled
5.3 | citizen | own | - | grant | - | yes own-record
5.3 | citizen | delegate manage | - | grant | - | yes representative
5.3 | citizen | parent | minor | grant | - | yes representative
5.3 | citizen | delegate read | - | grant | - | no not-entitled
5.3 | citizen | delegate | - | grant | - | no not-entitled
5.3 | doctor | physician | - | grant | - | no not-entitled
5.3 | citizen | own | - | name-physician | - | yes own-record
5.3 | citizen | delegate manage | - | name-physician | - | yes representative
5.3 | citizen | delegate read | - | name-physician | - | no not-entitled
5.3 | doctor | consent | - | name-physician | - | no not-entitled
5.3 | citizen | own | - | attest-consent | - | no not-entitled

# Rule 4: the médecin traitant reads everything, hidden documents included.
5.4 | doctor | physician | - | find | - | yes physician
5.4 | doctor | physician | - | read | lab, masked | yes physician
5.4 | doctor | physician | - | read | residence | yes physician
5.4 | doctor | physician | - | read | lab, waits, hidden from parents | yes physician
5.4 | doctor | physician, refusal | - | find | - | yes physician
5.4 | doctor in break-glass | physician | break-glass opposed | find | - | yes physician
5.4 | doctor | physician ended | - | find | - | no consent-missing
5.4 | doctor | physician of structure | - | find | - | no consent-missing
5.4 | nurse | physician | - | find | - | no consent-missing
5.4 | intern | physician | - | find | - | no consent-missing
5.4 | doctor | physician ended | - | read-history | - | no not-entitled

# Rule 5: the author always reads their own, and finds just that without authorisation.
5.5 | doctor | - | - | read | lab, mine | yes author
5.5 | doctor | author | - | find | - | yes author
5.5 | doctor | author, refusal | - | find | - | yes author
5.5 | doctor | author, consent ended | - | find | - | yes author
5.5 | psychologist | author | - | find | - | yes author
5.5 | psychologist | - | - | read | psychiatry, mine | yes author
5.5 | doctor | - | - | read | lab, mine, masked | yes author
5.5 | doctor | - | - | read | residence, mine | yes author
5.5 | doctor | author | - | read | lab | no consent-missing
5.5 | doctor | - | - | read | lab, our structure's | no consent-missing
5.5 | doctor | author of structure | - | find | - | no consent-missing
5.5 | doctor | author, consent | - | find | - | yes authorised
5.5 | doctor in break-glass | author | break-glass opposed | read | lab, mine | yes author
5.5 | doctor in break-glass | author | break-glass opposed | find | - | no break-glass-refused

# Rule 6: prior consent: none, valid, expired, refused; presumed or not in a structure.
5.6 | doctor | consent | - | find | - | yes authorised
5.6 | doctor | consent | - | read | lab | yes authorised
5.6 | doctor | - | - | find | - | no consent-missing
5.6 | doctor | - | - | read | lab | no consent-missing
5.6 | doctor | consent ended | - | find | - | no consent-expired
5.6 | doctor | consent ended | - | read | lab | no consent-expired
5.6 | doctor | consent until now | - | find | - | no consent-expired
5.6 | doctor | consent from now | - | find | - | yes authorised
5.6 | doctor | consent to come | - | find | - | no consent-missing
5.6 | doctor | consent ended, new consent | - | find | - | yes authorised
5.6 | doctor | refusal | - | find | - | no refused-by-patient
5.6 | doctor | refusal | - | read | lab | no refused-by-patient
5.6 | doctor | refusal ended | - | find | - | no consent-missing
5.6 | doctor | refusal, new consent | - | find | - | yes authorised
5.6 | doctor | consent, refusal | - | find | - | no refused-by-patient
5.6 | doctor | refusal, new consent of structure | - | find | - | no refused-by-patient
5.6 | doctor | refusal of structure, new consent | - | find | - | yes authorised
5.6 | doctor | consent of structure | - | find | - | yes authorised
5.6 | nurse | consent of structure | - | read | lab | yes authorised
5.6 | doctor | consent of structure ended | - | find | - | no consent-expired
5.6 | occupational doctor | consent of structure | - | find | - | no consent-missing
5.6 | occupational doctor | consent | - | find | - | yes authorised
5.6 | doctor of occupational service | consent of structure | - | find | - | no consent-missing
5.6 | doctor of occupational service | consent | - | read | lab | yes authorised
5.6 | doctor of care home | consent of structure | - | find | - | no consent-missing
5.6 | doctor of care home | consent | - | find | - | yes authorised
5.6 | doctor of fire brigade | consent of structure | - | find | - | no consent-missing
5.6 | doctor of fire brigade | consent | - | find | - | yes authorised
5.6 | nurse of care home | consent of structure | - | find | - | yes authorised
5.6 | doctor | - | - | attest-consent | - | yes attesting
5.6 | nurse | refusal | - | attest-consent | - | yes attesting
5.6 | occupational doctor | - | - | attest-consent | - | yes attesting
5.6 | secretary | - | - | attest-consent | - | no profession-closed
5.6 | psychologist | - | - | attest-consent | - | no profession-closed
5.6 | structure | - | - | attest-consent | - | no not-entitled
5.6 | doctor in break-glass | - | - | attest-consent | - | no not-entitled
5.6 | operator | - | - | attest-consent | - | no not-entitled
5.6 | doctor | - | - | read-consent | - | yes existence
5.6 | structure | - | - | read-consent | - | yes existence
5.6 | doctor | physician | - | read-consent | - | yes physician
5.6 | citizen | own | - | read-consent | - | yes own-record
5.6 | citizen | delegate read | - | read-consent | - | yes representative
5.6 | citizen | - | - | read-consent | - | no not-your-record
5.6 | operator | - | - | read-consent | - | no not-entitled

# Rule 7: the matrix; role and social professions are off.
5.7 | doctor | consent | - | read | psychiatry | yes authorised
5.7 | doctor | consent | - | read | genetics | yes authorised
5.7 | doctor | consent | - | read | residence | no matrix
5.7 | doctor | consent | - | read | unknown type | no matrix
5.7 | dentist | consent | - | read | lab | yes authorised
5.7 | dentist | consent | - | read | psychiatry | no matrix
5.7 | nurse | consent | - | read | psychiatry | no matrix
5.7 | nurse | consent | - | read | visit | yes authorised
5.7 | pharmacist | consent | - | read | wishes | no matrix
5.7 | pharmacist | consent | - | read | reimbursements | yes authorised
5.7 | optician | consent | - | read | lab | no matrix
5.7 | optician | consent | - | read | dispensation | yes authorised
5.7 | intern | consent | - | read | psychiatry | yes authorised
5.7 | secretary | consent | - | find | - | no profession-closed
5.7 | secretary | consent of structure | - | read | lab | no profession-closed
5.7 | psychologist | consent | - | find | - | no profession-closed
5.7 | social worker | consent | - | read | lab | no profession-closed
5.7 | coordinator | - | - | find | - | no profession-closed
5.7 | unknown profession | consent | - | find | - | no profession-closed
5.7 | secretary in break-glass | - | - | find | - | no break-glass-refused

# §6: the three flags, and who sets and clears them.
6 | doctor | consent | - | read | lab, masked | no hidden
6 | doctor | - | - | read | lab, masked | no hidden
6 | doctor | refusal | - | read | lab, masked | no hidden
6 | doctor | consent | - | read | lab, waits | yes authorised
6 | doctor | consent | - | read | lab, hidden from parents | yes authorised
6 | doctor | consent | - | read | lab, our structure's, masked | no hidden
6 | structure | - | - | read | lab, masked | no hidden
6 | structure | - | - | read | lab, our structure's, masked | yes author
6 | citizen | own | - | read | lab, masked | yes own-record
6 | citizen | own | - | read | lab, waits | no hidden
6 | citizen | own | - | read | lab, due now | yes own-record
6 | citizen | own | - | read | lab, due | yes own-record
6 | citizen | own | minor | read | lab, hidden from parents | yes own-record
6 | citizen | parent | minor | read | lab, waits | no hidden
6 | citizen | parent | minor | read | lab, due | yes representative
6 | citizen | parent | minor | read | lab, hidden from parents | no hidden
6 | citizen | judgment | - | read | lab, hidden from parents | no hidden
6 | citizen | delegate manage | - | read | lab, hidden from parents | no hidden
6 | citizen | delegate read | - | read | lab, waits | no hidden
6 | citizen | own | - | hide | lab | yes own-record
6 | citizen | own | - | show | lab, masked | yes own-record
6 | citizen | own | - | hide | lab, waits | no hidden
6 | citizen | parent | minor | hide | lab | yes representative
6 | citizen | parent | minor | hide | lab, hidden from parents | no hidden
6 | citizen | delegate manage | - | show | lab, masked | yes representative
6 | citizen | delegate read | - | hide | lab | no not-entitled
6 | citizen | - | - | hide | lab | no not-your-record
6 | doctor | consent | - | hide | lab | yes authorised
6 | doctor | consent | - | show | lab, masked | no hidden
6 | doctor | - | - | hide | lab, mine | yes author
6 | doctor | - | - | show | lab, mine, masked | yes author
6 | doctor | physician | - | hide | lab | yes physician
6 | doctor | physician | - | show | lab, masked | yes physician
6 | doctor | - | - | hide | lab | no consent-missing
6 | nurse | consent | - | hide | psychiatry | no matrix
6 | doctor in break-glass | - | - | hide | lab | no not-entitled
6 | doctor in regulation | - | - | hide | lab | no not-entitled
6 | structure | - | - | hide | lab, our structure's | yes author
6 | structure | - | - | show | lab, our structure's, masked | no not-entitled
6 | citizen | own | - | hide | - | no not-entitled
6 | doctor | consent | - | hide | - | no not-entitled
6 | doctor | - | - | hide-from-patient | lab, mine | yes author
6 | doctor | - | - | hide-from-patient | lab, our structure's | yes author
6 | doctor | - | - | hide-from-patient | lab, our structure's, masked | yes author
6 | structure | - | - | hide-from-patient | lab, our structure's | yes author
6 | doctor | consent | - | hide-from-patient | lab | no not-entitled
6 | doctor | physician | - | hide-from-patient | lab | no not-entitled
6 | doctor | - | - | hide-from-patient | lab | no consent-missing
6 | doctor in break-glass | - | - | hide-from-patient | lab, mine | no not-entitled
6 | citizen | own | - | hide-from-patient | lab | no not-entitled
6 | citizen | own | - | hide-from-patient | lab, waits | no hidden
6 | doctor | consent | minor | hide-from-representatives | lab | yes authorised
6 | doctor | physician | minor | hide-from-representatives | lab | yes physician
6 | doctor | - | minor | hide-from-representatives | lab, mine | yes author
6 | doctor | consent | age unknown | hide-from-representatives | lab | yes authorised
6 | doctor | consent | adult | hide-from-representatives | lab | no not-entitled
6 | doctor | consent | adult | hide-from-representatives | lab, hidden from parents | yes authorised
6 | doctor | - | minor | hide-from-representatives | lab | no consent-missing
6 | citizen | own | minor | hide-from-representatives | lab | yes own-record
6 | citizen | own | adult | hide-from-representatives | lab | no not-entitled
6 | citizen | own | adult | hide-from-representatives | lab, hidden from parents | yes own-record
6 | citizen | parent | minor | hide-from-representatives | lab | no not-entitled
6 | citizen | parent | minor | hide-from-representatives | lab, hidden from parents | no hidden
6 | structure | - | minor | hide-from-representatives | lab, our structure's | no not-entitled

# Rule 9: break-glass.
5.9 | doctor in break-glass | - | - | find | - | yes break-glass
5.9 | doctor in break-glass | - | - | read | lab | yes break-glass
5.9 | nurse in break-glass | - | - | find | - | yes break-glass
5.9 | doctor in break-glass | refusal | - | find | - | yes break-glass
5.9 | doctor in break-glass | consent ended | - | read | lab | yes break-glass
5.9 | doctor in break-glass without reason | - | - | find | - | no reason-required
5.9 | doctor in break-glass without reason | physician | - | read | lab | no reason-required
5.9 | doctor in break-glass with blank reason | - | - | read | lab | no reason-required
5.9 | doctor in break-glass | - | break-glass opposed | find | - | no break-glass-refused
5.9 | doctor in break-glass | consent | break-glass opposed | read | lab | no break-glass-refused
5.9 | psychologist in break-glass | - | - | find | - | no break-glass-refused
5.9 | structure in break-glass | - | - | find | - | no break-glass-refused
5.9 | operator in break-glass | - | demo | find | - | no break-glass-refused
5.9 | nurse in break-glass | - | - | read | psychiatry | no matrix
5.9 | doctor in break-glass | - | - | read | lab, masked | no hidden
5.9 | doctor in break-glass | - | lifts hiding | read | lab, masked | yes break-glass
5.9 | nurse in break-glass | - | lifts hiding | read | psychiatry, masked | no matrix
5.9 | doctor | consent | lifts hiding | read | lab, masked | no hidden
5.9 | doctor in break-glass without reason | - | lifts hiding | read | lab, masked | no hidden
5.9 | doctor in break-glass | - | lifts hiding, break-glass opposed | read | lab, masked | no hidden
5.9 | doctor in break-glass | physician | - | read-history | - | no not-entitled
5.9 | doctor | - | regulation opposed | find | - | no consent-missing

# Rule 10: regulation.
5.10 | doctor in regulation | - | - | find | - | yes regulation
5.10 | doctor in regulation | refusal | - | read | lab | yes regulation
5.10 | doctor in regulation | - | break-glass opposed | find | - | yes regulation
5.10 | doctor in regulation | - | regulation opposed | find | - | no regulation-refused
5.10 | doctor in regulation | consent | regulation opposed | read | lab | no regulation-refused
5.10 | nurse in regulation | - | - | find | - | no regulation-refused
5.10 | structure in regulation | - | - | find | - | no regulation-refused
5.10 | doctor in regulation without reason | - | - | find | - | no reason-required
5.10 | doctor in regulation | - | - | read | lab, masked | no hidden
5.10 | doctor in regulation | - | lifts hiding | read | lab, masked | no hidden
5.10 | doctor in regulation | - | - | read | residence | no matrix
5.10 | doctor in break-glass | - | regulation opposed | find | - | yes break-glass

# §7: the history is read by the citizen, the representative, the médecin traitant.
7 | citizen | own | - | read-history | - | yes own-record
7 | citizen | parent | minor | read-history | - | yes representative
7 | citizen | delegate read | - | read-history | - | yes representative
7 | doctor | physician | - | read-history | - | yes physician
7 | doctor | consent | - | read-history | - | no not-entitled
7 | doctor | author | - | read-history | - | no not-entitled
7 | citizen | - | - | read-history | - | no not-your-record
7 | citizen | delegate ended | - | read-history | - | no not-your-record
"""


def _rows() -> list[Row]:
    lines = (line.strip() for line in _TABLE.splitlines())
    return [
        Row(*(cell.strip() for cell in line.split("|")))
        for line in lines
        if line and not line.startswith("#")
    ]


ROWS = _rows()
