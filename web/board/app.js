// The page's frame: who is signed in, which page the address names, language, live changes.
import { get, onLost, Problem } from "./api.js";
import { openAccounts } from "./accounts.js";
import { openBoard } from "./board.js";
import { fill, h, makeSpeaker, svg } from "./dom.js";
import { openEntities } from "./entities.js";
import { openEntity } from "./entity.js";
import { startEvents, stopEvents } from "./events.js";
import { problemBox } from "./format.js";
import { openIndicator, openIndicators } from "./indicators.js";
import { openJournal } from "./journal.js";
import { showKeys } from "./keys.js";
import { openMine } from "./mine.js";
import { openPlans } from "./plans.js";
import { address, go, readRoute, startRouter } from "./router.js";
import { loadSession, may, seesWork, session, signOut } from "./session.js";
import { openOwnAccount, openSettings } from "./settings.js";
import { openPassword, openSignIn } from "./signin.js";
import { openSlips } from "./slips.js";
import { openVerdicts } from "./verdicts.js";
import { language, setLanguage, t } from "./words.js";

const LAST_PLAN = "taihu.plan";

const header = h("header.top");
const main = h("main#main", { tabindex: "-1" });
let page = { key: null };
let alive = false;
let opening = 0; // counts the pages opened

// Page by first part of the address, or by third where a plan is named.
const PAGES = {
    signin: (place, route) => openSignIn(place, route, enter),
    password: (place, route) => openPassword(place, route, enter),
    plans: openPlans,
    indicators: (place, route) =>
        route.parts[1] ? openIndicator(place, route, route.parts[1]) : openIndicators(place, route),
    entities: (place, route) =>
        route.parts[1] ? openEntity(place, route, route.parts[1]) : openEntities(place, route),
    accounts: openAccounts,
    settings: openSettings,
    journal: openJournal,
    me: openOwnAccount,
};

const PLAN_PAGES = { board: openBoard, mine: openMine, slips: openSlips, verdicts: openVerdicts };

function lastPlan() {
    return readRoute().parts[0] === "plan" ? readRoute().parts[1] : remembered();
}

function remembered() {
    try {
        return localStorage.getItem(LAST_PLAN);
    } catch {
        return null; // storage may be shut
    }
}

function remember(plan) {
    try {
        localStorage.setItem(LAST_PLAN, plan);
    } catch {
        // then the next visit begins at the list of plans
    }
}

// --- frame -------------------------------------------------------------------------------------

const logo = () =>
    svg(
        "svg.logo",
        { viewBox: "0 0 32 32", "aria-hidden": "true" },
        svg("rect", { width: 32, height: 32, rx: 7 }),
        svg("path", { d: "M5 12q5.5-5 11 0t11 0M5 18q5.5-5 11 0t11 0M5 24q5.5-5 11 0t11 0" }),
    );

function navLinks() {
    const plan = lastPlan();
    const { parts } = readRoute();
    const now = parts[0] === "plan" ? (parts[2] ?? "board") : (parts[0] ?? "plans");
    const link = (name, to, shown = true) =>
        shown &&
        h(
            "li",
            null,
            h("a", { href: to, "aria-current": now === name ? "page" : null }, t("nav_" + name)),
        );
    return [
        link("plans", "#/plans"),
        plan && link("board", address(["plan", plan])),
        plan &&
            link(
                "mine",
                address(["plan", plan, "mine"]),
                seesWork() && Boolean(session.account.organisation),
            ),
        plan && link("slips", address(["plan", plan, "slips"]), seesWork()),
        plan && link("verdicts", address(["plan", plan, "verdicts"])),
        link("indicators", "#/indicators"),
        link("entities", "#/entities", may("entity.read")),
        link("accounts", "#/accounts", may("account.change")),
        link("settings", "#/settings", may("settings.change")),
        link("journal", "#/journal", may("journal.read")),
    ].filter(Boolean);
}

const languageButton = () =>
    h(
        "button.quiet.language",
        {
            type: "button",
            lang: language() === "en" ? "zh-Hans" : "en",
            onclick: () => {
                setLanguage(language() === "en" ? "zh-Hans" : "en");
                page.key = null;
                render();
            },
        },
        language() === "en" ? "中文" : "EN",
    );

function accountMenu() {
    const a = session.account;
    if (!a) return h("a.button", { href: "#/signin" }, t("sign_in"));
    return h(
        "details.menu.account",
        null,
        h("summary.button", null, h("span", null, a.name)),
        h(
            "div.menu-list",
            null,
            h(
                "p",
                null,
                h("b", null, a.name),
                h("br"),
                h(
                    "span.soft",
                    null,
                    t("role_" + a.role),
                    a.organisation_name ? " · " : "",
                    a.organisation_name && h("span", { lang: "zh" }, a.organisation_name),
                ),
            ),
            h("a", { href: "#/me" }, t("nav_me")),
            h("button.quiet", { type: "button", onclick: showKeys }, t("keys")),
            h("button.quiet#sign-out", { type: "button", onclick: leave }, t("sign_out")),
        ),
    );
}

const liveDot = () =>
    h(
        "span.live",
        { class: alive ? "on" : "", title: t(alive ? "live_on" : "live_off") },
        h("i", { "aria-hidden": "true" }),
        h("span.unseen", null, t(alive ? "live_on" : "live_off")),
    );

function renderHeader() {
    const menu = h(
        "details.nav",
        { open: innerWidth >= 1000 },
        h("summary.button", null, t("menu")),
        h(
            "nav",
            { "aria-label": t("pages") },
            h("ul", null, session.signedIn || may("plan.read") ? navLinks() : []),
        ),
    );
    fill(
        header,
        h(
            "a.brand",
            { href: "#/plans" },
            logo(),
            h("b", { lang: "zh" }, "太湖"),
            h("span", { lang: "en" }, "Taihu"),
        ),
        menu,
        h(
            "span.right",
            null,
            may("events.read") && liveDot(),
            languageButton(),
            session.signedIn && !session.mustChange
                ? accountMenu()
                : session.signedIn
                  ? h("button", { type: "button", onclick: leave }, t("sign_out"))
                  : null,
        ),
    );
}

// A menu closes when something else is clicked, when the page changes, and at Esc.
function closeMenus(e) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
        if (e && menu.contains(e.target) && !e.target.closest("a, button")) continue;
        if (e && menu.contains(e.target) && e.target.closest("summary")) continue;
        menu.open = false;
    }
}

// --- pages -------------------------------------------------------------------------------------

function target(route) {
    if (session.signedIn && session.mustChange) return "password";
    if (!session.signedIn && !may("plan.read")) return "signin";
    return route.parts[0] ?? (remembered() ? "plan" : "plans");
}

async function render() {
    const route = readRoute();
    const name = target(route);
    if (name === "plan" && !route.parts[1]) return go(address(["plan", remembered()]), true);
    const key = [name, ...(name === route.parts[0] ? route.parts.slice(1) : [])].join("/");
    closeMenus();
    if (page.key === key && page.update) {
        renderNavMarks();
        return page.update(route);
    }
    page.close?.();
    page = { key };
    const turn = ++opening;
    renderHeader();
    // each page has a place of its own, so that one that answers late does not cover its successor
    const place = h("div.view", null, h("p.loading", { role: "status" }, t("loading")));
    fill(main, place);
    try {
        const next = await open(place, name, route);
        if (turn !== opening) return next?.close?.();
        page = { key, update: next?.update?.bind(next), close: next?.close?.bind(next) };
    } catch (e) {
        if (!(e instanceof Problem)) throw e;
        fill(
            place,
            h("div.page", null, h("h1", { tabindex: "-1" }, t("cannot_show")), problemBox(e)),
        );
    }
    if (turn !== opening) return;
    document.title = [main.querySelector("h1")?.textContent, "太湖 Taihu"]
        .filter(Boolean)
        .join(" · ");
    if (document.activeElement === document.body && turn > 1)
        main.querySelector("h1")?.focus({ preventScroll: true });
}

function open(place, name, route) {
    if (name !== "plan") return (PAGES[name] ?? PAGES.plans)(place, route);
    const [, plan, which = "board"] = route.parts;
    remember(plan);
    return (PLAN_PAGES[which] ?? openBoard)(place, route, plan);
}

// Links of the frame hold the present query no longer than they should.
function renderNavMarks() {
    const nav = header.querySelector("nav ul");
    if (nav) fill(nav, navLinks());
}

// --- the session -------------------------------------------------------------------------------

// After signing in, or a new password.
async function enter() {
    const next = readRoute().query.get("next");
    live();
    page.key = null;
    if (!session.mustChange && session.signedIn && !next) {
        const plans = await get("/api/plans").catch(() => ({ items: [] }));
        const [latest] = plans.items.sort((a, b) => b.year - a.year);
        const known = plans.items.some((p) => String(p.plan) === remembered());
        history.replaceState(
            null,
            "",
            known
                ? address(["plan", remembered()])
                : latest
                  ? address(["plan", latest.plan])
                  : "#/plans",
        );
    } else {
        history.replaceState(null, "", next?.startsWith("#/") ? next : "#/plans");
    }
    render();
}

async function leave() {
    await signOut();
    stopEvents();
    page.close?.();
    page = { key: null };
    history.replaceState(null, "", "#/signin");
    render();
}

function live() {
    if (!may("events.read") || session.mustChange) return;
    startEvents((on) => {
        alive = on;
        header.querySelector(".live")?.replaceWith(liveDot());
    });
}

onLost(async (why) => {
    const next = location.hash;
    await loadSession().catch(() => {});
    stopEvents();
    if (readRoute().parts[0] === "signin") return;
    page.close?.();
    page = { key: null };
    history.replaceState(
        null,
        "",
        why === "password" ? "#/password" : address(["signin"], { next, expired: 1 }),
    );
    render();
});

async function start() {
    setLanguage(language());
    document.body.append(
        h(
            "a.skip",
            {
                href: "#main",
                onclick: (e) => {
                    e.preventDefault();
                    main.focus();
                },
            },
            "跳到正文 · Skip to content",
        ),
        header,
        main,
        ...makeSpeaker(),
    );
    document.addEventListener("click", closeMenus);
    document.addEventListener("keydown", (e) => e.key === "Escape" && closeMenus());
    addEventListener("resize", () => {
        const nav = header.querySelector("details.nav");
        if (nav && innerWidth >= 1000) nav.open = true;
    });
    try {
        await loadSession();
    } catch (e) {
        fill(main, h("div.page", null, h("h1", null, t("cannot_show")), problemBox(e)));
        return;
    }
    startRouter(render);
    live();
    await render();
}

start();
