#include "core/limits/common_budget.h"

#include "core/limits/limits.h"

namespace warifu {

namespace {

// The row is nobody's: no source is known to it, and what fills is the budget of unknown ones.
constexpr int days_of_a_month = 32;
constexpr Limits bounds{.hour = common_hour, .day = common_day, .month = common_day * days_of_a_month};

}  // namespace

CommonBudget CommonBudget::decode(std::string_view document) {
    CommonBudget budget;
    budget.row_ = decode_state(document);
    return budget;
}

std::string CommonBudget::encode() const {
    return warifu::encode(row_);
}

std::optional<std::int64_t> CommonBudget::spent_until(std::uint32_t weight, std::int64_t now) const noexcept {
    return limited_until(row_, Origin{}, weight, now, bounds);
}

void CommonBudget::charge(std::uint32_t weight, std::int64_t now) {
    if (row_.budgets.empty()) {
        row_.budgets.emplace_back();
    }
    SharedBudget& budget = row_.budgets.front();
    budget.hour.add(now, weight);
    budget.day.add(now, weight);
    budget.month.add(now, weight);
    ++row_.serial;
}

void CommonBudget::take_back(std::uint32_t weight, std::int64_t at) {
    if (row_.budgets.empty()) {
        return;
    }
    SharedBudget& budget = row_.budgets.front();
    budget.hour.take_back(at, weight);
    budget.day.take_back(at, weight);
    budget.month.take_back(at, weight);
    ++row_.serial;
}

void CommonBudget::begin_anew() {
    State fresh;
    fresh.resets = row_.resets + 1;
    fresh.serial = row_.serial + 1;
    row_ = std::move(fresh);
}

bool CommonBudget::alarm_due(std::int64_t now) const noexcept {
    return now < row_.last_failure || now - row_.last_failure >= common_alarm_seconds;
}

void CommonBudget::note_alarm(std::int64_t now) noexcept {
    row_.last_failure = now;
    ++row_.serial;
}

}  // namespace warifu
