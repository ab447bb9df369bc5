#include "common/jobs/simulation/crew.h"

#include <utility>

namespace plumbline::jobs::simulation {

Crew::Member::Member() {
  sem_init(&baton_, 0, 0);
  thread_ = std::thread([this] {
    while (true) {
      Wait();
      if (stop_) return;
      // Moved out first: as soon as the part has passed the baton on, this member may have been engaged again.
      const std::function<void()> part = std::exchange(part_, nullptr);
      part();
    }
  });
}

Crew::Member::~Member() {
  stop_ = true;
  Resume();
  thread_.join();
  sem_destroy(&baton_);
}

void Crew::Member::Wait() {
  while (sem_wait(&baton_) != 0) {  // EINTR
  }
}

Crew::Member* Crew::Engage(std::function<void()> part) {
  if (free_.empty()) {
    members_.push_back(std::make_unique<Member>());
    free_.push_back(members_.back().get());
  }
  Member* member = free_.back();
  free_.pop_back();
  member->part_ = std::move(part);
  return member;
}

}  // namespace plumbline::jobs::simulation
