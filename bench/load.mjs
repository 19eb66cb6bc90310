// load: what the benchmarks of this folder share: wrk as the clients, the middle of several rounds,
// the memory of a process.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// The value at a fraction of a list that is sorted.
export const at = (sorted, fraction) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))];
export const by_number = (a, b) => a - b;
export const middle = (list) => at([...list].sort(by_number), 0.5);

const WRK_SAYS = `
done = function(summary, latency)
    io.write(string.format('{"requests":%d,"us":%d,"p50":%f,"p99":%f,"max":%f,"wrong":%d}\\n',
        summary.requests, summary.duration, latency:percentile(50) / 1000,
        latency:percentile(99) / 1000, latency.max / 1000,
        summary.errors.status + summary.errors.connect + summary.errors.read +
        summary.errors.write + summary.errors.timeout))
end
`;

// What a command writes to its standard output.
export function run(command, words) {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (d) => { out += d; });
    return new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('exit', (code) => {
            code === 0 ? resolve(out) : reject(new Error(`${command} ended with ${code}`));
        });
    });
}

// What so many connections get that ask again as soon as they are answered: rate in answers a
// second, p50, p99, max in ms. `lua` may define request(), and gets the further words in init().
export async function load(url, { folder, connections, seconds, headers = {}, lua = '', words = [] }) {
    const script = join(folder, 'load.lua');
    writeFileSync(script, lua + WRK_SAYS);
    const all = ['-t2', `-c${connections}`, `-d${seconds}s`, '-s', script];
    for (const [name, value] of Object.entries(headers)) {
        all.push('-H', `${name}: ${value}`);
    }
    const said = JSON.parse((await run('wrk', [...all, url, '--', ...words])).trim().split('\n').pop());
    if (said.wrong > 0) {
        throw new Error(`${said.wrong} of ${said.requests} answers of ${url} were wrong`);
    }
    return { ...said, rate: said.requests / (said.us / 1e6) };
}

// MB of a process as the kernel counts it: VmRSS, or VmHWM, the most there ever was.
export function memory(pid, which) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${which}:\\s+(\\d+) kB`, 'm').exec(status)[1]) * 1024 / 1e6;
}

export const number = (v, digits = 0) => (v === undefined ? '' : v.toFixed(digits));

export const judge = (good, words) => `${words}: ${good ? 'yes' : 'NO'}`;
