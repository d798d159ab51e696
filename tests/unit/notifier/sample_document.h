// A message as warifud writes it, to be changed by each test.
#pragma once

#include <nlohmann/json.hpp>

namespace warifu::notifier {

inline nlohmann::json sample_document() {
    return {{"channel",
             {{"type", "ntfy"}, {"url", "https://ntfy.example.org"}, {"token", "tk_1"}, {"topic", "alice"}}},
            {"message",
             {{"title", "Sign-in to tally"},
              {"text", "alice, ssh, from 203.0.113.9"},
              {"language", "en"},
              {"link", "https://tally.example.org/a/T0"},
              {"approve", "https://tally.example.org/a/T1"},
              {"deny", "https://tally.example.org/a/T2"},
              {"labels", {{"open", "Look"}, {"approve", "Let in"}, {"deny", "Refuse"}}},
              {"expires", 1900000000},
              {"request", {{"user", "alice"}, {"rhost", "203.0.113.9"}}}}}};
}

}  // namespace warifu::notifier
