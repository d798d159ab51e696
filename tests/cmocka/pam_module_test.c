// The PAM module at its C seam: pam_warifu.so as it is built, loaded by a program that is libpam to it (each
// call that it makes into libpam is a mock) and warifud as well (a script at the other end of its socket).
#include <dlfcn.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#define PAM_SM_AUTH
#include <security/pam_ext.h>
#include <security/pam_modules.h>

#include <cmocka.h>

// --- libpam, as the module sees it: exported, so that the module finds these first.
#pragma GCC visibility push(default)

int pam_get_user(pam_handle_t* handle, const char** user, const char* prompt) {
    check_expected_ptr(handle);
    *user = mock_ptr_type(const char*);
    return mock_type(int);
}

int pam_get_item(const pam_handle_t* handle, int item_type, const void** item) {
    check_expected_ptr(handle);
    *item = item_type == PAM_SERVICE ? "warifu-test" : NULL;
    return PAM_SUCCESS;
}

int pam_set_item(pam_handle_t* handle, int item_type, const void* item) {
    check_expected_ptr(handle);
    check_expected(item_type);
    check_expected_ptr(item);
    return mock_type(int);
}

const char* pam_getenv(pam_handle_t* handle, const char* name) {
    check_expected_ptr(handle);
    return NULL;
}

// `shown` and `logged` are what the module says, put together.
static char shown[1024];
static char logged[1024];

int pam_prompt(pam_handle_t* handle, int style, char** response, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(shown, sizeof shown, format, arguments);
    va_end(arguments);
    check_expected_ptr(handle);
    check_expected(style);
    check_expected_ptr(shown);
    const char* const answer = mock_ptr_type(const char*);
    if (response != NULL) *response = answer == NULL ? NULL : strdup(answer);
    return mock_type(int);
}

void pam_syslog(const pam_handle_t* handle, int priority, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(logged, sizeof logged, format, arguments);
    va_end(arguments);
    check_expected_ptr(handle);
    check_expected(priority);
    check_expected_ptr(logged);
}

#pragma GCC visibility pop

static int handle_of_ours;
static pam_handle_t* const a_handle = (pam_handle_t*)(void*)&handle_of_ours;
static const LargestIntegralType handle_value = (LargestIntegralType)&handle_of_ours;

static void expect_say(int style, const char* text, const char* answer, int code) {
    expect_value(pam_prompt, handle, handle_value);
    expect_value(pam_prompt, style, style);
    expect_string(pam_prompt, shown, text);
    will_return(pam_prompt, answer);
    will_return(pam_prompt, code);
}

static void expect_log(int priority, const char* line) {
    expect_value(pam_syslog, handle, handle_value);
    expect_value(pam_syslog, priority, priority);
    expect_string(pam_syslog, logged, line);
}

static void expect_user(const char* name, int code) {
    expect_value(pam_get_user, handle, handle_value);
    will_return(pam_get_user, name);
    will_return(pam_get_user, code);
}

// What the module may look up of its host, as often as it likes.
static void expect_items(void) {
    expect_value_count(pam_get_item, handle, handle_value, WILL_RETURN_ALWAYS);
    expect_value_count(pam_getenv, handle, handle_value, WILL_RETURN_ONCE);
}

static void expect_sign_in(void) {
    expect_user("alice", PAM_SUCCESS);
    expect_items();
}

// --- warifud: a process that answers each call with the next reply, and ends when there is none.

static char directory[] = "/tmp/warifu-cmocka-XXXXXX";
static char socket_path[64];
static char socket_option[80];
static int listener = -1;
static pid_t warifud;

// One call, which ends with a NUL. False: the module hung up.
static int take_call(int fd) {
    char byte = 0;
    ssize_t n = 0;
    while ((n = read(fd, &byte, 1)) == 1 && byte != '\0') {
    }
    return n == 1;
}

static void serve(const char* const* replies) {
    int const fd = accept(listener, NULL, NULL);
    for (; fd >= 0 && *replies != NULL && take_call(fd); ++replies) {
        if (write(fd, *replies, strlen(*replies) + 1) < 0) break;
    }
    // What comes after the last reply is a Cancel, or nothing.
    while (fd >= 0 && take_call(fd)) {
    }
    _exit(0);
}

static void warifud_says(const char* const* replies) {
    warifud = fork();
    if (warifud == 0) serve(replies);
    assert_true(warifud > 0);
}

// Also one that nobody connects to.
static void send_warifud_away(void) {
    if (warifud > 0) {
        kill(warifud, SIGKILL);
        waitpid(warifud, NULL, 0);
    }
    warifud = 0;
}

static int listen_for_module(void** state) {
    assert_non_null(mkdtemp(directory));
    snprintf(socket_path, sizeof socket_path, "%s/socket", directory);
    snprintf(socket_option, sizeof socket_option, "socket=%s", socket_path);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, socket_path, sizeof socket_path);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_return_code(bind(listener, (struct sockaddr*)&address, sizeof address), 0);
    assert_return_code(listen(listener, 1), 0);
    return 0;
}

static int remove_socket(void** state) {
    close(listener);
    unlink(socket_path);
    return rmdir(directory);
}

// --- The module.

typedef int (*EntryPoint)(pam_handle_t* handle, int flags, int argc, const char** argv);

static void* module;

static EntryPoint entry_point(const char* name) {
    EntryPoint found = NULL;
    *(void**)&found = dlsym(module, name);
    assert_non_null(*(void**)&found);
    return found;
}

static int load(void** state) {
    module = dlopen(PAM_WARIFU, RTLD_NOW | RTLD_LOCAL);
    if (module == NULL) fail_msg("%s", dlerror());
    return 0;
}

static int unload(void** state) {
    send_warifud_away();
    return dlclose(module);
}

static int authenticate(int argc, const char** argv) {
    return entry_point("pam_sm_authenticate")(a_handle, 0, argc, argv);
}

static int sign_in(void) {
    const char* argv[] = {socket_option, "daemon=/nonexistent/warifud"};
    return authenticate(2, argv);
}

// --- The tests.

static void P05_setcred_succeeds_and_asks_nothing(void** state) {
    const char* argv[] = {"no_such_option"};
    assert_int_equal(entry_point("pam_sm_setcred")(a_handle, PAM_ESTABLISH_CRED, 1, argv), PAM_SUCCESS);
}

static void P05_each_verdict_has_its_code(void** state) {
    static const struct {
        const char* reply;
        int code;
    } table[] = {
        {"{\"parameters\":{\"step\":\"done\",\"verdict\":\"success\"}}", PAM_SUCCESS},
        {"{\"parameters\":{\"step\":\"done\",\"verdict\":\"denied\"}}", PAM_AUTH_ERR},
        {"{\"parameters\":{\"step\":\"done\",\"verdict\":\"limited\"}}", PAM_AUTH_ERR},
        {"{\"parameters\":{\"step\":\"done\",\"verdict\":\"ignored\"}}", PAM_IGNORE},
        {"{\"parameters\":{\"step\":\"done\",\"verdict\":\"unavailable\"}}", PAM_AUTHINFO_UNAVAIL},
    };
    expect_items();
    for (size_t i = 0; i < sizeof table / sizeof table[0]; ++i) {
        const char* const replies[] = {table[i].reply, NULL};
        warifud_says(replies);
        expect_user("alice", PAM_SUCCESS);
        assert_int_equal(sign_in(), table[i].code);
        send_warifud_away();
    }
}

static void P05_a_code_is_asked_for_and_the_end_is_told(void** state) {
    static const char* const replies[] = {
        "{\"parameters\":{\"step\":\"prompt\",\"text\":\"Code: \",\"echo\":false}}",
        "{\"parameters\":{\"step\":\"done\",\"verdict\":\"denied\",\"text\":\"Wrong code.\"}}", NULL};
    warifud_says(replies);
    expect_sign_in();
    expect_say(PAM_PROMPT_ECHO_OFF, "Code: ", "123456", PAM_SUCCESS);
    expect_say(PAM_ERROR_MSG, "Wrong code.", NULL, PAM_SUCCESS);
    assert_int_equal(sign_in(), PAM_AUTH_ERR);
}

static void P05_a_prompt_that_fails_is_a_conversation_error(void** state) {
    static const char* const replies[] = {
        "{\"parameters\":{\"step\":\"prompt\",\"text\":\"Code: \",\"echo\":true}}", NULL};
    warifud_says(replies);
    expect_sign_in();
    expect_say(PAM_PROMPT_ECHO_ON, "Code: ", NULL, PAM_CONV_ERR);
    assert_int_equal(sign_in(), PAM_CONV_ERR);
}

static void P05_an_answer_of_null_is_a_conversation_error(void** state) {
    static const char* const replies[] = {
        "{\"parameters\":{\"step\":\"prompt\",\"text\":\"Code: \",\"echo\":false}}", NULL};
    warifud_says(replies);
    expect_sign_in();
    expect_say(PAM_PROMPT_ECHO_OFF, "Code: ", NULL, PAM_SUCCESS);
    assert_int_equal(sign_in(), PAM_CONV_ERR);
}

static void P05_a_message_that_cannot_be_shown_is_a_conversation_error(void** state) {
    static const char* const replies[] = {"{\"parameters\":{\"step\":\"info\",\"text\":\"Hear this.\"}}",
                                          NULL};
    warifud_says(replies);
    expect_sign_in();
    expect_say(PAM_TEXT_INFO, "Hear this.", NULL, PAM_CONV_ERR);
    assert_int_equal(sign_in(), PAM_CONV_ERR);
}

static void P05_a_user_that_nobody_names_is_a_conversation_error(void** state) {
    expect_user(NULL, PAM_CONV_ERR);
    assert_int_equal(sign_in(), PAM_CONV_ERR);
}

static void P05_a_null_user_is_a_conversation_error(void** state) {
    expect_user(NULL, PAM_SUCCESS);
    assert_int_equal(sign_in(), PAM_CONV_ERR);
}

// Refused before anybody is asked for anything, the user's name included.
static void P05_options_that_loosen_a_check_are_refused_by_name(void** state) {
    static const struct {
        const char* option;
        const char* line;
    } table[] = {
        {"allow_readonly",
         "option allow_readonly is refused: a code that cannot be recorded as used could be used again"},
        {"no_strict_owner",
         "option no_strict_owner is refused: a file that somebody else owns is somebody else's key"},
        {"allowed_perm=0644",
         "option allowed_perm=0644 is refused: a secret that others can read is none: give the file mode "
         "0600"},
        {"socket=run/warifu", "option socket=run/warifu is refused: its value must be an absolute path"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; ++i) {
        const char* argv[] = {table[i].option};
        expect_log(LOG_ERR, table[i].line);
        assert_int_equal(authenticate(1, argv), PAM_AUTH_ERR);
    }
}

static void P05_junk_from_warifud_is_a_system_error(void** state) {
    static const char* const replies[] = {"{\"parameters\":{\"step\":\"done\",\"verdict\":\"yes\"}}", NULL};
    warifud_says(replies);
    expect_sign_in();
    expect_log(LOG_ERR, "what warifud answered is no step of its protocol");
    assert_int_equal(sign_in(), PAM_SYSTEM_ERR);
}

int main(void) {
    const struct CMUnitTest pam_module[] = {
        cmocka_unit_test_setup_teardown(P05_setcred_succeeds_and_asks_nothing, load, unload),
        cmocka_unit_test_setup_teardown(P05_each_verdict_has_its_code, load, unload),
        cmocka_unit_test_setup_teardown(P05_a_code_is_asked_for_and_the_end_is_told, load, unload),
        cmocka_unit_test_setup_teardown(P05_a_prompt_that_fails_is_a_conversation_error, load, unload),
        cmocka_unit_test_setup_teardown(P05_an_answer_of_null_is_a_conversation_error, load, unload),
        cmocka_unit_test_setup_teardown(P05_a_message_that_cannot_be_shown_is_a_conversation_error, load,
                                        unload),
        cmocka_unit_test_setup_teardown(P05_a_user_that_nobody_names_is_a_conversation_error, load, unload),
        cmocka_unit_test_setup_teardown(P05_a_null_user_is_a_conversation_error, load, unload),
        cmocka_unit_test_setup_teardown(P05_options_that_loosen_a_check_are_refused_by_name, load, unload),
        cmocka_unit_test_setup_teardown(P05_junk_from_warifud_is_a_system_error, load, unload),
    };
    return cmocka_run_group_tests(pam_module, listen_for_module, remove_socket);
}
