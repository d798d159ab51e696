// The order in which mocks are to be called.
#pragma once

#include <list>
#include <string>
#include <vector>

#include "tests/cmocka/adapter/queue.h"
#include "tests/cmocka/adapter/uses.h"

namespace warifu::cmocka {

class CallOrder {
  public:
    void expect(const char* function, Uses uses, const char* file, int line) {
        calls_.push_back({function, uses, file, line});
    }

    // Whether `function` may be called now, which is then done. Calls that need not come are passed over; a
    // call that has still to come lets no other pass. Otherwise *instead is what was to come, or empty.
    bool call(const std::string& function, std::string* instead) {
        for (auto call = calls_.begin(); call != calls_.end(); ++call) {
            if (call->function == function) {
                call->uses.use();
                if (call->uses.spent()) calls_.erase(call);
                return true;
            }
            if (call->uses.owed()) {
                *instead = call->function;
                return false;
            }
        }
        return false;
    }

    std::vector<Left> left() const {
        std::vector<Left> all;
        for (const Call& call : calls_) {
            if (call.uses.owed()) all.push_back({call.function, call.file, call.line});
        }
        return all;
    }

  private:
    struct Call {
        std::string function;
        Uses uses;
        std::string file;
        int line;
    };
    std::list<Call> calls_;
};

}  // namespace warifu::cmocka
