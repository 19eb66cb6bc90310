// Signing in, and the new password that replaces a one-time one.
import { fill, h } from "./dom.js";
import { problemBox } from "./format.js";
import { field } from "./forms.js";
import { changePassword, session, signIn } from "./session.js";
import { t } from "./words.js";

function card(main, title, lead, fields, submitText, send) {
    const messages = h("div.messages");
    const submit = h("button.primary.big", { type: "submit" }, submitText);
    const form = h(
        "form.sign-in",
        null,
        h("h1", { tabindex: "-1" }, title),
        lead && h("p.soft", null, lead),
        fields,
        messages,
        submit,
    );
    form.addEventListener("submit", async (e) => {
        e.preventDefault();
        submit.disabled = true;
        fill(messages);
        try {
            await send();
        } catch (error) {
            fill(messages, problemBox(error));
        } finally {
            submit.disabled = false;
        }
    });
    fill(main, h("div.page.narrow", null, form));
    form.querySelector("input:not([hidden])").focus();
    return {};
}

export function openSignIn(main, route, enter) {
    const login = h("input#login", {
        type: "text",
        autocomplete: "username",
        autocapitalize: "none",
        required: true,
    });
    const password = h("input#password", {
        type: "password",
        autocomplete: "current-password",
        required: true,
    });
    return card(
        main,
        t("sign_in"),
        route.query.get("expired") ? t("expired") : t("sign_in_lead"),
        [field(t("login"), login), field(t("password"), password)],
        t("sign_in"),
        async () => {
            await signIn(login.value.trim(), password.value);
            enter();
        },
    );
}

export function openPassword(main, route, enter) {
    const old = h("input#old", {
        type: "password",
        autocomplete: "current-password",
        required: true,
    });
    const next = h("input#new", { type: "password", autocomplete: "new-password", required: true });
    const again = h("input#again", {
        type: "password",
        autocomplete: "new-password",
        required: true,
    });
    return card(
        main,
        t("new_password"),
        t(session.mustChange ? "must_change" : "new_password_lead"),
        [
            h("input", {
                type: "text",
                hidden: true,
                autocomplete: "username",
                value: session.account?.login,
            }),
            field(t("old_password"), old),
            field(t("new_password"), next),
            field(t("again"), again),
        ],
        t("save"),
        async () => {
            if (next.value !== again.value) throw new Error(t("not_the_same"));
            await changePassword(old.value, next.value);
            enter();
        },
    );
}
