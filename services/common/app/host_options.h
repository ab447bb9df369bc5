#ifndef PLUMBLINE_COMMON_APP_HOST_OPTIONS_H_
#define PLUMBLINE_COMMON_APP_HOST_OPTIONS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/app/stores.h"
#include "common/base/env.h"
#include "common/crypto/key_ring.h"
#include "common/jobs/worker.h"
#include "grpcpp/channel.h"

namespace plumbline::app {

// How long finished work is kept (OperationStore::Retire, PruneAnswers).
struct Retention {
  int64_t operations_bytes = int64_t{1} << 30;           // payloads, results and errors of finished operations
  absl::Duration operations_age = absl::Hours(24 * 30);  // one that finished less than this ago is never deleted
  absl::Duration answers = absl::Hours(24 * 30);         // for repeats of a request by its request_id
};

struct HostOptions {
  StoreOptions stores;
  std::string listen;            // as rpc::ServerOptions::listen; empty: in-process calls only
  std::string metrics_listen;    // as MetricsServer::Start takes it; empty: no metrics are served
  bool serve_api = true;         // role api: the service's RPCs
  bool run_worker = true;        // role worker: its jobs. A server with health checks runs in every role
  int rpc_threads = 8;           // handlers that run at the same time
  int max_waiting_calls = 1000;  // beyond this, calls are answered with RESOURCE_EXHAUSTED
  jobs::WorkerOptions worker;
  absl::Duration reconcile_every = absl::Seconds(5);
  Retention retention;
  std::string data_dir;
  std::vector<crypto::Key> pseudonym_keys;  // none: pseudonyms are not remembered from one import to the next
  std::map<std::string, std::shared_ptr<grpc::Channel>> peers;
};

// PLUMBLINE_DRAIN: how long a stopping service lets work finish. Errors name the variable.
absl::StatusOr<absl::Duration> DrainGraceFromEnv(const Env& env);

// Options from the environment (README.md names the variables); `role` is api, worker or all. Errors name the variable.
absl::StatusOr<HostOptions> HostOptionsFromEnv(const std::string& service, const std::vector<std::string>& peers,
                                               const std::string& role, const Env& env);

// The part of them that says where a service's record and queue are: all that `audit` needs.
absl::StatusOr<StoreOptions> StoreOptionsFromEnv(const std::string& service, const Env& env);

// The folder with frames/, instruments/ and unit-costs/: PLUMBLINE_DATA_DIR where set, else ../share/plumbline beside
// the program's folder (installed), else data/ of the source tree the program was built in. NOT_FOUND when none exists.
absl::StatusOr<std::string> FindDataDir(const Env& env);

}  // namespace plumbline::app

#endif  // PLUMBLINE_COMMON_APP_HOST_OPTIONS_H_
