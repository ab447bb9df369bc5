#include "common/app/readiness.h"

#include <utility>

#include "common/base/log.h"

namespace plumbline::app {

ReadinessWatch::ReadinessWatch(std::string service, std::vector<Check> checks, std::function<void(bool)> set_ready,
                               Clock& clock)
    : service_(std::move(service)), checks_(std::move(checks)), set_ready_(std::move(set_ready)), clock_(clock) {}

ReadinessWatch::~ReadinessWatch() { Stop(); }

absl::Status ReadinessWatch::Look() {
  absl::Status complaint;
  for (const Check& check : checks_) complaint.Update(check());
  if (complaint.ok() == ready_) return complaint;
  ready_ = complaint.ok();
  set_ready_(ready_);
  if (ready_) {
    log::Info("service.ready_again", {{"service", service_}});
  } else {
    log::Error("service.not_ready", {{"service", service_}, {"reason", complaint.message()}});
  }
  return complaint;
}

void ReadinessWatch::Start() {
  thread_ = std::thread([this] {
    do {
      (void)Look();  // the complaint is in the log and in the server's readiness
    } while (!clock_.SleepUnless(kEvery, mutex_, stop_));
  });
}

void ReadinessWatch::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

}  // namespace plumbline::app
