// The card for administrators: accounts of this host, and what brings somebody back who is locked out.
import { alert, button, element, form, show, table } from "./dom.js";
import { warifu } from "./tool.js";
import { _, fill, moment, words_of } from "./words.js";

const most_rows = 50;

function state_word(account) {
    switch (account.state) {
    case "active":
        return _("On");
    case "pending":
        return _("Not confirmed");
    case "suspended":
        return _("Suspended");
    case "missing":
        return _("Record missing");
    default:
        return _("Off");
    }
}

const as_administrator = words => warifu(words, { administrator: true });

export class AccountsCard {
    // `changed` is called after a change: one of the accounts is the administrator's own.
    constructor({ changed }) {
        this.changed = changed;
        this.place = element("div", {});
        this.results = element("div", { "aria-live": "polite" });
        this.search = element("input", { id: "account-search", name: "search", type: "search", autocomplete: "off", spellcheck: "false", maxlength: 256 });
        this.node = element("section", { class: "card", id: "accounts", "aria-labelledby": "accounts-title" },
            element("h2", { id: "accounts-title" }, _("Accounts of this host")), this.place);
        this.overview();
    }

    overview(told = null) {
        const asked = element("form", { class: "search", role: "search" },
            element("label", { for: "account-search" }, _("Name, or a part of it")), this.search,
            element("button", { type: "submit", class: "button secondary" }, _("Look up")));
        asked.addEventListener("submit", event => {
            event.preventDefault();
            this.look_up();
        });
        this.results.replaceChildren();
        this.place.replaceChildren(...[told ? alert(told, "success") : null, asked, this.results].filter(child => child));
        if (told)
            show(this.place, ...this.place.children);
    }

    async look_up() {
        const text = this.search.value.trim();
        try {
            const found = await as_administrator(["list", "--limit=" + most_rows, ...(text ? ["--search=" + text] : [])]);
            this.results.replaceChildren(...(found.accounts.length
                ? [this.rows(found.accounts), found.cursor ? element("p", { class: "note" }, _("There are more: type a part of the name.")) : null].filter(child => child)
                : [element("p", {}, _("Nobody of that name has set it up."))]));
        } catch (failure) {
            this.results.replaceChildren(alert(words_of(failure)));
        }
    }

    rows(accounts) {
        return table(_("Accounts"), [_("Account"), _("State"), _("Devices"), _("Recovery codes"), _("Last used"), _("Actions")],
            accounts.map(account => [
                account.user,
                state_word(account),
                String(account.authenticators),
                String(account.recovery_codes_left),
                account.last_used ? moment(account.last_used) : _("never used"),
                element("div", { class: "buttons" },
                    button(_("Reset"), () => this.reset(account.user), { kind: "link", label: fill(_("Reset $0"), account.user) }),
                    button(_("Unlock"), () => this.unlock(account.user), { kind: "link", label: fill(_("Unlock $0"), account.user) })),
            ]));
    }

    ask({ title, text, action, danger, words, told }) {
        show(this.place, form({
            title,
            body: [element("p", {}, text)],
            action,
            danger,
            cancel: () => this.overview(),
            submit: async () => {
                await as_administrator(words);
                this.overview(told);
                this.changed();
            },
        }));
    }

    reset(user) {
        this.ask({
            title: fill(_("Reset $0?"), user),
            text: _("Every device and recovery code of theirs ends at once, and they set it up anew. Be sure who asks for it: a call in somebody's name is how strangers get in."),
            action: _("Reset"),
            danger: true,
            words: ["reset", "--user=" + user],
            told: fill(_("$0 is reset."), user),
        });
    }

    unlock(user) {
        this.ask({
            title: fill(_("Unlock $0?"), user),
            text: _("This ends the limits that wrong codes brought."),
            action: _("Unlock"),
            danger: false,
            words: ["unlock", "--user=" + user],
            told: fill(_("$0 is unlocked."), user),
        });
    }
}
