#include "enroll_tool/screens/patient_work.h"

#include <sys/eventfd.h>

namespace warifu::screens {

PatientWork::PatientWork(App& app, Warifud& warifud) : app_(app), ended_(eventfd(0, EFD_CLOEXEC)) {
    thread_ = std::thread([this, &warifud] {
        app_.work(warifud);
        eventfd_write(ended_.number(), 1);
    });
}

PatientWork::~PatientWork() {
    if (thread_.joinable()) thread_.join();
}

void PatientWork::finish() {
    thread_.join();
    app_.deliver();
}

}  // namespace warifu::screens
