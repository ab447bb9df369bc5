#ifndef PLUMBLINE_COMMON_JOBS_SIMULATION_SIM_RECORD_H_
#define PLUMBLINE_COMMON_JOBS_SIMULATION_SIM_RECORD_H_

#include <string>
#include <vector>

#include "common/base/status_macros.h"
#include "common/jobs/fake_operation_store.h"
#include "common/jobs/simulation/checker.h"
#include "common/jobs/simulation/network.h"

namespace plumbline::jobs::simulation {

// The database server: the record and the data of a pretended service, with transactions that fail before or after
// their commit, and with the mistakes of Bug where one is asked for. Whatever a call may have changed is checked at
// once, everything now and then.
class SimRecord {
 public:
  SimRecord(Stage& stage, double error_rate)
      : stage_(stage),
        error_rate_(error_rate),
        unit_(
            store_, [](const Ledger& ledger) { return std::make_unique<LedgerReader>(LedgerReader{ledger}); },
            [](Ledger& ledger) { return std::make_unique<LedgerWriter>(LedgerWriter{ledger}); }),
        checker_(store_, unit_, stage.violation) {}

  Server& server() { return server_; }
  FakeOperationStore& store() { return store_; }
  Checker& checker() { return checker_; }

  // One statement against the record, with what may befall it; `about`: the operation it may change, "" none or any.
  template <typename Call>
  auto Ask(const std::string& about, const Call& call) -> decltype(call(std::declval<OperationStore&>())) {
    if (Fails(Fault::kErrorBeforeCommit)) return Trouble();
    auto answer = call(store_);
    Changed(about);
    if (Fails(Fault::kErrorAfterCommit)) return Trouble();
    return answer;
  }
  // The same under a claim.
  template <typename Call>
  absl::Status AskClaimed(const Claim& claim, const Call& call) {
    if (Fails(Fault::kErrorBeforeCommit)) return Trouble();
    absl::Status status = call(store_);
    CheckClaimed(claim, status);
    if (Fails(Fault::kErrorAfterCommit)) return Trouble();
    return status;
  }

  absl::StatusOr<std::string> Write(const Mutation& mutation, const OperationDraft& draft, const std::string& request);
  absl::Status Commit(const Claim& claim, absl::Time now);
  absl::Status FanOut(const Claim& claim, absl::Time now, const std::vector<OperationDraft>& children);
  absl::Status Fail(const Claim& claim, const absl::Status& error, absl::Time now);
  // Asked of the whole record, so all of it is looked at.
  void SweepSoon() { since_sweep_ = kSweepEvery; }
  absl::StatusOr<Operation> Requeue(const std::string& id, absl::Time now);

 private:
  static constexpr int kSweepEvery = 16;  // changes

  bool Fails(Fault fault);
  static absl::Status Trouble() { return absl::UnavailableError("the database is in trouble"); }
  void Changed(const std::string& id);
  // What was done under a claim was done under the last one.
  void CheckClaimed(const Claim& claim, const absl::Status& status);
  // The claim that the operation has now, whoever holds it: what a careless implementation would go by.
  Claim Unchecked(const Claim& claim);
  absl::Status CommitEffect(const Claim& claim, absl::Time now);

  Stage& stage_;
  const double error_rate_;
  Server server_{.name = "database", .down = false, .silence = kDatabaseUnavailable};
  FakeOperationStore store_;
  Unit unit_;
  Checker checker_;
  int since_sweep_ = 0;
};

}  // namespace plumbline::jobs::simulation

#endif  // PLUMBLINE_COMMON_JOBS_SIMULATION_SIM_RECORD_H_
