// Looking at the host: fills in the facts. Reads files, asks sshd and warifud; changes nothing. (warifud,
// where it has to be started for this, keeps a copy of a good configuration, as at every sign-in.)
#pragma once

#include "enroll_tool/doctor/facts.h"
#include "ipc/client/reach.h"

namespace warifu::doctor {

// Never throws for what the host is like: what could not be looked at is in `unchecked`.
Facts gather(const ipc::Endpoint& endpoint);

// Parts of it, each into its place of `facts`; the configuration first, since the others go by it.
void gather_config(const ipc::Endpoint& endpoint, Facts& facts);
void gather_files(Facts& facts);
void gather_pam(Facts& facts);
void gather_sshd(Facts& facts);
void gather_nss(Facts& facts);
void gather_clock(Facts& facts);
void gather_warifud(const ipc::Endpoint& endpoint, Facts& facts);

}  // namespace warifu::doctor
