#ifndef PLUMBLINE_COMMON_JOBS_SIMULATION_FAULTS_H_
#define PLUMBLINE_COMMON_JOBS_SIMULATION_FAULTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/jobs/queue.h"
#include "common/jobs/simulation/random.h"

// What goes wrong in a simulated run, how often, and what work is asked for: all of it decided by the seed.
namespace plumbline::jobs::simulation {

enum class Fault : size_t {
  kRequestDropped,     // never arrives; the caller times out
  kAnswerDropped,      // takes effect; the caller times out
  kRequestDelayed,     // on its way for some time, answered in time
  kRequestLate,        // takes effect after its caller timed out, perhaps after he died
  kRequestTwice,       // sent again by the client library after a lost answer: takes effect twice
  kCrashInCall,        // a worker dies between sending a request and reading its answer
  kWorkerCrash,        // a worker dies anywhere else
  kClientCrash,        // whoever asks for work dies
  kWorkerStopped,      // SIGSTOP, mostly past the lease; goes on as a zombie
  kWorkerDrained,      // SIGTERM
  kRedisFlushed,       // FLUSHALL
  kRedisRolledBack,    // restart that lost the tail of the append-only file
  kRedisDown,          // unreachable for a time
  kRedisFull,          // takes no new jobs for a time
  kRedisClockSet,      // the new server's clock is ahead or behind
  kDatabaseDown,       // unreachable for a time
  kErrorBeforeCommit,  // the transaction is rolled back
  kErrorAfterCommit,   // the transaction took effect, its answer is lost
  kClockSkewed,        // a worker's clock is set wrong by up to 10 minutes
  kCancel,             // a client cancels an operation
  kRequeue,            // a person requeues a failed one
  kHandlerError,       // retryable
  kHandlerPermanent,   // not retryable
  kCount,
};
inline constexpr size_t kFaults = static_cast<size_t>(Fault::kCount);

const char* ToString(Fault fault);

using FaultCounts = std::array<int64_t, kFaults>;

// A mistake put into the record or the transport on purpose, to see that the simulation would find it.
enum class Bug {
  kNone,
  kNoTokenCheck,       // a commit does not check its claim
  kEffectApart,        // the effect commits in one transaction, "done" in the next
  kFailUnchecked,      // Fail does not check its claim
  kNoRequestId,        // a repeated request is not recognised
  kNoReconciler,       // what the queue forgot stays forgotten
  kReconcilePending,   // the reconciler overlooks RUNNING operations
  kCompleteUnchecked,  // the queue completes a job for whoever asks
  kClientClock,        // the queue goes by the caller's clock
  kNoSweep,            // nobody looks for parents whose last child ended in a crash
  kPromiseEarly,       // a request is answered before its transaction has committed
};

struct BugName {
  Bug bug;
  const char* name;
  const char* what;
};
// All but kNone.
const std::vector<BugName>& Bugs();

// Probabilities are for one call; 0 in a calm run.
struct NetworkFaults {
  double drop_request = 0;
  double drop_answer = 0;
  double delay = 0;
  double late = 0;
  double twice = 0;
  double crash = 0;
};

// What one seed does, decided before its first step. Every seed has its own mix: some kinds of fault are off, so that
// they do not hide what the others do.
struct Scenario {
  explicit Scenario(Random& random);

  int workers = 1;
  int handlers = 1;  // handler threads of a worker
  int ahead = 0;     // jobs leased beyond its threads
  int clients = 1;
  int page = 1;        // operations that a reconciler reads at a time
  int requests = 1;    // of each client
  double parents = 0;  // share of operations that fan out
  int most_children = 1;
  absl::Duration lease;
  absl::Duration trouble;       // how long things go wrong
  absl::Duration longest_step;  // of a handler
  double cancels = 0;           // chance of each operation
  double unique = 0;            // share of operations with a unique key
  QueueLimits limits;
  double delayed = 0;        // share of operations with a time before which they must not run
  double deaf = 0;           // share of handlers that do not ask whether to stop
  double handler_error = 0;  // chance of each run
  double handler_permanent = 0;
  double database_error = 0;  // chance of each call, before and after the commit alike
  NetworkFaults redis;
  NetworkFaults database;
  std::vector<Fault> incidents;      // what may happen to processes and servers
  absl::Duration between_incidents;  // at most
};

}  // namespace plumbline::jobs::simulation

#endif  // PLUMBLINE_COMMON_JOBS_SIMULATION_FAULTS_H_
