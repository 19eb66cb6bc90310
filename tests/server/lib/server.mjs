// A Taihu of its own for a test: a fresh database in a folder of its own, on a port of its own, with
// an account for each role; stopped by its own process.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const TAIHU = process.env.TAIHU ?? 'build/taihu';
export const SOURCE = process.env.TAIHU_SOURCE_DIR ?? process.cwd();
export const PASSWORD = 'correct horse battery staple';

// role -> organisation that its account belongs to
export const ROLES = {
    administrator: null,
    planner: 'wuxi.development',
    supervisor: 'wuxi.office',
    department: 'wuxi.industry',
    district: null, // filled with the first district's government
    town: null,
    public: null,
};

export const plan_bytes = () => readFileSync(join(SOURCE, 'samples/wuxi-2021.txt'));
export const outcome_bytes = () => readFileSync(join(SOURCE, 'samples/wuxi-2022.txt'));

export class Server {
    // Options: folder (kept by the caller), args (more words of the command line), port, env, data
    static async start(options = {}) {
        const s = new Server();
        s.owns_folder = options.folder === undefined;
        s.folder = options.folder ?? mkdtempSync(join(tmpdir(), 'taihu-server-'));
        s.db = options.db ?? join(s.folder, 't.db');
        s.words = [
            'serve', '--db', s.db, '--listen', options.listen ?? `127.0.0.1:${options.port ?? 0}`,
            '--data', options.data ?? join(SOURCE, 'data'), ...(options.args ?? []),
        ];
        s.env = options.env;
        await s.run();
        return s;
    }

    run() {
        this.stderr = '';
        this.process = spawn(TAIHU, this.words, {
            stdio: ['ignore', 'pipe', 'pipe'],
            env: { ...process.env, ...this.env },
        });
        this.ended = new Promise((resolve) => {
            this.process.on('exit', (code, signal) => resolve({ code, signal }));
        });
        this.process.stderr.on('data', (d) => { this.stderr += d; });
        return new Promise((resolve, reject) => {
            const lines = createInterface({ input: this.process.stdout });
            lines.on('line', (line) => {
                const at = /^listening on (http:\/\/\S+)$/.exec(line);
                if (at) {
                    this.url = at[1];
                    resolve(this);
                }
            });
            this.process.on('exit', (code) => {
                reject(new Error(`taihu serve ended with ${code}: ${this.stderr}`));
            });
        });
    }

    one_time() {
        return /one-time password: (\S+)/.exec(this.stderr)?.[1];
    }

    async stop(signal = 'SIGTERM') {
        this.process.kill(signal);
        return this.ended;
    }

    async close() {
        if (this.process.exitCode === null && this.process.signalCode === null) {
            const { code, signal } = await this.stop();
            if (code !== 0) { // a sanitizer had something to say
                throw new Error(`taihu serve ended with ${code ?? signal}: ${this.stderr}`);
            }
        }
        if (this.owns_folder) {
            rmSync(this.folder, { recursive: true, force: true });
        }
    }

    // Signs the first administrator in and gives it a password of its own.
    async administrator() {
        const c = new Client(this.url);
        await c.sign_in('admin', this.one_time());
        await c.expect(204, 'POST', '/api/session/password', { old: this.one_time(), new: PASSWORD });
        return c;
    }

    // An account and a signed-in client for each role.
    async everybody() {
        const admin = await this.administrator();
        const bodies = (await admin.expect(200, 'GET', '/api/organisations')).body.items;
        const district = bodies.find((o) => o.level === 'district');
        const clients = { administrator: admin };
        for (const [role, code] of Object.entries(ROLES)) {
            if (role === 'administrator') {
                continue;
            }
            const organisation = ['district', 'town'].includes(role) ? district.code : code;
            clients[role] = await this.account(admin, { login: role, name: `某${role}`, role, organisation });
        }
        return clients;
    }

    async account(admin, fields) {
        const made = await admin.expect(201, 'POST', '/api/accounts', fields);
        const c = new Client(this.url);
        c.id = made.body.account.id;
        await c.sign_in(fields.login, made.body.password);
        await c.expect(204, 'POST', '/api/session/password', { old: made.body.password, new: PASSWORD });
        await c.refresh();
        return c;
    }
}

export class Client {
    constructor(url) {
        this.url = url;
        this.cookie = null;
        this.csrf = null;
    }

    // Returns {status, headers, body}; body is what the JSON says, or a Buffer.
    async call(method, path, body, headers = {}) {
        const h = { ...headers };
        if (this.cookie) {
            h.cookie = this.cookie;
        }
        if (this.token) {
            h.authorization = `Bearer ${this.token}`;
        }
        if (this.csrf && !['GET', 'HEAD'].includes(method) && !('x-csrf-token' in h)) {
            h['x-csrf-token'] = this.csrf;
        }
        let bytes = body;
        if (body !== undefined && !(body instanceof Uint8Array) && typeof body !== 'string') {
            bytes = JSON.stringify(body);
            h['content-type'] ??= 'application/json';
        }
        const answer = await fetch(this.url + path, { method, headers: h, body: bytes, redirect: 'manual' });
        const set = answer.headers.get('set-cookie');
        if (set) {
            this.cookie = set.split(';')[0];
            this.set_cookie = set;
        }
        const raw = Buffer.from(await answer.arrayBuffer());
        const type = answer.headers.get('content-type') ?? '';
        return {
            status: answer.status,
            headers: answer.headers,
            etag: answer.headers.get('etag'),
            body: /json/.test(type) ? JSON.parse(raw.toString()) : raw,
        };
    }

    async expect(status, method, path, body, headers) {
        const answer = await this.call(method, path, body, headers);
        if (answer.status !== status) {
            throw new Error(
                `${method} ${path}: ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
        }
        return answer;
    }

    async sign_in(login, password) {
        this.csrf = null;
        const answer = await this.expect(200, 'POST', '/api/session', { login, password });
        this.csrf = answer.body.csrf;
        return answer;
    }

    async refresh() {
        const answer = await this.expect(200, 'GET', '/api/session');
        this.csrf = answer.body.csrf;
        return answer.body;
    }

    async load_plan(bytes = plan_bytes(), name = 'wuxi-2021.txt') {
        return this.call('POST', `/api/plans?name=${name}`, bytes, { 'content-type': 'text/plain' });
    }

    // A change of what is at `path`, with the version it has now.
    async change(method, path, what, body, headers = {}) {
        const seen = await this.expect(200, 'GET', path);
        return this.call(method, path + what, body, { 'if-match': seen.etag, ...headers });
    }
}
