// Mosquitto of Debian as a test's own: its configuration and state in a folder of its own, on a port
// of its own on loopback, stopped by its own process; and mosquitto_pub, a client that is not ours.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const DEADLINE = 30000;

export const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// Asks until the answer is true, and returns it.
export async function until(what, ask) {
    const end = Date.now() + DEADLINE;
    for (;;) {
        const answer = await ask();
        if (answer) {
            return answer;
        }
        if (Date.now() > end) {
            throw new Error(`not within ${DEADLINE / 1000} s: ${what}`);
        }
        await pause(10);
    }
}

export const free_port = () => new Promise((resolve) => {
    const s = createServer().listen(0, '127.0.0.1', () => {
        const { port } = s.address();
        s.close(() => resolve(port));
    });
});

// Whether somebody listens.
const answers = (port) => new Promise((resolve) => {
    const s = connect(port, '127.0.0.1', () => { s.destroy(); resolve(true); });
    s.on('error', () => resolve(false));
});

export class Broker {
    // Options: tls (makes a certificate for localhost), password (of the user "taihu")
    static async start(options = {}) {
        const b = new Broker();
        b.folder = mkdtempSync(join(tmpdir(), 'taihu-broker-'));
        b.port = await free_port();
        b.tls = options.tls === true;
        b.password = options.password;
        b.ca = join(b.folder, 'cert.pem');
        if (b.tls) {
            b.certify('cert.pem', 'key.pem');
        }
        if (b.password) {
            execFileSync('mosquitto_passwd', ['-b', '-c', join(b.folder, 'passwords'), 'taihu', b.password]);
        }
        b.write();
        await b.run();
        return b;
    }

    certify(cert, key) {
        execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
            '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
            '-keyout', join(this.folder, key), '-out', join(this.folder, cert)], { stdio: 'pipe' });
    }

    // A queue without end: with an end a broker drops what it has acknowledged.
    write() {
        writeFileSync(join(this.folder, 'mosquitto.conf'), [
            `listener ${this.port} 127.0.0.1`, `user ${userInfo().username}`,
            'persistence true', `persistence_location ${this.folder}/`, 'max_queued_messages 0',
            ...(this.password ? [`password_file ${join(this.folder, 'passwords')}`, 'allow_anonymous false'] : ['allow_anonymous true']),
            ...(this.tls ? [`certfile ${this.ca}`, `keyfile ${join(this.folder, 'key.pem')}`] : []),
        ].map((line) => `${line}\n`).join(''));
    }

    async run() {
        this.log = '';
        this.process = spawn('/usr/sbin/mosquitto', ['-c', join(this.folder, 'mosquitto.conf')], { stdio: ['ignore', 'pipe', 'pipe'] });
        this.process.stderr.on('data', (d) => { this.log += d; });
        this.process.stdout.on('data', (d) => { this.log += d; });
        this.ended = new Promise((resolve) => { this.process.on('exit', resolve); });
        await until('the broker listens', async () => {
            if (this.process.exitCode !== null) {
                throw new Error(`mosquitto ended: ${this.log}`);
            }
            return answers(this.port);
        });
    }

    async stop(signal = 'SIGTERM') {
        this.process.kill(signal);
        return this.ended;
    }

    async close() {
        if (this.process.exitCode === null && this.process.signalCode === null) {
            await this.stop();
        }
        rmSync(this.folder, { recursive: true, force: true });
    }

    // Publishes each line as a message with QoS 1. True: the broker acknowledged them all.
    publish(topic, lines) {
        return this.send(topic, ['-l'], lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
    }

    // Publishes the bytes as one message.
    publish_bytes(topic, bytes) {
        return this.send(topic, ['-s'], bytes);
    }

    send(topic, words, bytes) {
        const host = this.tls ? ['-h', 'localhost', '--cafile', this.ca] : ['-h', '127.0.0.1'];
        const who = this.password ? ['-u', 'taihu', '-P', this.password] : [];
        const p = spawn('mosquitto_pub', ['-V', '5', '-p', String(this.port), '-q', '1', '-t', topic, ...host, ...who, ...words], {
            stdio: ['pipe', 'ignore', 'ignore'], timeout: DEADLINE,
        });
        p.stdin.on('error', () => {}); // it ended before it read all
        p.stdin.end(bytes);
        return new Promise((resolve) => { p.on('exit', (code) => resolve(code === 0)); });
    }
}
