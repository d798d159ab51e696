// A message from whoever answers in warifud's place, as the command reads it.
#include "core/error/error.h"
#include "ipc/client/errors.h"
#include "ipc/client/reply.h"
#include "tests/fuzz/fuzz_target.h"

using warifu::ipc::Reply;

namespace {

void read_fields(const Reply& reply) {
    const auto tried = [](const auto& read) {
        try {
            (void)read();
        } catch (const warifu::ipc::NoReply&) {
        }
    };
    for (const char* const name : {"user", "state", "authenticators", "recovery_codes", "expires", ""}) {
        tried([&] { return reply.text(name); });
        tried([&] { return reply.number(name); });
        tried([&] { return reply.texts(name); });
        tried([&] { return reply.maybe_text(name); });
        tried([&] { return reply.maybe_number(name); });
        tried([&] { return reply.maybe_texts(name); });
        tried([&] {
            for (const auto& object : reply.objects(name)) {
                tried([&] { return object.text("label"); });
            }
            return true;
        });
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        read_fields(Reply::parse(warifu::fuzz::as_text(data, size)));
    } catch (const warifu::ipc::Denied&) {
    } catch (const warifu::Invalid&) {
    } catch (const warifu::NotFound&) {
    } catch (const warifu::NotPermitted&) {
    } catch (const warifu::Conflict&) {
    } catch (const warifu::Unavailable&) {  // NoReply too
    }
    return 0;
}
