// What warifud says of a token, as a page: whatever names and texts came with the request, the page has the
// tags that it was written with, nothing that moves what is around it, and is the same page for everybody who
// is blind.
#include <algorithm>
#include <string>

#include "core/error/error.h"
#include "gateway/pages/approval_page.h"
#include "ipc/client/errors.h"
#include "ipc/wire/utf8.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

using namespace warifu::gateway;
using warifu::fuzz::must;

constexpr std::int64_t now = 1'700'000'000;

constexpr std::string_view tags[] = {
    "!doctype html>", "html ",        "head>",  "meta ",    "title>", "style>",  "body>", "main>",
    "section>",       "h1>",          "p>",     "p class=", "dl>",    "dt>",     "dd>",   "dd class=",
    "bdi>",           "form method=", "input ", "button ",  "label ", "a class="};
constexpr std::string_view closing[] = {"html>",    "head>", "title>",  "style>", "body>", "main>",
                                        "section>", "h1>",   "p>",      "dl>",    "dt>",   "dd>",
                                        "bdi>",     "form>", "button>", "label>", "a>"};

bool begins_a_tag_of_ours(std::string_view text) {
    if (text.starts_with('/')) {
        return std::ranges::any_of(closing, [&](auto tag) { return text.substr(1).starts_with(tag); });
    }
    return std::ranges::any_of(tags, [&](auto tag) { return text.starts_with(tag); });
}

void check(std::string_view page) {
    must(warifu::wire::valid_utf8(page), "a page is UTF-8");
    for (std::size_t i = 0; i < page.size(); ++i) {
        const auto byte = static_cast<unsigned char>(page[i]);
        must(byte >= 0x20 || byte == '\n', "a page has no control characters");
        must(byte != 0x7f, "nor this one");
        must(byte != '<' || begins_a_tag_of_ours(page.substr(i + 1)),
             "a page has no tag that came with a text");
    }
    for (const char* mark : {"\u202e", "\u2066", "\u200b", "\u2028", "\ufeff"}) {
        must(page.find(mark) == page.npos, "a page has no character that moves what is around it");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto reply = warifu::ipc::Reply::parse(warifu::fuzz::as_text(data, size));
        Holding holding;
        holding.request = request_in(reply);
        holding.purpose = reply.text("purpose");
        holding.holder = reply.text("holder");
        for (const bool blind : {false, true}) {
            for (const Language language : {Language::english, Language::japanese}) {
                holding.blind = blind;
                check(approval_page(holding, language, now));
                check(outcome_page({std::string(reply.maybe_text("result").value_or("done")), holding.purpose,
                                    holding.request},
                                   language));
            }
        }
    } catch (const warifu::ipc::Denied&) {
    } catch (const warifu::Invalid&) {
    } catch (const warifu::NotFound&) {
    } catch (const warifu::NotPermitted&) {
    } catch (const warifu::Conflict&) {
    } catch (const warifu::Unavailable&) {  // NoReply too
    }
    return 0;
}
