#include "common/jobs/simulation/scheduler.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

namespace plumbline::jobs::simulation {

struct Scheduler::Actor {
  uint64_t id = 0;
  Process* process = nullptr;
  std::string name;
  int rank = 0;
  std::function<void()> body;
  Wish wish;
  Crew::Member* member = nullptr;
};

Scheduler::Scheduler(Crew& crew, Random& random, Trace& trace) : crew_(crew), random_(random), trace_(trace) {}

Scheduler::~Scheduler() = default;

const std::string& Scheduler::current_name() const {
  static const std::string kNobody = "world";
  return current_ == nullptr ? kNobody : current_->name;
}

void Scheduler::Spawn(Process& process, const std::string& name, int rank, std::function<void()> body) {
  actors_.push_back(std::make_unique<Actor>());
  Actor* actor = actors_.back().get();
  actor->id = ++last_id_;
  actor->process = &process;
  actor->name = absl::StrCat(process.name, ".", name);
  actor->rank = rank;
  actor->body = std::move(body);
  actor->wish.at = now_;
  actor->member = crew_.Engage([this, actor] {
    actor->body();
    End(actor);
  });
}

void Scheduler::After(absl::Duration delay, std::function<void()> event) {
  events_.emplace(Due(delay), std::move(event));
}

void Scheduler::Wake(Actor* actor, int64_t at) { actor->wish.at = std::min(actor->wish.at, at); }

bool Scheduler::MayRun(const Actor& actor, int64_t now) {
  if (actor.process->paused_until > now || (actor.wish.gated && actor.process->locked)) return false;
  return actor.wish.at <= now || (actor.wish.until && actor.wish.until());
}

int64_t Scheduler::NextChance(const Actor& actor) {
  if (actor.wish.gated && actor.process->locked) return std::numeric_limits<int64_t>::max();
  const bool fulfilled = actor.wish.until && actor.wish.until();
  return std::max(actor.process->paused_until, fulfilled ? 0 : actor.wish.at);
}

// Actors of dead processes end before anything else happens: the holder of a lock first, so that none waits for it.
Scheduler::Actor* Scheduler::Dying() {
  Actor* first = nullptr;
  for (const auto& actor : actors_) {
    if (!actor->process->dead) continue;
    if (first == nullptr || actor->rank < first->rank) first = actor.get();
  }
  return first;
}

// Moves the clock to the next thing that is due; false when there will never be one.
bool Scheduler::Advance() {
  int64_t next = events_.empty() ? std::numeric_limits<int64_t>::max() : events_.begin()->first;
  for (const auto& actor : actors_) next = std::min(next, NextChance(*actor));
  if (next == std::numeric_limits<int64_t>::max()) return false;
  now_ = std::max(now_, next);
  return true;
}

Scheduler::Actor* Scheduler::NextActor() {
  while (!actors_.empty()) {
    if (Actor* dying = Dying(); dying != nullptr) return dying;
    if (++steps_ == max_steps_) {
      give_up_(absl::StrCat("the run did not end within ", max_steps_, " steps"));
      continue;
    }
    ready_.clear();
    for (const auto& actor : actors_) {
      if (MayRun(*actor, now_)) ready_.push_back(actor.get());
    }
    const auto due = std::distance(events_.begin(), events_.upper_bound(now_));
    const int64_t choices = static_cast<int64_t>(ready_.size()) + due;
    if (choices == 0) {
      if (!Advance()) give_up_("nothing can ever happen again");
      continue;
    }
    const int64_t choice = random_.Below(choices);
    ++now_;
    if (choice >= due) {
      Actor* chosen = ready_[static_cast<size_t>(choice - due)];
      trace_.Step(now_, chosen->id);
      return chosen;
    }
    trace_.Step(now_, ~uint64_t{0});
    const auto event = std::next(events_.begin(), choice);
    const std::function<void()> run = std::move(event->second);
    events_.erase(event);
    run();
  }
  return nullptr;
}

void Scheduler::Switch(Actor* from) {
  current_ = nullptr;
  Actor* next = NextActor();
  current_ = next;
  if (next == from && next != nullptr) return;
  if (next == nullptr) {
    const std::lock_guard<std::mutex> lock(end_mutex_);
    ended_ = true;
    end_.notify_one();  // under the lock: the scheduler may be gone after it
    return;
  }
  next->member->Resume();
  if (from != nullptr) from->member->Wait();
}

void Scheduler::Wait(Wish wish) {
  if (current_->process->dead) return;
  current_->wish = std::move(wish);
  Switch(current_);
}

void Scheduler::End(Actor* actor) {
  crew_.Release(actor->member);
  std::erase_if(actors_, [actor](const auto& other) { return other.get() == actor; });
  Switch(nullptr);
}

void Scheduler::Run(int64_t max_steps, std::function<void(const std::string&)> give_up) {
  constexpr int kWatchSeconds = 20;
  max_steps_ = max_steps;
  give_up_ = std::move(give_up);
  Switch(nullptr);
  int64_t seen = 0;
  std::unique_lock<std::mutex> lock(end_mutex_);
  while (!end_.wait_for(lock, std::chrono::seconds(kWatchSeconds), [this] { return ended_; })) {
    // Only a look at a number that another thread writes, to say something before the program hangs for ever.
    const int64_t steps = steps_;
    if (steps == seen) {
      std::fprintf(stderr, "simulation: %s made no step in %d s: it waits for a real lock that another actor holds\n",
                   current_name().c_str(), kWatchSeconds);
      std::abort();
    }
    seen = steps;
  }
}

}  // namespace plumbline::jobs::simulation
