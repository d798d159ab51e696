// What people are told: translated by Cockpit's tables (po.LANGUAGE.js), with times as their locale writes them.
import { Failure } from "./tool.js";

export const _ = text => cockpit.gettext(text);
export const fill = (text, ...values) => cockpit.format(text, ...values);
export const counted = (one, many, number) => fill(cockpit.ngettext(one, many, number), number);

// Unix seconds.
export function moment(seconds) {
    return new Date(seconds * 1000).toLocaleString(cockpit.language.replace("_", "-"), { dateStyle: "medium", timeStyle: "short" });
}

export function span(seconds) {
    if (seconds < 120)
        return counted("$0 second", "$0 seconds", seconds);
    if (seconds < 7200)
        return counted("$0 minute", "$0 minutes", Math.ceil(seconds / 60));
    return counted("$0 hour", "$0 hours", Math.ceil(seconds / 3600));
}

// The key as a hand types it.
export const groups = key => key.replace(/(.{4})(?=.)/g, "$1 ");

function words_of_denial(failure) {
    switch (failure.reason) {
    case "limited":
        return failure.retry_after
            ? fill(_("Too many wrong codes. Try again in $0, or give a recovery code."), span(failure.retry_after))
            : _("Too many wrong codes. Begin again later.");
    case "replayed":
        return _("That code was used already. Wait until the device shows the next one.");
    default:
        return _("That code is not right. Take the one that is shown now, and let the network set the phone's clock.");
    }
}

export function words_of(failure) {
    if (!(failure instanceof Failure))
        return String(failure);
    switch (failure.code) {
    case "denied":
        return words_of_denial(failure);
    case "not_permitted":
        return failure.message.includes("--proof")
            ? _("This wants a new code of yours first: begin again.")
            : _("You may not do this yourself here. Ask an administrator.");
    case "not_found":
        return _("There is no such account or device any more.");
    case "conflict":
        return _("The account was changed meanwhile, or holds as many devices as it may. Look at it again.");
    case "usage":
        return _("Warifu does not take what was typed.");
    case "not-found":
        return _("Warifu is not installed on this host.");
    case "access-denied":
        return _("This wants administrative access. Turn it on at the top of the page.");
    default:
        return _("Warifu does not answer. Try again, or ask an administrator.");
    }
}
