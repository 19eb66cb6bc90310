// Who is signed in and what they may do. The server decides; the page only leaves out the buttons
// that would be refused.
import { ask, get, getAll, setToken } from "./api.js";

export const session = {
    signedIn: false,
    mustChange: false,
    account: null,
    may: {},
    today: "",
};

let bodies = null; // organisations by code

function take(answer) {
    session.signedIn = answer.signed_in;
    session.mustChange = answer.must_change;
    session.account = answer.account;
    session.may = answer.may ?? {};
    session.today = answer.today;
    setToken(answer.csrf);
    bodies = null;
}

export async function loadSession() {
    take(await get("/api/session"));
}

export async function signIn(login, password) {
    take((await ask("POST", "/api/session", { login, password })).data);
}

export async function signOut() {
    await ask("DELETE", "/api/session");
    await loadSession();
}

export async function changePassword(old, next) {
    await ask("POST", "/api/session/password", { old, new: next });
    await loadSession();
}

// Whether work, and not the published plan alone, is shown.
export const seesWork = () => (session.may["progress.read"] ?? "none") !== "none";

export async function organisations() {
    if (!bodies) {
        const items = await getAll("/api/organisations").catch(() => []);
        bodies = new Map(items.map((o) => [o.code, o]));
    }
    return bodies;
}

// Whether `code` is the account's organisation or stands below it.
export function isBelowMine(code) {
    const mine = session.account?.organisation;
    if (!mine) return false;
    for (let c = code, steps = 0; c && steps < 8; c = bodies?.get(c)?.parent, steps++) {
        if (c === mine) return true;
    }
    return false;
}

// "own" counts confirmed owners only, as the server does.
export const isOwn = (item) =>
    item.owners_confirmed !== false &&
    (item.owners ?? []).some((o) => o.source === "confirmed" && isBelowMine(o.organisation));

export function may(action, item) {
    const grant = session.may[action] ?? "none";
    if (grant === "own") return item === undefined || isOwn(item);
    return grant === "all";
}
