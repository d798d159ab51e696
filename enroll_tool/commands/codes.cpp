#include <vector>

#include "core/error/error.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/delivery.h"
#include "enroll_tool/recovery_page.h"

namespace warifu {

ExitCode run_codes(Session& session) {
    const bool regenerate = session.given().has("--regenerate");
    if (session.given().has("--sheet") && !regenerate)
        throw Invalid("--sheet",
                      "--sheet: wants --regenerate: recovery codes are shown once, when they are made");
    Delivery delivery(session);
    ipc::Request request = account_request(session, "Codes");
    request.truth("regenerate", regenerate);
    const ipc::Reply codes = session.call(std::move(request));
    const auto fresh = codes.maybe_texts("recovery_codes");
    const Sheet sheet{session.user(), nullptr, fresh.value_or(std::vector<std::string_view>())};
    if (session.json()) {
        delivery.hand_over(sheet);
        return session.print(codes);
    }
    if (!delivery.takes_standard_output()) {
        if (fresh) show_recovery_codes(*fresh, session.out());
        session.out().text(recovery_codes_left(codes.number("left")) + "\n");
        session.out().flush();
    }
    delivery.hand_over(sheet);
    return ExitCode::done;
}

}  // namespace warifu
