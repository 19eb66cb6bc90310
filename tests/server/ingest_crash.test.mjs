// Pulling the plug while observations come in: the server is killed at random moments while devices
// send values one by one and in batches, 200 times over. Every value that was acknowledged is there,
// once, and the state of each device is its last value. Values that were on their way may be there,
// and are no other than what was sent.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';

import { Server, TAIHU } from './lib/server.mjs';

const V1 = '/ngsi-ld/v1';
const KILLS = Number(process.env.TAIHU_KILLS ?? 200);
const SINGLES = 6; // devices that send alone
const BATCHES = 2; // gateways, each of BATCH devices
const BATCH = 40;
const START_MS = Date.UTC(2026, 2, 1);

let server;
let admin;
let planner;
let token;

const device = (name) => `urn:ngsi-ld:AirQualityObserved:${name}`;
const moment = (n) => new Date(START_MS + n * 1000).toISOString();
const seen = (n) => ({ type: 'Property', value: n, unitCode: 'GQ', observedAt: moment(n) });

before(async () => {
    server = await Server.start();
    admin = await server.administrator();
    planner = await server.account(admin, { login: 'planner', name: '计划', role: 'planner', organisation: 'wuxi.development' });
    token = (await planner.expect(201, 'POST', '/api/tokens', { name: 'devices', days: 1 })).body.secret;
});

after(() => server?.close());

async function send(method, path, body) {
    const answer = await fetch(server.url + path, {
        method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (answer.status !== 204) {
        throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    }
}

// A source sends 1, 2, 3 ...; `next` is never sent twice but where the plug was pulled before.
class Source {
    constructor(names, single) {
        this.names = names;
        this.single = single;
        this.next = 1;
        this.kept = new Set();
    }

    async write() {
        try {
            for (;;) {
                const n = this.next++;
                if (this.single) {
                    await send('PATCH', `${V1}/entities/${device(this.names[0])}/attrs`, { pm25: seen(n) });
                } else {
                    await send('POST', `${V1}/entityOperations/update`, this.names.map((name) => ({
                        id: device(name), type: 'AirQualityObserved', pm25: seen(n) })));
                }
                this.kept.add(n);
            }
        } catch (e) {
            // the plug was pulled; an answer that was none of ours is a failure
            assert.ok(!/^(PATCH|POST)/.test(e.message), e.message);
        }
    }
}

const sources = [
    ...Array.from({ length: SINGLES }, (_, i) => new Source([`single-${i}`], true)),
    ...Array.from({ length: BATCHES }, (_, i) => new Source(Array.from({ length: BATCH }, (_d, k) => `batch-${i}-${k}`), false)),
];

// All values of a device, in the order of their moments.
async function history(name) {
    const all = [];
    for (let from = START_MS; ;) {
        const path = `${V1}/temporal/entities/${device(name)}?attrs=pm25&options=temporalValues&timerel=after`
            + `&timeAt=${new Date(from).toISOString()}`;
        const answer = await planner.call('GET', path);
        assert.ok([200, 206].includes(answer.status), `${answer.status} ${JSON.stringify(answer.body)}`);
        const values = answer.body.pm25?.values ?? [];
        all.push(...(Array.isArray(values[0]) ? values : values.length > 0 ? [values] : []));
        if (answer.status === 200) {
            return all;
        }
        from = Date.parse(all.at(-1)[1]) + 1;
    }
}

test(`${KILLS} kills while observations come in lose and double none`, { timeout: 600000 }, async () => {
    const all = sources.flatMap((s) => s.names);
    await planner.expect(201, 'POST', `${V1}/entityOperations/create`, all.map((name) => ({
        id: device(name), type: 'AirQualityObserved', pm25: seen(0) })));
    for (let i = 0; i < KILLS; i++) {
        const writing = sources.map((s) => s.write());
        await new Promise((resolve) => { setTimeout(resolve, 10 + Math.random() * 120); });
        await server.stop('SIGKILL');
        await Promise.all(writing);
        await server.run();
        admin.url = planner.url = server.url;
    }
    for (const s of sources) {
        for (const name of s.names) {
            const values = await history(name);
            const there = values.map(([value]) => value);
            assert.equal(new Set(there).size, there.length, `${name}: each once`);
            assert.ok(values.every(([value, at]) => Date.parse(at) === START_MS + value * 1000), `${name}: as it was sent`);
            assert.ok(there.every((n) => n >= 0 && n < s.next), `${name}: nothing else`);
            const lost = [...s.kept].filter((n) => !there.includes(n));
            assert.deepEqual(lost, [], `${name}: nothing is lost`);
            const now = (await planner.expect(200, 'GET', `${V1}/entities/${device(name)}`)).body;
            assert.equal(now.pm25.value, Math.max(...there), `${name}: its state is its last value`);
        }
    }
    const sum = sources.reduce((n, s) => n + s.kept.size, 0);
    assert.ok(sum > KILLS, `there was load: ${sum}`);
    // Observations add no line: the creation did, and little else.
    const entities = (await admin.expect(200, 'GET', '/api/journal?limit=100')).body.items
        .filter((line) => /^entit/.test(line.kind));
    assert.equal(entities.length, 1, JSON.stringify(entities));
    execFileSync(TAIHU, ['journal', 'verify', '--db', server.db]);
});
