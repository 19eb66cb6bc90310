// Messages of a broker: Mosquitto, and mosquitto_pub as the client. What the broker acknowledged to
// the client is there, once, whoever was killed or restarted in between; what cannot be taken is a
// dead letter with its reason.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Server, TAIHU } from './lib/server.mjs';
import { Broker, free_port, until } from './lib/broker.mjs';

const V1 = '/ngsi-ld/v1';
const FIRST = 1700000000;

const TABLE = {
    topics: [
        {
            topic: 'meters/{station}/raw', id: 'urn:ngsi-ld:Meter:{station}', type: 'Meter',
            time: { text: '{time}', format: '%s' },
            attributes: [{ name: 'n', column: 'n', kind: 'number' }],
        },
        {
            topic: 'air/{station}/hourly', missing: ['-9999'],
            id: 'urn:ngsi-ld:AirQualityObserved:test:{station}', type: 'AirQualityObserved',
            time: { text: '{time}', format: '%Y-%m-%d %H:%M', zone: '+08:00', else: 'arrival' },
            attributes: [
                { name: 'pm25', column: 'values.PM2.5', kind: 'number', unitCode: 'GQ' },
                { name: 'no2', column: 'values.NO2', kind: 'number', unitCode: 'GQ', factor: 1000 },
                { name: 'location', kind: 'point', longitude: 'lon', latitude: 'lat', observed: false },
            ],
        },
        { topic: 'ngsi/#', payload: 'ngsi-ld' },
        { topic: 'devices/{id}', payload: 'ngsi-ld', id: 'urn:ngsi-ld:Device:{id}', type: 'Device', time: 'needed' },
    ],
};

let folder;
let table;
let broker;
let server;
let c; // the administrator, who sees /metrics too

const words = (url) => ['--mqtt', url, '--mqtt-map', table];

before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'taihu-mqtt-'));
    table = join(folder, 'map.json');
    writeFileSync(table, JSON.stringify(TABLE));
    broker = await Broker.start();
    server = await Server.start({ folder, args: [...words(`mqtt://127.0.0.1:${broker.port}`), '--notify-host', '127.0.0.1'] });
    c = await server.administrator();
    await connected();
});

after(async () => {
    await server?.close();
    await broker?.close();
    rmSync(folder, { recursive: true, force: true });
});

async function metric(name, client = c) {
    const text = (await client.expect(200, 'GET', '/metrics')).body.toString();
    return Number(new RegExp(`^taihu_mqtt_${name} (\\d+)$`, 'm').exec(text)[1]);
}

const connected = () => until('connected', async () => (await metric('connected')) === 1);
const letters = async () => (await c.expect(200, 'GET', '/api/dead-letters')).body;
const entity = async (id) => (await c.call('GET', `${V1}/entities/${id}`));
const there = (id) => until(id, async () => {
    const answer = await entity(id);
    return answer.status === 200 && answer.body;
});

// The history of a meter: how often each n is in it.
async function meter(station) {
    const answer = await c.call('GET', `${V1}/temporal/entities/urn:ngsi-ld:Meter:${station}`);
    if (answer.status === 404) {
        return new Map();
    }
    const seen = new Map();
    for (const x of [answer.body.n ?? []].flat()) {
        seen.set(x.value, (seen.get(x.value) ?? 0) + 1);
        assert.equal(Date.parse(x.observedAt), (FIRST + x.value) * 1000);
    }
    return seen;
}

const reading = (n) => ({ n, time: FIRST + n });

// A client that goes on until it is stopped: each round is sent again until the broker has it.
function load(station) {
    const state = { acknowledged: 0, stop: false };
    state.done = (async () => {
        const ROUND = 25;
        while (!state.stop) {
            const from = state.acknowledged;
            if (await broker.publish(`meters/${station}/raw`, Array.from({ length: ROUND }, (_, i) => reading(from + i)))) {
                state.acknowledged += ROUND;
            }
        }
    })();
    return state;
}

// Stops it, and holds what the broker acknowledged against what is there.
async function settle(station, state) {
    state.stop = true;
    await state.done;
    const want = state.acknowledged;
    assert.ok(want > 0);
    const seen = await until(`${want} of ${station}`, async () => {
        const m = await meter(station);
        return m.size >= want && m;
    });
    for (let n = 0; n < want; n++) {
        assert.equal(seen.get(n), 1, `${station}: ${n}`);
    }
    assert.equal(seen.size, want);
}

test('flat payloads become entities: units, times, levels of the topic', async () => {
    assert.ok(await broker.publish('air/binhu/hourly', [
        { time: '2024-05-01 08:00', lon: 120.28, lat: 31.49, battery: 3.1, values: { 'PM2.5': 35, NO2: 0.0215 } },
        { time: '2024-05-01 09:00', values: { 'PM2.5': '41', NO2: -9999 } },
    ]));
    const e = await until('both', async () => {
        const x = await there('urn:ngsi-ld:AirQualityObserved:test:binhu');
        return x.pm25.value === 41 && x;
    });
    assert.equal(e.type, 'AirQualityObserved');
    assert.equal(e.pm25.unitCode, 'GQ');
    assert.equal(e.pm25.observedAt, '2024-05-01T01:00:00Z');
    assert.deepEqual([e.no2.value, e.no2.observedAt], [21.5, '2024-05-01T00:00:00Z']);
    assert.deepEqual(e.location.value, { type: 'Point', coordinates: [120.28, 31.49] });
    assert.equal(e.battery, undefined);
});

test('what has no time is given that of its arrival where the table says so', async () => {
    const begun = Math.floor(Date.now() / 1000) * 1000;
    assert.ok(await broker.publish('air/timeless/hourly', [{ values: { 'PM2.5': 12 } }]));
    const e = await there('urn:ngsi-ld:AirQualityObserved:test:timeless');
    const seen = Date.parse(e.pm25.observedAt);
    assert.ok(seen >= begun && seen <= Date.now(), e.pm25.observedAt);
});

test('entities of NGSI-LD: normalized, concise, lists, an id that the topic gives', async () => {
    const at = '2024-05-01T00:00:00Z';
    assert.ok(await broker.publish('ngsi/a/b', [
        { id: 'urn:ngsi-ld:Thing:1', type: 'Thing', level: { type: 'Property', value: 1.50, unitCode: 'MTR', observedAt: at } },
        [{ id: 'urn:ngsi-ld:Thing:2', type: 'Thing', level: 2 }, { id: 'urn:ngsi-ld:Thing:3', type: 'Thing', near: { object: 'urn:ngsi-ld:Thing:2' } }],
    ]));
    assert.equal((await there('urn:ngsi-ld:Thing:3')).near.object, 'urn:ngsi-ld:Thing:2');
    assert.equal((await there('urn:ngsi-ld:Thing:1')).level.unitCode, 'MTR');
    assert.equal((await there('urn:ngsi-ld:Thing:2')).level.value, 2);
    assert.ok(await broker.publish('devices/d7', [{ batteryLevel: { value: 0.8, observedAt: at } }]));
    assert.equal((await there('urn:ngsi-ld:Device:d7')).type, 'Device');
});

test('who subscribed is told of what a message changed, and of nothing that was refused', async () => {
    const told = [];
    const receiver = createServer((request, response) => {
        let body = '';
        request.on('data', (d) => { body += d; });
        request.on('end', () => {
            told.push(...JSON.parse(body).data);
            response.end();
        });
    });
    await new Promise((resolve) => { receiver.listen(0, '127.0.0.1', resolve); });
    try {
        await c.expect(201, 'POST', `${V1}/subscriptions`, {
            id: 'urn:ngsi-ld:Subscription:mqtt', type: 'Subscription', entities: [{ type: 'Told' }],
            notification: { endpoint: { uri: `http://127.0.0.1:${receiver.address().port}/`, accept: 'application/json' } },
        });
        assert.ok(await broker.publish('ngsi/told', [
            { id: 'urn:ngsi-ld:Told:1', type: 'Told', v: 1 },
            { id: 'urn:ngsi-ld:Told:2', type: ['Told', 'AirQualityObserved'], pm25: { value: 1, unitCode: 'CEL' } },
            { id: 'urn:ngsi-ld:Told:1', type: 'Told', v: 2 },
        ]));
        await until('told', () => told.some((e) => e.v.value === 2));
        assert.deepEqual(new Set(told.map((e) => e.id)), new Set(['urn:ngsi-ld:Told:1']));
        await c.expect(204, 'DELETE', `${V1}/subscriptions/urn:ngsi-ld:Subscription:mqtt`);
        await until('buried', async () => (await letters()).total === 1);
        await c.expect(204, 'DELETE', `/api/dead-letters/${(await letters()).items[0].id}`);
    } finally {
        receiver.close();
    }
});

test('what cannot be taken is a dead letter with its reason, once, until somebody deletes it', async () => {
    const at = '2024-05-01T00:00:00Z';
    const wrong = [
        ['meters/x/raw', '{"n": 1,', /byte/],
        ['meters/x/raw', '[[1]]', /item 0: it is a list, not an object/],
        ['meters/x/raw', '{"n": "12 V", "time": 1700000000}', /"n" is "12 V"/],
        ['meters/x/raw', '{"n": 1}', /"time": it is needed for the time/],
        ['ngsi/x', '{"id": "urn:x:1", "type": "T", "a": {"type": "Property"}}', /"a"/],
        ['ngsi/x', JSON.stringify({ id: 'urn:ngsi-ld:AirQualityObserved:w', type: 'AirQualityObserved', pm25: { value: 1, unitCode: 'CEL', observedAt: at } }), /CEL/],
        ['ngsi/x', JSON.stringify([{ id: 'urn:ngsi-ld:Half:1', type: 'Half', a: 1 },
            { id: 'urn:ngsi-ld:AirQualityObserved:w', type: 'AirQualityObserved', pm25: { value: 1, unitCode: 'CEL', observedAt: at } }]), /CEL/],
        ['ngsi/x', JSON.stringify({ id: 'urn:ngsi-ld:Half:1', type: 'Half', a: 1, area: { type: 'Polygon', coordinates: [[[0, 0], [9, 9], [9, 0], [0, 9], [0, 0]]] } }),
            /"area": cannot take Polygon: its edges cross or overlap at 4\.5, 4\.5/],
        ['devices/d8', '{"batteryLevel": 0.5}', /observedAt/],
        ['devices/d8', '{"id": "urn:ngsi-ld:Device:other", "a": {"value": 1, "observedAt": "2024-05-01T00:00:00Z"}}', /is not that of its topic/],
    ];
    const buried = await metric('dead_total');
    for (const [topic, payload] of wrong) {
        assert.ok(await broker.publish(topic, [payload]));
    }
    assert.ok(await broker.publish(wrong[0][0], [wrong[0][1]])); // once more
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.alloc(8000, 0x61)]);
    assert.ok(await broker.publish_bytes('meters/x/raw', bytes));
    const found = await until('all letters', async () => {
        const all = await letters();
        return all.total === wrong.length + 1 && all.items.some((x) => x.times === 2) && all.items;
    });
    for (const [topic, payload, reason] of wrong) {
        const x = found.find((y) => y.payload === payload);
        assert.ok(x, payload);
        assert.equal(x.topic, topic);
        assert.match(x.reason, reason);
        assert.equal(x.times, payload === wrong[0][1] ? 2 : 1);
        assert.equal(x.size, payload.length);
    }
    const binary = found.find((x) => x.payload === null);
    assert.ok(binary.payload_hex.startsWith('fffe6161'));
    assert.deepEqual([binary.payload_hex.length, binary.size], [2 * 4096, 8002]);
    assert.equal((await entity('urn:ngsi-ld:Half:1')).status, 404, 'nothing by halves');
    assert.equal((await metric('dead_total')) - buried, wrong.length + 2);
    assert.deepEqual((await c.expect(200, 'GET', '/api/dead-letters?limit=2&offset=1')).body.items.map((x) => x.id), found.slice(1, 3).map((x) => x.id));
    await c.expect(204, 'DELETE', `/api/dead-letters/${found[0].id}`);
    await c.expect(404, 'DELETE', `/api/dead-letters/${found[0].id}`);
    assert.equal((await letters()).total, wrong.length);
    const line = (await c.expect(200, 'GET', `/api/journal?subject=dead-letter/${found[0].id}`)).body.items;
    assert.equal(line.length, 1);
});

test('a broker that restarts loses nothing', async () => {
    const state = load('restart');
    for (let i = 1; i <= 3; i++) {
        const before = state.acknowledged;
        await until('load', () => state.acknowledged > before);
        await broker.stop();
        await broker.run();
        await connected();
    }
    await settle('restart', state);
    assert.ok((await metric('connects_total')) >= 4);
});

test('a server that is killed loses nothing', async () => {
    const state = load('killed');
    for (let i = 1; i <= 8; i++) {
        const before = state.acknowledged;
        await until('load', () => state.acknowledged > before);
        await server.stop('SIGKILL');
        await until('load goes on', () => state.acknowledged > before + 25);
        await server.run();
        c.url = server.url;
    }
    await connected();
    await settle('killed', state);
    assert.match(execFileSync(TAIHU, ['journal', 'verify', '--db', server.db]).toString(), /\d/);
});

// Nothing is acknowledged that is not on disk: what waited there comes again to the next process.
test('a full disk is no dead letter: messages wait, also for the next process', async () => {
    const dead = (await letters()).total;
    const limit = (bytes) => execFileSync('prlimit', ['--pid', String(server.process.pid), `--fsize=${bytes}:`]);
    const largest = Math.max(...['', '-wal'].map((s) => statSync(server.db + s, { throwIfNoEntry: false })?.size ?? 0));
    const pad = 'x'.repeat(4000);
    let sent = 0;
    const fill = async () => {
        const before = await metric('retries_total');
        await until('the disk is full', async () => {
            assert.ok(await broker.publish('meters/full/raw', Array.from({ length: 50 }, () => ({ ...reading(sent++), pad }))));
            return (await metric('retries_total')) > before;
        });
    };
    limit(largest);
    await fill();
    assert.match(server.stderr, /messages wait, as they cannot be kept/);
    assert.ok((await meter('full')).size < sent);
    limit('unlimited');
    await until('room', async () => (await meter('full')).size === sent);
    limit(Math.max(...['', '-wal'].map((s) => statSync(server.db + s).size)));
    await fill();
    assert.ok((await meter('full')).size < sent);
    await server.stop('SIGKILL');
    await server.run();
    c.url = server.url;
    const seen = await until('all after the kill', async () => {
        const m = await meter('full');
        return m.size === sent && m;
    });
    assert.ok([...seen.values()].every((times) => times === 1));
    assert.equal((await letters()).total, dead);
});

test('it stops at once while messages come, and a broker that is away does not keep it from starting', async () => {
    const state = load('stops');
    await until('load', () => state.acknowledged > 0);
    assert.equal((await server.stop()).code, 0);
    await broker.stop();
    await server.run();
    c.url = server.url;
    assert.equal(await metric('connected'), 0);
    await broker.run();
    await connected();
    await settle('stops', state);
});

test('by TLS, with a name and password, from whom the certificate says', async () => {
    const secure = await Broker.start({ tls: true, password: '太湖 pass' });
    const own = mkdtempSync(join(tmpdir(), 'taihu-mqtts-'));
    const secret = join(own, 'password');
    secure.certify('other.pem', 'other-key.pem');
    writeFileSync(secret, '太湖 pass\n');
    const start = (url, more, env) => Server.start({ folder: own, args: [...words(url), ...more], env });
    const first = await Server.start({ folder: own });
    const admin = await first.administrator();
    await first.close();
    const refused = async (url, more, env, reason) => {
        const s = await start(url, more, env);
        try {
            await until(`${reason}`, () => reason.test(s.stderr));
        } finally {
            await s.close();
        }
    };
    try {
        const url = `mqtts://taihu@localhost:${secure.port}`;
        await refused(url, ['--mqtt-ca', join(secure.folder, 'other.pem'), '--mqtt-password', secret], {}, /certificate verify failed/);
        await refused(url, ['--mqtt-password', secret], {}, /certificate verify failed/);
        await refused(`mqtts://taihu@127.0.0.1:${secure.port}`, ['--mqtt-ca', secure.ca, '--mqtt-password', secret], {}, /certificate verify failed/);
        await refused(url, ['--mqtt-ca', secure.ca], { TAIHU_MQTT_PASSWORD: 'wrong' }, /refuses us: Not authorized/);
        const s = await start(url, ['--mqtt-ca', secure.ca], { TAIHU_MQTT_PASSWORD: '太湖 pass' });
        try {
            await until('connected by TLS', () => /mqtt: connected/.test(s.stderr));
            assert.ok(await secure.publish('meters/tls/raw', Array.from({ length: 300 }, (_, n) => reading(n))));
            assert.ok(await secure.publish_bytes('ngsi/large', JSON.stringify({ id: 'urn:ngsi-ld:Large:1', type: 'Large', text: 'x'.repeat(300000) })));
            admin.url = s.url;
            await until('301 by TLS', async () => (await metric('kept_total', admin)) === 301);
            const large = await admin.expect(200, 'GET', `${V1}/entities/urn:ngsi-ld:Large:1`);
            assert.equal(large.body.text.value.length, 300000);
        } finally {
            await s.close();
        }
    } finally {
        await secure.close();
        rmSync(own, { recursive: true, force: true });
    }
});

test('a command line that is wrong is told of before anything starts', async () => {
    const port = await free_port();
    const wrong = async (args, reason) => {
        await assert.rejects(Server.start({ args }), (e) => reason.test(e.message) || assert.fail(e.message));
    };
    await wrong(['--mqtt', `mqtt://127.0.0.1:${port}`], /--mqtt needs --mqtt-map/);
    await wrong(['--mqtt-map', table], /--mqtt-map goes with --mqtt/);
    await wrong(words('mqtt://u:secret@127.0.0.1'), /cannot take a password in an address/);
    await wrong(words('http://127.0.0.1'), /begins with mqtt/);
    await wrong(words('mqtt://127.0.0.1:0'), /port/);
    await wrong([...words('mqtt://127.0.0.1'), '--mqtt-ca', table], /mqtts/);
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, JSON.stringify({ topics: [{ topic: 'a/#/b', id: 'urn:x:{y}', type: 'T', attributes: [] }] }));
    await wrong(['--mqtt', 'mqtt://127.0.0.1', '--mqtt-map', bad], /topics\[0\]: # stands at the end/);
});
