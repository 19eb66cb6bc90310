// Subscriptions as their receivers meet them: ETSI GS CIM 009 v1.8.1, sections 5.8 and 6.10 to 6.12.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, SOURCE, TAIHU } from './lib/server.mjs';
import { Receiver, until } from './lib/receiver.mjs';

const V1 = '/ngsi-ld/v1';
const CORE = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld';
const ERRORS = 'https://uri.etsi.org/ngsi-ld/errors/';
const LD = { 'content-type': 'application/ld+json' };

const bus = (i, speed, more = {}) => ({
    id: `urn:ngsi-ld:Bus:${i}`, type: 'Bus', speed: { type: 'Property', value: speed }, ...more,
});

let server;
let admin;
let receiver;

before(async () => {
    receiver = await Receiver.start();
    server = await Server.start({ args: ['--notify-host', '127.0.0.1,localhost'] });
    admin = await server.administrator();
});

after(async () => {
    await server.close();
    await receiver.stop();
});

// A subscription to buses, told at a path of its own.
const wish = (path, more = {}, notification = {}) => ({
    type: 'Subscription',
    entities: [{ type: 'Bus' }],
    ...more,
    notification: { endpoint: { uri: receiver.url + path }, ...notification },
});

async function subscribe(body, headers) {
    const made = await admin.expect(201, 'POST', `${V1}/subscriptions`, body, headers);
    return decodeURIComponent(made.headers.get('location').split('/').pop());
}

const one = (id) => `${V1}/subscriptions/${encodeURIComponent(id)}`;
const problem = async (status, type, method, path, body, headers) => {
    const answer = await admin.expect(status, method, path, body, headers);
    assert.equal(answer.body.type, ERRORS + type);
    return answer.body.detail;
};

test('a subscription is made, shown, changed and deleted', async () => {
    const id = await subscribe({
        id: 'urn:ngsi-ld:Subscription:shown', type: 'Subscription', subscriptionName: 'fast buses',
        entities: [{ type: 'Bus' }, { type: 'Tram|Metro', idPattern: '^urn:' }], watchedAttributes: ['speed'],
        q: 'speed>50', geoQ: { georel: 'near;maxDistance==1000', geometry: 'Point', coordinates: [120.3, 31.5] },
        throttling: 2.5, expiresAt: '2099-01-01T00:00:00Z', isActive: false, unheardOf: 1, status: 'expired',
        notification: {
            attributes: ['speed'], format: 'simplified',
            endpoint: {
                uri: `${receiver.url}/shown`, accept: 'application/json', timeout: 2000, cooldown: 100,
                receiverInfo: [{ key: 'X-Key', value: 'a' }],
            },
        },
    });
    assert.equal(id, 'urn:ngsi-ld:Subscription:shown');
    const seen = (await admin.expect(200, 'GET', one(id))).body;
    assert.deepEqual(seen, {
        id, type: 'Subscription', subscriptionName: 'fast buses',
        entities: [{ type: 'Bus' }, { type: 'Tram|Metro', idPattern: '^urn:' }], watchedAttributes: ['speed'],
        notificationTrigger: ['attributeCreated', 'attributeUpdated'],
        q: 'speed>50', geoQ: { georel: 'near;maxDistance==1000', geometry: 'Point', coordinates: [120.3, 31.5] },
        throttling: 2.5, expiresAt: '2099-01-01T00:00:00Z', isActive: false, status: 'paused',
        notification: {
            attributes: ['speed'], format: 'keyValues',
            endpoint: {
                uri: `${receiver.url}/shown`, accept: 'application/json', timeout: 2000, cooldown: 100,
                receiverInfo: [{ key: 'X-Key', value: 'a' }],
            },
        },
    });
    const times = (await admin.expect(200, 'GET', `${one(id)}?options=sysAttrs`)).body;
    assert.match(times.createdAt, /^2/);
    const ld = await admin.expect(200, 'GET', one(id), undefined, { accept: 'application/ld+json' });
    assert.ok(ld.body['@context']);

    await admin.expect(204, 'PATCH', one(id), {
        isActive: true, q: null, throttling: 'urn:ngsi-ld:null', description: 'all of them',
        notification: { endpoint: { uri: `${receiver.url}/other` } },
    });
    const changed = (await admin.expect(200, 'GET', one(id))).body;
    assert.deepEqual(
        [changed.status, changed.q, changed.throttling, changed.description, changed.notification],
        ['active', undefined, undefined, 'all of them',
            { format: 'normalized', endpoint: { uri: `${receiver.url}/other`, accept: 'application/json' } }]);

    await problem(400, 'BadRequestData', 'PATCH', one(id), { notification: { format: 'concise' } });
    await problem(400, 'BadRequestData', 'PATCH', one(id), { expiresAt: '2020-01-01T00:00:00Z' });
    await problem(400, 'BadRequestData', 'PATCH', one(id), { id: 'urn:x:other' });
    await admin.expect(204, 'DELETE', one(id));
    await problem(404, 'ResourceNotFound', 'GET', one(id));
    await problem(404, 'ResourceNotFound', 'DELETE', one(id));
    await problem(404, 'ResourceNotFound', 'PATCH', one(id), { isActive: true });
    await problem(400, 'BadRequestData', 'GET', `${V1}/subscriptions/none`);
});

test('many are paged and counted', async () => {
    const ids = [];
    for (let i = 0; i < 5; i++) {
        ids.push(await subscribe(wish(`/paged/${i}`, { isActive: false })));
    }
    const page = await admin.expect(200, 'GET', `${V1}/subscriptions?limit=2&offset=2&count=true`);
    assert.deepEqual(page.body.map((s) => s.id), ids.slice(2, 4));
    assert.equal(page.headers.get('ngsild-results-count'), '5');
    assert.match(page.headers.get('link'), /subscriptions\?count=true&limit=2&offset=4>; rel="next"/);
    assert.match(page.headers.get('link'), /subscriptions\?count=true&limit=2&offset=0>; rel="prev"/);
    assert.deepEqual((await admin.expect(200, 'GET', `${V1}/subscriptions?limit=0&count=true`)).body, []);
    await problem(403, 'TooManyResults', 'GET', `${V1}/subscriptions?limit=1001`);
    await problem(400, 'BadRequestData', 'GET', `${V1}/subscriptions?limit=0`);
    for (const id of ids) {
        await admin.expect(204, 'DELETE', one(id));
    }
});

test('what is wrong is refused in words', async () => {
    const refused = async (body, words, status = 400, type = 'BadRequestData') => {
        assert.match(await problem(status, type, 'POST', `${V1}/subscriptions`, body), words);
    };
    const endpoint = { uri: `${receiver.url}/x` };
    await refused({}, /without "type"/);
    await refused({ ...wish('/x'), type: 'Bus' }, /"type" is not "Subscription"/);
    await refused({ entities: [{ type: 'Bus' }], notification: { endpoint } }, /without "type"/);
    await refused({ type: 'Subscription', notification: { endpoint } }, /"entities" nor "watchedAttributes"/);
    await refused({ ...wish('/x'), id: 'no-uri' }, /no URI/);
    await refused(wish('/x', { entities: [] }), /"entities": it is empty/);
    await refused(wish('/x', { entities: [{ id: 'urn:x:1' }] }), /without "type"/);
    await refused(wish('/x', { watchedAttributes: [] }), /empty/);
    await refused(wish('/x', { notificationTrigger: ['entityChanged'] }), /no such word/);
    await refused(wish('/x', { q: '(speed>5' }), /q/);
    await refused(wish('/x', { csf: '((' }), /./);
    await refused(wish('/x', { entities: [{ type: 'Bus', idPattern: '(' }] }), /idPattern/);
    await refused(wish('/x', { geoQ: { georel: 'nearby', geometry: 'Point', coordinates: [1, 2] } }), /georel|nearby/);
    await refused(wish('/x', { geoQ: { georel: 'within', geometry: 'Polygon', coordinates: [[[0, 0], [9, 9], [9, 0], [0, 9], [0, 0]]] } }),
        /cannot take Polygon: its edges cross or overlap at 4\.5, 4\.5/);
    await refused(wish('/x', { throttling: -30 }), /throttling/);
    await refused(wish('/x', { throttling: 0.0001 }), /throttling/);
    await refused(wish('/x', { throttling: 30, timeInterval: 10 }), /timeInterval/);
    await refused(wish('/x', { watchedAttributes: ['speed'], timeInterval: 10 }), /timeInterval/);
    await refused(wish('/x', { expiresAt: '2000-01-01T00:00:00Z' }), /past/);
    await refused(wish('/x', { expiresAt: 'soon' }), /soon/);
    await refused(wish('/x', {}, { format: 'xml' }), /no such word/);
    await refused(wish('/x', {}, { format: 'keyValues', showChanges: true }), /keyValues/);
    await refused(wish('/x', {}, { pick: ['id'], attributes: ['speed'] }), /"pick"/);
    await refused(wish('/x', {}, { pick: ['id'], omit: ['id'] }), /pick and omit/);
    await refused(wish('/x', {}, { endpoint: {} }), /"uri"/);
    await refused(wish('/x', {}, { endpoint: { ...endpoint, receiverInfo: [{ key: 'K', value: 42 }] } }), /"value"/);
    await refused(wish('/x', {}, { endpoint: { ...endpoint, receiverInfo: [{ key: 'K' }] } }), /"value"/);
    await refused(wish('/x', {}, { endpoint: { uri: 'ftp://127.0.0.1/' } }), /http/);
    await refused(wish('/x', {}, { endpoint: { uri: 'mqtt://127.0.0.1/t' } }), /only http/, 422, 'OperationNotSupported');
    await refused(wish('/x', {}, { join: 'flat' }), /"join"/, 422, 'OperationNotSupported');
    await admin.expect(201, 'POST', `${V1}/subscriptions`, { ...wish('/x', { isActive: false }), id: 'urn:x:twice' });
    await problem(409, 'AlreadyExists', 'POST', `${V1}/subscriptions`, { ...wish('/x'), id: 'urn:x:twice' });
    await admin.expect(204, 'DELETE', one('urn:x:twice'));
});

test('a server does not let itself be turned on its own network', async () => {
    for (const uri of ['http://10.0.0.1/', 'http://169.254.169.254/latest', 'http://[::1]/', 'http://2130706434/',
        'http://192.168.1.1:8080/', 'http://user:pw@127.0.0.1/']) {
        const detail = await problem(400, 'BadRequestData', 'POST', `${V1}/subscriptions`, wish('', {}, { endpoint: { uri } }));
        assert.match(detail, /not a public one|no name or password/);
    }
});

// What came at a path until so many notifications are there.
const told = (path, count) => receiver.wait(path, count);
const data = (n) => n.body.data;

test('a change is told in the form that is asked for', async () => {
    const normalized = await subscribe(wish('/normalized', {}, {
        sysAttrs: true,
        endpoint: { uri: `${receiver.url}/normalized`, receiverInfo: [{ key: 'Authorization', value: 'Bearer s' }] },
    }));
    const context = [{ speed: 'https://a.example/speed' }, CORE];
    const ids = [normalized,
        await subscribe(wish('/simplified', {}, { format: 'keyValues', attributes: ['speed'] })),
        await subscribe({ ...wish('/ld', {}, { format: 'concise', omit: ['line'], endpoint: { uri: `${receiver.url}/ld`, accept: 'application/ld+json' } }), '@context': context }, LD),
        await subscribe(wish('/geo', {}, { format: 'keyValues', endpoint: { uri: `${receiver.url}/geo`, accept: 'application/geo+json' } })),
    ];
    await admin.expect(201, 'POST', `${V1}/entities`, bus('form', 30, {
        line: { type: 'Property', value: '1' },
        location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [120.3, 31.5] } },
    }));
    const [n] = await told('/normalized', 1);
    assert.equal(n.headers['content-type'], 'application/json');
    assert.equal(n.headers.authorization, 'Bearer s');
    assert.match(n.headers.link, /^<https:\/\/uri\.etsi\.org\/ngsi-ld\/v1\/ngsi-ld-core-context-v1\.8\.jsonld>; rel="http:\/\/www\.w3\.org\/ns\/json-ld#context"; type="application\/ld\+json"$/);
    assert.match(n.body.id, /^urn:ngsi-ld:Notification:/);
    assert.deepEqual([n.body.type, n.body.subscriptionId], ['Notification', normalized]);
    assert.ok(Math.abs(Date.parse(n.body.notifiedAt) - Date.now()) < 60000);
    assert.equal(data(n).length, 1);
    assert.deepEqual([data(n)[0].speed.type, data(n)[0].speed.value], ['Property', 30]);
    assert.match(data(n)[0].createdAt, /^2/);
    assert.match(data(n)[0].speed.modifiedAt, /^2/);

    const [s] = await told('/simplified', 1);
    assert.deepEqual(data(s), [{ id: 'urn:ngsi-ld:Bus:form', type: 'Bus', speed: 30 }]);

    const [l] = await told('/ld', 1);
    assert.equal(l.headers['content-type'], 'application/ld+json');
    assert.equal(l.headers.link, undefined);
    assert.deepEqual(data(l)[0]['@context'], context);
    // "speed" is another IRI in this @context, so the name that was written cannot be that short
    assert.deepEqual(Object.keys(data(l)[0]), ['id', 'type', 'ngsi-ld:default-context/speed', 'location', '@context']);
    assert.equal(data(l)[0].location.type, 'Point');

    const [g] = await told('/geo', 1);
    assert.equal(g.headers['content-type'], 'application/geo+json');
    assert.equal(g.body.data.type, 'FeatureCollection');
    assert.deepEqual(g.body.data.features[0].geometry, { type: 'Point', coordinates: [120.3, 31.5] });
    assert.equal(g.body.data.features[0].properties.speed, 30);
    for (const id of ids) {
        await admin.expect(204, 'DELETE', one(id));
    }
});

test('only what matches is told: attributes, triggers, q, ids, types, places, scopes', async () => {
    const rows = {
        watched: wish('/m/watched', { watchedAttributes: ['fuel'] }),
        created: wish('/m/created', { notificationTrigger: ['entityCreated'] }),
        deleted: wish('/m/deleted', { notificationTrigger: ['entityDeleted'] }),
        attribute_deleted: wish('/m/attribute_deleted', { notificationTrigger: ['attributeDeleted'], watchedAttributes: ['fuel'] }),
        updated: wish('/m/updated', { notificationTrigger: ['attributeUpdated'] }),
        q: wish('/m/q', { q: 'speed>50' }),
        id: wish('/m/id', { entities: [{ type: 'Bus', id: 'urn:ngsi-ld:Bus:m2' }] }),
        pattern: wish('/m/pattern', { entities: [{ type: 'Bus', idPattern: 'm2$' }] }),
        types: wish('/m/types', { entities: [{ type: '(Bus|Tram)' }] }),
        any: { ...wish('/m/any', { watchedAttributes: ['fuel'] }), entities: undefined },
        near: wish('/m/near', { geoQ: { georel: 'near;maxDistance==1000', geometry: 'Point', coordinates: [120.3, 31.5] } }),
        scope: wish('/m/scope', { scopeQ: '/Wuxi/#' }),
        paused: wish('/m/paused', { isActive: false }),
        attributes: wish('/m/attributes', {}, { attributes: ['fuel'] }),
        all: wish('/m/all', { notificationTrigger: ['entityCreated', 'entityUpdated', 'entityDeleted'] }),
    };
    const ids = [];
    for (const body of Object.values(rows)) {
        ids.push(await subscribe(body));
    }
    const at = (i) => `${V1}/entities/urn:ngsi-ld:Bus:${i}`;
    await admin.expect(201, 'POST', `${V1}/entities`, bus('m1', 10, {
        location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [120.3, 31.5] } }, scope: '/Wuxi/Binhu',
    }));
    await admin.expect(201, 'POST', `${V1}/entities`, bus('m2', 60, { location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [121, 31] } } }));
    await admin.expect(201, 'POST', `${V1}/entities`, { id: 'urn:ngsi-ld:Tram:m', type: 'Tram', fuel: { type: 'Property', value: 1 } });
    await admin.expect(204, 'PATCH', `${at('m1')}/attrs`, { speed: { type: 'Property', value: 70 } });
    await admin.expect(204, 'POST', `${at('m2')}/attrs`, { fuel: { type: 'Property', value: 9 } });
    await admin.expect(204, 'DELETE', `${at('m2')}/attrs/fuel`);
    await admin.expect(204, 'DELETE', at('m1'));
    // m1+ m2+ Tram+ | m1 speed 70 | m2 fuel added | m2 fuel gone | m1 gone
    const expected = {
        watched: ['m2'], created: ['m1', 'm2'], deleted: ['m1'], attribute_deleted: ['m2'], updated: ['m1'],
        q: ['m2', 'm1', 'm2'], id: ['m2', 'm2'], pattern: ['m2', 'm2'], types: ['m1', 'm2', 'm', 'm1', 'm2'],
        any: ['m', 'm2'], near: ['m1', 'm1'], scope: ['m1', 'm1'], paused: [], attributes: ['m2'],
        all: ['m1', 'm2', 'm1', 'm2', 'm2', 'm1'],
    };
    await told('/m/all', expected.all.length);
    for (const [name, wanted] of Object.entries(expected)) {
        const seen = await told(`/m/${name}`, wanted.length);
        assert.deepEqual(seen.flatMap((n) => data(n).map((e) => e.id.split(':').pop())), wanted, name);
    }
    const [gone] = await told('/m/deleted', 1);
    assert.deepEqual(Object.keys(data(gone)[0]), ['id', 'type', 'deletedAt']);
    for (const id of ids) {
        await admin.expect(204, 'DELETE', one(id));
    }
});

test('what was before, and what is gone, is shown to who asks for it', async () => {
    const id = await subscribe(wish('/before', { entities: [{ type: 'Bus', id: 'urn:ngsi-ld:Bus:before' }], notificationTrigger: ['entityUpdated', 'entityDeleted'] }, { showChanges: true, sysAttrs: true }));
    const at = `${V1}/entities/urn:ngsi-ld:Bus:before`;
    await admin.expect(201, 'POST', `${V1}/entities`, bus('before', 1, {
        at: { type: 'Relationship', object: 'urn:x:1' }, name: { type: 'LanguageProperty', languageMap: { zh: '太湖' } },
    }));
    await admin.expect(204, 'PATCH', `${at}/attrs`, { speed: { type: 'Property', value: 2 }, at: { type: 'Relationship', object: 'urn:x:2' } });
    await admin.expect(204, 'DELETE', `${at}/attrs/name`);
    await admin.expect(204, 'DELETE', at);
    const [changed, less, gone] = (await told('/before', 3)).map((n) => data(n)[0]);
    assert.deepEqual([changed.speed.value, changed.speed.previousValue], [2, 1]);
    assert.deepEqual([changed.at.object, changed.at.previousObject], ['urn:x:2', 'urn:x:1']);
    assert.equal(changed.name.previousLanguageMap, undefined);
    assert.deepEqual([less.name.languageMap, less.name.previousLanguageMap], [{ '@none': 'urn:ngsi-ld:null' }, { zh: '太湖' }]);
    assert.match(less.name.deletedAt, /^2/);
    assert.equal(less.speed.previousValue, undefined);
    assert.deepEqual([gone.speed.value, gone.speed.previousValue], ['urn:ngsi-ld:null', 2]);
    assert.deepEqual([gone.at.object, gone.at.previousObject], ['urn:ngsi-ld:null', 'urn:x:2']);
    assert.match(gone.deletedAt, /^2/);
    await admin.expect(204, 'DELETE', one(id));
});

test('a paused one is told nothing, and tells again when it is active', async () => {
    const id = await subscribe(wish('/pause'));
    await admin.expect(201, 'POST', `${V1}/entities`, bus('pause', 1));
    await told('/pause', 1);
    await admin.expect(204, 'PATCH', one(id), { isActive: false });
    await admin.expect(204, 'PATCH', `${V1}/entities/urn:ngsi-ld:Bus:pause/attrs`, { speed: { type: 'Property', value: 2 } });
    await admin.expect(204, 'PATCH', one(id), { isActive: true });
    await admin.expect(204, 'PATCH', `${V1}/entities/urn:ngsi-ld:Bus:pause/attrs`, { speed: { type: 'Property', value: 3 } });
    const seen = await told('/pause', 2);
    assert.deepEqual(seen.map((n) => data(n)[0].speed.value), [1, 3]);
    await admin.expect(204, 'DELETE', one(id));
});

test('throttled changes become one notification with what was last', async () => {
    const id = await subscribe(wish('/throttled', { throttling: 1 }, { format: 'keyValues' }));
    for (let i = 0; i <= 20; i++) {
        await admin.expect(i === 0 ? 201 : 204, 'POST', `${V1}/entityOperations/upsert`, [bus('throttled', i)]);
    }
    const seen = await receiver.wait_for('/throttled', (all) => all.some((n) => data(n).some((e) => e.speed === 20)));
    assert.ok(seen.length < 21, `${seen.length} notifications`);
    const speeds = seen.flatMap((n) => data(n).map((e) => e.speed));
    assert.deepEqual(speeds, [...speeds].sort((a, b) => a - b));
    assert.equal(speeds.at(-1), 20);
    await admin.expect(204, 'DELETE', one(id));
});

test('by the clock, what matches is told again and again', async () => {
    await admin.expect(201, 'POST', `${V1}/entities`, { ...bus('clock', 5), type: 'Clock' });
    const id = await subscribe(wish('/clock', { entities: [{ type: 'Clock' }], timeInterval: 0.2 }, { format: 'keyValues' }));
    const seen = await told('/clock', 3);
    assert.deepEqual(data(seen[2]), [{ id: 'urn:ngsi-ld:Bus:clock', type: 'Clock', speed: 5 }]);
    assert.equal(new Set(seen.slice(0, 3).map((n) => n.body.id)).size, 3);
    await admin.expect(204, 'DELETE', one(id));
});

test('what one request changes goes together', async () => {
    const id = await subscribe(wish('/batch', { entities: [{ type: 'Bus', idPattern: ':b[0-9]' }] }));
    await admin.expect(201, 'POST', `${V1}/entityOperations/create`, [bus('b1', 1), bus('b2', 2), bus('b3', 3)]);
    const [n] = await told('/batch', 1);
    assert.deepEqual(data(n).map((e) => e.id), ['urn:ngsi-ld:Bus:b1', 'urn:ngsi-ld:Bus:b2', 'urn:ngsi-ld:Bus:b3']);
    await admin.expect(204, 'DELETE', one(id));
});

// A value of an attribute of one that is there, in minute n.
const seen_at = (type, i, attribute, n) => ({
    id: `urn:ngsi-ld:${type}:${i}`, type,
    [attribute]: { type: 'Property', value: n, observedAt: `2026-03-01T00:${String(n).padStart(2, '0')}:00Z` },
});
const lines_of = async (c) => (await c.expect(200, 'GET', '/api/journal?limit=1')).body.head;

test('values that nobody asked for add no line, whatever is subscribed to; those that are meant are told in order', async () => {
    const upsert = (all) => admin.expect(204, 'POST', `${V1}/entityOperations/upsert?options=update`, all);
    await admin.expect(201, 'POST', `${V1}/entityOperations/create`, ['Quiet', 'Loud'].map((type) => (
        { ...seen_at(type, 1, 'speed', 0), fuel: seen_at(type, 1, 'fuel', 0).fuel })));
    const ids = [];
    for (let i = 0; i < 20; i++) {
        ids.push(await subscribe(wish(`/other/${i}`, { entities: [{ type: `Other${i}` }] })));
        ids.push(await subscribe(wish(`/other/${i}`, { entities: [{ type: 'Quiet' }], watchedAttributes: [`other${i}`] })));
    }
    ids.push(await subscribe(wish('/loud', { entities: [{ type: 'Loud' }], watchedAttributes: ['speed'] }, { showChanges: true })));
    const before = await lines_of(admin);
    for (let n = 1; n <= 5; n++) {
        await upsert([seen_at('Quiet', 1, 'speed', n), seen_at('Loud', 1, 'fuel', n)]);
        await admin.expect(204, 'PATCH', `${V1}/entities/urn:ngsi-ld:Quiet:1/attrs`, { fuel: seen_at('Quiet', 1, 'fuel', n).fuel });
    }
    assert.equal(await lines_of(admin), before);
    for (let n = 6; n <= 10; n++) {
        await upsert([seen_at('Loud', 1, 'fuel', n), seen_at('Quiet', 1, 'speed', n), seen_at('Loud', 1, 'speed', n)]);
    }
    assert.equal(await lines_of(admin), before + 5);
    const all = (await told('/loud', 5)).map((n) => data(n)[0]);
    assert.deepEqual(all.map((e) => [e.speed.previousValue, e.speed.value, e.fuel.value]),
        [[0, 6, 6], [6, 7, 7], [7, 8, 8], [8, 9, 9], [9, 10, 10]]);
    assert.equal(receiver.all.filter((n) => n.path.startsWith('/other/')).length, 0);
    const now = (await admin.expect(200, 'GET', `${V1}/entities/urn:ngsi-ld:Quiet:1`)).body;
    assert.deepEqual([now.speed.value, now.fuel.value], [10, 5]);
    for (const id of ids) {
        await admin.expect(204, 'DELETE', one(id));
    }
});

test('what is imported while the server is stopped is told when it starts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'taihu-imported-'));
    const args = ['--notify-host', '127.0.0.1'];
    let s = await Server.start({ folder, args });
    try {
        const c = await s.administrator();
        await c.expect(201, 'POST', `${V1}/subscriptions`, wish('/imported', { entities: [{ type: 'Bus' }], watchedAttributes: ['speed'] }, { format: 'keyValues' }));
        assert.equal((await s.stop()).code, 0);
        writeFileSync(join(folder, 'map.json'), JSON.stringify({
            entities: [{
                id: 'urn:x:{id}', type: 'Bus', time: { text: '{t}', format: '%s' },
                attributes: [{ name: 'speed', kind: 'number', column: 'v' }],
            }],
        }));
        // a new entity, then a value of one that is there
        ['a,0,1\nb,0,7', 'a,60,2'].forEach((rows, i) => {
            const path = join(folder, `${i}.csv`);
            writeFileSync(path, `id,t,v\n${rows}\n`);
            execFileSync(TAIHU, ['import', path, '--map', join(folder, 'map.json'), '--db', s.db, '--data', join(SOURCE, 'data')]);
        });
        s = await Server.start({ folder, args });
        const all = await receiver.wait_for('/imported', (list) => list.flatMap(data).length >= 3);
        assert.deepEqual(all.flatMap(data).map((e) => [e.id, e.speed.value ?? e.speed]),
            [['urn:x:a', 1], ['urn:x:b', 7], ['urn:x:a', 2]]);
        assert.equal((await s.stop()).code, 0);
    } finally {
        await s.close();
        rmSync(folder, { recursive: true, force: true });
    }
});

test('what became of notifications is told', async () => {
    receiver.refuse('/status', 503);
    const id = await subscribe(wish('/status'));
    await admin.expect(201, 'POST', `${V1}/entities`, bus('status', 1));
    const failed = await until(async () => {
        const s = (await admin.expect(200, 'GET', one(id))).body.notification;
        return s.timesFailed > 0 && s;
    });
    assert.deepEqual([failed.status, failed.timesSent, failed.waiting], ['failed', 0, 1]);
    assert.match(failed.lastFailure, /^2/);
    receiver.refuse('/status', 200);
    const [n] = await told('/status', 1);
    assert.equal(data(n)[0].speed.value, 1);
    const sent = await until(async () => {
        const s = (await admin.expect(200, 'GET', one(id))).body.notification;
        return s.timesSent > 0 && s;
    });
    assert.deepEqual([sent.status, sent.timesSent, sent.waiting], ['ok', 1, undefined]);
    assert.match(sent.lastSuccess, /^2/);
    await admin.expect(204, 'DELETE', one(id));
});

// Each of 1,000 subscriptions watches one attribute of one type; ten changes of each.
const MANY = 1000;
const ROUNDS = 10;

function sorted_out(all) {
    const by_path = new Map();
    const seen = new Set();
    for (const n of all) {
        if (seen.has(n.body.id)) {
            continue; // told twice: its id says so
        }
        seen.add(n.body.id);
        const list = by_path.get(n.path) ?? [];
        list.push(...data(n).map((e) => Object.entries(e).find(([k]) => k.startsWith('a'))[1]));
        by_path.set(n.path, list);
    }
    return by_path;
}

test('1,000 subscriptions: all is told in order, over a killed server and a receiver that is away', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'taihu-subscriptions-'));
    const r = await Receiver.start();
    let s = await Server.start({ folder, args: ['--notify-host', '127.0.0.1'] });
    try {
        let c = await s.administrator();
        for (let i = 0; i < MANY; i++) {
            await c.expect(201, 'POST', `${V1}/subscriptions`, {
                type: 'Subscription', entities: [{ type: 'Thing' }], watchedAttributes: [`a${i}`],
                notification: { format: 'keyValues', attributes: [`a${i}`], endpoint: { uri: `${r.url}/s/${i}` } },
            });
        }
        const dead = await c.expect(201, 'POST', `${V1}/subscriptions`, {
            type: 'Subscription', entities: [{ type: 'Thing' }],
            notification: { endpoint: { uri: 'http://127.0.0.1:1/' } },
        });
        // a change of 50 attributes at once, so that a round is 20 requests
        const round = async (n) => {
            for (let from = 0; from < MANY; from += 50) {
                const e = { id: 'urn:x:thing', type: 'Thing' };
                for (let i = from; i < from + 50; i++) {
                    e[`a${i}`] = { type: 'Property', value: n };
                }
                await c.expect(n === 0 && from === 0 ? 201 : 204, 'POST', `${V1}/entityOperations/upsert?options=update`, [e]);
            }
        };
        for (let n = 0; n < ROUNDS; n++) {
            if (n === 3) {
                await s.stop('SIGKILL');
                s = await Server.start({ folder, args: ['--notify-host', '127.0.0.1'] });
                c = new (c.constructor)(s.url);
                await c.sign_in('admin', 'correct horse battery staple');
            }
            if (n === 5) {
                await r.away();
            }
            if (n === 7) {
                await r.back();
            }
            await round(n);
        }
        await r.wait_for_all((all) => all.length >= MANY * ROUNDS && [...sorted_out(all).values()]
            .reduce((n, values) => n + values.length, 0) === MANY * ROUNDS, 120000);
        for (const [path, values] of sorted_out(r.all)) {
            assert.deepEqual(values, [...Array(ROUNDS).keys()], path);
        }
        const left = (await c.expect(200, 'GET', dead.headers.get('location'))).body.notification;
        assert.ok(left.timesFailed > 0);
        assert.equal(left.timesSent, 0);
        assert.equal(left.waiting, ROUNDS * MANY / 50); // kept for when it comes back
        assert.equal((await s.stop()).code, 0);
    } finally {
        await s.close();
        await r.stop();
        rmSync(folder, { recursive: true, force: true });
    }
});

test('a receiver that never answers slows nobody', async () => {
    const silent = await Receiver.start({ silent: true });
    const quick = await Receiver.start();
    const ids = [];
    for (let i = 0; i < 40; i++) {
        ids.push(await subscribe(wish('', { entities: [{ type: 'Silent' }] }, { endpoint: { uri: `${silent.url}/${i}`, timeout: 60000 } })));
    }
    for (let i = 0; i < 40; i++) {
        ids.push(await subscribe(wish('', { entities: [{ type: 'Silent' }] }, { endpoint: { uri: `${quick.url}/${i}` } })));
    }
    for (let n = 0; n < 5; n++) {
        await admin.call('POST', `${V1}/entityOperations/upsert`, [{ ...bus('silent', n), type: 'Silent' }]);
    }
    // all that the quick one is due comes while the silent one still holds its first requests open
    await quick.wait_for_all((all) => all.length === 200, 50000);
    assert.ok(silent.open > 0 && silent.open <= 4, `${silent.open} are held open`);
    for (const id of ids) {
        await admin.expect(204, 'DELETE', one(id));
    }
    await silent.stop();
    await quick.stop();
});
