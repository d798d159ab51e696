// bash, zsh and fish complete `warifu` from the files that are installed for them.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/terminal.h"

namespace warifu::integration {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string built(const std::string& name) {
    std::ifstream file(WARIFU_BUILD_DIR "/enroll_tool/completions/" + name);
    if (!file) throw std::runtime_error("completions/" + name + " is not built");
    return {std::istreambuf_iterator<char>(file), {}};
}

// A shell at its prompt: what was typed before it would be the terminal's to echo, tabs too.
class Shell {
  public:
    Shell(const Sandbox& sandbox, const Command& command, const std::string& set_up)
        : terminal_(sandbox, command, 40, 200) {
        terminal_.type_line(set_up + " && PS1='here''> '");
        terminal_.expect("here> ");
    }

    // What is on the line once `typed` was completed, up to a mark that is typed behind it. ^U empties the
    // line.
    std::string completed(const std::string& typed) {
        terminal_.type(typed + "\tMARK");
        const std::string line = terminal_.expect("MARK");
        terminal_.type("\x15");
        return line;
    }

    // What is offered where several words are possible.
    std::string offered(const std::string& typed, const std::string& last) {
        terminal_.type(typed + "\t\t");
        const std::string offer = terminal_.expect(last);
        terminal_.type("\x15");
        return offer + last;
    }

  private:
    Terminal terminal_;
};

void expect_completions(Shell& shell) {
    EXPECT_THAT(shell.completed("warifu enr"), HasSubstr("warifu enroll"));
    EXPECT_THAT(shell.completed("warifu enroll --alg"), HasSubstr("--algorithm"));
    EXPECT_THAT(shell.completed("warifu show --regen"), Not(HasSubstr("--regenerate")));
    EXPECT_THAT(shell.completed("warifu codes --regen"), HasSubstr("--regenerate"));
    EXPECT_THAT(shell.completed("warifu enroll --user alice --qr asc"), HasSubstr("--qr ascii"));
    EXPECT_THAT(shell.completed("warifu config ch"), HasSubstr("warifu config check"));
    EXPECT_THAT(shell.completed("warifu enroll --daem"), Not(HasSubstr("--daemon")));
}

TEST(Completions, E11_BashCompletesCommandsOptionsAndChoices) {
    Sandbox sandbox;
    const std::string file = "/usr/share/bash-completion/completions/warifu";
    sandbox.write(file, built("bash/warifu"));
    Shell shell(sandbox, as_root({"bash", "--norc", "--noprofile", "-i"}),
                "bind 'set enable-bracketed-paste off' && source " + file);
    expect_completions(shell);
    EXPECT_THAT(shell.offered("warifu enroll --qr ", "utf8-inverse"),
                AllOf(HasSubstr("ascii"), HasSubstr("none"), HasSubstr("png"), HasSubstr("svg")));
    EXPECT_THAT(shell.completed("warifu enroll --qr=asc"), HasSubstr("--qr=ascii"));
    EXPECT_THAT(shell.completed("warifu enroll --sheet=html --alg"), HasSubstr("--algorithm"));
    EXPECT_THAT(shell.completed("warifu show --output /usr/share/bash-completion/completions/war"),
                HasSubstr("/completions/warifu"));
}

TEST(Completions, E11_ZshFindsTheFileAndCompletesCommandsOptionsAndChoices) {
    Sandbox sandbox;
    sandbox.write("/usr/share/zsh/vendor-completions/_warifu", built("zsh/_warifu"));
    Shell shell(sandbox, as_root({"zsh", "-f", "-i"}),
                "autoload -U compinit && compinit -u -D && zstyle ':completion:*' insert-tab false");
    expect_completions(shell);
    EXPECT_THAT(shell.offered("warifu enroll --qr ", "utf8-inverse"),
                AllOf(HasSubstr("ascii"), HasSubstr("none"), HasSubstr("png"), HasSubstr("svg")));
}

// fish has a command that answers what it would offer.
TEST(Completions, E11_FishFindsTheFileAndCompletesCommandsOptionsAndChoices) {
    Sandbox sandbox;
    sandbox.write("/usr/share/fish/vendor_completions.d/warifu.fish", built("fish/warifu.fish"));
    const auto offered = [&sandbox](const std::string& line) {
        return output_of(sandbox, as_root({"fish", "-c", "complete -C '" + line + "'"}));
    };
    EXPECT_EQ(offered("warifu enr"), "enroll\toffers a new key for an app or token, and confirms it\n");
    EXPECT_THAT(offered("warifu enroll --alg"), HasSubstr("--algorithm\tof the codes\n"));
    EXPECT_EQ(offered("warifu show --regen"), "");
    EXPECT_THAT(offered("warifu codes --regen"), HasSubstr("--regenerate\t"));
    EXPECT_THAT(offered("warifu enroll --user alice --qr "),
                AllOf(HasSubstr("ascii\t"), HasSubstr("none\t"), HasSubstr("png\t"), HasSubstr("svg\t"),
                      HasSubstr("utf8\t"), HasSubstr("utf8-inverse\t")));
    EXPECT_THAT(offered("warifu config "), HasSubstr("check\t"));
    EXPECT_EQ(offered("warifu enroll --daem"), "");
}

}  // namespace
}  // namespace warifu::integration
