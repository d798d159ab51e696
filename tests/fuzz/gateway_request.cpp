// A request as the routes get it: a line each for method, target, content type, accepted languages and
// authorization, and the rest for the body. Paths, queries, forms and JSON are read on the way to a warifud
// that is not there.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "gateway/http/source.h"
#include "gateway/router/answer.h"
#include "gateway/routes/table.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

using namespace warifu::gateway;
using warifu::fuzz::must;
using warifu::fuzz::take_part;

Method method_of(std::string_view line) {
    constexpr Method methods[] = {Method::get, Method::head, Method::post,
                                  Method::put, Method::del,  Method::other};
    return methods[line.empty() ? 0 : static_cast<unsigned char>(line[0]) % std::size(methods)];
}

void check(const HttpResponse& response) {
    constexpr int known[] = {400, 401, 404, 405, 415, 503};
    must(std::ranges::find(known, response.status) != std::end(known), "only so many things can be wrong");
    if (response.content_type == "application/json") {
        const auto object = nlohmann::json::parse(response.body, nullptr, false);
        must(object.is_object() && object.value("error", "") != "", "an error is told as one");
    } else {
        must(response.body.starts_with("<!doctype html>"), "a page is a page");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = warifu::fuzz::as_text(data, size);
    HttpRequest request;
    request.method = method_of(take_part(rest, '\n'));
    request.target = take_part(rest, '\n');
    request.content_type = take_part(rest, '\n');
    request.accept_language = take_part(rest, '\n');
    request.authorization = take_part(rest, '\n');
    request.body = rest;
    (void)forwarded_for(request.accept_language);
    (void)parse_endpoint(request.target);

    asio::io_context io{1};
    Log log("/nonexistent/log");
    Warifud warifud("/nonexistent/socket");
    LongPolls long_polls(warifud, 1);
    bool answered = false;
    asio::co_spawn(io, answer(route_table(), {warifud, long_polls}, log, std::move(request)),
                   [&](std::exception_ptr thrown, const Answered& given) {
                       must(thrown == nullptr, "every request is answered");
                       check(given.response);
                       answered = true;
                   });
    io.run();
    must(answered, "every request is answered");
    return 0;
}
