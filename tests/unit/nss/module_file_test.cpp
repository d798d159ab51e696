// libnss_warifu.so.2 itself, as glibc loads it.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <nss.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/unit/wire/file_text.h"

namespace warifu::nss {
namespace {

using testing_support::file_text;

struct Loaded {
    Loaded() : handle(dlopen(NSS_WARIFU, RTLD_NOW | RTLD_LOCAL)) { EXPECT_NE(handle, nullptr) << dlerror(); }
    ~Loaded() { EXPECT_EQ(dlclose(handle), 0); }
    Loaded(const Loaded&) = delete;
    Loaded& operator=(const Loaded&) = delete;

    nss_initgroups_dyn* function() const {
        return reinterpret_cast<nss_initgroups_dyn*>(dlsym(handle, "_nss_warifu_initgroups_dyn"));
    }
    void* handle;
};

long open_descriptors() {
    std::filesystem::directory_iterator const all("/proc/self/fd");
    return std::distance(begin(all), end(all));
}

// Of files; the heap grows and shrinks as it likes.
long mappings() {
    std::string const maps = file_text("/proc/self/maps");
    return std::count(maps.begin(), maps.end(), '/');
}

constexpr std::size_t smallest_chunk = 32;  // bytes, of malloc

TEST(NssModule, X26_AThousandLoadsLeaveNothingBehind) {
    for (int i = 0; i < 3; ++i) Loaded const once;
    auto const maps = mappings(), descriptors = open_descriptors();
    auto const memory = mallinfo2().uordblks;
    for (int i = 0; i < 1'000; ++i) {
        Loaded const module;
        ASSERT_NE(module.function(), nullptr);
    }
    EXPECT_EQ(mappings(), maps);
    EXPECT_EQ(open_descriptors(), descriptors);
    EXPECT_LT(mallinfo2().uordblks, memory + 1'000 * smallest_chunk / 2);
}

// Whoever holds a pointer into it when others close it may still call it.
TEST(NssModule, X26_IsNeverUnloaded) {
    nss_initgroups_dyn* function = nullptr;
    {
        Loaded const module;
        function = module.function();
    }
    EXPECT_NE(file_text("/proc/self/maps").find("libnss_warifu.so.2"), std::string::npos);
    long start = 1, size = 1;
    auto* groups = static_cast<gid_t*>(std::calloc(1, sizeof(gid_t)));
    int error = 0;
    EXPECT_EQ(function("", 100, &start, &size, &groups, -1, &error), NSS_STATUS_NOTFOUND);
    std::free(groups);
}

TEST(NssModule, N01_WhoHasNoMarkerIsNotFoundAndErrnoStays) {
    Loaded const module;
    for (const std::string& name : {std::string("warifu-nobody-of-this-test"), std::string("../x"),
                                    std::string("a/b"), std::string(300, 'x'), std::string(),
                                    std::string("a\nb"), std::string("-x"), std::string("\xff\xfe")}) {
        long start = 1, size = 1;
        auto* groups = static_cast<gid_t*>(std::calloc(1, sizeof(gid_t)));
        auto* const before = groups;
        errno = EXFULL;
        EXPECT_EQ(module.function()(name.c_str(), 100, &start, &size, &groups, -1, &errno),
                  NSS_STATUS_NOTFOUND)
            << name;
        EXPECT_EQ(errno, EXFULL) << name;
        EXPECT_EQ(start, 1);
        EXPECT_EQ(size, 1);
        EXPECT_EQ(groups, before);
        std::free(groups);
    }
}

TEST(NssModule, X26_AThousandCallsLeaveNothingBehind) {
    Loaded const module;
    auto const descriptors = open_descriptors();
    auto const memory = mallinfo2().uordblks;
    for (int i = 0; i < 1'000; ++i) {
        long start = 1, size = 1;
        auto* groups = static_cast<gid_t*>(std::calloc(1, sizeof(gid_t)));
        int error = 0;
        (void)module.function()("alice", 100, &start, &size, &groups, -1, &error);
        std::free(groups);
    }
    EXPECT_EQ(open_descriptors(), descriptors);
    EXPECT_LT(mallinfo2().uordblks, memory + 1'000 * smallest_chunk / 2);
}

}  // namespace
}  // namespace warifu::nss
