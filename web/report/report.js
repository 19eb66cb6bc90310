// The page of `taihu plan report`: language, filter, tabs, and the way between a target and its
// sentence. Without it the page still reads, folds and links; nothing is kept outside the page.
"use strict";
(() => {
    const root = document.documentElement;
    const byId = (id) => document.getElementById(id);
    const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
    const press = (button, on) => button.setAttribute("aria-pressed", String(on));
    const isPressed = (button) => button.getAttribute("aria-pressed") === "true";

    root.classList.add("scripted");

    // --- language: labels only ---------------------------------------------------------------

    const languageButtons = all("[data-language]");

    function setLanguage(lang) {
        root.lang = lang;
        languageButtons.forEach((b) => press(b, b.dataset.language === lang));
        all("option[data-en]").forEach((o) => {
            o.textContent = lang === "en" ? o.dataset.en : o.dataset.zh;
        });
    }

    languageButtons.forEach((b) => b.addEventListener("click", () => setLanguage(b.dataset.language)));

    // --- panes and tabs ----------------------------------------------------------------------

    const paneButtons = all("button[data-pane]");
    const docs = all(".doc");
    const tabs = all(".tabs a");

    function showPane(name) {
        document.body.dataset.pane = name;
        paneButtons.forEach((b) => press(b, b.dataset.pane === name));
    }

    function showDoc(doc) {
        docs.forEach((d) => d.classList.toggle("shown-doc", d === doc));
        tabs.forEach((t) => {
            if (t.hash === "#" + doc.id) t.setAttribute("aria-current", "true");
            else t.removeAttribute("aria-current");
        });
    }

    // Each pane keeps its place on a narrow screen, where both scroll with the page.
    const scrollOf = { plan: 0, documents: 0 };
    paneButtons.forEach((b) => b.addEventListener("click", () => {
        scrollOf[document.body.dataset.pane] = scrollY;
        showPane(b.dataset.pane);
        scrollTo(0, scrollOf[b.dataset.pane]);
    }));
    showDoc(docs[0]);

    // --- the way there -----------------------------------------------------------------------

    // A sentence may stand in several pieces; its target is shown as current beside it.
    function heat(id) {
        all(".current, .hot").forEach((e) => e.classList.remove("current", "hot"));
        byId(id.replace(/^[se]-/, ""))?.classList.add("current");
        all(".text [id], .text [data-rest]").forEach((e) => {
            if (e.id === id || e.dataset.rest === id) e.classList.add("hot");
        });
    }

    // Shows the element that the address names, whatever hides it, and puts the focus on its link.
    function goTo(id) {
        const there = byId(id);
        heat(id);
        if (!there) return;
        const doc = there.closest(".doc");
        if (there.closest("#source")) showPane("documents");
        else if (there.closest("#plan")) showPane("plan");
        if (doc) showDoc(doc);
        if (there.matches(".target") && there.hidden) clearFilter();
        for (let d = there.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
        const sentence = there.matches(".text *");
        there.scrollIntoView({ block: sentence || there.matches(".target") ? "center" : "start" });
        const focus = there.matches("a, [tabindex]") ? there : there.querySelector("a[href], summary");
        if (focus && !there.matches(".doc")) focus.focus({ preventScroll: true });
    }

    // At once, and once: the browser's own way would move focus and scroll a second time, later.
    function follow(id) {
        goTo(id);
        if (location.hash !== "#" + id) history.pushState(null, "", "#" + id);
    }

    const idOf = (hash) => decodeURIComponent(hash.slice(1));
    addEventListener("hashchange", () => goTo(idOf(location.hash)));
    document.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        const link = event.target.closest("a[href^='#']");
        const mark = event.target.closest(".text mark");
        if (link) {
            event.preventDefault();
            follow(idOf(link.hash));
        } else if (mark && getSelection().isCollapsed) {
            follow((mark.id || mark.dataset.rest).replace(/^[se]-/, ""));
        }
    });

    // --- filter ------------------------------------------------------------------------------

    const search = byId("search");
    const area = byId("area");
    const chips = all(".chips button");
    const rows = all(".area");
    const targets = all(".target");
    const tasks = all(".task");
    const folds = new Map();
    const pairs = Array.from(search.dataset.folds);
    for (let i = 0; i + 1 < pairs.length; i += 2) folds.set(pairs[i], pairs[i + 1]);

    const fold = (text) => Array.from(text, (c) => folds.get(c) || c).join("").toLowerCase();
    const words = new Map();

    function says(element, query) {
        if (!words.has(element)) words.set(element, fold(element.textContent));
        return words.get(element).includes(query);
    }

    // What was open before the first filter, so that clearing it puts the page back.
    let openBefore = null;

    function filterTask(task, wanted, query, verdicts) {
        const own = all(".target", task);
        const hits = own.filter((t) => wanted(t) && says(t, query));
        const named = query !== "" && says(task.firstElementChild, query);
        const shown = hits.length === 0 && named ? own.filter(wanted) : hits;
        own.forEach((t) => { t.hidden = !shown.includes(t); });
        task.hidden = shown.length === 0 && (verdicts.length > 0 || (query !== "" && !named));
    }

    function filter() {
        const query = fold(search.value.trim());
        const verdicts = chips.filter(isPressed).map((c) => c.dataset.verdict);
        const active = query !== "" || verdicts.length > 0 || area.value !== "";
        const wanted = (t) => verdicts.length === 0 || verdicts.includes(t.dataset.verdict);
        if (active && !openBefore) openBefore = new Map(all("details").map((d) => [d, d.open]));
        targets.forEach((t) => { t.hidden = !(wanted(t) && says(t, query)); });
        tasks.forEach((t) => filterTask(t, wanted, query, verdicts));
        all(".measure").forEach((m) => { m.hidden = active && !m.querySelector(".task:not([hidden])"); });
        rows.forEach((r) => {
            const there = area.value === "" || r.id === "a" + area.value;
            if (!there) all(".target", r).forEach((t) => { t.hidden = true; });
            r.hidden = active && !(there && r.querySelector(".target:not([hidden]), .task:not([hidden])"));
        });
        if (query !== "" || verdicts.length > 0) {
            all("details:not([hidden])").forEach((d) => { d.open = true; });
        }
        if (!active && openBefore) {
            openBefore.forEach((open, d) => { d.open = open; });
            openBefore = null;
        }
        byId("shown").textContent = targets.filter((t) => !t.hidden).length;
        byId("clear").hidden = !active;
        byId("nothing").hidden = !active || rows.some((r) => !r.hidden);
        root.classList.toggle("filtered", active);
    }

    function clearFilter() {
        search.value = "";
        area.value = "";
        chips.forEach((c) => press(c, false));
        filter();
    }

    chips.forEach((c) => c.addEventListener("click", () => {
        press(c, !isPressed(c));
        filter();
    }));
    search.addEventListener("input", filter);
    area.addEventListener("change", filter);
    byId("clear").addEventListener("click", () => {
        clearFilter();
        search.focus();
    });
    byId("open-all").addEventListener("click", () => all("details").forEach((d) => { d.open = true; }));
    byId("close-all").addEventListener("click", () => all("details").forEach((d) => { d.open = false; }));

    // --- paper -------------------------------------------------------------------------------

    let closed = [];
    addEventListener("beforeprint", () => {
        closed = all("details:not([open])");
        closed.forEach((d) => { d.open = true; });
    });
    addEventListener("afterprint", () => closed.forEach((d) => { d.open = false; }));

    // A reload may bring back the fields' values.
    filter();
    goTo(idOf(location.hash));
})();
