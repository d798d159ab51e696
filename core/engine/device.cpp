#include "core/engine/device.h"

#include <syslog.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/engine/log_line.h"
#include "core/error/error.h"
#include "core/otp/base32.h"
#include "core/otp/hmac.h"

namespace warifu {

namespace {

using nlohmann::json;

constexpr std::size_t key_bytes = 32;

RecordKey device_record(const std::string& id) {
    return {RecordKind::device, "host", id};
}

std::string associated(const std::string& store, const std::string& id) {
    return "device\n" + store + '\n' + id;
}

[[noreturn]] void refuse_press() {
    throw NotFound("this press does nothing: the button is unknown, or its counter or signature is wrong");
}

bool mac_fits(const Device& signer, const Press& press) {
    std::array<std::uint8_t, 32> expected{};
    const std::string text = signed_text(press);
    hmac(Algorithm::sha256, signer.key.bytes(),
         {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, expected);
    const std::string hex = hex_of(expected);
    return constant_time_equal(std::string_view(hex), std::string_view(press.mac));
}

}  // namespace

bool valid_device_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= most_device_name &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") == std::string_view::npos;
}

std::string signed_text(const Press& press) {
    return press.device + '\n' + std::to_string(press.counter) + '\n' + press.body;
}

Device Devices::load(const std::string& id, std::uint64_t& version) {
    const auto records = engine_.ports().load({device_record(id)});
    version = records[0].version;
    Device device;
    device.id = id;
    if (version == 0) {
        return device;
    }
    try {
        const json object = json::parse(records[0].document);
        device.label = object.at("label").get<std::string>();
        device.relay = object.at("relay").get<bool>();
        device.by = object.value("by", std::string());
        device.counter = object.at("counter").get<std::uint64_t>();
        device.created = object.at("created").get<std::int64_t>();
        const auto sealed = base32_decode(object.at("key").get<std::string>());
        const StoreKey& key = engine_.store_key();
        device.key = key.unseal(sealed ? sealed->text() : std::string_view(), associated(key.store_id(), id));
    } catch (const json::exception&) {
        throw Unavailable("the record of the button " + id + " is damaged: remove and add it again");
    }
    return device;
}

Task<bool> Devices::save(Device device, std::uint64_t version) {
    const StoreKey& key = engine_.store_key();
    const std::string sealed = key.seal(device.key.bytes(), associated(key.store_id(), device.id));
    const Secret text = base32_encode({reinterpret_cast<const std::uint8_t*>(sealed.data()), sealed.size()});
    const json object = {{"version", 1},
                         {"label", device.label},
                         {"relay", device.relay},
                         {"by", device.by},
                         {"counter", device.counter},
                         {"created", device.created},
                         {"key", std::string(text.text())}};
    std::string document = object.dump(-1, ' ', false, json::error_handler_t::replace);
    auto waits = engine_.commit_record(device_record(device.id), version, std::move(document));
    const bool committed = co_await waits;
    co_return committed;
}

Task<Device> Devices::add(std::string id, std::string label, bool relay, Caller caller, std::string by) {
    if (!valid_device_name(id)) {
        throw Invalid("device", "takes a name of a-z 0-9 - _ and ., at most " +
                                    std::to_string(most_device_name) + " bytes");
    }
    if (!by.empty()) {
        std::uint64_t relay_version = 0;
        if (relay || !valid_device_name(by) || !load(by, relay_version).relay) {
            throw Invalid("by", "takes the name of a relay, for a button: add the relay first");
        }
    }
    std::uint64_t version = 0;
    (void)load(id, version);
    if (version != 0) {
        throw Conflict("there is a button of this name already: remove it first");
    }
    if (engine_.ports().list(RecordKind::device, "host", "", most_devices).size() >= most_devices) {
        throw Conflict("there are " + std::to_string(most_devices) +
                       " buttons, and no more may be: remove one");
    }
    Device device;
    device.id = id;
    device.label = std::move(label);
    device.relay = relay;
    device.by = std::move(by);
    device.created = engine_.ports().now();
    device.key = Secret::random(key_bytes);
    Device kept;
    kept.id = device.id;
    kept.label = device.label;
    kept.relay = device.relay;
    kept.by = device.by;
    kept.created = device.created;
    kept.key = Secret::copy_of(device.key.bytes());
    auto waits = save(std::move(kept), 0);
    const bool committed = co_await waits;
    if (!committed) {
        throw Conflict("there is a button of this name already: remove it first");
    }
    auto audit_waits = engine_.note_act(caller, Subject{"host", "device:" + id}, "device-add", {});
    (void)co_await audit_waits;
    co_return device;
}

Task<bool> Devices::remove(std::string id, Caller caller) {
    for (;;) {
        const auto records = engine_.ports().load({device_record(id)});
        if (records[0].version == 0) {
            throw NotFound("there is no button of this name: see `warifu device list`");
        }
        auto waits = engine_.commit_record(device_record(id), records[0].version, std::nullopt);
        const bool committed = co_await waits;
        if (committed) {
            break;
        }
    }
    auto audit_waits = engine_.note_act(caller, Subject{"host", "device:" + id}, "device-remove", {});
    (void)co_await audit_waits;
    co_return true;
}

std::vector<Device> Devices::all() {
    std::vector<Device> list;
    for (const auto& id : engine_.ports().list(RecordKind::device, "host", "", most_devices)) {
        std::uint64_t version = 0;
        list.push_back(load(id, version));
    }
    return list;
}

Task<Acted> Devices::press(Press press, Caller caller) {
    if (!valid_device_name(press.device) || press.body.size() > most_press_bytes) {
        refuse_press();
    }
    for (;;) {
        std::uint64_t version = 0, relay_version = 0;
        Device button = load(press.device, version);
        // Whoever was not named when the button was added signs nothing for it.
        if (version == 0 || button.relay || press.relay != button.by) {
            refuse_press();
        }
        const bool relayed = !press.relay.empty();
        Device relay;
        if (relayed) {
            if (!valid_device_name(press.relay)) {
                refuse_press();
            }
            relay = load(press.relay, relay_version);
            if (relay_version == 0 || !relay.relay) {
                refuse_press();
            }
        }
        if (!mac_fits(relayed ? relay : button, press) || press.counter <= button.counter) {
            refuse_press();
        }
        // The press is spent before it does anything.
        button.counter = press.counter;
        auto waits = save(std::move(button), version);
        const bool committed = co_await waits;
        if (committed) {
            break;
        }
    }
    const std::string holder = "device:" + press.device;
    std::vector<Request> waiting;
    for (auto& request : approvals_.open_requests()) {
        if (waits_for(request, holder)) {
            waiting.push_back(std::move(request));
        }
    }
    if (waiting.size() != 1) {
        engine_.ports().log(LOG_NOTICE, "approval: " + holder + " was pressed while " +
                                            std::to_string(waiting.size()) + " requests wait for it");
        throw Conflict(waiting.empty() ? "nothing waits for this button"
                                       : "more than one request waits for this button: it decides neither");
    }
    Act act;
    act.verb = press.body == "deny" ? Verb::not_now : Verb::approve;
    act.by = holder;
    if (!press.body.empty() && press.body != "approve" && press.body != "deny") {
        throw Invalid("body", "takes approve or deny, or nothing");
    }
    auto waits = approvals_.act(waiting[0].id, act, std::move(caller), false);
    co_return co_await waits;
}

}  // namespace warifu
