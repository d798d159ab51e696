// Recovery codes, shown this once: it is left only by saying that they are kept.
#pragma once

#include <string>
#include <vector>

#include "enroll_tool/screens/screen.h"

namespace warifu::screens {

class CodesScreen final : public Screen {
  public:
    // `notice`: what else the person has to know now.
    CodesScreen(std::string user, std::vector<Secret> codes, std::string support, std::string notice = {})
        : user_(std::move(user)),
          codes_(std::move(codes)),
          support_(std::move(support)),
          notice_(std::move(notice)) {}

    Page page(const Navigator& navigator) const override;
    void pressed(char32_t character, Navigator& navigator) override;
    void left(Navigator& navigator) override;

  private:
    void save(const char* stem, Secret content, Navigator& navigator) const;
    Secret list() const;
    Secret sheet() const;

    std::string user_;
    std::vector<Secret> codes_;
    std::string support_, notice_;
};

}  // namespace warifu::screens
