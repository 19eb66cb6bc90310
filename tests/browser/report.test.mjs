// The page of `taihu plan report`, opened in Chromium: a reader finds each figure's sentence and
// comes back, by mouse, by keyboard and on a phone; nothing is fetched; it prints.
//
//   TAIHU       the program, build/taihu without it
//   CHROMIUM    the browser, Debian's without it
//   SHOTS       a folder: then the pages are also photographed into it
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { launch } from "./lib/browser.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const taihu = resolve(process.env.TAIHU ?? join(root, "build/taihu"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PLAN = join(root, "samples/wuxi-2021.txt");
const OUTCOME = join(root, "samples/wuxi-2022.txt");
const DESKTOP = { viewport: { width: 1400, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true,
    hasTouch: true };

let folder;
let browser;
let judged; // the page with an outcome
let plain; // the page without

function writePage(name, ...documents) {
    const page = join(folder, name);
    execFileSync(taihu, ["plan", "report", ...documents, "-o", page], { stdio: "pipe" });
    return page;
}

before(async () => {
    folder = mkdtempSync(join(tmpdir(), "taihu-report-"));
    judged = writePage("judged.html", PLAN, OUTCOME);
    plain = writePage("plain.html", PLAN);
    browser = await launch();
});

after(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true });
});

// Opens the page, gives it to `use`, and fails on any complaint of the browser or any request.
async function open(file, options, use) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const url = pathToFileURL(file).href;
    const complaints = [];
    page.on("pageerror", (e) => complaints.push(String(e)));
    page.on("console", (m) => complaints.push(m.text()));
    page.on("request", (r) => {
        if (r.url().split("#")[0] !== url) complaints.push("request " + r.url());
    });
    await page.goto(url);
    try {
        await use(page);
        assert.deepEqual(complaints, []);
    } finally {
        await context.close();
    }
}

async function photograph(page, name) {
    if (!process.env.SHOTS) return;
    mkdirSync(process.env.SHOTS, { recursive: true });
    await page.screenshot({ path: join(process.env.SHOTS, name + ".png") });
}

// Whether the element comes to lie in the window with nothing over its middle. A tap becomes a click
// only after the finger has left, so this waits a little.
const isSeen = (page, selector) => page.waitForFunction((wanted) => {
    const e = document.querySelector(wanted);
    const r = e.getClientRects()[0];
    if (!r || r.width === 0 || r.height === 0) return false;
    const there = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
    return there !== null && (e.contains(there) || there.contains(e));
}, selector, { timeout: 3000 }).then(() => true, () => false);

const background = (page, selector) =>
    page.$eval(selector, (e) => getComputedStyle(e).backgroundColor);
const visibleTargets = (page) => page.locator(".target:visible").count();
const shownCount = async (page) => Number(await page.textContent("#shown"));

// The first target that has the selector within it; the page's own ids, so any sample will do.
const targetWith = (page, selector) =>
    page.$eval(`.target:has(${selector})`, (t) => t.id);

describe("a target and its sentence", () => {
    test("every target leads to its sentence, and the sentence back", () => open(judged, DESKTOP,
        async (page) => {
            const lost = await page.evaluate(() => {
                const broken = [];
                for (const a of document.querySelectorAll("a[href^='#']")) {
                    if (!document.getElementById(a.hash.slice(1))) broken.push(a.hash);
                }
                for (const t of document.querySelectorAll(".target")) {
                    const mark = document.getElementById("s-" + t.id);
                    if (!mark?.closest("#doc-0")) broken.push("no sentence for " + t.id);
                    if (!document.querySelector(`#doc-0 a[href="#${t.id}"]`)) {
                        broken.push("no way back to " + t.id);
                    }
                }
                return broken;
            });
            assert.deepEqual(lost, []);
            assert.ok(await page.locator(".target").count() > 40);
        }));

    test("a click shows and marks the sentence, which holds the number", () => open(judged, DESKTOP,
        async (page) => {
            const ids = await page.$$eval(".target", (all) => all.map((t) => t.id));
            for (const id of ids.filter((_, i) => i % 7 === 0)) {
                const sentence = `#s-${id}`;
                const cold = await background(page, sentence);
                await page.click(`#${id} .what`);
                assert.ok(await isSeen(page, sentence), `${sentence} is in sight`);
                assert.notEqual(await background(page, sentence), cold, `${sentence} is marked`);
                assert.ok(await isSeen(page, `#${id} .what`), `${id} stays in sight`);
            }
            await photograph(page, "desktop");
        }));

    test("a click on the sentence shows its target", () => open(judged, DESKTOP, async (page) => {
        const id = await page.$$eval(".target", (all) => all.at(-1).id);
        await page.click(`#doc-0 a[href="#${id}"]`);
        assert.ok(await isSeen(page, `#${id} .what`));
        assert.equal(new URL(page.url()).hash, `#${id}`);
        await page.goBack();
        assert.equal(new URL(page.url()).hash, "");
    }));

    test("the verdict's evidence is one click away, in its own document", () => open(judged, DESKTOP,
        async (page) => {
            const id = await targetWith(page, ".evidence");
            assert.ok(await page.isHidden("#doc-1"));
            await page.click(`#${id} .evidence a`);
            assert.ok(await page.isHidden("#doc-0"));
            assert.ok(await isSeen(page, `#e-${id}`));
            const quoted = await page.textContent(`#${id} q`);
            const pieces = await page.$$eval(`#e-${id}, [data-rest="e-${id}"]`,
                (all) => all.map((m) => m.textContent).join(""));
            assert.equal(pieces, quoted);
            await page.click(".tabs a[href='#doc-0']");
            assert.ok(await page.isVisible("#doc-0"));
        }));

    test("an address that names a sentence opens the page there", async () => {
        const context = await browser.newContext(DESKTOP);
        const page = await context.newPage();
        await page.goto(pathToFileURL(judged).href + "#s-t20");
        assert.ok(await isSeen(page, "#s-t20"));
        await context.close();
    });

    test("it reads, folds and links without a script", () => open(judged,
        { ...DESKTOP, javaScriptEnabled: false }, async (page) => {
            assert.ok(await page.isHidden(".filter"));
            assert.ok(await page.isVisible("#doc-1"));
            await page.click(".target .what");
            const hash = new URL(page.url()).hash;
            assert.match(hash, /^#s-t/);
            await page.click(".area > summary");
        }));
});

describe("the document", () => {
    test("stands in the page as it was written", () => open(judged, DESKTOP, async (page) => {
        for (const [no, file] of [PLAN, OUTCOME].entries()) {
            const lines = readFileSync(file, "utf8").replace(/^\uFEFF/, "").split(/\r?\n/);
            const shown = await page.$$eval(`#doc-${no} .text p`,
                (all) => all.map((p) => p.textContent));
            assert.deepEqual(shown, lines.filter((l) => l.trim() !== ""));
        }
    }));

    test("a second run gives the same bytes", () => {
        const again = writePage("again.html", PLAN, OUTCOME);
        assert.ok(readFileSync(again).equals(readFileSync(judged)));
    });
});

describe("the filter", () => {
    test("by verdict", () => open(judged, DESKTOP, async (page) => {
        await page.click("#open-all");
        const all = await visibleTargets(page);
        const chips = await page.$$eval(".chips button", (b) => b.map((c) => c.dataset.verdict));
        assert.ok(chips.length >= 2);
        let sum = 0;
        for (const verdict of chips) {
            const chip = `.chips [data-verdict="${verdict}"]`;
            await page.click(chip);
            const n = await visibleTargets(page);
            assert.equal(n, Number(await page.textContent(chip + " b")));
            assert.equal(n, await shownCount(page));
            assert.equal(n, await page.locator(`.target[data-verdict="${verdict}"]:visible`).count());
            sum += n;
            await page.click(chip);
        }
        assert.equal(sum, all);
        assert.equal(await visibleTargets(page), all);
    }));

    test("by area", () => open(judged, DESKTOP, async (page) => {
        await page.selectOption("#area", "1");
        assert.ok(await page.isVisible("#a1"));
        assert.ok(await page.isHidden("#a2"));
        assert.equal(await shownCount(page), await page.locator(".target[data-row='1']").count());
        await page.click("#clear");
        assert.ok(await page.isVisible("#a2"));
    }));

    test("by words, in either script", () => open(judged, DESKTOP, async (page) => {
        const found = [];
        for (const words of ["地區生產總值", "地区生产总值"]) {
            await page.fill("#search", words);
            found.push(await page.$$eval(".target", (all) => all.filter((t) => t.checkVisibility())
                .map((t) => t.id)));
        }
        assert.ok(found[0].length > 0);
        assert.deepEqual(found[0], found[1]);
        await page.fill("#search", "no such words");
        assert.equal(await visibleTargets(page), 0);
        assert.ok(await page.isVisible("#nothing"));
        await photograph(page, "nothing-found");
    }));

    test("a task is found by its own words", () => open(judged, DESKTOP, async (page) => {
        const words = await page.$$eval(".task:not(:has(.target)) > p > span",
            (all) => all[0].textContent.slice(0, 12));
        await page.fill("#search", words);
        assert.ok(await page.locator(".task:visible").count() >= 1);
        assert.equal(await visibleTargets(page), 0);
    }));

    test("a sentence's link finds a target that the filter hides", () => open(judged, DESKTOP,
        async (page) => {
            await page.fill("#search", "no such words");
            await page.click("#doc-0 a.figure");
            assert.ok(await isSeen(page, ".target .what"));
            assert.equal(await page.inputValue("#search"), "");
        }));
});

describe("language", () => {
    test("labels change, content stays", () => open(judged, DESKTOP, async (page) => {
        const title = await page.textContent("h1");
        assert.equal(await page.getAttribute("html", "lang"), "zh-Hans");
        assert.match(await page.innerText(".scoreboard"), /达成/);
        await page.click("[data-language=en]");
        assert.equal(await page.getAttribute("html", "lang"), "en");
        assert.equal(await page.textContent("h1"), title);
        const words = await page.innerText(".scoreboard");
        assert.match(words, /Not reported/);
        assert.doesNotMatch(words, /未报告/);
        assert.equal(await page.innerText("#area option:first-child"), "All areas");
        await photograph(page, "english");
        await page.click("[data-language='zh-Hans']");
        assert.match(await page.innerText("#area option:first-child"), /全部/);
    }));

    test("what the document says is marked as Chinese", () => open(judged, DESKTOP, async (page) => {
        await page.click("[data-language=en]");
        const strays = await page.evaluate(() => {
            const han = /\p{Script=Han}/u;
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const found = [];
            for (let n = walk.nextNode(); n; n = walk.nextNode()) {
                const e = n.parentElement;
                if (e.closest("script, style") || !e.checkVisibility()) continue;
                if (han.test(n.data) && !e.closest("[lang]").lang.startsWith("zh")) {
                    // file names and reasons may quote
                    if (!e.closest("cite, small, dd, .why")) found.push(n.data.trim());
                }
            }
            return found;
        });
        assert.deepEqual(strays, []);
    }));
});

describe("keyboard alone", () => {
    const focused = (page) => page.evaluate(() => document.activeElement.outerHTML.slice(0, 80));

    test("skip links, then a target, its sentence, and back", () => open(judged, DESKTOP,
        async (page) => {
            await page.keyboard.press("Tab");
            assert.match(await focused(page), /class="skip" href="#targets"/);
            assert.ok(await isSeen(page, ".skip"));
            await page.keyboard.press("Enter");
            assert.match(await focused(page), /id="targets"/);
            let steps = 0;
            while (!/class="what"/.test(await focused(page))) {
                await page.keyboard.press("Tab");
                assert.ok(++steps < 10, "a target within ten steps");
            }
            const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
            assert.equal(outline, "solid");
            await page.keyboard.press("Enter");
            assert.match(await focused(page), /class="figure/);
            assert.ok(await isSeen(page, "a.figure:focus"));
            await page.keyboard.press("Enter");
            assert.match(await focused(page), /class="what"/);
        }));

    test("areas fold and unfold", () => open(judged, DESKTOP, async (page) => {
        await page.focus("#a1 > summary");
        await page.keyboard.press("Enter");
        assert.equal(await page.$eval("#a1", (d) => d.open), false);
        await page.keyboard.press("Space");
        assert.equal(await page.$eval("#a1", (d) => d.open), true);
    }));

    test("everything that acts can be reached", () => open(plain, DESKTOP, async (page) => {
        const unreachable = await page.$$eval("a[href], button, input, select, summary", (all) =>
            all.filter((e) => e.checkVisibility() && e.tabIndex < 0).map((e) => e.outerHTML));
        assert.deepEqual(unreachable, []);
    }));
});

describe("a phone", () => {
    test("one pane at a time, nothing wider than the screen", () => open(judged, PHONE,
        async (page) => {
            const width = () => page.evaluate(() => document.documentElement.scrollWidth);
            assert.equal(await width(), 390);
            assert.ok(await page.isHidden("#source"));
            await photograph(page, "phone");
            await page.tap(".target .what");
            assert.ok(await isSeen(page, "#s-t1"));
            assert.ok(await page.isHidden("#plan .target"));
            assert.equal(await width(), 390);
            await photograph(page, "phone-document");
            await page.tap("#doc-0 a[href='#t1']");
            assert.ok(await isSeen(page, "#t1 .what"));
            await page.tap("button[data-pane=documents]");
            await page.waitForSelector("#doc-0", { state: "visible", timeout: 3000 });
        }));
});

describe("axe-core finds nothing", () => {
    const cases = {
        "with verdicts": [() => judged, DESKTOP],
        "without": [() => plain, DESKTOP],
        "dark": [() => judged, { ...DESKTOP, colorScheme: "dark" }],
        "phone": [() => judged, PHONE],
        "phone, dark": [() => plain, { ...PHONE, colorScheme: "dark" }],
    };
    for (const [name, [file, options]] of Object.entries(cases)) {
        test(name, () => open(file(), { ...options, bypassCSP: true }, async (page) => {
            await page.evaluate(axe);
            const check = async (state) => {
                const found = await page.evaluate(() => window.axe.run(document, {
                    resultTypes: ["violations"],
                    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
                }));
                assert.deepEqual(found.violations.map((v) =>
                    `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200)).join(" | ")}`), [], state);
            };
            if (name === "with verdicts") await check("as opened");
            await page.click("[data-language=en]");
            await page.click("#open-all");
            if (name.includes("phone")) await check("English, all open");
            if (await page.locator(".chips button").count() > 0) await page.click(".chips button");
            await page.click(".target:visible .what");
            await check("English, filtered, at a sentence");
            await photograph(page, "axe-" + name.replace(/\W+/g, "-"));
        }));
    }
});

describe("paper", () => {
    const run = promisify(execFile);

    async function print(page, name) {
        const path = join(process.env.SHOTS ?? folder, name + ".pdf");
        if (process.env.SHOTS) mkdirSync(process.env.SHOTS, { recursive: true });
        await page.pdf({ path, preferCSSPageSize: true });
        const { stdout: info } = await run("pdfinfo", [path]);
        const { stdout: text } = await run("pdftotext", ["-layout", path, "-"],
            { maxBuffer: 1 << 24 });
        return { pages: Number(/^Pages:\s+(\d+)/m.exec(info)[1]), info, text: text.replace(/\s/g, "") };
    }

    test("A4; all tasks, even folded ones; both documents; no controls", () => open(judged, DESKTOP,
        async (page) => {
            await page.click("#close-all");
            const { pages, info, text } = await print(page, "print");
            assert.match(info, /A4/);
            assert.ok(pages > 5, `${pages} pages`);
            const tasks = await page.$$eval(".task > p > span", (all) => all.map((e) => e.textContent));
            const lost = tasks.filter((t) => !text.includes(t.replace(/\s/g, "").slice(0, 8)));
            assert.deepEqual(lost, []);
            assert.ok(!text.includes("全部展开"));
            assert.ok(text.includes("各位代表"));
            assert.equal(await page.$$eval("details[open]", (all) => all.length), 0);
        }));

    test("the table's head repeats, and what is filtered says so", () => open(judged, DESKTOP,
        async (page) => {
            assert.equal(await page.$eval(".score thead", (e) => getComputedStyle(e).display),
                "table-header-group");
            await page.fill("#search", "地区生产总值");
            const { text } = await print(page, "print-filtered");
            assert.match(text, /显示\d+\/\d+个目标/);
        }));
});
