#include "gateway/pages/page.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "gateway/pages/html.h"

namespace warifu::gateway {

namespace {

// It stands in the page, so that a page is one answer and works below any path; its hash permits it.
constexpr std::string_view style = R"(
:root {
    --ground: #f2f3f5; --card: #fff; --text: #16181b; --dim: #5b626b; --line: #cdd2d8;
    --go: #10662f; --stop: #a3200f; --on-button: #fff; --quiet: #e7eaee;
    color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
    :root {
        --ground: #16181b; --card: #212429; --text: #e9ebee; --dim: #a8b0ba; --line: #454b54;
        --go: #7fd69a; --stop: #ff9c8c; --on-button: #16181b; --quiet: #31363d;
    }
}
* { box-sizing: border-box; }
body {
    margin: 0; background: var(--ground); color: var(--text);
    font: 1.0625rem/1.5 system-ui, "Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", sans-serif;
}
main { max-width: 34rem; margin: 0 auto; padding: 1rem; }
section {
    background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem;
}
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance; word-break: auto-phrase; }
p { margin: 0 0 1rem; }
dl { display: grid; grid-template-columns: fit-content(40%) 1fr; gap: .375rem 1rem; margin: 0 0 1.25rem; }
dt { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; }
dd.code {
    font-family: ui-monospace, monospace; font-size: .9375rem; white-space: pre-wrap;
    background: var(--ground); border-radius: .375rem; padding: .375rem .5rem;
}
.number { margin: 0 0 .5rem; font-size: 3rem; line-height: 1.1; font-weight: 700; letter-spacing: .08em; text-align: center; }
.hint { color: var(--dim); font-size: .9375rem; }
label { display: block; margin: 0 0 .25rem; }
input[name=number] {
    width: 100%; min-height: 3.25rem; margin: 0 0 1rem; padding: .25rem .75rem; font-size: 1.75rem; letter-spacing: .15em;
    color: inherit; background: var(--ground); border: 2px solid var(--dim); border-radius: .5rem;
}
button, .button {
    display: block; width: 100%; min-height: 3.25rem; margin: 0 0 .75rem; padding: .5rem 1rem; font: inherit;
    font-weight: 600; text-align: center; text-decoration: none; cursor: pointer;
    color: var(--text); background: var(--quiet); border: 2px solid transparent; border-radius: .5rem;
}
button.go { color: var(--on-button); background: var(--go); }
button.stop { color: var(--stop); background: transparent; border-color: var(--stop); }
button:focus-visible, .button:focus-visible, input:focus-visible { outline: 3px solid var(--text); outline-offset: 2px; }
)";

std::string base64_of_hash(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("SHA-256 is not there");
    }
    std::array<unsigned char, 4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1> encoded{};
    const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
    return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

const std::string& policy() {
    static const std::string text = "default-src 'none'; style-src 'sha256-" + base64_of_hash(style) +
                                    "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    return text;
}

}  // namespace

std::string page(Language language, std::string_view title, std::string_view body) {
    const std::string code(code_of(language)), heading = html::text(title);
    return "<!doctype html>\n<html lang=\"" + code +
           "\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"robots\" content=\"noindex\">\n<title>" +
           heading + "</title>\n<style>" + std::string(style) +
           "</style>\n</head>\n<body>\n<main>\n<section>\n<h1>" + heading + "</h1>\n" + std::string(body) +
           "</section>\n</main>\n</body>\n</html>\n";
}

HttpResponse page_response(std::string page, int status) {
    HttpResponse response;
    response.status = status;
    response.content_type = "text/html; charset=utf-8";
    response.body = std::move(page);
    response.headers.emplace_back("Content-Security-Policy", policy());
    response.headers.emplace_back("X-Frame-Options", "DENY");
    return response;
}

}  // namespace warifu::gateway
