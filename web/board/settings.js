// The thresholds of the lights, for who may set them; and one's own account: password and tokens.
import { ask, getAll } from "./api.js";
import { fill, h, openDialog, say } from "./dom.js";
import { moment, problemBox } from "./format.js";
import { button, changeForm, field } from "./forms.js";
import { changePassword, may, session } from "./session.js";
import { t } from "./words.js";

export async function openSettings(main) {
    const box = h("div");
    fill(
        main,
        h(
            "div.page.narrow",
            null,
            h("h1", { tabindex: "-1" }, t("nav_settings")),
            h("p.lead", null, t("settings_lead")),
            box,
        ),
    );

    async function refresh() {
        const { data, version } = await ask("GET", "/api/settings");
        const input = (name) =>
            h("input", {
                type: "text",
                inputmode: "decimal",
                required: true,
                value: String(data[name]),
            });
        const yellow = input("yellow_from");
        const red = input("red_above");
        const days = input("slip_days");
        fill(
            box,
            changeForm({
                seen: version,
                class: "settings-form",
                body: [
                    field(t("yellow_from"), yellow, t("points")),
                    field(t("red_above"), red, t("points")),
                    field(t("slip_days"), days, t("working_days")),
                ],
                send: (seen) =>
                    ask(
                        "PUT",
                        "/api/settings",
                        {
                            yellow_from: yellow.value.trim(),
                            red_above: red.value.trim(),
                            slip_days: Number(days.value),
                        },
                        { version: seen },
                    ),
                latest: async () => ({
                    version: (await ask("GET", "/api/settings")).version,
                    lines: [],
                }),
                look: refresh,
                done: () => {
                    say(t("saved"));
                    refresh();
                },
            }),
        );
    }

    await refresh();
    return {};
}

function passwordForm() {
    const old = h("input", { type: "password", autocomplete: "current-password", required: true });
    const next = h("input", { type: "password", autocomplete: "new-password", required: true });
    const form = changeForm({
        class: "card",
        title: t("new_password"),
        body: [
            h("input", {
                type: "text",
                hidden: true,
                autocomplete: "username",
                value: session.account.login,
            }),
            field(t("old_password"), old),
            field(t("new_password"), next),
        ],
        send: () => changePassword(old.value, next.value),
        done: () => {
            say(t("saved"));
            form.reset();
        },
    });
    return form;
}

function tokens() {
    const list = h("div");
    const name = h("input", { type: "text", required: true, autocomplete: "off" });
    const days = h("input", { type: "number", min: 1, max: 366, value: "90" });

    async function refresh() {
        try {
            const items = await getAll("/api/tokens");
            fill(
                list,
                items.length
                    ? h(
                          "ul.tokens",
                          null,
                          items.map((k) =>
                              h(
                                  "li",
                                  null,
                                  h("b", null, k.name),
                                  " ",
                                  h(
                                      "span.soft",
                                      null,
                                      k.expires ? t("until", moment(k.expires).slice(0, 10)) : "",
                                  ),
                                  " ",
                                  button(
                                      t("remove"),
                                      async () => {
                                          await ask("DELETE", "/api/tokens/" + k.id);
                                          refresh();
                                      },
                                      "button.quiet",
                                  ),
                              ),
                          ),
                      )
                    : h("p.soft", null, t("no_tokens")),
            );
        } catch (e) {
            fill(list, problemBox(e));
        }
    }

    const form = changeForm({
        title: t("new_token"),
        body: [h("div.pair", null, field(t("token_name"), name), field(t("token_days"), days))],
        submit: t("make"),
        send: async () => {
            const { data } = await ask("POST", "/api/tokens", {
                name: name.value.trim(),
                days: Number(days.value),
            });
            openDialog(
                t("token_title"),
                h("p", null, t("token_lead")),
                h("p.secret", null, h("code", null, data.secret)),
                h("form", { method: "dialog" }, h("button.primary", null, t("noted"))),
            );
        },
        done: () => {
            form.reset();
            refresh();
        },
    });
    refresh();
    return h(
        "section.card",
        null,
        h("h2", null, t("tokens")),
        h("p.soft", null, t("tokens_lead")),
        list,
        form,
    );
}

export async function openOwnAccount(main) {
    const a = session.account;
    fill(
        main,
        h(
            "div.page.narrow",
            null,
            h("h1", { tabindex: "-1" }, t("nav_me")),
            h(
                "p.lead",
                null,
                a.name,
                " · ",
                a.login,
                " · ",
                t("role_" + a.role),
                a.organisation_name ? " · " : "",
                a.organisation_name && h("span", { lang: "zh" }, a.organisation_name),
            ),
            passwordForm(),
            may("token.own") && tokens(),
        ),
    );
    return {};
}
