// What warifud answered: the parameters of one reply, read under their expected types. Wiped when it dies,
// since it may hold a key or recovery codes.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace warifu::ipc {

class Reply {
  public:
    // `message` without its NUL. Throws what an error of the interface stands for (ipc/client/errors.h), and
    // NoReply for what is no varlink reply. No message of an exception repeats a value.
    static Reply parse(std::string_view message);

    // Also for an object inside a reply (an authenticator, an account).
    explicit Reply(nlohmann::json object) noexcept : object_(std::move(object)) {}
    Reply(Reply&& other) noexcept = default;
    Reply& operator=(Reply&&) = delete;
    ~Reply();

    // A parameter that the interface promises; throws NoReply where it is missing or of another type. Views
    // end with the reply's life.
    std::string_view text(std::string_view name) const;
    std::int64_t number(std::string_view name) const;
    std::vector<std::string_view> texts(std::string_view name) const;
    std::vector<Reply> objects(std::string_view name) const;

    // A parameter that may be null or missing.
    std::optional<std::string_view> maybe_text(std::string_view name) const;
    std::optional<std::int64_t> maybe_number(std::string_view name) const;
    std::optional<std::vector<std::string_view>> maybe_texts(std::string_view name) const;
    std::optional<std::vector<Reply>> maybe_objects(std::string_view name) const;

    // The whole object; null members are left out, so that absence looks the same however it was said.
    const nlohmann::json& object() const noexcept { return object_; }

  private:
    const nlohmann::json* find(std::string_view name) const;
    const nlohmann::json* find_list(std::string_view name) const;

    nlohmann::json object_;
};

}  // namespace warifu::ipc
