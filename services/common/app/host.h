#ifndef PLUMBLINE_COMMON_APP_HOST_H_
#define PLUMBLINE_COMMON_APP_HOST_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/app/module.h"
#include "common/base/env.h"
#include "common/jobs/worker.h"
#include "common/redis/client.h"
#include "common/rpc/server.h"

namespace plumbline::app {

struct HostOptions {
  std::string service;           // "coding": name of its queue, prefix of its operation ids, domain of its errors
  std::string listen;            // as rpc::ServerOptions::listen; empty: in-process calls only
  bool serve_api = true;         // role api: the service's RPCs
  bool run_worker = true;        // role worker: its jobs. A server with health checks runs in every role
  int rpc_threads = 8;           // handlers that run at the same time
  int max_waiting_calls = 1000;  // beyond this, calls are answered with RESOURCE_EXHAUSTED
  sql::DatabaseOptions database;
  redis::Options redis;
  jobs::WorkerOptions worker;
  absl::Duration reconcile_every = absl::Seconds(5);
  std::string data_dir;
  std::map<std::string, std::shared_ptr<grpc::Channel>> peers;
};

// One running service: database, queue, module, worker, reconciler and server, started and stopped in order.
// Thread-safe once started.
class Host {
 public:
  // Opens the database (and brings its schema forward), makes the module, starts the worker, then serves. Nothing is
  // left running when it fails. Redis may be down: work is recorded and waits.
  static absl::StatusOr<std::unique_ptr<Host>> Start(HostOptions options, const ModuleFactory& factory, Clock& clock,
                                                     IdGenerator& ids);
  ~Host();  // Drain(0)

  rpc::Server& server();
  const jobs::JobCounters& job_counters() const;
  // Readiness off; calls in flight and running jobs get `grace` to finish; what does not is given back. Repeats do
  // nothing.
  void Drain(absl::Duration grace);

 private:
  struct Parts;
  explicit Host(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Options from the environment (README.md names the variables); `role` is api, worker or all. Errors name the variable.
absl::StatusOr<HostOptions> HostOptionsFromEnv(const std::string& service, const std::vector<std::string>& peers,
                                               const std::string& role, const Env& env);

// The folder with frames/, instruments/ and unit-costs/: PLUMBLINE_DATA_DIR where set, else ../share/plumbline beside
// the program's folder (installed), else data/ of the source tree the program was built in. NOT_FOUND when none exists.
absl::StatusOr<std::string> FindDataDir(const Env& env);

}  // namespace plumbline::app

#endif  // PLUMBLINE_COMMON_APP_HOST_H_
