// A warifud with one account and an administrator's list, for the screens: it knows when a proof is wanted
// and writes down what it was asked.
#pragma once

#include <string>
#include <vector>

#include "enroll_tool/screens/warifud.h"

namespace warifu::screens::test {

class FakeAccounts final : public Warifud {
  public:
    static constexpr const char* key = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    static constexpr const char* right_code = "123456";
    static constexpr const char* proof = "AAAA-BBBB-CCCC-DDDD";

    Account account{.user = "alice",
                    .state = "none",
                    .devices = {},
                    .limited_until = {},
                    .notes = {},
                    .sign_ins = {},
                    .support = {}};
    bool administrator = false;  // wants no proof
    bool proved = false;
    bool refuses = false;      // for another reason than a proof that is missing
    bool gone = false;         // answers nothing
    std::vector<Seen> others;  // offers from elsewhere
    std::string issuer = "tally", algorithm = "SHA1";
    Checked verdict{"success", "ok", "k1", {}};
    std::vector<AccountLine> accounts;
    std::vector<std::string> asked;  // "confirm alice? 123456"

    // The account as it is once a phone is set up.
    void set_up_phone();
    std::string uri() const;

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
    void note(std::string what);
    void want_proof() const;
    OtpKey offered(const std::string& label) const;
    std::vector<Secret> new_codes() const;

    NewDevice pending_;
};

}  // namespace warifu::screens::test
