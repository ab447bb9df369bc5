#include "common/app/host.h"

#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/jobs/reconciler.h"
#include "common/jobs/redis_queue.h"
#include "common/jobs/sql_operation_store.h"
#include "common/jobs/sql_unit_of_work.h"
#include "common/jobs/submitter.h"
#include "common/operations/operations_service.h"
#include "common/redis/pool.h"
#include "common/rpc/channel.h"

namespace plumbline::app {
namespace {

// Threads that wait for work hold a connection each; submissions and renewals need a few more.
constexpr int kSpareRedisConnections = 6;

std::string DomainOf(const std::string& service) { return absl::StrCat(service, ".plumbline"); }

absl::StatusOr<std::string> ExeFolder() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return absl::InternalError("cannot tell where this program is");
  return path.parent_path().string();
}

absl::StatusOr<std::string> DatabaseUrl(const Env& env) {
  ASSIGN_OR_RETURN(std::string url, env.Secret("PLUMBLINE_DATABASE_URL_FILE"));
  if (!url.empty()) return url;
  return env.Required("PLUMBLINE_DATABASE_URL");
}

}  // namespace

// In the order of construction; destroyed from the last to the first.
struct Host::Parts {
  Parts(HostOptions given, Clock& the_clock) : options(std::move(given)), clock(the_clock) {}

  HostOptions options;
  Clock& clock;
  std::unique_ptr<sql::Database> database;
  std::unique_ptr<jobs::SqlOperationStore> operations;
  std::unique_ptr<redis::Pool> redis;
  std::unique_ptr<jobs::RedisQueue> queue;
  std::unique_ptr<jobs::QueueSubmitter> submitter;
  std::unique_ptr<rpc::Executor> executor;
  std::unique_ptr<rpc::Handlers> handlers;
  std::unique_ptr<Module> module;
  jobs::HandlerMap job_handlers;
  jobs::JobCounters counters;
  std::unique_ptr<operations::OperationsService> operations_service;
  std::unique_ptr<jobs::Worker> worker;
  std::unique_ptr<jobs::Reconciler> reconciler;
  std::unique_ptr<rpc::Server> server;
  bool drained = false;

  absl::Status OpenStores();
  absl::Status MakeService(const ModuleFactory& factory, IdGenerator& ids);
  absl::Status StartWorker();
  absl::Status StartServer();
};

absl::Status Host::Parts::OpenStores() {
  options.database.schema = options.service;
  ASSIGN_OR_RETURN(database, sql::Database::Open(options.database));
  RETURN_IF_ERROR(jobs::MigrateCommon(*database, clock.Now()));
  operations = std::make_unique<jobs::SqlOperationStore>(*database);
  redis = std::make_unique<redis::Pool>(options.redis, options.worker.threads + kSpareRedisConnections, clock);
  ASSIGN_OR_RETURN(queue, jobs::RedisQueue::Create(*redis, options.service));
  submitter = std::make_unique<jobs::QueueSubmitter>(*queue);
  return absl::OkStatus();
}

absl::Status Host::Parts::MakeService(const ModuleFactory& factory, IdGenerator& ids) {
  executor = std::make_unique<rpc::Executor>(options.rpc_threads, static_cast<size_t>(options.max_waiting_calls));
  handlers =
      std::make_unique<rpc::Handlers>(rpc::Handlers::Options{.domain = DomainOf(options.service)}, *executor, clock);
  const Platform platform{.clock = clock,
                          .ids = ids,
                          .database = *database,
                          .operations = *operations,
                          .submitter = *submitter,
                          .handlers = *handlers,
                          .data_dir = options.data_dir,
                          .peers = options.peers};
  ASSIGN_OR_RETURN(module, factory(platform));
  job_handlers = module->handlers();
  return absl::OkStatus();
}

absl::Status Host::Parts::StartWorker() {
  worker = std::make_unique<jobs::Worker>(jobs::Worker::Parts{.queue = queue.get(),
                                                              .store = operations.get(),
                                                              .handlers = &job_handlers,
                                                              .clock = &clock,
                                                              .counters = &counters,
                                                              .random = {}},
                                          options.worker);
  reconciler = std::make_unique<jobs::Reconciler>(
      jobs::Reconciler::Parts{.queue = queue.get(), .store = operations.get(), .clock = &clock, .counters = &counters},
      jobs::ReconcilerOptions{.interval = options.reconcile_every});
  worker->Start();
  reconciler->Start();
  return absl::OkStatus();
}

absl::Status Host::Parts::StartServer() {
  rpc::ServerOptions server_options{.listen = options.listen, .services = {}, .fallback = nullptr};
  if (options.serve_api) {
    server_options.services = module->services();
    server_options.fallback = module->fallback();
    if (module->host_serves_operations()) {
      operations_service = std::make_unique<operations::OperationsService>(*operations, *handlers);
      server_options.services.push_back(operations_service.get());
    }
  }
  ASSIGN_OR_RETURN(server, rpc::Server::Start(server_options));
  return absl::OkStatus();
}

Host::Host(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

absl::StatusOr<std::unique_ptr<Host>> Host::Start(HostOptions options, const ModuleFactory& factory, Clock& clock,
                                                  IdGenerator& ids) {
  auto parts = std::make_unique<Parts>(std::move(options), clock);
  RETURN_IF_ERROR(parts->OpenStores());
  RETURN_IF_ERROR(parts->MakeService(factory, ids));
  if (parts->options.run_worker) RETURN_IF_ERROR(parts->StartWorker());
  RETURN_IF_ERROR(parts->StartServer());
  log::Info("service.started", {{"service", parts->options.service},
                                {"address", parts->server->address()},
                                {"api", parts->options.serve_api},
                                {"worker", parts->options.run_worker}});
  return std::unique_ptr<Host>(new Host(std::move(parts)));
}

Host::~Host() { Drain(absl::ZeroDuration()); }

rpc::Server& Host::server() { return *parts_->server; }
const jobs::JobCounters& Host::job_counters() const { return parts_->counters; }

void Host::Drain(absl::Duration grace) {
  if (parts_->drained) return;
  parts_->drained = true;
  const absl::Time end = parts_->clock.Now() + grace;
  parts_->server->Drain(grace);
  parts_->reconciler.reset();
  if (parts_->worker) {
    const absl::Status drained = parts_->worker->Drain(std::max(end - parts_->clock.Now(), absl::ZeroDuration()));
    if (!drained.ok()) log::Warning("worker.drain_incomplete", {{"detail", drained.message()}});
  }
  log::Info("service.stopped", {{"service", parts_->options.service}});
}

absl::StatusOr<std::string> FindDataDir(const Env& env) {
  ASSIGN_OR_RETURN(const std::string folder, ExeFolder());
  const std::filesystem::path exe(folder);
  for (const std::filesystem::path& candidate : {std::filesystem::path(env.String("PLUMBLINE_DATA_DIR", "")),
                                                 exe / "../share/plumbline", exe / "../../../data"}) {
    std::error_code ignored;
    if (!candidate.empty() && std::filesystem::is_directory(candidate / "instruments", ignored)) {
      return std::filesystem::weakly_canonical(candidate, ignored).string();
    }
  }
  return MakeError(absl::StatusCode::kNotFound,
                   "no folder with instrument keys was found; set PLUMBLINE_DATA_DIR to the folder that holds frames/, "
                   "instruments/ and unit-costs/",
                   {.reason = "DATA_DIR_NOT_FOUND", .metadata = {}, .violations = {}, .retry_after = {}});
}

absl::StatusOr<HostOptions> HostOptionsFromEnv(const std::string& service, const std::vector<std::string>& peers,
                                               const std::string& role, const Env& env) {
  HostOptions options;
  options.service = service;
  if (role != "api" && role != "worker" && role != "all") {
    return InvalidField("--role", role, "must be api, worker or all");
  }
  options.serve_api = role != "worker";
  options.run_worker = role != "api";
  ASSIGN_OR_RETURN(options.listen, env.Required("PLUMBLINE_LISTEN"));
  ASSIGN_OR_RETURN(options.database.url, DatabaseUrl(env));
  ASSIGN_OR_RETURN(const int64_t connections, env.Int("PLUMBLINE_DATABASE_CONNECTIONS", 8, 1, 200));
  options.database.connections = static_cast<int>(connections);
  ASSIGN_OR_RETURN(const std::string redis_address, env.Required("PLUMBLINE_REDIS_ADDRESS"));
  RETURN_IF_ERROR(redis::SetAddress(redis_address, options.redis));
  ASSIGN_OR_RETURN(options.redis.password, env.Secret("PLUMBLINE_REDIS_PASSWORD_FILE"));
  ASSIGN_OR_RETURN(const int64_t workers, env.Int("PLUMBLINE_WORKERS", 2, 1, 256));
  options.worker.threads = static_cast<int>(workers);
  ASSIGN_OR_RETURN(options.worker.lease, env.Duration("PLUMBLINE_LEASE", options.worker.lease));
  ASSIGN_OR_RETURN(options.reconcile_every, env.Duration("PLUMBLINE_RECONCILE_EVERY", options.reconcile_every));
  ASSIGN_OR_RETURN(const int64_t threads, env.Int("PLUMBLINE_RPC_THREADS", 8, 1, 256));
  options.rpc_threads = static_cast<int>(threads);
  ASSIGN_OR_RETURN(options.data_dir, FindDataDir(env));
  for (const std::string& peer : peers) {
    const std::string variable = absl::StrCat("PLUMBLINE_", absl::AsciiStrToUpper(peer), "_ADDRESS");
    ASSIGN_OR_RETURN(const std::string address, env.Required(variable));
    options.peers[peer] = rpc::MakeChannel(address);
  }
  return options;
}

}  // namespace plumbline::app
