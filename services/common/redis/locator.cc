#include "common/redis/locator.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/redis/client.h"
#include "common/redis/redirect.h"

namespace plumbline::redis {
namespace {

// To speak to one of the seeds itself. A seed that is down must not hold up the others for longer than it must.
Options SeedOptions(const Options& options, const Endpoint& seed) {
  Options to_seed = options;
  to_seed.topology = Topology::kSingle;
  to_seed.unix_socket = seed.unix_socket;
  to_seed.host = seed.host;
  to_seed.port = seed.port;
  to_seed.command_timeout = options.connect_timeout;
  if (options.topology == Topology::kSentinel) {
    to_seed.username.clear();
    to_seed.password = options.sentinel_password;
    to_seed.db = 0;
  }
  return to_seed;
}

}  // namespace

Locator::Locator(Options options, Clock& clock) : options_(std::move(options)), clock_(clock) {
  if (options_.topology != Topology::kSingle) return;
  absl::MutexLock lock(&mutex_);
  Know({.unix_socket = options_.unix_socket, .host = options_.host, .port = options_.port});
}

void Locator::Know(const Endpoint& endpoint) {
  if (!last_.has_value() || !(*last_ == endpoint)) {
    last_ = endpoint;
    ++generation_;
  }
  known_ = true;
  current_.store(generation_, std::memory_order_release);
}

absl::StatusOr<Locator::Found> Locator::Find() {
  size_t first = 0;
  {
    absl::MutexLock lock(&mutex_);
    if (known_) return Found{*last_, generation_};
    if (searching_) {
      const auto over = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !searching_; };
      mutex_.Await(absl::Condition(&over));
      // Forgotten again already: the next call asks again.
      if (known_ || (search_error_.ok() && last_.has_value())) return Found{*last_, generation_};
      return search_error_;
    }
    searching_ = true;
    first = first_seed_;
  }
  const absl::StatusOr<Endpoint> found = Search(first);
  absl::MutexLock lock(&mutex_);
  searching_ = false;
  search_error_ = absl::OkStatus();
  if (found.ok()) {
    Know(*found);
  } else if (last_.has_value()) {
    Know(Endpoint(*last_));
  } else {
    search_error_ = found.status();
    return found.status();
  }
  return Found{*last_, generation_};
}

void Locator::Forget(int64_t generation) {
  if (options_.topology == Topology::kSingle) return;
  absl::MutexLock lock(&mutex_);
  if (!known_ || generation != generation_) return;
  known_ = false;
  ++first_seed_;
  current_.store(0, std::memory_order_release);
}

void Locator::Moved(int64_t generation, const Endpoint& to) {
  absl::MutexLock lock(&mutex_);
  if (generation == generation_ && !searching_) Know(to);
}

absl::StatusOr<Endpoint> Locator::Search(size_t first) const {
  std::vector<std::string> troubles;
  for (size_t i = 0; i < options_.seeds.size(); ++i) {
    const Endpoint& seed = options_.seeds[(first + i) % options_.seeds.size()];
    absl::StatusOr<Endpoint> found = options_.topology == Topology::kSentinel ? AskSentinel(seed) : AskNode(seed);
    if (found.ok()) return found;
    troubles.emplace_back(found.status().message());
  }
  return MakeError(absl::StatusCode::kUnavailable,
                   absl::StrCat("redis at ", Address(options_), ": no server found: ", absl::StrJoin(troubles, "; ")),
                   {.reason = "REDIS_UNREACHABLE", .metadata = {}, .violations = {}, .retry_after = std::nullopt});
}

absl::StatusOr<Endpoint> Locator::AskSentinel(const Endpoint& sentinel) const {
  Client client(SeedOptions(options_, sentinel), clock_);
  ASSIGN_OR_RETURN(const Reply reply, client.Command({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", options_.master_name}));
  if (reply.is_nil()) {
    return absl::UnavailableError(
        absl::StrCat("sentinel at ", Address(sentinel), " knows no master \"", options_.master_name, "\""));
  }
  RETURN_IF_ERROR(reply.ExpectArray(2));
  ASSIGN_OR_RETURN(const std::string host, reply.elements()[0].AsString());
  ASSIGN_OR_RETURN(const std::string port, reply.elements()[1].AsString());
  const bool v6 = host.find(':') != std::string::npos;
  return ParseEndpoint(v6 ? absl::StrCat("[", host, "]:", port) : absl::StrCat(host, ":", port));
}

// Any command with the key as its key is redirected by whoever does not own the slot. A node that answers ASK owns it.
absl::StatusOr<Endpoint> Locator::AskNode(const Endpoint& node) const {
  Client client(SeedOptions(options_, node), clock_);
  if (options_.cluster_key.empty()) {
    RETURN_IF_ERROR(client.Command({"PING"}).status());
    return node;
  }
  const absl::Status status = client.Command({"EXISTS", options_.cluster_key}).status();
  if (status.ok() || IsRedisError(status, "ASK")) return node;
  const std::optional<Redirect>& redirect = client.redirect();
  if (!redirect.has_value()) return status;
  Endpoint owner = redirect->to;
  if (owner.host.empty()) owner.host = node.host;
  return owner;
}

}  // namespace plumbline::redis
