// What the commands do. Each asks for all that it needs, then calls warifud, then prints.
#pragma once

#include "enroll_tool/exit_code.h"
#include "enroll_tool/session.h"

namespace warifu {

ExitCode run_init(Session& session);
ExitCode run_config_check(Session& session);
ExitCode run_enroll(Session& session);
ExitCode run_confirm(Session& session);
ExitCode run_status(Session& session);
ExitCode run_verify(Session& session);
ExitCode run_codes(Session& session);
ExitCode run_show(Session& session);
ExitCode run_rename(Session& session);
ExitCode run_remove(Session& session);
ExitCode run_resync(Session& session);
ExitCode run_forget(Session& session);
ExitCode run_list(Session& session);
ExitCode run_reset(Session& session);
ExitCode run_unlock(Session& session);
ExitCode run_suspend(Session& session);
ExitCode run_resume(Session& session);
ExitCode run_require(Session& session);
ExitCode run_policy_explain(Session& session);
ExitCode run_client_add(Session& session);
ExitCode run_client_list(Session& session);
ExitCode run_client_remove(Session& session);
ExitCode run_client_key(Session& session);
ExitCode run_requests(Session& session);
ExitCode run_approve(Session& session);
ExitCode run_deny(Session& session);
ExitCode run_window(Session& session);
ExitCode run_request(Session& session);
ExitCode run_assertion_key(Session& session);
ExitCode run_assertion_verify(Session& session);
ExitCode run_device_add(Session& session);
ExitCode run_device_list(Session& session);
ExitCode run_device_remove(Session& session);
ExitCode run_rule_add(Session& session);
ExitCode run_rule_list(Session& session);
ExitCode run_rule_remove(Session& session);
ExitCode run_shared_add(Session& session);
ExitCode run_shared_change(Session& session);
ExitCode run_shared_list(Session& session);
ExitCode run_shared_show(Session& session);
ExitCode run_shared_rotate(Session& session);
ExitCode run_shared_remove(Session& session);
ExitCode run_switch_list(Session& session);
ExitCode run_switch_turn(Session& session);
ExitCode run_doctor(Session& session);
ExitCode run_try(Session& session);
ExitCode run_whois(Session& session);

}  // namespace warifu
