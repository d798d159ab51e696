// The NSS module at its C seam: libnss_warifu.so.2 as it is built, called as glibc calls it. The markers that
// it looks for stand on a file system of the program's own, over /var/lib.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <nss.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cmocka.h>

#define MARKERS "/var/lib/warifu/enrolled"

typedef enum nss_status (*InitgroupsDyn)(const char*, gid_t, long*, long*, gid_t**, long, int*);

enum { enrolled_gid = 4711, primary_gid = 100, first_gid = 7 };

static void* module;
static InitgroupsDyn initgroups_dyn;

// What glibc holds: room for `size` groups, of which `start` are taken.
static gid_t* groups;
static long start, size;

static enum nss_status ask(const char* name, long limit) {
    int error = 0;
    const enum nss_status status = initgroups_dyn(name, primary_gid, &start, &size, &groups, limit, &error);
    assert_int_equal(error, 0);
    return status;
}

static int one_group_is_known(void** state) {
    groups = malloc(sizeof *groups);
    if (groups == NULL) return -1;
    groups[0] = first_gid;
    start = size = 1;
    return 0;
}

static int forget(void** state) {
    free(groups);
    return 0;
}

static void P05_nss_shows_its_entry_point_alone(void** state) {
    assert_non_null(dlsym(module, "_nss_warifu_initgroups_dyn"));
    assert_null(dlsym(module, "_nss_warifu_getpwnam_r"));
    assert_null(dlsym(module, "_nss_warifu_getgrnam_r"));
}

static void P05_nss_adds_a_member_to_a_list_that_grows(void** state) {
    assert_int_equal(ask("alice", -1), NSS_STATUS_SUCCESS);
    assert_int_equal(start, 2);
    assert_true(size >= 2);
    assert_int_equal(groups[0], first_gid);
    assert_int_equal(groups[1], enrolled_gid);
    // Who is in it already is not added again.
    assert_int_equal(ask("alice", -1), NSS_STATUS_SUCCESS);
    assert_int_equal(start, 2);
}

static void P05_nss_leaves_a_full_list_alone(void** state) {
    assert_int_equal(ask("alice", 1), NSS_STATUS_SUCCESS);
    assert_int_equal(start, 1);
    assert_int_equal(size, 1);
    assert_int_equal(groups[0], first_gid);
}

static void P05_nss_finds_no_group_for_others_and_keeps_errno(void** state) {
    static const char* const names[] = {"bob",   "",       "../enrolled/alice", "./alice", "alice/",
                                        "ALICE", "ali\nce"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        errno = EXDEV;
        assert_int_equal(ask(names[i], -1), NSS_STATUS_NOTFOUND);
        assert_int_equal(errno, EXDEV);
        assert_int_equal(start, 1);
    }
    char long_name[301];
    memset(long_name, 'a', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    assert_int_equal(ask(long_name, -1), NSS_STATUS_NOTFOUND);
}

static void P05_nss_believes_no_marker_that_others_can_write(void** state) {
    assert_int_equal(chmod(MARKERS "/enrolled/alice", 0666), 0);
    assert_int_equal(ask("alice", -1), NSS_STATUS_NOTFOUND);
    assert_int_equal(chmod(MARKERS "/enrolled/alice", 0644), 0);
    assert_int_equal(chmod(MARKERS "/enrolled", 0777), 0);
    assert_int_equal(ask("alice", -1), NSS_STATUS_NOTFOUND);
    assert_int_equal(chmod(MARKERS "/enrolled", 0711), 0);
    assert_int_equal(ask("alice", -1), NSS_STATUS_SUCCESS);
}

static int make_markers(void) {
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", "/var/lib", "tmpfs", 0, "mode=755") != 0)
        return -1;
    static const char* const directories[] = {"/var/lib/warifu", MARKERS, MARKERS "/enrolled",
                                              MARKERS "/pending", MARKERS "/exempt"};
    for (size_t i = 0; i < sizeof directories / sizeof directories[0]; ++i)
        if (mkdir(directories[i], 0711) != 0 || chmod(directories[i], 0711) != 0) return -1;
    if (chown(MARKERS "/enrolled", 0, enrolled_gid) != 0) return -1;
    const int marker = open(MARKERS "/enrolled/alice", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    return marker < 0 || fchmod(marker, 0644) != 0 ? -1 : close(marker);
}

static int load(void** state) {
    if (make_markers() != 0) return -1;
    module = dlopen(NSS_WARIFU, RTLD_NOW | RTLD_LOCAL);
    if (module == NULL) return -1;
    void* const entry = dlsym(module, "_nss_warifu_initgroups_dyn");
    memcpy(&initgroups_dyn, &entry, sizeof entry);
    return initgroups_dyn == NULL ? -1 : 0;
}

int main(void) {
    const struct CMUnitTest nss_module[] = {
        cmocka_unit_test(P05_nss_shows_its_entry_point_alone),
        cmocka_unit_test_setup_teardown(P05_nss_adds_a_member_to_a_list_that_grows, one_group_is_known,
                                        forget),
        cmocka_unit_test_setup_teardown(P05_nss_leaves_a_full_list_alone, one_group_is_known, forget),
        cmocka_unit_test_setup_teardown(P05_nss_finds_no_group_for_others_and_keeps_errno, one_group_is_known,
                                        forget),
        cmocka_unit_test_setup_teardown(P05_nss_believes_no_marker_that_others_can_write, one_group_is_known,
                                        forget),
    };
    return cmocka_run_group_tests(nss_module, load, NULL);
}
