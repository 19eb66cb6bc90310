// JSON-LD contexts of NGSI-LD as a client meets them: hosted here, fetched from a host that may be
// asked, and not fetched from any other.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { Server } from './lib/server.mjs';

const V1 = '/ngsi-ld/v1';
const KEPT = `${V1}/jsonldContexts`;
const ERRORS = 'https://uri.etsi.org/ngsi-ld/errors/';
const LD = { 'content-type': 'application/ld+json' };
const link = (url) => ({ link: `<${url}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"` });

let server;
let c;
let site; // another machine's contexts
let asked = 0;
const documents = {
    '/c.jsonld': () => ({ '@context': { Sensor: 'https://e.org/Sensor', level: 'https://e.org/level' } }),
    '/both.jsonld': () => ({ '@context': [`${site.url}/c.jsonld`, { e: 'https://e.org/', more: 'e:more' }] }),
    '/loop.jsonld': () => ({ '@context': `${site.url}/loop.jsonld` }),
    '/none.jsonld': () => ({ note: 'nothing' }),
    '/broken.jsonld': () => '{ no json',
    '/huge.jsonld': () => ({ '@context': { a: `https://e.org/${'x'.repeat(2 << 20)}` } }),
};

before(async () => {
    site = createServer((request, response) => {
        asked++;
        const body = documents[request.url]?.();
        response.writeHead(body === undefined ? 404 : 200, LD);
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
    site.url = `http://127.0.0.1:${site.address().port}`;
    server = await Server.start({ args: ['--context-host', `none.invalid,127.0.0.1:${site.address().port}`] });
    const admin = await server.administrator();
    c = await server.account(admin, { login: 'planner', name: '计划', role: 'planner', organisation: 'wuxi.development' });
});

after(async () => {
    site?.close();
    await server?.close();
});

const create = (status, context, more = {}) =>
    c.expect(status, 'POST', `${V1}/entities`, { id: `urn:x:${Math.random()}`, type: 'Sensor', level: 1, ...more, '@context': context }, LD);
const shown = async (location, headers) => (await c.expect(200, 'GET', `${location}?options=keyValues`, undefined, headers)).body;
const refused = (answer, type) => assert.equal(answer.body.type, ERRORS + type, JSON.stringify(answer.body));

test('a context that is hosted gives names their meaning', async () => {
    const made = await c.expect(201, 'POST', KEPT, { '@context': { Sensor: 'https://h.org/Sensor', level: 'https://h.org/level' } });
    const at = made.headers.get('location');
    assert.match(at, /^\/ngsi-ld\/v1\/jsonldContexts\/[0-9a-f]{32}$/);
    assert.deepEqual((await c.expect(200, 'GET', at)).body, { '@context': { Sensor: 'https://h.org/Sensor', level: 'https://h.org/level' } });
    const url = server.url + at;
    const location = (await create(201, url)).headers.get('location');
    assert.equal((await shown(location)).type, 'https://h.org/Sensor');
    const linked = await c.expect(200, 'GET', location, undefined, link(url));
    assert.equal(linked.body.type, 'Sensor');
    assert.ok(linked.headers.get('link').includes(`<${url}>; rel=`));
    const ld = await c.expect(200, 'GET', location, undefined, { ...link(url), accept: 'application/ld+json' });
    assert.deepEqual(ld.body['@context'], [url]);
    assert.equal(ld.headers.get('link'), null);
    const known = (await c.expect(200, 'GET', `${at}?details=true`)).body;
    assert.equal(known.kind, 'Hosted');
    assert.equal(known.URL, url);
    assert.equal(known.numberOfHits, 3);
    assert.deepEqual((await c.expect(200, 'GET', `${KEPT}?kind=Hosted`)).body, [url]);
    await c.expect(400, 'DELETE', `${at}?reload=true`);
    await c.expect(204, 'DELETE', at);
    refused(await c.expect(404, 'GET', at), 'ResourceNotFound');
    refused(await create(504, url), 'LdContextNotAvailable'); // our own address is no host that may be asked
});

test('a context is fetched once, with those it names, and is found by its address', async () => {
    const url = `${site.url}/both.jsonld`;
    asked = 0;
    const location = (await create(201, [url], { more: 2 })).headers.get('location');
    assert.equal(asked, 2);
    await create(201, url);
    assert.equal(asked, 2);
    assert.deepEqual(Object.values(await shown(location, link(url))).slice(1), ['Sensor', 1, 2]);
    assert.deepEqual(Object.keys(await shown(location)).slice(2), ['https://e.org/level', 'https://e.org/more']);
    const cached = (await c.expect(200, 'GET', `${KEPT}?kind=Cached&details=true`)).body;
    assert.deepEqual(cached.map((x) => x.URL).sort(), [url, `${site.url}/c.jsonld`].sort());
    const one = `${KEPT}/${encodeURIComponent(url)}`;
    refused(await c.expect(422, 'GET', one), 'OperationNotSupported');
    assert.equal((await c.expect(200, 'GET', `${one}?details=true`)).body.kind, 'Cached');
    documents['/both.jsonld'] = () => ({ '@context': { Sensor: 'https://new.org/Sensor' } });
    await c.expect(204, 'DELETE', `${one}?reload=true`);
    assert.equal((await shown((await create(201, url)).headers.get('location'))).type, 'https://new.org/Sensor');
    documents['/both.jsonld'] = () => undefined;
    refused(await c.expect(504, 'DELETE', `${one}?reload=true`), 'LdContextNotAvailable');
    await create(201, url); // the old one stayed
    await c.expect(204, 'DELETE', one);
    refused(await create(504, url), 'LdContextNotAvailable');
});

test('what is no context, or cannot be had, is told apart, and nothing is kept', async () => {
    const before_it = (await c.expect(200, 'GET', KEPT)).body.length;
    for (const [path, status, type] of [
        ['/none.jsonld', 400, 'BadRequestData'], ['/broken.jsonld', 400, 'BadRequestData'],
        ['/missing.jsonld', 504, 'LdContextNotAvailable'], ['/huge.jsonld', 504, 'LdContextNotAvailable'],
    ]) {
        refused(await create(status, site.url + path), type);
    }
    refused(await create(504, 'http://127.0.0.1:1/c.jsonld'), 'LdContextNotAvailable'); // not that port
    refused(await create(504, 'http://169.254.169.254/latest/meta-data'), 'LdContextNotAvailable');
    refused(await create(504, 'file:///etc/passwd'), 'LdContextNotAvailable');
    assert.equal((await c.expect(200, 'GET', KEPT)).body.length, before_it);
    refused(await create(400, `${site.url}/loop.jsonld`), 'BadRequestData');
    assert.equal((await c.expect(200, 'GET', `${V1}/entities?type=Sensor,https://e.org/none`)).body.length, 0);
});

test('a batch asks once for what cannot be had', async () => {
    const url = `${site.url}/missing.jsonld`;
    asked = 0;
    const all = Array.from({ length: 50 }, (_, i) => ({ id: `urn:y:${i}`, type: 'T', '@context': url }));
    const answer = await c.expect(207, 'POST', `${V1}/entityOperations/create`, all, LD);
    assert.equal(asked, 1);
    assert.equal(answer.body.errors.length, 50);
    assert.equal(answer.body.errors[49].error.type, `${ERRORS}LdContextNotAvailable`);
});

test('what is hosted is looked at first', async () => {
    const post = (status, body, headers) => c.expect(status, 'POST', KEPT, body, headers);
    refused(await post(400, { a: 1 }), 'InvalidRequest');
    refused(await post(400, '{"@context"', { 'content-type': 'application/json' }), 'InvalidRequest');
    for (const context of [42, true, ['https://e.org/c', 7], { a: 5 }, { a: 'b:x', b: 'a:y' }, { a: { '@id': 'urn:a:b', '@context': {} } }]) {
        refused(await post(400, { '@context': context }), 'BadRequestData');
    }
    refused(await c.expect(400, 'GET', `${KEPT}?kind=Other`), 'BadRequestData');
    refused(await c.expect(400, 'GET', `${KEPT}?details=maybe`), 'BadRequestData');
    const core = `${KEPT}/${encodeURIComponent('https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld')}`;
    refused(await c.expect(400, 'DELETE', core), 'BadRequestData');
    await c.expect(204, 'DELETE', `${core}?reload=true`);
    await c.expect(200, 'GET', `${core}?details=true`);
});
