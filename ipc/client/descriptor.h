// A file descriptor that closes itself.
#pragma once

#include <unistd.h>

#include <utility>

namespace warifu::ipc {

class Descriptor {
  public:
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        Descriptor taken(std::move(other));
        std::swap(number_, taken.number_);
        return *this;
    }
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }
    int number() const noexcept { return number_; }  // -1: none

  private:
    int number_ = -1;
};

}  // namespace warifu::ipc
