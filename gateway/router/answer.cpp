#include "gateway/router/answer.h"

#include <syslog.h>

#include "core/error/error.h"
#include "gateway/api/failure.h"
#include "gateway/pages/approval_page.h"
#include "gateway/pages/page.h"

namespace warifu::gateway {

namespace {

bool is_of_a_browser(const HttpRequest& request) {
    return request.method == Method::get || request.method == Method::head ||
           media_type(request.content_type) == "application/x-www-form-urlencoded";
}

HttpResponse refused(const Failure& failure, bool page, std::string_view accept_language) {
    if (!page) return response_of(failure);
    const Language language = preferred_language(accept_language);
    HttpResponse response = page_response(failure_page(failure, language), failure.status);
    if (failure.retry_after)
        response.headers.emplace_back("Retry-After", std::to_string(*failure.retry_after));
    return response;
}

HttpResponse nothing_there(const Match& found) {
    if (found.allowed.empty()) return response_of(Failure{404, "not_found", "nothing is there", {}});
    HttpResponse response = response_of(Failure{405, "invalid_request", "this path takes other methods", {}});
    response.headers.emplace_back("Allow", found.allowed);
    return response;
}

Input query_of(Audience audience, std::string_view text) {
    return Input::from_fields(audience == Audience::programs ? parse_form(text) : FormFields());
}

// What is wrong on this host is for its log; what callers do wrong is told to them.
void log_failure(std::exception_ptr thrown, Log& log) {
    if (failure_of(thrown).status != 503) return;
    try {
        std::rethrow_exception(std::move(thrown));
    } catch (const std::exception& error) {
        log.line(LOG_ERR, error.what());
    }
}

// Who reads what went wrong: kept, since the request is handed on.
struct Reader {
    std::string language;  // Accept-Language
    bool page;             // of a browser, which wants one
};

}  // namespace

awaitable<Answered> answer(std::span<const Route> routes, Services services, Log& log, HttpRequest request) {
    const std::string target = request.target;
    const auto mark = target.find('?');
    const std::string_view path = std::string_view(target).substr(0, mark);
    const std::string_view query = mark == target.npos ? "" : std::string_view(target).substr(mark + 1);
    Match found = match(routes, request.method, path);
    if (found.route == nullptr) {
        Answered nothing{nothing_there(found), "-"};
        co_return nothing;
    }
    const Route& route = *found.route;
    const Reader reader{request.accept_language,
                        route.audience == Audience::people && is_of_a_browser(request)};
    std::exception_ptr thrown;
    try {
        Call call{std::move(request), std::move(found.argument), query_of(route.audience, query)};
        HttpResponse response = co_await route.handler(services, std::move(call));
        Answered answered{std::move(response), route.pattern};
        co_return answered;
    } catch (...) {
        thrown = std::current_exception();
    }
    if (was_cancelled(co_await asio::this_coro::cancellation_state)) std::rethrow_exception(thrown);
    log_failure(thrown, log);
    Answered failed{refused(failure_of(thrown), reader.page, reader.language), route.pattern};
    co_return failed;
}

}  // namespace warifu::gateway
