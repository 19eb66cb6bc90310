// The year of a plan as an office runs it: owners, progress, lights, slips, verdicts, corrections,
// exports, live changes; and what happens when two do the same thing at once.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Client, SOURCE, Server, outcome_bytes, plan_bytes } from './lib/server.mjs';

let server;
let clients;

before(async () => {
    server = await Server.start();
    clients = await server.everybody();
});

after(() => server?.close());

const board = async (at = '', c = clients.planner) => (await c.expect(200, 'GET', `/api/plans/1/board${at}`)).body;

test('a plan is loaded once', async () => {
    const first = await clients.planner.load_plan();
    assert.equal(first.status, 201);
    assert.deepEqual(first.body, { result: 'loaded', plan: 1, line: first.body.line });
    const again = await clients.planner.load_plan();
    assert.equal(again.status, 200);
    assert.deepEqual(again.body, { ...first.body, result: 'unchanged' });
    const b = await board();
    assert.equal(b.areas.length, 9);
    assert.equal(b.areas.reduce((n, a) => n + a.measures.length, 0), 35);
    assert.equal(b.tasks.length, 219);
    assert.ok(b.targets.length >= 49);
});

test('the text of the document is served as its spans count it', async () => {
    const text = (await clients.planner.expect(200, 'GET', '/api/plans/1/document')).body;
    const b = await board();
    for (const task of b.tasks) {
        assert.equal(text.subarray(...task.span).toString(), task.text);
    }
    for (const target of b.targets) {
        assert.equal(text.subarray(...target.span).toString(), target.text);
    }
});

test('what is not a plan is refused with its reason', async () => {
    const answer = await clients.planner.load_plan('今天天气很好。', 'x.txt');
    assert.equal(answer.status, 422);
    assert.match(answer.body.detail, /x\.txt/);
});

test('PDFs are read in processes of their own, and refused by name', async () => {
    const bytes = (name) => readFileSync(join(SOURCE, 'tests/data', name));
    const all = await Promise.all([0, 1, 2, 3].map(() => clients.planner.call('POST', '/api/plans?name=report.pdf', bytes('report.pdf'))));
    for (const answer of all) { // it was read: what is missing is a title
        assert.match(answer.body.detail, /neither who issued it nor its title/);
    }
    const locked = await clients.planner.call('POST', '/api/plans?name=locked.pdf', bytes('encrypted.pdf'));
    assert.equal(locked.status, 422);
    assert.match(locked.body.detail, /locked\.pdf: encrypted/);
});

const numeric = (b) => b.targets.find((t) => t.kind === 'new' && t.value !== null && t.horizon === null);

test('an owner is confirmed, and the version moves on', async () => {
    const seen = await clients.planner.expect(200, 'GET', '/api/plans/1/tasks/1');
    const owners = [
        { organisation: 'wuxi.industry', name: '无锡市工业和信息化局', role: 'lead' },
        { organisation: null, name: '各区', role: 'support' },
    ];
    const set = await clients.planner.call('PUT', '/api/plans/1/tasks/1/owners', { owners }, { 'if-match': seen.etag });
    assert.equal(set.status, 200, JSON.stringify(set.body));
    const now = await clients.planner.expect(200, 'GET', '/api/plans/1/tasks/1');
    assert.notEqual(now.etag, seen.etag);
    assert.equal(now.body.item.owners_confirmed, true);
    assert.deepEqual(now.body.item.owners.map((o) => [o.organisation, o.name, o.role, o.source]), [
        ['wuxi.industry', '无锡市工业和信息化局', 'lead', 'confirmed'], [null, '各区', 'support', 'confirmed'],
    ]);
    assert.match(now.body.timeline.at(-1).kind + now.body.timeline[0].kind, /owner/);
    const stale = await clients.planner.call('PUT', '/api/plans/1/tasks/1/owners', { owners }, { 'if-match': seen.etag });
    assert.equal(stale.status, 412);
    assert.equal((await clients.planner.call('PUT', '/api/plans/1/tasks/1/owners', { owners })).status, 428);
    const unknown = await clients.planner.change('PUT', '/api/plans/1/tasks/1', '/owners', { owners: [{ organisation: 'wuxi.nothing', name: 'x', role: 'lead' }] });
    assert.equal(unknown.status, 422);
    assert.match(unknown.body.detail, /wuxi\.nothing/);
});

test('a light follows what was reported, on any past day', async () => {
    const target = numeric(await board());
    const path = `/api/plans/1/targets/${target.number}`;
    const half = String(Number(target.value) / 2);
    const reported = await clients.planner.change('POST', path, '/progress', {
        as_of: '2021-06-30', value: half, unit: target.unit, note: '半年', files: [],
    });
    assert.equal(reported.status, 201, JSON.stringify(reported.body));
    const light = async (at) => (await board(`?at=${at}`)).targets.find((t) => t.number === target.number).light;
    const june = await light('2021-06-30');
    assert.equal(june.actual, '50.0');
    assert.equal(june.light, 'green', june.why);
    assert.equal(june.reported, true);
    assert.equal((await light('2021-06-29')).reported, false);
    const year = await light('2021-12-31');
    assert.equal(year.light, 'red');
    assert.match(year.why, /[一-鿿]/);
    assert.match(year.why_en, /[a-z]/);
    // nothing of it was known then
    const then = (await clients.planner.call('GET', '/api/plans/1/board?at=2021-06-30&known=then'));
    assert.equal(then.status, 404, 'the plan was not kept in 2021');
});

test('a report is superseded, never changed', async () => {
    const target = numeric(await board());
    const path = `/api/plans/1/targets/${target.number}`;
    const body = { as_of: '2021-06-30', value: '1', unit: target.unit };
    const refused = await clients.planner.change('POST', path, '/progress', body);
    assert.equal(refused.status, 422, 'the same day again must say what it supersedes');
    const before = (await clients.planner.expect(200, 'GET', path)).body.progress;
    const set = await clients.planner.change('POST', path, '/progress', { ...body, supersedes: before[0].id });
    assert.equal(set.status, 201, JSON.stringify(set.body));
    const after_it = (await clients.planner.expect(200, 'GET', path)).body.progress;
    assert.equal(after_it.length, before.length + 1);
    assert.equal(after_it.find((r) => r.id === before[0].id).superseded_by, after_it[0].id);
    assert.equal(after_it.find((r) => r.id === before[0].id).value, before[0].value);
});

test('a unit, a day or a number that cannot be is refused by name', async () => {
    const target = numeric(await board());
    const path = `/api/plans/1/targets/${target.number}`;
    const good = { as_of: '2021-07-31', value: '1', unit: target.unit };
    for (const [change, word] of [
        [{ unit: '公斤' }, /公斤/], [{ as_of: '2021-02-30' }, /2021-02-30/], [{ as_of: '2999-01-01' }, /2999/],
        [{ value: '1e5' }, /1e5/], [{ value: '' }, /value/], [{ files: ['0'.repeat(64)] }, /0000/],
    ]) {
        const answer = await clients.planner.change('POST', path, '/progress', { ...good, ...change });
        assert.equal(answer.status, 422, JSON.stringify(change));
        assert.match(answer.body.detail, word);
    }
});

test('the same key twice is one report', async () => {
    const path = '/api/plans/1/tasks/2';
    const body = { as_of: '2021-03-31', value: '25', unit: '%' };
    const seen = await clients.planner.expect(200, 'GET', path);
    const headers = { 'if-match': seen.etag, 'idempotency-key': 'k-1' };
    const [a, b] = await Promise.all([0, 1].map(() => clients.planner.call('POST', `${path}/progress`, body, headers)));
    assert.equal(a.status, 201, JSON.stringify(a.body));
    assert.equal(b.status, 201, JSON.stringify(b.body));
    assert.deepEqual(a.body, b.body);
    assert.equal((await clients.planner.expect(200, 'GET', path)).body.progress.length, 1);
    const other = await clients.planner.call('POST', `${path}/progress`, { ...body, value: '26' }, headers);
    assert.equal(other.status, 422);
});

test('bodies that the plan only suggests are known by their code', async () => {
    const owners = (await board()).tasks.flatMap((x) => x.owners).filter((o) => o.source === 'proposed');
    assert.ok(owners.length > 50);
    const known = owners.filter((o) => o.organisation !== null).length;
    assert.ok(known / owners.length > 0.8, `${known} of ${owners.length}`);
});

test('a department reads the evidence of its own items, whoever brought it, and no other', async () => {
    const { planner, department } = clients;
    const text = { 'content-type': 'text/plain' };
    const shown = (await planner.expect(201, 'POST', '/api/files?name=a.txt', '给工信局的', text)).body.file;
    const hidden = (await planner.expect(201, 'POST', '/api/files?name=b.txt', '给别人的', text)).body.file;
    const body = { as_of: '2021-04-30', value: '5', unit: '%' };
    for (const [path, file] of [['/api/plans/1/tasks/1', shown], ['/api/plans/1/tasks/5', hidden]]) {
        assert.equal((await planner.change('POST', path, '/progress', { ...body, files: [file] })).status, 201);
    }
    assert.equal((await department.call('GET', `/api/files/${shown}`)).status, 200);
    assert.equal((await department.call('GET', `/api/files/${hidden}`)).status, 403);
});

test('a slip that is asked for again is told again, whatever became of the item', async () => {
    const { supervisor, planner } = clients;
    const path = '/api/plans/1/tasks/7';
    const seen = await supervisor.expect(200, 'GET', path);
    const headers = { 'if-match': seen.etag, 'idempotency-key': 'slip-7' };
    const body = { organisation: 'wuxi.finance', demand: '请说明', days: 5 };
    const first = await supervisor.call('POST', `${path}/slips`, body, headers);
    assert.equal(first.status, 201);
    assert.equal((await planner.change('POST', path, '/progress', { as_of: '2021-12-31', value: '100', unit: '%' })).status, 201);
    const again = await supervisor.call('POST', `${path}/slips`, body, headers);
    assert.equal(again.status, 201);
    assert.deepEqual(again.body, first.body);
    assert.equal((await supervisor.change('POST', `/api/slips/${first.body.id}`, '/withdraw', { text: '已完成' })).status, 200);
});

test('two planners who change one task never lose a change', async () => {
    const path = '/api/plans/1/tasks/3';
    const second = new Client(server.url);
    await second.sign_in('planner', 'correct horse battery staple');
    const done = [];
    const write = async (c, name) => {
        for (let i = 0; i < 25;) {
            const seen = await c.expect(200, 'GET', path);
            const label = `${name}${i}`;
            const answer = await c.call('PUT', `${path}/owners`, {
                owners: [{ organisation: null, name: label, role: 'lead' }],
            }, { 'if-match': seen.etag });
            if (answer.status === 200) {
                done.push(label);
                i += 1;
            } else {
                assert.equal(answer.status, 412);
            }
        }
    };
    await Promise.all([write(clients.planner, '甲'), write(second, '乙')]);
    const timeline = (await clients.planner.expect(200, 'GET', path)).body.timeline;
    const seen = timeline.filter((l) => l.kind.startsWith('owner.')).map((l) => l.summary.owners[0].name);
    assert.deepEqual([...seen].sort(), [...done].sort());
    assert.equal(done.length, 50);
});

test('a slip is issued on what is red, answered, sent back, answered, accepted', async () => {
    const { supervisor, planner, department } = clients;
    const path = '/api/plans/1/tasks/1'; // of the department; the year is over and nothing is reported
    const made = await supervisor.change('POST', path, '/slips', { organisation: 'wuxi.industry', demand: '请说明进展', days: 5 });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const slip = `/api/slips/${made.body.id}`;
    const mine = (await department.expect(200, 'GET', '/api/slips?mine=1&state=open')).body.items;
    assert.deepEqual(mine.map((s) => s.id), [made.body.id]);
    const answered = await department.change('POST', slip, '/answer', { text: '已整改', files: [] });
    assert.equal(answered.status, 200, JSON.stringify(answered.body));
    const twice = await supervisor.change('POST', path, '/slips', { organisation: 'wuxi.industry', demand: 'x', days: 5 });
    assert.ok([412, 422].includes(twice.status), 'one slip at a time');
    assert.equal((await supervisor.change('POST', slip, '/close', { accepted: false, text: '不够' })).status, 200);
    assert.equal((await supervisor.expect(200, 'GET', slip)).body.state, 'open');
    assert.equal((await department.change('POST', slip, '/answer', { text: '补充' })).status, 200);
    assert.equal((await supervisor.change('POST', slip, '/close', { accepted: true, text: '' })).status, 200);
    const end = (await planner.expect(200, 'GET', slip)).body;
    assert.equal(end.state, 'closed');
    assert.deepEqual(end.steps.map((s) => s.kind), ['issued', 'answered', 'returned', 'answered', 'accepted']);
    assert.equal((await department.change('POST', slip, '/answer', { text: 'x' })).status, 422);
});

test('a slip on what is green is refused', async () => {
    const { supervisor, planner } = clients;
    const path = '/api/plans/1/tasks/10';
    const report = await planner.change('POST', path, '/progress', { as_of: '2021-12-31', value: '100', unit: '%' });
    assert.equal(report.status, 201);
    const slip = await supervisor.change('POST', path, '/slips', { organisation: 'wuxi.finance', demand: 'x', days: 5 });
    assert.equal(slip.status, 422);
    assert.match(slip.body.detail, /green/);
});

test('verdicts are proposed from the next year\'s report, and confirmed by a person', async () => {
    const { planner, supervisor } = clients;
    const none = (await planner.expect(200, 'GET', '/api/plans/1/verdicts')).body;
    assert.deepEqual(none.outcomes, []);
    assert.equal((await planner.load_plan(outcome_bytes(), 'wuxi-2022.txt')).status, 201);
    const all = (await planner.expect(200, 'GET', '/api/plans/1/verdicts')).body;
    assert.equal(all.outcomes.length, 1);
    const met = all.items.find((v) => v.proposed?.verdict === 'met');
    const text = (await planner.expect(200, 'GET', `/api/plans/${met.proposed.outcome.plan}/document`)).body;
    assert.equal(text.subarray(...met.proposed.outcome.span).toString(), met.proposed.outcome.text);
    const set = await supervisor.change('PUT', `/api/plans/1/targets/${met.target}`, '/verdict', { verdict: 'met', note: '核实' });
    assert.equal(set.status, 200, JSON.stringify(set.body));
    const target = (await board('?at=2021-12-31')).targets.find((t) => t.number === met.target);
    assert.equal(target.verdict.confirmed, 'met');
    assert.equal(target.light.light, 'green', target.light.why);
});

test('an indicator is one line over the years', async () => {
    const list = (await clients.planner.expect(200, 'GET', `/api/indicators?q=${encodeURIComponent('地区生产总值')}`)).body.items;
    assert.ok(list.length >= 1);
    const line = (await clients.planner.expect(200, 'GET', `/api/indicators/${encodeURIComponent(list[0].key)}`)).body;
    assert.ok(line.points.some((p) => p.year === 2021 && p.target));
});

test('a corrected document shows a difference to confirm, and progress stays with its item', async () => {
    const c = clients.planner;
    const text = plan_bytes().toString().replace('13.5萬', '14萬');
    assert.notEqual(text, plan_bytes().toString());
    const shown = await c.load_plan(text, 'wuxi-2021.txt');
    assert.equal(shown.status, 409);
    assert.match(shown.body.type, /correction/);
    assert.ok(shown.body.changes.length >= 1);
    assert.equal((await board()).plan.line < shown.body.line + 1, true);
    const wrong = await c.call('POST', `/api/plans?name=a.txt&confirm=${shown.body.line + 1}`, text);
    assert.equal(wrong.status, 409, 'confirmed against another text');
    const before = await board();
    const done = await c.call('POST', `/api/plans?name=a.txt&confirm=${shown.body.line}`, text);
    assert.equal(done.status, 200, JSON.stringify(done.body));
    assert.equal(done.body.result, 'revised');
    const now = await board();
    assert.equal(now.tasks.length, before.tasks.length);
    assert.deepEqual(now.tasks.find((t) => t.number === 2).progress, before.tasks.find((t) => t.number === 2).progress);
});

test('views come as sheets', async () => {
    const c = clients.planner;
    const csv = await c.expect(200, 'GET', '/api/plans/1/export?view=tasks&format=csv&at=2021-12-31');
    const rows = csv.body.toString().split('\r\n').filter((r) => r !== '');
    assert.ok(rows.length >= 220);
    assert.match(csv.headers.get('content-disposition'), /attachment/);
    const some = await c.expect(200, 'GET', '/api/plans/1/export?view=tasks&format=csv&at=2021-12-31&light=green');
    const green = (await board('?at=2021-12-31')).tasks.filter((t) => t.light.light === 'green').length;
    assert.equal(some.body.toString().split('\r\n').filter((r) => r !== '').length, green + 1);
    // the same words find the same rows in either script, in any order
    const found = async (q) => (await c.expect(200, 'GET', `/api/plans/1/export?view=tasks&format=csv&q=${encodeURIComponent(q)}`))
        .body.toString().split('\r\n').length;
    assert.ok(await found('創新') > 10);
    assert.equal(await found('创新'), await found('創新'));
    assert.equal(await found('企业 创新'), await found('創新 企業'));
    assert.ok(await found('企业 创新') < await found('创新'));
    for (const view of ['tasks', 'targets', 'slips']) {
        const xlsx = await c.expect(200, 'GET', `/api/plans/1/export?view=${view}&format=xlsx&lang=en`);
        assert.equal(xlsx.body.subarray(0, 2).toString(), 'PK');
        if (existsSync('/usr/bin/soffice') && view === 'tasks') {
            const file = join(server.folder, 'view.xlsx');
            writeFileSync(file, xlsx.body);
            execFileSync('soffice', ['--headless', '--convert-to', 'csv:Text - txt - csv (StarCalc):44,34,76', '--outdir', server.folder,
                `-env:UserInstallation=file://${server.folder}/office`, file], { stdio: 'ignore' });
            const lines = execFileSync('cat', [join(server.folder, 'view.csv')]).toString();
            assert.match(lines, /工业和信息化局/);
        }
    }
});

test('changes come as they are made, and again from the last one seen', async () => {
    const c = clients.planner;
    const read = async (last, make) => {
        const stop = new AbortController();
        const headers = { cookie: c.cookie, ...(last ? { 'last-event-id': String(last) } : {}) };
        const answer = await fetch(`${c.url}/api/events`, { headers, signal: stop.signal });
        assert.equal(answer.status, 200);
        const reader = answer.body.getReader();
        await make?.();
        let text = '';
        while (!/\n\n/.test(text.replace(/^(:.*|retry:.*)\n+/gm, ''))) {
            const { value, done } = await reader.read();
            assert.equal(done, false);
            text += Buffer.from(value).toString();
        }
        stop.abort();
        const id = Number(/^id: ?(\d+)/m.exec(text)[1]);
        return { id, data: JSON.parse(/^data: ?(.*)$/m.exec(text)[1]) };
    };
    const change = () => c.change('PUT', '/api/plans/1/tasks/4', '/owners', { owners: [{ organisation: null, name: '丙', role: 'lead' }] });
    const first = await read(null, change);
    assert.equal(first.data.subject, 'plan/1/task/4');
    assert.match(first.data.kind, /^owner/);
    assert.equal('payload' in first.data, false);
    await change();
    const next = await read(first.id);
    assert.ok(next.id > first.id);
    const again = await read(first.id - 1);
    assert.equal(again.id, first.id);
});

test('settings change what is yellow and red', async () => {
    const c = clients.planner;
    const seen = await c.expect(200, 'GET', '/api/settings');
    const put = (body, etag) => c.call('PUT', '/api/settings', body, { 'if-match': etag });
    assert.equal((await put({ yellow_from: '40', red_above: '30', slip_days: 5 }, seen.etag)).status, 422);
    const set = await put({ yellow_from: '5', red_above: '15', slip_days: 3 }, seen.etag);
    assert.equal(set.status, 200, JSON.stringify(set.body));
    assert.equal((await board()).settings.yellow_from, '5');
    assert.equal((await put({ yellow_from: '5', red_above: '15', slip_days: 3 }, seen.etag)).status, 412);
});

test('the public sees the plan, and not who is behind', async () => {
    const b = await board('', clients.public);
    assert.equal(b.tasks.length, 219);
    assert.equal(b.glance.to_confirm, 0);
    assert.ok(b.targets.every((t) => t.verdict.proposed === null), 'what nobody has decided is not told');
    const verdicts = (await clients.public.expect(200, 'GET', '/api/plans/1/verdicts')).body.items;
    assert.ok(verdicts.every((v) => v.proposed === null));
    for (const t of [...b.tasks, ...b.targets]) {
        assert.deepEqual([t.owners, t.progress, t.slip, t.light.light], [[], null, null, 'none']);
    }
    const item = (await clients.public.expect(200, 'GET', '/api/plans/1/tasks/1')).body;
    assert.deepEqual([item.progress, item.slips, item.timeline], [[], [], []]);
});

test('the year prints as a page', async () => {
    const page = await clients.planner.expect(200, 'GET', '/api/plans/1/report');
    assert.match(page.headers.get('content-type'), /text\/html/);
    assert.match(page.body.toString(), /^<!DOCTYPE html>/i);
    assert.match(page.body.toString(), /wuxi-2022\.txt/);
    const bare = await clients.public.expect(200, 'GET', '/api/plans/1/report');
    assert.doesNotMatch(bare.body.toString(), /wuxi-2022\.txt/);
});

test('counters are what Prometheus reads', async () => {
    const text = (await clients.administrator.expect(200, 'GET', '/metrics')).body.toString();
    assert.match(text, /^taihu_http_requests_total\{/m);
    assert.match(text, /^taihu_journal_lines \d+$/m);
    assert.match(text, /^# TYPE /m);
});
