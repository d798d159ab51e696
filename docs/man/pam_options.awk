# The options of docs/pam_module.md: the rows of the tables below its heading "Options".
/^## / { inside = $0 == "## Options" }
inside && /^\| `/ {
    split($0, cell, / \| /)
    option = cell[1]
    gsub(/[|` ]/, "", option)
    meaning = cell[2]
    sub(/ \|$/, "", meaning)
    gsub(/`/, "*", meaning)
    while (match(meaning, /\[[^]]*\]\([^)]*\)/)) {
        # A link is its text.
        link = substr(meaning, RSTART + 1, index(substr(meaning, RSTART), "](") - 2)
        meaning = substr(meaning, 1, RSTART - 1) link substr(meaning, RSTART + RLENGTH)
    }
    printf "*%s*\n\t%s\n\n", option, meaning
}
