// A server that speaks the contract of the board from memory, for work on the page while the
// program does not serve it. Its plan is what the program reads from the samples; its reports,
// owners and lights are made up, always the same ones.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const TYPES = { html: "text/html", js: "text/javascript", css: "text/css" };
const CSP =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const ALL = [
    "plan.read",
    "plan.load",
    "owner.set",
    "path.set",
    "progress.read",
    "progress.report",
    "evidence.read",
    "slip.read",
    "slip.issue",
    "slip.answer",
    "slip.close",
    "verdict.confirm",
    "settings.read",
    "settings.change",
    "journal.read",
    "events.read",
    "account.read",
    "account.change",
    "token.own",
    "password.own",
];
const OWN = {
    "plan.read": "all",
    "progress.read": "all",
    "progress.report": "own",
    "evidence.read": "own",
    "slip.read": "own",
    "slip.answer": "own",
    "settings.read": "all",
    "events.read": "all",
    "token.own": "all",
};
const MAY = {
    administrator: Object.fromEntries(ALL.map((a) => [a, "all"])),
    department: OWN,
    public: { "plan.read": "all" },
};
const YEARS = [
    ["wuxi-2022.txt", 2],
    ["wuxi-2021.txt", 1],
];

export function startStub(root, taihu, port = 0) {
    const s = makeState(root, taihu);
    const server = createServer((req, res) => serve(s, root, req, res));
    return new Promise((done) =>
        server.listen(port, "127.0.0.1", () =>
            done({
                url: `http://127.0.0.1:${server.address().port}`,
                state: s,
                accounts: {
                    admin: ["admin", "correct horse"],
                    office: ["keji", "correct horse"],
                    fresh: ["fresh", "one-time"],
                },
                stop: () => {
                    for (const r of s.streams) r.end();
                    server.closeAllConnections?.();
                    server.close();
                },
            }),
        ),
    );
}

// --- what it knows -------------------------------------------------------------------------------

const dice = (n, m) => createHash("sha256").update(`${n}`).digest().readUInt32BE(0) % m;

function makeState(root, taihu) {
    const run = (...args) => JSON.parse(execFileSync(taihu, args, { maxBuffer: 1 << 26 }));
    const csv = (file) =>
        readFileSync(join(root, "data", file), "utf8")
            .trim()
            .split("\n")
            .slice(1)
            .map((l) => l.split(","));
    const s = {
        line: 0,
        plans: new Map(),
        journal: [],
        slips: [],
        files: new Map(),
        streams: new Set(),
        sessions: new Map(),
        tokens: [],
        settings: { yellow_from: "10", red_above: "30", slip_days: 5 },
        settingsVersion: 1,
        organisations: csv("organisation/wuxi.csv").map((c) => ({
            code: c[0],
            name: c[1],
            short: c[2],
            level: c[3],
            parent: c[4] || null,
            division: c[5],
        })),
    };
    s.accounts = [
        {
            id: 1,
            login: "admin",
            name: "督查室 王主任",
            role: "administrator",
            organisation: null,
            password: "correct horse",
            version: 1,
        },
        {
            id: 2,
            login: "keji",
            name: "科技局 李科",
            role: "department",
            organisation: "wuxi.science",
            password: "correct horse",
            version: 1,
        },
        {
            id: 3,
            login: "fresh",
            name: "Fresh",
            role: "public",
            organisation: null,
            password: "one-time",
            mustChange: true,
            version: 1,
        },
    ];
    for (const [file, id] of [...YEARS].reverse()) {
        const path = join(root, "samples", file);
        const reading = run("plan", "read", path, "--format", "json");
        const plan = makePlan(
            s,
            id,
            reading,
            execFileSync(taihu, ["plan", "text", path], { maxBuffer: 1 << 26 }),
        );
        s.plans.set(String(id), plan);
        tell(s, `plan/${id}`, "plan.loaded", "admin", { title: plan.title });
    }
    const rec = run(
        "plan",
        "reconcile",
        ...["wuxi-2021.txt", "wuxi-2022.txt"].map((f) => join(root, "samples", f)),
        "--format",
        "json",
    );
    s.verdicts = new Map(
        rec.map((r, i) => [
            i + 1,
            {
                proposed: {
                    verdict: r.verdict,
                    why: r.why,
                    why_en: r.why_en,
                    outcome: r.outcome
                        ? {
                              plan: "2",
                              text: r.outcome.text,
                              span: r.outcome.span,
                              value: String(r.outcome.value),
                              unit: r.outcome.unit,
                          }
                        : null,
                },
                confirmed: null,
            },
        ]),
    );
    for (const target of s.plans.get("1").targets)
        target.verdict = {
            proposed: s.verdicts.get(target.number)?.proposed.verdict ?? null,
            confirmed: null,
        };
    seed(s);
    return s;
}

function makePlan(s, id, r, text) {
    const plan = {
        id: String(id),
        text,
        title: r.document.title,
        year: r.document.year,
        issuer: r.document.issuer,
        issued: r.document.issued,
        areas: [],
        tasks: [],
        targets: [],
        details: new Map(),
        outcomes: r.outcomes,
    };
    const short = (name) =>
        s.organisations.find(
            (o) =>
                o.short.split(" ").includes(name) ||
                o.name === name ||
                o.name.endsWith(name.replace(/^市/, "")),
        );
    const loaded = ++s.line;
    for (const a of r.areas) {
        const area = {
            number: a.no,
            no: "一二三四五六七八九十"[a.no - 1],
            title: a.title,
            span: a.span,
            measures: [],
        };
        for (const [i, m] of a.measures.entries()) {
            const measure = { number: i + 1, title: m.title, span: m.span, tasks: [] };
            for (const x of m.tasks) {
                const number = plan.tasks.length + 1;
                measure.tasks.push(number);
                plan.tasks.push({
                    number,
                    id: x.id,
                    text: x.text,
                    span: x.span,
                    actions: x.actions.map((c) => c.span),
                    area: a.no,
                    measure: i + 1,
                    deadline: x.deadline,
                    due: x.deadline ?? `${plan.year}-12-31`,
                    owners_confirmed: false,
                    path: "linear",
                    slip: null,
                    targets: [],
                    version: loaded,
                    owners: (x.responsible ?? []).map((o) => ({
                        organisation: short(o.name)?.code ?? null,
                        name: short(o.name)?.name ?? o.name,
                        role: o.role ?? "lead",
                        source: o.source,
                        confidence: String(o.confidence),
                    })),
                });
            }
            area.measures.push(measure);
        }
        plan.areas.push(area);
    }
    for (const x of r.targets) {
        const number = plan.targets.length + 1;
        const task = plan.tasks.find((y) => y.id === x.task) ?? null;
        const at = Buffer.from(text)
            .subarray(...x.span)
            .indexOf(Buffer.from(x.value === null ? x.indicator : String(x.value)));
        const long = Buffer.byteLength(
            x.value === null ? x.indicator : String(x.value) + (x.unit ?? ""),
        );
        plan.targets.push({
            number,
            id: x.id,
            text: x.text,
            span: x.span,
            indicator: x.indicator,
            indicator_span: null,
            number_span:
                at < 0 ? null : [x.span[0] + at, Math.min(x.span[0] + at + long, x.span[1])],
            value: x.value === null ? null : String(x.value),
            value_max: x.value_max === null ? null : String(x.value_max),
            unit: x.unit,
            comparator: x.comparator,
            kind: x.kind,
            overall: x.overall,
            horizon: x.horizon,
            area: x.area,
            task: task?.number ?? null,
            due: task?.due ?? `${plan.year}-12-31`,
            owners: task?.owners ?? [],
            owners_confirmed: false,
            path: "linear",
            slip: null,
            verdict: { proposed: null, confirmed: null },
            version: loaded,
        });
        task?.targets.push(number);
    }
    return plan;
}

// Makes a year's work up: owners confirmed here and there, reports in the middle of the year.
function seed(s) {
    const plan = s.plans.get("1");
    for (const sort of ["task", "target"]) {
        for (const x of plan[sort + "s"]) {
            const n = dice(sort + x.number, 100);
            if (n < 45 && x.owners.length) {
                x.owners = x.owners.map((o) => ({ ...o, source: "confirmed" }));
                x.owners_confirmed = true;
            }
            if (n < 72)
                report(
                    s,
                    plan,
                    sort,
                    x,
                    { as_of: "2021-06-30", note: "", files: [] },
                    String(dice("v" + x.number, 55)),
                    "keji",
                );
        }
    }
    const red = plan.tasks
        .filter((x) => lightOf(s, plan, "task", x, "2021-06-30").light.light === "red")
        .slice(0, 3);
    for (const [i, x] of red.entries())
        issue(
            s,
            plan,
            "task",
            x,
            {
                organisation: x.owners[0]?.organisation ?? "wuxi.finance",
                demand: "请说明进度滞后的原因，并报送整改措施。",
                days: 5,
            },
            "admin",
            i === 0,
        );
}

// --- changing --------------------------------------------------------------------------------------

function tell(s, subject, kind, actor, summary) {
    const account = s.accounts.find((a) => a.login === actor);
    const line = {
        line: ++s.line,
        time: new Date(Date.UTC(2021, 6, 1) + s.line * 61000).toISOString(),
        subject,
        kind,
        actor,
        actor_name: account?.name ?? actor,
        summary,
    };
    s.journal.push(line);
    for (const res of s.streams)
        res.write(
            `id: ${line.line}\nevent: change\ndata: ${JSON.stringify({ line: line.line, time: line.time, subject, kind, actor })}\n\n`,
        );
    return line;
}

const subjectOf = (plan, sort, x) => `plan/${plan.id}/${sort}/${x.number}`;

function detail(plan, sort, x) {
    const key = `${sort}.${x.number}`;
    if (!plan.details.has(key)) plan.details.set(key, { progress: [], path: null });
    return plan.details.get(key);
}

function report(s, plan, sort, x, body, value, actor) {
    const unit = sort === "target" && x.value !== null ? x.unit : "%";
    if (body.as_of === "2021-06-30" && unit !== "%")
        value = String(Math.round(Number(x.value) * Number(value)) / 100);
    const line = tell(
        s,
        subjectOf(plan, sort, x),
        body.supersedes ? "progress.superseded" : "progress.reported",
        actor,
        { value, unit, as_of: body.as_of, note: body.note },
    );
    const files = (body.files ?? []).map((f) => ({ file: f, ...s.files.get(f) }));
    detail(plan, sort, x).progress.unshift({
        id: line.line,
        value,
        unit,
        as_of: body.as_of,
        time: line.time,
        actor,
        actor_name: line.actor_name,
        note: body.note ?? "",
        files,
        supersedes: body.supersedes ?? null,
    });
    x.version = line.line;
}

function issue(s, plan, sort, x, body, actor, overdue = false) {
    const body_ = s.organisations.find((o) => o.code === body.organisation);
    const slip = {
        id: s.slips.length + 1,
        plan: plan.id,
        item: subjectOf(plan, sort, x),
        organisation: body.organisation,
        organisation_name: body_?.name ?? body.organisation,
        demand: body.demand,
        days: body.days,
        due: overdue ? "2021-07-08" : "2021-07-30",
        state: "open",
        overdue,
        steps: [],
        version: 0,
    };
    s.slips.push(slip);
    step(s, slip, "issued", body.demand, [], actor);
    x.slip = slip;
    return slip;
}

function step(s, slip, act, text, files, actor) {
    const line = tell(s, `slip/${slip.id}`, "slip." + act, actor, {
        slip: slip.id,
        item: slip.item,
        text,
    });
    slip.steps.push({
        line: line.line,
        time: line.time,
        actor,
        actor_name: line.actor_name,
        act,
        text,
        files: files.map((f) => ({ file: f, ...s.files.get(f) })),
    });
    slip.state = { issued: "open", answered: "answered", accepted: "closed", returned: "open" }[
        act
    ];
    if (slip.state !== "open") slip.overdue = false;
    slip.version = line.line;
}

// --- reading ---------------------------------------------------------------------------------------

function lightOf(s, plan, sort, x, at) {
    const found = detail(plan, sort, x)
        .progress.filter((p, _, all) => p.as_of <= at && !all.some((q) => q.supersedes === p.id))
        .sort((a, b) => (a.as_of < b.as_of ? 1 : -1))[0];
    const part = Math.min(
        1,
        Math.max(
            0,
            (Date.parse(at) - Date.parse(`${plan.year}-01-01`)) /
                (Date.parse(x.due) - Date.parse(`${plan.year}-01-01`)),
        ),
    );
    const goal = sort === "target" && x.value !== null ? Number(x.value) : 100;
    const actual = found ? Math.min(100, (Number(found.value) / goal) * 100) : 0;
    const expected = part * 100;
    const lag = expected - actual;
    const overdue = at > x.due && actual < 100;
    const light =
        plan.id !== "1" || (!found && dice("n" + x.number, 5) === 0)
            ? "none"
            : overdue || lag > 30
              ? "red"
              : lag >= 10
                ? "yellow"
                : "green";
    return {
        found,
        light: {
            light,
            expected: light === "none" ? null : expected.toFixed(1),
            actual: found ? actual.toFixed(1) : null,
            lag: lag.toFixed(1),
            overdue: overdue && light !== "none",
            reported: Boolean(found),
            why: found ? `应达 ${expected.toFixed(1)}%，实际 ${actual.toFixed(1)}%` : "还没有上报",
            why_en: found
                ? `due ${expected.toFixed(1)}%, reached ${actual.toFixed(1)}%`
                : "nothing reported",
        },
    };
}

function view(s, plan, sort, x, at, bare) {
    const { found, light } = lightOf(s, plan, sort, x, at);
    const copy = {
        ...x,
        light,
        progress: found ? { ...found, files: found.files.length } : null,
        slip: x.slip
            ? { id: x.slip.id, state: x.slip.state, due: x.slip.due, overdue: x.slip.overdue }
            : null,
    };
    if (sort === "target")
        copy.verdict = {
            proposed: bare ? null : x.verdict.proposed,
            confirmed: x.verdict.confirmed,
        };
    return bare
        ? {
              ...copy,
              owners: [],
              progress: null,
              slip: null,
              light: {
                  light: "none",
                  expected: null,
                  actual: null,
                  lag: null,
                  overdue: false,
                  reported: false,
                  why: "",
                  why_en: "",
              },
          }
        : copy;
}

function glanceOf(items) {
    const g = {
        green: 0,
        yellow: 0,
        red: 0,
        none: 0,
        unreported: 0,
        unowned: 0,
        slips_open: 0,
        slips_overdue: 0,
        met: 0,
        missed: 0,
        undecided: 0,
    };
    for (const x of items) {
        g[x.light.light]++;
        if (!x.light.reported) g.unreported++;
        if ("measure" in x && !x.owners_confirmed) g.unowned++;
        if (x.slip && x.slip.state !== "closed") g.slips_open++;
        if (x.slip?.overdue) g.slips_overdue++;
        if (!x.verdict) continue;
        const v = x.verdict.confirmed ?? x.verdict.proposed;
        g[v === "met" || v === "missed" ? v : "undecided"]++;
    }
    return g;
}

const summary = (p) => ({
    plan: p.id,
    year: p.year,
    title: p.title,
    issuer: p.issuer,
    issued: p.issued,
    areas: p.areas.length,
    measures: p.areas.reduce((n, a) => n + a.measures.length, 0),
    tasks: p.tasks.length,
    targets: p.targets.length,
    line: 1,
    loaded: "2021-02-18T01:00:00.000Z",
});

function boardOf(s, plan, query, bare) {
    const at = query.get("at") ?? (plan.id === "1" ? "2021-07-15" : `${plan.year}-07-15`);
    const tasks = plan.tasks.map((x) => view(s, plan, "task", x, at, bare));
    const targets = plan.targets.map((x) => view(s, plan, "target", x, at, bare));
    return {
        plan: summary(plan),
        at,
        known: query.get("known") ?? "now",
        line: s.line,
        year_over: at > `${plan.year}-12-31`,
        settings: s.settings,
        glance: glanceOf([...tasks, ...targets]),
        areas: plan.areas.map((a) => ({
            ...a,
            glance: glanceOf([...tasks, ...targets].filter((x) => x.area === a.number)),
        })),
        tasks,
        targets,
    };
}

function itemOf(s, plan, sort, x, query) {
    const at = query.get("at") ?? "2021-07-15";
    const d = detail(plan, sort, x);
    const goal = sort === "target" && x.value !== null ? Number(x.value) : 100;
    const subject = subjectOf(plan, sort, x);
    const months = Array.from({ length: 13 }, (_, m) =>
        m === 12 ? `${plan.year}-12-31` : `${plan.year}-${String(m + 1).padStart(2, "0")}-01`,
    );
    return {
        item: view(s, plan, sort, x, at),
        progress: d.progress,
        path: d.path,
        expected: d.path
            ? d.path.points.map((p) => ({ day: p.month + "-28", value: p.value }))
            : months.map((day, m) => ({
                  day,
                  value: String(Math.round(((goal * m) / 12) * 100) / 100),
              })),
        slips: s.slips.filter((y) => y.item === subject),
        verdict: sort === "target" && plan.id === "1" ? (s.verdicts.get(x.number) ?? null) : null,
        timeline: s.journal.filter((l) => l.subject === subject || l.summary?.item === subject),
    };
}

// --- answering -------------------------------------------------------------------------------------

class Refusal extends Error {
    constructor(status, detail, more = {}) {
        super(detail);
        this.status = status;
        this.more = more;
    }
}

async function serve(s, root, req, res) {
    const url = new URL(req.url, "http://x");
    try {
        if (!url.pathname.startsWith("/api/")) return serveAsset(root, url.pathname, res);
        const chunks = [];
        for await (const c of req) chunks.push(c);
        await route(s, root, req, res, url, Buffer.concat(chunks));
    } catch (e) {
        if (!(e instanceof Refusal)) console.error(e);
        const status = e.status ?? 500;
        send(
            res,
            status,
            { type: "about:blank", title: String(status), status, detail: e.message, ...e.more },
            { "Content-Type": "application/problem+json" },
        );
    }
}

function serveAsset(root, path, res) {
    const name = path === "/" ? "index.html" : path.replace(/^\/assets\//, "");
    if (!/^[\w.]+$/.test(name)) throw new Refusal(404, "no such file");
    let body;
    try {
        body = readFileSync(join(root, "web/board", name));
    } catch {
        throw new Refusal(404, "no such file");
    }
    res.writeHead(200, {
        "Content-Type": TYPES[name.split(".").at(-1)] + "; charset=utf-8",
        "Content-Security-Policy": CSP,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    });
    res.end(body);
}

function send(res, status, body, headers = {}) {
    res.writeHead(status, { "Content-Type": "application/json", ...headers });
    res.end(body === null ? "" : JSON.stringify(body));
}

function sessionOf(s, account, csrf) {
    const org = s.organisations.find((o) => o.code === account?.organisation);
    return {
        signed_in: Boolean(account),
        must_change: Boolean(account?.mustChange),
        csrf: csrf ?? null,
        today: "2021-07-15",
        may: account ? (MAY[account.role] ?? OWN) : {},
        account: account
            ? {
                  id: account.id,
                  login: account.login,
                  name: account.name,
                  role: account.role,
                  organisation: account.organisation,
                  organisation_name: org?.name ?? null,
              }
            : null,
    };
}

const publicAccount = (s, a) => ({ ...sessionOf(s, a).account, disabled: Boolean(a.disabled) });

async function route(s, root, req, res, url, raw) {
    const path = url.pathname.split("/").slice(2).map(decodeURIComponent);
    const cookie = /sid=(\w+)/.exec(req.headers.cookie ?? "")?.[1];
    const account = s.sessions.get(cookie);
    const json = () => JSON.parse(raw.toString() || "{}");
    const { method } = req;
    if (path[0] === "session" && path.length === 1) {
        if (method === "GET") return send(res, 200, sessionOf(s, account, cookie));
        if (method === "DELETE") {
            s.sessions.delete(cookie);
            return send(res, 204, null);
        }
        const { login, password } = json();
        const found = s.accounts.find(
            (a) => a.login === login && a.password === password && !a.disabled,
        );
        if (!found) throw new Refusal(401, "登录名或密码不对 / login or password is wrong");
        const sid = createHash("sha256")
            .update(login + s.sessions.size)
            .digest("hex")
            .slice(0, 24);
        s.sessions.set(sid, found);
        return send(res, 200, sessionOf(s, found, sid), {
            "Set-Cookie": `sid=${sid}; HttpOnly; SameSite=Strict; Path=/`,
        });
    }
    if (!account) throw new Refusal(401, "not signed in");
    if (method !== "GET" && req.headers["x-csrf-token"] !== cookie)
        throw new Refusal(403, "no token");
    const bare = account.role === "public";
    if (path[0] === "session" && path[1] === "password") {
        const { old, new: next } = json();
        if (old !== account.password) throw new Refusal(403, "the present password is not right");
        if (next.length < 8)
            throw new Refusal(422, "the new password is shorter than 8 characters");
        account.password = next;
        account.mustChange = false;
        return send(res, 204, null);
    }
    const act = {
        s,
        root,
        req,
        res,
        url,
        raw,
        json,
        path,
        method,
        account,
        bare,
        match: (v) => match(req, v),
    };
    const handler = {
        organisations,
        plans,
        files,
        slips,
        indicators,
        settings,
        journal,
        events,
        accounts,
        tokens,
    }[path[0]];
    if (!handler) throw new Refusal(404, "no such route");
    return handler(act);
}

function match(req, version) {
    const seen = req.headers["if-match"];
    if (!seen) throw new Refusal(428, "If-Match is missing");
    if (seen !== `"${version}"`)
        throw new Refusal(412, "it has changed meanwhile", { type: "/problems/changed" });
}

const organisations = ({ s, res }) => send(res, 200, { items: s.organisations, next: null });
const events = ({ s, req, res }) => {
    res.writeHead(200, { "Content-Type": "text/event-stream" });
    res.write(": here\n\n");
    s.streams.add(res);
    req.on("close", () => s.streams.delete(res));
};
const files = ({ s, res, url, raw, method }) => {
    if (method === "GET") return send(res, 200, {});
    const digest = createHash("sha256").update(raw).digest("hex");
    s.files.set(digest, { name: url.searchParams.get("name"), size: raw.length });
    return send(res, 201, {
        file: digest,
        name: url.searchParams.get("name"),
        type: "text/plain",
        size: raw.length,
    });
};

function plans({ s, res, url, path, method, json, account, bare, match, raw }) {
    if (path.length === 1 && method === "GET")
        return send(res, 200, { items: [...s.plans.values()].map(summary), next: null });
    if (path.length === 1) {
        if (/garbage/.test(raw.toString()))
            throw new Refusal(422, "这份文件里没有计划 / no plan in this document");
        if (!url.searchParams.get("confirm"))
            throw new Refusal(409, "corrects a kept plan", {
                type: "/problems/correction",
                plan: "1",
                line: 7,
                changes: [
                    {
                        change: "changed",
                        of: "task",
                        number: 3,
                        old: { id: "1.1.3", text: "支持中心建设", facts: "" },
                        now: {
                            id: "1.1.3",
                            text: "支持江苏集成电路应用创新中心建设",
                            facts: "deadline 2021-06-30",
                        },
                    },
                    {
                        change: "added",
                        of: "target",
                        number: 50,
                        old: null,
                        now: { id: "t50", text: "新增绿地20公顷", facts: "" },
                    },
                ],
            });
        return send(res, 200, {
            result: "revised",
            plan: "1",
            line: tell(s, "plan/1", "plan.revised", account.login, {}).line,
        });
    }
    const plan = s.plans.get(path[1]);
    if (!plan) throw new Refusal(404, "no such plan");
    const [, , what, n, verb] = path;
    if (what === "board") return send(res, 200, boardOf(s, plan, url.searchParams, bare));
    if (what === "document") {
        res.writeHead(200, { "Content-Type": "text/plain; charset=utf-8" });
        return res.end(plan.text);
    }
    if (what === "verdicts")
        return send(res, 200, {
            outcomes:
                plan.id === "1" ? [{ plan: "2", year: 2022, title: s.plans.get("2").title }] : [],
            items: plan.id === "1" ? [...s.verdicts].map(([target, v]) => ({ target, ...v })) : [],
        });
    if (what === "export") {
        res.writeHead(200, {
            "Content-Type": "text/csv",
            "Content-Disposition": "attachment; filename=export.csv",
        });
        return res.end("id\n");
    }
    const sort = { tasks: "task", targets: "target" }[what];
    const x = plan[what]?.find((y) => y.number === Number(n));
    if (!sort || !x) throw new Refusal(404, "no such item");
    if (method === "GET")
        return send(res, 200, itemOf(s, plan, sort, x, url.searchParams), {
            ETag: `"${x.version}"`,
        });
    match(x.version);
    const subject = subjectOf(plan, sort, x);
    if (verb === "owners") {
        const { owners, note } = json();
        if (owners.length === 0) throw new Refusal(422, "没有牵头单位 / nobody leads");
        x.owners = owners.map((o) => ({ ...o, source: "confirmed", confidence: "1" }));
        x.owners_confirmed = true;
        x.version = tell(s, subject, "owner.confirmed", account.login, { owners, note }).line;
    } else if (verb === "path") {
        detail(plan, sort, x).path = method === "DELETE" ? null : json();
        x.path = method === "DELETE" ? "linear" : "drawn";
        x.version = tell(
            s,
            subject,
            method === "DELETE" ? "path.cleared" : "path.drawn",
            account.login,
            {},
        ).line;
    } else if (verb === "progress") {
        const body = json();
        if (!/^-?\d+(\.\d+)?$/.test(body.value ?? ""))
            throw new Refusal(422, `“${body.value}”不是数 / is not a number`);
        report(s, plan, sort, x, body, body.value, account.login);
    } else if (verb === "slips") {
        return send(res, 201, issue(s, plan, sort, x, json(), account.login));
    } else if (verb === "verdict") {
        const { verdict, note } = json();
        const line = tell(s, subject, "verdict.confirmed", account.login, { verdict, note });
        s.verdicts.get(x.number).confirmed = {
            verdict,
            note,
            actor: account.login,
            actor_name: account.name,
            time: line.time,
            line: line.line,
        };
        x.verdict.confirmed = verdict;
        x.version = line.line;
    }
    return send(res, 200, itemOf(s, plan, sort, x, url.searchParams), { ETag: `"${x.version}"` });
}

function slips({ s, res, url, path, method, json, account, match }) {
    if (path.length === 1) {
        const state = url.searchParams.get("state");
        return send(res, 200, {
            items: s.slips.filter(
                (x) =>
                    (!state || x.state === state) &&
                    (!url.searchParams.get("mine") || x.organisation === account.organisation),
            ),
            next: null,
        });
    }
    const slip = s.slips[Number(path[1]) - 1];
    if (!slip) throw new Refusal(404, "no such slip");
    if (method === "GET") return send(res, 200, slip, { ETag: `"${slip.version}"` });
    match(slip.version);
    const body = json();
    step(
        s,
        slip,
        path[2] === "answer" ? "answered" : body.accepted ? "accepted" : "returned",
        body.text,
        body.files ?? [],
        account.login,
    );
    return send(res, 200, slip, { ETag: `"${slip.version}"` });
}

function indicators({ s, res, url, path }) {
    const all = new Map();
    for (const p of s.plans.values()) {
        for (const [sort, list] of [
            ["target", p.targets],
            ["outcome", p.outcomes],
        ]) {
            for (const x of list) {
                if (x.value === null) continue;
                const name = x.indicator
                    .replace("地區生產總值", "地区生产总值")
                    .replace("一般公共預算收入", "一般公共预算收入");
                const key = `${name}|${x.kind}`;
                if (!all.has(key)) all.set(key, { key, name, points: [] });
                const { points } = all.get(key);
                const year = sort === "target" ? p.year : p.year - 1;
                const found =
                    points.find((y) => y.year === year) ??
                    points[points.push({ year, target: null, outcome: null }) - 1];
                found[sort] ??= {
                    plan: p.id,
                    number: x.number,
                    text: x.text,
                    span: x.span,
                    value: String(x.value),
                    value_max: x.value_max ?? null,
                    unit: x.unit,
                    comparator: x.comparator,
                    kind: x.kind,
                };
            }
        }
    }
    if (path[1])
        return all.has(path[1])
            ? send(res, 200, all.get(path[1]))
            : send(res, 404, { detail: "no such indicator" });
    const q = url.searchParams.get("q") ?? "";
    return send(res, 200, {
        items: [...all.values()]
            .filter((x) => x.name.includes(q))
            .sort((a, b) => b.points.length - a.points.length)
            .map(({ key, name, points }) => {
                const years = points.map((p) => p.year);
                return {
                    key,
                    name,
                    years: years.length,
                    first: Math.min(...years),
                    last: Math.max(...years),
                };
            }),
        next: null,
    });
}

function settings({ s, res, method, json, match }) {
    if (method === "PUT") {
        match(s.settingsVersion);
        s.settings = json();
        s.settingsVersion++;
    }
    return send(res, 200, s.settings, { ETag: `"${s.settingsVersion}"` });
}

function journal({ s, res, url }) {
    const after = Number(url.searchParams.get("after") ?? 0);
    const subject = url.searchParams.get("subject") ?? "";
    const found = s.journal.filter((l) => l.line > after && l.subject.startsWith(subject));
    const items = found.slice(0, 100);
    return send(res, 200, { items, next: found.length > 100 ? String(items.at(-1).line) : null });
}

function accounts({ s, res, path, method, json, match }) {
    const found = s.accounts.find((a) => a.id === Number(path[1]));
    if (path.length === 1 && method === "GET")
        return send(res, 200, { items: s.accounts.map((a) => publicAccount(s, a)), next: null });
    if (path.length === 1) {
        const body = json();
        if (s.accounts.some((a) => a.login === body.login))
            throw new Refusal(409, `登录名“${body.login}”已有 / is taken`);
        const a = {
            ...body,
            id: s.accounts.length + 1,
            password: "fjord-7-lamp",
            mustChange: true,
            version: 1,
        };
        s.accounts.push(a);
        return send(res, 201, { ...publicAccount(s, a), password: a.password });
    }
    if (!found) throw new Refusal(404, "no such account");
    if (method === "GET")
        return send(res, 200, publicAccount(s, found), { ETag: `"${found.version}"` });
    match(found.version++);
    if (path[2] === "reset") {
        Object.assign(found, { password: "amber-4-reed", mustChange: true });
        return send(res, 200, { ...publicAccount(s, found), password: found.password });
    }
    Object.assign(found, json());
    return send(res, 200, publicAccount(s, found), { ETag: `"${found.version}"` });
}

function tokens({ s, res, path, method, json }) {
    if (method === "GET")
        return send(res, 200, { items: s.tokens.map(({ token, ...k }) => k), next: null });
    if (method === "DELETE") {
        s.tokens = s.tokens.filter((k) => String(k.id) !== path[1]);
        return send(res, 204, null);
    }
    const k = {
        id: s.tokens.length + 1,
        ...json(),
        expires: "2021-10-13T00:00:00.000Z",
        token: "th_0123456789abcdef",
    };
    s.tokens.push(k);
    return send(res, 201, k);
}
