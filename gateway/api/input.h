// What a caller sent, as fields with names, read strictly whether it came as JSON or as a form: a field that
// is missing, of another type or not known is Invalid by its name.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/api/form.h"

namespace warifu::gateway {

class Input {
  public:
    static constexpr std::size_t most_items = 64;  // of a list

    // One JSON object (RFC 8259), nesting at most eight deep, no name twice in one object.
    static Input from_json(std::string_view body);
    // A list is a field that comes several times; what stands in a part in JSON stands beside the rest here.
    static Input from_form(std::string_view body);
    static Input from_fields(FormFields fields);
    // By the media type; an empty body without a type has no fields. Throws UnsupportedMedia.
    static Input from_body(std::string_view media_type, std::string_view body);

    bool has(std::string_view name) const;
    // null is the same as absence.
    std::string text(std::string_view name);
    std::optional<std::string> maybe_text(std::string_view name);
    std::optional<std::int64_t> maybe_number(std::string_view name);
    std::vector<std::string> texts(std::string_view name);
    // An object inside; without fields where there is none.
    Input part(std::string_view name);

    // Throws for a field that nobody asked for.
    void end() const;

  private:
    Input(nlohmann::json object, bool form, std::string prefix)
        : object_(std::move(object)), form_(form), prefix_(std::move(prefix)) {}
    const nlohmann::json* find(std::string_view name);
    std::string name_of(std::string_view name) const { return prefix_ + std::string(name); }

    nlohmann::json object_;
    bool form_;
    std::string prefix_;  // "context." in a part, for messages
    std::set<std::string, std::less<>> asked_;
};

// Neither JSON nor a form.
struct UnsupportedMedia {};

}  // namespace warifu::gateway
