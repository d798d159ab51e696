// The page "Two-factor authentication" inside Cockpit, in the person's own session.
import { AccountCard } from "./account.js";
import { AccountsCard } from "./accounts.js";
import { follow_theme } from "./theme.js";
import { _ } from "./words.js";

function show_for_administrators(place, own) {
    const permission = cockpit.permission({ admin: true });
    let card = null;
    const update = () => {
        if (permission.allowed && !card) {
            card = new AccountsCard({ changed: () => own.refresh() });
            place.append(card.node);
        } else if (!permission.allowed && card) {
            card.node.remove();
            card = null;
        }
    };
    permission.addEventListener("changed", update);
    update();
}

// For the printed page; without it where the file is missing.
async function host_name() {
    try {
        return (await cockpit.file("/etc/hostname").read() || "").trim();
    } catch {
        return "";
    }
}

async function start() {
    follow_theme();
    cockpit.translate();
    document.documentElement.lang = cockpit.language.replace("_", "-");
    document.title = _("Two-factor authentication");
    const place = document.getElementById("cards");
    const person = await cockpit.user();
    const own = new AccountCard({ administrator: person.id === 0, host: await host_name() });
    place.replaceChildren(own.node);
    show_for_administrators(place, own);
    await own.refresh();
}

start();
