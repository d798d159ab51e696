// The file itself: what it needs, what it shows, and that it leaves nothing behind.
#include <dlfcn.h>
#include <elf.h>
#include <gtest/gtest.h>
#include <link.h>
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>

#include "tests/unit/pam/fake_listener.h"
#include "tests/unit/pam/own_system.h"
#include "tests/unit/pam/sign_in.h"
#include "tests/unit/wire/file_text.h"

namespace warifu::testing_support {
namespace {

using Names = std::set<std::string>;

// The sections of an ELF file of this machine's class.
class ElfFile {
  public:
    explicit ElfFile(const std::string& path) : bytes_(file_text(path)) {
        const auto& header = at<ElfW(Ehdr)>(0);
        EXPECT_EQ(std::memcmp(header.e_ident, ELFMAG, SELFMAG), 0);
        for (std::size_t i = 0; i < header.e_shnum; ++i)
            sections_.push_back(at<ElfW(Shdr)>(header.e_shoff + i * header.e_shentsize));
        for (std::size_t i = 0; i < header.e_phnum; ++i)
            has_tls_ = has_tls_ || at<ElfW(Phdr)>(header.e_phoff + i * header.e_phentsize).p_type == PT_TLS;
    }

    Names needed() const {
        Names names;
        each<ElfW(Dyn)>(SHT_DYNAMIC, [&](const ElfW(Dyn) & entry, const ElfW(Shdr) & section) {
            if (entry.d_tag == DT_NEEDED) names.insert(string(section, entry.d_un.d_val));
        });
        return names;
    }
    Names exported() const {
        Names names;
        each<ElfW(Sym)>(SHT_DYNSYM, [&](const ElfW(Sym) & symbol, const ElfW(Shdr) & section) {
            if (symbol.st_shndx != SHN_UNDEF) names.insert(string(section, symbol.st_name));
        });
        return names;
    }
    ElfW(Xword) flags_1() const {
        ElfW(Xword) flags = 0;
        each<ElfW(Dyn)>(SHT_DYNAMIC, [&](const ElfW(Dyn) & entry, const ElfW(Shdr)&) {
            if (entry.d_tag == DT_FLAGS_1) flags = entry.d_un.d_val;
        });
        return flags;
    }
    bool has_tls() const { return has_tls_; }

  private:
    template <typename T>
    T at(std::size_t offset) const {
        T value{};
        if (offset + sizeof value <= bytes_.size()) std::memcpy(&value, bytes_.data() + offset, sizeof value);
        return value;
    }
    template <typename T, typename F>
    void each(ElfW(Word) type, F take) const {
        for (const auto& section : sections_) {
            if (section.sh_type != type) continue;
            for (std::size_t i = 0; i < section.sh_size / sizeof(T); ++i)
                take(at<T>(section.sh_offset + i * sizeof(T)), section);
        }
    }
    std::string string(const ElfW(Shdr) & section, std::size_t offset) const {
        return bytes_.data() + sections_.at(section.sh_link).sh_offset + offset;
    }

    std::string bytes_;
    std::vector<ElfW(Shdr)> sections_;
    bool has_tls_ = false;
};

// A sanitizer's runtime comes on top in a build with one.
TEST(ModuleFile, NeedsLibpamAndLibcAlone) {
    Names needed = ElfFile(PAM_WARIFU).needed();
    if (SANITIZED)
        std::erase_if(needed,
                      [](const std::string& name) { return name.find("san.so") != std::string::npos; });
    EXPECT_EQ(needed, (Names{"libpam.so.0", "libc.so.6"}));
}

TEST(ModuleFile, ExportsTheTwoEntryPointsAlone) {
    EXPECT_EQ(ElfFile(PAM_WARIFU).exported(), (Names{"pam_sm_authenticate", "pam_sm_setcred"}));
}

TEST(ModuleFile, CanBeUnloadedAndHasNoThreadLocals) {
    ElfFile const file(PAM_WARIFU);
    EXPECT_EQ(file.flags_1() & (DF_1_NODELETE | DF_1_NOOPEN), 0u);
    EXPECT_FALSE(file.has_tls());
}

std::size_t open_descriptors() {
    std::filesystem::directory_iterator const all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// Of files; the heap grows and shrinks as it likes.
std::size_t mappings() {
    std::string const maps = file_text("/proc/self/maps");
    EXPECT_EQ(maps.find("pam_warifu.so"), std::string::npos) << "still mapped";
    return static_cast<std::size_t>(std::count(maps.begin(), maps.end(), '/'));
}

constexpr std::size_t smallest_chunk = 32;  // bytes, of malloc

void load_and_unload() {
    void* const module = dlopen(PAM_WARIFU, RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(module, nullptr) << dlerror();
    EXPECT_NE(dlsym(module, "pam_sm_authenticate"), nullptr);
    EXPECT_EQ(dlclose(module), 0);
}

TEST(ModuleFile, X26_AThousandLoadsLeaveNothingBehind) {
    for (int i = 0; i < 3; ++i) load_and_unload();
    auto const maps = mappings(), descriptors = open_descriptors(), memory = mallinfo2().uordblks;
    for (int i = 0; i < 1'000; ++i) load_and_unload();
    EXPECT_EQ(mappings(), maps);
    EXPECT_EQ(open_descriptors(), descriptors);
    // glibc keeps a little for itself, once; what the module left at each load would be a thousand chunks.
    EXPECT_LT(mallinfo2().uordblks, memory + 1'000 * smallest_chunk / 2);
}

// libpam loads the module at every start and unloads it at every end.
TEST(ModuleFile, X26_AThousandSignInsLeaveNothingBehind) {
    Directory directory;
    auto const serve = [](Peer& peer) {
        peer.next();
        peer.say(prompt("Code: "));
        peer.next();
        peer.say(done("success"));
    };
    FakeListener warifud(directory.file("socket"), std::vector<FakeListener::Script>(1'010, serve));
    SignIn const what{.options = {"socket=" + directory.file("socket")}};
    auto const run = [&](int count) {
        for (int i = 0; i < count; ++i) {
            Person person;
            person.types("Code: ", "123456");
            ASSERT_EQ(sign_in(what, person).code, PAM_SUCCESS);
        }
    };
    run(10);
    auto const maps = mappings();
    run(1'000);
    EXPECT_EQ(mappings(), maps);
}

}  // namespace
}  // namespace warifu::testing_support
