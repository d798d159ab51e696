// Which of several lines is chosen.
#pragma once

#include <cstddef>

#include "enroll_tool/screens/key.h"

namespace warifu::screens {

class Menu {
  public:
    std::size_t selected() const noexcept { return selected_; }
    std::size_t size() const noexcept { return size_; }
    void resize(std::size_t size) noexcept {
        size_ = size;
        select(selected_);
    }
    void select(std::size_t index) noexcept {
        selected_ = size_ == 0 ? 0 : index < size_ ? index : size_ - 1;
    }

    // Whether it was a key that moves.
    bool key(const Key& key) noexcept {
        switch (key.name) {
            case KeyName::up:
                select(selected_ == 0 ? 0 : selected_ - 1);
                return true;
            case KeyName::down:
                select(selected_ + 1);
                return true;
            case KeyName::first:
                select(0);
                return true;
            case KeyName::last:
                select(size_);
                return true;
            default:
                return false;
        }
    }

  private:
    std::size_t selected_ = 0, size_ = 0;
};

}  // namespace warifu::screens
