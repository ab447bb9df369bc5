#include "bench/queue/record.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/jobs/fake_operation_store.h"
#include "common/jobs/sql_operation_store.h"
#include "common/jobs/sql_unit_of_work.h"
#include "common/sql/database.h"

namespace plumbline::bench {
namespace {

constexpr char kActor[] = "bench";

class MemoryRecord : public Record {
 public:
  jobs::OperationStore& store() override { return store_; }
  absl::Status Create(const std::vector<jobs::OperationDraft>& drafts) override {
    return store_.CreateAll(drafts, kActor, SystemClock().Now());
  }
  absl::Status Commit(const jobs::Claim& claim) override { return store_.Commit(claim, "", SystemClock().Now()); }

 private:
  jobs::FakeOperationStore store_;
};

class SqliteRecord : public Record {
 public:
  explicit SqliteRecord(std::unique_ptr<sql::Database> database) : database_(std::move(database)) {}
  jobs::OperationStore& store() override { return store_; }
  absl::Status Create(const std::vector<jobs::OperationDraft>& drafts) override {
    const auto body = [&](sql::Transaction&) -> absl::StatusOr<jobs::WriteResult> {
      return jobs::WriteResult{"", {}, drafts};
    };
    return jobs::WriteInOneTransaction(*database_, {kActor, "Bench/Create", "", "", SystemClock().Now()}, body)
        .status();
  }
  absl::Status Commit(const jobs::Claim& claim) override {
    const auto nothing = [](sql::Transaction&) -> absl::StatusOr<jobs::WriteResult> { return jobs::WriteResult{}; };
    return jobs::CommitInOneTransaction(*database_, claim, SystemClock().Now(), nothing);
  }

 private:
  const std::unique_ptr<sql::Database> database_;
  jobs::SqlOperationStore store_{*database_};
};

}  // namespace

std::unique_ptr<Record> MakeMemoryRecord() { return std::make_unique<MemoryRecord>(); }

absl::StatusOr<std::unique_ptr<Record>> MakeSqliteRecord(const std::string& folder, int connections) {
  sql::DatabaseOptions options;
  options.url = absl::StrCat("sqlite://", folder, "/record.db");
  options.connections = connections;
  ASSIGN_OR_RETURN(std::unique_ptr<sql::Database> database, sql::Database::Open(options));
  RETURN_IF_ERROR(jobs::MigrateCommon(*database, SystemClock().Now()));
  return std::make_unique<SqliteRecord>(std::move(database));
}

}  // namespace plumbline::bench
