#include "tests/chaos/effects.h"

#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"

namespace plumbline::chaos {
namespace {

constexpr char kUnfinished[] = "SELECT COUNT(*) AS n FROM operations WHERE state IN ('PENDING', 'RUNNING', 'WAITING')";
constexpr char kNotSucceeded[] = "SELECT COUNT(*) AS n FROM operations WHERE state IN ('FAILED', 'CANCELLED')";
constexpr char kWithoutEffect[] =
    "SELECT COUNT(*) AS n FROM operations o LEFT JOIN effects e ON e.operation = o.id"
    " WHERE o.state = 'SUCCEEDED' AND e.operation IS NULL";
constexpr char kDuplicated[] =
    "SELECT COUNT(*) AS n FROM (SELECT operation FROM effects GROUP BY operation HAVING COUNT(*) > 1) AS twice";
constexpr char kStale[] =
    "SELECT COUNT(*) AS n FROM effects e JOIN operations o ON o.id = e.operation WHERE e.token <> o.token";
constexpr char kExamples[] =
    "SELECT id, state, attempts, token FROM operations WHERE state <> 'SUCCEEDED' ORDER BY id LIMIT 5";
constexpr char kExamplesTwice[] =
    "SELECT operation, COUNT(*) AS n FROM effects GROUP BY operation HAVING COUNT(*) > 1 ORDER BY operation LIMIT 5";

absl::StatusOr<int64_t> Count(sql::Transaction& transaction, const std::string& query) {
  ASSIGN_OR_RETURN(const sql::Row row, transaction.QueryOne(query));
  return row.Int("n");
}

absl::StatusOr<std::vector<std::string>> Examples(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> unfinished, transaction.Query(kExamples));
  ASSIGN_OR_RETURN(const std::vector<sql::Row> twice, transaction.Query(kExamplesTwice));
  std::vector<std::string> examples;
  examples.reserve(unfinished.size() + twice.size());
  for (const sql::Row& row : unfinished) {
    examples.push_back(absl::StrCat(row.Text("id"), " is ", row.Text("state"), " after ", row.Int("attempts"),
                                    " claims, token ", row.Int("token")));
  }
  for (const sql::Row& row : twice) {
    examples.push_back(absl::StrCat(row.Text("operation"), " has ", row.Int("n"), " effects"));
  }
  return examples;
}

}  // namespace

std::string EncodeWork(const Work& work) {
  return absl::StrCat(absl::ToInt64Microseconds(work.first), " ", absl::ToInt64Microseconds(work.again), " ",
                      work.children);
}

Work DecodeWork(const std::string& payload) {
  const std::vector<std::string> fields = absl::StrSplit(payload, ' ');
  int64_t first = 0, again = 0;
  int children = 0;
  if (fields.size() == 3 && absl::SimpleAtoi(fields[0], &first) && absl::SimpleAtoi(fields[1], &again)) {
    (void)absl::SimpleAtoi(fields[2], &children);
  }
  return {absl::Microseconds(first), absl::Microseconds(again), children};
}

absl::Status EffectWriter::Insert(const std::string& operation, int64_t token, int64_t worker) {
  return transaction_
      .Execute("INSERT INTO effects (operation, token, worker) VALUES (:operation, :token, :worker)",
               {{"operation", operation}, {"token", token}, {"worker", worker}})
      .status();
}

EffectUnit::EffectUnit(sql::Database& database)
    : SqlUnitOfWork(
          database, [](sql::Transaction&) { return std::make_unique<EffectReader>(); },
          [](sql::Transaction& transaction) { return std::make_unique<EffectWriter>(transaction); }) {}

absl::Status MigrateChaos(sql::Database& database, absl::Time now) {
  RETURN_IF_ERROR(jobs::MigrateCommon(database, now));
  return sql::Migrate(
      database, "chaos",
      {{1,
        "effects",
        {"CREATE TABLE effects (operation TEXT NOT NULL, token BIGINT NOT NULL, worker BIGINT NOT NULL)"}}},
      now);
}

absl::StatusOr<Verdict> Judge(sql::Database& database) {
  Verdict verdict;
  RETURN_IF_ERROR(database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(verdict.operations, Count(transaction, "SELECT COUNT(*) AS n FROM operations"));
    ASSIGN_OR_RETURN(verdict.effects, Count(transaction, "SELECT COUNT(*) AS n FROM effects"));
    ASSIGN_OR_RETURN(verdict.unfinished, Count(transaction, kUnfinished));
    ASSIGN_OR_RETURN(verdict.not_succeeded, Count(transaction, kNotSucceeded));
    ASSIGN_OR_RETURN(verdict.without_effect, Count(transaction, kWithoutEffect));
    ASSIGN_OR_RETURN(verdict.duplicated, Count(transaction, kDuplicated));
    ASSIGN_OR_RETURN(verdict.stale, Count(transaction, kStale));
    ASSIGN_OR_RETURN(verdict.examples, Examples(transaction));
    return absl::OkStatus();
  }));
  return verdict;
}

absl::StatusOr<int64_t> CountEffects(sql::Database& database) {
  int64_t count = 0;
  RETURN_IF_ERROR(database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(count, Count(transaction, "SELECT COUNT(*) AS n FROM effects"));
    return absl::OkStatus();
  }));
  return count;
}

}  // namespace plumbline::chaos
