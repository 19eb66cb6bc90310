// The permission matrix: every route by every role, against the table below. A route that the table
// does not know fails, and so does a row that no route has.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client, Server, outcome_bytes } from './lib/server.mjs';

const ORDER = ['nobody', 'administrator', 'planner', 'supervisor', 'department', 'district', 'town', 'public'];

// y: let through to the thing itself; n: 403; -: 401. Columns as ORDER. A row's request is one that
// would be refused behind the permission check at the latest (a thing that is not there, no body),
// so that no row changes what the next one meets; `own` is an item whose owner is the organisation of
// department, district or town, `other` one of somebody else's.
const NONE = '/api/plans/999';
const TABLE = [
    // nobody administrator planner supervisor department district town public
    ['health', 'yyyyyyyy', 'GET', '/healthz'],
    ['metrics', '-ynnnnnn', 'GET', '/metrics'],
    ['openapi', 'yyyyyyyy', 'GET', '/api/openapi.json'],
    ['session.get', 'yyyyyyyy', 'GET', '/api/session'],
    ['session.open', 'yyyyyyyy', 'POST', '/api/session', {}],
    ['session.close', '-yyyyyyy', 'DELETE', '/api/session'], // last: see below
    ['session.password', '-yyyyyyy', 'POST', '/api/session/password', {}],
    ['tokens.list', '-yyyyyyn', 'GET', '/api/tokens'],
    ['tokens.add', '-yyyyyyn', 'POST', '/api/tokens', {}],
    ['tokens.revoke', '-yyyyyyn', 'DELETE', '/api/tokens/999'],
    ['accounts.list', '-ynnnnnn', 'GET', '/api/accounts'],
    ['accounts.add', '-ynnnnnn', 'POST', '/api/accounts', {}],
    ['accounts.get', '-ynnnnnn', 'GET', '/api/accounts/1'],
    ['accounts.change', '-ynnnnnn', 'PATCH', '/api/accounts/1', {}],
    ['accounts.reset', '-ynnnnnn', 'POST', '/api/accounts/1/reset'],
    ['organisations', '-yyyyyyy', 'GET', '/api/organisations'],
    ['divisions', '-yyyyyyy', 'GET', '/api/divisions'],
    ['outlines', '-yyyyyyy', 'GET', '/api/divisions/outlines'],
    ['plans.list', '-yyyyyyy', 'GET', '/api/plans'],
    ['plans.load', '-yynnnnn', 'POST', '/api/plans?name=x.txt', 'not a plan'],
    ['plans.board', '-yyyyyyy', 'GET', '/api/plans/1/board'],
    ['plans.document', '-yyyyyyy', 'GET', '/api/plans/1/document'],
    ['plans.report', '-yyyyyyy', 'GET', '/api/plans/1/report'],
    ['plans.export', '-yyyyyyy', 'GET', '/api/plans/1/export?view=tasks&format=csv'],
    ['plans.export', '-yyyyyyn', 'GET', '/api/plans/1/export?view=slips&format=csv'],
    ...['task', 'target'].flatMap((one) => {
        const at = `/api/plans/1/${one}s`;
        return [
            [`${one}.get`, '-yyyyyyy', 'GET', `${at}/1`],
            [`${one}.owners`, '-yynnnnn', 'PUT', `${NONE}/${one}s/1/owners`, {}],
            [`${one}.path`, '-yynnnnn', 'PUT', `${NONE}/${one}s/1/path`, {}],
            [`${one}.path.clear`, '-yynnnnn', 'DELETE', `${NONE}/${one}s/1/path`],
            [`${one}.progress`, '-yynyyyn', 'POST', `${at}/OWN/progress`, {}],
            [`${one}.progress`, '-yynnnnn', 'POST', `${at}/OTHER/progress`, {}],
            [`${one}.slip`, '-ynynnnn', 'POST', `${NONE}/${one}s/1/slips`, {}],
        ];
    }),
    ['files.add', '-yynyyyn', 'POST', '/api/files?name=x', ''],
    ['files.get', '-yyynnnn', 'GET', '/api/files/EVIDENCE'],
    ['slips.list', '-yyyyyyn', 'GET', '/api/slips'],
    ['slips.get', '-yyyyyyn', 'GET', '/api/slips/OWN'],
    ['slips.get', '-yyynnnn', 'GET', '/api/slips/OTHER'],
    ['slips.answer', '-ynnyyyn', 'POST', '/api/slips/OWN/answer', {}],
    ['slips.answer', '-ynnnnnn', 'POST', '/api/slips/OTHER/answer', {}],
    ['slips.close', '-ynynnnn', 'POST', '/api/slips/999/close', {}],
    ['slips.withdraw', '-ynynnnn', 'POST', '/api/slips/999/withdraw', {}],
    ['verdicts.list', '-yyyyyyy', 'GET', '/api/plans/1/verdicts'],
    ['verdicts.confirm', '-yyynnnn', 'PUT', `${NONE}/targets/1/verdict`, {}],
    ['indicators.list', '-yyyyyyy', 'GET', '/api/indicators'],
    ['indicators.get', '-yyyyyyy', 'GET', '/api/indicators/none'],
    ['settings.get', '-yyyyyyn', 'GET', '/api/settings'],
    ['settings.change', '-yynnnnn', 'PUT', '/api/settings', {}],
    ['journal.list', '-ynynnnn', 'GET', '/api/journal'],
    ['dead.list', '-yynnnnn', 'GET', '/api/dead-letters'],
    ['dead.remove', '-yynnnnn', 'DELETE', `/api/dead-letters/${'0'.repeat(64)}`],
    ['models.list', '-yyyyyyn', 'GET', '/api/models'],
    ['models.get', '-yyyyyyn', 'GET', '/api/models/AirQualityObserved'],
    ['ngsi.create', '-yynnnnn', 'POST', '/ngsi-ld/v1/entities', {}],
    ['ngsi.list', '-yyyyyyn', 'GET', '/ngsi-ld/v1/entities?type=None'],
    ['ngsi.get', '-yyyyyyn', 'GET', '/ngsi-ld/v1/entities/urn:x:none'],
    ['ngsi.replace', '-yynnnnn', 'PUT', '/ngsi-ld/v1/entities/urn:x:none', {}],
    ['ngsi.merge', '-yynnnnn', 'PATCH', '/ngsi-ld/v1/entities/urn:x:none', {}],
    ['ngsi.delete', '-yynnnnn', 'DELETE', '/ngsi-ld/v1/entities/urn:x:none'],
    ['ngsi.attrs.append', '-yynnnnn', 'POST', '/ngsi-ld/v1/entities/urn:x:none/attrs', {}],
    ['ngsi.attrs.update', '-yynnnnn', 'PATCH', '/ngsi-ld/v1/entities/urn:x:none/attrs', {}],
    ['ngsi.attr.replace', '-yynnnnn', 'PUT', '/ngsi-ld/v1/entities/urn:x:none/attrs/a', {}],
    ['ngsi.attr.patch', '-yynnnnn', 'PATCH', '/ngsi-ld/v1/entities/urn:x:none/attrs/a', {}],
    ['ngsi.attr.delete', '-yynnnnn', 'DELETE', '/ngsi-ld/v1/entities/urn:x:none/attrs/a'],
    ['ngsi.batch.create', '-yynnnnn', 'POST', '/ngsi-ld/v1/entityOperations/create', {}],
    ['ngsi.batch.upsert', '-yynnnnn', 'POST', '/ngsi-ld/v1/entityOperations/upsert', {}],
    ['ngsi.batch.update', '-yynnnnn', 'POST', '/ngsi-ld/v1/entityOperations/update', {}],
    ['ngsi.batch.merge', '-yynnnnn', 'POST', '/ngsi-ld/v1/entityOperations/merge', {}],
    ['ngsi.batch.delete', '-yynnnnn', 'POST', '/ngsi-ld/v1/entityOperations/delete', {}],
    ['ngsi.query', '-yyyyyyn', 'POST', '/ngsi-ld/v1/entityOperations/query', {}],
    ['ngsi.contexts.add', '-yynnnnn', 'POST', '/ngsi-ld/v1/jsonldContexts', {}],
    ['ngsi.contexts.list', '-yyyyyyn', 'GET', '/ngsi-ld/v1/jsonldContexts'],
    ['ngsi.contexts.get', '-yyyyyyn', 'GET', '/ngsi-ld/v1/jsonldContexts/none'],
    ['ngsi.contexts.delete', '-yynnnnn', 'DELETE', '/ngsi-ld/v1/jsonldContexts/none'],
    ['ngsi.subscriptions.add', '-yynnnnn', 'POST', '/ngsi-ld/v1/subscriptions', {}],
    ['ngsi.subscriptions.list', '-yynnnnn', 'GET', '/ngsi-ld/v1/subscriptions'],
    ['ngsi.subscriptions.get', '-yynnnnn', 'GET', '/ngsi-ld/v1/subscriptions/urn:x:none'],
    ['ngsi.subscriptions.update', '-yynnnnn', 'PATCH', '/ngsi-ld/v1/subscriptions/urn:x:none', {}],
    ['ngsi.subscriptions.delete', '-yynnnnn', 'DELETE', '/ngsi-ld/v1/subscriptions/urn:x:none'],
    ['ngsi.types', '-yyyyyyn', 'GET', '/ngsi-ld/v1/types'],
    ['ngsi.type', '-yyyyyyn', 'GET', '/ngsi-ld/v1/types/None'],
    ['ngsi.attributes', '-yyyyyyn', 'GET', '/ngsi-ld/v1/attributes'],
    ['ngsi.attribute', '-yyyyyyn', 'GET', '/ngsi-ld/v1/attributes/none'],
    ['ngsi.temporal.list', '-yyyyyyn', 'GET', '/ngsi-ld/v1/temporal/entities?type=None&timerel=after&timeAt=2026-01-01T00:00:00Z'],
    ['ngsi.temporal.create', '-yynnnnn', 'POST', '/ngsi-ld/v1/temporal/entities', {}],
    ['ngsi.temporal.get', '-yyyyyyn', 'GET', '/ngsi-ld/v1/temporal/entities/urn:x:none'],
    ['ngsi.temporal.delete', '-yynnnnn', 'DELETE', '/ngsi-ld/v1/temporal/entities/urn:x:none'],
    ['ngsi.temporal.attrs.append', '-yynnnnn', 'POST', '/ngsi-ld/v1/temporal/entities/urn:x:none/attrs', {}],
    ['ngsi.temporal.attr.delete', '-yynnnnn', 'DELETE', '/ngsi-ld/v1/temporal/entities/urn:x:none/attrs/a'],
    ['ngsi.temporal.instance.patch', '-yynnnnn', 'PATCH', '/ngsi-ld/v1/temporal/entities/urn:x:none/attrs/a/urn:x:1', {}],
    ['ngsi.temporal.instance.delete', '-yynnnnn', 'DELETE', '/ngsi-ld/v1/temporal/entities/urn:x:none/attrs/a/urn:x:1'],
    ['ngsi.temporal.query', '-yyyyyyn', 'POST', '/ngsi-ld/v1/temporal/entityOperations/query', {}],
    ['events', '-yyyyyyn', 'GET', '/api/events'],
];

let server;
let clients;
const own = {}; // role -> {task, target, slip}
let other;
let evidence;

before(async () => {
    server = await Server.start();
    clients = await server.everybody();
    clients.nobody = new Client(server.url);
    const planner = clients.planner;
    const supervisor = clients.supervisor;
    const loaded = await planner.load_plan();
    assert.equal(loaded.status, 201);
    await planner.load_plan(outcome_bytes(), 'wuxi-2022.txt');
    const bodies = (await planner.expect(200, 'GET', '/api/organisations')).body.items;
    const body_of = (role, account) => bodies.find((o) => o.code === account.organisation);
    let next = 1;
    const give = async (sort, body) => {
        const path = `/api/plans/1/${sort}s/${next++}`;
        const set = await planner.change('PUT', path, '/owners', {
            owners: [{ organisation: body.code, name: body.name, role: 'lead' }],
        });
        assert.equal(set.status, 200, JSON.stringify(set.body));
        return path;
    };
    const number = (path) => Number(path.split('/').at(-1));
    const slip = async (path, body) => {
        const made = await supervisor.change('POST', path, '/slips', {
            organisation: body.code, demand: '请说明', days: 5,
        });
        assert.equal(made.status, 201, JSON.stringify(made.body));
        return made.body.id;
    };
    for (const role of ['department', 'district', 'town']) {
        const account = (await clients[role].refresh()).account;
        const body = body_of(role, account);
        const task = await give('task', body);
        own[role] = { task: number(task), slip: await slip(task, body) };
        own[role].target = number(await give('target', body));
    }
    const finance = bodies.find((o) => o.code === 'wuxi.finance');
    const task = await give('task', finance);
    other = { task: number(task), slip: await slip(task, finance), target: number(await give('target', finance)) };
    const file = await planner.expect(201, 'POST', '/api/files?name=a.txt', '证明', { 'content-type': 'text/plain' });
    evidence = file.body.file; // reported for nobody: not anybody's own
});

after(() => server?.close());

const path_for = (path, role) => {
    const mine = own[role] ?? own.department;
    const sort = path.includes('/slips/') ? 'slip' : path.includes('/tasks/') ? 'task' : 'target';
    return path.replace('OWN', mine[sort]).replace('OTHER', other[sort]).replace('EVIDENCE', evidence);
};

// What the permission check said, whatever came behind it.
async function mark(role, method, path, body) {
    const c = clients[role];
    if (path === '/api/events') {
        const stop = new AbortController();
        const headers = c.cookie ? { cookie: c.cookie } : {};
        const answer = await fetch(c.url + path, { headers, signal: stop.signal });
        stop.abort();
        return answer.status === 401 ? '-' : answer.status === 403 ? 'n' : 'y';
    }
    const answer = await c.call(method, path, body, { 'if-match': '"1"' });
    if (answer.status >= 500) {
        return `${answer.status}`;
    }
    // Signing in with nothing in hand is refused as such, not for want of a permission.
    const refused = path === '/api/session' && method === 'POST' ? 0 : answer.status;
    return refused === 401 ? '-' : refused === 403 ? 'n' : 'y';
}

for (const [name, marks, method, path, body] of TABLE) {
    if (name === 'session.close') {
        continue;
    }
    test(`${name}: ${method} ${path}`, async () => {
        let seen = '';
        for (const role of ORDER) {
            seen += await mark(role, method, path_for(path, role), body);
        }
        assert.equal(seen, marks, `columns: ${ORDER.join(' ')}`);
    });
}

test('session.close', async () => {
    const [, marks] = TABLE.find(([name]) => name === 'session.close');
    let seen = '';
    for (const role of ORDER) {
        const c = new Client(server.url);
        if (role !== 'nobody') {
            await c.sign_in(role === 'administrator' ? 'admin' : role, 'correct horse battery staple');
        }
        const status = (await c.call('DELETE', '/api/session')).status;
        seen += status === 401 ? '-' : status === 403 ? 'n' : 'y';
    }
    assert.equal(seen, marks);
});

test('the table knows every route, and no other', async () => {
    const api = (await clients.nobody.expect(200, 'GET', '/api/openapi.json')).body;
    const there = new Set();
    for (const methods of Object.values(api.paths)) {
        for (const operation of Object.values(methods)) {
            there.add(operation.operationId);
        }
    }
    const known = new Set(TABLE.map(([name]) => name));
    assert.deepEqual([...there].filter((n) => !known.has(n)), [], 'routes without a row');
    assert.deepEqual([...known].filter((n) => !there.has(n)), [], 'rows without a route');
});

test('a token may what its account may, and nothing once it is revoked', async () => {
    const made = (await clients.planner.expect(201, 'POST', '/api/tokens', { name: 'x', days: 1 })).body;
    const c = new Client(server.url);
    c.token = made.secret;
    assert.equal((await c.call('GET', '/api/plans')).status, 200);
    assert.equal((await c.call('GET', '/api/journal')).status, 403);
    await clients.planner.expect(204, 'DELETE', `/api/tokens/${made.id}`);
    assert.equal((await c.call('GET', '/api/plans')).status, 401);
});
