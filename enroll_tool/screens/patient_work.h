// A call to warifud on a thread of its own, so that the terminal stays alive meanwhile.
#pragma once

#include <thread>

#include "enroll_tool/screens/app.h"
#include "ipc/client/descriptor.h"

namespace warifu::screens {

class PatientWork {
  public:
    // Nothing but the picture is asked of the app until finish().
    PatientWork(App& app, Warifud& warifud);
    PatientWork(const PatientWork&) = delete;
    PatientWork& operator=(const PatientWork&) = delete;
    ~PatientWork();

    int descriptor() const noexcept { return ended_.number(); }  // readable once it is done
    void finish();                                               // waits for it, and hands its end in

  private:
    App& app_;
    ipc::Descriptor ended_;
    std::thread thread_;
};

}  // namespace warifu::screens
