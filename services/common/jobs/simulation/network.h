#ifndef PLUMBLINE_COMMON_JOBS_SIMULATION_NETWORK_H_
#define PLUMBLINE_COMMON_JOBS_SIMULATION_NETWORK_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/jobs/simulation/faults.h"
#include "common/jobs/simulation/scheduler.h"

namespace plumbline::jobs::simulation {

// What every part of a simulated run shares.
struct Stage {
  Scheduler& scheduler;
  Random& random;
  Trace& trace;
  FaultCounts& counts;
  Bug bug = Bug::kNone;
  bool calm = false;  // nothing goes wrong any more
  std::function<void(Process&)> crash;
  std::function<void(const std::string&)> violation;  // an invariant does not hold: the run ends

  void Count(Fault fault) { ++counts[static_cast<size_t>(fault)]; }
  void Say(const std::string& who, const std::string& what) { trace.Add(scheduler.micros(), who, what); }
};

// A server as its clients see it: when it is down, it answers nobody.
struct Server {
  const char* name;
  bool down = false;
  const char* silence = "NO_ANSWER";  // reason of the error that a caller gets who hears nothing
};

// What a call does to the locks of its caller's process once it is answered, see Process::locked.
enum class Gate {
  kFree,   // the code that follows takes none before its next call
  kLocks,  // it may
};

// The connections of one process to one server. A call waits for its answer, or fails with UNAVAILABLE after a timeout;
// on the way everything may happen that NetworkFaults names.
class Line {
 public:
  Line(Stage& stage, Process& process, Server& server, const NetworkFaults& faults)
      : stage_(stage), process_(process), server_(server), faults_(faults) {}

  // `T` is a Status or StatusOr. `request` runs on the server; never, once or twice. It must hold no references to what
  // belongs to the caller: it may run when that is gone.
  template <typename T>
  T Call(const char* what, const std::string& about, Gate gate, std::function<T()> request) {
    auto answer = std::make_shared<std::optional<T>>();
    const bool answered = Send(what, about, gate, [answer, request = std::move(request)](bool answering) {
      T result = request();
      absl::Status status = StatusOf(result);
      if (answering) *answer = std::move(result);
      return status;
    });
    if (answered) return *std::move(*answer);
    return MakeError(absl::StatusCode::kUnavailable, "no answer",
                     {.reason = server_.silence, .metadata = {}, .violations = {}, .retry_after = {}});
  }

  Stage& stage() { return stage_; }
  Process& process() { return process_; }

 private:
  static const absl::Status& StatusOf(const absl::Status& status) { return status; }
  template <typename T>
  static const absl::Status& StatusOf(const absl::StatusOr<T>& status_or) {
    return status_or.status();
  }

  struct Ticket;
  using Execute = std::function<absl::Status(bool answering)>;  // `answering`: its answer gets through
  // Whether an answer arrived in time.
  bool Send(const char* what, const std::string& about, Gate gate, Execute execute);
  void Post(const std::shared_ptr<Ticket>& ticket, absl::Duration delay, bool answering);
  void Arrive(Ticket& ticket, bool answering);

  Stage& stage_;
  Process& process_;
  Server& server_;
  const NetworkFaults& faults_;
};

}  // namespace plumbline::jobs::simulation

#endif  // PLUMBLINE_COMMON_JOBS_SIMULATION_NETWORK_H_
