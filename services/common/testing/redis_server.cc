#include "common/testing/redis_server.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"

namespace plumbline::testing {
namespace {

void RemoveFolder(const std::string& folder) {
  std::error_code ignored;  // a left-over folder in /tmp must not fail a test that passed
  std::filesystem::remove_all(folder, ignored);
}

}  // namespace

RedisServer::RedisServer(std::string folder, std::unique_ptr<redis::LocalServer> server)
    : folder_(std::move(folder)), server_(std::move(server)) {}

RedisServer::~RedisServer() {
  server_->Kill9();  // nothing needs its data any more
  RemoveFolder(folder_);
}

absl::StatusOr<std::unique_ptr<RedisServer>> RedisServer::Start(Setup setup) {
  // Directly under /tmp: the path of a Unix socket is at most 107 bytes, TMPDIR may be longer.
  char pattern[] = "/tmp/plumbline-redis-XXXXXX";
  if (mkdtemp(pattern) == nullptr) return absl::InternalError(absl::StrCat("mkdtemp: ", strerror(errno)));
  const std::string folder = pattern;
  redis::LocalServerOptions options;
  options.data_dir = folder;
  options.socket_path = folder + "/redis.sock";
  options.append_only = setup.append_only;
  options.password = std::move(setup.password);
  options.config = std::move(setup.config);
  absl::StatusOr<std::unique_ptr<redis::LocalServer>> server = redis::LocalServer::Start(std::move(options));
  if (!server.ok()) {
    RemoveFolder(folder);
    return server.status();
  }
  return std::unique_ptr<RedisServer>(new RedisServer(folder, *std::move(server)));
}

redis::Options RedisServer::options() const {
  redis::Options options = server_->client_options();
  options.backoff_base = absl::Milliseconds(5);
  options.backoff_cap = absl::Milliseconds(50);
  return options;
}

std::string RedisServer::address() const { return redis::Address(server_->client_options()); }
pid_t RedisServer::pid() const { return server_->pid(); }
void RedisServer::Kill9() { server_->Kill9(); }
absl::Status RedisServer::Restart() { return server_->Restart(); }

absl::Status RedisServer::FlushAll() {
  redis::Client client(options(), SystemClock());
  return client.Command({"FLUSHALL"}).status();
}

}  // namespace plumbline::testing
