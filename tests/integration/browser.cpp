#include "tests/integration/browser.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "tests/integration/http.h"

namespace warifu::integration {
namespace {

using nlohmann::json;

constexpr std::uint16_t driver_port = 9515;
constexpr char element_key[] = "element-6066-11e4-a52e-4f735466cecf";  // WebDriver, section 12
constexpr char enter_key[] = "\uE007";                                 // section 17.4.2

Command driver(Sandbox& sandbox) {
    const Account& account = sandbox.add_user("browser", "browser's password");
    return as_user(account,
                   {"sh", "-c",
                    "chromedriver --port=" + std::to_string(driver_port) + " 2>&1 | logger -t chromedriver"});
}

json capabilities(const Window& window) {
    // A sandbox has no user namespaces and little shared memory to spare.
    std::vector<std::string> arguments = {
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--window-size=" + std::to_string(window.width) + "," + std::to_string(window.height),
        "--accept-lang=" + window.language,
        "--lang=" + window.language,
        "--user-data-dir=/home/browser/profile"};
    if (window.dark) arguments.emplace_back("--blink-settings=preferredColorScheme=0");
    json options = {{"args", arguments}};
    if (window.phone) {
        const json metrics = {{"width", window.width}, {"height", window.height}, {"pixelRatio", 2.0}};
        options["mobileEmulation"] = {{"deviceMetrics", metrics}};
    }
    return {{"capabilities",
             {{"alwaysMatch",
               {{"browserName", "chrome"},
                {"goog:chromeOptions", options},
                {"goog:loggingPrefs", {{"browser", "SEVERE"}}}}}}}};
}

// As an XPath string, whatever quotes are in it.
std::string xpath_text(const std::string& text) {
    if (text.find('"') == text.npos) return "\"" + text + "\"";
    if (text.find('\'') == text.npos) return "'" + text + "'";
    throw std::runtime_error("both kinds of quotes: " + text);
}

}  // namespace

Browser::Browser(Sandbox& sandbox, const Window& window)
    : sandbox_(sandbox), driver_(sandbox, driver(sandbox)) {
    sandbox.wait_for_log("ChromeDriver was started successfully");
    session_ =
        "/session/" + call("POST", "/session", capabilities(window)).at("sessionId").get<std::string>();
    // Less than an answer is waited for, so that it is the driver that says what is missing.
    const auto limit = std::chrono::milliseconds(patience / 2).count();
    call("POST", "/timeouts", {{"implicit", limit}, {"pageLoad", limit}, {"script", limit}});
}

Browser::~Browser() {
    try {
        call("DELETE", "");
    } catch (const std::exception&) {
        // It ends with the sandbox.
    }
}

std::string Browser::what_is_shown() const noexcept {
    try {
        const json script = {{"script", "return document.body.innerText"}, {"args", json::array()}};
        return http(sandbox_, driver_port, {"POST", session_ + "/execute/sync", {}, script.dump()}).body;
    } catch (const std::exception& error) {
        return error.what();
    }
}

json Browser::call(const std::string& method, const std::string& path, const json& parameters) {
    HttpRequest request{method, session_ + path, {}, ""};
    if (method == "POST") {
        request.headers["Content-Type"] = "application/json";
        request.body = parameters.dump();
    }
    const HttpAnswer answer = http(sandbox_, driver_port, request);
    json value = json::parse(answer.body).at("value");
    if (answer.status != 200) {
        const std::string message = value.value("message", answer.body);
        throw std::runtime_error(method + " " + path + " " + parameters.dump() + ": " +
                                 message.substr(0, message.find('\n')) + "\n" + what_is_shown());
    }
    return value;
}

std::string Browser::find(const std::string& strategy, const std::string& what) {
    const json element = call("POST", "/element", {{"using", strategy}, {"value", what}});
    return "/element/" + element.at(element_key).get<std::string>();
}

void Browser::open(const std::string& address) {
    call("POST", "/url", {{"url", address}});
}

void Browser::click(const std::string& place) {
    call("POST", find("css selector", place) + "/click");
}

void Browser::press(const std::string& text) {
    const std::string wanted = xpath_text(text);
    call("POST",
         find("xpath", "//button[normalize-space() = " + wanted + " or @aria-label = " + wanted + "]") +
             "/click");
}

void Browser::type(const std::string& place, const std::string& text) {
    const std::string element = find("css selector", place);
    call("POST", element + "/clear");
    call("POST", element + "/value", {{"text", text}});
}

void Browser::enter(const std::string& place) {
    call("POST", find("css selector", place) + "/value", {{"text", enter_key}});
}

std::string Browser::text(const std::string& place) {
    return call("GET", find("css selector", place) + "/text").get<std::string>();
}

void Browser::wait_for(const std::string& text) {
    find("xpath",
         "//body//*[not(self::script)][text()[contains(normalize-space(), " + xpath_text(text) + ")]]");
}

std::string Browser::attribute(const std::string& place, const std::string& name) {
    return call("GET", find("css selector", place) + "/attribute/" + name).get<std::string>();
}

void Browser::go_into_frame(const std::string& place) {
    const json element = call("POST", "/element", {{"using", "css selector"}, {"value", place}});
    call("POST", "/frame", {{"id", element}});
}

void Browser::leave_frames() {
    call("POST", "/frame", {{"id", nullptr}});
}

json Browser::script(const std::string& body, const json& arguments) {
    return call("POST", "/execute/sync", {{"script", body}, {"args", arguments}});
}

std::string Browser::complaints() {
    std::string lines;
    for (const json& line : call("POST", "/se/log", {{"type", "browser"}}))
        lines += line.at("message").get<std::string>() + "\n";
    return lines;
}

std::string Browser::picture() {
    return from_base64(call("GET", "/screenshot").get<std::string>());
}

std::string Browser::picture(const std::string& place) {
    return from_base64(call("GET", find("css selector", place) + "/screenshot").get<std::string>());
}

void keep_picture(const std::string& name, const std::string& picture) {
    const char* const folder = std::getenv("WARIFU_PICTURES");
    if (folder == nullptr) return;
    std::ofstream file(std::string(folder) + "/" + name + ".png", std::ios::binary);
    file << picture;
    if (!file.flush()) throw std::runtime_error("cannot write " + name + ".png below " + folder);
}

}  // namespace warifu::integration
