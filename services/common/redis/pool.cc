#include "common/redis/pool.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::redis {

Pool::Pool(Options options, int max_connections, Clock& clock)
    : options_(std::move(options)),
      max_connections_(std::max(1, max_connections)),
      clock_(clock),
      gate_(std::make_shared<ConnectGate>(options_.backoff_base, options_.backoff_cap, clock)),
      locator_(std::make_shared<Locator>(options_, clock)) {}

Pool::~Pool() = default;

Pool::Lent::~Lent() {
  if (client_ != nullptr) pool_->GiveBack(std::move(client_));
}

absl::StatusOr<Pool::Lent> Pool::Borrow() {
  absl::MutexLock lock(&mutex_);
  const auto free = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return lent_ < max_connections_; };
  if (!mutex_.AwaitWithTimeout(absl::Condition(&free), options_.command_timeout)) {
    return MakeError(
        absl::StatusCode::kUnavailable,
        absl::StrCat("redis at ", Address(options_), ": all ", max_connections_, " connections are in use"),
        {.reason = "REDIS_POOL_BUSY", .metadata = {}, .violations = {}, .retry_after = std::nullopt});
  }
  ++lent_;
  if (idle_.empty()) return Lent(this, std::make_unique<Client>(options_, clock_, gate_, locator_));
  // The last one given back is the most likely to be alive, and the others can age out on the server's side.
  std::unique_ptr<Client> client = std::move(idle_.back());
  idle_.pop_back();
  return Lent(this, std::move(client));
}

void Pool::GiveBack(std::unique_ptr<Client> client) {
  absl::MutexLock lock(&mutex_);
  --lent_;
  if (client->generation() > newest_) {
    newest_ = client->generation();
    std::erase_if(idle_, [this](const std::unique_ptr<Client>& idle)
                             ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return idle->generation() < newest_; });
  }
  if (client->connected() && client->generation() == newest_) idle_.push_back(std::move(client));
}

absl::StatusOr<Reply> Pool::Command(const Args& args, absl::Duration blocking_for) {
  ASSIGN_OR_RETURN(const Lent client, Borrow());
  return client->Command(args, blocking_for);
}

absl::StatusOr<Reply> Pool::Run(const Script& script, const std::vector<std::string>& keys,
                                const std::vector<std::string>& args) {
  ASSIGN_OR_RETURN(const Lent client, Borrow());
  return script.Run(*client, keys, args);
}

}  // namespace plumbline::redis
