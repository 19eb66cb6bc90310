// Who is told: a server that keeps what it was sent, and can be away, refuse, or never answer.
import { createServer } from 'node:http';

const PATIENCE_MS = 30000;

// Asks until the answer is truthy.
export async function until(ask, patience = PATIENCE_MS) {
    const end = Date.now() + patience;
    for (;;) {
        const answer = await ask();
        if (answer) {
            return answer;
        }
        if (Date.now() > end) {
            throw new Error(`not within ${patience} ms`);
        }
        await new Promise((resolve) => { setTimeout(resolve, 10); });
    }
}

export class Receiver {
    static async start({ silent = false } = {}) {
        const r = new Receiver();
        r.silent = silent;
        r.all = []; // in the order in which they came
        r.refused = new Map();
        r.waiting = [];
        r.open = 0; // requests that got no answer yet
        r.port = 0;
        await r.back();
        r.url = `http://127.0.0.1:${r.port}`;
        return r;
    }

    // Listens, on the port it had before.
    async back() {
        this.server = createServer((request, response) => this.take(request, response));
        this.server.keepAliveTimeout = 60000;
        await new Promise((resolve, reject) => {
            this.server.on('error', reject);
            this.server.listen(this.port, '127.0.0.1', resolve);
        });
        this.port = this.server.address().port;
    }

    // Answers nobody and closes what is open.
    async away() {
        this.server.closeAllConnections();
        await new Promise((resolve) => { this.server.close(resolve); });
    }

    async stop() {
        await this.away();
    }

    refuse(path, status) {
        this.refused.set(path, status);
    }

    take(request, response) {
        const chunks = [];
        this.open++;
        request.on('data', (d) => chunks.push(d));
        request.on('end', () => {
            if (this.silent) {
                return;
            }
            this.open--;
            const status = this.refused.get(request.url) ?? 200;
            if (status === 200) {
                this.all.push({
                    path: request.url, headers: request.headers,
                    body: JSON.parse(Buffer.concat(chunks).toString()),
                });
                this.waiting = this.waiting.filter((w) => !w());
            }
            response.writeHead(status).end();
        });
    }

    at(path) {
        return this.all.filter((n) => n.path === path);
    }

    // What came at a path, as soon as it is so many.
    wait(path, count) {
        return this.wait_for(path, (all) => all.length >= count);
    }

    async wait_for(path, enough) {
        await this.wait_for_all(() => enough(this.at(path)));
        return this.at(path);
    }

    wait_for_all(enough, patience = PATIENCE_MS) {
        if (enough(this.all)) {
            return Promise.resolve(this.all);
        }
        return new Promise((resolve, reject) => {
            const late = setTimeout(() => {
                reject(new Error(`not within ${patience} ms: ${this.all.length} came`));
            }, patience);
            this.waiting.push(() => {
                const done = enough(this.all);
                if (done) {
                    clearTimeout(late);
                    resolve(this.all);
                }
                return done;
            });
        });
    }
}
