# The options of docs/pam_module.md: the rows of the tables below its heading "Options".
/^## / { inside = $0 == "## Options" }
inside && /^\| `/ {
    split($0, cell, / \| /)
    option = cell[1]
    gsub(/[|` ]/, "", option)
    meaning = cell[2]
    sub(/ \|$/, "", meaning)
    gsub(/`/, "*", meaning)
    printf "*%s*\n\t%s\n\n", option, meaning
}
