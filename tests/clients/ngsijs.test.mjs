// A session of ngsijs, the client library of FIWARE, as its users would write it.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

import { CORE, receiver, start, until } from './common.mjs';

const NGSI = createRequire(import.meta.url)('ngsijs');

let server;
let token;
let ld;
let inbox;

const ID = 'urn:ngsi-ld:AirQualityObserved:梁溪-1';
const PLACE = { type: 'GeoProperty', value: { type: 'Point', coordinates: [120.31, 31.49] } };
const air = (pm25, more = {}) => ({
    id: ID,
    type: 'AirQualityObserved',
    pm25: { type: 'Property', value: pm25, unitCode: 'GQ', observedAt: '2026-11-01T08:00:00Z' },
    location: PLACE,
    refDevice: { type: 'Relationship', object: 'urn:ngsi-ld:Device:1' },
    ...more,
});

// ngsijs sends what it is told to send; a token it knows only as a header of each request
function with_token(connection) {
    connection.headers = { ...connection.headers, Authorization: `Bearer ${token}` };
    return connection;
}

before(async () => {
    ({ server, token } = await start());
    inbox = await receiver();
    ld = with_token(new NGSI.Connection(server.url)).ld;
});

after(async () => {
    inbox?.close();
    await server?.close();
});

test('createEntity makes an entity and tells where it is', async () => {
    const made = await ld.createEntity(air(35));
    assert.equal(made.location, `/ngsi-ld/v1/entities/${encodeURI(ID)}`);
});

test('createEntity with an @context in the body', async () => {
    const made = await ld.createEntity({
        id: 'urn:ngsi-ld:AirQualityObserved:2',
        type: 'AirQualityObserved',
        pm25: { type: 'Property', value: 80 },
        '@context': CORE,
    });
    assert.ok(made.location.endsWith('urn:ngsi-ld:AirQualityObserved:2'));
});

test('createEntity again is refused as AlreadyExistsError', async () => {
    await assert.rejects(ld.createEntity(air(36)), NGSI.AlreadyExistsError);
});

test('createEntity that is not NGSI-LD is refused as BadRequestError', async () => {
    await assert.rejects(ld.createEntity({ id: 'no uri', type: 'X' }), NGSI.BadRequestError);
});

test('getEntity gives it as application/ld+json', async () => {
    const got = await ld.getEntity(ID);
    assert.match(got.format, /^application\/(ld\+)?json/);
    assert.equal(got.entity.id, ID);
    assert.equal(got.entity.pm25.value, 35);
    assert.equal(got.entity.pm25.observedAt.slice(0, 19), '2026-11-01T08:00:00');
    assert.deepEqual(got.entity.location.value, PLACE.value);
});

test('getEntity with keyValues, attrs and an @context', async () => {
    const got = await ld.getEntity({ id: ID, keyValues: true, attrs: ['pm25'], '@context': CORE });
    assert.equal(got.entity.pm25, 35);
    assert.equal(got.entity.location, undefined);
});

test('getEntity of what is not there is NotFoundError', async () => {
    await assert.rejects(ld.getEntity('urn:ngsi-ld:AirQualityObserved:none'), NGSI.NotFoundError);
});

test('queryEntities by type, with count and pages', async () => {
    const got = await ld.queryEntities({ type: 'AirQualityObserved', limit: 1, offset: 0, count: true });
    assert.equal(got.count, 2);
    assert.equal(got.results.length, 1);
});

// ngsijs then asks for ?idPattern=.*, which ETSI GS CIM 009 (5.7.2.4) takes for too broad
test('queryEntities of no type is BadRequestError', async () => {
    await assert.rejects(ld.queryEntities(), NGSI.BadRequestError);
});

test('queryEntities with q', async () => {
    const got = await ld.queryEntities({ type: 'AirQualityObserved', q: 'pm25>50', keyValues: true });
    assert.deepEqual(got.results.map((e) => e.pm25), [80]);
});

test('queryEntities near a point', async () => {
    const got = await ld.queryEntities({
        type: 'AirQualityObserved', georel: 'near;maxDistance==1000', geometry: 'Point', coordinates: '[120.311,31.49]',
    });
    assert.deepEqual(got.results.map((e) => e.id), [ID]);
});

test('queryEntities with a q that is none is BadRequestError', async () => {
    await assert.rejects(ld.queryEntities({ type: 'AirQualityObserved', q: 'pm25>>' }), NGSI.BadRequestError);
});

test('appendEntityAttributes adds an attribute', async () => {
    // ngsijs says application/merge-patch+json of this POST too
    const got = await ld.appendEntityAttributes({ pm10: { type: 'Property', value: 70 } }, { id: ID });
    assert.deepEqual(got, { updated: ['pm10'], notUpdated: [] });
    assert.equal((await ld.getEntity(ID)).entity.pm10.value, 70);
});

test('appendEntityAttributes with noOverwrite says what it left', async () => {
    const got = await ld.appendEntityAttributes(
        { pm25: { type: 'Property', value: 1 }, no2: { type: 'Property', value: 9 } }, { id: ID, noOverwrite: true });
    assert.deepEqual(got.updated, ['no2']);
    assert.deepEqual(got.notUpdated.map((n) => n.attributeName), ['pm25']);
});

test('updateEntityAttributes and updateEntityAttribute change values', async () => {
    await ld.updateEntityAttributes({ no2: { type: 'Property', value: 11 } }, { id: ID });
    await ld.updateEntityAttribute({ value: 40, observedAt: '2026-11-01T09:00:00Z' }, { id: ID, attribute: 'pm25' });
    const { entity } = await ld.getEntity({ id: ID, keyValues: true });
    assert.equal(entity.no2, 11);
    assert.equal(entity.pm25, 40);
});

test('deleteEntityAttribute', async () => {
    await ld.deleteEntityAttribute({ id: ID, attribute: 'no2' });
    assert.equal((await ld.getEntity(ID)).entity.no2, undefined);
    await assert.rejects(ld.deleteEntityAttribute({ id: ID, attribute: 'no2' }), NGSI.NotFoundError);
});

test('listTypes and getType', async () => {
    const list = (await ld.listTypes()).results;
    assert.equal(list.type, 'EntityTypeList');
    assert.deepEqual(list.typeList, ['AirQualityObserved']);
    const details = (await ld.listTypes({ details: true })).results;
    assert.ok(details[0].attributeNames.includes('pm25'));
    const one = (await ld.getType('AirQualityObserved')).type;
    assert.equal(one.entityCount, 2);
    await assert.rejects(ld.getType('Nothing'), NGSI.NotFoundError);
});

test('a subscription is made, read, listed, notifies, is changed and deleted', async () => {
    const made = await ld.createSubscription({
        type: 'Subscription',
        entities: [{ type: 'AirQualityObserved' }],
        watchedAttributes: ['pm25'],
        q: 'pm25>100',
        notification: { attributes: ['pm25'], format: 'keyValues', endpoint: { uri: inbox.url, accept: 'application/json' } },
    });
    const { id } = made.subscription;
    assert.match(made.location, /^\/ngsi-ld\/v1\/subscriptions\//);

    await ld.updateEntityAttribute({ value: 150 }, { id: ID, attribute: 'pm25' });
    const got = await inbox.next();
    assert.equal(got.body.type, 'Notification');
    assert.equal(got.body.subscriptionId, decodeURIComponent(id));
    assert.deepEqual(got.body.data, [{ id: ID, type: 'AirQualityObserved', pm25: 150 }]);

    // noted after the receiver has answered
    const read = await until(async () => {
        const { subscription } = await ld.getSubscription(decodeURIComponent(id));
        return subscription.notification.timesSent === undefined ? undefined : subscription;
    });
    assert.equal(read.status, 'active');
    assert.equal(read.notification.timesSent, 1);
    assert.equal((await ld.listSubscriptions({ count: true })).count, 1);

    // as application/merge-patch+json
    await ld.updateSubscription({ isActive: false }, { id: decodeURIComponent(id) });
    assert.equal((await ld.getSubscription(decodeURIComponent(id))).subscription.status, 'paused');

    await ld.deleteSubscription(decodeURIComponent(id));
    await assert.rejects(ld.getSubscription(decodeURIComponent(id)), NGSI.NotFoundError);
});

test('what was observed is asked for over time', async () => {
    const got = await ld.queryTemporalEntities({
        type: 'AirQualityObserved', attrs: 'pm25', timerel: 'after', timeAt: '2026-11-01T00:00:00Z', temporalValues: true,
    });
    const one = got.results.find((e) => e.id === ID);
    // at nine it was 40 first, then 150 for the same moment
    assert.deepEqual(one.pm25.values.map((v) => v[0]).sort((a, b) => a - b), [35, 150]);
});

test('a temporal entity is made, added to and deleted', async () => {
    const id = 'urn:ngsi-ld:AirQualityObserved:3';
    const at = (value, observedAt) => ({ type: 'Property', value, observedAt });
    const made = await ld.createTemporalEntity({
        id, type: 'AirQualityObserved', pm25: [at(1, '2026-10-01T00:00:00Z'), at(2, '2026-10-02T00:00:00Z')],
    });
    assert.equal(made.created, true);
    await ld.addTemporalEntityAttributes({ pm25: [at(3, '2026-10-03T00:00:00Z')] }, { id });
    const got = await ld.queryTemporalEntities({
        id, type: 'AirQualityObserved', timerel: 'after', timeAt: '2026-10-01T00:00:00Z', lastN: 2,
    });
    assert.deepEqual(got.results[0].pm25.map((v) => v.value).sort(), [2, 3]);
    await ld.deleteTemporalEntityAttribute({ id, attribute: 'pm25', deleteAll: true });
    await ld.deleteTemporalEntity(id);
});

test('deleteEntity', async () => {
    await ld.deleteEntity(ID);
    await assert.rejects(ld.deleteEntity(ID), NGSI.NotFoundError);
});
