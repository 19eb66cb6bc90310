// Addresses of the form #/plan/1/slips?state=open. Everything that a colleague should see when the
// address is passed on stands in it: the page, the day, the filters, the chosen item.

export function readRoute(hash = location.hash) {
    const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
    const parts = path.split("/").filter((p) => p !== "");
    return { parts: parts.map(decodeURIComponent), query: new URLSearchParams(query) };
}

// `query` is a plain object or URLSearchParams; empty values are left out.
export function address(parts, query = {}) {
    const kept = new URLSearchParams();
    const pairs = query instanceof URLSearchParams ? query : Object.entries(query);
    for (const [k, v] of pairs) if (v !== null && v !== undefined && v !== "") kept.append(k, v);
    const tail = kept.toString();
    return "#/" + parts.map(encodeURIComponent).join("/") + (tail ? "?" + tail : "");
}

// The present address with some of its query changed; null takes one out.
export function withQuery(changes) {
    const { parts, query } = readRoute();
    for (const [k, v] of Object.entries(changes)) {
        if (v === null || v === "" || v === undefined) query.delete(k);
        else query.set(k, v);
    }
    return address(parts, query);
}

let changed = () => {};

export function startRouter(onchange) {
    changed = onchange;
    addEventListener("hashchange", onchange);
}

// Goes there. With `replace` the step is not one of the back button's.
export function go(to, replace = false) {
    if (to === location.hash) return;
    if (replace) history.replaceState(null, "", to);
    else history.pushState(null, "", to);
    changed();
}
