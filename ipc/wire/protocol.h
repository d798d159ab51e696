// The words and bounds of io.warifu.varlink, for both ends. What each method means stands there.
#pragma once

#include <cstddef>

namespace warifu::wire {

inline constexpr int protocol = 2;  // and 1, the one before

// Bytes of one message, its ending NUL included.
inline constexpr std::size_t max_call_bytes = 16 * 1024;   // from a caller
inline constexpr std::size_t max_reply_bytes = 64 * 1024;  // to a caller
inline constexpr std::size_t max_step_bytes = 16 * 1024;   // to a caller, in answer to Start and Answer

// A typed answer longer than this, in bytes, crosses as answer_invalid.
inline constexpr std::size_t max_answer_bytes = 256;

// Tail lengths (single field): at most so many, each of so many characters.
inline constexpr std::size_t max_tails = 8;
inline constexpr int longest_tail = 16;

inline constexpr char method_start[] = "io.warifu.Start";
inline constexpr char method_start_action[] = "io.warifu.StartAction";
inline constexpr char method_answer[] = "io.warifu.Answer";
inline constexpr char method_cancel[] = "io.warifu.Cancel";

inline constexpr char step_prompt[] = "prompt";
inline constexpr char step_info[] = "info";
inline constexpr char step_error[] = "error";
inline constexpr char step_wait[] = "wait";
inline constexpr char step_done[] = "done";

inline constexpr char answer_text[] = "text";
inline constexpr char answer_tails[] = "tails";
inline constexpr char answer_recovery[] = "recovery";
inline constexpr char answer_password[] = "password";
inline constexpr char answer_invalid[] = "invalid";
inline constexpr char answer_none[] = "none";

inline constexpr char verdict_success[] = "success";
inline constexpr char verdict_denied[] = "denied";
inline constexpr char verdict_limited[] = "limited";
inline constexpr char verdict_ignored[] = "ignored";
inline constexpr char verdict_unavailable[] = "unavailable";

inline constexpr char error_invalid[] = "io.warifu.Invalid";
inline constexpr char error_denied[] = "io.warifu.Denied";
inline constexpr char error_not_found[] = "io.warifu.NotFound";
inline constexpr char error_not_permitted[] = "io.warifu.NotPermitted";
inline constexpr char error_conflict[] = "io.warifu.Conflict";
inline constexpr char error_unavailable[] = "io.warifu.Unavailable";

}  // namespace warifu::wire
