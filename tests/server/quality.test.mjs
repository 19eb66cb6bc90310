// Declared types over HTTP: the flags of the public test vectors come out of a series that is sent
// observation by observation, over restarts; what is late, twice, ahead of the clock, in another
// unit or not declared.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Server, SOURCE } from './lib/server.mjs';

const V1 = '/ngsi-ld/v1';
const SPACE = 'https://uri.etsi.org/ngsi-ld/default-context/';
const TESTS = ['gross', 'spike', 'rate', 'flat', 'gap'];

// Facts out of tests/test_qartod.py of ioos/ioos_qc, commit
// 9c1853a40c8b23c8e0123b49d19447c0c5aa4cf1, Apache-2.0, as in tests/ngsi/test_quality.c: inputs
// and the flags expected, of the series that lack no value. Thresholds of a flat line are numbers
// of observations here.
const STEP = { suspect: 25, fail: 50 };
const HALF = { suspect: 0.5, fail: 1 };
const FLAT = { suspect: 4, fail: 6, tolerance: 0.01 };
const VECTORS = [
    ['gross', { suspect: [20, 40], fail: [10, 50] }, 1, '5 10 15 20 25 30 35 40 45 51', '4331111134'],
    ['spike', STEP, 1, '10 12 999.99 13 15 40 9 9', '24441312'],
    ['spike', STEP, 1, '-10 -12 -999.99 -13 -15 -40 -9 -9', '24441312'],
    ['spike', STEP, 1, '-100 -99 -99 -98', '2112'],
    ['spike', HALF, 1, '-0.189 -0.0792 -0.0122 0.0457 0.0671 0.0213 -0.0488 -0.1463 -0.2438 '
        + '-0.3261 -0.3871 -0.4054 -0.3932 -0.3383 -0.2804 -0.2347 -0.2134 -0.2347 '
        + '-0.2926 -0.3597 -0.442 -0.509 0 -0.5944 -0.57 -0.4267 -0.2926 -0.1585 '
        + '-0.0945 -0.0762', '211111111111111111111131111112'],
    ['spike', { ...HALF, method: 'differential' }, 1, '3 4.99 5 6 8 6 6 6.75 6 6 5.3 6 6 9 5 5 4 4', '211141131131141112'],
    ['rate', { suspect: 5, seconds: 900 }, 900, '-2 -10 -2 -3', '1331'],
    ['rate', { suspect: 5, seconds: 900 }, 900, '2 10 2.1 3 4 5 7 10 0 2 2.2 2 1 2 3 90 91 92 93 1 2 3 4 5', '133111113111111311131111'],
    ['flat', FLAT, 900, '1 2 2.0001 2 2.0001 2 2.0001 2 4 5 3 3.0001 3.0005 3.00001', '11113344111113'],
    ['flat', FLAT, 900, '2 2.0001 2 2.0001 2 2.0001 2 4 5 3 3.0001 3.0005 3.00001', '1113344111113'],
    ['flat', { suspect: 4, fail: 6, tolerance: 0.1 }, 1, '5 5 5 5 5 5', '111334'],
];

const number = (name, more) => ({ name, kind: 'Property', value: 'number', ...more });
const source = 'tests/server/quality.test.mjs';
const model = (name, more, attributes) => ({ name, source, namespaces: [SPACE], ...more, attributes });

const MODELS = [
    ...VECTORS.map(([kind, rule], i) => model(`Vector${i}`, {}, [number('n', { [kind]: { ...rule, source } })])),
    model('Strict', { unknown: 'refuse', future_s: 60, late_s: 3600 }, [
        number('n', { unit: 'GQ', gross: { fail: [0, 100], source }, gap: { suspect_s: 60, source } }),
    ]),
];

let folder;
let server;
let c;

const start = async () => {
    server = await Server.start({ folder, data: join(folder, 'data') });
    return server;
};

before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'taihu-quality-'));
    cpSync(join(SOURCE, 'data'), join(folder, 'data'), { recursive: true });
    for (const m of MODELS) {
        writeFileSync(join(folder, 'data/model', `${m.name}.json`), JSON.stringify(m));
    }
    const admin = await (await start()).administrator();
    c = await server.account(admin, { login: 'planner', name: '计划', role: 'planner', organisation: 'wuxi.development' });
});

after(async () => {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
});

const FIRST = Date.UTC(2024, 4, 1);
const moment = (s) => new Date(FIRST + s * 1000).toISOString();
const id = (name) => `urn:ngsi-ld:${name}:1`;
const property = (value, s, more) => ({ type: 'Property', value, ...(s === undefined ? {} : { observedAt: moment(s) }), ...more });
const create = (name, attributes, status = 201) => c.expect(status, 'POST', `${V1}/entities`, { id: id(name), type: name, ...attributes });
const append = (name, attributes, status = 204) => c.expect(status, 'POST', `${V1}/entities/${id(name)}/attrs`, attributes);
const state = async (name) => (await c.expect(200, 'GET', `${V1}/entities/${id(name)}?options=quality`)).body;
const flags = async (name) => (await state(name)).n.qartod.value;

// What was observed, oldest first.
const history = async (name) => {
    const { n } = (await c.expect(200, 'GET', `${V1}/temporal/entities/${id(name)}?options=quality`)).body;
    return [n].flat().sort((a, b) => a.observedAt.localeCompare(b.observedAt));
};

// The state has the flags of the latest, whose spike is not known before the next: in the history it
// is settled, and all else stands as it was said at once.
test('series have the flags of the vectors, over restarts', async () => {
    const run = async (i, k) => {
        const [, , step, values] = VECTORS[i];
        const value = JSON.parse(values.split(' ')[k]);
        const n = property(value, k * step);
        await (k === 0 ? create(`Vector${i}`, { n }) : append(`Vector${i}`, { n }));
        return flags(`Vector${i}`);
    };
    const seen = VECTORS.map(() => []);
    const longest = Math.max(...VECTORS.map(([, , , values]) => values.split(' ').length));
    for (let k = 0; k < longest; k++) {
        for (let i = 0; i < VECTORS.length; i++) {
            if (k < VECTORS[i][3].split(' ').length) {
                seen[i].push(await run(i, k));
            }
        }
        if (k === 2 || k === 9) {
            await server.stop();
            await server.run();
            c.url = server.url;
        }
    }
    for (let i = 0; i < VECTORS.length; i++) {
        const [kind, , , , want] = VECTORS[i];
        const kept = (await history(`Vector${i}`)).map((n) => n.qartod.value);
        assert.equal(kept.map((f) => f[kind]).join(''), want, `vector ${i}`);
        if (kind === 'spike') {
            assert.ok(seen[i].every((f) => f.spike === 2), `vector ${i}: known too soon`);
        } else {
            assert.deepEqual(kept, seen[i]);
        }
        for (const other of TESTS.filter((t) => t !== kind)) {
            assert.ok(seen[i].every((f) => f[other] === 2), `vector ${i}: ${other}`);
        }
        assert.ok(seen[i].every((f) => f.flag === (f[kind] === 2 ? 2 : f[kind])));
    }
});

const problem = async (says, call) => {
    const answer = await call;
    assert.equal(answer.body.type, 'https://uri.etsi.org/ngsi-ld/errors/BadRequestData');
    assert.match(answer.body.detail, says);
};

test('what came twice, late or corrected', async () => {
    await create('Strict', { n: property(1, 0) });
    await append('Strict', { n: property(2, 60) });
    const before = await flags('Strict');
    assert.deepEqual(before, { flag: 1, gross: 1, spike: 2, rate: 2, flat: 2, gap: 1 });
    await append('Strict', { n: property(2, 60) });
    assert.deepEqual(await flags('Strict'), before);
    await append('Strict', { n: property(77, 30) }); // late: history alone
    assert.equal((await state('Strict')).n.value, 2);
    assert.deepEqual(await flags('Strict'), before);
    await append('Strict', { n: property(777, 60) }); // another value for that moment
    assert.equal((await state('Strict')).n.value, 777);
    assert.deepEqual(await flags('Strict'), { flag: 4, gross: 4, spike: 2, rate: 2, flat: 2, gap: 2 });
    await append('Strict', { n: property(3, 121) });
    assert.deepEqual(await flags('Strict'), { flag: 3, gross: 1, spike: 2, rate: 2, flat: 2, gap: 3 });
    assert.deepEqual((await history('Strict')).map((n) => [n.value, n.qartod.value.gross]), [[1, 1], [77, 1], [777, 4], [3, 1]]);
    await problem(/may come 3600 s behind/, append('Strict', { n: property(3, 121 - 3601) }, 400));
});

test('what is ahead of the clock is refused', async () => {
    const ahead = (ms) => ({ n: { type: 'Property', value: 1, observedAt: new Date(Date.now() + ms).toISOString() } });
    await problem(/a clock may be 60 s ahead/, append('Strict', ahead(8 * 3600 * 1000), 400));
    assert.equal((await state('Strict')).n.value, 3);
});

test('another unit, kind or value is refused, and an attribute that is not declared', async () => {
    await problem(/unitCode \"GP\" \(milligram per cubic metre\): it is \"GQ\" \(microgram per cubic metre\), and nothing is converted/,
        append('Strict', { n: property(4, 180, { unitCode: 'GP' }) }, 400));
    await problem(/it is a number, not \"4\"/, append('Strict', { n: property('4', 180) }, 400));
    await problem(/it is a Property, not a Relationship/,
        append('Strict', { n: { type: 'Relationship', object: 'urn:x:1' } }, 400));
    await problem(/type Strict has no attribute/, append('Strict', { m: property(4) }, 400));
    await problem(/type Strict has no attribute/, c.expect(400, 'POST', `${V1}/entities`, { id: 'urn:x:9', type: 'Strict', m: property(4) }));
    assert.equal((await state('Strict')).n.value, 3);
    await append('Strict', { n: property(4, 180, { unitCode: 'GQ' }) });
    assert.equal((await state('Strict')).n.unitCode, 'GQ');
    // a type that is not declared takes all of it, unjudged
    await create('Free', { n: property('4', 180, { unitCode: 'GP' }), m: property(4) });
    assert.equal('qartod' in (await state('Free')).n, false);
});

test('in a batch the others go on', async () => {
    const entity = (k, unitCode) => ({ id: `urn:x:${k}`, type: 'Strict', n: property(k, 0, { unitCode }) });
    const answer = await c.expect(207, 'POST', `${V1}/entityOperations/create`, [entity(1, 'GQ'), entity(2, 'GP'), entity(3, 'GQ')]);
    assert.deepEqual(answer.body.success, ['urn:x:1', 'urn:x:3']);
    assert.match(answer.body.errors[0].error.detail, /unitCode/);
});

test('flags are shown where they are asked for', async () => {
    const plain = (await c.expect(200, 'GET', `${V1}/entities/${id('Strict')}`)).body;
    assert.equal('qartod' in plain.n, false);
    const seen = await state('Strict');
    assert.equal(seen.n.qartod.type, 'Property');
    assert.deepEqual({ ...seen, n: { ...seen.n, qartod: undefined } }, { ...plain, n: { ...plain.n, qartod: undefined } });
    // what was shown may come back with it
    await c.expect(204, 'POST', `${V1}/entities/${id('Strict')}/attrs`, { n: seen.n });
    assert.deepEqual((await state('Strict')).n.qartod, seen.n.qartod);
});

test('what is declared is told, with where each number is from', async () => {
    const { items } = (await c.expect(200, 'GET', '/api/models')).body;
    const names = items.map((m) => m.name);
    assert.deepEqual(names, [...names].sort());
    assert.ok(['AirQualityObserved', 'WeatherObserved', 'Strict'].every((n) => names.includes(n)));
    const strict = (await c.expect(200, 'GET', '/api/models/Strict')).body;
    assert.deepEqual(strict, {
        name: 'Strict', types: [`${SPACE}Strict`], unknown: 'refuse', future_s: 60, late_s: 3600, source,
        attributes: [{
            name: 'n', kind: 'Property', value: 'number', words: [], unit: 'GQ', unit_name: 'microgram per cubic metre',
            unit_symbol: 'µg/m³', unit_needed: false, range: null, range_source: null,
            tests: {
                gross: { fail: [0, 100], suspect: null, source },
                gap: { fail_s: null, suspect_s: 60, source },
            },
        }],
    });
    const air = (await c.expect(200, 'GET', '/api/models/AirQualityObserved')).body;
    const co = air.attributes.find((a) => a.name === 'co');
    assert.equal(co.unit, 'GP');
    assert.match(co.tests.gross.source, /HJ 654/);
    assert.deepEqual(air.attributes.find((a) => a.name === 'no').tests.gross.fail, [0, null]);
    await c.expect(404, 'GET', '/api/models/None');
});
