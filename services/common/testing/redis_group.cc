#include "common/testing/redis_group.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"

namespace plumbline::testing {

absl::StatusOr<std::unique_ptr<RedisGroup>> RedisGroup::Create() {
  // Directly under /tmp: the path of a Unix socket is at most 107 bytes, TMPDIR may be longer.
  char pattern[] = "/tmp/plumbline-redis-XXXXXX";
  if (mkdtemp(pattern) == nullptr) return absl::InternalError(absl::StrCat("mkdtemp: ", strerror(errno)));
  return std::unique_ptr<RedisGroup>(new RedisGroup(pattern));
}

RedisGroup::~RedisGroup() {
  for (const Member& member : servers_) member.server->Kill9();
  std::error_code ignored;  // a left-over folder in /tmp must not fail a test that passed
  std::filesystem::remove_all(folder_, ignored);
}

absl::StatusOr<std::vector<int>> RedisGroup::FreePorts(int count) {
  std::vector<int> ports;
  std::vector<int> sockets;  // held until all are found, or one port would be given twice
  absl::Status status;
  while (status.ok() && static_cast<int>(ports.size()) < count) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
      status = absl::InternalError(absl::StrCat("socket: ", strerror(errno)));
      break;
    }
    sockets.push_back(fd);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (bind(fd, raw, size) != 0 || getsockname(fd, raw, &size) != 0) {
      status = absl::InternalError(absl::StrCat("no free port: ", strerror(errno)));
      break;
    }
    ports.push_back(ntohs(address.sin_port));
  }
  for (const int fd : sockets) close(fd);
  RETURN_IF_ERROR(status);
  return ports;
}

absl::StatusOr<int> RedisGroup::Add(int port, std::vector<std::string> config, bool sentinel) {
  redis::LocalServerOptions options;
  options.data_dir = absl::StrCat(folder_, "/", size());
  if (mkdir(options.data_dir.c_str(), 0700) != 0) {
    return absl::InternalError(absl::StrCat(options.data_dir, ": ", strerror(errno)));
  }
  options.socket_path = options.data_dir + "/redis.sock";
  options.port = port;
  options.config = std::move(config);
  options.sentinel = sentinel;
  // The page cache survives a killed process. Waiting for a busy disk would make a server look dead to its peers.
  if (!sentinel) options.config.emplace_back("appendfsync no");
  ASSIGN_OR_RETURN(std::unique_ptr<redis::LocalServer> server, redis::LocalServer::Start(std::move(options)));
  servers_.push_back({.port = port, .server = std::move(server)});
  return size() - 1;
}

std::string RedisGroup::Addresses(int first, int last) const {
  std::vector<std::string> addresses;
  for (int i = first; i <= last; ++i) addresses.push_back(absl::StrCat("127.0.0.1:", port(i)));
  return absl::StrJoin(addresses, ",");
}

absl::StatusOr<redis::Reply> RedisGroup::Command(int i, const redis::Args& args) {
  redis::Client client(server(i).client_options(), SystemClock());
  return client.Command(args);
}

bool Eventually(absl::Duration limit, const std::function<bool()>& done) {
  Clock& clock = SystemClock();
  const absl::Time deadline = clock.Now() + limit;
  absl::Mutex mutex;
  const bool never = false;
  while (!done()) {
    if (clock.Now() >= deadline) return false;
    clock.SleepUnless(absl::Milliseconds(10), mutex, never);
  }
  return true;
}

}  // namespace plumbline::testing
