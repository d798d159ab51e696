// Setting up a device: its name, the key as QR code and as text, the code that confirms it, and the recovery codes.
import { alert, definitions, element, form, show } from "./dom.js";
import { recovery_codes } from "./recovery_codes.js";
import { Conversation } from "./tool.js";
import { _, fill, groups, moment, span } from "./words.js";

// A key URI's parameters (docs/apps.md). What is not said has the value that every app takes for granted.
function details_of(uri) {
    const [, type, name, query] = uri.match(/^otpauth:\/\/([^/]*)\/([^?]*)\?(.*)$/);
    const given = new URLSearchParams(query);
    const account = decodeURIComponent(name).replace(/^[^:]*: */, "");
    const rows = [[_("Issuer"), given.get("issuer") || ""], [_("Account"), account],
        [_("Type"), type === "totp" ? _("By the clock (TOTP)") : _("By a counter (HOTP)")],
        [_("Digits"), given.get("digits") || "6"]];
    if (type === "totp")
        rows.push([_("Period"), fill(_("$0 seconds"), given.get("period") || "30")]);
    else
        rows.push([_("Counter"), given.get("counter") || "0"]);
    rows.push([_("Algorithm"), given.get("algorithm") || "SHA1"]);
    return rows;
}

function others(offer) {
    if (!offer.others?.length)
        return null;
    return alert(_("In the last 24 hours a key was offered for this account from elsewhere. If that was not you, somebody else knows your password: change it before you go on.") +
        " " + offer.others.map(other => fill("$0 ($1)", other.source, moment(other.made))).join(", "), "warning");
}

function key_as_shown(offer) {
    return element("div", { class: "key" },
        element("img", {
            class: "qr",
            alt: _("QR code of the key; the same key stands beside it as text"),
            src: "data:image/svg+xml;base64," + window.btoa(offer.svg),
        }),
        element("div", {},
            element("p", {}, _("Scan the QR code with the authenticator app on your phone, or type this key into the app:")),
            element("p", { class: "typed-key", "aria-label": _("Key") }, groups(offer.secret)),
            definitions(details_of(offer.uri)),
            element("p", { class: "tap" }, element("a", { href: offer.uri, target: "_top" }, _("On the phone itself: add it to the app")))));
}

function before_it_turns_on(support) {
    return [
        element("p", {}, _("From then on this host asks for a code from your phone after the password. Three things lock people out:")),
        element("ul", {},
            element("li", {}, _("The phone is lost, broken or replaced.")),
            element("li", {}, _("The app is deleted, or loses its entries in an update.")),
            element("li", {}, _("The entry in the app is deleted."))),
        element("p", {}, _("Three ways lead back in:")),
        element("ul", {},
            element("li", {}, _("Recovery codes: you get them in a moment. Keep them apart from the phone.")),
            element("li", {}, _("A second device: add a tablet or another phone while the first one works.")),
            element("li", {}, _("The administrator of this host, who can reset it."))),
        support ? element("p", {}, support) : null,
    ];
}

function free_label(taken) {
    const wanted = _("phone");
    for (let number = 1; ; ++number) {
        const label = number === 1 ? wanted : wanted + " " + number;
        if (!taken.includes(label))
            return label;
    }
}

// `account`: what `warifu status` said, and the host; `proof_field`: asked for where something is on already; `done` is called with what
// to tell, or without where it was given up.
export function set_up({ place, account, proof_field, done }) {
    const first = !proof_field;
    show(place, form({
        title: first ? _("Set it up") : _("Add a device"),
        body: first ? before_it_turns_on(account.support) : [],
        fields: [
            {
                name: "label",
                label: _("Name of the device"),
                value: free_label(account.authenticators.map(device => device.label)),
                hint: _("By which you will know it among others."),
            },
            ...(proof_field ? [proof_field] : []),
        ],
        action: _("Show the QR code"),
        cancel: () => done(),
        submit: async ({ label, proof }) => {
            const conversation = new Conversation(
                ["enroll", "--label=" + label, "--qr=svg", "--confirm", ...(proof_field ? ["--proof=-"] : [])],
                { input: proof_field ? [proof] : [] });
            confirm({ place, account, first, offer: await conversation.next(), conversation, done });
        },
    }));
}

function confirm({ place, account, first, offer, conversation, done }) {
    show(place, form({
        title: fill(_("Set up $0"), offer.label),
        body: [others(offer), key_as_shown(offer),
            element("p", { class: "note" }, _("The key counts only once a code from the app confirms it."))],
        fields: [{ name: "code", label: _("Code from the app"), kind: "code", digits: true }],
        action: _("Confirm"),
        cancel: () => {
            conversation.close();
            done();
        },
        submit: async ({ code }) => {
            conversation.send(code);
            finish({ place, account, first, confirmed: await conversation.next(), done });
        },
    }));
}

function finish({ place, account, first, confirmed, done }) {
    const clock = confirmed.clock_off
        ? " " + fill(_("Its clock is off by about $0: let the phone set it by itself."), span(Math.abs(confirmed.clock_off)))
        : "";
    const told = (first ? _("Two-factor authentication is on: from now on a code is asked for after the password.")
        : fill(_("$0 is set up: from now on its codes count."), confirmed.label)) + clock;
    if (!confirmed.recovery_codes?.length) {
        done(told);
        return;
    }
    show(place, alert(told, "success"), recovery_codes({
        account,
        codes: confirmed.recovery_codes,
        done: () => done(told),
    }));
}
