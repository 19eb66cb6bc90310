// The board, opened in Chromium: signing in, the year at a glance, filter, document and list, each
// form, two people at one item, keyboard, phone, accessibility; nothing is asked of another host.
//
//   TAIHU       the program, build/taihu without it; for the browser see lib/browser.mjs
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { DESKTOP, launch, open as openPage, PHONE, photograph, signIn, violations as check } from "./lib/browser.mjs";
import { root, startServer } from "./lib/server.mjs";

let server;
let browser;
let plan; // of 2021
let indicator; // one that both samples speak of

before(async () => {
    server = await startServer();
    browser = await launch();
    await open({}, async (page) => {
        await page.goto(server.url + "/#/plans");
        await page.waitForSelector(".plan-card");
        plan = await page.$eval(".plan-card:has(h2:text('2021'))", (e) => e.dataset.plan);
    });
    const all = (await server.client.expect(200, "GET", "/api/indicators?limit=1000")).body.items;
    indicator = all.find((i) => i.years > 1 && i.name.startsWith("城镇就业")).key;
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

const open = (options, use) => openPage(browser, server, options, use);

async function goTo(page, hash, selector) {
    await page.goto(server.url + "/" + hash);
    await page.waitForSelector(selector);
}

const board = (page, query = "") => goTo(page, `#/plan/${plan}${query}`, ".board .row");

// Whether the element comes to lie in the window with nothing over it.
const isSeen = (page, selector) =>
    page
        .waitForFunction(
            (wanted) => {
                const e = document.querySelector(wanted);
                const r = e?.getClientRects()[0];
                if (!r || r.width === 0) return false;
                const there = document.elementFromPoint(
                    r.left + Math.min(r.width / 2, 20),
                    r.top + r.height / 2,
                );
                return there !== null && (e.contains(there) || there.contains(e));
            },
            selector,
            { timeout: 3000 },
        )
        .then(
            () => true,
            () => false,
        );

// The keys of the board, shown in a dialog.
async function openKeys(page) {
    await board(page);
    await page.focus("h1");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog .keys");
}

const rows = (page) => page.locator(".list .row:visible").count();
const query = (page) => new URLSearchParams(new URL(page.url()).hash.split("?")[1] ?? "");
const focused = (page) => page.evaluate(() => document.activeElement.outerHTML.slice(0, 120));

// The first task that shows the selector within its row.
const taskWith = (page, selector) => page.$eval(`.row.task:has(${selector})`, (e) => e.dataset.key);

describe("words", () => {
    const folder = join(root, "web/board");
    const sources = readdirSync(folder).filter((f) => f.endsWith(".js"));
    // by its text: Node 18 takes a .js file outside a package of modules for CommonJS
    const words = () =>
        import("data:text/javascript;base64," + readFileSync(join(folder, "words.js"), "base64"));
    const source = sources.map((f) => readFileSync(join(folder, f), "utf8")).join("\n");

    test("every one stands in both languages, with the same places for what is put in", async () => {
        const { WORDS } = await words();
        for (const [key, pair] of Object.entries(WORDS)) {
            assert.equal(pair.length, 2, key);
            assert.ok(
                pair.every((w) => w.trim() !== ""),
                key,
            );
            const places = (w) => (w.match(/\{\d\}/g) ?? []).sort().join();
            assert.equal(places(pair[0]), places(pair[1]), key);
            assert.doesNotMatch(pair[1], /\p{Script=Han}/u, key);
        }
    });

    test("every one that is asked for is there", async () => {
        const { WORDS } = await words();
        const asked = [...source.matchAll(/\bt\(\s*"([a-z_0-9]+[a-z0-9])"/g)].map((m) => m[1]);
        assert.ok(asked.length > 150);
        assert.deepEqual(
            asked.filter((k) => !WORDS[k]),
            [],
        );
    });

    test("nothing is made from markup or styled inline", () => {
        assert.doesNotMatch(
            source,
            /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|\bstyle:/,
        );
        assert.doesNotMatch(
            readFileSync(join(folder, "index.html"), "utf8"),
            /<style|style=|<script(?! type="module" src=)/,
        );
    });
});

describe("signing in", () => {
    test("a wrong password is said, the right one opens the board, and one can leave", () =>
        open({ who: null }, async (page) => {
            const [login, password] = server.accounts.admin;
            await page.fill("#login", login);
            await page.fill("#password", "not this");
            await page.press("#password", "Enter");
            await page.waitForSelector(".problem");
            assert.equal(await page.inputValue("#login"), login);
            await page.fill("#password", password);
            await page.press("#password", "Enter");
            await page.waitForSelector(".board, .plans");
            await page.click(".account summary");
            await page.click("#sign-out");
            await page.waitForSelector("#login");
        }));

    test("a one-time password must be replaced first", () =>
        open({ who: null }, async (page) => {
            const [login, password] = server.accounts.fresh;
            await page.fill("#login", login);
            await page.fill("#password", password);
            await page.press("#password", "Enter");
            await page.waitForSelector("#old");
            await page.goto(server.url + "/#/plans");
            await page.waitForSelector("#old");
            await page.fill("#old", password);
            await page.fill("#new", "quiet heron 7 lakes");
            await page.fill("#again", "another");
            await page.click("form button[type=submit]");
            await page.waitForSelector(".problem");
            await page.fill("#again", "quiet heron 7 lakes");
            await page.click("form button[type=submit]");
            await page.waitForSelector(".board, .plans");
            // the account is of the public: the plan and its verdicts, no light, no owner
            await board(page, "?item=target.1&pane=item");
            await page.waitForSelector(".item h2");
            assert.equal(await page.locator(".light.red, .owner, .report, #light").count(), 0);
        }));
});

describe("the board", () => {
    test("nine areas at a glance, each with its counts", () =>
        open({}, async (page) => {
            await board(page);
            assert.equal(await page.locator(".cards .card").count(), 9);
            const sums = await page.$$eval(".cards .card", (all) =>
                all.map((c) =>
                    [...c.querySelectorAll(".counts li")].reduce(
                        (n, li) => n + Number(/\d+$/.exec(li.textContent)[0]),
                        0,
                    ),
                ),
            );
            assert.ok(
                sums.every((n) => n > 0),
                String(sums),
            );
            assert.equal(await rows(page), 219 + 49);
            await photograph(page, "board");
        }));

    test("lights have a shape and a word, not a colour alone", () =>
        open({}, async (page) => {
            await board(page);
            const bad = await page.$$eval(
                ".row-side .light",
                (all) =>
                    all.filter((l) => !l.querySelector("svg.sign") || l.textContent.trim() === "")
                        .length,
            );
            assert.equal(bad, 0);
        }));

    test("filters stand in the address and come back from it", () =>
        open({}, async (page) => {
            await board(page);
            const all = await rows(page);
            await page.click(".card[data-area='3']");
            await page.waitForFunction(
                (n) => document.querySelectorAll(".list .row").length < n,
                all,
            );
            assert.equal(query(page).get("area"), "3");
            await page.selectOption("#light", "red");
            await page.waitForFunction(() => location.hash.includes("light=red"));
            const some = await rows(page);
            assert.equal((await page.locator(".list .row[data-light=red]").count()) > 0, some > 0);
            assert.match(
                await page.textContent(".shown"),
                new RegExp(`\\b${await page.locator(".list .row[data-light=red]").count()} /`),
            );
            const address = page.url();
            await page.goBack();
            await page.waitForFunction(() => !location.hash.includes("light=red"));
            assert.equal(await page.inputValue("#light"), "");
            await page.goto("about:blank");
            await page.goto(address);
            await page.waitForSelector(".board .row, .nothing");
            assert.equal(await page.inputValue("#light"), "red");
            assert.equal(await rows(page), some);
            await page.click(".filter .quiet");
            await page.waitForFunction(
                (n) => document.querySelectorAll(".list .row").length === n,
                all,
            );
        }));

    test("a search finds either script, and says when it finds nothing", () =>
        open({}, async (page) => {
            await board(page);
            const found = [];
            for (const words of ["集成電路", "集成电路"]) {
                await page.fill("#search", words);
                await page.waitForFunction(
                    () => document.querySelectorAll(".list .row").length < 100,
                );
                found.push(await page.$$eval(".list .row", (all) => all.map((r) => r.dataset.key)));
            }
            assert.ok(found[0].length > 0);
            assert.deepEqual(found[0], found[1]);
            await page.fill("#search", "no such words");
            await page.waitForSelector(".list .nothing");
            assert.equal(query(page).get("q"), "no such words");
        }));

    test("an export asks for what is shown, in the language of the page", () =>
        open({ language: "en" }, async (page) => {
            await board(page, "?area=2&light=red&q=" + encodeURIComponent("產業"));
            await page.click(".exports summary");
            const href = await page.getAttribute(".exports a", "href");
            const q = new URL(href, server.url).searchParams;
            assert.equal(q.get("view"), "tasks");
            assert.equal(q.get("area"), "2");
            assert.equal(q.get("light"), "red");
            assert.equal(q.get("lang"), "en");
            assert.equal(q.get("q"), "產業");
            await page.click(".language");
            await page.waitForFunction(() => document.documentElement.lang === "zh-Hans");
            await page.waitForSelector(".board .row");
            const zh = await page.getAttribute(".exports a", "href");
            assert.equal(new URL(zh, server.url).searchParams.get("lang"), null);
        }));

    test("each count that is a filter leaves as many rows", () =>
        open({}, async (page) => {
            await board(page);
            for (const only of ["unreported", "unowned", "met", "undecided"]) {
                await goTo(page, `#/plan/${plan}?only=${only}`, ".list :is(.row, .nothing)");
                const tile = page.locator(`[data-filter="only=${only}"]`);
                const count = Number(await tile.locator("b").textContent());
                // a target keeps its task beside it
                const said = /(\d+) \/ /.exec(await page.textContent(".shown"))[1];
                assert.equal(Number(said), count, only);
            }
        }));

    test("what a later document decides and nobody has confirmed has a count", async () => {
        await open({}, async (page) => {
            await board(page);
            const count = Number(await page.textContent(".tile.to_confirm b"));
            assert.ok(count > 0);
            await page.click(".tile.to_confirm");
            await page.waitForSelector("tbody tr");
            assert.equal(query(page).get("verdict"), "to_confirm");
            assert.equal(await page.locator("tbody tr").count(), count);
            assert.equal(await page.locator("tbody tr .badge:not(.met, .missed)").count(), 0);
            await goTo(page, "#/plan/2", ".board .row"); // nothing is kept behind that year
            assert.equal(await page.locator(".tile.to_confirm").count(), 0);
        });
    });

    test("behind its year a plan says why it is red, and leads into the year", () =>
        open({}, async (page) => {
            await board(page);
            const top = await page.textContent(".tile.red b");
            await page.click(".year-over [data-day='2021-06-30']");
            await page.waitForSelector(".year-over", { state: "detached" });
            assert.equal(query(page).get("at"), "2021-06-30");
            assert.notEqual(await page.textContent(".tile.red b"), top);
        }));

    test("a day in the past may be looked at, as known now or then", () =>
        open({}, async (page) => {
            await board(page);
            await page.fill("#at", "2021-03-31");
            await page.waitForSelector(".segments");
            assert.equal(query(page).get("at"), "2021-03-31");
            await page.click(".segments button:last-child");
            await page.waitForFunction(() => location.hash.includes("known=then"));
            // the sample was loaded long after that day
            await page.waitForSelector(".to-now");
            assert.match(await page.textContent(".view"), /当时尚未录入此计划/);
            await page.click(".to-now");
            await page.waitForSelector(".board .row");
            assert.equal(query(page).get("known"), null);
            assert.equal(query(page).get("at"), "2021-03-31");
            await page.goto("about:blank");
            await goTo(page, `#/plan/${plan}?at=2021-03-31&known=then`, ".to-now");
            await page.click(".to-now");
            await page.waitForSelector(".board .row");
        }));
});

describe("the document", () => {
    test("stands there as it was written, with every target in it", () =>
        open({}, async (page) => {
            await board(page);
            const text = await page.evaluate(
                (p) => fetch(`/api/plans/${p}/document`).then((r) => r.text()),
                plan,
            );
            const shown = await page.$$eval(".text p", (all) => all.map((p) => p.textContent));
            assert.deepEqual(
                shown,
                text
                    .split("\n")
                    .map((l) => l.replace(/\r$/, ""))
                    .filter((l) => l.trim() !== ""),
            );
            const lost = await page.evaluate(() =>
                [...document.querySelectorAll(".list .row")]
                    .map((r) => r.dataset.key)
                    .filter((k) => !document.querySelector(`.text [data-figure="${k}"]`)),
            );
            assert.deepEqual(lost, []);
        }));

    test("a row shows its sentence, a figure its row", () =>
        open({}, async (page) => {
            await board(page);
            const keys = await page.$$eval(".row.target", (all) => all.map((r) => r.dataset.key));
            for (const key of keys.filter((_, i) => i % 9 === 0)) {
                await page.click(`[data-row="${key}"] .words`);
                assert.ok(
                    await isSeen(
                        page,
                        `.text .hot [data-figure="${key}"], .text .hot[data-figure="${key}"]`,
                    ),
                    key,
                );
                assert.equal(query(page).get("item"), key);
            }
            const last = keys.at(-1);
            await page.click(`.text a.figure[data-figure="${last}"]`);
            assert.ok(await isSeen(page, `.row.current[data-key="${last}"] .words`));
            await page.$eval(".text [data-mark='task.5']", (e) =>
                e.scrollIntoView({ block: "center" }),
            );
            const at = await page.$eval(".text [data-mark='task.5']", (e) => {
                const r = e.getClientRects()[0];
                return [r.right - 8, r.top + r.height / 2];
            });
            await page.mouse.click(...at);
            assert.ok(await isSeen(page, ".row.current[data-key='task.5'] .words"));
            await page.goBack();
            await page.waitForSelector(`.row.current[data-key="${last}"]`);
        }));

    test("a sentence's link finds a row that the filter hides", () =>
        open({}, async (page) => {
            const hash = `#/plan/${plan}?q=no+such+words&item=target.3`;
            await goTo(page, hash, ".list .nothing");
            await page.click(".text a.figure");
            assert.ok(await isSeen(page, ".row.current .words"));
        }));
});

describe("one item", () => {
    test("owners are confirmed with one click, or changed", () =>
        open({}, async (page) => {
            await board(page);
            const key = await taskWith(page, ".owner.proposed");
            await board(page, `?item=${key}&pane=item`);
            await page.click(".confirm-owners");
            await page.waitForSelector(".item .owner.confirmed");
            await page.waitForSelector(`.row[data-key="${key}"] .owner.confirmed`);
            await page.click(".part:has(.owner-list) .part-buttons button:last-child");
            await page.fill(".owners-form .owner-line input", "无锡市财政局");
            await page.click(".owners-form button[type=submit]");
            await page.waitForSelector(".item .owner-list:has-text('无锡市财政局')");
            await page.waitForSelector(".timeline li:has-text('无锡市财政局')");
        }));

    test("progress is reported and corrected; what it replaces stays, struck", () =>
        open({}, async (page) => {
            await board(page, "?item=task.7&pane=item");
            await page.click(".report");
            await photograph(page, "report-form");
            await page.fill(".report-form input[inputmode=decimal]", "a lot");
            await page.click(".report-form button[type=submit]");
            assert.equal(await page.locator(".report-form input:invalid").count(), 1);
            await page.fill(".report-form input[inputmode=decimal]", "37.5");
            await page.fill(".report-form textarea", "<img src=x onerror=alert(1)> 已开工");
            await page.setInputFiles(".report-form input[type=file]", {
                name: "佐证.txt",
                mimeType: "text/plain",
                buffer: Buffer.from("proof"),
            });
            await page.waitForSelector(".report-form .files:has-text('佐证.txt')");
            await page.click(".report-form button[type=submit]");
            await page.waitForSelector(".reports li:has-text('37.5')");
            assert.match(
                await page.textContent(".reports"),
                /<img src=x onerror=alert\(1\)> 已开工/,
            );
            assert.equal(await page.locator(".item img").count(), 0);
            await page.click(".reports li .quiet");
            await page.fill(".report-form input[inputmode=decimal]", "38");
            await page.click(".report-form button[type=submit]");
            await page.waitForSelector(".reports li.replaced:has-text('37.5') s");
            assert.ok((await page.locator(".chart .report").count()) >= 1);
            assert.match(await page.textContent(".data table"), /38/);
        }));

    test("a monthly path is drawn while it is typed", () =>
        open({}, async (page) => {
            await board(page, "?item=task.8&pane=item");
            await page.click(".part:has(.chart) .part-buttons button:last-child");
            const inputs = page.locator(".months input");
            assert.equal(await inputs.count(), 12);
            await inputs.nth(2).fill("20");
            await inputs.nth(5).fill("60");
            assert.equal(await page.locator(".preview path.expected").count(), 1);
            await page.click(".path-form button[type=submit]");
            await page.waitForSelector(".path-form", { state: "detached" });
            await page.waitForSelector(".timeline li:has-text('逐月计划')");
        }));

    test("two at one item: the second is told who changed what, keeps what was typed, and sends again", () =>
        open({}, async (page) => {
            await board(page, "?item=task.12&pane=item");
            await page.click(".report");
            await page.fill(".report-form input[inputmode=decimal]", "64");
            await page.fill(".report-form textarea", "第二个人写的说明");
            await open({}, async (other) => {
                await board(other, "?item=task.12&pane=item");
                await other.click(".report");
                await other.fill(".report-form input[inputmode=decimal]", "41");
                await other.click(".report-form button[type=submit]");
                await other.waitForSelector(".reports li:has-text('41')");
            });
            await page.waitForSelector(".reports li:has-text('41')"); // it came by itself
            assert.match(await focused(page), /^<textarea/);
            assert.equal(await page.inputValue(".report-form textarea"), "第二个人写的说明");
            await page.click(".report-form button[type=submit]");
            await page.waitForSelector(".conflict");
            assert.match(await page.textContent(".conflict"), /41/);
            await photograph(page, "conflict");
            assert.equal(await page.inputValue(".report-form input[inputmode=decimal]"), "64");
            await page.click(".conflict .primary");
            await page.click(".report-form button[type=submit]");
            await page.waitForSelector(".reports li:has-text('64')");
        }));

    test("a slip is issued, answered, and closed", () =>
        open({}, async (page) => {
            await board(page, "?light=red");
            const key = await page.$eval(
                ".row.task[data-light=red]:not(:has(.slip-mark)):has(.owner:not(.nobody))",
                (e) => e.dataset.key,
            );
            await board(page, `?item=${key}&pane=item`);
            await page.click(".issue");
            const to = page.locator(".slip-form input[type=text]");
            await to.fill("某不存在的局");
            await page.fill(".slip-form textarea", "请说明原因");
            await page.click(".slip-form button[type=submit]");
            assert.equal(await page.locator(".slip-form input:invalid").count(), 1);
            await to.fill("无锡市科学技术局");
            const days = page.locator(".slip-form input[type=number]");
            for (const wrong of ["0", "61", ""]) {
                await days.fill(wrong);
                await page.click(".slip-form button[type=submit]");
                assert.equal(await page.locator(".slip-form input:invalid").count(), 1, wrong);
            }
            await days.fill("5");
            await page.click(".slip-form button[type=submit]");
            await page.waitForSelector(".slip.open");
            await page.click(".slip .answer");
            await page.fill(".slip textarea", "已经整改");
            await page.click(".slip button[type=submit]");
            await page.waitForSelector(".slip.answered");
            await page.click(".slip .send-back");
            await page.waitForSelector(".slip form");
            await page.click(".slip form button[type=submit]");
            assert.equal(await page.locator(".slip textarea:invalid").count(), 1);
            await page.fill(".slip textarea", "没有附件");
            await page.click(".slip form button[type=submit]");
            await page.waitForSelector(".slip.open");
            await page.click(".slip .answer");
            await page.fill(".slip textarea", "附件已补");
            await page.click(".slip form button[type=submit]");
            await page.waitForSelector(".slip.answered");
            await page.click(".slip .accept");
            await page.waitForSelector(".slip form");
            await page.click(".slip form button[type=submit]");
            await page.waitForSelector(".slip.closed");
            assert.equal(await page.locator(".slip.closed button").count(), 0);
        }));

    test("a slip to a body that is no organisation waits for one; it may be withdrawn", () =>
        open({}, async (page) => {
            await page.route("**/api/plans/*/tasks/30?*", async (route) => {
                const answer = await route.fetch();
                const data = await answer.json();
                data.item.owners = [
                    { organisation: null, name: "某某专班", role: "lead", source: "proposed" },
                ];
                await route.fulfill({ response: answer, json: data });
            });
            await board(page, "?item=task.30&pane=item");
            await page.click(".issue");
            assert.equal(await page.inputValue(".slip-form input[type=text]"), "");
            assert.match(await page.textContent(".slip-form"), /某某专班/);
            await page.fill(".slip-form input[type=text]", "无锡市科学技术局");
            await page.fill(".slip-form textarea", "请说明原因");
            await page.click(".slip-form button[type=submit]");
            await page.waitForSelector(".slip.open");
            await page.click(".slip .withdraw");
            await page.waitForSelector(".slip form");
            await page.click(".slip form button[type=submit]");
            assert.equal(await page.locator(".slip textarea:invalid").count(), 1);
            await page.fill(".slip textarea", "发错单位");
            await page.click(".slip form button[type=submit]");
            await page.waitForSelector(".slip.withdrawn");
            await page.waitForSelector(".slip .rounds:has-text('发错单位')");
        }));

    test("a verdict is confirmed, with its reason and its sentence beside it", () =>
        open({}, async (page) => {
            await goTo(page, `#/plan/${plan}/verdicts`, "tbody tr");
            assert.equal(await page.locator("tbody tr").count(), 49);
            const first = page.locator("tbody tr:has(.primary)").first();
            const number = await first.getAttribute("data-target");
            await first.locator(".primary").click();
            await page.waitForSelector(`tr[data-target="${number}"] .badge:not(.proposed)`);
            await page.click("tr blockquote a");
            await page.waitForSelector(".text .hot-line");
            assert.ok(await isSeen(page, ".hot-line"));
        }));
});

describe("markup in what documents and people wrote", () => {
    test("shows as text everywhere", () =>
        open({}, async (page) => {
            const evil = "<img src=x onerror=alert(1)><b>粗</b>";
            page.on("dialog", () => assert.fail("a script ran"));
            await page.route("**/api/plans/*/board*", async (route) => {
                const answer = await route.fetch();
                const data = await answer.json();
                data.plan.title = data.areas[0].title = data.areas[0].measures[0].title = evil;
                data.tasks[0].text = data.targets[0].indicator = data.targets[0].unit = evil;
                data.tasks[0].owners = [
                    { organisation: null, name: evil, role: "lead", source: "confirmed" },
                ];
                await route.fulfill({ response: answer, json: data });
            });
            await board(page);
            const shown = [
                ".board-title",
                ".cards .card h2",
                ".measure h3",
                "[data-row='task.1'] .words",
                "[data-row='target.1'] .words",
                "[data-key='task.1'] .owner",
            ];
            for (const selector of shown) {
                assert.ok((await page.textContent(selector)).includes(evil), selector);
            }
            assert.equal(await page.locator("main img, main .words b, main .owner b").count(), 0);
        }));
});

describe("what others do", () => {
    test("shows by itself, and leaves focus, scroll and filter alone", () =>
        open({}, async (page) => {
            await board(page, "?area=4");
            const key = await page.$eval(".row.task", (e) => e.dataset.key);
            await page.focus(`[data-row="${key}"]`);
            await page.$eval("#list-pane", (e) => e.scrollTo(0, 500));
            const top = await page.$eval("#list-pane", (e) => e.scrollTop);
            await open({}, async (other) => {
                await board(other, `?item=${key}&pane=item`);
                await other.click(".report");
                await other.fill(".report-form input[inputmode=decimal]", "77.7");
                await other.click(".report-form button[type=submit]");
                await other.waitForSelector(".reports li:has-text('77.7')");
            });
            await page.waitForSelector(`.row[data-key="${key}"]:has-text('77.7%')`);
            assert.match(await focused(page), new RegExp(`data-row="${key}"`));
            assert.equal(await page.$eval("#list-pane", (e) => e.scrollTop), top);
            assert.equal(query(page).get("area"), "4");
        }));

    test("is announced; one's own change is not", () =>
        open({}, async (page) => {
            await board(page);
            await page.waitForSelector(".live.on");
            await page.evaluate(() => {
                window.told = [];
                new MutationObserver(() =>
                    window.told.push(document.querySelector("#live").textContent),
                ).observe(document.querySelector("#live"), { childList: true });
            });
            await page.click(".exports summary");
            const path = "/api/plans/1/tasks/40";
            const report = {
                ...{ as_of: "2021-03-31", value: "9.5", unit: "%" },
                ...{ note: "", files: [], supersedes: null },
            };
            const mine = await server.client.change("POST", path, "/progress", report);
            assert.equal(mine.status, 201);
            await page.waitForSelector(".row[data-key='task.40']:has-text('9.5%')");
            await page.waitForTimeout(300);
            assert.deepEqual(await page.evaluate(() => window.told), []);
            const other = await server.other.change("POST", path, "/progress", {
                ...report,
                as_of: "2021-04-30",
            });
            assert.equal(other.status, 201);
            await page.waitForFunction(() => window.told.length > 0);
            const [told] = await page.evaluate(() => window.told);
            assert.match(told, /上报进度/);
            assert.doesNotMatch(told, /u\/\d/);
            assert.equal(await page.locator(".exports details[open]").count(), 1);
        }));

    test("comes again when the stream was refused, and what was missed is asked for", () =>
        open({}, async (page) => {
            let refuse = true;
            let asked = 0;
            await page.route("**/api/events", (route) => {
                asked++;
                return refuse ? route.fulfill({ status: 503 }) : route.continue();
            });
            await page.clock.install();
            await page.reload();
            await board(page);
            await page.waitForSelector(".live:not(.on)", { state: "attached" });
            assert.equal(asked, 1);
            await page.clock.runFor(5100);
            await page.waitForTimeout(100);
            assert.equal(asked, 2);
            await page.clock.runFor(5100); // the second pause is longer
            await page.waitForTimeout(100);
            assert.equal(asked, 2);
            const sent = await server.client.change("POST", "/api/plans/1/tasks/41", "/progress", {
                as_of: "2021-03-31",
                value: "55.5",
                unit: "%",
                note: "",
                files: [],
                supersedes: null,
            });
            assert.equal(sent.status, 201);
            refuse = false;
            await page.clock.runFor(5100);
            await page.waitForSelector(".live.on", { state: "attached" });
            await page.clock.runFor(1000);
            await page.waitForSelector(".row[data-key='task.41']:has-text('55.5%')");
            refuse = true;
            await page.click(".account summary");
            await page.click("#sign-out");
            await page.waitForSelector("#login");
            const before = asked;
            await page.clock.runFor(120000);
            assert.equal(asked, before);
        }));

    test("a department sees its own tasks and none of the buttons it may not press", () =>
        open({ who: "office" }, async (page) => {
            await goTo(page, `#/plan/${plan}/mine`, ".mine .row");
            assert.equal(await page.locator(".nav a[href='#/accounts']").count(), 0);
            await board(page, "?item=task.219&pane=item");
            await page.waitForSelector(".item h2");
            assert.equal(await page.locator(".confirm-owners, .issue").count(), 0);
        }));
});

describe("other pages", () => {
    test("a correction shows what it changes before it is accepted", () =>
        open({}, async (page) => {
            await goTo(page, "#/plans", ".plan-card");
            const changed = readFileSync(join(root, "samples/wuxi-2021.txt"), "utf8").replace(
                "增長7%",
                "增長7.5%",
            );
            await page.setInputFiles("#file", {
                name: "wuxi-2021.txt",
                mimeType: "text/plain",
                buffer: Buffer.from(changed),
            });
            await page.waitForSelector("dialog tbody tr");
            await photograph(page, "correction");
            await page.click("dialog .buttons button:last-child");
            await page.waitForSelector("dialog", { state: "detached" });
        }));

    test("a PDF that is dropped on the page is read, and its board opens", () =>
        open({}, async (page) => {
            const text = readFileSync(join(root, "tests/golden/documents/nantong-2021.txt"), "utf8");
            const printer = await page.context().newPage();
            await printer.setContent("<pre></pre>");
            await printer.$eval("pre", (e, t) => {
                e.textContent = t;
                e.style = "white-space: pre-wrap; font-size: 12pt";
            }, text);
            const bytes = [...(await printer.pdf())];
            await printer.close();
            await goTo(page, "#/plans", ".plan-card");
            const before = await page.locator(".plan-card").count();
            const data = await page.evaluateHandle((b) => {
                const transfer = new DataTransfer();
                const file = new File([new Uint8Array(b)], "nantong-2021.pdf", {
                    type: "application/pdf",
                });
                transfer.items.add(file);
                return transfer;
            }, bytes);
            await page.dispatchEvent(".drop", "drop", { dataTransfer: data });
            await page.waitForFunction(
                (n) => document.querySelectorAll(".plan-card, .row.task").length > n,
                before,
            );
        }));

    test("an indicator's points lead to their sentences", () =>
        open({}, async (page) => {
            await goTo(page, "#/indicators", ".indicators .card");
            await page.fill("#search", "地区生产总值");
            await page.waitForFunction(
                () => document.querySelectorAll(".indicators .card").length < 20,
            );
            await page.click(".indicators .card");
            await page.waitForSelector(".chart");
            await page.click("[data-point=target]");
            await page.waitForSelector(".text .hot");
            assert.ok(await isSeen(page, ".text .hot"));
        }));

    test("figures of one unit share one chart, and twenty years their axis", () =>
        open({}, async (page) => {
            let points;
            await page.route("**/api/indicators/made", (route) =>
                route.fulfill({ json: { key: "made", name: "做", city: "无锡市", points } }),
            );
            const said = (value, unit, base_value, base_unit, more = {}) => ({
                ...{ plan: 1, number: 1, text: "话", span: [0, 3], value, value_max: null, unit },
                ...{ base_value, base_unit, comparator: "ge", kind: "level", ...more },
            });
            points = [
                {
                    year: 2020,
                    target: said("13.5", "萬畝", "135000", "畝"),
                    outcome: said("140000", "亩", "140000", "亩"),
                },
                { year: 2021, target: said("15", "万亩", "150000", "亩"), outcome: null },
            ];
            await goTo(page, "#/indicators/made", ".chart");
            assert.equal(await page.locator(".chart").count(), 1);
            assert.equal(await page.textContent(".charts h2"), "万畝");
            assert.deepEqual(await page.locator(".said-figure").allTextContents(), [
                "140000亩",
                "13.5萬畝",
                "15万亩",
            ]);
            const rate = { kind: "growth_rate" };
            points = Array.from({ length: 20 }, (_, i) => ({
                year: 2003 + i,
                target: said("7", i % 2 ? "%" : "％", "7", i % 2 ? "%" : "％", rate),
                outcome: i < 19 ? said(`${5 + (i % 5)}`, "%", `${5 + (i % 5)}`, "%", rate) : null,
            }));
            const labels = () =>
                page.$$eval(".chart .column", (all) =>
                    all.map((e) => {
                        const { left, right } = e.getBoundingClientRect();
                        return { left, right, year: e.textContent };
                    }),
                );
            const apart = (boxes) =>
                [...boxes]
                    .sort((a, b) => a.left - b.left)
                    .every((b, i, sorted) => i === 0 || sorted[i - 1].right + 3 < b.left);
            await goTo(page, "#/indicators", ".indicators");
            await goTo(page, "#/indicators/made", ".chart");
            assert.equal(await page.locator(".chart").count(), 1);
            await page.waitForFunction(() => document.querySelector(".chart").clientWidth > 800);
            assert.ok(apart(await labels()));
            await page.setViewportSize({ width: 360, height: 740 });
            await page.waitForFunction(() => document.querySelector(".chart").clientWidth < 340);
            const few = await labels();
            assert.ok(apart(few) && few.length >= 4 && few.some((l) => l.year === "2022"));
        }));

    test("an account is made; its password shows once", () =>
        open({}, async (page) => {
            await goTo(page, "#/accounts", "tbody tr");
            await page.click("#new-account");
            const login = "t" + Date.now();
            const inputs = page.locator("form.change input");
            await inputs.nth(0).fill(login);
            await inputs.nth(1).fill("<b>名</b>");
            await page.selectOption("form.change select", "planner");
            await page.click("form.change button[type=submit]");
            await page.waitForSelector("dialog .secret");
            assert.ok((await page.textContent("dialog .secret")).length >= 8);
            await page.click("dialog button");
            await page.waitForSelector(`tr[data-login="${login}"]`);
            assert.match(await page.textContent(`tr[data-login="${login}"]`), /<b>名<\/b>/);
        }));

    test("the journal is read and filtered", () =>
        open({}, async (page) => {
            await goTo(page, "#/journal", "tbody tr");
            await page.fill("form.filter input", `plan/${plan}`);
            await page.press("form.filter input", "Enter");
            await page.waitForFunction(() => location.hash.includes("subject=plan"));
            await page.waitForSelector("tbody tr");
        }));

    test("the journal names every kind of line in words", () =>
        open({}, async (page) => {
            const kinds = ["store.migrated", "journal.key", "evidence.added", "made.up"];
            await page.route("**/api/journal?*", (route) =>
                route.fulfill({
                    json: {
                        items: kinds.map((kind, i) => ({
                            ...{ line: i + 1, time: "2021-01-01T00:00:00Z", kind, payload: {} },
                            ...{ actor: "system", actor_name: "system", subject: "store" },
                        })),
                        next: null,
                    },
                }),
            );
            await goTo(page, "#/journal", "tbody tr");
            const said = await page.locator("tbody td:nth-child(4)").allTextContents();
            assert.equal(new Set(said).size, kinds.length);
            assert.doesNotMatch(said.join(), /[a-z]/);
            assert.equal(await page.textContent("tbody td:nth-child(3)"), "系统");
        }));
});

describe("keyboard alone", () => {
    test("/ j k Enter s Esc ?", () =>
        open({}, async (page) => {
            await board(page);
            await page.focus("h1");
            await page.keyboard.press("/");
            assert.match(await focused(page), /id="search"/);
            await page.keyboard.press("Escape");
            await page.keyboard.press("j");
            const first = await focused(page);
            assert.match(first, /row-link/);
            await page.keyboard.press("j");
            assert.notEqual(await focused(page), first);
            await page.keyboard.press("k");
            assert.equal(await focused(page), first);
            const outline = await page.evaluate(
                () => getComputedStyle(document.activeElement).outlineStyle,
            );
            assert.equal(outline, "solid");
            await page.keyboard.press("Enter");
            await page.waitForFunction(() => document.activeElement.id === "item-title");
            await page.keyboard.press("Escape");
            await page.waitForFunction(() => document.activeElement.matches(".row-link"));
            await page.keyboard.press("s");
            await page.waitForSelector(".text .hot");
            await page.keyboard.press("?");
            await page.waitForSelector("dialog .keys");
            await page.keyboard.press("Escape");
            await page.waitForSelector("dialog", { state: "detached" });
        }));

    test("the skip link comes first, and everything that acts can be reached", () =>
        open({}, async (page) => {
            await board(page, "?item=task.3&pane=item");
            await page.waitForSelector(".item .chart");
            const unreachable = await page.$$eval(
                "a[href], button, input, select, summary",
                (all) =>
                    all
                        .filter((e) => e.checkVisibility() && e.tabIndex < 0)
                        .map((e) => e.outerHTML),
            );
            assert.deepEqual(unreachable, []);
            // a page of its own: where Tab goes on from after a reload, browsers disagree
            await page.goto("about:blank");
            await board(page);
            await page.keyboard.press("Tab");
            assert.match(await focused(page), /class="skip"/);
            await page.keyboard.press("Enter");
            assert.match(await focused(page), /id="main"/);
        }));
});

// Every page, by its address and something that shows when it is there.
const PAGES = () => ({
    plans: ["#/plans", ".plan-card"],
    board: [`#/plan/${plan}`, ".row"],
    task: [`#/plan/${plan}?item=task.3&pane=item`, ".item .chart"],
    target: [`#/plan/${plan}?item=target.12&pane=item`, ".item .chart"],
    document: [`#/plan/${plan}?item=target.12&pane=document`, ".text .hot"],
    slips: [`#/plan/${plan}/slips`, ".slip, .nothing"],
    verdicts: [`#/plan/${plan}/verdicts`, "tbody tr"],
    indicators: ["#/indicators", ".indicators .card"],
    indicator: [`#/indicators/${indicator}`, ".chart"],
    accounts: ["#/accounts", "tbody tr"],
    settings: ["#/settings", ".settings-form"],
    journal: ["#/journal", "tbody tr"],
    me: ["#/me", ".tokens, .card .soft"],
});

describe("a phone of 360 pixels", () => {
    for (const language of ["zh-Hans", "en"]) {
        test("nothing is wider than the screen: " + language, () =>
            open({ language, device: PHONE }, async (page) => {
                for (const [name, [hash, selector]] of Object.entries(PAGES())) {
                    await page.goto(server.url + "/" + hash);
                    await page.waitForSelector(selector, { state: "attached" });
                    assert.equal(
                        await page.evaluate(() => document.documentElement.scrollWidth),
                        360,
                        name,
                    );
                    await photograph(page, `phone-${language}-${name}`);
                }
                await openKeys(page);
                const dialog = await page.$eval("dialog", (e) => [
                    e.getBoundingClientRect().right <= 360,
                    e.scrollWidth <= e.clientWidth,
                ]);
                assert.deepEqual(dialog, [true, true]);
            }),
        );
        test("nor are one's own tasks: " + language, () =>
            open({ language, device: PHONE, who: "office" }, async (page) => {
                await goTo(page, `#/plan/${plan}/mine`, ".mine .row");
                const width = await page.evaluate(() => document.documentElement.scrollWidth);
                assert.equal(width, 360);
                await photograph(page, `phone-${language}-mine`);
            }),
        );
    }

    test("a row opens its item, and list and document take turns", () =>
        open({ device: PHONE }, async (page) => {
            await board(page);
            assert.ok(await page.isHidden("#side-pane"));
            await page.tap("[data-row='task.2'] .words");
            await page.waitForSelector(".item h2");
            assert.ok(await page.isHidden("#list-pane"));
            await page.tap(".to-document");
            assert.ok(await isSeen(page, ".text .hot"));
            await page.tap(".text .hot .task-no");
            assert.ok(await isSeen(page, ".row.current .words"));
            const small = await page.$$eval(
                ".switch a, .to-source, .top summary, .row-link, .filter select, .filter input[type=search]",
                (all) =>
                    all
                        .filter(
                            (e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.5,
                        )
                        .map((e) => e.outerHTML.slice(0, 90)),
            );
            assert.deepEqual(small, []);
        }));
});

describe("axe-core finds nothing", () => {
    const cases = {
        Chinese: { language: "zh-Hans" },
        "English, dark": { language: "en", colorScheme: "dark" },
        "Chinese, phone, dark": { language: "zh-Hans", colorScheme: "dark", device: PHONE },
        "English, phone": { language: "en", device: PHONE },
    };
    for (const [name, options] of Object.entries(cases)) {
        test(name, () =>
            open({ ...options, bypassCSP: true, who: null }, async (page) => {
                const found = await check(page, "sign in");
                await signIn(page, ...server.accounts.admin);
                for (const [at, [hash, selector]] of Object.entries(PAGES())) {
                    await page.goto(server.url + "/" + hash);
                    await page.waitForSelector(selector, { state: "attached" });
                    found.push(...(await check(page, at)));
                    if (at === "task") {
                        await page.click(".report");
                        await page.waitForSelector(".report-form");
                        found.push(...(await check(page, "report form")));
                    }
                }
                await openKeys(page);
                found.push(...(await check(page, "dialog")));
                assert.deepEqual(found, []);
            }),
        );
        test(name + ", one's own tasks", () =>
            open({ ...options, bypassCSP: true, who: "office" }, async (page) => {
                await goTo(page, `#/plan/${plan}/mine`, ".mine .row");
                assert.deepEqual(await check(page, "mine"), []);
            }),
        );
    }
});
