#ifndef PLUMBLINE_COMMON_JOBS_SIMULATION_CHECKER_H_
#define PLUMBLINE_COMMON_JOBS_SIMULATION_CHECKER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/jobs/fake_operation_store.h"
#include "common/testing/fake_unit_of_work.h"

namespace plumbline::jobs::simulation {

// The data of a pretended service: which operation had its effect, and under which claim.
struct Effect {
  std::string id;
  int64_t token = 0;
};
struct Ledger {
  std::vector<Effect> effects;
};
struct LedgerReader {
  const Ledger& ledger;
};
struct LedgerWriter {
  Ledger& ledger;
};
using Unit = testing::FakeUnitOfWork<LedgerReader, LedgerWriter, Ledger>;

// What must be true of the record after every step, whatever went wrong:
//   - a finished operation never changes again (but for a requeue), and tokens and attempts only grow;
//   - an operation has its effect once if it SUCCEEDED, under the claim that it ended with, and never otherwise;
//   - a FAILED operation says why, and it was not the job system's own doing;
//   - a child succeeds only while its parent waits for it;
//   - the children of a parent that joins or succeeded have all SUCCEEDED, and those of one that ended otherwise are
//     finished or asked to stop;
//   - at most one unfinished operation holds a unique key;
//   - what was promised to a client is there, once.
class Checker {
 public:
  Checker(FakeOperationStore& store, Unit& unit, std::function<void(const std::string&)> violation)
      : store_(store), unit_(unit), violation_(std::move(violation)) {}

  // An operation that may be recorded under `id` from now on; `request`: the request it is for (empty: a child).
  void Expect(const std::string& id, const std::string& request);
  // The client of `request` was told that its operation is `id`.
  void Promised(const std::string& id) { promised_.insert(id); }
  // `id` was requeued: it may run again, without its children.
  void Requeued(const std::string& id);

  // Looks at one operation after a change of it; at all of them.
  void Look(const std::string& id);
  void Sweep();
  // The operation as it was last seen; null: not recorded.
  const Operation* Find(const std::string& id) const;
  std::vector<std::string> Unfinished() const;  // ids of those recorded
  int64_t Count(OperationState state) const;

 private:
  struct Known {
    std::string request;
    Operation last;  // without an id: not seen yet
    bool deleted = false;
  };
  void Compare(Known& known, const Operation& now, const Ledger& ledger);
  void CompareEffects(const Operation& now, const Ledger& ledger);
  void CheckAwaited(const Operation& child);
  void CompareFamilies();
  void CompareKeys();
  void Violation(const Operation& operation, const std::string& what);

  FakeOperationStore& store_;
  Unit& unit_;
  const std::function<void(const std::string&)> violation_;
  std::map<std::string, Known> known_;
  std::map<std::string, std::string> of_request_;
  std::set<std::string> promised_;
};

}  // namespace plumbline::jobs::simulation

#endif  // PLUMBLINE_COMMON_JOBS_SIMULATION_CHECKER_H_
