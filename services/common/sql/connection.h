#ifndef PLUMBLINE_COMMON_SQL_CONNECTION_H_
#define PLUMBLINE_COMMON_SQL_CONNECTION_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/sql/database.h"

// Inside of the sql library: what a driver provides. Nothing outside this folder includes it.
namespace plumbline::sql {

// One connection, used by one thread at a time. It is handed to bodies as their Transaction.
class Connection : public Transaction {
 public:
  virtual absl::Status Begin(bool read_only) = 0;
  virtual absl::Status Commit() = 0;
  virtual void Rollback() = 0;  // also where no transaction is open
  virtual bool lost() const = 0;

  absl::StatusOr<int64_t> Execute(const std::string& statement, const Params& params) final;
  absl::Status ExecuteMany(const std::string& statement, const std::vector<std::string>& names,
                           const std::vector<std::vector<Value>>& rows) final;
  absl::Status InsertMany(const std::string& table, const std::vector<std::string>& columns,
                          const std::vector<std::vector<Value>>& rows) final;
  absl::StatusOr<std::vector<Row>> Query(const std::string& statement, const Params& params) final;

  // The first error of a statement since ClearFailure.
  const absl::Status& failure() const { return failure_; }
  void ClearFailure() { failure_ = absl::OkStatus(); }

 protected:
  virtual absl::StatusOr<int64_t> DoExecute(const std::string& statement, const Params& params) = 0;
  virtual absl::Status DoExecuteMany(const std::string& statement, const std::vector<std::string>& names,
                                     const std::vector<std::vector<Value>>& rows) = 0;
  // By DoExecuteMany, where the driver has nothing faster.
  virtual absl::Status DoInsertMany(const std::string& table, const std::vector<std::string>& columns,
                                    const std::vector<std::vector<Value>>& rows);
  virtual absl::StatusOr<std::vector<Row>> DoQuery(const std::string& statement, const Params& params) = 0;

 private:
  absl::Status Many(const std::string& statement, const std::vector<std::string>& names,
                    const std::vector<std::vector<Value>>& rows, const std::function<absl::Status()>& run);
  absl::Status failure_;
};

using Connector = std::function<absl::StatusOr<std::unique_ptr<Connection>>()>;

// What callers read for each kind of failure: never SQL, values, or what the driver says. `detail` is logged only, and
// must hold no data either.
enum class Failure { kUnique, kForeignKey, kCheck, kSerialization, kLost, kDiskFull, kBug };
absl::Status ToStatus(Failure failure, std::string_view code, std::string_view detail, std::string_view statement);

// INVALID_ARGUMENT for a text the databases cannot hold, INTERNAL for NaN (SQLite would store NULL).
absl::Status CheckValue(std::string_view name, const Value& value);

}  // namespace plumbline::sql

#endif  // PLUMBLINE_COMMON_SQL_CONNECTION_H_
