#include "common/app/host.h"

#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/app/metrics.h"
#include "common/app/readiness.h"
#include "common/app/redis_safety.h"
#include "common/app/stores.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/crypto/keyed_hash.h"
#include "common/jobs/reconciler.h"
#include "common/jobs/submitter.h"
#include "common/operations/operations_service.h"
#include "common/sql/audit_log.h"

namespace plumbline::app {
namespace {

// The thread that waits for work holds a connection; submissions, renewals, checks and metrics need a few more.
constexpr int kSpareRedisConnections = 6;

std::string DomainOf(const std::string& service) { return absl::StrCat(service, ".plumbline"); }

// A call that was refused changed nothing, so its line has a transaction of its own.
absl::Status RecordRefusal(sql::Database& database, const rpc::Call& call, const AuditEntry& entry) {
  return database.Write([&](sql::Transaction& transaction) {
    return sql::AppendAudit(transaction, call.now, call.actor, call.method, {entry});
  });
}

}  // namespace

// In the order of construction; destroyed from the last to the first.
struct Host::Parts {
  Parts(HostOptions given, Clock& the_clock) : options(std::move(given)), clock(the_clock) {}

  HostOptions options;
  Clock& clock;
  std::unique_ptr<Stores> stores;
  std::unique_ptr<RedisSafety> redis_safety;
  std::unique_ptr<jobs::QueueSubmitter> submitter;
  std::unique_ptr<rpc::Executor> executor;
  std::unique_ptr<rpc::Handlers> handlers;
  std::optional<crypto::KeyedHash> pseudonym_hash;
  std::unique_ptr<Module> module;
  jobs::HandlerMap job_handlers;
  jobs::JobCounters counters;
  std::unique_ptr<operations::OperationsService> operations_service;
  std::unique_ptr<jobs::Worker> worker;
  std::unique_ptr<jobs::Reconciler> reconciler;
  std::unique_ptr<rpc::Server> server;
  std::unique_ptr<ReadinessWatch> readiness;
  std::unique_ptr<MetricsServer> metrics;
  bool drained = false;

  const std::string& service() const { return options.stores.service; }
  jobs::JobMetrics CollectMetrics() { return jobs::CollectJobMetrics(stores->queue(), stores->operations(), counters); }
  absl::Status OpenStores();
  absl::Status MakeService(const ModuleFactory& factory, IdGenerator& ids);
  void StartWorker();
  absl::Status KeepHouse(absl::Time now);
  absl::Status StartServer();
  void WatchReadiness();
  absl::Status StartMetrics();
};

absl::Status Host::Parts::OpenStores() {
  ASSIGN_OR_RETURN(stores, Stores::Open(options.stores, options.worker.threads + kSpareRedisConnections, clock));
  redis_safety = std::make_unique<RedisSafety>(stores->redis(), options.stores.allow_unsafe_redis, clock);
  RETURN_IF_ERROR(redis_safety->AtStart());
  submitter = std::make_unique<jobs::QueueSubmitter>(stores->queue(), clock);
  return absl::OkStatus();
}

absl::Status Host::Parts::MakeService(const ModuleFactory& factory, IdGenerator& ids) {
  executor = std::make_unique<rpc::Executor>(options.rpc_threads, static_cast<size_t>(options.max_waiting_calls));
  handlers = std::make_unique<rpc::Handlers>(
      rpc::Handlers::Options{
          .domain = DomainOf(service()),
          .record_refusal = [this](const rpc::Call& call,
                                   const AuditEntry& entry) { return RecordRefusal(stores->database(), call, entry); }},
      *executor, clock);
  if (!options.pseudonym_keys.empty()) {
    ASSIGN_OR_RETURN(pseudonym_hash, crypto::KeyedHash::Create(options.pseudonym_keys, "pseudonyms"));
  }
  const Platform platform{.clock = clock,
                          .ids = ids,
                          .database = stores->database(),
                          .operations = stores->operations(),
                          .submitter = *submitter,
                          .handlers = *handlers,
                          .data_dir = options.data_dir,
                          .pseudonym_hash = pseudonym_hash ? &*pseudonym_hash : nullptr,
                          .peers = options.peers};
  ASSIGN_OR_RETURN(module, factory(platform));
  job_handlers = module->handlers();
  return absl::OkStatus();
}

absl::Status Host::Parts::KeepHouse(absl::Time now) {
  const Retention& keep = options.retention;
  ASSIGN_OR_RETURN(const int64_t operations,
                   stores->operations().Retire(keep.operations_bytes, keep.operations_age, now));
  ASSIGN_OR_RETURN(const int64_t answers, stores->operations().PruneAnswers(now - keep.answers));
  if (operations > 0 || answers > 0) {
    log::Info("record.retired", {{"service", service()}, {"operations", operations}, {"answers", answers}});
  }
  return absl::OkStatus();
}

void Host::Parts::StartWorker() {
  worker = std::make_unique<jobs::Worker>(jobs::Worker::Parts{.queue = &stores->queue(),
                                                              .store = &stores->operations(),
                                                              .handlers = &job_handlers,
                                                              .clock = &clock,
                                                              .counters = &counters,
                                                              .random = {}},
                                          options.worker);
  reconciler = std::make_unique<jobs::Reconciler>(
      jobs::Reconciler::Parts{.queue = &stores->queue(),
                              .store = &stores->operations(),
                              .clock = &clock,
                              .counters = &counters,
                              .housekeeping = [this](absl::Time now) { return KeepHouse(now); }},
      jobs::ReconcilerOptions{.interval = options.reconcile_every});
  worker->Start();
  reconciler->Start();
}

absl::Status Host::Parts::StartServer() {
  rpc::ServerOptions server_options{.listen = options.listen, .services = {}, .fallback = nullptr};
  if (options.serve_api) {
    server_options.services = module->services();
    server_options.fallback = module->fallback();
    if (module->host_serves_operations()) {
      operations_service = std::make_unique<operations::OperationsService>(stores->operations(), *handlers);
      server_options.services.push_back(operations_service.get());
    }
  }
  ASSIGN_OR_RETURN(server, rpc::Server::Start(server_options));
  return absl::OkStatus();
}

// An API needs no Redis to answer, and records what it accepts: only a worker's readiness hangs on the queue.
void Host::Parts::WatchReadiness() {
  std::vector<ReadinessWatch::Check> checks;
  if (worker) {
    checks.emplace_back([this] { return worker->Health(); });
    checks.emplace_back([this] { return redis_safety->Current(); });
  } else {
    checks.emplace_back([this] {
      (void)redis_safety->Current();  // logs when it turns
      return absl::OkStatus();
    });
  }
  readiness = std::make_unique<ReadinessWatch>(
      service(), std::move(checks), [this](bool ready) { server->SetReady(ready); }, clock);
  readiness->Start();
}

absl::Status Host::Parts::StartMetrics() {
  if (options.metrics_listen.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      metrics, MetricsServer::Start(options.metrics_listen, {{service(), [this] { return CollectMetrics(); }}}, clock));
  return absl::OkStatus();
}

Host::Host(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

absl::StatusOr<std::unique_ptr<Host>> Host::Start(HostOptions options, const ModuleFactory& factory, Clock& clock,
                                                  IdGenerator& ids) {
  auto parts = std::make_unique<Parts>(std::move(options), clock);
  RETURN_IF_ERROR(parts->OpenStores());
  RETURN_IF_ERROR(parts->MakeService(factory, ids));
  if (parts->options.run_worker) parts->StartWorker();
  RETURN_IF_ERROR(parts->StartServer());
  RETURN_IF_ERROR(parts->StartMetrics());
  parts->WatchReadiness();
  log::Info("service.started", {{"service", parts->service()},
                                {"address", parts->server->address()},
                                {"api", parts->options.serve_api},
                                {"worker", parts->options.run_worker}});
  return std::unique_ptr<Host>(new Host(std::move(parts)));
}

Host::~Host() { Drain(absl::ZeroDuration()); }

const std::string& Host::service() const { return parts_->service(); }
rpc::Server& Host::server() { return *parts_->server; }
const jobs::JobCounters& Host::job_counters() const { return parts_->counters; }
jobs::JobMetrics Host::CollectMetrics() { return parts_->CollectMetrics(); }

const std::string& Host::metrics_address() const {
  static const std::string* const kNone = new std::string;
  return parts_->metrics ? parts_->metrics->address() : *kNone;
}

void Host::Drain(absl::Duration grace) {
  if (parts_->drained) return;
  parts_->drained = true;
  parts_->readiness->Stop();  // or it would turn readiness on again
  parts_->handlers->StartDrain();
  // Beside the server: no new job is leased while calls finish, and the jobs have the whole grace as well.
  std::thread jobs;
  if (parts_->worker) {
    jobs = std::thread([worker = parts_->worker.get(), grace] {
      const absl::Status drained = worker->Drain(grace);
      if (!drained.ok()) log::Warning("worker.drain_incomplete", {{"detail", drained.message()}});
    });
  }
  parts_->server->Drain(grace);
  parts_->reconciler.reset();
  if (jobs.joinable()) jobs.join();
  log::Info("service.stopped", {{"service", parts_->service()}});
}

}  // namespace plumbline::app
