#include "tests/chaos/feed.h"

#include <algorithm>
#include <vector>

#include "common/base/clock.h"
#include "common/base/status_macros.h"

namespace plumbline::chaos {
namespace {

constexpr int64_t kMaxBatch = 500;
constexpr absl::Duration kLookEvery = absl::Milliseconds(200);

}  // namespace

Feed::Feed(Stage& stage, const Settings& settings, int64_t backlog)
    : stage_(stage), settings_(settings), backlog_(backlog), random_(settings.seed), thread_([this] { Run(); }) {}

Feed::~Feed() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  thread_.join();
}

void Feed::Run() {
  while (true) {
    const absl::Status status = Step();
    absl::MutexLock lock(&mutex_);
    status_.Update(status);
    if (stop_ || !status_.ok()) return;
    mutex_.AwaitWithTimeout(absl::Condition(&stop_), kLookEvery);
    if (stop_) return;
  }
}

absl::Status Feed::Step() {
  ASSIGN_OR_RETURN(const int64_t effects, stage_.CountEffects());
  int64_t next = 0;
  {
    absl::MutexLock lock(&mutex_);
    effects_ = effects;
    if (submitted_ * (1 + settings_.children) - effects >= backlog_) return absl::OkStatus();
    // In parts of the backlog, so that it neither runs out nor is far exceeded.
    const int64_t batch = std::clamp<int64_t>(backlog_ / (int64_t{4} * (1 + settings_.children)), 1, kMaxBatch);
    next = enough_ ? std::clamp<int64_t>(settings_.jobs - submitted_, 0, batch) : batch;
  }
  if (next == 0) return absl::OkStatus();
  std::uniform_int_distribution<int64_t> micros(absl::ToInt64Microseconds(settings_.work_min),
                                                absl::ToInt64Microseconds(settings_.work_max));
  std::vector<Work> works;
  for (int64_t i = 0; i < next; ++i) {
    const absl::Duration work = absl::Microseconds(micros(random_));
    works.push_back({.first = work, .again = work, .children = settings_.children});
  }
  RETURN_IF_ERROR(stage_.Submit(works));
  absl::MutexLock lock(&mutex_);
  submitted_ += next;
  return absl::OkStatus();
}

bool Feed::AwaitEffects(int64_t count) const {
  absl::MutexLock lock(&mutex_);
  const auto reached = [this, count]()
                           ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return effects_ >= count || !status_.ok(); };
  mutex_.AwaitWithTimeout(absl::Condition(&reached), stage_.deadline() - SystemClock().Now());
  return effects_ >= count;
}

absl::Status Feed::Finish() {
  absl::MutexLock lock(&mutex_);
  enough_ = true;
  const auto reached = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return submitted_ >= settings_.jobs || !status_.ok();
  };
  if (mutex_.AwaitWithTimeout(absl::Condition(&reached), stage_.deadline() - SystemClock().Now())) return status_;
  return absl::DeadlineExceededError("the operations could not all be submitted in time");
}

}  // namespace plumbline::chaos
