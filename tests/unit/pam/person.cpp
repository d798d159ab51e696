#include "tests/unit/pam/person.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>

namespace warifu::testing_support {

Person::~Person() {
    EXPECT_EQ(at_, turns_.size()) << "turns of the conversation that never came";
}

int Person::answer(const pam_message& message, pam_response* response) {
    if (at_ == turns_.size()) {
        ADD_FAILURE() << "out of turn: style " << message.msg_style << ", \"" << message.msg << '"';
        return PAM_CONV_ERR;
    }
    const Turn& turn = turns_[at_++];
    EXPECT_EQ(message.msg_style, turn.style) << message.msg;
    EXPECT_EQ(message.msg, turn.text);
    if (turn.first) turn.first();
    if (turn.reply && turn.code == PAM_SUCCESS) response->resp = strdup(turn.reply->c_str());
    return turn.code;
}

int Person::converse(int count, const pam_message** messages, pam_response** responses, void* self) {
    auto* const all =
        static_cast<pam_response*>(std::calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
    for (int i = 0; i < count; ++i) {
        int const code = static_cast<Person*>(self)->answer(*messages[i], &all[i]);
        if (code == PAM_SUCCESS) continue;
        for (int done = 0; done <= i; ++done) std::free(all[done].resp);
        std::free(all);
        return code;
    }
    *responses = all;
    return PAM_SUCCESS;
}

}  // namespace warifu::testing_support
