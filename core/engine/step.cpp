#include "core/engine/step.h"

#include <utility>

namespace warifu {

std::optional<ReplyKind> parse_reply_kind(std::string_view text) noexcept {
    constexpr std::pair<std::string_view, ReplyKind> kinds[] = {
        {"text", ReplyKind::text},         {"tails", ReplyKind::tails},     {"recovery", ReplyKind::recovery},
        {"password", ReplyKind::password}, {"invalid", ReplyKind::invalid}, {"none", ReplyKind::none},
    };
    for (const auto& [spelling, kind] : kinds) {
        if (text == spelling) {
            return kind;
        }
    }
    return std::nullopt;
}

std::string_view name(Step::Kind kind) noexcept {
    switch (kind) {
        case Step::Kind::prompt:
            return "prompt";
        case Step::Kind::info:
            return "info";
        case Step::Kind::error:
            return "error";
        case Step::Kind::wait:
            return "wait";
        case Step::Kind::done:
            return "done";
    }
    return "done";
}

}  // namespace warifu
