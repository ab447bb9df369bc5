#ifndef PLUMBLINE_COMMON_JOBS_SIMULATION_SIM_CLIENT_H_
#define PLUMBLINE_COMMON_JOBS_SIMULATION_SIM_CLIENT_H_

#include <string>
#include <vector>

#include "common/jobs/simulation/sim_worker.h"
#include "common/jobs/submitter.h"

namespace plumbline::jobs::simulation {

// A process that asks for work: it records operations, repeats a request until it is answered, and hands the operation
// to the queue as the RPCs of a service do. It changes its mind now and then. Beside it
// sits a person who requeues what failed.
class SimClient {
 public:
  SimClient(const Cast& cast, const std::string& name, int first_request, int requests);

  void Start();
  Process& process() { return process_; }
  int next_request() const { return next_; }
  int left() const { return left_; }

 private:
  void Live();
  std::string Ask();
  // Cancels `id`, or any other operation: a child, say.
  void ChangeMind(const std::string& id);
  void Mend();

  Cast cast_;
  Process process_;
  ProcessClock clock_;
  QueueLine queue_;
  RecordLine record_;
  QueueSubmitter submitter_;
  int next_;
  int left_;
};

}  // namespace plumbline::jobs::simulation

#endif  // PLUMBLINE_COMMON_JOBS_SIMULATION_SIM_CLIENT_H_
