// How often an expectation serves.
#pragma once

namespace warifu::cmocka {

class Uses {
  public:
    // More than 0: so many times; -1: at least once; less: any number of times, none included.
    explicit Uses(int count) : count_(count) {}

    void use() {
        if (count_ > 0) --count_;
        if (count_ == at_least_once) count_ = any_number;
    }
    bool spent() const { return count_ == 0; }                           // serves no more
    bool owed() const { return count_ > 0 || count_ == at_least_once; }  // has still to be used

  private:
    static constexpr int at_least_once = -1;
    static constexpr int any_number = -2;
    int count_;
};

}  // namespace warifu::cmocka
