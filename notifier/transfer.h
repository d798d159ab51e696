// One transfer by libcurl. Only the protocol that is named, certificates verified, no redirect followed, no
// proxy, nothing read of the environment; of the answer at most 64 KiB are read and none is kept.
#pragma once

#include <string>

#include "notifier/document.h"
#include "notifier/http_request.h"

namespace warifu::notifier {

inline constexpr long most_connect_seconds = 5;
// Of everything, and less than warifud's 10, so that it hears why.
inline constexpr long most_seconds = 9;

// Each returns when the other side has accepted it; else throws Problem.
void post(const Channel& channel, const HttpRequest& request);
// Without TLS to this host itself; elsewhere over smtp:// with STARTTLS where the server has it, and never a
// password without. The user is the URL's, its password the token.
void send_mail(const Channel& channel, const std::string& text);

// Ends the connection as its protocol has it (SMTP: QUIT), which may take as long as the server likes.
void hang_up() noexcept;

}  // namespace warifu::notifier
