#ifndef PLUMBLINE_COMMON_JOBS_SQL_HARNESS_H_
#define PLUMBLINE_COMMON_JOBS_SQL_HARNESS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/jobs/operation_store_contract.h"
#include "common/jobs/sql_operation_store.h"
#include "common/jobs/sql_unit_of_work.h"
#include "common/jobs/unit_of_work_contract.h"
#include "common/sql/audit_log.h"

// For tests: the contracts of jobs over whatever database the options name.
namespace plumbline::jobs {

class SqlNumbers : public NumberWriter {
 public:
  explicit SqlNumbers(sql::Transaction& transaction) : transaction_(transaction) {}
  absl::StatusOr<int64_t> Get(const std::string& name) override {
    ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                     transaction_.Query("SELECT n FROM numbers WHERE name = :name", {{"name", name}}));
    return rows.empty() ? 0 : rows.front().Int("n");
  }
  absl::Status Set(const std::string& name, int64_t number) override {
    return transaction_
        .Execute("INSERT INTO numbers (name, n) VALUES (:name, :n) ON CONFLICT (name) DO UPDATE SET n = :n",
                 {{"name", name}, {"n", number}})
        .status();
  }

 private:
  sql::Transaction& transaction_;
};

class SqlHarness : public UnitOfWorkHarness, public OperationStoreHarness {
 public:
  // nullptr, and a failed expectation, when the database cannot be made ready.
  template <typename Interface>
  static std::unique_ptr<Interface> Make(sql::DatabaseOptions options) {
    options.connections = 8;
    options.max_attempts = 200;  // these tests contend for one row far more than a service does
    absl::StatusOr<std::unique_ptr<sql::Database>> database = sql::Database::Open(options);
    EXPECT_TRUE(database.ok()) << database.status();
    if (!database.ok()) return nullptr;
    const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
    absl::Status ready = MigrateCommon(**database, now);
    ready.Update(sql::Migrate(**database, "test",
                              {{1, "n", {"CREATE TABLE numbers (name TEXT PRIMARY KEY, n BIGINT NOT NULL)"}}}, now));
    ready.Update(MigrateCommon(**database, now));  // again: nothing left to do
    EXPECT_TRUE(ready.ok()) << ready;
    if (!ready.ok()) return nullptr;
    return std::make_unique<SqlHarness>(*std::move(database));
  }

  explicit SqlHarness(std::unique_ptr<sql::Database> database) : database_(std::move(database)) {}

  NumberUnitOfWork& unit() override { return unit_; }
  OperationStore& operations() override { return store_; }
  OperationStore& store() override { return store_; }

  absl::Status Create(const OperationDraft& draft, const std::string& actor, absl::Time create_time) override {
    return unit_
        .Write({actor, "Test/Create", "", "", create_time},
               [&](NumberWriter&) -> absl::StatusOr<WriteResult> {
                 return WriteResult{"", {}, {draft}};
               })
        .status();
  }

  absl::Status Commit(const Claim& claim, const std::string& result, absl::Time now) override {
    return unit_.Commit(claim, now, [&](NumberWriter&) -> absl::StatusOr<WriteResult> {
      return WriteResult{result, {}, {}};
    });
  }

  std::vector<std::string> Audit() override {
    std::vector<std::string> lines;
    const absl::Status status = database_->Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(const std::vector<sql::AuditRecord> records, sql::ListAudit(transaction, "", 0, 1000));
      for (const sql::AuditRecord& record : records) {
        lines.push_back(record.actor + " " + record.method + " " + record.entry.action + " " + record.entry.resource +
                        (record.entry.detail.empty() ? "" : " " + record.entry.detail));
      }
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return lines;
  }

 private:
  std::unique_ptr<sql::Database> database_;
  SqlOperationStore store_{*database_};
  SqlUnitOfWork<NumberReader, NumberWriter> unit_{
      *database_, [](sql::Transaction& transaction) { return std::make_unique<SqlNumbers>(transaction); },
      [](sql::Transaction& transaction) { return std::make_unique<SqlNumbers>(transaction); }};
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_SQL_HARNESS_H_
