// An agent made with iotagent-node-lib: a device is provisioned over the agent's API, sends measures,
// is read back and subscribed to; the entity is looked at over the server's own API.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { CORE, start } from './common.mjs';

const require = createRequire(import.meta.url);
const agent = require('iotagent-node-lib');

let server;
let token;
let north;

const call = async (method, path, body) => {
    const answer = await fetch(server.url + path, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
        body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
};

// The agent's service is a tenant of the broker; here are none, and an agent without one names none
const provision_answer = (...devices) => fetch(`${north}/iot/devices`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'fiware-service': '', 'fiware-servicepath': '/' },
    body: JSON.stringify({ devices }),
});

const provision = async (...devices) => {
    const answer = await provision_answer(...devices);
    assert.equal(answer.status, 201, await answer.text());
};

const device = (id) => promisify(agent.getDevice)(id, undefined, '', '/');

async function measure(id, values) {
    const d = await device(id);
    const attributes = Object.entries(values).map(([name, [type, value]]) => ({ name, type, value }));
    return promisify(agent.update)(d.name, d.type, '', attributes, d);
}

async function free_port() {
    const s = net.createServer();
    await new Promise((resolve) => { s.listen(0, '127.0.0.1', resolve); });
    const { port } = s.address();
    await new Promise((resolve) => { s.close(resolve); });
    return port;
}

before(async () => {
    ({ server, token } = await start());
    const port = await free_port();
    north = `http://127.0.0.1:${port}`;
    await promisify(agent.activate)({
        logLevel: process.env.AGENT_LOG ?? 'FATAL',
        contextBroker: { url: server.url, ngsiVersion: 'ld', jsonLdContext: CORE },
        server: { port, host: '127.0.0.1', ldSupport: { null: true, datasetId: true, merge: false } },
        // a token that stays: the agent sends the type's "trust" as Authorization: Bearer
        authentication: {
            enabled: true, type: 'oauth2', permanentToken: true, header: 'Authorization',
            url: 'http://127.0.0.1:9', tokenPath: '/none', clientId: 'x', clientSecret: 'x',
        },
        deviceRegistry: { type: 'memory' },
        types: {
            AirQualityObserved: { type: 'AirQualityObserved', trust: token, commands: [], lazy: [], active: [] },
        },
        service: '',
        subservice: '/',
        providerUrl: north,
        deviceRegistrationDuration: 'P1M',
        defaultType: 'Thing',
        timestamp: false,
    });
    // without it notifications would be for a tenant "iotagent"; its options cannot say "none"
    require('iotagent-node-lib/lib/commonConfig').getConfig().contextBroker.fallbackTenant = '';
});

after(async () => {
    await promisify(agent.deactivate)();
    await server?.close();
});

test('a device is provisioned over the agent', async () => {
    const of = (more) => ({
        entity_type: 'AirQualityObserved',
        timezone: 'Asia/Shanghai',
        attributes: [
            { object_id: 'p', name: 'pm25', type: 'Number' },
            { object_id: 't', name: 'temperature', type: 'Number', metadata: { unitCode: { type: 'Text', value: 'CEL' } } },
            { object_id: 'l', name: 'location', type: 'geo:point' },
        ],
        static_attributes: [{ name: 'areaServed', type: 'Text', value: '梁溪区' }],
        ...more,
    });
    await provision(
        of({ device_id: 'd1', entity_name: 'air-1' }),
        of({ device_id: 'd2', entity_name: 'urn:ngsi-ld:AirQualityObserved:air-2' }));
    assert.equal((await device('d1')).name, 'air-1');
});

test('a measure makes the entity', async () => {
    await measure('d1', { p: ['Number', 35], t: ['Number', 21.5], l: ['geo:point', '120.31,31.49'] });
    const got = await call('GET', '/ngsi-ld/v1/entities/urn:ngsi-ld:AirQualityObserved:air-1');
    assert.equal(got.status, 200);
    assert.equal(got.body.pm25.value, 35);
    assert.equal(got.body.temperature.value, 21.5);
    assert.equal(got.body.temperature.unitCode, 'CEL');
    assert.equal(got.body.location.type, 'GeoProperty');
    assert.equal(got.body.areaServed.value, '梁溪区');
});

test('the next measure changes it and leaves the rest', async () => {
    await measure('d1', { p: ['Number', 36] });
    const { body } = await call('GET', '/ngsi-ld/v1/entities/urn:ngsi-ld:AirQualityObserved:air-1?options=keyValues');
    assert.equal(body.pm25, 36);
    assert.equal(body.temperature, 21.5);
});

test('many measures at once are all taken', async () => {
    const d = await device('d2');
    const many = [1, 2, 3].map((v) => [{ name: 'p', type: 'Number', value: v }]);
    await promisify(agent.update)(d.name, d.type, '', many, d);
    const { body } = await call('GET', '/ngsi-ld/v1/entities/urn:ngsi-ld:AirQualityObserved:air-2?options=keyValues');
    assert.equal(body.pm25, 3);
});

test('the agent reads active attributes back', async () => {
    const d = await device('d1');
    const got = await promisify(agent.query)(d.name, d.type, '', ['pm25', 'temperature'], d);
    assert.equal(got.pm25.value, 36);
    assert.equal(got.temperature.value, 21.5);
});

test('a wrong token is told as AccessForbidden', async () => {
    const d = { ...(await device('d1')), trust: 'wrong' };
    await assert.rejects(promisify(agent.query)(d.name, d.type, '', ['pm25'], d), { name: 'ACCESS_FORBIDDEN' });
});

test('the agent subscribes, is notified and unsubscribes', async () => {
    const d = await device('d2');
    const notified = new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('no notification in 5 s')), 5000);
        agent.setNotificationHandler((of, values, done) => {
            clearTimeout(late);
            done();
            resolve({ of, values });
        });
    });
    notified.catch(() => undefined);
    const location = await promisify(agent.subscribe)(d, ['pm25'], ['pm25'], 'normalized');
    assert.match(location, /\/ngsi-ld\/v1\/subscriptions\//);
    await measure('d2', { p: ['Number', 99] });
    const got = await notified;
    assert.equal(got.of.id, 'd2');
    assert.deepEqual(got.values.map((v) => [v.name, v.value]), [['pm25', 99]]);
    const id = location.slice(location.lastIndexOf('/') + 1);
    // its registry in memory keeps no subscriptions of a device
    await promisify(agent.unsubscribe)({ ...d, subscriptions: [{ id }] }, id);
    assert.equal((await call('GET', `/ngsi-ld/v1/subscriptions/${id}`)).status, 404);
});

// What an agent asks of a broker for commands is a registration, which is not there: it says so
test('a device with a command is refused, and told why', async () => {
    const answer = await provision_answer({
        device_id: 'd3', entity_name: 'air-3', entity_type: 'AirQualityObserved', endpoint: `${north}/none`,
        commands: [{ name: 'ping', type: 'command' }],
    });
    assert.equal(answer.status, 400);
    assert.equal((await answer.json()).message, 'Request error connecting to the Context Broker: 404');
});
