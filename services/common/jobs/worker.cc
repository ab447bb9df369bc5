#include "common/jobs/worker.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/log.h"
#include "common/jobs/held_leases.h"
#include "common/jobs/job_runner.h"
#include "common/jobs/worker_pace.h"

namespace plumbline::jobs {

class Worker::Impl {
 public:
  Impl(Parts parts, WorkerOptions options)
      : parts_(std::move(parts)), options_(Sane(std::move(options))), runner_(parts_, options_, held_, draining_) {}

  ~Impl() {
    (void)Drain(absl::ZeroDuration());
    for (std::thread& thread : threads_) thread.join();
    {
      absl::MutexLock lock(&mutex_);
      stop_heartbeat_ = true;
    }
    if (heartbeat_.joinable()) heartbeat_.join();
  }

  void Start() {
    absl::MutexLock lock(&mutex_);
    if (started_ || stopping_) return;
    started_ = true;
    watch_.Reached(parts_.clock->Now());
    for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { RunHandlers(); });
    threads_.emplace_back([this] { Fetch(); });
    heartbeat_ = std::thread([this] { Heartbeat(); });
  }

  absl::Status Drain(absl::Duration deadline) {
    {
      absl::MutexLock lock(&mutex_);
      if (stopping_) return absl::OkStatus();
      stopping_ = true;
      UpdateIdle();
    }
    const absl::Duration notice = std::clamp(options_.drain_notice, absl::ZeroDuration(), deadline);
    bool idle = parts_.clock->SleepUnless(deadline - notice, mutex_, idle_);
    draining_ = true;
    if (!idle) idle = parts_.clock->SleepUnless(notice, mutex_, idle_);
    const std::vector<HeldLeases::Held> unfinished = idle ? std::vector<HeldLeases::Held>() : held_.TakeAll();
    for (const HeldLeases::Held& held : unfinished) {
      log::Warning("job.given_back", {{"operation", held.lease.job.id}});
      runner_.GiveBack(held);
    }
    runner_.CompleteDone();
    if (unfinished.empty()) return absl::OkStatus();
    return absl::DeadlineExceededError(absl::StrCat(unfinished.size(), " handlers did not return in time"));
  }

  absl::Status Health() const {
    FetchWatch watch;
    {
      absl::MutexLock lock(&mutex_);
      if (!started_ || stopping_ || awaiting_room_) return absl::OkStatus();
      watch = watch_;
    }
    const absl::Time now = parts_.clock->Now();
    if (watch.StarvedFor(now) >= options_.stuck_after) {
      return absl::UnavailableError(absl::StrCat("jobs are ready and nobody has one, and for ",
                                                 absl::FormatDuration(watch.StarvedFor(now)),
                                                 " the queue has given this worker none"));
    }
    if (watch.UnreachedFor(now) < options_.stuck_after) return absl::OkStatus();
    const std::string unreached =
        absl::StrCat("the queue was not reached for ", absl::FormatDuration(watch.UnreachedFor(now)));
    const auto unfinished = parts_.store->ListUnfinished(now, "", 1);
    if (!unfinished.ok()) return absl::UnavailableError(absl::StrCat(unreached, ", and the record cannot be read"));
    if (unfinished->empty()) return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat(unreached, " and the record holds unfinished work"));
  }

  absl::Time last_contact() const {
    absl::MutexLock lock(&mutex_);
    return last_contact_;
  }
  int running() const {
    absl::MutexLock lock(&mutex_);
    return running_;
  }

 private:
  struct Ready {
    Lease lease;
    uint64_t number = 0;
    std::shared_ptr<JobSignals> signals;
  };

  // What the acquiring thread is to do next: lease up to `want` jobs, or give `overdue` back, or end.
  struct Turn {
    int want = 0;
    std::deque<Ready> overdue;
    bool stop = false;
  };

  static WorkerOptions Sane(WorkerOptions options) {
    options.threads = std::clamp(options.threads, 1, 256);
    options.lease = std::clamp(options.lease, Queue::kMinLease, Queue::kMaxLease);
    return options;
  }

  // Idle: nothing runs, nothing waits to run, and nothing more will come.
  void UpdateIdle() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    idle_ = stopping_ && running_ == 0 && ready_.empty() && !fetching_;
  }

  // How many more jobs this worker should hold; below half of what it leases ahead it counts as none, so that leases
  // come in batches.
  int Room() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const int ahead = stalled_ ? 0 : pace_.Ahead(options_.threads, options_.lease_ahead);
    const int room = options_.threads + ahead - running_ - static_cast<int>(ready_.size());
    return room > ahead / 2 ? std::min(room, Queue::kMaxBatch) : 0;
  }

  // Jobs that were leased ahead and then met threads that are busy for long are not kept from other workers; and none
  // is leased ahead again until a thread is through.
  std::deque<Ready> TakeOverdue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::deque<Ready> overdue;
    if (!ready_.empty() && parts_.clock->Now() - last_start_ >= kLongestAhead) {
      stalled_ = true;
      overdue.swap(ready_);
    }
    return overdue;
  }

  // Waits until there is room, a while at most.
  Turn NextTurn() {
    absl::MutexLock lock(&mutex_);
    const auto wake = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || Room() > 0; };
    if (!wake()) {
      awaiting_room_ = true;
      mutex_.AwaitWithTimeout(absl::Condition(&wake), kLongestAhead);
      awaiting_room_ = false;
      watch_.Reached(parts_.clock->Now());  // it was not for the queue that this thread waited
    }
    Turn turn;
    turn.overdue = TakeOverdue();
    turn.stop = stopping_;
    turn.want = stopping_ || !turn.overdue.empty() ? 0 : Room();
    fetching_ = turn.want > 0 || !turn.overdue.empty();
    UpdateIdle();
    return turn;
  }

  void Fetch() {
    absl::Duration pause = kFirstPause;
    int failures = 0;
    while (true) {
      const Turn turn = NextTurn();
      if (turn.stop && turn.overdue.empty()) return;
      const absl::Status status = turn.overdue.empty() ? FetchOnce(turn.want) : GiveBack(turn.overdue);
      if (status.ok()) {
        pause = kFirstPause;
        failures = 0;
        continue;
      }
      ++parts_.counters->queue_errors;
      if (failures++ % kFailuresALine == 0) {
        log::Warning("job.queue_unreachable", {{"code", absl::StatusCodeToString(status.code())}});
      }
      parts_.clock->SleepUnless(pause, mutex_, stopping_);
      pause = std::min(pause * 2, kLastPause);
    }
  }

  absl::Status GiveBack(const std::deque<Ready>& overdue) {
    for (const Ready& ready : overdue) runner_.GiveBackUnrun(ready.lease, ready.number);
    absl::MutexLock lock(&mutex_);
    fetching_ = false;
    UpdateIdle();
    return absl::OkStatus();
  }

  // Completes what is done first: under a limit of active jobs these make room for the next.
  absl::Status FetchOnce(int want) {
    if (want == 0) return absl::OkStatus();  // no thread became free in a while
    runner_.CompleteDone();
    const absl::Time asked = parts_.clock->Now();
    const absl::StatusOr<std::vector<Lease>> leases = parts_.queue->Acquire(want, options_.lease);
    {
      absl::MutexLock lock(&mutex_);
      fetching_ = false;
      if (leases.ok()) {
        last_contact_ = parts_.clock->Now();
        watch_.Reached(last_contact_);
        if (!leases->empty()) watch_.NotStarved();
        if (ready_.empty()) last_start_ = last_contact_;
        for (const Lease& lease : *leases) {
          auto signals = std::make_shared<JobSignals>();
          const uint64_t number = held_.Add(lease, signals, asked);
          ready_.push_back({lease, number, std::move(signals)});
        }
      }
      UpdateIdle();
    }
    if (!leases.ok()) return leases.status();
    if (!leases->empty()) in_vain_ = 0;
    // Fewer than asked for: there were no more, so the next word to the queue is to wait for some.
    return leases->size() < static_cast<size_t>(want) ? AwaitWork() : absl::OkStatus();
  }

  // WaitForWork may say "there is work" that Acquire then does not give: another worker was quicker, or the queue's
  // limit of active jobs is reached. Asking again at once and for ever would load the queue, so the asking slows down.
  absl::Status AwaitWork() {
    const absl::StatusOr<bool> work = parts_.queue->WaitForWork(options_.wait);
    if (!work.ok()) return work.status();
    {
      absl::MutexLock lock(&mutex_);
      watch_.Reached(parts_.clock->Now());
      if (!*work) watch_.NotStarved();
    }
    in_vain_ = *work ? in_vain_ + 1 : 0;
    if (in_vain_ < kVainBeforePause) return absl::OkStatus();
    const absl::StatusOr<QueueStats> stats = parts_.queue->Stats();
    if (!stats.ok()) return stats.status();
    {
      absl::MutexLock lock(&mutex_);
      watch_.SawBacklog(stats->waiting > 0 && stats->active == 0, parts_.clock->Now());
    }
    const int doublings = std::min(in_vain_ - kVainBeforePause, 10);
    parts_.clock->SleepUnless(std::min(kVainPause * (1 << doublings), kLastVainPause), mutex_, stopping_);
    return absl::OkStatus();
  }

  void RunHandlers() {
    while (true) {
      Ready next;
      absl::Time start;
      bool fresh = false;
      {
        absl::MutexLock lock(&mutex_);
        const auto wake = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
          return !ready_.empty() || (stopping_ && !fetching_);
        };
        mutex_.Await(absl::Condition(&wake));
        if (ready_.empty()) return;
        next = std::move(ready_.front());
        ready_.pop_front();
        ++running_;
        last_start_ = start = parts_.clock->Now();
        fresh = start - held_.TermBegan(next.number) < options_.lease * 2 / 3;
      }
      // A process that stood still may wake up with leases that ran out long ago. To claim under one of those would
      // take the operation from whoever works on it now; giving back a lease that is lost changes nothing.
      if (fresh && !next.signals->lost) {
        runner_.Run(next.lease, next.number, next.signals);
      } else {
        runner_.GiveBackUnrun(next.lease, next.number);
      }
      HasRun(parts_.clock->Now() - start);
    }
  }

  // A thread with nothing to do next completes what all threads have left to complete, so that nothing is left when
  // the last one is idle. Until then the acquiring thread does it with its next lease.
  void HasRun(absl::Duration took) {
    bool last = false;
    {
      absl::MutexLock lock(&mutex_);
      pace_.Observe(took);
      stalled_ = false;
      last = ready_.empty();
      if (!last) --running_;
    }
    if (!last) return;
    runner_.CompleteDone();
    absl::MutexLock lock(&mutex_);
    --running_;
    UpdateIdle();
  }

  void Heartbeat() {
    const absl::Duration usual = options_.lease / 3;
    absl::Duration pause = usual;
    while (!parts_.clock->SleepUnless(pause, mutex_, stop_heartbeat_)) {
      const absl::Time now = parts_.clock->Now();
      const absl::Status status = held_.RenewAll(*parts_.queue, options_.lease, now, *parts_.counters);
      pause = usual;
      if (status.ok()) continue;
      // The handlers go on: the record decides who may commit, and a renewal after the trouble takes the leases back.
      pause = std::min(usual, kRenewAgain);
      ++parts_.counters->queue_errors;
      log::Warning("job.renew_failed", {{"code", absl::StatusCodeToString(status.code())}});
    }
  }

  // The connections hold attempts back themselves while the server is down (redis::ConnectGate), so a worker need not
  // wait long to find it up again.
  static constexpr absl::Duration kFirstPause = absl::Milliseconds(50);
  static constexpr absl::Duration kLastPause = absl::Milliseconds(250);
  static constexpr int kFailuresALine = 20;  // one line of log each
  static constexpr absl::Duration kRenewAgain = absl::Seconds(1);
  static constexpr absl::Duration kLongestAhead = absl::Seconds(1);
  static constexpr int kVainBeforePause = 3;
  static constexpr absl::Duration kVainPause = absl::Milliseconds(1);
  static constexpr absl::Duration kLastVainPause = absl::Milliseconds(100);

  const Parts parts_;
  const WorkerOptions options_;
  HeldLeases held_;
  std::atomic<bool> draining_{false};
  JobRunner runner_;
  int in_vain_ = 0;  // of the acquiring thread: how often in a row it was told of work and got none
  mutable absl::Mutex mutex_;
  bool started_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool fetching_ ABSL_GUARDED_BY(mutex_) = false;  // leases may be on their way
  bool awaiting_room_ ABSL_GUARDED_BY(mutex_) = false;
  bool idle_ ABSL_GUARDED_BY(mutex_) = false;
  bool stop_heartbeat_ ABSL_GUARDED_BY(mutex_) = false;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Ready> ready_ ABSL_GUARDED_BY(mutex_);
  Pace pace_ ABSL_GUARDED_BY(mutex_);
  absl::Time last_start_ ABSL_GUARDED_BY(mutex_);  // when a job was started, or leased for none to wait before it
  bool stalled_ ABSL_GUARDED_BY(mutex_) = false;   // jobs waited in vain for the threads, and none is through yet
  FetchWatch watch_ ABSL_GUARDED_BY(mutex_);
  absl::Time last_contact_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::vector<std::thread> threads_;
  std::thread heartbeat_;
};

Worker::Worker(Parts parts, WorkerOptions options)
    : impl_(std::make_unique<Impl>(std::move(parts), std::move(options))) {}
Worker::~Worker() = default;
void Worker::Start() { impl_->Start(); }
absl::Status Worker::Drain(absl::Duration deadline) { return impl_->Drain(deadline); }
absl::Status Worker::Health() const { return impl_->Health(); }
absl::Time Worker::last_contact() const { return impl_->last_contact(); }
int Worker::running() const { return impl_->running(); }

}  // namespace plumbline::jobs
