#include "standalone/standalone.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/module.h"
#include "common/app/host.h"
#include "common/app/key_file.h"
#include "common/app/metrics.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/redis/local_server.h"
#include "economics/module.h"
#include "gateway/module.h"
#include "instruments/module.h"

namespace plumbline::standalone {
namespace {

// Keeps a second process away from the folder: two would answer each other's operations from different queues. The
// kernel drops the lock with the process, however it ends.
class FolderLock {
 public:
  static absl::StatusOr<std::unique_ptr<FolderLock>> Take(const std::string& folder) {
    const std::string path = folder + "/lock";
    const int fd = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) return InvalidField("folder", folder, "must be a folder this user can write to");
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
      close(fd);
      return FailedPrecondition("FOLDER_IN_USE", folder,
                                absl::StrCat("another Plumbline process is using the folder ", folder));
    }
    return std::unique_ptr<FolderLock>(new FolderLock(fd));
  }
  ~FolderLock() { close(fd_); }

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  const int fd_;
};

// Where Redis listens. The kernel allows 107 bytes for the path of a socket; a data folder deep in the tree has more,
// and then a private folder of its own serves.
class SocketFolder {
 public:
  static absl::StatusOr<std::unique_ptr<SocketFolder>> Make(const std::string& data_folder) {
    constexpr size_t kMaxSocketPath = 107;
    if ((data_folder + kSocketName).size() <= kMaxSocketPath) {
      return std::unique_ptr<SocketFolder>(new SocketFolder(data_folder, false));
    }
    std::string pattern = (std::filesystem::temp_directory_path() / "plumbline-redis-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return absl::UnavailableError("cannot make a folder for Redis's socket");
    return std::unique_ptr<SocketFolder>(new SocketFolder(pattern, true));
  }
  ~SocketFolder() {
    std::error_code ignored;
    if (own_) std::filesystem::remove_all(folder_, ignored);
  }
  std::string path() const { return folder_ + kSocketName; }

 private:
  static constexpr char kSocketName[] = "/redis.sock";
  SocketFolder(std::string folder, bool own) : folder_(std::move(folder)), own_(own) {}
  const std::string folder_;
  const bool own_;
};

app::HostOptions ServiceOptions(const Options& options, const std::string& service, const redis::Options& redis,
                                const std::vector<crypto::Key>& keys) {
  app::HostOptions out;
  out.stores.service = service;
  out.stores.database.url = absl::StrCat("sqlite://", options.folder, "/", service, ".db");
  out.stores.redis = redis;
  out.stores.payload_keys = keys;
  out.worker.threads = options.workers;
  out.worker.wait = absl::Milliseconds(200);  // how long a stop may take to be noticed: short, people wait for it
  out.data_dir = options.data_dir;
  return out;
}

}  // namespace

// In the order of construction; destroyed from the last to the first.
struct Standalone::Parts {
  std::unique_ptr<FolderLock> lock;
  std::unique_ptr<SocketFolder> socket;
  std::unique_ptr<redis::LocalServer> redis;
  std::vector<std::unique_ptr<app::Host>> services;
  std::unique_ptr<app::Host> gateway;
  std::unique_ptr<app::MetricsServer> metrics;
  std::string address;

  absl::Status StartMetrics(const std::string& listen, Clock& clock);
};

absl::Status Standalone::Parts::StartMetrics(const std::string& listen, Clock& clock) {
  if (listen.empty()) return absl::OkStatus();
  std::map<std::string, app::MetricsSource> queues;
  for (const auto& host : services) queues[host->service()] = [&host = *host] { return host.CollectMetrics(); };
  queues[gateway->service()] = [this] { return gateway->CollectMetrics(); };
  ASSIGN_OR_RETURN(metrics, app::MetricsServer::Start(listen, std::move(queues), clock));
  return absl::OkStatus();
}

Standalone::Standalone(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

absl::StatusOr<std::unique_ptr<Standalone>> Standalone::Start(const Options& given, Clock& clock, IdGenerator& ids) {
  Options options = given;
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  options.folder = std::filesystem::absolute(options.folder, error).string();
  auto parts = std::make_unique<Parts>();
  ASSIGN_OR_RETURN(parts->lock, FolderLock::Take(options.folder));
  std::filesystem::permissions(options.folder, std::filesystem::perms::owner_all, error);

  redis::LocalServerOptions redis_options;
  redis_options.data_dir = options.folder;
  ASSIGN_OR_RETURN(parts->socket, SocketFolder::Make(options.folder));
  redis_options.socket_path = parts->socket->path();
  ASSIGN_OR_RETURN(parts->redis, redis::LocalServer::Start(redis_options));

  ASSIGN_OR_RETURN(const std::vector<crypto::Key> keys, app::ReadOrMakeKeyRing(options.folder + "/queue.key"));

  std::vector<crypto::Key> pseudonym_keys;
  if (!options.pseudonym_key_file.empty()) {
    ASSIGN_OR_RETURN(pseudonym_keys, app::ReadOrMakeKeyRing(options.pseudonym_key_file));
  }

  std::map<std::string, std::shared_ptr<grpc::Channel>> peers;
  const std::vector<std::pair<std::string, app::ModuleFactory>> services = {
      {"coding", coding::MakeModule}, {"instruments", instruments::MakeModule}, {"economics", economics::MakeModule}};
  for (const auto& [name, factory] : services) {
    app::HostOptions service = ServiceOptions(options, name, parts->redis->client_options(), keys);
    service.pseudonym_keys = pseudonym_keys;
    ASSIGN_OR_RETURN(auto host, app::Host::Start(std::move(service), factory, clock, ids));
    peers[name] = host->server().InProcessChannel();
    parts->services.push_back(std::move(host));
  }
  app::HostOptions gateway = ServiceOptions(options, "gateway", parts->redis->client_options(), keys);
  gateway.listen = options.listen;
  gateway.peers = peers;
  ASSIGN_OR_RETURN(parts->gateway, app::Host::Start(std::move(gateway), gateway::MakeModule, clock, ids));
  parts->address = parts->gateway->server().address();
  RETURN_IF_ERROR(parts->StartMetrics(options.metrics_listen, clock));
  return std::unique_ptr<Standalone>(new Standalone(std::move(parts)));
}

Standalone::~Standalone() { Drain(absl::ZeroDuration()); }

std::shared_ptr<grpc::Channel> Standalone::gateway() { return parts_->gateway->server().InProcessChannel(); }
const std::string& Standalone::address() const { return parts_->address; }

void Standalone::Drain(absl::Duration grace) {
  parts_->gateway->Drain(grace);
  for (const auto& service : parts_->services) service->Drain(grace);
}

}  // namespace plumbline::standalone
