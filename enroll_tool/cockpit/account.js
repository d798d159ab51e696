// The card of one's own account: whether it is on, its devices and its recovery codes.
import { alert, button, element, form, show, table } from "./dom.js";
import { set_up } from "./enrolment.js";
import { recovery_codes } from "./recovery_codes.js";
import { warifu } from "./tool.js";
import { _, counted, fill, moment, words_of } from "./words.js";

const few_codes = 2;

function state_sentence(account) {
    switch (account.state) {
    case "active":
        return _("It is on: a code is asked for after the password.");
    case "suspended":
        return _("An administrator has suspended it: no code signs you in. Ask them to resume it.");
    case "missing":
        return _("This account had a second factor, and its record is gone. Sign-ins that want a code are refused until an administrator resets the account.");
    case "pending":
        return _("A key was offered and no code has confirmed it yet, so it does not count. Set it up once more: it is the same key for a while.");
    default:
        return _("Nothing but your password protects this account. Setting it up takes a minute: have your phone at hand.");
    }
}

function kind_of(device) {
    return device.kind === "totp"
        ? fill(_("By the clock, $0 digits every $1 seconds, $2"), device.digits, device.period, device.algorithm)
        : fill(_("By a counter, $0 digits, $1"), device.digits, device.algorithm);
}

export class AccountCard {
    // `administrator`: root itself, who proves nothing; `host`: its name, which may be empty.
    constructor({ administrator, host }) {
        this.administrator = administrator;
        this.host = host;
        this.place = element("div", {});
        this.node = element("section", { class: "card", id: "own-account", "aria-labelledby": "own-account-title" },
            element("h2", { id: "own-account-title" }, _("Your account")), this.place);
    }

    proof_field() {
        return this.administrator ? null : {
            name: "proof",
            label: _("A code of yours"),
            kind: "code",
            hint: _("From a device that is set up already, or a recovery code. Each works once."),
        };
    }

    with_proof([command, ...rest]) {
        return this.administrator ? [command, ...rest] : [command, "--proof=-", ...rest];
    }

    // Asks warifu how things are and shows it, with what there is to tell.
    async refresh(told = null) {
        try {
            this.account = { ...await warifu(["status"]), host: this.host };
        } catch (failure) {
            show(this.place, alert(words_of(failure)),
                element("div", { class: "buttons" }, button(_("Try again"), () => this.refresh())));
            return;
        }
        this.overview(told);
    }

    overview(told) {
        const { account } = this;
        const on = account.state === "active";
        const shared = Boolean(account.shared_key);
        const active = shared ? [] : account.authenticators.filter(device => device.state === "active");
        this.place.replaceChildren(...[
            told ? alert(told, "success") : null,
            element("p", { class: "state" },
                element("span", { class: "badge " + (on ? "on" : "off") }, on ? _("On") : _("Off")), " ", state_sentence(account)),
            shared ? alert(_("You sign in with a key that many people share, which is weaker than one of your own. Add a device of your own; a code of the shared key proves that it is you."), "warning") : null,
            account.required && !on ? alert(_("An administrator requires it of this account."), "warning") : null,
            account.limited_until ? alert(fill(_("Too many wrong codes: some sign-ins are limited until $0."), moment(account.limited_until)), "warning") : null,
            active.length ? this.devices(active) : null,
            active.length === 1 ? element("p", { class: "note" }, _("The last device is not removed here: to change phones, add the new one first. To be without it, ask an administrator.")) : null,
            this.actions(on),
            on && !shared ? this.codes_left() : null,
            account.support ? element("p", { class: "note" }, account.support) : null,
        ].filter(child => child));
        if (told)
            show(this.place, ...this.place.children);
    }

    actions(on) {
        if (this.account.state === "suspended" || this.account.state === "missing")
            return null;
        return element("div", { class: "buttons" }, on
            ? button(_("Add a device"), () => this.set_up(this.proof_field()))
            : button(_("Set it up"), () => this.set_up(null), { kind: "primary" }));
    }

    set_up(proof_field) {
        set_up({ place: this.place, account: this.account, proof_field, done: told => this.refresh(told) });
    }

    devices(active) {
        return table(_("Devices"), [_("Name"), _("Kind"), _("Last used"), _("Actions")], active.map(device => [
            device.label,
            kind_of(device),
            device.last_used ? moment(device.last_used) : _("never used"),
            element("div", { class: "buttons" },
                button(_("Rename"), () => this.rename(device), { kind: "link", label: fill(_("Rename $0"), device.label) }),
                active.length > 1
                    ? button(_("Remove"), () => this.remove(device), { kind: "link", label: fill(_("Remove $0"), device.label) })
                    : null),
        ]));
    }

    codes_left() {
        const left = this.account.recovery_codes_left;
        return element("div", { class: "codes-left" },
            element("h3", {}, _("Recovery codes")),
            left <= few_codes ? alert(counted("$0 recovery code is left. Make new ones.", "$0 recovery codes are left. Make new ones.", left), "warning")
                : element("p", {}, counted("$0 recovery code is left.", "$0 recovery codes are left.", left)),
            element("div", { class: "buttons" }, button(_("Make new recovery codes"), () => this.regenerate())));
    }

    // A form that wants a proof, where one is needed, and one command.
    ask({ title, body, fields = [], action, danger = false, words, done }) {
        const proof = this.proof_field();
        show(this.place, form({
            title,
            body,
            fields: [...fields, ...(proof ? [proof] : [])],
            action,
            danger,
            cancel: () => this.refresh(),
            submit: async values => {
                const answer = await warifu(this.with_proof(words(values)), { input: proof ? [values.proof] : [] });
                await done(answer);
            },
        }));
    }

    rename(device) {
        this.ask({
            title: fill(_("Rename $0"), device.label),
            fields: [{ name: "label", label: _("New name"), value: device.label }],
            action: _("Rename"),
            words: ({ label }) => ["rename", "--authenticator=" + device.id, "--", label],
            done: answer => this.refresh(fill(_("It is called $0 now."), answer.label)),
        });
    }

    remove(device) {
        this.ask({
            title: fill(_("Remove $0?"), device.label),
            body: [element("p", {}, _("Its codes will not count any more. After that its entry in the app can be deleted."))],
            action: _("Remove"),
            danger: true,
            words: () => ["remove", "--authenticator=" + device.id],
            done: () => this.refresh(fill(_("$0 is removed."), device.label)),
        });
    }

    regenerate() {
        this.ask({
            title: _("Make new recovery codes?"),
            body: [element("p", {}, _("The old ones end then, on paper too."))],
            action: _("Make new recovery codes"),
            words: () => ["codes", "--regenerate"],
            done: answer => show(this.place, recovery_codes({
                account: this.account,
                codes: answer.recovery_codes,
                done: () => this.refresh(_("The old recovery codes have ended.")),
            })),
        });
    }
}
