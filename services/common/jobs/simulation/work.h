#ifndef PLUMBLINE_COMMON_JOBS_SIMULATION_WORK_H_
#define PLUMBLINE_COMMON_JOBS_SIMULATION_WORK_H_

#include <map>
#include <string>
#include <vector>

#include "common/jobs/handler.h"
#include "common/jobs/simulation/faults.h"
#include "common/jobs/simulation/lines.h"

namespace plumbline::jobs::simulation {

// The operations of a run: what each does when a handler runs it, drawn when it is asked for.
class Work {
 public:
  Work(Stage& stage, const Scenario& scenario, SimRecord& record)
      : stage_(stage), scenario_(scenario), record_(record) {}

  // A new operation for a client, whose clock says `now`.
  OperationDraft Draw(const std::string& id, absl::Time now) { return Draw(id, now, /*child=*/false); }

  // The handlers of a process that reaches the record through `record`. Both outlive what is returned.
  HandlerMap Handlers(RecordLine& record, Clock& clock);

 private:
  struct Plan {
    int steps = 0;
    bool deaf = false;  // does not ask whether to stop
    int children = 0;
  };

  OperationDraft Draw(const std::string& id, absl::Time now, bool child);
  absl::Status Run(JobContext& context, RecordLine& record, Clock& clock);
  absl::Status Toil(const Plan& plan, JobContext& context);
  absl::Status MaybeFail();
  absl::Status FanOut(const Plan& plan, const Claim& claim, RecordLine& record, Clock& clock);
  absl::Status CheckJoin(const Plan& plan, const Claim& claim, RecordLine& record);
  void CheckStart(const Operation& operation);

  Stage& stage_;
  const Scenario& scenario_;
  SimRecord& record_;
  std::map<std::string, Plan> plans_;
};

}  // namespace plumbline::jobs::simulation

#endif  // PLUMBLINE_COMMON_JOBS_SIMULATION_WORK_H_
