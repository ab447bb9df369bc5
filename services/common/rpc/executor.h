#ifndef PLUMBLINE_COMMON_RPC_EXECUTOR_H_
#define PLUMBLINE_COMMON_RPC_EXECUTOR_H_

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"

namespace plumbline::rpc {

// A bounded pool for the work of handlers, so that gRPC's own threads only move bytes. Thread-safe.
class Executor {
 public:
  Executor(int threads, size_t max_waiting);
  ~Executor();  // runs what is waiting, then joins
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // False, and `work` is not run, when `max_waiting` pieces of work wait already.
  [[nodiscard]] bool TryRun(std::function<void()> work);

 private:
  void Loop();
  absl::Mutex mutex_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  const size_t max_waiting_;
  std::vector<std::thread> threads_;
};

}  // namespace plumbline::rpc

#endif  // PLUMBLINE_COMMON_RPC_EXECUTOR_H_
