# The keys of conf/warifu.conf as a page's section: a table is a heading, the line before a key its meaning, and the value
# behind "#" its default.
function plain(text) {
    gsub(/[*_\\]/, "\\\\&", text)
    return text
}
/^$/ { meaning = "" }
/^\[/ {
    printf "## %s\n\n", plain($0)
    if (meaning != "") printf "%s\n\n", meaning
    meaning = ""
    inside = 1
}
# A rule's keys stand in words, since a rule that could be uncommented would change the defaults.
/^# Rules for some / { print "## [[policy.rule]]\n"; rules = 1 }
/^# Rules for approvals/ { print "## [[approval.rule]]\n"; rules = 1 }
/^# A way to notify / { print "## [notify.NAME]\n"; rules = 1 }
rules && /^# [a-z_]+: / {
    if (meaning != "") printf "%s\n\n", meaning
    meaning = ""
    printf "*%s*\n\t%s\n\n", substr($2, 1, length($2) - 1), plain(substr($0, length($2) + 4))
    next
}
rules && /^$/ { rules = 0 }
rules && /^# \[/ || /^# [a-z]+ = / { next }
/^# / && !/^#  / { meaning = meaning (meaning == "" ? "" : " ") plain(substr($0, 3)) }
# A value over several lines ends with its bracket.
list != "" {
    value = substr($0, 2)
    sub(/^ +/, " ", value)
    list = list value
    if (value ~ /^\]/) {
        sub(/\[ /, "[", list)
        sub(/,\]/, "]", list)
        printf "%s\n\n", list
        list = ""
    }
    next
}
/^#[^ ]/ && inside && meaning != "" {
    key = substr($0, 2, index($0, " = ") - 2)
    value = substr($0, index($0, " = ") + 3)
    printf "*%s*\n\t%s\n\n", key, meaning
    if (value == "[") list = "\tDefault: ["
    else printf "\tDefault: %s\n\n", plain(value)
    meaning = ""
}
