#ifndef PLUMBLINE_TESTS_CHAOS_EFFECTS_H_
#define PLUMBLINE_TESTS_CHAOS_EFFECTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/jobs/sql_unit_of_work.h"
#include "common/sql/database.h"

// What the handlers of these tests do: one row in table "effects" for each operation. The table has no unique
// constraint, so that an effect which happens twice is seen and not hidden by an error.
namespace plumbline::chaos {

inline constexpr char kKind[] = "chaos.work";

// How long a handler takes and into how many children it splits its operation, as the operation's payload.
struct Work {
  absl::Duration first;  // of the first run
  absl::Duration again;  // of any later one
  int children = 0;
};
std::string EncodeWork(const Work& work);
Work DecodeWork(const std::string& payload);

class EffectWriter {
 public:
  explicit EffectWriter(sql::Transaction& transaction) : transaction_(transaction) {}
  // `token`: of the claim that commits it. `worker`: number of the process.
  absl::Status Insert(const std::string& operation, int64_t token, int64_t worker);

 private:
  sql::Transaction& transaction_;
};

class EffectReader {};  // nothing is read through a unit of work

class EffectUnit : public jobs::SqlUnitOfWork<EffectReader, EffectWriter> {
 public:
  explicit EffectUnit(sql::Database& database);
};

// The tables of jobs, and "effects".
absl::Status MigrateChaos(sql::Database& database, absl::Time now);

// What the database says of a run that has ended. All but `operations` and `effects` are violations.
struct Verdict {
  int64_t operations = 0;
  int64_t effects = 0;
  int64_t unfinished = 0;             // neither succeeded, failed nor cancelled
  int64_t not_succeeded = 0;          // failed or cancelled, though nobody asked for that
  int64_t without_effect = 0;         // succeeded, and nothing happened
  int64_t duplicated = 0;             // operations with more than one effect
  int64_t stale = 0;                  // effects under another claim than the last
  std::vector<std::string> examples;  // the first operations that are not as they should be
  int64_t lost() const { return unfinished + not_succeeded + without_effect; }
};
absl::StatusOr<Verdict> Judge(sql::Database& database);

absl::StatusOr<int64_t> CountEffects(sql::Database& database);

}  // namespace plumbline::chaos

#endif  // PLUMBLINE_TESTS_CHAOS_EFFECTS_H_
