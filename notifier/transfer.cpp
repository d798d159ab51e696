#include "notifier/transfer.h"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string_view>

#include "notifier/shown.h"

namespace warifu::notifier {

namespace {

// Of the answer, head and body together.
constexpr std::size_t most_answer_bytes = 64 * 1024;

struct Free {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
    void operator()(char* text) const { curl_free(text); }
};
using List = std::unique_ptr<curl_slist, Free>;

List list_of(const std::vector<std::string>& lines) {
    List list;
    for (const std::string& line : lines) {
        curl_slist* longer = curl_slist_append(list.get(), line.c_str());
        if (longer == nullptr) {
            throw Problem("no memory is left");
        }
        // libcurl's list begins where it began, and is not to be freed for having grown.
        if (longer != list.get()) {
            list.reset(longer);
        }
    }
    return list;
}

std::string part_of(const std::string& url, CURLUPart part) {
    const std::unique_ptr<CURLU, Free> parsed(curl_url());
    char* text = nullptr;
    if (!parsed ||
        curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
        curl_url_get(parsed.get(), part, &text, CURLU_URLDECODE) != CURLUE_OK) {
        return "";
    }
    const std::unique_ptr<char, Free> owned(text);
    return text;
}

// An answer that goes on for ever ends here: each callback's 0 makes libcurl break off.
std::size_t count(char*, std::size_t size, std::size_t number, void* left) {
    auto& bytes = *static_cast<std::size_t*>(left);
    const std::size_t got = size * number;
    if (got > bytes) {
        return 0;
    }
    bytes -= got;
    return got;
}

std::size_t ignore(char*, std::size_t size, std::size_t number, void*) {
    return size * number;
}

std::size_t give(char* into, std::size_t size, std::size_t number, void* rest) {
    auto& text = *static_cast<std::string_view*>(rest);
    const std::size_t given = text.copy(into, size * number);
    text.remove_prefix(given);
    return given;
}

CURL* connected = nullptr;  // after a transfer

// Its connection stays until hang_up() or the end of the process: a server that says no good-bye is not
// waited for.
class Transfer {
  public:
    Transfer(const Channel& channel, const std::string& url, const char* protocols) : channel_(channel) {
        curl_ = curl_global_init(CURL_GLOBAL_DEFAULT) == 0 ? curl_easy_init() : nullptr;
        if (curl_ == nullptr) {
            throw Problem("libcurl cannot be used");
        }
        set(CURLOPT_ERRORBUFFER, error_.data());
        set(CURLOPT_URL, url.c_str());
        set(CURLOPT_PROTOCOLS_STR, protocols);
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
        set(CURLOPT_PROXY, "");
        set(CURLOPT_NOSIGNAL, 1L);
        // What still looks up a name is not waited for.
        set(CURLOPT_QUICK_EXIT, 1L);
        set(CURLOPT_CONNECTTIMEOUT, most_connect_seconds);
        set(CURLOPT_TIMEOUT, most_seconds);
        set(CURLOPT_HEADERFUNCTION, count);
        set(CURLOPT_HEADERDATA, &left_);
        set(CURLOPT_WRITEFUNCTION, count);
        set(CURLOPT_WRITEDATA, &left_);
    }

    template <typename Value>
    void set(CURLoption option, Value value) {
        if (curl_easy_setopt(curl_, option, value) != CURLE_OK) {
            throw Problem("this libcurl is too old");
        }
    }

    CURLcode perform() {
        const CURLcode code = curl_easy_perform(curl_);
        connected = curl_;
        // What these pointed to ends now.
        (void)curl_easy_setopt(curl_, CURLOPT_ERRORBUFFER, nullptr);
        (void)curl_easy_setopt(curl_, CURLOPT_HEADERFUNCTION, ignore);
        return code;
    }
    // The last of the server's, 0 where there was none.
    long status() const {
        long value = 0;
        (void)curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &value);
        return value;
    }
    std::string reason(CURLcode code) const {
        return shortened(in_one_line(error_.front() != '\0' ? error_.data() : curl_easy_strerror(code)), 200);
    }
    Problem problem(const std::string& text) const {
        return Problem(channel_.type + ": " + where(channel_.url) + " " + text);
    }

  private:
    const Channel& channel_;
    CURL* curl_ = nullptr;
    std::size_t left_ = most_answer_bytes;
    std::array<char, CURL_ERROR_SIZE> error_{};
};

std::string meaning_of(long status) {
    if (status >= 300 && status < 400) {
        return "it is elsewhere now, and redirects are not followed: write the address that it has";
    }
    switch (status) {
        case 401:
        case 403:
            return "it wants another token, or this one may not write there";
        case 404:
        case 410:
            return "there is nothing at this address: look at the url";
        case 413:
            return "the message is too long for it";
        case 429:
            return "it is asked too often for its limits";
        default:
            return status >= 500 ? "it is out of order" : "it does not take the message";
    }
}

bool is_this_host(const std::string& host) {
    return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

}  // namespace

void post(const Channel& channel, const HttpRequest& request) {
    Transfer transfer(channel, request.url, "http,https");
    std::vector<std::string> lines = request.headers;
    lines.emplace_back("User-Agent: warifu-notify/" WARIFU_VERSION);
    const List headers = list_of(lines);
    transfer.set(CURLOPT_HTTPHEADER, headers.get());
    transfer.set(CURLOPT_POSTFIELDS, request.body.c_str());
    transfer.set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    const CURLcode code = transfer.perform();
    const long status = transfer.status();
    // It has said yes, however long it goes on talking.
    if (status >= 200 && status < 300 && (code == CURLE_OK || code == CURLE_WRITE_ERROR)) {
        return;
    }
    if (code != CURLE_OK && code != CURLE_WRITE_ERROR) {
        throw transfer.problem("cannot be reached: " + transfer.reason(code));
    }
    throw transfer.problem("answered " + std::to_string(status) + ": " + meaning_of(status));
}

void send_mail(const Channel& channel, const std::string& text) {
    Transfer transfer(channel, channel.url, "smtp,smtps");
    const std::string user = part_of(channel.url, CURLUPART_USER);
    const std::string from = "<" + channel.from + ">";
    const List to = list_of({"<" + channel.address + ">"});
    std::string_view rest = text;
    if (!user.empty() && !channel.token.empty()) {
        transfer.set(CURLOPT_USERNAME, user.c_str());
        transfer.set(CURLOPT_PASSWORD, channel.token.c_str());
    }
    const long tls = is_this_host(part_of(channel.url, CURLUPART_HOST)) ? CURLUSESSL_NONE
                     : user.empty()                                     ? CURLUSESSL_TRY
                                                                        : CURLUSESSL_ALL;
    transfer.set(CURLOPT_USE_SSL, tls);
    transfer.set(CURLOPT_MAIL_FROM, from.c_str());
    transfer.set(CURLOPT_MAIL_RCPT, to.get());
    transfer.set(CURLOPT_UPLOAD, 1L);
    transfer.set(CURLOPT_READFUNCTION, give);
    transfer.set(CURLOPT_READDATA, &rest);
    const CURLcode code = transfer.perform();
    if (code == CURLE_OK) {
        return;
    }
    if (code == CURLE_LOGIN_DENIED) {
        throw transfer.problem("does not take this user with this password");
    }
    if (const long status = transfer.status(); status >= 400) {
        throw transfer.problem("answered " + std::to_string(status) + " (" + transfer.reason(code) +
                               "): its log says why");
    }
    if (code == CURLE_WRITE_ERROR) {
        throw transfer.problem("talks without end: look which server that is");
    }
    throw transfer.problem("cannot be reached: " + transfer.reason(code));
}

void hang_up() noexcept {
    curl_easy_cleanup(connected);
}

}  // namespace warifu::notifier
