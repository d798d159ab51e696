#include "enroll_tool/failure.h"

#include <new>

#include "ipc/client/errors.h"

namespace warifu {

Failure describe(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const ipc::Denied& error) {
        return {ExitCode::denied, "denied", error.what(), error.reason, error.retry_after};
    } catch (const Denied& error) {  // the tool's own
        return {ExitCode::denied, "denied", error.what(), error.reason, {}};
    } catch (const NotFound& error) {
        return {ExitCode::denied, "not_found", error.what(), "", {}};
    } catch (const Invalid& error) {
        return {ExitCode::usage, "usage", error.what(), "", {}};
    } catch (const NotPermitted& error) {
        return {ExitCode::not_permitted, "not_permitted", error.what(), "", {}};
    } catch (const Conflict& error) {
        return {ExitCode::unavailable, "conflict", error.what(), "", {}};
    } catch (const std::bad_alloc&) {
        return {ExitCode::unavailable, "unavailable", "out of memory", "", {}};
    } catch (const std::exception& error) {
        return {ExitCode::unavailable, "unavailable", error.what(), "", {}};
    }
}

}  // namespace warifu
