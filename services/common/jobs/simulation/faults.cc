#include "common/jobs/simulation/faults.h"

namespace plumbline::jobs::simulation {
namespace {

constexpr std::array<const char*, kFaults> kFaultNames = {
    "requests dropped",
    "answers dropped",
    "requests delayed",
    "requests after their timeout",
    "requests twice",
    "crashes in a call",
    "worker crashes",
    "client crashes",
    "workers stopped",
    "workers drained",
    "Redis flushed",
    "Redis rolled back",
    "Redis down",
    "Redis full",
    "Redis clock set",
    "database down",
    "errors before commit",
    "errors after commit",
    "clocks skewed",
    "cancels",
    "requeues",
    "handler errors",
    "permanent errors",
};

NetworkFaults DrawNetwork(Random& random) {
  const auto draw = [&random](double most) { return random.Chance(0.5) ? most * random.Uniform() : 0.0; };
  NetworkFaults faults;
  faults.drop_request = draw(0.1);
  faults.drop_answer = draw(0.1);
  faults.delay = draw(0.5);
  faults.late = draw(0.05);
  faults.twice = draw(0.1);
  faults.crash = draw(0.02);
  return faults;
}

}  // namespace

const char* ToString(Fault fault) { return kFaultNames[static_cast<size_t>(fault)]; }

const std::vector<BugName>& Bugs() {
  static const std::vector<BugName> kBugs = {
      {Bug::kNoTokenCheck, "no-token-check", "a commit does not check its claim"},
      {Bug::kEffectApart, "effect-apart", "the effect commits in one transaction, \"done\" in the next"},
      {Bug::kFailUnchecked, "fail-unchecked", "the record takes a failure without checking the claim"},
      {Bug::kNoRequestId, "no-request-id", "a repeated request is not recognised"},
      {Bug::kNoReconciler, "no-reconciler", "what the queue forgot stays forgotten"},
      {Bug::kReconcilePending, "reconcile-pending-only", "the reconciler overlooks RUNNING operations"},
      {Bug::kCompleteUnchecked, "complete-unchecked", "the queue completes a job for whoever asks"},
      {Bug::kClientClock, "client-clock", "the queue goes by the caller's clock"},
      {Bug::kNoSweep, "no-parent-sweep", "nobody looks for parents whose last child's worker died"},
      {Bug::kPromiseEarly, "promise-early", "a request is answered before its transaction has committed"},
  };
  return kBugs;
}

Scenario::Scenario(Random& random) {
  workers = random.Between(1, 3);
  handlers = random.Between(1, 2);
  ahead = random.Between(0, 2);
  clients = random.Between(1, 2);
  page = random.Between(1, 5);
  requests = random.Between(2, 8);
  parents = random.Chance(0.5) ? 0.5 : 0.0;
  most_children = random.Between(1, 4);
  lease = random.Chance(0.7) ? random.Between(absl::Seconds(1), absl::Seconds(4))
                             : random.Between(absl::Seconds(4), absl::Seconds(15));
  trouble = random.Between(absl::Seconds(10), absl::Seconds(80));
  longest_step = lease * (random.Chance(0.5) ? 0.2 : 1.5);
  const auto draw = [&random](double most) { return random.Chance(0.5) ? most * random.Uniform() : 0.0; };
  cancels = draw(0.3);
  delayed = draw(0.5);
  unique = draw(0.5);
  if (random.Chance(0.3)) limits.max_active = random.Between(1, 3);
  if (random.Chance(0.3)) limits.max_jobs = random.Between(1, 4);
  deaf = draw(1.0);
  handler_error = draw(1.0);
  handler_permanent = draw(0.2);
  database_error = draw(0.1);
  redis = DrawNetwork(random);
  database = DrawNetwork(random);
  database.twice = 0;  // a database client never sends a transaction again by itself
  constexpr std::array kIncidents = {
      Fault::kWorkerCrash,     Fault::kClientCrash, Fault::kWorkerStopped, Fault::kWorkerDrained, Fault::kRedisFlushed,
      Fault::kRedisRolledBack, Fault::kRedisDown,   Fault::kRedisFull,     Fault::kDatabaseDown,  Fault::kClockSkewed};
  for (const Fault fault : kIncidents) {
    if (random.Chance(0.5)) incidents.push_back(fault);
  }
  between_incidents = random.Between(absl::Milliseconds(100), absl::Seconds(6));
}

}  // namespace plumbline::jobs::simulation
