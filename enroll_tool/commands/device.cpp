// device add, device list, device remove: push-buttons, and the servers that relay their presses.
#include <string>

#include "core/phrase/fill.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

// Who signs: the button itself, its relay; or that it is one.
std::string signer_of(const ipc::Reply& device) {
    if (device.object().value("relay", false)) return "(relay)";
    const std::string by = printable(device.text("by"));
    return by.empty() ? "-" : by;
}

}  // namespace

ExitCode run_device_add(Session& session) {
    ipc::Request request("AddDevice");
    request.text("device", session.required("DEVICE")).truth("relay", session.given().has("--relay"));
    if (const auto label = session.given().text("--label")) request.text("label", *label);
    if (const auto by = session.given().text("--by")) request.text("by", *by);
    const ipc::Reply added = session.call(std::move(request));
    if (session.json()) return session.print(added);
    session.out().text(wrapped(tr("Its key, in base32, shown this once:")));
    session.out().text(added.text("secret"));
    session.out().text("\n");
    return ExitCode::done;
}

ExitCode run_device_list(Session& session) {
    const ipc::Reply list = session.call(ipc::Request("ListDevices"));
    if (session.json()) return session.print(list);
    for (const ipc::Reply& device : list.objects("devices"))
        session.out().text(padded(printable(device.text("device")), 24) + "  " +
                           moment(device.number("created")) + "  " +
                           padded(std::to_string(device.number("counter")), 8) + "  " +
                           padded(signer_of(device), 16) + "  " + printable(device.text("label")) + "\n");
    return ExitCode::done;
}

ExitCode run_device_remove(Session& session) {
    ipc::Request request("RemoveDevice");
    request.text("device", session.required("DEVICE"));
    const ipc::Reply removed = session.call(std::move(request));
    if (session.json()) return session.print(removed);
    session.out().text(
        wrapped(fill(tr("%1 approves nothing any more."), {printable(removed.text("device"))})));
    return ExitCode::done;
}

}  // namespace warifu
