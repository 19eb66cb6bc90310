// The API's description: linted clean, and true: what the server answers is of the shape that it
// states.
import { createConfig, lintFromString } from '@redocly/openapi-core';
import Ajv2020 from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Server, outcome_bytes } from './lib/server.mjs';

let server;
let clients;
let api;

before(async () => {
    server = await Server.start();
    clients = await server.everybody();
    api = (await clients.planner.expect(200, 'GET', '/api/openapi.json')).body;
});

after(() => server?.close());

test('the document is linted clean', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const problems = await lintFromString({
        source: JSON.stringify(api), absoluteRef: 'openapi.json', config,
    });
    assert.deepEqual(problems.map((p) => `${p.severity} ${p.ruleId}: ${p.message} ${p.location?.[0]?.pointer}`), []);
});

// The schema that the document states for an answer.
function schema_of(ajv, path, method, status) {
    const answer = api.paths[path][method].responses[status];
    const schema = answer.content['application/json'].schema;
    return ajv.compile({ components: api.components, ...schema });
}

test('answers are of the shape that it states', async () => {
    const { planner, supervisor, administrator, department } = clients;
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    formats(ajv);
    const wrong = [];
    const hold = async (c, method, path, url, status = 200, body = undefined, headers = {}) => {
        const answer = await c.expect(status, method, url, body, headers);
        const check = schema_of(ajv, path, method.toLowerCase(), String(status));
        if (!check(answer.body)) {
            wrong.push(...check.errors.slice(0, 3).map((e) => `${method} ${url}: ${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`));
        }
        return answer;
    };
    const bytes = { 'content-type': 'text/plain' };
    await planner.load_plan();
    await hold(planner, 'POST', '/api/plans', '/api/plans?name=x.txt', 201, outcome_bytes(), bytes);
    const at = async (path) => ({ 'if-match': (await planner.expect(200, 'GET', path)).etag });
    const file = (await hold(planner, 'POST', '/api/files', '/api/files?name=a.txt', 201, '证明', bytes)).body.file;
    const task = '/api/plans/1/tasks/1';
    await hold(planner, 'PUT', '/api/plans/{plan}/tasks/{number}/owners', `${task}/owners`, 200, {
        owners: [{ organisation: 'wuxi.industry', name: '无锡市工业和信息化局', role: 'lead' }],
    }, await at(task));
    await hold(planner, 'PUT', '/api/plans/{plan}/tasks/{number}/path', `${task}/path`, 200, {
        points: [{ month: '2021-06', value: '30' }, { month: '2021-12', value: '100' }],
    }, await at(task));
    await hold(department, 'POST', '/api/plans/{plan}/tasks/{number}/progress', `${task}/progress`, 201, {
        as_of: '2021-05-31', value: '10', unit: '%', note: '一', files: [file],
    }, await at(task));
    await hold(supervisor, 'POST', '/api/plans/{plan}/tasks/{number}/slips', `${task}/slips`, 201, {
        organisation: 'wuxi.industry', demand: '请说明', days: 5,
    }, await at(task));
    await hold(department, 'POST', '/api/slips/{id}/answer', '/api/slips/1/answer', 200, { text: '答', files: [] }, {
        'if-match': (await department.expect(200, 'GET', '/api/slips/1')).etag,
    });
    const verdicts = (await hold(planner, 'GET', '/api/plans/{plan}/verdicts', '/api/plans/1/verdicts')).body;
    const target = `/api/plans/1/targets/${verdicts.items[0].target}`;
    await hold(planner, 'PUT', '/api/plans/{plan}/targets/{number}/verdict', `${target}/verdict`, 200, { verdict: 'met' }, await at(target));
    await hold(planner, 'GET', '/api/plans/{plan}/verdicts', '/api/plans/1/verdicts');
    await hold(planner, 'GET', '/api/plans/{plan}/targets/{number}', target);
    await hold(planner, 'GET', '/api/plans/{plan}/tasks/{number}', task);
    await hold(clients.public, 'GET', '/api/plans/{plan}/tasks/{number}', task);
    await hold(planner, 'GET', '/api/plans/{plan}/board', '/api/plans/1/board');
    await hold(clients.public, 'GET', '/api/plans/{plan}/board', '/api/plans/1/board?at=2021-06-30');
    await hold(planner, 'GET', '/api/plans', '/api/plans');
    await hold(planner, 'GET', '/api/slips', '/api/slips');
    await hold(planner, 'GET', '/api/slips/{id}', '/api/slips/1');
    const lines = (await hold(planner, 'GET', '/api/indicators', '/api/indicators')).body.items;
    for (const line of lines.slice(0, 20)) {
        await hold(planner, 'GET', '/api/indicators/{key}', `/api/indicators/${line.key}`);
    }
    await hold(planner, 'GET', '/api/organisations', '/api/organisations');
    await hold(planner, 'GET', '/api/divisions', '/api/divisions');
    await hold(planner, 'GET', '/api/divisions', '/api/divisions?parent=320205');
    const models = await hold(planner, 'GET', '/api/models', '/api/models');
    for (const model of models.body.items) {
        await hold(planner, 'GET', '/api/models/{model}', `/api/models/${model.name}`);
    }
    const settings = await hold(planner, 'GET', '/api/settings', '/api/settings');
    await hold(planner, 'PUT', '/api/settings', '/api/settings', 200, { yellow_from: '10.5', red_above: '30', slip_days: 7 }, { 'if-match': settings.etag });
    await hold(supervisor, 'GET', '/api/journal', '/api/journal');
    await hold(supervisor, 'GET', '/api/journal', '/api/journal?subject=plan/1/task/1');
    await hold(planner, 'GET', '/api/session', '/api/session');
    await hold(planner, 'POST', '/api/tokens', '/api/tokens', 201, { name: 'x', days: 1 });
    await hold(planner, 'GET', '/api/tokens', '/api/tokens');
    await hold(administrator, 'GET', '/api/accounts', '/api/accounts');
    const made = await hold(administrator, 'POST', '/api/accounts', '/api/accounts', 201, { login: 'other', name: '某', role: 'public', organisation: null });
    const id = made.body.account.id;
    const one = await hold(administrator, 'GET', '/api/accounts/{id}', `/api/accounts/${id}`);
    const changed = await hold(administrator, 'PATCH', '/api/accounts/{id}', `/api/accounts/${id}`, 200, { name: '某某' }, { 'if-match': one.etag });
    await hold(administrator, 'POST', '/api/accounts/{id}/reset', `/api/accounts/${id}/reset`, 200, undefined, { 'if-match': changed.etag });
    await hold(administrator, 'GET', '/healthz', '/healthz');
    assert.deepEqual(wrong, []);
});

test('requests that it states are refused when they are not so', async () => {
    // each body schema is closed: an unknown member is refused by the server as by the schema
    const { planner } = clients;
    const answer = await planner.call('POST', '/api/tokens', { name: 'x', days: 1, admin: true });
    assert.equal(answer.status, 422);
});
