#ifndef PLUMBLINE_COMMON_JOBS_QUEUE_H_
#define PLUMBLINE_COMMON_JOBS_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

// How operation ids travel from those who ask for work to the workers. A queue is transport, not the record: it may
// forget everything at any moment, and the reconciler brings back what the database still holds as unfinished.
//
// Delivery is at least once. A job is leased to one worker at a time as far as the queue can see; what makes an effect
// happen once is the claim in the database (operation_store.h), never the lease.
//
//                 Enqueue(delay 0)                     Acquire
//      (unknown) -----------------> WAITING  --------------------------> ACTIVE --- Complete ---> (unknown)
//          |                          ^  ^                                | |
//          | Enqueue(delay > 0)   due |  |  lease expired, Retry(delay 0) | |
//          +-------------------> DELAYED +--------------------------------+ |
//                                     ^             Retry(delay > 0)        |
//                                     +-------------------------------------+
//
// A queue keeps nothing of a job that is over, and no dead letters: work that failed for good is a FAILED operation in
// the record, which is where people look for it and requeue it.
namespace plumbline::jobs {

struct Job {
  // Smallest and largest `priority`; jobs of a larger priority are served first, those of one priority first come,
  // first served.
  static constexpr int kMinPriority = -9;
  static constexpr int kMaxPriority = 9;
  static constexpr size_t kMaxIdBytes = 200;  // ids and kinds are 1 to this many bytes
  static constexpr size_t kMaxPayloadBytes = 1 << 20;

  std::string id;       // operation id; a queue knows an id at most once
  std::string kind;     // Operation::kind
  std::string payload;  // opaque bytes; most jobs carry none, the operation in the database has it
  int priority = 0;
  absl::Duration delay = absl::ZeroDuration();  // not before this long after Enqueue
};

// INVALID_ARGUMENT when `job` breaks one of the limits above (or its delay is negative or above 365 days).
absl::Status ValidateJob(const Job& job);

// The right to work on a job until it expires. Renewing it is the sign of life of a worker.
struct Lease {
  Job job;            // its delay is zero
  int64_t token = 0;  // grows with every lease of this job, also across a queue that lost everything; never 0
  int attempt = 0;    // from 1: how often the queue delivered this job. Starts again when the queue forgot the job
  // Not OK when the payload could not be read (DATA_LOSS, or FAILED_PRECONDITION where its key is missing); job.payload
  // is empty then. The lease is as good as any other: whoever needs the payload retries later or fails the work.
  absl::Status payload_error = {};
};

enum class RenewOutcome {
  kHeld,             // the lease now lasts `lease_duration` from now
  kCancelRequested,  // held and renewed as well, and RequestCancel was called: stop soon
  kLost,             // somebody else holds or held the job since, or it was given back: stop, do not commit
};

enum class CancelOutcome {
  kRemoved,    // nobody worked on it; the queue no longer knows it
  kSignalled,  // its holder hears of it when it next renews
  kUnknown,    // the queue does not know it
};

struct QueueStats {
  int64_t waiting = 0;
  int64_t delayed = 0;
  int64_t active = 0;
  // How long the job that waits longest has been ready to run; zero when none waits. A job whose lease expired counts
  // from when it first was ready.
  absl::Duration oldest_waiting = absl::ZeroDuration();
};

struct QueueLimits {
  int64_t max_jobs = 1'000'000;    // jobs the queue knows at a time, in any state: 1 to 1e9
  int64_t max_active = 0;          // leases at a time, over all workers of the queue; 0: no limit
  double memory_high_water = 0.9;  // share of the server's memory limit above which nothing is added: above 0, up to 1
};

// INVALID_ARGUMENT when a limit is outside its range.
absl::Status ValidateLimits(const QueueLimits& limits);

// How full a queue is.
struct Capacity {
  int64_t jobs = 0;                // known now, in any state
  int64_t max_jobs = 0;            // as in QueueLimits
  double memory_share = 0;         // of the server's memory limit; 0 when it has none. At most a second old
  double memory_high_water = 0.9;  // as in QueueLimits
};

// RESOURCE_EXHAUSTED, reason QUEUE_FULL, with retry_after, when `capacity` has no room for `more` jobs.
absl::Status CheckRoom(const Capacity& capacity, int64_t more);

// Something that cannot be in a sound queue: the server lost part of its data, or somebody changed it by hand.
struct QueueFinding {
  std::string invariant;  // one of the names below
  std::string id;         // of the job
  std::string detail;     // for people
  bool repaired = false;
};

// What Queue::Audit looks for, and what it does when it may repair.
// Waiting or delayed, and yet where no worker would find it: put back.
inline constexpr char kJobWithoutPlace[] = "JOB_WITHOUT_PLACE";
// Leased to somebody, by a lease that would never end: ready again. Its holder may still renew or complete it.
inline constexpr char kActiveWithoutLease[] = "ACTIVE_WITHOUT_LEASE";
// In one of the orders, and nothing is known of it: taken out.
inline constexpr char kPlaceWithoutJob[] = "PLACE_WITHOUT_JOB";
// In the order of a state that it is not in: taken out there.
inline constexpr char kJobInTwoPlaces[] = "JOB_IN_TWO_PLACES";
// A payload that nobody would remove: removed.
inline constexpr char kPayloadWithoutJob[] = "PAYLOAD_WITHOUT_JOB";
// Damaged, or without the payload it had: forgotten, so that the reconciler brings it back as the record has it.
inline constexpr char kJobUnreadable[] = "JOB_UNREADABLE";

struct IdPage {
  std::vector<std::string> ids;  // may name a job twice
  std::string next;              // where to go on; empty: this was the last page
};

// Thread-safe. Every call is atomic and takes effect wholly or not at all. Errors of every call: UNAVAILABLE when the
// queue cannot be reached (the call may or may not have taken effect; every call may be repeated),
// RESOURCE_EXHAUSTED when it is full (calls that add nothing still work), INVALID_ARGUMENT for a job or argument
// outside its limits. All times are those of the queue, never those of a caller, so a worker with a wrong clock
// disturbs nobody.
class Queue {
 public:
  static constexpr int kMaxBatch = 1000;  // jobs, leases or ids in one call
  static constexpr absl::Duration kMinLease = absl::Milliseconds(10);
  static constexpr absl::Duration kMaxLease = absl::Hours(24);

  virtual ~Queue() = default;

  // Adds the jobs that the queue does not know, in the order given; leaves those it knows (in any state) exactly as
  // they are. Returns how many were added. RESOURCE_EXHAUSTED, reason QUEUE_FULL, with retry_after, when there is no
  // room for all of them (CheckRoom): nothing is added then.
  virtual absl::StatusOr<int> EnqueueMany(const std::vector<Job>& jobs) = 0;
  // One job: true when it was added.
  absl::StatusOr<bool> Enqueue(const Job& job);

  // Leases up to `max` jobs (1 to kMaxBatch) for `lease_duration`, best first; none when none is ready. Delayed jobs
  // that are due and jobs whose lease expired count as ready: no other call is needed to bring them back. Never more
  // than max_active leases run at a time, but for those that Renew took back.
  virtual absl::StatusOr<std::vector<Lease>> Acquire(int max, absl::Duration lease_duration) = 0;

  // Makes each lease last `lease_duration` from now. A lease that ran out is held again if nobody took the job since,
  // also when the queue has forgotten the job altogether (the queue then knows it again, as held by this caller).
  // One outcome for each lease, in order.
  virtual absl::StatusOr<std::vector<RenewOutcome>> Renew(const std::vector<Lease>& leases,
                                                          absl::Duration lease_duration) = 0;

  // The work is over: the queue forgets the jobs. For each lease, in order: true when the lease was current, false when
  // it was not and nothing changed (the queue forgot the job, or somebody else took it). A lease that ran out is
  // current as long as nobody took the job.
  virtual absl::StatusOr<std::vector<bool>> CompleteMany(const std::vector<Lease>& leases) = 0;
  absl::StatusOr<bool> Complete(const Lease& lease);

  // Gives the job back, to be ready again after `delay`, behind the others of its priority. `reason` is kept with the
  // job for people to read. True and false as in CompleteMany. The lease is over either way: a later Renew says kLost.
  virtual absl::StatusOr<bool> Retry(const Lease& lease, absl::Duration delay, const std::string& reason) = 0;

  virtual absl::StatusOr<CancelOutcome> RequestCancel(const std::string& id) = 0;

  // Those of `ids` (at most kMaxBatch) that the queue does not know in any state, in the order given.
  virtual absl::StatusOr<std::vector<std::string>> Missing(const std::vector<std::string>& ids) = 0;

  // The ids of all jobs, some hundreds a page; `from` is empty for the first page, else IdPage::next of the page
  // before. A job known from the first page to the last is on one of them.
  virtual absl::StatusOr<IdPage> ListIds(const std::string& from) = 0;

  // Makes jobs whose lease ran out ready again, at their old place in the order, and delayed jobs that are due.
  // Returns how many leases had run out. Costs by that number, not by the size of the queue.
  virtual absl::StatusOr<int> RecoverExpired() = 0;

  virtual absl::StatusOr<QueueStats> Stats() = 0;
  virtual absl::StatusOr<Capacity> GetCapacity() = 0;

  // Looks for violations of the queue's own invariants (above), and mends them when `repair` says so. Reads the whole
  // queue, in short steps: workers go on meanwhile, and what they do is never taken for a violation.
  virtual absl::StatusOr<std::vector<QueueFinding>> Audit(bool repair) = 0;

  // Waits until Acquire is likely to find a job: true, or false after `timeout` (at most an hour). May return either
  // too early: an idle worker calls it in a loop. Several waiters share the work: one new job may wake only one.
  virtual absl::StatusOr<bool> WaitForWork(absl::Duration timeout) = 0;
};

// For implementations: INVALID_ARGUMENT where an argument of a call is outside its limits.
absl::Status CheckBatch(const char* field, int64_t size, int64_t min);
absl::Status CheckLease(absl::Duration lease_duration);
absl::Status CheckDelay(absl::Duration delay);

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_QUEUE_H_
