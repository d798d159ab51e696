// Recovery codes, shown the one time that they can be.
import { button, element, alert } from "./dom.js";
import { _ } from "./words.js";

// The clipboard needs HTTPS; a selection does not.
async function copy(text) {
    if (navigator.clipboard && window.isSecureContext)
        return navigator.clipboard.writeText(text);
    const area = element("textarea", { class: "offscreen", readonly: true, "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (!copied)
        throw new Error("not copied");
}

// `account`: whose they are. `done` is called once they are kept.
export function recovery_codes({ account, codes, done }) {
    const told = element("div", { "aria-live": "polite" });
    const go_on = button(_("Done"), done, { kind: "primary", disabled: true });
    const kept = element("input", {
        type: "checkbox",
        id: "kept",
        change: event => { go_on.disabled = !event.target.checked; },
    });
    return element("div", { class: "panel recovery" },
        element("h3", { tabindex: "-1" }, _("Recovery codes")),
        element("p", { class: "print-only" }, account.host ? account.user + "@" + account.host : account.user),
        element("p", {}, _("Each of these signs you in once when the phone is lost, broken or left at home. Copy or print them, and keep them apart from the phone. They are shown only now.")),
        element("ol", { class: "codes", "aria-label": _("Recovery codes") }, codes.map(code => element("li", {}, code))),
        account.support ? element("p", {}, account.support) : null,
        element("div", { class: "buttons" },
            button(_("Copy"), async () => {
                try {
                    await copy(codes.join("\n") + "\n");
                    told.replaceChildren(alert(_("Copied."), "success"));
                } catch {
                    told.replaceChildren(alert(_("The browser does not let it be copied: select the codes, or print them.")));
                }
            }),
            button(_("Print"), () => window.print())),
        told,
        element("p", { class: "check" }, kept, element("label", { for: "kept" }, _("I have kept them"))),
        element("div", { class: "buttons" }, go_on));
}
