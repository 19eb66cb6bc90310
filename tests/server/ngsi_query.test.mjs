// Queries over NGSI-LD as a client meets them: q, places, scopes, type expressions, views, pages,
// GeoJSON, types and attributes (ETSI GS CIM 009 v1.8.1 sections 4.9, 4.10, 4.17, 4.19, 4.21, 5.7).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Server } from './lib/server.mjs';

const V1 = '/ngsi-ld/v1';
const ERRORS = 'https://uri.etsi.org/ngsi-ld/errors/';
const GEO = { accept: 'application/geo+json' };
const point = (lon, lat) => ({ type: 'GeoProperty', value: { type: 'Point', coordinates: [lon, lat] } });
const ENTITIES = [
    {
        id: 'urn:t:1', type: 'Building', scope: '/Wuxi/Binhu',
        name: { type: 'Property', value: 'Pisa Tower' },
        level: { type: 'Property', value: 4.0, unitCode: 'C62', observedAt: '2026-03-01T08:00:00Z', accuracy: { type: 'Property', value: 0.5 } },
        open: { type: 'Property', value: false },
        at: { type: 'Relationship', object: 'urn:ngsi-ld:City:Pisa' },
        location: point(120.30, 31.57),
    },
    {
        id: 'urn:t:2', type: ['Building', 'Tower'], scope: ['/Wuxi/Liangxi', '/CompanyA'],
        name: { type: 'Property', value: 'Eiffel Tower' },
        level: { type: 'Property', value: 6 },
        open: { type: 'Property', value: false },
        street: { type: 'LanguageProperty', languageMap: { en: 'Lake Road', zh: '太湖大道' } },
        location: point(120.40, 31.57),
        entrance: point(120.41, 31.58),
    },
    {
        id: 'urn:t:3', type: 'Vehicle',
        name: { type: 'Property', value: 'Bus 1' },
        level: { type: 'Property', value: 7 },
        address: { type: 'Property', value: { city: 'Wuxi', geo: { n: 7 } } },
    },
];

let server;
let c;

before(async () => {
    server = await Server.start();
    const admin = await server.administrator();
    c = await server.account(admin, { login: 'planner', name: '计划', role: 'planner', organisation: 'wuxi.development' });
    await c.expect(201, 'POST', `${V1}/entityOperations/create`, ENTITIES);
});

after(() => server?.close());

const enc = (params) => Object.entries(params).map(([k, v]) => `${k}=${encodeURIComponent(v)}`).join('&');
const list = async (params, headers) => (await c.expect(200, 'GET', `${V1}/entities?${enc(params)}`, undefined, headers)).body;
const ids = async (params) => (await list(params)).map((e) => e.id.slice(-1)).join('');
const refused = async (params, words, type = 'BadRequestData') => {
    const { body } = await c.expect(400, 'GET', `${V1}/entities?${enc(params)}`);
    assert.equal(body.type, ERRORS + type, JSON.stringify(body));
    assert.match(body.detail, words);
};
const post = async (query, params = '', headers = undefined) =>
    (await c.expect(200, 'POST', `${V1}/entityOperations/query${params}`, { type: 'Query', ...query }, headers)).body;

test('q: each operator, and what is wrong with it', async () => {
    for (const [q, expected] of [
        ['name=="Eiffel Tower"', '2'], ['name=="Pisa Tower"|open==false', '12'],
        ['(name=="Pisa Tower"|name=="Eiffel Tower");open==false', '12'],
        ['level==4', '1'], ['level>=4.00;level<7', '12'], ['level==4..6', '12'], ['level!=4..6', '3'],
        ['name=="Bus 1","Pisa Tower"', '13'], ['name~="Tower$"', '12'], ['name!~=^Pisa', '23'],
        ['at==urn:ngsi-ld:City:Pisa', '1'], ['at>"urn:a"', ''], ['address[geo.n]==7', '3'],
        ['level.accuracy<1', '1'], ['level.observedAt>2026-03-01T07:00:00Z', '1'], ['!open', '3'],
        ['street[zh]=="太湖大道"', '2'], ['street[en]=="太湖大道"', ''], ['street[*]~=Road', '2'],
    ]) {
        assert.equal(await ids({ q }), expected, q);
    }
    await refused({ q: 'a>>>4' }, /cannot read q "a>>>4" at byte 3/);
    await refused({ q: 'name~="a**"' }, /repeats a repetition/);
    await refused({ q: 'modifiedAt>2020-01-01T00:00:00Z' }, /say which entities/);
    await refused({ type: 'Building', q: 'at{name}=="x"' }, /linked entities/);
});

test('places: relations and distances', async () => {
    const near = (m) => ({ georel: `near;maxDistance==${m}`, geometry: 'Point', coordinates: '[120.30,31.57]' });
    assert.equal(await ids(near(100)), '1');
    assert.equal(await ids({ type: 'Building', ...near(10000) }), '12');
    assert.equal(await ids({ type: 'Tower', ...near(10000) }), '2');
    assert.equal(await ids({ ...near(10000), q: 'level>4' }), '2');
    assert.equal(await ids({ ...near(1), georel: 'near;minDistance==100' }), '2');
    const square = { geometry: 'Polygon', coordinates: '[[[120.2,31.5],[120.35,31.5],[120.35,31.6],[120.2,31.6],[120.2,31.5]]]' };
    assert.equal(await ids({ georel: 'within', ...square }), '1');
    assert.equal(await ids({ georel: 'disjoint', ...square }), '2');
    const bow = { geometry: 'Polygon', coordinates: '[[[0,0],[9,9],[9,0],[0,9],[0,0]]]' };
    const crosses = /cannot take Polygon: its edges cross or overlap at 4\.5, 4\.5/;
    await refused({ georel: 'within', ...bow }, crosses);
    const { body } = await c.expect(400, 'GET', `${V1}/temporal/entities?${enc({ timerel: 'after', timeAt: '2026-01-01T00:00:00Z', georel: 'within', ...bow })}`);
    assert.match(body.detail, crosses);
    assert.equal(await ids({ georel: 'equals', geometry: 'Point', coordinates: '[120.41,31.58]', geoproperty: 'entrance' }), '2');
    await refused({ georel: 'near', geometry: 'Point', coordinates: '[8,40]' }, /behind near/);
    await refused({ georel: 'within', geometry: 'Point' }, /without "coordinates"/);
    await refused({ georel: 'within', geometry: 'Point', coordinates: '[181,0]' }, /longitude 181/);
});

test('types, scopes, and what narrows nothing down', async () => {
    assert.equal(await ids({ type: '(Building;Tower),Vehicle' }), '23');
    assert.equal(await ids({ type: '*' }), '123');
    assert.equal(await ids({ type: 'Building', scopeQ: '/Wuxi/+' }), '12');
    assert.equal(await ids({ type: 'Building', scopeQ: '(/Wuxi/#;/CompanyA)' }), '2');
    assert.equal(await ids({ local: 'true', id: 'urn:t:1,urn:t:3' }), '13');
    assert.equal(await ids({ type: 'Building', idPattern: 't:2$' }), '2');
    await refused({ id: 'urn:t:1' }, /say which entities/);
    await refused({ type: '*', local: 'false' }, /all types/);
    await refused({ type: '(Building' }, /at byte 10: a \) is missing/);
    await refused({ type: 'Building', scopeQ: '//a' }, /cannot take scope/);
    await refused({ type: 'Building', orderBy: 'name' }, /orderBy/, 'InvalidRequest');
});

test('views: attrs, pick, omit, datasetId, lang', async () => {
    assert.deepEqual(await list({ type: 'Tower', attrs: 'name', options: 'keyValues' }),
        [{ id: 'urn:t:2', type: ['Building', 'Tower'], scope: ['/CompanyA', '/Wuxi/Liangxi'], name: 'Eiffel Tower' }]);
    assert.deepEqual(await list({ type: 'Building,Vehicle', pick: 'id,at', options: 'keyValues' }),
        [{ id: 'urn:t:1', at: 'urn:ngsi-ld:City:Pisa' }, { id: 'urn:t:2' }, { id: 'urn:t:3' }]);
    assert.deepEqual(await list({ type: 'Building,Vehicle', pick: 'at', options: 'keyValues' }), [{ at: 'urn:ngsi-ld:City:Pisa' }]);
    assert.deepEqual(Object.keys((await list({ type: 'Vehicle', omit: 'id,name|type' }))[0]), ['level', 'address']);
    assert.deepEqual((await list({ type: 'Tower', attrs: 'street', lang: 'zh' }))[0].street,
        { type: 'Property', value: '太湖大道', lang: 'zh' });
    assert.deepEqual(await list({ type: 'Vehicle', pick: 'id,name', datasetId: 'urn:d:1' }), [{ id: 'urn:t:3' }]);
    await refused({ type: 'Building', pick: 'name', omit: 'name' }, /pick and omit/);
    await refused({ type: 'Building', pick: 'name', attrs: 'name' }, /attrs beside/);
    await refused({ type: 'Building', pick: 'id,,name' }, /a name is missing/);
    await refused({ type: 'Building', geometryProperty: 'location' }, /geo\+json/);
    const one = (await c.expect(200, 'GET', `${V1}/entities/urn:t:1?pick=name`)).body;
    assert.deepEqual(one, { name: { type: 'Property', value: 'Pisa Tower' } });
    await c.expect(404, 'GET', `${V1}/entities/urn:t:1?pick=none`);
});

test('GeoJSON: a feature, a collection', async () => {
    const all = await list({ type: 'Building,Vehicle', pick: 'id,type,name,location', options: 'keyValues' }, GEO);
    assert.equal(all.type, 'FeatureCollection');
    assert.deepEqual(all.features.map((f) => f.geometry?.coordinates), [[120.3, 31.57], [120.4, 31.57], undefined]);
    assert.equal(all.features[2].geometry, null);
    assert.equal(all.features[0].properties.name, 'Pisa Tower');
    assert.match(all['@context'], /core-context/);
    const one = await c.expect(200, 'GET', `${V1}/entities/urn:t:2?geometryProperty=entrance`, undefined, GEO);
    assert.match(one.headers.get('content-type'), /^application\/geo\+json/);
    assert.deepEqual(one.body.geometry.coordinates, [120.41, 31.58]);
});

test('pages and how many', async () => {
    const page = await c.expect(200, 'GET', `${V1}/entities?type=*&limit=1&offset=1&count=true&q=level%3E3`);
    assert.equal(page.headers.get('ngsild-results-count'), '3');
    assert.deepEqual(page.body.map((e) => e.id), ['urn:t:2']);
    const link = page.headers.get('link');
    assert.match(link, /<\/ngsi-ld\/v1\/entities\?count=true&limit=1&offset=0&q=level%3E3&type=\*>; rel="prev"; type="application\/json"/);
    const next = /<([^>]*)>; rel="next"/.exec(link)[1];
    assert.deepEqual((await c.expect(200, 'GET', next)).body.map((e) => e.id), ['urn:t:3']);
    await c.expect(403, 'GET', `${V1}/entities?type=*&limit=1001`);
    await c.expect(400, 'GET', `${V1}/entities?type=*&limit=0`);
});

test('a query in a body says the same', async () => {
    const found = async (query, params) => (await post(query, params)).map((e) => e.id.slice(-1)).join('');
    assert.equal(await found({ entities: [{ type: 'Building' }], q: 'level>4' }), '2');
    assert.equal(await found({ entities: [{ type: 'Building', id: ['urn:t:1', 'urn:t:3'] }, { type: 'Vehicle' }] }), '13');
    assert.equal(await found({ entities: [{ type: 'Building', id: 'urn:t:1', idPattern: '2$' }] }), '1');
    assert.equal(await found({ attrs: ['at', 'address'] }), '13');
    assert.equal(await found({ entities: [{ type: '*' }], scopeQ: '/#' }, '?limit=1'), '1');
    assert.equal(await found({ geoQ: { georel: 'near;maxDistance==100', geometry: 'Point', coordinates: [120.3, 31.57] } }), '1');
    assert.deepEqual(await post({ entities: [{ type: 'Vehicle' }], pick: ['id'] }), [{ id: 'urn:t:3' }]);
    assert.equal((await post({ entities: [{ type: 'Tower' }] }, '', GEO)).features.length, 1);
    for (const [body, words] of [
        [{ type: 'NotQuery', entities: [{ type: 'A' }] }, /it is Query/], [{ entities: [] }, /not empty/],
        [{ entities: [{ id: 'urn:t:1' }] }, /no type/], [{ entities: [{ type: 'A', id: 'not a uri' }] }, /no URI/],
        [{ entities: [{ type: 'A', id: ['urn:a:1', 5] }] }, /URI or a list/], [{ attrs: [] }, /not empty/],
        [{ entities: [{ type: 'A' }], q: 42 }, /no text/], [{ entities: [{ type: 'A' }], temporalQ: {} }, /temporalQ/],
        [{}, /say which entities/],
    ]) {
        const answer = await c.expect(400, 'POST', `${V1}/entityOperations/query`, { type: 'Query', ...body });
        assert.equal(answer.body.type, `${ERRORS}BadRequestData`);
        assert.match(answer.body.detail, words);
    }
});

test('linked entities: within, behind, and how much of them', async () => {
    const link = (object) => ({ type: 'Relationship', object });
    await c.expect(201, 'POST', `${V1}/entityOperations/create`, [
        { id: 'urn:l:house', type: 'House', name: { type: 'Property', value: 'H' }, town: link('urn:l:town'), gone: link('urn:l:none') },
        { id: 'urn:l:town', type: 'Town', name: { type: 'Property', value: 'T' }, country: link('urn:l:land') },
        { id: 'urn:l:land', type: 'Land', name: { type: 'Property', value: 'L' }, capital: link('urn:l:town') },
    ]);
    const get = async (query) => (await c.expect(200, 'GET', `${V1}/entities/urn:l:house?${query}`)).body;
    const simple = 'options=keyValues&';
    const town = { id: 'urn:l:town', type: 'Town', name: 'T', country: 'urn:l:land' };
    const house = { id: 'urn:l:house', type: 'House', name: 'H', town: 'urn:l:town', gone: 'urn:l:none' };
    assert.deepEqual(await get(`${simple}join=inline`), { ...house, town });
    assert.deepEqual(await get(`${simple}join=flat`), [house, town]);
    assert.deepEqual(await get(`${simple}join=@none`), house);
    const land = { id: 'urn:l:land', type: 'Land', name: 'L', capital: 'urn:l:town' };
    assert.deepEqual(await get(`${simple}join=inline&joinLevel=2`), { ...house, town: { ...town, country: land } });
    assert.deepEqual(await get(`${simple}join=flat&joinLevel=9`), [house, town, land]);
    const normal = (await get('join=inline&pick=town%7Bid,name%7D')).town;
    assert.deepEqual(normal, { type: 'Relationship', object: 'urn:l:town', entity: { id: 'urn:l:town', name: { type: 'Property', value: 'T' } } });
    assert.deepEqual(await get(`${simple}join=inline&omit=name,gone,town%7Btype,country%7D`),
        { id: 'urn:l:house', type: 'House', town: { id: 'urn:l:town', name: 'T' } });
    assert.deepEqual(await post({ entities: [{ type: 'House' }], join: 'flat', joinLevel: 1, pick: ['id', 'town{id}'] }, '?options=keyValues'),
        [{ id: 'urn:l:house', town: 'urn:l:town' }, { id: 'urn:l:town' }]);
    for (const bad of ['join=near', 'join=inline&joinLevel=0', 'join=inline&joinLevel=11', 'pick=town%7Bid%7D',
        'join=inline&pick=a%7Bb%7Bc%7D%7D', 'join=inline&pick=a%7Bb', 'join=inline&pick=a%7B%7D', 'join=inline&pick=a%7Bb%7Dc']) {
        assert.equal((await c.expect(400, 'GET', `${V1}/entities/urn:l:house?${bad}`)).body.type, `${ERRORS}BadRequestData`, bad);
    }
    for (const id of ['house', 'town', 'land']) {
        await c.expect(204, 'DELETE', `${V1}/entities/urn:l:${id}`);
    }
});

test('types and attributes that there are', async () => {
    const get = async (path, status = 200) => (await c.expect(status, 'GET', V1 + path)).body;
    assert.deepEqual((await get('/types')).typeList, ['Building', 'Tower', 'Vehicle']);
    assert.deepEqual((await get('/types?details=true'))[2],
        { id: 'https://uri.etsi.org/ngsi-ld/default-context/Vehicle', type: 'EntityType', typeName: 'Vehicle', attributeNames: ['address', 'level', 'name'] });
    const tower = await get('/types/Tower');
    assert.equal(tower.entityCount, 1);
    assert.deepEqual(tower.attributeDetails.find((a) => a.attributeName === 'street').attributeTypes, ['LanguageProperty']);
    const attributes = await get('/attributes');
    assert.equal(attributes.type, 'AttributeList');
    assert.ok(attributes.attributeList.includes('location'));
    assert.deepEqual((await get('/attributes?details=true')).find((a) => a.attributeName === 'address').typeNames, ['Vehicle']);
    const level = await get('/attributes/level');
    assert.deepEqual([level.attributeCount, level.attributeTypes, level.typeNames], [3, ['Property'], ['Building', 'Tower', 'Vehicle']]);
    assert.equal((await get('/attributes/none', 404)).type, `${ERRORS}ResourceNotFound`);
    assert.equal((await get('/types/createdAt', 404)).type, `${ERRORS}ResourceNotFound`);
    assert.equal((await get('/types?details=perhaps', 400)).type, `${ERRORS}BadRequestData`);
    assert.equal((await get('/attributes/level?details=true', 400)).type, `${ERRORS}InvalidRequest`);
});
