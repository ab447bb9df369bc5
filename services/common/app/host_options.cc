#include "common/app/host_options.h"

#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/crypto/key_ring.h"
#include "common/rpc/channel.h"
#include "common/rpc/server.h"

namespace plumbline::app {
namespace {

// Of durations from the environment. A longer one than these is a mistake, and none may be without an end.
constexpr absl::Duration kShortest = absl::Milliseconds(1);
constexpr absl::Duration kLongestDrain = absl::Hours(1);
constexpr absl::Duration kLongestInterval = absl::Hours(24);
constexpr absl::Duration kLongestKept = absl::Hours(24 * 366 * 10);

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

// `status` as an error that says which variable led to it.
absl::Status Of(const char* variable, const absl::Status& status) {
  if (status.ok()) return status;
  return MakeError(status.code(), absl::StrCat(variable, ": ", status.message()),
                   GetErrorDetail(status).value_or(ErrorDetail{}));
}

// The key ring in the file that the variable names; none where it is not set.
absl::StatusOr<std::vector<crypto::Key>> KeysFromEnv(const char* variable, const Env& env) {
  const std::string path = env.String(variable, "");
  if (path.empty()) return std::vector<crypto::Key>{};
  absl::StatusOr<std::vector<crypto::Key>> keys = crypto::ReadKeyRing(path);
  if (!keys.ok()) return Of(variable, keys.status());
  return keys;
}

absl::StatusOr<redis::Options> RedisFromEnv(const std::string& service, const Env& env) {
  constexpr char kAddress[] = "PLUMBLINE_REDIS_ADDRESS";
  redis::Options options;
  ASSIGN_OR_RETURN(const std::string address, env.Required(kAddress));
  RETURN_IF_ERROR(Of(kAddress, redis::SetAddress(address, options)));
  options.username = env.String("PLUMBLINE_REDIS_USERNAME", "");
  ASSIGN_OR_RETURN(options.password, env.Secret("PLUMBLINE_REDIS_PASSWORD_FILE"));
  ASSIGN_OR_RETURN(options.sentinel_password, env.Secret("PLUMBLINE_REDIS_SENTINEL_PASSWORD_FILE"));
  options.name = absl::StrCat("plumbline-", service);
  return options;
}

absl::StatusOr<jobs::QueueLimits> LimitsFromEnv(const Env& env) {
  constexpr int64_t kMost = 1'000'000'000;  // ValidateLimits
  jobs::QueueLimits limits;
  ASSIGN_OR_RETURN(limits.max_jobs, env.Int("PLUMBLINE_QUEUE_MAX_JOBS", limits.max_jobs, 1, kMost));
  ASSIGN_OR_RETURN(limits.max_active, env.Int("PLUMBLINE_QUEUE_MAX_ACTIVE", limits.max_active, 0, kMost));
  ASSIGN_OR_RETURN(const int64_t percent, env.Int("PLUMBLINE_QUEUE_MEMORY_PERCENT", 90, 1, 100));
  limits.memory_high_water = static_cast<double>(percent) / 100;
  return limits;
}

absl::StatusOr<Retention> RetentionFromEnv(const Env& env) {
  Retention retention;
  ASSIGN_OR_RETURN(retention.operations_bytes,
                   env.Int("PLUMBLINE_KEEP_OPERATIONS_BYTES", retention.operations_bytes, 0, int64_t{1} << 50));
  ASSIGN_OR_RETURN(retention.operations_age,
                   env.Duration("PLUMBLINE_KEEP_OPERATIONS_FOR", retention.operations_age, kShortest, kLongestKept));
  ASSIGN_OR_RETURN(retention.answers,
                   env.Duration("PLUMBLINE_KEEP_ANSWERS_FOR", retention.answers, kShortest, kLongestKept));
  return retention;
}

}  // namespace

absl::StatusOr<absl::Duration> DrainGraceFromEnv(const Env& env) {
  return env.Duration("PLUMBLINE_DRAIN", absl::Seconds(25), kShortest, kLongestDrain);
}

absl::StatusOr<StoreOptions> StoreOptionsFromEnv(const std::string& service, const Env& env) {
  StoreOptions options;
  options.service = service;
  ASSIGN_OR_RETURN(options.database.url, DatabaseUrl(env));
  ASSIGN_OR_RETURN(const int64_t connections, env.Int("PLUMBLINE_DATABASE_CONNECTIONS", 8, 1, 200));
  options.database.connections = static_cast<int>(connections);
  ASSIGN_OR_RETURN(options.redis, RedisFromEnv(service, env));
  ASSIGN_OR_RETURN(options.allow_unsafe_redis, env.Bool("PLUMBLINE_ALLOW_UNSAFE_REDIS", false));
  ASSIGN_OR_RETURN(options.limits, LimitsFromEnv(env));
  ASSIGN_OR_RETURN(options.payload_keys, KeysFromEnv("PLUMBLINE_QUEUE_KEY_FILE", env));
  return options;
}

absl::StatusOr<HostOptions> HostOptionsFromEnv(const std::string& service, const std::vector<std::string>& peers,
                                               const std::string& role, const Env& env) {
  HostOptions options;
  if (role != "api" && role != "worker" && role != "all") {
    return InvalidField("--role", role, "must be api, worker or all");
  }
  options.serve_api = role != "worker";
  options.run_worker = role != "api";
  ASSIGN_OR_RETURN(options.listen, env.Required("PLUMBLINE_LISTEN"));
  RETURN_IF_ERROR(rpc::CheckListen("PLUMBLINE_LISTEN", options.listen));
  options.metrics_listen = env.String("PLUMBLINE_METRICS_LISTEN", "");
  ASSIGN_OR_RETURN(options.stores, StoreOptionsFromEnv(service, env));
  ASSIGN_OR_RETURN(const int64_t workers, env.Int("PLUMBLINE_WORKERS", 2, 1, 256));
  options.worker.threads = static_cast<int>(workers);
  ASSIGN_OR_RETURN(options.worker.lease, env.Duration("PLUMBLINE_LEASE", options.worker.lease, jobs::Queue::kMinLease,
                                                      jobs::Queue::kMaxLease));
  ASSIGN_OR_RETURN(options.worker.stuck_after,
                   env.Duration("PLUMBLINE_STUCK_AFTER", options.worker.stuck_after, kShortest, kLongestInterval));
  ASSIGN_OR_RETURN(options.reconcile_every,
                   env.Duration("PLUMBLINE_RECONCILE_EVERY", options.reconcile_every, kShortest, kLongestInterval));
  ASSIGN_OR_RETURN(options.retention, RetentionFromEnv(env));
  ASSIGN_OR_RETURN(const int64_t threads, env.Int("PLUMBLINE_RPC_THREADS", 8, 1, 256));
  options.rpc_threads = static_cast<int>(threads);
  ASSIGN_OR_RETURN(options.data_dir, FindDataDir(env));
  ASSIGN_OR_RETURN(options.pseudonym_keys, KeysFromEnv("PLUMBLINE_PSEUDONYM_KEY_FILE", env));
  for (const std::string& peer : peers) {
    const std::string variable = absl::StrCat("PLUMBLINE_", absl::AsciiStrToUpper(peer), "_ADDRESS");
    ASSIGN_OR_RETURN(const std::string address, env.Required(variable));
    options.peers[peer] = rpc::MakeChannel(address);
  }
  return options;
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

}  // namespace plumbline::app
