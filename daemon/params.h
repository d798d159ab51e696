// The parameters of one call, read strictly: a missing, mistyped, oversized or unknown field is Invalid by
// name.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace warifu {

// Overwrites every string in it, at any depth.
void wipe_texts(nlohmann::json& value);

class Params {
  public:
    static constexpr std::size_t most_text = 4'096, most_items = 64;

    // `object` outlives this; its strings, which may be codes and keys, are wiped at the end.
    explicit Params(nlohmann::json& object);
    ~Params() { wipe_texts(object_); }
    Params(const Params&) = delete;
    Params& operator=(const Params&) = delete;

    bool has(std::string_view name) { return find(name) != nullptr; }
    std::string text(std::string_view name, std::size_t most = most_text);
    std::optional<std::string> maybe_text(std::string_view name, std::size_t most = most_text);
    std::int64_t number(std::string_view name, std::int64_t least, std::int64_t most);
    std::optional<std::int64_t> maybe_number(std::string_view name, std::int64_t least, std::int64_t most);
    std::optional<bool> maybe_flag(std::string_view name);
    bool flag(std::string_view name);
    std::vector<std::string> texts(std::string_view name, std::size_t most = most_text,
                                   std::size_t items = most_items);

    // Throws for a field that nobody asked for.
    void end() const;

  private:
    const nlohmann::json* find(std::string_view name);
    const nlohmann::json& need(std::string_view name);

    nlohmann::json& object_;
    std::set<std::string, std::less<>> asked_;
};

}  // namespace warifu
