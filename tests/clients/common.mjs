// What both clients' sessions share: a server with a token, and a place that takes notifications.
import assert from 'node:assert/strict';
import http from 'node:http';

import { Server } from '../server/lib/server.mjs';


export const CORE = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld';

// A server of its own and a token with the administrator's rights.
export async function start() {
    const server = await Server.start({ args: ['--notify-host', '127.0.0.1'] });
    const admin = await server.administrator();
    const made = await admin.expect(201, 'POST', '/api/tokens', { name: 'client', days: 1 });
    return { server, token: made.body.secret };
}

// What `ask` gives once it gives something: the server notes some things after it has answered.
export async function until(ask, milliseconds = 5000) {
    const deadline = Date.now() + milliseconds;
    for (;;) {
        const got = await ask();
        if (got !== undefined) {
            return got;
        }
        assert.ok(Date.now() < deadline, `still nothing after ${milliseconds} ms`);
    }
}

// Keeps the notifications that it is sent; next() gives the first that was not given yet.
export async function receiver() {
    const waiting = [];
    const kept = [];
    const listener = http.createServer((request, answer) => {
        const parts = [];
        request.on('data', (d) => parts.push(d));
        request.on('end', () => {
            const got = { headers: request.headers, body: JSON.parse(Buffer.concat(parts).toString()) };
            answer.writeHead(204).end();
            const to = waiting.shift();
            if (to) {
                to(got);
            } else {
                kept.push(got);
            }
        });
    });
    await new Promise((resolve) => { listener.listen(0, '127.0.0.1', resolve); });
    return {
        url: `http://127.0.0.1:${listener.address().port}/notify`,
        close: () => { listener.closeAllConnections(); listener.close(); },
        next: (milliseconds = 5000) => kept.length > 0 ? Promise.resolve(kept.shift()) : new Promise((resolve, reject) => {
            const late = setTimeout(() => reject(new Error(`no notification in ${milliseconds} ms`)), milliseconds);
            waiting.push((got) => { clearTimeout(late); resolve(got); });
        }),
    };
}
