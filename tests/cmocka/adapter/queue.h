// Expectations under a name, which serve one after another.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "tests/cmocka/adapter/uses.h"

namespace warifu::cmocka {

struct Left {
    std::string name;
    std::string file;
    int line;
};

template <class What>
class Queue {
  public:
    struct Entry {
        What what;
        Uses uses;
        std::string file;
        int line;
    };
    void add(const std::string& name, Entry entry) { entries_[name].push_back(std::move(entry)); }

    // What serves next, used once by this; null when there is nothing. It lives until the next call.
    const What* take(const std::string& name) {
        auto& waiting = entries_[name];
        while (!waiting.empty() && waiting.front().uses.spent()) waiting.pop_front();
        if (waiting.empty()) return nullptr;
        waiting.front().uses.use();
        return &waiting.front().what;
    }

    // What should have been used and was not.
    std::vector<Left> left() const {
        std::vector<Left> all;
        for (const auto& [name, waiting] : entries_) {
            for (const Entry& entry : waiting) {
                if (entry.uses.owed()) all.push_back({name, entry.file, entry.line});
            }
        }
        return all;
    }

  private:
    std::map<std::string, std::deque<Entry>> entries_;
};

}  // namespace warifu::cmocka
