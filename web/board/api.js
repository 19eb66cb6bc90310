// What the page asks of its server. A refusal is a Problem that carries what the server said.

let token = null; // against forged requests, from the session
let lost = () => {};

export class Problem extends Error {
    constructor(status, body) {
        super(body?.detail || body?.title || `HTTP ${status}`);
        this.status = status;
        this.body = body ?? {};
        this.type = body?.type ?? "about:blank";
    }
}

export function setToken(csrf) {
    token = csrf;
}

// `tell` is called when the server no longer knows the session, or wants another password first.
export function onLost(tell) {
    lost = tell;
}

const parse = (text, type) => {
    if (text === "") return null;
    return /json/.test(type ?? "") ? JSON.parse(text) : text;
};

function fail(status, body, path) {
    const problem = new Problem(status, typeof body === "object" ? body : { detail: body });
    if (status === 401 && !path.startsWith("/api/session")) lost("signed-out");
    if (problem.type === "/problems/password-change") lost("password");
    throw problem;
}

// A key under which the server knows a request again when it comes twice.
export function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

function headersOf(method, { version, key, json }) {
    const headers = { Accept: "application/json, application/problem+json" };
    if (method !== "GET" && token) headers["X-CSRF-Token"] = token;
    if (json) headers["Content-Type"] = "application/json";
    if (version !== undefined && version !== null) headers["If-Match"] = `"${version}"`;
    if (key) headers["Idempotency-Key"] = key;
    return headers;
}

// {data, version, status, count}: the answer's body, its ETag without quotes, its status, how many
// entities there are in all where that was asked.
export async function ask(method, path, body, options = {}) {
    const json = body !== undefined && body !== null;
    let answer;
    try {
        answer = await fetch(path, {
            method,
            credentials: "same-origin",
            cache: "no-cache",
            signal: options.signal,
            headers: headersOf(method, { ...options, json }),
            body: json ? JSON.stringify(body) : undefined,
        });
    } catch (e) {
        if (e.name === "AbortError") throw e;
        throw new Problem(0, { detail: "" });
    }
    const data = parse(await answer.text(), answer.headers.get("Content-Type"));
    if (!answer.ok) fail(answer.status, data, path);
    const etag = answer.headers.get("ETag");
    const count = answer.headers.get("NGSILD-Results-Count");
    return {
        data,
        status: answer.status,
        version: etag?.replace(/^(W\/)?"|"$/g, "") ?? null,
        count: count === null ? null : Number(count),
    };
}

export const get = async (path, options) => (await ask("GET", path, undefined, options)).data;

// All items of a list that is given in parts.
export async function getAll(path) {
    const items = [];
    let after = null;
    do {
        const url =
            path +
            (path.includes("?") ? "&" : "?") +
            "limit=1000" +
            (after === null ? "" : "&after=" + encodeURIComponent(after));
        const part = await get(url);
        items.push(...part.items);
        after = part.next ?? null;
    } while (after !== null);
    return items;
}

export async function getBytes(path) {
    const answer = await fetch(path, { credentials: "same-origin", cache: "no-cache" });
    if (!answer.ok)
        fail(answer.status, parse(await answer.text(), answer.headers.get("Content-Type")), path);
    return new Uint8Array(await answer.arrayBuffer());
}

// Sends a file as it is. `progress` is told the part sent, from 0 to 1; fetch cannot say that.
export function upload(path, file, progress = () => {}) {
    return new Promise((resolve, reject) => {
        const x = new XMLHttpRequest();
        x.open("POST", path);
        x.setRequestHeader("Content-Type", file.type || "application/octet-stream");
        x.setRequestHeader("Accept", "application/json, application/problem+json");
        if (token) x.setRequestHeader("X-CSRF-Token", token);
        x.upload.onprogress = (e) => e.lengthComputable && progress(e.loaded / e.total);
        x.onerror = () => reject(new Problem(0, { detail: "" }));
        x.onload = () => {
            try {
                const data = parse(x.responseText, x.getResponseHeader("Content-Type"));
                if (x.status >= 400) fail(x.status, data, path);
                resolve({ data, status: x.status });
            } catch (e) {
                reject(e);
            }
        };
        x.send(file);
    });
}
