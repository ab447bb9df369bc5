#ifndef PLUMBLINE_COMMON_APP_METRICS_H_
#define PLUMBLINE_COMMON_APP_METRICS_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/jobs/job_metrics.h"

namespace plumbline::app {

using MetricsSource = std::function<jobs::JobMetrics()>;

// What the queues say of themselves in Prometheus' text format (README.md lists the metrics). Labels are `queue`,
// `state` and `kind`: never an id. What could not be asked is left out, and plumbline_queue_up or plumbline_record_up
// is 0.
std::string MetricsText(const std::map<std::string, jobs::JobMetrics>& queues);

// Serves them at /metrics over HTTP, without a password: for an address that only the monitoring reaches. Thread-safe.
class MetricsServer {
 public:
  // However often they are scraped, the sources are asked at most once in this time.
  static constexpr absl::Duration kKept = absl::Seconds(5);

  // `listen`: "host:port" with an IP address as host, port 0 for a free one. `queues`: by name. INVALID_ARGUMENT naming
  // PLUMBLINE_METRICS_LISTEN when that cannot be listened on. The clock and what the sources refer to must outlive the
  // server.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(const std::string& listen,
                                                              std::map<std::string, MetricsSource> queues,
                                                              Clock& clock);
  ~MetricsServer();

  const std::string& address() const;  // with the port that was chosen

 private:
  struct Parts;
  explicit MetricsServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace plumbline::app

#endif  // PLUMBLINE_COMMON_APP_METRICS_H_
