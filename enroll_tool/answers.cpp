#include "enroll_tool/answers.h"

#include <unistd.h>

#include <string>

#include "core/error/error.h"
#include "core/phrase/fill.h"
#include "enroll_tool/line.h"

namespace warifu {

namespace {

[[noreturn]] void refuse(const Question& question, std::string_view sentence) {
    throw Invalid(std::string(question.name), fill(sentence, {question.name}));
}

}  // namespace

Secret Answers::get(const Question& question, std::optional<std::string_view> given) {
    std::optional<Secret> answer;
    if (given && *given != "-")
        answer = Secret::copy_of(*given);
    else if (terminal_)
        answer = ask(question);
    else if (given)
        answer = read_line(STDIN_FILENO);
    else
        refuse(question,
               "%1 is missing, and there is no terminal to ask at: give it, or - for standard input");
    if (!answer || answer->empty()) refuse(question, "%1: nothing was given");
    return *std::move(answer);
}

std::optional<Secret> Answers::next(const Question& question) {
    if (terminal_) return ask(question);
    auto answer = read_line(STDIN_FILENO);
    if (answer && answer->empty()) return std::nullopt;
    return answer;
}

std::optional<Secret> Answers::ask(const Question& question) {
    auto answer = terminal_->ask(question.prompt, question.echo);
    if (answer && answer->empty()) return std::nullopt;
    return answer;
}

}  // namespace warifu
