#ifndef PLUMBLINE_COMMON_REDIS_OPTIONS_H_
#define PLUMBLINE_COMMON_REDIS_OPTIONS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace plumbline::redis {

// Where one server listens.
struct Endpoint {
  std::string unix_socket;  // path; used when not empty, else host and port
  std::string host;
  int port = 0;
  bool operator==(const Endpoint& other) const {
    return unix_socket == other.unix_socket && host == other.host && port == other.port;
  }
};

// How the server to speak to is found (locator.h).
enum class Topology {
  kSingle,    // it is unix_socket, or host and port
  kSentinel,  // the sentinels in `seeds` name the primary of `master_name`
  kCluster,   // any node in `seeds` names the owner of the slot of `cluster_key`
};

struct Options {
  std::string unix_socket;  // path; used when not empty, else host and port
  std::string host = "127.0.0.1";
  int port = 6379;
  Topology topology = Topology::kSingle;
  std::string master_name;
  std::vector<Endpoint> seeds;
  // A key of the slot that this connection or pool is for; with a hash tag ("pl:{coding}:") it stands for all keys with
  // that tag. Empty: the first redirection decides, and until then commands without keys (INFO) reach any node.
  std::string cluster_key;
  std::string username;            // empty: the default user
  std::string password;            // empty: no authentication. Never logged, never part of an error
  std::string sentinel_password;   // of the sentinels themselves, the same for all; as `password`
  int db = 0;                      // a cluster has 0 only
  std::string name = "plumbline";  // shown by CLIENT LIST
  absl::Duration connect_timeout = absl::Seconds(2);
  absl::Duration command_timeout = absl::Seconds(5);
  // Between attempts to connect to a server that does not answer: doubles from base to cap, with jitter.
  absl::Duration backoff_base = absl::Milliseconds(50);
  absl::Duration backoff_cap = absl::Seconds(2);
};

// An address into the fields of `options` that say where to connect:
//   unix:/path/to.sock            host:port            [v6 address]:port
//   sentinel:<master>@host:port,host:port,...          1 to kMaxSeeds sentinels
//   cluster:host:port,host:port,...                    1 to kMaxSeeds nodes; the others are learned from them
// INVALID_ARGUMENT says which part is wrong, and then `options` is as before. A host that is called "cluster" or
// "sentinel" can still be written as host:port.
absl::Status SetAddress(std::string_view address, Options& options);

// The address as SetAddress takes it; for messages.
std::string Address(const Options& options);
std::string Address(const Endpoint& endpoint);

constexpr size_t kMaxSeeds = 16;
constexpr size_t kMaxAddressBytes = 4096;

// "host:port" or "[v6 address]:port". INVALID_ARGUMENT.
absl::StatusOr<Endpoint> ParseEndpoint(std::string_view text);

}  // namespace plumbline::redis

#endif  // PLUMBLINE_COMMON_REDIS_OPTIONS_H_
