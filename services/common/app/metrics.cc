#include "common/app/metrics.h"

#include <exception>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "prometheus/collectable.h"
#include "prometheus/exposer.h"
#include "prometheus/metric_family.h"
#include "prometheus/text_serializer.h"

namespace plumbline::app {
namespace {

using Labels = std::vector<prometheus::ClientMetric::Label>;

// Families in the order of their names, each once whatever the number of queues.
class Families {
 public:
  void Gauge(const std::string& name, const std::string& help, Labels labels, double value) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    metric.gauge.value = value;
    Add(name, help, prometheus::MetricType::Gauge, std::move(metric));
  }
  void Counter(const std::string& name, const std::string& help, Labels labels, int64_t value) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    metric.counter.value = static_cast<double>(value);
    Add(name, help, prometheus::MetricType::Counter, std::move(metric));
  }
  void Histogram(const std::string& name, const std::string& help, Labels labels,
                 const jobs::Histogram::Snapshot& snapshot) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    metric.histogram.sample_count = static_cast<uint64_t>(snapshot.count);
    metric.histogram.sample_sum = snapshot.sum;
    uint64_t below = 0;
    for (size_t i = 0; i < snapshot.limits.size(); ++i) {
      below += static_cast<uint64_t>(snapshot.counts[i]);
      metric.histogram.bucket.push_back({below, snapshot.limits[i]});
    }
    Add(name, help, prometheus::MetricType::Histogram, std::move(metric));  // the serialiser adds +Inf
  }
  std::vector<prometheus::MetricFamily> Take() {
    std::vector<prometheus::MetricFamily> all;
    for (auto& [name, family] : families_) all.push_back(std::move(family));
    return all;
  }

 private:
  void Add(const std::string& name, const std::string& help, prometheus::MetricType type,
           prometheus::ClientMetric metric) {
    prometheus::MetricFamily& family = families_[name];
    family.name = name;
    family.help = help;
    family.type = type;
    family.metric.push_back(std::move(metric));
  }
  std::map<std::string, prometheus::MetricFamily> families_;
};

void AddQueue(const std::string& queue, const jobs::JobMetrics& metrics, Families& out) {
  const Labels labels = {{"queue", queue}};
  out.Gauge("plumbline_queue_up", "Whether the queue answered", labels, metrics.queue.has_value() ? 1 : 0);
  if (metrics.queue.has_value()) {
    const std::string help = "Jobs the queue knows, by state";
    const auto depth = [&](const char* state, int64_t jobs) {
      out.Gauge("plumbline_queue_jobs", help, {{"queue", queue}, {"state", state}}, static_cast<double>(jobs));
    };
    depth("waiting", metrics.queue->waiting);
    depth("delayed", metrics.queue->delayed);
    depth("active", metrics.queue->active);
    out.Gauge("plumbline_queue_oldest_waiting_seconds", "How long the job that waits longest has been ready", labels,
              absl::ToDoubleSeconds(metrics.queue->oldest_waiting));
  }
  if (metrics.capacity.has_value()) {
    out.Gauge("plumbline_queue_max_jobs", "Jobs from which on new work is refused", labels,
              static_cast<double>(metrics.capacity->max_jobs));
    out.Gauge("plumbline_queue_memory_ratio", "Share of the server's memory limit in use; 0 without a limit", labels,
              metrics.capacity->memory_share);
    out.Gauge("plumbline_queue_memory_high_water_ratio", "Share from which on new work is refused", labels,
              metrics.capacity->memory_high_water);
  }
}

void AddRecord(const std::string& queue, const jobs::JobMetrics& metrics, Families& out) {
  out.Gauge("plumbline_record_up", "Whether the database answered", {{"queue", queue}},
            metrics.operations.has_value() ? 1 : 0);
  if (!metrics.operations.has_value()) return;
  const auto count = [&](const char* state, int64_t operations) {
    out.Gauge("plumbline_operations", "Operations on record that are unfinished or dead (failed), by state",
              {{"queue", queue}, {"state", state}}, static_cast<double>(operations));
  };
  count("pending", metrics.operations->pending);
  count("running", metrics.operations->running);
  count("waiting", metrics.operations->waiting);
  count("failed", metrics.operations->failed);
}

std::vector<prometheus::MetricFamily> FamiliesOf(const std::map<std::string, jobs::JobMetrics>& queues) {
  Families out;
  for (const auto& [queue, metrics] : queues) {
    AddQueue(queue, metrics, out);
    AddRecord(queue, metrics, out);
    for (const jobs::JobMetrics::Count& count : metrics.counters) {
      out.Counter(absl::StrCat("plumbline_jobs_", count.name, "_total"), count.help, {{"queue", queue}}, count.value);
    }
    for (const auto& [kind, histograms] : metrics.kinds) {
      const Labels labels = {{"queue", queue}, {"kind", kind}};
      out.Histogram("plumbline_job_queue_wait_seconds", "From when a job might first run to its first claim", labels,
                    histograms.queue_wait_seconds);
      out.Histogram("plumbline_job_run_seconds", "Runs of the handler, whatever their outcome", labels,
                    histograms.run_seconds);
      out.Histogram("plumbline_job_attempts", "Claims that an operation took until it ended", labels,
                    histograms.attempts);
    }
  }
  return out.Take();
}

class Collector final : public prometheus::Collectable {
 public:
  Collector(std::map<std::string, MetricsSource> queues, Clock& clock) : queues_(std::move(queues)), clock_(clock) {}

  std::vector<prometheus::MetricFamily> Collect() const override {
    absl::MutexLock lock(&mutex_);
    const absl::Time now = clock_.Now();
    if (now >= next_ || now < next_ - MetricsServer::kKept) {
      std::map<std::string, jobs::JobMetrics> answers;
      for (const auto& [queue, source] : queues_) answers[queue] = source();
      families_ = FamiliesOf(answers);
      next_ = now + MetricsServer::kKept;
    }
    return families_;
  }

 private:
  const std::map<std::string, MetricsSource> queues_;
  Clock& clock_;
  mutable absl::Mutex mutex_;
  mutable absl::Time next_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  mutable std::vector<prometheus::MetricFamily> families_ ABSL_GUARDED_BY(mutex_);
};

// "127.0.0.1:0" into ("127.0.0.1", 0). The library below would take more than that: lists, TLS and redirections.
absl::StatusOr<std::string> HostOf(const std::string& listen) {
  const size_t colon = listen.rfind(':');
  const std::string host = listen.substr(0, colon == std::string::npos ? 0 : colon);
  const std::string digits = colon == std::string::npos ? "" : listen.substr(colon + 1);
  int port = 0;
  const bool decimal = !digits.empty() && digits.find_first_not_of("0123456789") == std::string::npos;
  if (host.empty() || host.find_first_not_of("0123456789abcdefABCDEF.:[]") != std::string::npos || !decimal ||
      !absl::SimpleAtoi(digits, &port) || port > 65535) {
    return InvalidField("PLUMBLINE_METRICS_LISTEN", listen,
                        "must be an IP address and a port, such as 0.0.0.0:9464 or [::]:9464");
  }
  return host;
}

}  // namespace

std::string MetricsText(const std::map<std::string, jobs::JobMetrics>& queues) {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, FamiliesOf(queues));
  return out.str();
}

// In the order of construction; destroyed from the last to the first.
struct MetricsServer::Parts {
  std::shared_ptr<Collector> collector;
  std::unique_ptr<prometheus::Exposer> exposer;
  std::string address;
};

MetricsServer::MetricsServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
MetricsServer::~MetricsServer() = default;
const std::string& MetricsServer::address() const { return parts_->address; }

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(const std::string& listen,
                                                                    std::map<std::string, MetricsSource> queues,
                                                                    Clock& clock) {
  ASSIGN_OR_RETURN(const std::string host, HostOf(listen));
  auto parts = std::make_unique<Parts>();
  parts->collector = std::make_shared<Collector>(std::move(queues), clock);
  try {  // the library reports by exceptions
    parts->exposer = std::make_unique<prometheus::Exposer>(listen, 2);
    parts->exposer->RegisterCollectable(parts->collector);
    const std::vector<int> ports = parts->exposer->GetListeningPorts();
    parts->address = absl::StrCat(host, ":", ports.empty() ? 0 : ports.front());
  } catch (const std::exception&) {
    return InvalidField("PLUMBLINE_METRICS_LISTEN", listen, "cannot be listened on: is the port free?");
  }
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(parts)));
}

}  // namespace plumbline::app
