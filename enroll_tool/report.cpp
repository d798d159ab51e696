#include "enroll_tool/report.h"

#include <cstdio>
#include <new>
#include <optional>
#include <string>

#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "ipc/client/errors.h"

namespace warifu {

namespace {

struct Failure {
    ExitCode exit;
    std::string code;  // of --json
    std::string message;
    std::string reason;  // denials alone
    std::optional<std::int64_t> retry_after;
};

Failure describe(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const ipc::Denied& error) {
        return {ExitCode::denied, "denied", error.what(), error.reason, error.retry_after};
    } catch (const NotFound& error) {
        return {ExitCode::denied, "not_found", error.what(), "", {}};
    } catch (const Invalid& error) {
        return {ExitCode::usage, "usage", error.what(), "", {}};
    } catch (const NotPermitted& error) {
        return {ExitCode::not_permitted, "not_permitted", error.what(), "", {}};
    } catch (const Conflict& error) {
        return {ExitCode::unavailable, "conflict", error.what(), "", {}};
    } catch (const std::bad_alloc&) {
        return {ExitCode::unavailable, "unavailable", "out of memory", "", {}};
    } catch (const std::exception& error) {
        return {ExitCode::unavailable, "unavailable", error.what(), "", {}};
    }
}

void print(const Failure& failure, Output& out) {
    nlohmann::json object{{"error", failure.code}, {"message", failure.message}};
    if (!failure.reason.empty()) object["reason"] = failure.reason;
    if (failure.retry_after) object["retry_after"] = *failure.retry_after;
    out.object(object);
}

std::string sentence(const Failure& failure) {
    std::string text = failure.message;
    if (!failure.reason.empty()) text.append(" (").append(failure.reason).append(")");
    if (failure.retry_after) text.append("; try again in ").append(span_of_time(*failure.retry_after));
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
