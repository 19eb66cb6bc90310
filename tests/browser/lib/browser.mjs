// Chromium for the tests of the pages: started once, a context for each test. A test fails on any
// complaint of the browser and on any request to another host.
//
//   CHROMIUM    the browser, Debian's without it
//   SHOTS       a folder: then the pages are also photographed into it
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const DESKTOP = { viewport: { width: 1280, height: 860 } };
export const PHONE = {
    viewport: { width: 360, height: 740 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
};

export const launch = () =>
    chromium.launch({
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        args: [
            "--headless",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // the sandbox does not start for root, as whom continuous integration may run
            ...(process.getuid() === 0 ? ["--no-sandbox"] : []),
        ],
    });

// A refusal that the test itself causes is a line of the console, not a fault of the page.
const isRefusal = (text) =>
    /Failed to load resource: the server responded with a status of (401|403|404|409|412|422|503)/.test(
        text,
    );

export async function signIn(page, login, password) {
    await page.fill("#login", login);
    await page.fill("#password", password);
    await page.press("#password", "Enter");
    await page.waitForSelector("#login", { state: "detached" });
}

// Opens a page, signed in as `who` (nobody: null), and gives it to `use`.
export async function open(browser, server, options, use) {
    const { who = "admin", language, device = DESKTOP, ...more } = options;
    const context = await browser.newContext({ ...device, ...more });
    if (language)
        await context.addInitScript((l) => localStorage.setItem("taihu.language", l), language);
    const page = await context.newPage();
    const complaints = [];
    page.on("pageerror", (e) => complaints.push(String(e)));
    page.on("console", (m) => isRefusal(m.text()) || complaints.push(m.text()));
    page.on(
        "request",
        (r) =>
            r.url().startsWith(server.url) ||
            r.url().startsWith("data:") ||
            complaints.push("request " + r.url()),
    );
    try {
        await page.goto(server.url + "/");
        await page.waitForSelector("#login");
        if (who) await signIn(page, ...server.accounts[who]);
        await use(page, context);
        assert.deepEqual(complaints, []);
    } finally {
        await context.close();
    }
}

export async function photograph(page, name) {
    if (!process.env.SHOTS) return;
    mkdirSync(process.env.SHOTS, { recursive: true });
    await page.screenshot({ path: join(process.env.SHOTS, name + ".png") });
}

// What axe-core finds on the page as it stands, a line each; open it with bypassCSP.
export async function violations(page, name) {
    await page.evaluate(axe);
    const found = await page.evaluate(() =>
        window.axe.run(document, {
            resultTypes: ["violations"],
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        }),
    );
    return found.violations.map(
        (v) =>
            `${name}: ${v.id}: ${v.nodes
                .slice(0, 2)
                .map((n) => n.html.slice(0, 160))
                .join(" | ")}`,
    );
}
