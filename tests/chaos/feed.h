#ifndef PLUMBLINE_TESTS_CHAOS_FEED_H_
#define PLUMBLINE_TESTS_CHAOS_FEED_H_

#include <cstdint>
#include <random>
#include <thread>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "tests/chaos/stage.h"

namespace plumbline::chaos {

// Submits the operations of a scenario bit by bit, so that there is work in every stage all the time: about `backlog`
// are unfinished (children counted). It goes on, beyond Settings::jobs, until the scenario has done all its harm, so
// that none of it meets an idle system. It also knows how many effects there are. Thread-safe.
class Feed {
 public:
  Feed(Stage& stage, const Settings& settings, int64_t backlog);
  ~Feed();  // stops
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  // Waits until there are this many effects. False when the feed has failed or the stage's time is over.
  bool AwaitEffects(int64_t count) const;
  // The harm is done: waits until all operations are submitted; why that did not happen.
  absl::Status Finish();

 private:
  void Run();
  absl::Status Step();

  Stage& stage_;
  const Settings settings_;
  const int64_t backlog_;
  std::mt19937_64 random_;
  mutable absl::Mutex mutex_;
  int64_t submitted_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t effects_ ABSL_GUARDED_BY(mutex_) = 0;
  bool enough_ ABSL_GUARDED_BY(mutex_) = false;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace plumbline::chaos

#endif  // PLUMBLINE_TESTS_CHAOS_FEED_H_
