// The frame of every page: head, style, and the headers that keep a browser from doing more with it than show
// it.
#pragma once

#include <string>
#include <string_view>

#include "gateway/http/message.h"
#include "gateway/pages/language.h"

namespace warifu::gateway {

// `title` is text, `body` is HTML. No scripts, nothing from elsewhere; light and dark; readable on a phone.
std::string page(Language language, std::string_view title, std::string_view body);

HttpResponse page_response(std::string page, int status = 200);

}  // namespace warifu::gateway
