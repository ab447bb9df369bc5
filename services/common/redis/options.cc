#include "common/redis/options.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::redis {
namespace {

constexpr char kField[] = "redis address";
constexpr std::string_view kUnix = "unix:";
constexpr std::string_view kSentinel = "sentinel:";
constexpr std::string_view kCluster = "cluster:";

// What follows `prefix`, where `text` begins with it; else empty.
std::string_view After(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix ? text.substr(prefix.size()) : std::string_view();
}

// Spaces and control characters would end up in messages and configuration lines.
bool IsHost(std::string_view host) {
  return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c)) && c != ',' && c != '@';
  });
}

// The characters that Sentinel itself allows.
bool IsMasterName(std::string_view name) {
  return !name.empty() && name.size() <= 100 && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_';
  });
}

absl::StatusOr<std::vector<Endpoint>> ParseSeeds(std::string_view list) {
  std::vector<Endpoint> seeds;
  const std::vector<std::string> parts = absl::StrSplit(absl::string_view(list.data(), list.size()), ',');
  if (parts.size() > kMaxSeeds) {
    return InvalidField(kField, list, absl::StrCat("must name at most ", kMaxSeeds, " servers"));
  }
  for (const std::string& part : parts) {
    ASSIGN_OR_RETURN(Endpoint seed, ParseEndpoint(part));
    seeds.push_back(std::move(seed));
  }
  return seeds;
}

std::string SeedsText(const Options& options) {
  return absl::StrJoin(options.seeds, ",",
                       [](std::string* out, const Endpoint& seed) { absl::StrAppend(out, Address(seed)); });
}

void SetEndpoint(const Endpoint& endpoint, Options& options) {
  options.topology = Topology::kSingle;
  options.master_name.clear();
  options.seeds.clear();
  options.unix_socket = endpoint.unix_socket;
  if (!endpoint.unix_socket.empty()) return;
  options.host = endpoint.host;
  options.port = endpoint.port;
}

void SetSeeds(Topology topology, std::string_view master_name, std::vector<Endpoint> seeds, Options& options) {
  options.topology = topology;
  options.master_name = std::string(master_name);
  options.seeds = std::move(seeds);
  options.unix_socket.clear();
}

}  // namespace

absl::StatusOr<Endpoint> ParseEndpoint(std::string_view text) {
  constexpr char kRule[] = "must be host:port or [address]:port with a port of 1 to 65535";
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return InvalidField(kField, text, kRule);
  std::string_view host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    if (host.find_first_of("[]") != std::string_view::npos) return InvalidField(kField, text, kRule);
  } else if (host.find_first_of(":[]") != std::string_view::npos) {
    return InvalidField(kField, text, kRule);
  }
  const std::string_view digits = text.substr(colon + 1);
  const bool decimal = !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
  int port = 0;
  if (!IsHost(host) || !decimal || !absl::SimpleAtoi(std::string(digits), &port) || port < 1 || port > 65535) {
    return InvalidField(kField, text, kRule);
  }
  return Endpoint{.unix_socket = "", .host = std::string(host), .port = port};
}

absl::Status SetAddress(std::string_view address, Options& options) {
  if (address.size() > kMaxAddressBytes) {
    return InvalidField(kField, address, absl::StrCat("must be at most ", kMaxAddressBytes, " bytes"));
  }
  if (address.substr(0, kUnix.size()) == kUnix) {
    if (address.size() == kUnix.size() || address.find('\0') != std::string_view::npos) {
      return InvalidField(kField, address, "must have a path after unix:");
    }
    SetEndpoint({.unix_socket = std::string(After(address, kUnix)), .host = "", .port = 0}, options);
    return absl::OkStatus();
  }
  const std::string_view sentinel = After(address, kSentinel);
  if (const size_t at = sentinel.find('@'); at != std::string_view::npos) {
    const std::string_view master = sentinel.substr(0, at);
    if (!IsMasterName(master)) {
      return InvalidField(kField, address, "must name the master in 1 to 100 letters, digits, dots, - and _");
    }
    ASSIGN_OR_RETURN(std::vector<Endpoint> seeds, ParseSeeds(sentinel.substr(at + 1)));
    SetSeeds(Topology::kSentinel, master, std::move(seeds), options);
    return absl::OkStatus();
  }
  const std::string_view cluster = After(address, kCluster);
  if (cluster.find(':') != std::string_view::npos) {
    ASSIGN_OR_RETURN(std::vector<Endpoint> seeds, ParseSeeds(cluster));
    SetSeeds(Topology::kCluster, "", std::move(seeds), options);
    return absl::OkStatus();
  }
  const absl::StatusOr<Endpoint> endpoint = ParseEndpoint(address);
  if (!endpoint.ok()) {
    return InvalidField(kField, address,
                        "must be unix:/path, host:port, [address]:port, sentinel:<master>@host:port,... or "
                        "cluster:host:port,... with ports of 1 to 65535");
  }
  SetEndpoint(*endpoint, options);
  return absl::OkStatus();
}

std::string Address(const Endpoint& endpoint) {
  if (!endpoint.unix_socket.empty()) return absl::StrCat("unix:", endpoint.unix_socket);
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  return v6 ? absl::StrCat("[", endpoint.host, "]:", endpoint.port) : absl::StrCat(endpoint.host, ":", endpoint.port);
}

std::string Address(const Options& options) {
  switch (options.topology) {
    case Topology::kSentinel:
      return absl::StrCat("sentinel:", options.master_name, "@", SeedsText(options));
    case Topology::kCluster:
      return absl::StrCat("cluster:", SeedsText(options));
    case Topology::kSingle:
      break;
  }
  return Address(Endpoint{.unix_socket = options.unix_socket, .host = options.host, .port = options.port});
}

}  // namespace plumbline::redis
