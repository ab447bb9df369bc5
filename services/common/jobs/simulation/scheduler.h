#ifndef PLUMBLINE_COMMON_JOBS_SIMULATION_SCHEDULER_H_
#define PLUMBLINE_COMMON_JOBS_SIMULATION_SCHEDULER_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/jobs/simulation/crew.h"
#include "common/jobs/simulation/random.h"
#include "common/jobs/simulation/trace.h"

// The simulated machine room: actors (threads of simulated processes), events (messages on their way) and one virtual
// clock. Exactly one thread runs at any time, and it runs until it waits: there the seed decides who goes on. Time
// moves a microsecond with every step, and on to the next thing that is due when nobody can go on.
namespace plumbline::jobs::simulation {

// What would be one process of the operating system.
struct Process {
  std::string name;
  bool dead = false;         // its actors run to their end with every call of theirs failing
  int64_t paused_until = 0;  // micros: its actors stand still, what it sent is still on its way
  absl::Duration skew;       // of its clock
  // A real lock of the process is held by an actor that waits for an answer (HeldLeases renewing): actors that would
  // take that lock next must not go on, or they would stop the only thread there is.
  bool locked = false;
  std::function<void()> on_death;  // who starts it again
};

class Scheduler {
 public:
  struct Actor;  // opaque

  Scheduler(Crew& crew, Random& random, Trace& trace);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  int64_t micros() const { return now_; }  // since the start of the run
  absl::Time Now() const { return kStart + absl::Microseconds(now_); }
  int64_t steps() const { return steps_; }

  // Starts an actor; `process` outlives the scheduler. Of a dead process, actors of a lower `rank` end first.
  void Spawn(Process& process, const std::string& name, int rank, std::function<void()> body);
  // Runs `event` after `delay`. Events run between the steps of actors and must not wait.
  void After(absl::Duration delay, std::function<void()> event);

  // Runs until every actor has ended. `give_up` is called once when nothing can ever happen again or `max_steps` were
  // made: it kills what lives, so that the run ends.
  void Run(int64_t max_steps, std::function<void(const std::string& why)> give_up);

  // The following are for the actor that runs.
  // What an actor waits for: `at` (micros), or earlier for `until` to turn true; with `gated` not before its process is
  // unlocked. An actor of a dead process waits for nothing.
  struct Wish {
    int64_t at = std::numeric_limits<int64_t>::max();
    std::function<bool()> until = nullptr;
    bool gated = false;
  };
  void Wait(Wish wish);
  void Sleep(absl::Duration duration) { Wait({.at = Due(duration)}); }
  void PassGate() { Wait({.at = now_, .gated = true}); }
  Actor* current() const { return current_; }
  const std::string& current_name() const;
  int64_t Due(absl::Duration delay) const { return now_ + absl::ToInt64Microseconds(delay); }

  // For events: the waiting actor's wish is fulfilled at `at`.
  void Wake(Actor* actor, int64_t at);

 private:
  static constexpr absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

  static bool MayRun(const Actor& actor, int64_t now);
  static int64_t NextChance(const Actor& actor);
  Actor* Dying();
  Actor* NextActor();  // runs the events that come before it; null when no actor is left
  bool Advance();
  void End(Actor* actor);
  void Switch(Actor* from);

  Crew& crew_;
  Random& random_;
  Trace& trace_;
  int64_t now_ = 0;
  std::atomic<int64_t> steps_{0};  // read by the watch of Run as well
  int64_t max_steps_ = 0;
  uint64_t last_id_ = 0;
  std::function<void(const std::string&)> give_up_;
  std::vector<std::unique_ptr<Actor>> actors_;
  std::vector<Actor*> ready_;  // of the present step
  std::multimap<int64_t, std::function<void()>> events_;
  Actor* current_ = nullptr;
  std::mutex end_mutex_;
  std::condition_variable end_;
  bool ended_ = false;  // no actor is left
};

}  // namespace plumbline::jobs::simulation

#endif  // PLUMBLINE_COMMON_JOBS_SIMULATION_SCHEDULER_H_
