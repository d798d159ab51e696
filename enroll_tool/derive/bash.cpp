#include "enroll_tool/derive/derive.h"

namespace warifu::derive {

namespace {

std::string joined(const std::vector<std::string>& words, const char* between) {
    std::string all;
    for (const std::string& word : words) all.append(all.empty() ? "" : between).append(word);
    return all;
}

std::string names(const std::vector<OptionRow>& options, bool (*wanted)(const OptionRow&) noexcept,
                  const char* between) {
    std::vector<std::string> all;
    for (const OptionRow& option : options)
        if (wanted(option)) all.emplace_back(option.name);
    return joined(all, between);
}

// What compgen is asked for an option's value.
std::string values() {
    std::string cases;
    for (const OptionRow& option : all_options()) {
        const std::string name = "        " + std::string(option.name) + ") ";
        switch (completion_of(option)) {
            case Completion::choices:
                cases += name + "mapfile -t COMPREPLY < <(compgen -W '" + choices_of(option) +
                         "' -- \"$cur\"); return ;;\n";
                break;
            case Completion::files:
                cases +=
                    name +
                    "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return ;;\n";
                break;
            case Completion::users:
                cases += name + "mapfile -t COMPREPLY < <(compgen -u -- \"$cur\"); return ;;\n";
                break;
            case Completion::nothing:
                if (takes_value(option)) cases += name + "return ;;\n";
        }
    }
    return cases;
}

std::string any_option(const CommandRow& command) {
    return names(options_of(command), [](const OptionRow&) noexcept { return true; }, " ");
}

std::string words_by_command() {
    std::string cases =
        "        '') words='" + joined(first_words(), " ") + " --help --plain --version' ;;\n";
    for (const std::string& first : first_words())
        if (const auto second = second_words(first); !second.empty())
            cases += "        " + first + ") words='" + joined(second, " ") + "' ;;\n";
    for (const CommandRow& command : commands())
        cases += "        '" + std::string(command.name) + "') words='" + any_option(command) + "' ;;\n";
    return cases;
}

std::string every_command() {
    std::vector<std::string> all;
    for (const CommandRow& command : commands()) all.push_back("'" + std::string(command.name) + "'");
    return joined(all, "|");
}

}  // namespace

std::string bash() {
    return "# Completion of warifu(1) in bash; made from its table of commands.\n"
           "_warifu() {\n"
           "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command='' words='' "
           "i\n"
           "    # --option=value is three words here.\n"
           "    if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD - "
           "2]}; fi\n"
           "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
           "        case ${COMP_WORDS[i]} in\n"
           "            " +
           names(all_options(), takes_value, "|") +
           ") ((i++)); [[ ${COMP_WORDS[i]} == = ]] && ((i++)) ;;\n"
           "            -*|=) ;;\n"
           "            *) command+=${command:+ }${COMP_WORDS[i]} ;;\n"
           "        esac\n"
           "        case $command in " +
           every_command() +
           ") break ;; esac\n"
           "    done\n"
           "    COMPREPLY=()\n"
           "    case $prev in\n" +
           values() +
           "    esac\n"
           "    case $command in\n" +
           words_by_command() +
           "    esac\n"
           "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
           "}\n"
           "complete -F _warifu warifu\n";
}

}  // namespace warifu::derive
