// Accounts: who may sign in, as what, for which organisation. For administrators.
import { ask, getAll } from "./api.js";
import { fill, h, openDialog, say } from "./dom.js";
import { problemBox } from "./format.js";
import { bodyInput, button, changeForm, field } from "./forms.js";
import { session } from "./session.js";
import { t } from "./words.js";

const ROLES = [
    "administrator",
    "planner",
    "supervisor",
    "department",
    "district",
    "town",
    "public",
];

const roleSelect = (value) =>
    h(
        "select",
        { value },
        ROLES.map((r) => h("option", { value: r }, t("role_" + r))),
    );

// A password that is shown once and never again.
function showPassword(login, password) {
    const dialog = openDialog(
        t("one_time_title"),
        h("p", null, t("one_time_lead", login)),
        h("p.secret", null, h("code", null, password)),
        h("form", { method: "dialog" }, h("button.primary", null, t("noted"))),
    );
    return dialog;
}

async function accountForm(account, done, cancel) {
    const login = h("input", {
        type: "text",
        autocomplete: "off",
        autocapitalize: "none",
        required: true,
    });
    const name = h("input", {
        type: "text",
        autocomplete: "off",
        required: true,
        value: account?.name ?? "",
    });
    const role = roleSelect(account?.role ?? "department");
    const body = await bodyInput(account?.organisation_name ?? "");
    const facts = () => ({ name: name.value.trim(), role: role.value, organisation: body.code() });
    return changeForm({
        title: account ? t("change_account", account.login) : t("new_account"),
        cancel,
        seen: account?.version,
        body: [
            h("div.pair", null, !account && field(t("login"), login), field(t("name"), name)),
            h("div.pair", null, field(t("role"), role), field(t("organisation"), body.input)),
            body.options,
        ],
        send: async (version) => {
            if (account) {
                await ask("PATCH", "/api/accounts/" + account.id, facts(), { version });
                say(t("saved"));
            } else {
                const { data } = await ask("POST", "/api/accounts", {
                    login: login.value.trim(),
                    ...facts(),
                });
                showPassword(login.value.trim(), data.password);
            }
        },
        latest: async () => ({
            version: (await ask("GET", "/api/accounts/" + account.id)).version,
            lines: [],
        }),
        done,
    });
}

export async function openAccounts(main) {
    const slot = h("div.form-slot");
    const list = h("div");
    const messages = h("div");
    const leave = () => fill(slot);
    const done = () => {
        leave();
        refresh();
    };
    const edit = async (account) => {
        fill(slot, await accountForm(account, done, leave));
        slot.querySelector("input").focus();
    };
    fill(
        main,
        h(
            "div.page.wide",
            null,
            h(
                "div.part-head",
                null,
                h("h1", { tabindex: "-1" }, t("nav_accounts")),
                button(t("new_account"), () => edit(null), "button.primary#new-account"),
            ),
            slot,
            messages,
            list,
        ),
    );

    // The version is that of the account as it is now: each of these is one decided step.
    async function act(path, method, body, account, after) {
        fill(messages);
        try {
            const { version } = await ask("GET", "/api/accounts/" + account.id);
            const { data } = await ask(method, path, body, { version });
            after(data);
            refresh();
        } catch (e) {
            fill(messages, problemBox(e));
        }
    }

    const withVersion = async (a) => {
        const { data, version } = await ask("GET", "/api/accounts/" + a.id);
        return edit({ ...a, ...data, version });
    };

    const line = (a) =>
        h(
            "tr",
            { class: a.disabled ? "disabled" : null, "data-login": a.login },
            h("th", { scope: "row" }, a.login),
            h("td", null, a.name),
            h("td", null, t("role_" + a.role)),
            h("td", { lang: "zh" }, a.organisation_name ?? "–"),
            h("td", null, a.disabled ? t("disabled") : t("active")),
            h(
                "td.actions",
                null,
                button(t("change"), () => withVersion(a)),
                button(t("reset_password"), () =>
                    act(`/api/accounts/${a.id}/reset`, "POST", {}, a, (d) =>
                        showPassword(a.login, d.password),
                    ),
                ),
                a.id !== session.account.id &&
                    button(t(a.disabled ? "enable" : "disable"), () =>
                        act("/api/accounts/" + a.id, "PATCH", { disabled: !a.disabled }, a, () =>
                            say(t("saved")),
                        ),
                    ),
            ),
        );

    async function refresh() {
        try {
            const accounts = await getAll("/api/accounts");
            fill(
                list,
                h(
                    "table.grid.cards-on-phone",
                    null,
                    h(
                        "thead",
                        null,
                        h(
                            "tr",
                            null,
                            ["login", "name", "role", "organisation", "state", "action"].map((w) =>
                                h("th", { scope: "col" }, t(w)),
                            ),
                        ),
                    ),
                    h("tbody", null, accounts.map(line)),
                ),
            );
        } catch (e) {
            fill(list, problemBox(e));
        }
    }

    await refresh();
    return {};
}
