#ifndef PLUMBLINE_TESTS_CHAOS_CREW_H_
#define PLUMBLINE_TESTS_CHAOS_CREW_H_

#include <sys/types.h>

#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "tests/chaos/ledger.h"

namespace plumbline::chaos {

// The worker processes of one scenario, each under a number that is never used again. What they say goes to the ledger.
// They die with the thread that started them, so that one thread, the scenario's, starts and ends them all.
class Crew {
 public:
  // `log`: the file that receives what they print. `ledger` must outlive the crew.
  Crew(std::string log, Ledger& ledger);
  ~Crew();  // SIGKILL
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // Starts this program again in the worker's role with these flags, and waits until it is ready. Its number.
  absl::StatusOr<int> Start(const std::vector<std::string>& flags);

  void Kill9(int worker);     // returns when it is gone and all it said has been heard
  void Stop(int worker);      // SIGSTOP
  void Continue(int worker);  // SIGCONT
  // SIGTERM to all, which drain and end. UNAVAILABLE when one has ended in another way, at any time.
  absl::Status Dismiss();

  std::set<int> workers() const;  // that live, stopped ones too

 private:
  struct Process {
    pid_t pid = 0;
    int events = -1;  // the reading end of its pipe
    std::string unread;
    bool heard = false;  // the pipe is at its end
  };
  void Listen();
  // Whether there is more to read.
  bool ReadSome(int worker, Process& process) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  int Forget(int worker, int signal);

  const std::string log_;
  Ledger& ledger_;
  mutable absl::Mutex mutex_;
  std::map<int, Process> processes_ ABSL_GUARDED_BY(mutex_);
  int last_ = 0;
  absl::Status ended_;  // of the first worker that ended as it should not
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread listener_;
};

}  // namespace plumbline::chaos

#endif  // PLUMBLINE_TESTS_CHAOS_CREW_H_
