// What a hostile or broken client may try: forged requests, fixed sessions, file names that climb,
// bodies too large, texts that would be script, clients too slow.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';

import { Client, PASSWORD, Server } from './lib/server.mjs';

let server;
let clients;

before(async () => {
    server = await Server.start();
    clients = await server.everybody();
    assert.equal((await clients.planner.load_plan()).status, 201);
});

after(() => server?.close());

const SCRIPT = '<img src=x onerror=alert(1)>"\'&</script><script>alert(2)</script>';

test('a change without the CSRF token is refused', async () => {
    const c = clients.planner;
    for (const token of ['', 'x'.repeat(43)]) {
        const answer = await c.call('POST', '/api/tokens', { name: 'x', days: 1 }, { 'x-csrf-token': token });
        assert.equal(answer.status, 403);
        assert.match(answer.body.type, /csrf/);
    }
    const foreign = (await clients.supervisor.refresh()).csrf;
    const answer = await c.call('POST', '/api/tokens', { name: 'x', days: 1 }, { 'x-csrf-token': foreign });
    assert.equal(answer.status, 403, "another session's token");
});

test('a change from another origin is refused even with the token', async () => {
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
        const answer = await clients.planner.call('POST', '/api/tokens', { name: 'x', days: 1 }, headers);
        assert.equal(answer.status, 403, JSON.stringify(headers));
    }
});

test('a session that an attacker chose is never taken up', async () => {
    const c = new Client(server.url);
    c.cookie = `taihu_session=${'A'.repeat(43)}`;
    assert.equal((await c.refresh()).signed_in, false);
    const chosen = c.cookie;
    await c.sign_in('planner', PASSWORD);
    assert.notEqual(c.cookie, chosen);
    const first = c.cookie;
    await c.sign_in('planner', PASSWORD);
    assert.notEqual(c.cookie, first, 'each sign-in makes a new session');
    const old = new Client(server.url);
    old.cookie = chosen;
    assert.equal((await old.refresh()).signed_in, false);
});

test('the cookie is for the server alone', async () => {
    const c = new Client(server.url);
    await c.sign_in('planner', PASSWORD);
    assert.match(c.set_cookie, /HttpOnly/i);
    assert.match(c.set_cookie, /SameSite=Strict/i);
    assert.match(c.set_cookie, /Path=\//i);
});

test('a role for whoever is not signed in is for this machine alone', async () => {
    const open = await Server.start({ args: ['--anonymous', 'planner'] });
    try {
        const { port } = new URL(open.url);
        const ask = (host) => raw_status(`GET /api/plans HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, port);
        assert.match(open.stderr, /WARNING/);
        for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
            assert.equal(await ask(host), 200, host);
        }
        for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', 'localhost.evil.example', '[::1', '']) {
            assert.equal(await ask(host), 401, host);
        }
    } finally {
        await open.close();
    }
    await assert.rejects(Server.start({ listen: '0.0.0.0:0', args: ['--anonymous', 'planner'] }), /only on loopback/);
});

test('signing out ends the session for good', async () => {
    const c = new Client(server.url);
    await c.sign_in('planner', PASSWORD);
    const cookie = c.cookie;
    await c.expect(204, 'DELETE', '/api/session');
    const again = new Client(server.url);
    again.cookie = cookie;
    assert.equal((await again.call('GET', '/api/plans')).status, 401);
});

test('names that climb end as plain names', async () => {
    const c = clients.planner;
    for (const [name, clean] of [
        ['../../etc/passwd', 'passwd.txt'],
        ['..\\..\\boot.ini', 'boot.ini.txt'],
        ['/abs/olute.txt', 'olute.txt'],
        ['a\r\nset-cookie: x=1.txt', null],
        ['\u0000.txt', null],
        ['....', null],
    ]) {
        const body = `证明 ${name.length} ${Math.random()}`;
        const put = await c.call('POST', `/api/files?name=${encodeURIComponent(name)}`, body, { 'content-type': 'text/plain' });
        if (put.status === 400 || put.status === 422) {
            continue; // refused is fine
        }
        assert.equal(put.status, 201);
        assert.doesNotMatch(put.body.name, /[/\\\u0000-\u001f]|^\./);
        if (clean) {
            assert.equal(put.body.name, clean);
        }
        const got = await c.expect(200, 'GET', `/api/files/${put.body.file}`);
        assert.equal(got.body.toString(), body);
        assert.match(got.headers.get('content-disposition'), /^attachment/);
        assert.equal(got.headers.get('x-content-type-options'), 'nosniff');
        assert.match(got.headers.get('content-security-policy'), /sandbox/);
    }
});

test('a path that climbs finds nothing', async () => {
    for (const path of [
        '/assets/../t.db', '/assets/..%2ft.db', '/assets/%2e%2e/t.db', '/api/files/..%2f..%2fetc%2fpasswd',
        '/assets/', '/assets/app.js%00.html', '//etc/passwd',
    ]) {
        const status = await raw_status(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
        assert.ok([400, 401, 404].includes(status), `${path}: ${status}`);
    }
});

// Sends bytes as they are and returns the status of the answer, 0 where there was none.
function raw_status(bytes, port = new URL(server.url).port) {
    return new Promise((resolve) => {
        let seen = '';
        const s = connect(Number(port), '127.0.0.1', () => s.write(bytes));
        s.on('data', (d) => {
            seen += d;
            if (seen.includes('\r\n')) {
                s.destroy();
            }
        });
        s.on('error', () => {});
        s.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(seen)?.[1] ?? 0)));
    });
}

test('files that are not what evidence may be are refused', async () => {
    const c = clients.planner;
    for (const [bytes, type] of [
        ['<html><script>alert(1)</script></html>', 'text/html'],
        ['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'image/svg+xml'],
        [new Uint8Array([0x4d, 0x5a, 0x90, 0, 3, 0]), 'application/octet-stream'],
        [new Uint8Array([0xff, 0xfe, 0xfd]), 'text/plain'],
    ]) {
        const put = await c.call('POST', '/api/files?name=x.bin', bytes, { 'content-type': type });
        assert.ok([415, 422].includes(put.status), `${type}: ${put.status}`);
    }
});

test('what is too large is refused before it is taken', async () => {
    const c = clients.planner;
    const big = new Uint8Array(11 * 1024 * 1024).fill(32);
    const put = await c.call('POST', '/api/files?name=x.txt', big, { 'content-type': 'text/plain' }).catch(() => null);
    assert.ok(put === null || put.status === 413, `${put?.status}`);
    const long = await c.call('POST', '/api/tokens', { name: 'x'.repeat(100000), days: 1 }).catch(() => null);
    assert.ok(long === null || long.status === 413, `${long?.status}`);
    assert.equal(await raw_status(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100000)}\r\n\r\n`) >= 400, true);
    assert.equal((await c.call('GET', '/healthz')).status, 200);
});

test('texts that would be script come back as text, in JSON and with nosniff', async () => {
    const { planner, supervisor, administrator } = clients;
    const at = '/api/plans/1/tasks/1';
    const owner = await planner.change('PUT', at, '/owners', {
        owners: [{ organisation: null, name: SCRIPT.slice(0, 100), role: 'lead' }], note: SCRIPT,
    });
    assert.equal(owner.status, 200);
    const report = await planner.change('POST', at, '/progress', { as_of: '2021-06-30', value: '10', unit: '%', note: SCRIPT });
    assert.equal(report.status, 201, JSON.stringify(report.body));
    const slip = await supervisor.change('POST', at, '/slips', { organisation: 'wuxi.finance', demand: SCRIPT, days: 5 });
    assert.equal(slip.status, 201, JSON.stringify(slip.body));
    await administrator.expect(201, 'POST', '/api/accounts', { login: 'xss', name: SCRIPT.slice(0, 100), role: 'public', organisation: null });
    const item = await planner.expect(200, 'GET', at);
    assert.equal(item.body.progress[0].note, SCRIPT);
    assert.match(item.headers.get('content-type'), /^application\/json/);
    assert.equal(item.headers.get('x-content-type-options'), 'nosniff');
});

test('the page allows nothing from elsewhere', async () => {
    const page = await new Client(server.url).expect(200, 'GET', '/');
    const policy = page.headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.doesNotMatch(page.body.toString(), /(src|href)="(https?:)?\/\//);
});

test('guessing passwords is slowed down', async () => {
    const c = new Client(server.url);
    const seen = [];
    for (let i = 0; i < 8; i++) {
        seen.push(await c.call('POST', '/api/session', { login: 'supervisor', password: `wrong ${i} wrong wrong` }));
    }
    assert.equal(seen[0].status, 401);
    const last = seen.at(-1);
    assert.equal(last.status, 429);
    assert.ok(Number(last.headers.get('retry-after')) >= 1);
    const unknown = await c.call('POST', '/api/session', { login: 'nobody.here', password: 'wrong wrong wrong' });
    assert.deepEqual(unknown.body.detail, seen[0].body.detail, 'an unknown name is told like a wrong password');
});

test('bodies that are not what they should be are told where they are wrong', async () => {
    const c = clients.planner;
    for (const [body, word] of [
        ['{"name":"x","days":1', /byte|end/],
        ['[]', /object/],
        ['{"name":"x","days":"1"}', /days/],
        ['{"name":"x","days":1,"more":2}', /more/],
        ['{"name":"x","name":"y","days":1}', /name/],
        ['{"name":"\\ud800","days":1}', /./],
        ['{"days":1}', /name/],
        ['{"name":"x","days":100000}', /days|365/],
    ]) {
        const answer = await c.call('POST', '/api/tokens', body, { 'content-type': 'application/json' });
        assert.equal(answer.status, /^[{].*[}]$/.test(body) && !/ud800|"name":"x","name"/.test(body) || body === '[]' ? 422 : 400, body);
        assert.match(answer.body.detail, word, body);
    }
});

test('methods and paths that are not there', async () => {
    const c = clients.planner;
    const other = await c.call('DELETE', '/api/plans');
    assert.equal(other.status, 405);
    assert.match(other.headers.get('allow'), /GET/);
    assert.equal((await c.call('GET', '/api/nothing')).status, 404);
    assert.equal((await c.call('GET', '/api/plans/0/board')).status, 404);
    assert.equal((await c.call('GET', '/api/plans/99999999999999999999/board')).status, 404);
    assert.equal((await c.call('GET', '/api/plans/1/tasks/9999')).status, 404);
});

test('10,000 slow clients do not keep a good one out', { timeout: 100000 }, async () => {
    const url = new URL(server.url);
    const slow = [];
    let refused = 0;
    for (let i = 0; i < 10000; i++) {
        const s = connect({ port: Number(url.port), host: url.hostname, localAddress: '127.0.0.2' });
        s.on('error', () => { refused += 1; });
        s.on('connect', () => s.write('GET / HTTP/1.1\r\nHost: x\r\nX-'));
        slow.push(s);
        if (i % 200 === 199) {
            await new Promise((resolve) => setImmediate(resolve));
            const started = performance.now();
            const answer = await clients.planner.call('GET', '/healthz');
            assert.equal(answer.status, 200);
            assert.ok(performance.now() - started < 2000, `answered after ${i} slow clients`);
        }
    }
    const c = new Client(server.url); // a new connection
    assert.equal((await c.call('GET', '/healthz', undefined, { connection: 'close' })).status, 200);
    for (const s of slow) {
        s.destroy();
    }
    assert.ok(refused <= 10000);
});
