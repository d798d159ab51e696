// Finding warifud: its socket, or a child of our own.
#pragma once

#include <string>

#include "ipc/client/connection.h"

namespace warifu::ipc {

// Empty members mean the defaults. The environment is never consulted.
struct Endpoint {
    std::string socket;  // a path; default: root.sock for euid 0, warifu.sock for everybody else
    std::string config;  // warifud's configuration, for a child; default: warifud's own
    std::string daemon;  // the program; default: where it is installed
};

// Where warifud is installed.
std::string installed_daemon();

// A connection to warifud. Where nobody answers at the socket (nothing there, nobody listening, a backlog
// that stays full for half a second, a listener that is not root's, three seconds of silence to Health) and
// the caller is root, a `warifud --stdio` is started for it, with `config`. Two choices of the caller's limit
// that, so that nothing is done to another store than the one that was meant: with `config` and no `socket`
// no socket is tried, with `socket` and no `config` no child is started. Throws Unavailable; NotPermitted
// where the socket is not the caller's to open, or where `config` wants a child and the caller is not root;
// Invalid for a path that is too long.
Connection reach(const Endpoint& endpoint);

}  // namespace warifu::ipc
