// Elements, and the forms and tables that they make. No text here is HTML: whatever a name holds, it is shown as it is.
import { _, words_of } from "./words.js";

// element("p", { class: "note" }, "text", other): an attribute that is true stands alone, one that is false or null is
// left out, and a function listens.
export function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function")
            made.addEventListener(name, value);
        else if (value !== false && value !== null && value !== undefined)
            made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.flat(2).filter(child => child !== null && child !== undefined && child !== false));
    return made;
}

export function button(text, act, { kind = "secondary", label = null, disabled = false } = {}) {
    return element("button", { type: "button", class: "button " + kind, "aria-label": label, disabled, click: act }, text);
}

export function alert(text, kind = "danger") {
    return element("div", { class: "alert " + kind, role: kind === "danger" ? "alert" : "status" }, text);
}

let fields_made = 0;

// What a field takes: "code" is digits or a recovery code, never remembered by the browser.
function field(row) {
    const id = "field-" + ++fields_made;
    const input = element("input", {
        id,
        name: row.name,
        type: "text",
        value: row.value ?? "",
        required: true,
        maxlength: row.kind === "code" ? 256 : 64,
        autocomplete: row.kind === "code" ? "one-time-code" : "off",
        autocapitalize: "off",
        spellcheck: "false",
        inputmode: row.digits ? "numeric" : null,
        class: row.kind === "code" ? "code" : null,
        "aria-describedby": row.hint ? id + "-hint" : null,
    });
    return element("div", { class: "field" },
        element("label", { for: id }, row.label),
        input,
        row.hint ? element("p", { class: "hint", id: id + "-hint" }, row.hint) : null);
}

// A form: `fields` of {name, label, hint, value, kind, digits}; `submit` gets their values, and a Failure that it throws is
// shown above the buttons. Codes are taken out of their fields as soon as they were sent.
export function form({ title, body = [], fields = [], action, danger = false, submit, cancel = null }) {
    const failed = element("div", { class: "failed" });
    const go = element("button", { type: "submit", class: "button " + (danger ? "danger" : "primary") }, action);
    const made = element("form", { class: "panel" },
        title ? element("h3", { tabindex: "-1" }, title) : null,
        body,
        fields.map(field),
        failed,
        element("div", { class: "buttons" }, go, cancel ? button(_("Cancel"), cancel, { kind: "link" }) : null));
    made.addEventListener("submit", async event => {
        event.preventDefault();
        if (go.disabled)
            return;
        const values = Object.fromEntries(fields.map(row => [row.name, made.elements[row.name].value.trim()]));
        for (const row of fields)
            if (row.kind === "code")
                made.elements[row.name].value = "";
        go.disabled = true;
        failed.replaceChildren();
        try {
            await submit(values);
        } catch (failure) {
            failed.replaceChildren(alert(words_of(failure)));
            (fields.length ? made.elements[fields[fields.length - 1].name] : go).focus();
        } finally {
            go.disabled = false;
        }
    });
    return made;
}

// Puts `children` into `place` and leads the keyboard and the screen reader there.
export function show(place, ...children) {
    place.replaceChildren(...children.filter(child => child));
    const first = place.querySelector("input, h3, .alert");
    if (first) {
        if (!first.matches("input"))
            first.setAttribute("tabindex", "-1");
        first.focus();
    }
}

// On a narrow screen each cell says by itself which column it belongs to.
export function table(caption, columns, rows) {
    return element("table", {},
        element("caption", {}, caption),
        element("thead", {}, element("tr", {}, columns.map(name => element("th", { scope: "col" }, name)))),
        element("tbody", {}, rows.map(cells => element("tr", {}, cells.map((cell, at) =>
            element(at === 0 ? "th" : "td", { scope: at === 0 ? "row" : null, "data-column": columns[at] }, cell))))));
}

export function definitions(rows) {
    return element("dl", {}, rows.map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}
