// Pulling the plug: the server is killed at random moments while eight clients write, 200 times over.
// Whatever was acknowledged is there, the chain verifies, and it is up again within a second. Then a
// disk that is full: a clear error, reads go on, and it goes on writing when there is room again.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { statSync } from 'node:fs';

import { Client, PASSWORD, Server, TAIHU } from './lib/server.mjs';

const KILLS = Number(process.env.TAIHU_KILLS ?? 200);
const WRITERS = 8;

let server;
let planner;

before(async () => {
    server = await Server.start();
    const admin = await server.administrator();
    planner = await server.account(admin, { login: 'planner', name: '计划', role: 'planner', organisation: 'wuxi.development' });
    assert.equal((await planner.load_plan()).status, 201);
});

after(() => server?.close());

const verify = () => execFileSync(TAIHU, ['journal', 'verify', '--db', server.db]).toString();

// Each writer has a task of its own and reports 0, 1, 2 ... on days of its own; returns when the
// server no longer answers. What was acknowledged goes to `kept`.
async function write(client, task, kept) {
    const path = `/api/plans/1/tasks/${task}`;
    try {
        for (;;) {
            const n = kept.length;
            const seen = await client.call('GET', path);
            const body = { as_of: '2021-06-30', value: '10', unit: '%', note: `${task}/${n}/${Math.random()}` };
            const last = seen.body.progress?.[0];
            if (last) {
                body.supersedes = last.id;
            }
            const answer = await client.call('POST', `${path}/progress`, body, { 'if-match': seen.etag });
            if (answer.status === 201) {
                kept.push(body.note);
            }
        }
    } catch {
        // the plug was pulled
    }
}

test(`${KILLS} kills under load lose nothing that was acknowledged`, { timeout: 600000 }, async () => {
    const kept = Array.from({ length: WRITERS }, () => []);
    let slowest = 0;
    for (let i = 0; i < KILLS; i++) {
        const writers = kept.map((k, w) => write(planner, w + 1, k));
        await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 150));
        await server.stop('SIGKILL');
        await Promise.all(writers);
        const started = performance.now();
        await server.run();
        planner.url = server.url;
        assert.equal((await planner.call('GET', '/healthz')).status, 200);
        slowest = Math.max(slowest, performance.now() - started);
        if (i % 20 === 19) {
            verify();
        }
    }
    for (let w = 0; w < WRITERS; w++) {
        const { progress } = (await planner.expect(200, 'GET', `/api/plans/1/tasks/${w + 1}`)).body;
        const there = new Set(progress.map((r) => r.note));
        const lost = kept[w].filter((note) => !there.has(note));
        assert.deepEqual(lost, [], `writer ${w}`);
        // At most one report a kill may be there without its answer having come through.
        assert.ok(progress.length <= kept[w].length + KILLS);
    }
    assert.ok(kept.flat().length > KILLS, `there was load: ${kept.map((k) => k.length)}`);
    if (!process.env.TAIHU_KILLS) { // a sanitizer has no such promise
        assert.ok(slowest < 1000, `up again within a second: ${slowest.toFixed(0)} ms`);
    }
    verify();
});

test('a full disk is said, reads go on, and writing goes on when there is room', async () => {
    const limit = (bytes) => execFileSync('prlimit', ['--pid', String(server.process.pid), `--fsize=${bytes}:`]);
    const path = '/api/plans/1/tasks/20';
    // What is written goes to the -wal file, of which little may be written: as a disk without room.
    const room = 65536;
    const report = async (i) => {
        const seen = await planner.expect(200, 'GET', path);
        const last = seen.body.progress[0];
        return planner.call('POST', `${path}/progress`, {
            as_of: '2021-06-30', value: '10', unit: '%', note: 'x'.repeat(1900) + i, supersedes: last?.id ?? null,
        }, { 'if-match': seen.etag });
    };
    limit(room);
    let kept = 0;
    let answer;
    for (let i = 0; i < 5000; i++) {
        answer = await report(i);
        if (answer.status !== 201) {
            break;
        }
        kept += 1;
    }
    assert.ok([500, 503, 507].includes(answer.status), `${answer.status}`);
    assert.match(answer.body.detail, /full|disk|room/i);
    const still = (await planner.expect(200, 'GET', path)).body.progress;
    assert.equal(still.length, kept, 'reads go on');
    assert.equal((await planner.call('GET', '/healthz')).status, 200);
    limit('unlimited');
    assert.equal((await report('again')).status, 201, 'and writing too, when there is room');
    verify();
    assert.equal((await server.stop()).code, 0);
    verify();
    await server.run();
    planner.url = server.url;
    assert.equal((await planner.expect(200, 'GET', path)).body.progress.length, kept + 1);
});

test('what is kept is for its owner alone', () => {
    for (const suffix of ['', '.key']) {
        assert.equal(statSync(server.db + suffix).mode & 0o077, 0, suffix);
    }
});

test('it stops gracefully: what it took it answers, and the last lines are signed', async () => {
    const c = new Client(server.url);
    await c.sign_in('planner', PASSWORD);
    const seen = await c.expect(200, 'GET', '/api/plans/1/tasks/30');
    const writing = c.call('POST', '/api/plans/1/tasks/30/progress', { as_of: '2021-06-30', value: '1', unit: '%' }, { 'if-match': seen.etag });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const end = server.stop('SIGTERM');
    const answer = await writing.catch(() => null);
    assert.equal((await end).code, 0);
    await server.run();
    c.url = server.url;
    const there = (await c.expect(200, 'GET', '/api/plans/1/tasks/30')).body.progress.length;
    if (answer?.status === 201) {
        assert.equal(there, 1);
    }
    assert.match(verify(), /signed|checkpoint/);
});
