#ifndef PLUMBLINE_TESTS_CHAOS_WORKER_ROLE_H_
#define PLUMBLINE_TESTS_CHAOS_WORKER_ROLE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace plumbline::chaos {

struct WorkerSettings {
  std::string redis;         // address as redis::SetAddress takes it
  std::string database_url;  // as sql::DatabaseOptions::url
  int events = -1;           // descriptor to write events to
  int number = 0;            // of this process
  int threads = 1;
  absl::Duration lease = absl::Seconds(15);
  // A handler as it must not be: its effect is committed in a transaction of its own, which no claim protects. With it
  // effects do happen twice, which shows that the tests would see it.
  bool unfenced = false;
  absl::Duration skew = absl::ZeroDuration();  // what this process' clock is wrong by
};

// One worker as a service runs it: worker, reconciler, queue in Redis and record in the database. Runs until SIGTERM,
// then drains; the status of the drain.
absl::Status RunWorker(const WorkerSettings& settings);

}  // namespace plumbline::chaos

#endif  // PLUMBLINE_TESTS_CHAOS_WORKER_ROLE_H_
