#ifndef PLUMBLINE_COMMON_APP_HOST_H_
#define PLUMBLINE_COMMON_APP_HOST_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/app/host_options.h"
#include "common/app/module.h"
#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/jobs/job_metrics.h"
#include "common/rpc/server.h"

namespace plumbline::app {

// One running service: record and queue, module, worker, reconciler, server and what watches them, started and stopped
// in order. Thread-safe once started.
class Host {
 public:
  // Opens the database (and brings its schema forward), makes the module, starts the worker, then serves. Nothing is
  // left running when it fails. Redis may be down: work is recorded and waits. FAILED_PRECONDITION when Redis answers
  // and is not safe (RedisSafety).
  static absl::StatusOr<std::unique_ptr<Host>> Start(HostOptions options, const ModuleFactory& factory, Clock& clock,
                                                     IdGenerator& ids);
  ~Host();  // Drain(0)

  const std::string& service() const;
  rpc::Server& server();
  const jobs::JobCounters& job_counters() const;
  // Asks queue and record: meant for a scrape.
  jobs::JobMetrics CollectMetrics();
  const std::string& metrics_address() const;  // empty where none are served
  // Readiness off, no job is leased any more, and waits for operations end with UNAVAILABLE. Calls in flight and
  // running jobs get the same `grace` to finish; what does not is given back. Repeats do nothing.
  void Drain(absl::Duration grace);

 private:
  struct Parts;
  explicit Host(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace plumbline::app

#endif  // PLUMBLINE_COMMON_APP_HOST_H_
