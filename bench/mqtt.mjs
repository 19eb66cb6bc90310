// mqtt: how fast messages of a broker are kept by `taihu serve --mqtt`.
//
//   node bench/mqtt.mjs FOLDER      FOLDER is on a disk, and is left empty
//
// Mosquitto on loopback holds messages of some 30 bytes with QoS 1, published by mosquitto_pub; each
// is one observation of one of eight meters.
//
//   1  a backlog: as fast as the broker gives it, beside mosquitto_sub, which acknowledges the same
//      backlog and throws it away; in rounds that take turns; the middle one of each
//   2  while four clients publish without a pause
//
// Broker, clients and server share the machine's processors.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Broker, until } from '../tests/server/lib/broker.mjs';
import { Server } from '../tests/server/lib/server.mjs';

const MESSAGES = 80000;
const CLIENTS = 4;
const METERS = 8;
const ROUNDS = 3;
const SUBSCRIBER = ['-V', '5', '-i', 'bench', '-c', '-x', '3600', '-q', '1', '-t', 'm/#', '-h', '127.0.0.1'];

const folder = process.argv[2];
if (folder === undefined) {
    console.error('mqtt: name a folder for the database');
    process.exit(2);
}

const middle = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const whole = (n) => Math.round(n).toLocaleString('en-US');
const row = (name, rate, more = '') => console.log(`${name.padEnd(56)}${whole(rate).padStart(9)}/s  ${more}`);

const TABLE = {
    topics: [{
        topic: 'm/{meter}', id: 'urn:ngsi-ld:Meter:{meter}', type: 'Meter', time: { text: '{t}', format: '%s' },
        attributes: [{ name: 'level', column: 'n', kind: 'number', unitCode: 'MTR' }],
    }],
};

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'map.json'), JSON.stringify(TABLE));
const broker = await Broker.start();
const server = await Server.start({ folder, args: ['--mqtt', `mqtt://127.0.0.1:${broker.port}`, '--mqtt-map', join(folder, 'map.json')] });
const admin = await server.administrator();

async function metric(name) {
    const text = (await admin.expect(200, 'GET', '/metrics')).body.toString();
    return Number(new RegExp(`^taihu_mqtt_${name} (\\d+)$`, 'm').exec(text)[1]);
}

let moment = 1700000000;
let rounds = 0;

// As many for each client, all at moments of their own.
async function publish() {
    const from = moment;
    moment += MESSAGES / METERS;
    rounds += 1;
    await Promise.all(Array.from({ length: CLIENTS }, async (_, k) => {
        for (let m = k; m < METERS; m += CLIENTS) {
            const lines = Array.from({ length: MESSAGES / METERS }, (_, i) => ({ n: (i % 100) / 10, t: from + i }));
            if (!await broker.publish(`m/${m}`, lines)) {
                throw new Error('the broker did not take it');
            }
        }
    }));
}

const subscribe = (words) => new Promise((resolve, reject) => {
    const p = spawn('mosquitto_sub', [...SUBSCRIBER, '-p', String(broker.port), ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
    p.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`mosquitto_sub ended with ${code}`))));
});

async function timed(work) {
    const start = performance.now();
    await work();
    return (performance.now() - start) / 1000;
}

async function drain_rate() {
    await server.run();
    admin.url = server.url;
    let seen = 0;
    await until('the first batch', async () => { seen = await metric('kept_total'); return seen > 0; });
    const seconds = await timed(() => until('the backlog', async () => (await metric('kept_total')) >= MESSAGES));
    const commits = await metric('commits_total');
    return { rate: (MESSAGES - seen) / seconds, each: MESSAGES / commits };
}

async function measure_backlog() {
    const other = [];
    const ours = [];
    let each = 0;
    await subscribe(['-E']);
    for (let i = 0; i < ROUNDS; i++) {
        await server.stop();
        await publish();
        other.push(MESSAGES / await timed(() => subscribe(['-C', String(MESSAGES)])));
        const drained = await drain_rate();
        ours.push(drained.rate);
        each = drained.each;
    }
    execFileSync('mosquitto_sub', ['-V', '5', '-i', 'bench', '-x', '0', '-q', '1', '-t', 'none', '-E', '-h', '127.0.0.1', '-p', String(broker.port)]);
    row('1  a backlog by mosquitto_sub, which keeps nothing', middle(other));
    row('   by taihu, each on disk before it is acknowledged', middle(ours), `${whole(each)} messages a commit`);
    console.log(`   at ${(middle(ours) / middle(other)).toFixed(2)} of mosquitto_sub's speed`);
}

async function measure_live() {
    const before = await metric('kept_total');
    const commits = await metric('commits_total');
    const seconds = await timed(async () => {
        await publish();
        await until('all', async () => (await metric('kept_total')) - before >= MESSAGES);
    });
    row(`2  while ${CLIENTS} clients publish, to the last one on disk`, MESSAGES / seconds,
        `${whole(MESSAGES / (await metric('commits_total') - commits))} messages a commit`);
}

async function check() {
    const want = rounds * MESSAGES / METERS;
    const path = '/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:Meter:0?options=aggregatedValues&aggrMethods=totalCount'
        + '&aggrPeriodDuration=PT0S&timerel=after&timeAt=2000-01-01T00:00:00Z';
    const there = (await admin.expect(200, 'GET', path)).body.level.totalCount[0][0];
    if (there !== want) {
        throw new Error(`${there} observations of a meter, not ${want}`);
    }
    const rss = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${server.process.pid}/status`, 'utf8'))[1] * 1024 / 1e6;
    console.log(`   ${whole(want)} observations of each meter, as published; at most ${rss.toFixed(0)} MB of memory`);
}

try {
    await until('connected', async () => (await metric('connected')) === 1);
    await measure_backlog();
    await measure_live();
    await check();
} finally {
    await server.close();
    await broker.close();
    rmSync(folder, { recursive: true, force: true });
}
