// The data model of NGSI-LD over HTTP: kinds, instances, scopes, languages, features, merges; and what
// is too much, too deep or no geometry: refused in words, with nothing kept.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Server } from './lib/server.mjs';

const V1 = '/ngsi-ld/v1';
const ERRORS = 'https://uri.etsi.org/ngsi-ld/errors/';
const NULL = 'urn:ngsi-ld:null';

let server;
let c;

before(async () => {
    server = await Server.start();
    const admin = await server.administrator();
    c = await server.account(admin, { login: 'planner', name: '计划', role: 'planner', organisation: 'wuxi.development' });
});

after(() => server?.close());

let made = 0;
const at = (id, rest = '') => `${V1}/entities/${encodeURIComponent(id)}${rest}`;
const get = async (id, rest = '') => (await c.expect(200, 'GET', at(id, rest))).body;
async function create(members) {
    const id = `urn:ngsi-ld:Thing:${++made}`;
    await c.expect(201, 'POST', `${V1}/entities`, { id, type: 'Thing', ...members });
    return id;
}
async function refused(status, type, method, path, body, headers) {
    const answer = await c.expect(status, method, path, body, headers);
    assert.equal(answer.body.type, ERRORS + type, JSON.stringify(answer.body));
    assert.ok(answer.body.title && answer.body.detail);
    return answer.body.detail;
}

test('each kind is there as it was sent', async () => {
    const members = {
        name: { type: 'LanguageProperty', languageMap: { zh: '太湖', en: ['Taihu', 'Lake Tai'] } },
        category: { type: 'VocabProperty', vocab: ['lake', 'reservoir'] },
        raw: { type: 'JsonProperty', json: { id: 'x', type: 'y', n: null } },
        depths: { type: 'ListProperty', valueList: [1.50, 2] },
        inflow: { type: 'ListRelationship', objectList: [{ object: 'urn:x:river:1' }, { object: 'urn:x:river:2' }] },
        cities: { type: 'Relationship', object: ['urn:x:wuxi', 'urn:x:suzhou'], objectType: 'City' },
        level: [{ type: 'Property', value: 3.1 }, { type: 'Property', value: 3.2, datasetId: 'urn:d:radar' }],
        scope: ['/Jiangsu/Wuxi', '/Water'],
    };
    const id = await create(members);
    const seen = await get(id);
    assert.deepEqual(seen, { id, type: 'Thing', ...members });
    assert.deepEqual(await get(id, '?options=keyValues'), {
        id, type: 'Thing', scope: members.scope, name: { languageMap: members.name.languageMap },
        category: { vocab: ['lake', 'reservoir'] }, raw: { json: members.raw.json }, depths: [1.5, 2],
        inflow: ['urn:x:river:1', 'urn:x:river:2'], cities: members.cities.object,
        level: { dataset: { '@none': 3.1, 'urn:d:radar': 3.2 } },
    });
    assert.deepEqual((await get(id, '?lang=zh-CN')).name, { type: 'Property', value: '太湖', lang: 'zh' });
    const concise = await get(id, '?format=concise');
    const again = await create(Object.fromEntries(Object.entries(concise).filter(([k]) => k !== 'id' && k !== 'type')));
    assert.deepEqual({ ...await get(again), id }, seen);
});

test('instances of an attribute are told apart by datasetId', async () => {
    const speed = (value, datasetId) => ({ type: 'Property', value, ...(datasetId && { datasetId }) });
    const id = await create({ speed: [speed(1), speed(2, 'urn:d:a'), speed(3, 'urn:d:b')] });
    await c.expect(204, 'PATCH', at(id, '/attrs/speed'), { value: 22, datasetId: 'urn:d:a' });
    await c.expect(204, 'DELETE', at(id, '/attrs/speed'));
    assert.deepEqual((await get(id)).speed, [speed(22, 'urn:d:a'), speed(3, 'urn:d:b')]);
    await refused(404, 'ResourceNotFound', 'DELETE', at(id, '/attrs/speed'));
    await refused(404, 'ResourceNotFound', 'DELETE', at(id, '/attrs/speed?datasetId=urn:d:none'));
    await refused(400, 'BadRequestData', 'DELETE', at(id, '/attrs/speed?datasetId=x'));
    await c.expect(204, 'DELETE', at(id, '/attrs/speed?datasetId=urn:d:a'));
    await c.expect(204, 'PATCH', at(id, '/attrs'), { speed: speed(4, 'urn:d:c') }); // of a name that is there
    assert.deepEqual((await get(id)).speed, [speed(3, 'urn:d:b'), speed(4, 'urn:d:c')]);
    await c.expect(204, 'PATCH', at(id), { speed: { value: NULL, datasetId: 'urn:d:b' } });
    assert.deepEqual((await get(id)).speed, speed(4, 'urn:d:c'));
    await c.expect(204, 'DELETE', at(id, '/attrs/speed?deleteAll=true'));
    assert.equal((await get(id)).speed, undefined);
    await refused(404, 'ResourceNotFound', 'DELETE', at(id, '/attrs/speed?deleteAll=true'));
    await refused(400, 'BadRequestData', 'POST', at(id, '/attrs'), { speed: [speed(1), speed(2, '@none')] });
});

test('scopes are replaced, added and deleted', async () => {
    const id = await create({ scope: '/A' });
    await c.expect(204, 'POST', at(id, '/attrs?options=noOverwrite'), { scope: '/B' });
    assert.deepEqual((await get(id)).scope, ['/A', '/B']);
    await c.expect(204, 'POST', at(id, '/attrs'), { scope: '/C' });
    assert.equal((await get(id)).scope, '/C');
    await refused(400, 'BadRequestData', 'PATCH', at(id, '/attrs/scope'), { value: '/D' });
    await c.expect(204, 'DELETE', at(id, '/attrs/scope'));
    await refused(404, 'ResourceNotFound', 'DELETE', at(id, '/attrs/scope'));
    const none = await c.expect(207, 'PATCH', at(id, '/attrs'), { scope: '/E' });
    assert.equal(none.body.notUpdated[0].attributeName, 'scope');
    await c.expect(204, 'PATCH', at(id), { scope: '/F' });
    await c.expect(204, 'PATCH', at(id), { scope: NULL });
    assert.equal((await get(id)).scope, undefined);
});

test('a merge reaches into values, and takes a moment and a language', async () => {
    const id = await create({
        address: { value: { street: '太湖大道', city: '无锡', zip: '214000' } }, name: { languageMap: { en: 'Lake' } },
        level: { value: 3, observedAt: '2026-03-01T08:00:00Z' }, plain: { value: 1 },
    });
    await c.expect(204, 'PATCH', at(id, '?observedAt=2026-03-01T09:00:00Z&lang=zh'), {
        address: { value: { city: '苏州', zip: NULL } }, name: '湖', level: { value: 4 }, plain: { value: 2 },
    });
    const now = await get(id);
    assert.deepEqual(now.address.value, { street: '太湖大道', city: '苏州' });
    assert.deepEqual(now.name.languageMap, { en: 'Lake', zh: '湖' });
    assert.deepEqual(now.level, { type: 'Property', value: 4, observedAt: '2026-03-01T09:00:00Z' });
    assert.deepEqual(now.plain, { type: 'Property', value: 2 });
    await refused(400, 'BadRequestData', 'PATCH', at(id, '/attrs/address'), { value: { city: NULL } });
    await refused(400, 'BadRequestData', 'PATCH', at(id, '?observedAt=yesterday'), { plain: 3 });
    await c.expect(204, 'PATCH', at(id, '/attrs'), { address: { type: 'Property', value: NULL } });
    await c.expect(204, 'PATCH', at(id, '/attrs/name'), { languageMap: { '@none': NULL } });
    assert.deepEqual(Object.keys(await get(id)), ['id', 'type', 'level', 'plain']);
    const other = await create({ a: 1 });
    const merge = (status, all) => c.expect(status, 'POST', `${V1}/entityOperations/merge`, all);
    await merge(204, [{ id, plain: { value: NULL }, type: 'Lake' }, { id: other, a: 2 }]);
    assert.deepEqual((await get(id)).type, ['Thing', 'Lake']);
    assert.equal((await get(other)).a.value, 2);
    const mixed = await merge(207, [{ id: other, a: 3 }, { id: 'urn:none:1', a: 1 }, { id: other, a: { object: 'urn:x:1' } }]);
    assert.deepEqual(mixed.body.success, [other]);
    assert.deepEqual(mixed.body.errors.map((e) => e.error.status), [404, 400]);
    await refused(400, 'BadRequestData', 'POST', `${V1}/entityOperations/merge`, [null]);
    const kept = await c.expect(207, 'POST', `${V1}/entityOperations/update?options=noOverwrite`, [{ id: other, type: 'Thing', a: 9, b: 1 }]);
    assert.equal(kept.body.errors[0].entityId, other);
    assert.deepEqual([(await get(other)).a.value, (await get(other)).b.value], [3, 1]);
});

test('an id may have a / in it, and a path may end with one', async () => {
    const id = 'https://wuxi.example/things/a%2Fb/1?x';
    const made_at = (await c.expect(201, 'POST', `${V1}/entities/`, { id, type: 'Thing', 'a': 1 })).headers.get('location');
    assert.equal((await c.expect(200, 'GET', made_at)).body.id, id);
    assert.equal((await get(id)).id, id);
    await c.expect(204, 'PATCH', at(id, '/attrs/'), { a: 2 });
    assert.equal((await get(id, '/')).a.value, 2);
    await c.expect(204, 'DELETE', at(id));
    await refused(404, 'ResourceNotFound', 'GET', at(id));
    await refused(400, 'BadRequestData', 'PATCH', `${V1}/entities/`, { a: 1 });
    await refused(400, 'BadRequestData', 'POST', `${V1}/entities//attrs`, { a: 1 });
    await refused(404, 'ResourceNotFound', 'GET', `${V1}/nothing`);
    assert.equal((await c.call('GET', '/assets/..%2Ft.db')).status, 404);
});

test('an answer is of the kind that is liked best', async () => {
    const id = await create({ location: { type: 'Point', coordinates: [120.3, 31.5] } });
    for (const [accept, type] of [
        ['application/ld+json, application/json', 'application/json'], ['*/*', 'application/json'],
        ['application/json;q=0.1, application/ld+json;q=0.9', 'application/ld+json'],
        ['application/json;q=0, */*', 'application/ld+json'], ['application/geo+json', 'application/geo+json'],
        ['text/html, application/*;q=0.2', 'application/json'], ['application/ld+json;q=x', 'application/ld+json'],
    ]) {
        assert.equal((await c.expect(200, 'GET', at(id), undefined, { accept })).headers.get('content-type'), type, accept);
    }
    await refused(406, 'InvalidRequest', 'GET', at(id), undefined, { accept: 'application/json;q=0' });
    const feature = (await c.expect(200, 'GET', at(id), undefined, { accept: 'application/geo+json' })).body;
    assert.deepEqual([feature.type, feature.geometry.coordinates, feature.properties.type], ['Feature', [120.3, 31.5], 'Thing']);
    assert.ok(feature['@context']);
    const bare = await c.expect(200, 'GET', at(id), undefined, { accept: 'application/geo+json', prefer: 'body=json' });
    assert.equal(bare.body['@context'], undefined);
    assert.ok(bare.headers.get('link'));
    const list = (await c.expect(200, 'GET', `${V1}/entities?type=Thing&id=${id}`, undefined, { accept: 'application/geo+json' })).body;
    assert.deepEqual([list.type, list.features.length, list.features[0].id], ['FeatureCollection', 1, id]);
});

test('a tenant that is named is told that there is none', async () => {
    const answer = await c.expect(404, 'GET', at('urn:x:1'), undefined, { 'ngsild-tenant': 'wuxi' });
    assert.equal(answer.body.type, `${ERRORS}NonexistentTenant`);
    assert.equal(answer.headers.get('ngsild-tenant'), 'wuxi');
});

test('what is too much, too deep or no geometry is refused in words, and nothing is kept', async () => {
    const id = 'urn:ngsi-ld:Bad:1';
    const polygon = (...ring) => ({ location: { type: 'Polygon', coordinates: [ring] } });
    const nested = (n) => (n === 0 ? 1 : { a: nested(n - 1) });
    const many = (n, value) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`a${i}`, value]));
    for (const [members, words] of [
        [{ a: { value: nested(40) } }, /too many levels/],
        [{ a: { value: 1, b: { value: 1, c: { value: 1, d: { value: 1, e: { value: 1, f: 1 } } } } } }, /5 levels of attributes/],
        [many(1001, 1), /more than 1000 attributes/],
        [many(5000, 1), /too many members in one object/],
        [{ a: Array.from({ length: 100001 }, () => 1) }, /too many values/],
        [polygon([0, 0], [1, 0], [1, 1]), /3 positions/],
        [polygon([0, 0], [1, 0], [1, 1], [0, 1]), /does not end at the position/],
        [polygon([0, 0], [1, 0], [1, 91], [0, 0]), /latitude 91/],
        [polygon([0, 0], [9, 9], [9, 0], [0, 9], [0, 0]), /^attribute "location": cannot take Polygon: its edges cross or overlap at 4\.5, 4\.5$/],
        [{ area: { type: 'GeoProperty', value: polygon([0, 0], [9, 0], [4, 4], [9, 9], [0, 9], [4, 4], [0, 0]).location } }, /"area": cannot take Polygon: a ring touches itself at 4, 4/],
        [{ location: { type: 'Point', coordinates: [180.0001, 0] } }, /longitude 180\.0001/],
        [{ location: { type: 'GeometryCollection', geometries: [] } }, /GeoProperty|GeometryCollection/],
        [{ a: { type: 'GeoProperty', value: { type: 'Point', coordinates: ['1', 2] } } }, /a text stands in place of a number/],
        [{ a: { type: 'Nothing', value: 1 } }, /type "Nothing"/],
        [{ 'a b': 1 }, /name "a b"/],
        [{ '@graph': [] }, /name "@graph"/],
    ]) {
        assert.match(await refused(400, 'BadRequestData', 'POST', `${V1}/entities`, { id, type: 'Bad', good: 1, ...members }), words);
        await refused(404, 'ResourceNotFound', 'GET', at(id));
    }
    const text = (body) => c.call('POST', `${V1}/entities`, body, { 'content-type': 'application/json' });
    assert.equal((await text(`{"id":"${id}","type":"Bad","a":1e${'9'.repeat(80)}}`)).status, 400);
    assert.equal((await text(`{"id":"${id}","type":"Bad","a":1,"a":2}`)).status, 400);
    assert.equal((await text(`{"id":"${id}","type":"Bad","a":"${'x'.repeat(10 << 20)}"}`)).status, 413);
    assert.equal((await text(`${'['.repeat(100000)}`)).status, 400);
    await refused(404, 'ResourceNotFound', 'GET', at(id));
    const digits = '12345678901234567890123456789.000000000000000000000000001';
    assert.equal((await text(`{"id":"${id}","type":"Bad","a":${digits},"b":-1E+400}`)).status, 201);
    const raw = await (await fetch(server.url + at(id), { headers: { authorization: `Bearer ${c.token ?? ''}`, cookie: c.cookie ?? '' } })).text();
    assert.ok(raw.includes(digits) && raw.includes('-1E+400'), raw);
});

test('rings that cross are refused wherever a place is said, and what was there stays', async () => {
    const bow = { type: 'Polygon', coordinates: [[[0, 0], [9, 9], [9, 0], [0, 9], [0, 0]]] };
    const place = { type: 'Point', coordinates: [120.3, 31.5] };
    const crosses = /cannot take Polygon: its edges cross or overlap at 4\.5, 4\.5$/;
    const id = await create({ a: 1, location: place });
    for (const [method, path, body] of [
        ['PATCH', `/attrs`, { a: 2, location: bow }], ['PATCH', '', { a: 2, location: bow }],
        ['POST', '/attrs', { a: 2, location: bow }], ['PUT', '', { id, type: 'Thing', a: 2, location: bow }],
        ['PATCH', '/attrs/location', { value: bow }], ['PUT', '/attrs/location', { type: 'GeoProperty', value: bow }],
        ['PATCH', '/attrs', { a: { value: 2, where: bow } }],
    ]) {
        assert.match(await refused(400, 'BadRequestData', method, at(id, path), body), crosses, `${method} ${path}`);
    }
    assert.deepEqual(await get(id, '?options=keyValues'), { id, type: 'Thing', a: 1, location: place });
    const area = (n, location) => ({ id: `urn:ngsi-ld:Area:${n}`, type: 'Area', location });
    for (const op of ['create', 'upsert']) {
        const { body } = await c.expect(207, 'POST', `${V1}/entityOperations/${op}`, [area(`${op}1`, place), area(`${op}2`, bow), area(`${op}3`, place)]);
        assert.deepEqual(body.success, [1, 3].map((n) => `urn:ngsi-ld:Area:${op}${n}`));
        assert.equal(body.errors.length, 1);
        assert.equal(body.errors[0].entityId, `urn:ngsi-ld:Area:${op}2`);
        assert.match(body.errors[0].error.detail, crosses);
        assert.deepEqual((await get(`urn:ngsi-ld:Area:${op}3`, '?options=keyValues')).location, place);
        await refused(404, 'ResourceNotFound', 'GET', at(`urn:ngsi-ld:Area:${op}2`));
    }
    const history = { id, type: 'Thing', location: [{ type: 'GeoProperty', value: bow, observedAt: '2026-03-01T08:00:00Z' }] };
    assert.match(await refused(400, 'BadRequestData', 'POST', `${V1}/temporal/entities`, history), crosses);
});

test('a request that fails in its middle changes nothing', async () => {
    const id = await create({ a: 1, b: 2 });
    await refused(400, 'BadRequestData', 'PATCH', at(id), { a: { value: 5 }, b: { object: 'urn:x:1' } });
    await refused(400, 'BadRequestData', 'POST', at(id, '/attrs'), { a: 6, location: 7 });
    await refused(400, 'BadRequestData', 'PUT', at(id), { id, type: 'Thing', c: 1, d: { type: 'Property' } });
    assert.deepEqual(await get(id, '?options=keyValues'), { id, type: 'Thing', a: 1, b: 2 });
});
