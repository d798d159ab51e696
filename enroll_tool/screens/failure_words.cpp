#include "core/phrase/fill.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/screens/screen.h"
#include "enroll_tool/translation.h"

namespace warifu::screens {

bool wants_proof(const Failure& failure) {
    return failure.code == "not_permitted" && failure.message.find("--proof") != failure.message.npos;
}

std::string words_of(const Failure& failure) {
    if (wants_proof(failure)) return tr("This wants a new code of yours first: try again.");
    std::string text = printable(tr_message(failure.message));
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    if (failure.retry_after)
        text.append(" ").append(fill(tr("(Try again in %1.)"), {span_of_time(*failure.retry_after)}));
    return text;
}

}  // namespace warifu::screens
