// What a command makes to be kept, an image of the QR code or a sheet, and where that goes: to the file of
// --output, or to standard output, which it then has for itself.
#pragma once

#include <optional>

#include "core/qr/qr.h"
#include "enroll_tool/new_file.h"
#include "enroll_tool/output.h"
#include "enroll_tool/session.h"
#include "enroll_tool/sheet.h"

namespace warifu {

class Delivery {
  public:
    // By --qr, --sheet, --output, --json and the terminal. Makes the file, so that what cannot be written is
    // known before anything is asked of warifud. Throws Invalid where the options do not go together, and
    // what NewFile throws.
    explicit Delivery(Session& session);

    // How the QR code is drawn on the page; never an image.
    std::optional<QrForm> drawn() const noexcept { return drawn_; }
    bool has_sheet() const noexcept { return sheet_form_.has_value(); }
    // Standard output is not for people.
    bool takes_standard_output() const noexcept { return (image_ || sheet_form_) && !file_; }
    // Where the person reads: standard output, or standard error where that is taken.
    Output& page() noexcept { return takes_standard_output() ? beside_ : session_.out(); }

    // The object of --json: with --qr svg and without --output the image is its "svg".
    ipc::Reply with_image(const ipc::Reply& key) const;

    // Writes image or sheet, if one is wanted and is not in the object; the image is of the sheet's key.
    // Throws Unavailable where the file could not be written: then none is left.
    void hand_over(const Sheet& sheet);
    // Writes out what stands on the page, where it is not standard output.
    void finish() { beside_.flush(); }

  private:
    void check() const;
    bool image_in_object() const { return session_.json() && image_ == QrForm::svg && !file_; }
    void deliver(std::string_view content);

    Session& session_;
    Output beside_;
    std::optional<QrForm> drawn_, image_;
    std::optional<SheetForm> sheet_form_;
    std::optional<NewFile> file_;
};

}  // namespace warifu
