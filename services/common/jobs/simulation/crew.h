#ifndef PLUMBLINE_COMMON_JOBS_SIMULATION_CREW_H_
#define PLUMBLINE_COMMON_JOBS_SIMULATION_CREW_H_

#include <semaphore.h>

#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace plumbline::jobs::simulation {

// Threads that play one actor after another, kept from seed to seed: starting a thread costs more than a seed's steps.
// A member runs only between Resume and the Wait or the end of its part that follows, so that whoever holds the baton
// is the only thread that runs.
class Crew {
 public:
  class Member {
   public:
    Member();
    ~Member();  // its part must be over
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;

    void Resume() { sem_post(&baton_); }
    void Wait();  // by the member's own thread: until Resume

   private:
    friend class Crew;
    sem_t baton_{};
    std::function<void()> part_;
    bool stop_ = false;
    std::thread thread_;
  };

  // A member that is free now. Its thread runs `part` from its first Resume on. `part` calls Release as its last act
  // before it passes the baton on.
  Member* Engage(std::function<void()> part);
  void Release(Member* member) { free_.push_back(member); }

 private:
  std::vector<std::unique_ptr<Member>> members_;
  std::vector<Member*> free_;
};

}  // namespace plumbline::jobs::simulation

#endif  // PLUMBLINE_COMMON_JOBS_SIMULATION_CREW_H_
