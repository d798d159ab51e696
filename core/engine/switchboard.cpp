#include "core/engine/switchboard.h"

#include <syslog.h>

#include "core/engine/log_line.h"
#include "core/error/error.h"

namespace warifu {

RecordKey switches_record(std::string_view realm) {
    return {RecordKind::switches, std::string(realm), "all"};
}

SwitchSet Switchboard::of(std::string_view realm) {
    const auto records = engine_.ports().load({switches_record(realm)});
    return decode_switches(records[0].version == 0 ? std::string_view() : records[0].document);
}

Task<SwitchSet> Switchboard::turn(std::string realm, std::string service, std::string name, std::string value,
                                  std::string by, Caller caller) {
    const RecordKey record = switches_record(realm);
    for (;;) {
        const auto records = engine_.ports().load({record});
        SwitchSet set;
        try {
            set = decode_switches(records[0].version == 0 ? std::string_view() : records[0].document);
        } catch (const Unavailable& error) {
            engine_.ports().log(LOG_WARNING, std::string("switches: ") + error.what());
        }
        warifu::turn(set, realm, service, name, value, by, engine_.ports().now());
        std::string document = encode_switches(set);
        auto waits = engine_.commit_record(record, records[0].version, std::move(document));
        const bool committed = co_await waits;
        if (!committed) {
            continue;
        }
        std::string detail = "realm=" + escape_for_log(realm);
        detail.append(" service=").append(service.empty() ? "all" : escape_for_log(service));
        detail.append(" ").append(name).append("=").append(value);
        detail.append(" turned_by=").append(escape_for_log(by));
        auto audit_waits =
            engine_.note_act(std::move(caller), Subject{realm, "switches"}, "switch", std::move(detail));
        (void)co_await audit_waits;
        co_return set;
    }
}

}  // namespace warifu
