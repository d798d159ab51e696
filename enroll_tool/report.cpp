#include "enroll_tool/report.h"

#include <cstdio>
#include <string>

#include "enroll_tool/failure.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

void print(const Failure& failure, Output& out) {
    nlohmann::json object{{"error", failure.code}, {"message", failure.message}};
    if (!failure.reason.empty()) object["reason"] = failure.reason;
    if (failure.retry_after) object["retry_after"] = *failure.retry_after;
    out.object(object);
}

std::string sentence(const Failure& failure) {
    std::string text = tr_message(failure.message);
    if (!failure.reason.empty()) text.append(" (").append(failure.reason).append(")");
    if (failure.retry_after)
        text = fill(tr("%1; try again in %2"), {text, span_of_time(*failure.retry_after)});
    return text;
}

}  // namespace

ExitCode report(const std::exception_ptr& failure, bool json, Output& out) {
    const Failure described = describe(failure);
    if (json)
        print(described, out);
    else
        complain(sentence(described));
    return described.exit;
}

void complain(std::string_view message) {
    std::fprintf(stderr, "warifu: %s\n", printable(message).c_str());
}

}  // namespace warifu
