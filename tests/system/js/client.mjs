// Feeds, searches, reads, hides and turns pages with fhir-kit-client, as told on stdin;
// prints what came of it as one JSON object. A refusal that was not expected ends it with status 1.
import { Client } from 'fhir-kit-client';

let told = '';
for await (const piece of process.stdin) told += piece;
const { base, doctor, citizen, document, patient } = JSON.parse(told);

const author = new Client({ baseUrl: base, bearerToken: doctor });
const own = new Client({ baseUrl: base, bearerToken: citizen });

const statement = await author.capabilityStatement();
const stored = await author.create({ resourceType: 'DocumentReference', body: document });
const found = await own.search({
  resourceType: 'DocumentReference',
  searchParams: { 'patient.identifier': patient, status: 'current', _count: 1 },
});
const posted = await own.search({
  resourceType: 'DocumentReference',
  searchParams: { 'patient.identifier': patient, status: 'current', _count: 1 },
  options: { postSearch: true },
});
const second = await own.nextPage({ bundle: found });
const read = await own.read({ resourceType: 'DocumentReference', id: stored.id });
const binary = await own.resolve({ reference: read.content[0].attachment.url });
const hidden = await own.patch({
  resourceType: 'DocumentReference',
  id: stored.id,
  jsonPatch: [
    { op: 'replace', path: '/securityLabel/0', value: { coding: [{ code: 'MASQUE_PS' }] } },
  ],
});
const { response } = Client.httpFor(hidden);

let refusal;
try {
  await author.read({ resourceType: 'DocumentReference', id: 'absent' });
} catch (error) {
  refusal = { status: error.response.status, outcome: error.response.data };
}

console.log(JSON.stringify({
  statement, stored, found, posted, second, read, binary, hidden, refusal,
  location: response.headers.get('content-location'),
}));
