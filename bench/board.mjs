// board: how fast `taihu serve` answers the board of a whole plan, and how long people wait while
// others write.
//
//   node bench/board.mjs FOLDER      FOLDER is on a disk, and is left empty
//
// Starts build/taihu on a database of its own with Wuxi's plan of 2021 and report of 2022, on
// loopback. Readers are wrk: 50 connections that ask again as soon as they are answered, so they
// take all that is left of the machine. Writers are in here: each reads an item, then reports on
// it, superseding the report before.
//
//   1  the board, nothing changing: beside build/bench/http bare, libmicrohttpd alone with as many
//      bytes, in rounds that take turns; the middle one of each
//   2  50 readers, 10 writers without a pause
//   3  50 readers, one change each 100 ms: a busy office
//   4  from the start to the first answer, and memory
//
// Readers and writers share the machine's processors with the server. The last column says what the
// number is held to.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createInterface } from 'node:readline';

import { Server, outcome_bytes, plan_bytes } from '../tests/server/lib/server.mjs';
import { at, by_number, judge, load, memory, middle, number, sleep } from './load.mjs';

const READERS = 50;
const WRITERS = 10;
const ROUNDS = 3;
const ROUND_S = 3;
const MIXED_S = 10;
const STARTS = 5;
const CHANGE_EVERY_MS = 100;
const BOARD = '/api/plans/1/board';
const DAY = '2021-06-30'; // what all reports are as of

const folder = process.argv[2];
if (folder === undefined) {
    console.error('board: name a folder for the database');
    process.exit(2);
}

// ---- programs beside this one ----

const read_all = (url, seconds, headers = {}) => load(url, { folder, connections: READERS, seconds, headers });

// libmicrohttpd alone with a body of that many bytes.
class Bare {
    static async start(bytes) {
        const b = new Bare();
        b.process = spawn('build/bench/http', ['bare', `${bytes}`], { stdio: ['pipe', 'pipe', 'inherit'] });
        const lines = createInterface({ input: b.process.stdout });
        b.url = `http://127.0.0.1:${(await lines[Symbol.asyncIterator]().next()).value}/`;
        return b;
    }

    stop() {
        this.process.stdin.end();
    }
}

// ---- writing ----

// One person with a connection: http.request, as fetch() costs more than what it measures.
class Writer {
    constructor(url, client, tasks) {
        this.url = new URL(url);
        this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        this.headers = { cookie: client.cookie, 'x-csrf-token': client.csrf };
        this.tasks = tasks;
        this.reads = [];
        this.writes = [];
    }

    ask(method, path, headers, body) {
        return new Promise((resolve, reject) => {
            const request = http.request(
                { host: this.url.hostname, port: this.url.port, agent: this.agent, method, path, headers },
                (answer) => {
                    const parts = [];
                    answer.on('data', (d) => parts.push(d));
                    answer.on('end', () => {
                        resolve({ status: answer.statusCode, etag: answer.headers.etag, body: Buffer.concat(parts) });
                    });
                });
            request.on('error', reject);
            request.end(body);
        });
    }

    async timed(times, wanted, method, path, headers, body) {
        const start = performance.now();
        const answer = await this.ask(method, path, headers, body);
        times.push(performance.now() - start);
        if (answer.status !== wanted) {
            throw new Error(`${method} ${path}: ${answer.status}, not ${wanted}: ${answer.body}`);
        }
        return answer;
    }

    async change(task, value) {
        const path = `/api/plans/1/tasks/${task}`;
        const seen = await this.timed(this.reads, 200, 'GET', path, this.headers);
        const before = JSON.parse(seen.body).progress[0];
        const body = { as_of: DAY, value: `${value}`, unit: '%', supersedes: before?.id };
        const headers = { ...this.headers, 'if-match': seen.etag, 'content-type': 'application/json' };
        await this.timed(this.writes, 201, 'POST', `${path}/progress`, headers, JSON.stringify(body));
    }

    // Goes round its tasks until `end`, one change each `every_ms` where that is not 0.
    async work(end, every_ms) {
        let next = performance.now();
        for (let i = 0; performance.now() < end; i++) {
            await this.change(this.tasks[i % this.tasks.length], i % 100);
            next += every_ms;
            await sleep(every_ms === 0 ? 0 : Math.max(0, next - performance.now()));
        }
        this.agent.destroy();
    }
}

function told(times, seconds) {
    const sorted = times.sort(by_number);
    return { rate: sorted.length / seconds, p50: at(sorted, 0.5), p99: at(sorted, 0.99), max: sorted.at(-1) };
}

// READERS read the board while so many writers write.
async function mix(server, client, tasks, writers, every_ms) {
    const all = Array.from({ length: writers }, (_, w) =>
        new Writer(server.url, client, tasks.filter((_task, i) => i % writers === w)));
    const end = performance.now() + MIXED_S * 1000;
    const [board] = await Promise.all([
        read_all(server.url + BOARD, MIXED_S, { Cookie: client.cookie }),
        ...all.map((w) => w.work(end, every_ms)),
    ]);
    return {
        board,
        item: told(all.flatMap((w) => w.reads), MIXED_S),
        change: told(all.flatMap((w) => w.writes), MIXED_S),
    };
}

// ---- the table ----

function row(name, { rate, p50, p99, max } = {}, held = '') {
    console.log(name.padEnd(48) + number(rate).padStart(9) + number(p50, 1).padStart(9)
        + number(p99, 1).padStart(9) + number(max, 1).padStart(9) + (held === '' ? '' : `   ${held}`));
}

// ---- the four parts ----

// The middle round by its rate.
const middle_round = (rounds) => rounds.find((r) => r.rate === middle(rounds.map((x) => x.rate)));

async function measure_still(server, client) {
    const board = await client.expect(200, 'GET', BOARD);
    const bytes = Number(board.headers.get('content-length'));
    const bare = await Bare.start(bytes);
    const rounds = { bare: [], board: [], same: [] };
    const headers = { Cookie: client.cookie };
    for (let i = 0; i < ROUNDS; i++) {
        rounds.bare.push(await read_all(bare.url, ROUND_S));
        rounds.board.push(await read_all(server.url + BOARD, ROUND_S, headers));
        rounds.same.push(await read_all(server.url + BOARD, ROUND_S, { ...headers, 'If-None-Match': board.etag }));
    }
    bare.stop();
    const [b, o, s] = [rounds.bare, rounds.board, rounds.same].map(middle_round);
    row(`1  ${bytes} bytes by libmicrohttpd alone`, b);
    row('   the board, nothing changing', o, judge(o.rate >= 2000, '2,000/s'));
    row('   the same, 304 by If-None-Match', s);
    console.log(`   the board at ${number(o.rate / b.rate, 2)} of libmicrohttpd's speed`);
}

async function measure_mixed(server, client) {
    const tasks = (await client.expect(200, 'GET', BOARD)).body.tasks.map((t) => t.number);
    const parts = [
        [`2  ${READERS} read the board, ${WRITERS} write: boards`, WRITERS, 0],
        [`3  ${READERS} read the board, 10 changes/s: boards`, 1, CHANGE_EVERY_MS],
    ];
    for (const [name, writers, every_ms] of parts) {
        const m = await mix(server, client, tasks, writers, every_ms);
        row(name, m.board, judge(m.board.p99 < 50, 'p99 < 50'));
        row('   an item, before it is changed', m.item, judge(m.item.p99 < 50, 'p99 < 50'));
        row('   a change, on disk', m.change, judge(m.change.p99 < 50, 'p99 < 50'));
    }
}

async function measure_start(server) {
    const times = [];
    const peak = memory(server.process.pid, 'VmHWM');
    for (let i = 0; i < STARTS; i++) {
        await server.stop();
        const start = performance.now();
        await server.run();
        await (await fetch(`${server.url}/healthz`)).arrayBuffer();
        times.push(performance.now() - start);
    }
    row('4  from the start to the first answer, ms', { p50: middle(times), max: Math.max(...times) });
    console.log(`   memory: ${number(memory(server.process.pid, 'VmRSS'), 1)} MB when started, at most ${number(peak, 1)} MB above`);
}

mkdirSync(folder, { recursive: true });
const server = await Server.start({ folder });
try {
    const { planner } = await server.everybody();
    await planner.load_plan(plan_bytes(), 'wuxi-2021.txt');
    await planner.load_plan(outcome_bytes(), 'wuxi-2022.txt');
    console.log(`${''.padEnd(48)}${'/s'.padStart(9)}${'p50 ms'.padStart(9)}${'p99 ms'.padStart(9)}${'max ms'.padStart(9)}`);
    await measure_still(server, planner);
    await measure_mixed(server, planner);
    await measure_start(server);
} finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
}
