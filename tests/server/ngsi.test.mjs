// NGSI-LD as a client meets it: ETSI GS CIM 009 v1.8.1 below /ngsi-ld/v1.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';

import { Server, TAIHU } from './lib/server.mjs';

const V1 = '/ngsi-ld/v1';
const ERRORS = 'https://uri.etsi.org/ngsi-ld/errors/';
const CORE = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld';
const LD = { 'content-type': 'application/ld+json' };
const STATION = 'urn:ngsi-ld:AirQualityObserved:wuxi-1';
const station = (id = STATION) => ({
    id,
    type: 'AirQualityObserved',
    pm25: { type: 'Property', value: 35.50, unitCode: 'GQ', observedAt: '2026-03-01T08:00:00Z', accuracy: { type: 'Property', value: 0.1 } },
    location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [120.3, 31.57] } },
    refDevice: { type: 'Relationship', object: 'urn:ngsi-ld:Device:1' },
});

let server;
let c;

before(async () => {
    server = await Server.start();
    const admin = await server.administrator();
    c = await server.account(admin, { login: 'planner', name: '计划', role: 'planner', organisation: 'wuxi.development' });
});

after(() => server?.close());

const at = (id, rest = '') => `${V1}/entities/${id}${rest}`;
const get = async (id = STATION, rest = '') => (await c.expect(200, 'GET', at(id, rest))).body;
const refused = async (status, type, method, path, body, headers) => {
    const answer = await c.expect(status, method, path, body, headers);
    assert.equal(answer.headers.get('content-type'), 'application/json'); // decision 29
    assert.equal(answer.body.type, ERRORS + type, JSON.stringify(answer.body));
    assert.ok(answer.body.title && answer.body.detail);
    return answer.body;
};

test('an entity is created, and is there as it was sent', async () => {
    const made = await c.expect(201, 'POST', `${V1}/entities`, station());
    assert.equal(made.headers.get('location'), at(STATION));
    const seen = await c.expect(200, 'GET', at(STATION));
    assert.deepEqual(seen.body, station());
    assert.match(seen.headers.get('content-type'), /^application\/json/);
    assert.match(seen.headers.get('link'), /ngsi-ld-core-context-v1\.8\.jsonld>; rel="http:\/\/www\.w3\.org\/ns\/json-ld#context"/);
    const ld = await c.expect(200, 'GET', at(STATION), undefined, { accept: 'application/ld+json' });
    assert.match(ld.headers.get('content-type'), /^application\/ld\+json/);
    assert.equal(ld.body['@context'], CORE);
    await refused(409, 'AlreadyExists', 'POST', `${V1}/entities`, station());
});

test('three forms', async () => {
    assert.deepEqual(await get(STATION, '?options=keyValues'), {
        id: STATION, type: 'AirQualityObserved', pm25: 35.5,
        location: { type: 'Point', coordinates: [120.3, 31.57] }, refDevice: 'urn:ngsi-ld:Device:1',
    });
    assert.deepEqual((await get(STATION, '?format=concise')).pm25, {
        value: 35.5, unitCode: 'GQ', observedAt: '2026-03-01T08:00:00Z', accuracy: 0.1,
    });
    const times = await get(STATION, '?options=sysAttrs');
    assert.match(times.createdAt, /^20\d\d-.*Z$/);
    assert.match(times.pm25.modifiedAt, /Z$/);
    assert.deepEqual(Object.keys(await get(STATION, '?attrs=location,none')), ['id', 'type', 'location']);
    await refused(404, 'ResourceNotFound', 'GET', at(STATION, '?attrs=none'));
});

test('attributes are added, replaced, changed and deleted', async () => {
    await c.expect(204, 'POST', at(STATION, '/attrs'), { no2: { type: 'Property', value: 12 } });
    const mixed = await c.expect(207, 'POST', at(STATION, '/attrs?options=noOverwrite'), {
        no2: { type: 'Property', value: 99 }, so2: { type: 'Property', value: 3 },
    });
    assert.deepEqual(mixed.body.updated, ['so2']);
    assert.equal(mixed.body.notUpdated[0].attributeName, 'no2');
    const other = await c.expect(207, 'PATCH', at(STATION, '/attrs'), { no2: { type: 'Property', value: 13 }, co: { type: 'Property', value: 1 } });
    assert.deepEqual(other.body.updated, ['no2']);
    await c.expect(204, 'PATCH', at(STATION, '/attrs/pm25'), { value: 40, observedAt: '2026-03-01T09:00:00Z' });
    assert.deepEqual((await get()).pm25, {
        type: 'Property', value: 40, unitCode: 'GQ', observedAt: '2026-03-01T09:00:00Z', accuracy: { type: 'Property', value: 0.1 },
    });
    await c.expect(204, 'PUT', at(STATION, '/attrs/so2'), { type: 'Property', value: 4 });
    await c.expect(204, 'DELETE', at(STATION, '/attrs/no2'));
    await refused(404, 'ResourceNotFound', 'DELETE', at(STATION, '/attrs/no2'));
    await refused(400, 'BadRequestData', 'PATCH', at(STATION, '/attrs/refDevice'), { type: 'Property', value: 1 });
    const now = await get();
    assert.equal(now.no2, undefined);
    assert.equal(now.so2.value, 4);
});

test('a merge changes what it says and nothing else', async () => {
    await c.expect(204, 'PATCH', at(STATION), { so2: { value: 5 }, co: { type: 'Property', value: 1 } },
        { 'content-type': 'application/merge-patch+json' });
    await c.expect(204, 'PATCH', at(STATION), { co: 'urn:ngsi-ld:null' });
    const now = await get();
    assert.equal(now.so2.value, 5);
    assert.equal(now.co, undefined);
    assert.equal(now.pm25.value, 40);
});

test('a replacement leaves nothing of what was there', async () => {
    await c.expect(204, 'PUT', at(STATION), { id: STATION, type: 'AirQualityObserved', pm10: { value: 50 } });
    assert.deepEqual(await get(), { id: STATION, type: 'AirQualityObserved', pm10: { type: 'Property', value: 50 } });
    await refused(400, 'BadRequestData', 'PUT', at(STATION), { id: 'urn:other:1', type: 'X' });
});

test('what is wrong is said as the standard says it', async () => {
    const post = (status, type, body, headers) => refused(status, type, 'POST', `${V1}/entities`, body, headers);
    await post(400, 'InvalidRequest', '{"id":', { 'content-type': 'application/json' });
    assert.match((await post(400, 'BadRequestData', { type: 'X' })).detail, /without "id"/);
    assert.match((await post(400, 'BadRequestData', { id: 'no uri', type: 'X' })).detail, /no URI/);
    await post(400, 'BadRequestData', { id: 'urn:x:1' });
    await post(400, 'BadRequestData', { id: 'urn:x:1', type: 'X', a: { type: 'Property', value: null } });
    await post(400, 'BadRequestData', { id: 'urn:x:1', type: 'X', a: { type: 'Relationship', object: 'x' } });
    await post(400, 'BadRequestData', { id: 'urn:x:1', type: 'X', a: { type: 'GeoProperty', value: { type: 'Point', coordinates: [200, 0] } } });
    await post(400, 'BadRequestData', { id: 'urn:x:1', type: 'X', '@context': CORE });
    await post(400, 'BadRequestData', { id: 'urn:x:1', type: 'X' }, LD);
    await post(415, 'UnsupportedMediaType', 'x', { 'content-type': 'text/plain' });
    await post(504, 'LdContextNotAvailable', { id: 'urn:x:1', type: 'X', '@context': 'https://example.org/c.jsonld' }, LD);
    await refused(406, 'InvalidRequest', 'GET', at(STATION), undefined, { accept: 'text/html' });
    await refused(404, 'ResourceNotFound', 'GET', at('urn:x:none'));
    await refused(404, 'ResourceNotFound', 'DELETE', at('urn:x:none'));
    await refused(400, 'BadRequestData', 'GET', `${V1}/entities`);
    await refused(400, 'BadRequestData', 'GET', `${V1}/entities?idPattern=(`);
    await refused(403, 'TooManyResults', 'GET', `${V1}/entities?type=X&limit=100000`);
    await refused(400, 'InvalidRequest', 'GET', `${V1}/entities?type=X&none=1`);
});

test('names are what the @context says', async () => {
    const context = { Sensor: 'https://example.org/Sensor', ex: 'https://example.org/', level: 'ex:level' };
    await c.expect(201, 'POST', `${V1}/entities`, {
        id: 'urn:x:named', type: 'Sensor', level: { value: 1 }, plain: { value: 2 }, description: { value: 'd' },
        '@context': [context, CORE],
    }, LD);
    assert.deepEqual(await get('urn:x:named', '?options=keyValues'), {
        id: 'urn:x:named', type: 'https://example.org/Sensor', 'https://example.org/level': 1, plain: 2, description: 'd',
    });
    const found = await c.expect(200, 'GET', `${V1}/entities?type=https://example.org/Sensor`);
    assert.equal(found.body.length, 1);
    await c.expect(204, 'DELETE', at('urn:x:named'));
});

test('batches: each entity succeeds or fails alone', async () => {
    const bus = (i, speed = i) => ({ id: `urn:ngsi-ld:Bus:${i}`, type: 'Bus', speed: { type: 'Property', value: speed } });
    const all = Array.from({ length: 25 }, (_, i) => bus(i));
    const ops = `${V1}/entityOperations`;
    assert.deepEqual((await c.expect(201, 'POST', `${ops}/create`, all)).body, all.map((b) => b.id));
    const mixed = (await c.expect(207, 'POST', `${ops}/create`, [bus(0), bus(25), { id: 'urn:x:1' }])).body;
    assert.deepEqual(mixed.success, [bus(25).id]);
    assert.deepEqual(mixed.errors.map((e) => [e.entityId, e.error.type]), [
        [bus(0).id, `${ERRORS}AlreadyExists`], ['urn:x:1', `${ERRORS}BadRequestData`],
    ]);
    assert.deepEqual((await c.expect(201, 'POST', `${ops}/upsert`, [bus(0, 70), bus(26)])).body, [bus(26).id]);
    await c.expect(204, 'POST', `${ops}/upsert?options=update`, [{ ...bus(0), speed: undefined, line: { value: '1' } }]);
    assert.deepEqual(await get(bus(0).id, '?options=keyValues'), { id: bus(0).id, type: 'Bus', speed: 70, line: '1' });
    await c.expect(204, 'POST', `${ops}/update`, [bus(1, 71)]);
    await c.expect(207, 'POST', `${ops}/update`, [bus(1, 72), bus(99)]);
    assert.equal((await get(bus(1).id)).speed.value, 72);
    await c.expect(204, 'POST', `${ops}/delete`, [bus(26).id]);
    await c.expect(207, 'POST', `${ops}/delete`, [bus(26).id, bus(25).id]);
    await refused(400, 'BadRequestData', 'POST', `${ops}/create`, {});
    await refused(400, 'BadRequestData', 'POST', `${ops}/create`, []);
});

test('queries: types, ids, patterns, attributes, pages, how many', async () => {
    const list = (query, status = 200) => c.expect(status, 'GET', `${V1}/entities?${query}`);
    const ids = async (query) => (await list(query)).body.map((e) => e.id);
    const page = await list('type=Bus&limit=10&offset=10&count=true');
    assert.equal(page.headers.get('ngsild-results-count'), '25');
    assert.equal(page.body.length, 10);
    assert.equal(page.body[0].id, 'urn:ngsi-ld:Bus:10');
    assert.match(page.headers.get('link'), /entities\?count=true&limit=10&offset=0&type=Bus>; rel="prev"; type="application\/json"/);
    assert.match(page.headers.get('link'), /offset=20&[^>]*>; rel="next"/);
    assert.doesNotMatch((await list('type=Bus&limit=25')).headers.get('link'), /rel="next"/);
    const none = await list('type=Bus&limit=0&count=true');
    assert.deepEqual([none.headers.get('ngsild-results-count'), none.body], ['25', []]);
    assert.deepEqual(await ids('type=AirQualityObserved'), [STATION]);
    assert.equal((await ids('type=AirQualityObserved,Bus')).length, 26);
    assert.equal((await ids('type=AirQualityObserved%7CBus')).length, 26);
    assert.deepEqual(await ids('type=None'), []);
    assert.deepEqual(await ids('local=true&id=urn:ngsi-ld:Bus:3,urn:ngsi-ld:Bus:4'), ['urn:ngsi-ld:Bus:3', 'urn:ngsi-ld:Bus:4']);
    assert.deepEqual(await ids('type=Bus&idPattern=Bus:2$'), ['urn:ngsi-ld:Bus:2']);
    assert.deepEqual(await ids('attrs=line'), ['urn:ngsi-ld:Bus:0']);
    assert.deepEqual((await list('type=Bus&attrs=line&options=keyValues')).body, [{ id: 'urn:ngsi-ld:Bus:0', type: 'Bus', line: '1' }]);
    assert.deepEqual((await c.expect(200, 'GET', `${V1}/types`)).body.typeList, ['AirQualityObserved', 'Bus']);
});

// More than are handed to the writer at a time: the others wait on workers. Small ones go by both.
test('large batches at once: each is answered, and what one brought is there', async () => {
    const ops = `${V1}/entityOperations`;
    const tram = (lane, i, speed) => ({
        id: `urn:ngsi-ld:Tram:${lane}-${i}`, type: 'Tram', note: { type: 'Property', value: 'x'.repeat(150) },
        speed: { type: 'Property', value: speed, observedAt: '2026-03-01T08:00:00Z' },
    });
    const lanes = Array.from({ length: 24 }, (_, lane) => lane);
    const batch = (lane, speed, size) => Array.from({ length: size }, (_, i) => tram(lane, i, speed));
    for (const size of [400, 2]) {
        await Promise.all(lanes.map((lane) => c.expect(size === 400 ? 201 : 204, 'POST', `${ops}/upsert`, batch(lane, 1, size))));
    }
    for (let round = 2; round < 5; round++) {
        await Promise.all(lanes.flatMap((lane) => [
            c.expect(204, 'POST', `${ops}/update`, batch(lane, round, 400)),
            c.expect(207, 'POST', `${ops}/update`, [...batch(lane, round, 300), tram(lane, 999, round)]),
            c.expect(400, 'POST', `${ops}/update`, [...batch(lane, round, 100), 1]),
        ]));
        const seen = await Promise.all(lanes.map((lane) => get(`urn:ngsi-ld:Tram:${lane}-399`)));
        assert.deepEqual(seen.map((e) => e.speed.value), lanes.map(() => round));
    }
    await Promise.all(lanes.map((lane) => c.expect(204, 'POST', `${ops}/delete`, batch(lane, 1, 400).map((e) => e.id))));
});

test('what was acknowledged is there after kill -9', { timeout: 60000 }, async () => {
    const kept = [];
    const write = async (w) => {
        for (let i = 0; ; i++) {
            const id = `urn:ngsi-ld:Lamp:${w}-${i}`;
            const answer = await c.call('POST', `${V1}/entities`, { id, type: 'Lamp', on: { value: true } }).catch(() => null);
            if (answer === null) {
                return;
            }
            assert.equal(answer.status, 201);
            kept.push(id);
        }
    };
    const writers = [0, 1, 2, 3].map(write);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await server.stop('SIGKILL');
    await Promise.all(writers);
    await server.run();
    c.url = server.url;
    assert.ok(kept.length > 10, `${kept.length}`);
    for (const id of kept) {
        await c.expect(200, 'GET', at(id));
    }
    execFileSync(TAIHU, ['journal', 'verify', '--db', server.db]);
});
