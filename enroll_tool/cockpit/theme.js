// Light or dark as the rest of Cockpit is: its own setting, or the browser's where that is "auto".
const prefers_dark = window.matchMedia("(prefers-color-scheme: dark)");

function apply(style) {
    const wanted = style || localStorage.getItem("shell:style") || "auto";
    document.documentElement.classList.toggle("dark", wanted === "dark" || (wanted === "auto" && prefers_dark.matches));
}

export function follow_theme() {
    apply();
    window.addEventListener("storage", event => {
        if (event.key === "shell:style")
            apply();
    });
    window.addEventListener("cockpit-style", event => apply(event.detail?.style));
    prefers_dark.addEventListener("change", () => apply());
}
