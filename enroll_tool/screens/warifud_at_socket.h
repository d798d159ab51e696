// warifud itself, over one connection that is kept for as long as the tool runs, since a proof is good on it
// alone.
#pragma once

#include <optional>

#include "enroll_tool/screens/warifud.h"
#include "ipc/client/reach.h"

namespace warifu::screens {

class WarifudAtSocket final : public Warifud {
  public:
    explicit WarifudAtSocket(ipc::Endpoint endpoint) : endpoint_(std::move(endpoint)) {}

    Account status(const std::string& user) override;
    Nothing prove(const std::string& user, const Secret& code) override;
    OtpKey enroll(const std::string& user, const NewDevice& device) override;
    Confirmed confirm(const std::string& user, const std::string& id, const Secret& code) override;
    Checked verify(const std::string& user, const Secret& code) override;
    OtpKey show(const std::string& user, const std::string& id) override;
    Nothing rename(const std::string& user, const std::string& id, const std::string& label) override;
    Nothing remove(const std::string& user, const std::string& id) override;
    Nothing resync(const std::string& user, const std::string& id, const Secret& first,
                   const Secret& second) override;
    std::vector<Secret> regenerate_codes(const std::string& user) override;
    AccountList list(const std::string& search, const std::string& state, const std::string& cursor) override;
    Nothing reset(const std::string& user) override;
    Nothing unlock(const std::string& user) override;
    Nothing suspend(const std::string& user) override;
    Nothing resume(const std::string& user) override;
    Nothing require(const std::string& user) override;

  private:
    ipc::Reply call(ipc::Request request);
    Nothing call_about(const char* method, const std::string& user);

    ipc::Endpoint endpoint_;
    std::optional<ipc::Connection> connection_;
};

}  // namespace warifu::screens
