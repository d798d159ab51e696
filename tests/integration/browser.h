// Debian's Chromium inside a sandbox, without a screen, driven over WebDriver (W3C, by chromium-driver).
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {

struct Window {
    std::string language = "en-US";
    int width = 1000, height = 900;
    bool dark = false;
    bool phone = false;  // a touch screen, as narrow as it is said to be
};

// One window with a profile of its own, run by an account of its own. What is looked for is waited for, half
// as long as `patience`; a place is a CSS selector. Everything throws std::runtime_error with what the driver
// said.
class Browser {
  public:
    explicit Browser(Sandbox& sandbox, const Window& window = {});
    ~Browser();
    Browser(const Browser&) = delete;
    Browser& operator=(const Browser&) = delete;

    void open(const std::string& address);
    void click(const std::string& place);
    // The first button with this text, or this name for screen readers.
    void press(const std::string& text);
    // Replaces what stands there.
    void type(const std::string& place, const std::string& text);
    void enter(const std::string& place);  // the key Enter
    // What a person reads there.
    std::string text(const std::string& place);
    // Waits until an element shows this text.
    void wait_for(const std::string& text);
    std::string attribute(const std::string& place, const std::string& name);

    void go_into_frame(const std::string& place);
    void leave_frames();

    // The body of a function; its arguments are `arguments[0]` and on.
    nlohmann::json script(const std::string& body, const nlohmann::json& arguments = nlohmann::json::array());
    // What the page wrote to its console as errors, a line each.
    std::string complaints();
    // A PNG of the window, or of what stands there.
    std::string picture();
    std::string picture(const std::string& place);

  private:
    std::string what_is_shown() const noexcept;
    std::string find(const std::string& strategy, const std::string& what);
    nlohmann::json call(const std::string& method, const std::string& path,
                        const nlohmann::json& parameters = nlohmann::json::object());

    const Sandbox& sandbox_;
    Process driver_;
    std::string session_;
};

// Writes `picture` to $WARIFU_PICTURES/NAME.png of the host, where that is set: for docs/images.
void keep_picture(const std::string& name, const std::string& picture);

}  // namespace warifu::integration
