// ingest: how fast observations come in and are on disk, beside InfluxDB.
//
//   node bench/ingest.mjs FOLDER compare     single updates, batches of 100 and of 1,000; reading
//   node bench/ingest.mjs FOLDER million     a million entities: the start, memory
//
// FOLDER is on a disk, and is left empty. Both servers run on loopback with a folder of their own
// below it, sync every write before they answer, and are stopped by their own process; wrk is the
// clients of both, in rounds that take turns, the middle one of each counts. All share the
// machine's processors.
//
// A point is one value of one of 10,000 stations, which report each half minute. Taihu is sent what a
// device of NGSI-LD sends: the entity's id and type, and a Property with value, unitCode and
// observedAt; InfluxDB the same in its line protocol: `air,station=s00042 pm25=35.1 1772323200000`.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { Server } from '../tests/server/lib/server.mjs';
import { judge, load, memory, middle, number, run, sleep } from './load.mjs';

const ENTITIES = 10000;
const MILLION = 1000000;
const CONNECTIONS = 64;
const ROUNDS = 3;
const ROUND_S = Number(process.env.ROUND_S ?? 4);
const DAY_MS = 86400000;
const START_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS - 90 * DAY_MS;

const [folder, part] = process.argv.slice(2);
if (folder === undefined || !['compare', 'million'].includes(part)) {
    console.error('ingest: name a folder, and compare or million');
    process.exit(2);
}

const NEAR = 'type=AirQualityObserved&q=pm25%3E30&georel=near%3BmaxDistance%3D%3D3000&geometry=Point'
    + '&coordinates=%5B120.3%2C31.5%5D&limit=20';

const station = (i) => `urn:ngsi-ld:AirQualityObserved:s${String(i).padStart(7, '0')}`;

// ---- InfluxDB ----

async function free_port() {
    const s = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => { s.once('listening', resolve); });
    const { port } = s.address();
    await new Promise((resolve) => { s.close(resolve); });
    return port;
}

// wal-fsync-delay 0s is its default: it syncs each write before it answers.
const influx_config = (at, port, rpc) => `
reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${at}/meta"
[data]
  dir = "${at}/data"
  wal-dir = "${at}/wal"
  wal-fsync-delay = "0s"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
[continuous_queries]
  enabled = false
[logging]
  level = "error"
`;

class Influx {
    static async start(at) {
        const s = new Influx();
        mkdirSync(at, { recursive: true });
        const port = await free_port();
        writeFileSync(join(at, 'influxdb.conf'), influx_config(at, port, await free_port()));
        s.url = `http://127.0.0.1:${port}`;
        s.process = spawn('influxd', ['-config', join(at, 'influxdb.conf')], { stdio: ['ignore', 'pipe', 'pipe'] });
        s.ended = new Promise((resolve) => { s.process.on('exit', resolve); });
        const log = createWriteStream(join(at, 'log'));
        s.process.stdout.pipe(log);
        s.process.stderr.pipe(log);
        for (let i = 0; (await fetch(`${s.url}/ping`).catch(() => null))?.status !== 204; i++) {
            if (i > 300) {
                throw new Error('influxd does not answer');
            }
            await sleep(100);
        }
        await (await fetch(`${s.url}/query?q=CREATE+DATABASE+b`, { method: 'POST' })).arrayBuffer();
        return s;
    }

    async count() {
        const q = encodeURIComponent('SELECT count(pm25) FROM air');
        const said = await (await fetch(`${this.url}/query?db=b&q=${q}`)).json();
        return said.results[0].series[0].values[0][1];
    }

    async stop() {
        this.process.kill();
        await this.ended;
    }
}

// ---- what wrk sends ----

// Each of wrk's two threads has moments of its own, so that no point is sent twice. `first` tells
// the rounds apart. A body is made by putting its moment into a text that is at hand.
const LUA = `
local thread_count = 0
function setup(thread)
    thread:set("lane", thread_count)
    thread_count = thread_count + 1
end

function init(args)
    kind, size, first = args[1], tonumber(args[2]), tonumber(args[3])
    n = 0
    groups = ${ENTITIES} / size
    texts = {}
    for g = 0, groups - 1 do
        local all = {}
        for i = g * size, g * size + size - 1 do
            local name, value = string.format("s%07d", i), string.format("%d.%d", 20 + i % 50, i % 10)
            if kind == "influx" then
                all[#all + 1] = "air,station=" .. name .. " pm25=" .. value .. " @"
            elseif size == 1 then
                all[#all + 1] = '{"pm25":{"type":"Property","value":' .. value ..
                    ',"unitCode":"GQ","observedAt":"@"}}'
            else
                all[#all + 1] = '{"id":"urn:ngsi-ld:AirQualityObserved:' .. name ..
                    '","type":"AirQualityObserved","pm25":{"type":"Property","value":' .. value ..
                    ',"unitCode":"GQ","observedAt":"@"}}'
            end
        end
        local text = kind == "influx" and table.concat(all, "\\n") or
            size == 1 and all[1] or "[" .. table.concat(all, ",") .. "]"
        texts[g] = {}
        for piece in (text .. "@"):gmatch("([^@]*)@") do
            table.insert(texts[g], piece)
        end
    end
end

function request()
    local g = (n * 7919 + lane * 13) % groups
    local round = math.floor(n / groups)
    local ms = first + round * 60000 + lane * 30000
    n = n + 1
    if kind == "influx" then
        return wrk.format("POST", "/write?db=b&precision=ms", nil,
            table.concat(texts[g], string.format("%.0f", ms)))
    end
    local s = math.floor(ms / 1000)
    local body = table.concat(texts[g],
        os.date("!%Y-%m-%dT%H:%M:%S", s) .. string.format(".%03dZ", ms % 1000))
    if size == 1 then
        return wrk.format("PATCH", "/ngsi-ld/v1/entities/urn:ngsi-ld:AirQualityObserved:" ..
            string.format("s%07d", g) .. "/attrs", nil, body)
    end
    return wrk.format("POST", "/ngsi-ld/v1/entityOperations/update", nil, body)
end
`;

let moment = START_MS; // of the next round; a day, 14 million points, is more than one can fill

async function round(kind, url, size, headers) {
    const said = await load(url, {
        folder, connections: CONNECTIONS, seconds: ROUND_S, headers, lua: LUA, words: [kind, size, moment],
    });
    moment += DAY_MS;
    return { ...said, points: said.rate * size, count: said.requests * size };
}

// ---- Taihu ----

async function token_of(server) {
    const admin = await server.administrator();
    const planner = await server.account(admin, {
        login: 'planner', name: '某某', role: 'planner', organisation: 'wuxi.development' });
    return (await planner.expect(201, 'POST', '/api/tokens', { name: 'bench', days: 1 })).body.secret;
}

async function ask(server, token, method, path, body) {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(server.url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) {
        throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    }
    return text;
}

const entity = (i) => ({
    id: station(i),
    type: 'AirQualityObserved',
    pm25: { type: 'Property', value: 20 + i % 50, unitCode: 'GQ', observedAt: '2026-02-28T00:00:00Z' },
    location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [120.1 + (i % 1000) / 2500, 31.3 + (i % 997) / 2500] } },
});

async function create(server, token, count) {
    const size = 1000;
    const lanes = Array.from({ length: 4 }, async (_, lane) => {
        for (let from = lane * size; from < count; from += 4 * size) {
            const all = Array.from({ length: Math.min(size, count - from) }, (_e, i) => entity(from + i));
            await ask(server, token, 'POST', '/ngsi-ld/v1/entityOperations/create', all);
        }
    });
    await Promise.all(lanes);
}

// ---- parts ----

const middle_round = (rounds) => rounds.find((r) => r.points === middle(rounds.map((x) => x.points)));

function row(name, r, held = '') {
    console.log(name.padEnd(40) + number(r.points).padStart(10) + number(r.rate).padStart(10)
        + number(r.p50, 1).padStart(9) + number(r.p99, 1).padStart(9) + (held === '' ? '' : `   ${held}`));
}

async function bare(size) {
    const said = await run('build/bench/ingest', ['bare', folder, String(size)]);
    return JSON.parse(said);
}

async function compare_size(server, influx, headers, size, want) {
    const rounds = { influx: [], taihu: [] };
    for (let i = 0; i < ROUNDS; i++) {
        rounds.influx.push(await round('influx', influx.url, size, {}));
        rounds.taihu.push(await round('taihu', server.url, size, headers));
    }
    const [i, t] = [rounds.influx, rounds.taihu].map(middle_round);
    const loop = await bare(size === 1 ? CONNECTIONS : size);
    const ratio = t.points / i.points;
    row(size === 1 ? 'one point a request: InfluxDB' : `${size} points a request: InfluxDB`, i);
    row('   taihu', t, judge(ratio >= want, `${number(ratio, 2)} of InfluxDB, wanted ${want}`));
    console.log('   SQLite alone, the same rows'.padEnd(40) + number(loop.points).padStart(10)
        + `   taihu at ${number(t.points / loop.points, 2)} of it`
        + (size === 1 ? `, ${CONNECTIONS} to a commit` : ''));
    return { influx: rounds.influx.reduce((sum, r) => sum + r.count, 0) };
}

// libmicrohttpd alone with a body of that many bytes.
async function bare_http(bytes) {
    const process = spawn('build/bench/http', ['bare', `${bytes}`], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: process.stdout });
    const url = `http://127.0.0.1:${(await lines[Symbol.asyncIterator]().next()).value}/`;
    return { url, stop: () => process.stdin.end() };
}

async function compare_read(server, token, name, path, want) {
    const bytes = Buffer.byteLength(await ask(server, token, 'GET', path));
    const http = await bare_http(bytes);
    const rounds = { bare: [], taihu: [] };
    const headers = { Authorization: `Bearer ${token}` };
    for (let i = 0; i < ROUNDS; i++) {
        rounds.bare.push(await load(http.url, { folder, connections: CONNECTIONS, seconds: ROUND_S }));
        rounds.taihu.push(await load(server.url + path, { folder, connections: CONNECTIONS, seconds: ROUND_S, headers }));
    }
    http.stop();
    const [b, t] = [rounds.bare, rounds.taihu].map((all) => all.find((r) => r.rate === middle(all.map((x) => x.rate))));
    row(`${bytes} bytes by libmicrohttpd alone`, { ...b, points: undefined });
    row(`   ${name}`, { ...t, points: undefined },
        judge(t.rate / b.rate >= want, `${number(t.rate / b.rate, 2)} of it, wanted ${want}`));
}

async function compare(server, token) {
    const influx = await Influx.start(join(folder, 'influx'));
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    try {
        await create(server, token, ENTITIES);
        console.log(''.padEnd(40) + 'points/s'.padStart(10) + 'asked/s'.padStart(10) + 'p50 ms'.padStart(9) + 'p99 ms'.padStart(9));
        for (const [size, want] of [[1, 1.5], [100, 1], [1000, 1]]) {
            await compare_size(server, influx, headers, size, want);
        }
        const [t, i] = [server.process.pid, influx.process.pid].map((pid) => memory(pid, 'VmHWM'));
        console.log(`memory at its most, MB: taihu ${number(t)}, InfluxDB ${number(i)}; `
            + judge(t / i <= 1 / 3, `${number(t / i, 2)} of it, wanted 0.33`));
    } finally {
        await influx.stop();
    }


}

async function million(server, token) {
    const started = performance.now();
    await create(server, token, MILLION);
    console.log(`${MILLION} entities created in ${number((performance.now() - started) / 1000)} s`);
    await server.stop();
    const times = [];
    for (let i = 0; i < 5; i++) {
        const start = performance.now();
        await server.run();
        await ask(server, token, 'GET', `/ngsi-ld/v1/entities/${station(i * 199999)}`);
        times.push(performance.now() - start);
        if (i < 4) {
            await server.stop();
        }
    }
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const r = await round('taihu', server.url, 1, headers);
    const most = memory(server.process.pid, 'VmHWM');
    console.log(`from the start to an entity, ms: ${number(middle(times))}, at most ${number(Math.max(...times))}; `
        + judge(Math.max(...times) < 1000, 'under 1,000'));
    console.log(`${number(r.points)} single updates/s; memory at its most ${number(most)} MB; ${judge(most < 200, 'under 200')}`);
}

mkdirSync(folder, { recursive: true });
const server = await Server.start({ folder });
try {
    const token = await token_of(server);
    await (part === 'compare' ? compare : million)(server, token);
} finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
}
