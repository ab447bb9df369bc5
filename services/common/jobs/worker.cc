#include "common/jobs/worker.h"

#include <algorithm>
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

namespace plumbline::jobs {

class Worker::Impl {
 public:
  Impl(Parts parts, WorkerOptions options)
      : parts_(std::move(parts)), options_(Sane(options)), runner_(parts_, options_, held_, draining_) {}

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
    if (idle) return absl::OkStatus();
    const std::vector<HeldLeases::Held> unfinished = held_.TakeAll();
    for (const HeldLeases::Held& held : unfinished) {
      log::Warning("job.given_back", {{"operation", held.lease.job.id}});
      runner_.GiveBack(held);
    }
    if (unfinished.empty()) return absl::OkStatus();
    return absl::DeadlineExceededError(absl::StrCat(unfinished.size(), " handlers did not return in time"));
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

  static WorkerOptions Sane(WorkerOptions options) {
    options.threads = std::clamp(options.threads, 1, 256);
    options.lease = std::clamp(options.lease, Queue::kMinLease, Queue::kMaxLease);
    return options;
  }

  // Idle: nothing runs, nothing waits to run, and nothing more will come.
  void UpdateIdle() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    idle_ = stopping_ && running_ == 0 && ready_.empty() && !fetching_;
  }

  // How many jobs may be fetched now; 0 when stopping. Waits for a free thread. A job is only leased when a thread is
  // free to run it, so that none waits here while another worker idles.
  int FreeThreads() {
    absl::MutexLock lock(&mutex_);
    const auto wake = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return stopping_ || running_ + static_cast<int>(ready_.size()) < options_.threads;
    };
    mutex_.Await(absl::Condition(&wake));
    if (stopping_) return 0;
    fetching_ = true;
    return std::min(options_.threads - running_ - static_cast<int>(ready_.size()), Queue::kMaxBatch);
  }

  void Fetch() {
    absl::Duration pause = kFirstPause;
    while (const int free = FreeThreads()) {
      const absl::StatusOr<std::vector<Lease>> leases = parts_.queue->Acquire(free, options_.lease);
      {
        absl::MutexLock lock(&mutex_);
        fetching_ = false;
        if (leases.ok()) {
          last_contact_ = parts_.clock->Now();
          for (const Lease& lease : *leases) {
            auto signals = std::make_shared<JobSignals>();
            const uint64_t number = held_.Add(lease, signals);
            ready_.push_back({lease, number, std::move(signals)});
          }
        }
        UpdateIdle();
      }
      absl::Status status = leases.status();
      if (leases.ok() && leases->empty()) status = parts_.queue->WaitForWork(options_.wait).status();
      if (status.ok()) {
        pause = kFirstPause;
        continue;
      }
      ++parts_.counters->queue_errors;
      log::Warning("job.queue_unreachable", {{"code", absl::StatusCodeToString(status.code())}});
      parts_.clock->SleepUnless(pause, mutex_, stopping_);
      pause = std::min(pause * 2, kLastPause);
    }
  }

  void RunHandlers() {
    while (true) {
      Ready next;
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
      }
      runner_.Run(next.lease, next.number, next.signals);
      absl::MutexLock lock(&mutex_);
      --running_;
      UpdateIdle();
    }
  }

  void Heartbeat() {
    while (!parts_.clock->SleepUnless(options_.lease / 3, mutex_, stop_heartbeat_)) {
      const absl::Status status = held_.RenewAll(*parts_.queue, options_.lease, *parts_.counters);
      if (status.ok()) continue;
      // The handlers go on: the record decides who may commit, and a renewal after the trouble takes the leases back.
      ++parts_.counters->queue_errors;
      log::Warning("job.renew_failed", {{"code", absl::StatusCodeToString(status.code())}});
    }
  }

  static constexpr absl::Duration kFirstPause = absl::Milliseconds(50);
  static constexpr absl::Duration kLastPause = absl::Seconds(2);

  const Parts parts_;
  const WorkerOptions options_;
  HeldLeases held_;
  std::atomic<bool> draining_{false};
  JobRunner runner_;
  mutable absl::Mutex mutex_;
  bool started_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool fetching_ ABSL_GUARDED_BY(mutex_) = false;  // leases may be on their way
  bool idle_ ABSL_GUARDED_BY(mutex_) = false;
  bool stop_heartbeat_ ABSL_GUARDED_BY(mutex_) = false;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Ready> ready_ ABSL_GUARDED_BY(mutex_);
  absl::Time last_contact_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::vector<std::thread> threads_;
  std::thread heartbeat_;
};

Worker::Worker(Parts parts, WorkerOptions options) : impl_(std::make_unique<Impl>(std::move(parts), options)) {}
Worker::~Worker() = default;
void Worker::Start() { impl_->Start(); }
absl::Status Worker::Drain(absl::Duration deadline) { return impl_->Drain(deadline); }
absl::Time Worker::last_contact() const { return impl_->last_contact(); }
int Worker::running() const { return impl_->running(); }

}  // namespace plumbline::jobs
