#include "tests/integration/phone.h"

#include <algorithm>
#include <stdexcept>

#include "tests/integration/one_time_code.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

constexpr std::int64_t period = 30;

nlohmann::json done(const Answer& answer) {
    if (answer.status != 0) throw std::runtime_error("enrolling failed: " + answer.object.dump());
    return answer.object;
}

}  // namespace

Phone::Phone(const Sandbox& sandbox, const Account& account, PhoneKind kind)
    : sandbox_(sandbox), kind_(kind) {
    const nlohmann::json offer = done(warifu(
        sandbox, {"enroll", "--user", account.name, "--kind", kind == PhoneKind::totp ? "totp" : "hotp"}));
    secret_ = offer.at("secret").get<std::string>();
    const nlohmann::json confirmed = done(warifu(sandbox, {"confirm", "--user", account.name, code()}));
    if (confirmed.contains("recovery_codes") && confirmed["recovery_codes"].is_array()) {
        recovery_codes_ = confirmed["recovery_codes"].get<std::vector<std::string>>();
    }
}

std::string Phone::code_at(std::int64_t place) const {
    return kind_ == PhoneKind::totp ? totp(secret_, place * period)
                                    : hotp(secret_, static_cast<std::uint64_t>(place));
}

std::string Phone::code() {
    if (kind_ == PhoneKind::totp) {
        const std::int64_t step = sandbox_.now() / period;
        next_ = std::max(next_, step);
        if (next_ > step + 1) throw std::runtime_error("this phone has no code left to show for now");
    }
    return code_at(next_++);
}

std::string Phone::wrong_code() const {
    constexpr std::int64_t around = 25;  // more than any window or look-ahead in use
    const std::int64_t middle = kind_ == PhoneKind::totp ? sandbox_.now() / period : next_;
    std::vector<std::string> codes;
    for (std::int64_t place = std::max<std::int64_t>(0, middle - around); place <= middle + around; ++place) {
        codes.push_back(code_at(place));
    }
    for (int number = 100000;; ++number) {
        std::string candidate = std::to_string(number);
        if (std::find(codes.begin(), codes.end(), candidate) == codes.end()) return candidate;
    }
}

}  // namespace warifu::integration
