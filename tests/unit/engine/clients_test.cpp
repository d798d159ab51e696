// Clients: accounts that root let verify for others, and what comes of what they say.
#include "core/engine/client.h"

#include <gmock/gmock.h>

#include "core/error/error.h"
#include "tests/unit/engine/world.h"

namespace warifu {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint32_t www_data = 33;

class Clients : public testing::Test {
  protected:
    World world;
    Engine engine{world.config, &world.key, world};

    Client add(std::uint32_t uid, std::string account = "www-data",
               std::vector<std::string> scopes = {"verify"}) {
        Client client;
        client.uid = uid;
        client.account = std::move(account);
        client.scopes = std::move(scopes);
        return finish(engine.add_client(std::move(client), administrator()));
    }
    static Caller through(std::uint64_t client, std::string address, std::string service = "nginx") {
        Caller caller = from(std::move(address));
        caller.admin = false;
        caller.uid = static_cast<std::uint32_t>(client);
        caller.client = client;
        caller.source = caller.source.through(client);
        caller.service = std::move(service);
        return caller;
    }
    // How many wrong codes are evaluated before a limit holds.
    int guesses(const Enrolment& enrolment, const Caller& caller) {
        int evaluated = 0;
        while (attempt(engine, enrolment.phone.wrong(world.clock), caller).verdict == Verdict::denied) {
            ++evaluated;
        }
        return evaluated;
    }
};

TEST_F(Clients, X32_AreAddedListedAndRemovedWithAnAuditRowEach) {
    EXPECT_FALSE(engine.client(www_data));
    const Client added = add(www_data);
    EXPECT_EQ(added.created, world.clock);
    ASSERT_TRUE(engine.client(www_data));
    EXPECT_TRUE(engine.client(www_data)->may(scope_verify));
    EXPECT_FALSE(engine.client(www_data)->may("admin"));
    EXPECT_FALSE(engine.client(34));
    (void)add(7, "lp");
    const auto all = engine.clients();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].account, "lp");
    EXPECT_THAT(all[1].scopes, ElementsAre("verify"));
    (void)finish(engine.remove_client(www_data, "www-data", administrator()));
    EXPECT_FALSE(engine.client(www_data));
    EXPECT_THROW((void)finish(engine.remove_client(www_data, "www-data", administrator())), NotFound);
    EXPECT_TRUE(world.logged("audit: client-add user=www-data by=uid:0"));
    EXPECT_TRUE(world.logged("audit: client-remove user=www-data by=uid:0"));
    EXPECT_THAT(world.find_record(RecordKind::audit, "0", "")->document, HasSubstr("client-add"));
    EXPECT_THAT(world.find_record(RecordKind::audit, "2", "")->document, HasSubstr("client-remove"));
}

TEST_F(Clients, X32_TakeNoScopeThatDoesNotExist) {
    for (const auto& scopes : std::vector<std::vector<std::string>>{
             {}, {"admin"}, {"verify", "enrol"}, {"Verify"}, {""}, {"verify,ask"}}) {
        EXPECT_THROW((void)add(www_data, "www-data", scopes), Invalid);
    }
    EXPECT_FALSE(engine.client(www_data));
    EXPECT_THAT(add(www_data, "www-data", {"verify", "verify"}).scopes, ElementsAre("verify"));
}

TEST_F(Clients, X32_ARecordThatIsDamagedOrAnothersIsNoClient) {
    (void)add(www_data);
    const std::string whole = world.record(RecordKind::client, "uid:33").document;
    for (const std::string& document :
         {std::string(), std::string("{}"), whole.substr(0, whole.size() - 1), std::string("[]")}) {
        world.record(RecordKind::client, "uid:33").document = document;
        EXPECT_THROW((void)engine.client(www_data), Unavailable) << document;
    }
    (void)add(7, "lp");
    world.record(RecordKind::client, "uid:33").document = world.record(RecordKind::client, "uid:7").document;
    EXPECT_THROW((void)engine.client(www_data), Unavailable);
    (void)finish(engine.remove_client(www_data, "www-data", administrator()));
    EXPECT_FALSE(engine.client(www_data));
}

TEST_F(Clients, X32_AreBoundedInNumber) {
    for (std::uint32_t uid = 1; uid <= most_clients; ++uid) {
        (void)add(uid, "a" + std::to_string(uid));
    }
    EXPECT_THROW((void)add(9'999), Conflict);
    (void)add(1, "a1");  // one that is there already
    (void)finish(engine.remove_client(2, "a2", administrator()));
    (void)add(9'999);
}

TEST_F(Clients, X32_GuessesThroughOneExhaustNoOtherDoorAndNoOtherClient) {
    const Enrolment enrolment = enrol(world, engine);
    EXPECT_EQ(guesses(enrolment, through(www_data, "198.51.100.1")), world.config.limits.hour);
    // Another address and another service are the same client.
    EXPECT_EQ(guesses(enrolment, through(www_data, "198.51.100.2")), 0);
    EXPECT_EQ(guesses(enrolment, through(www_data, "198.51.100.1", "sshd")), 0);
    EXPECT_EQ(guesses(enrolment, through(34, "198.51.100.1")), world.config.limits.hour);
    EXPECT_EQ(guesses(enrolment, from("198.51.100.1")), world.config.limits.hour);
}

TEST_F(Clients, X32_WhatOneKnowsNobodyElseKnows) {
    const Enrolment enrolment = enrol(world, engine);
    ASSERT_EQ(attempt(engine, enrolment.phone.code(world.clock), through(www_data, "198.51.100.1")).verdict,
              Verdict::success);
    const State state = world.state("alice");
    EXPECT_TRUE(is_known(state, SourceId::remote("198.51.100.1").through(www_data), world.clock));
    EXPECT_FALSE(is_known(state, SourceId::remote("198.51.100.1"), world.clock));
    EXPECT_FALSE(is_known(state, SourceId::remote("198.51.100.1").through(34), world.clock));
    Caller same = from("198.51.100.1");
    same.place = "address 198.51.100.1";
    EXPECT_FALSE(finish(engine.remembered(alice, same, 60)));
    EXPECT_TRUE(world.logged("source=client:33:198.51.100.1 verdict=success"));
}

TEST_F(Clients, X32_NobodyEnrolsThroughOne) {
    world.config.unenrolled = PolicyOutcome::enrol;
    StartRequest request = door();
    request.caller = through(www_data, "10.0.0.7", "panel");
    Conversation conversation(engine);
    EXPECT_EQ(finish(conversation.start(request)).kind, Step::Kind::prompt);
    const Step done = finish(conversation.answer(ReplyKind::text, "123456"));
    EXPECT_EQ(done.verdict, Verdict::denied);
    EXPECT_EQ(done.reason, Reason::cannot_enrol);
    EXPECT_TRUE(world.logged("nobody enrols through a client"));
    EXPECT_EQ(world.find_record(RecordKind::offer, "alice"), nullptr);
    // The same door as root's would show a key.
    request.caller = from("10.0.0.7");
    Conversation roots(engine);
    EXPECT_EQ(finish(roots.start(request)).kind, Step::Kind::info);
}

}  // namespace
}  // namespace warifu
