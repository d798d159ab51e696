// warifu_derive manual|bash|zsh|fish: writes one text that is made from the table of commands. It is part of
// the build and is not installed.
#include <cstdio>
#include <map>
#include <string>

#include "enroll_tool/derive/derive.h"

int main(int argc, char** argv) {
    using namespace warifu::derive;
    const std::map<std::string, std::string (*)()> texts{
        {"manual", manual}, {"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    const auto wanted = argc == 2 ? texts.find(argv[1]) : texts.end();
    if (wanted == texts.end()) {
        std::fputs("usage: warifu_derive manual|bash|zsh|fish\n", stderr);
        return 2;
    }
    const std::string text = wanted->second();
    return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0 ? 0 : 1;
}
