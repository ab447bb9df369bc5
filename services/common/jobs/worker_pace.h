#ifndef PLUMBLINE_COMMON_JOBS_WORKER_PACE_H_
#define PLUMBLINE_COMMON_JOBS_WORKER_PACE_H_

#include <algorithm>

#include "absl/time/time.h"

// What a worker's acquiring thread knows of itself. Plain data, guarded by whoever holds it.
namespace plumbline::jobs {

// How long jobs took lately, and so how many to lease ahead.
class Pace {
 public:
  // An average in which the last ten jobs or so count.
  void Observe(absl::Duration took) {
    average_ = average_ == absl::InfiniteDuration() ? took : average_ + (took - average_) / 10;
  }
  // How many jobs `threads` are expected to run within `horizon`; none before the first job, or when one takes longer.
  // More than this many would gain nothing: the call to the queue is a small part of the cost of a job by then.
  static constexpr int kMost = 256;
  int Ahead(int threads, absl::Duration horizon) const {
    if (average_ >= horizon) return 0;
    const double jobs = threads * absl::FDivDuration(horizon, std::max(average_, absl::Microseconds(1)));
    return static_cast<int>(std::min(jobs, static_cast<double>(kMost)));
  }

 private:
  absl::Duration average_ = absl::InfiniteDuration();
};

// Since when the acquiring thread makes no progress.
class FetchWatch {
 public:
  void Reached(absl::Time now) { reached_ = now; }  // it talked to the queue, or did not need to
  void NotStarved() { starved_since_ = absl::InfiniteFuture(); }
  // Asked for work in vain: `backlog` tells whether there was some that nobody has.
  void SawBacklog(bool backlog, absl::Time now) {
    starved_since_ = backlog ? std::min(starved_since_, now) : absl::InfiniteFuture();
  }
  absl::Duration UnreachedFor(absl::Time now) const { return now - reached_; }
  absl::Duration StarvedFor(absl::Time now) const {
    return starved_since_ == absl::InfiniteFuture() ? absl::ZeroDuration() : now - starved_since_;
  }

 private:
  absl::Time reached_ = absl::InfiniteFuture();
  absl::Time starved_since_ = absl::InfiniteFuture();
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_WORKER_PACE_H_
