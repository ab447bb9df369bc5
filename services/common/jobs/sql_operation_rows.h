#ifndef PLUMBLINE_COMMON_JOBS_SQL_OPERATION_ROWS_H_
#define PLUMBLINE_COMMON_JOBS_SQL_OPERATION_ROWS_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/jobs/operation.h"
#include "common/sql/database.h"

// Rows of the table "operations" inside one transaction: what SqlOperationStore and SqlUnitOfWork are made of.
namespace plumbline::jobs {

std::string OperationResourceName(const std::string& id);  // "operations/<id>"

// An operation from a row that selects PLUMBLINE_OPERATION_HEAD.
Operation ReadOperationHead(const sql::Row& row);

// InfinitePast where the row says "at once".
absl::Time ReadNotBefore(const sql::Row& row);

// The whole operation, or NOT_FOUND.
absl::StatusOr<Operation> SelectOperation(sql::Transaction& transaction, const std::string& id);

// Runs an UPDATE that names :id and :token. StaleClaimError when it changed nothing because the claim was lost,
// NOT_FOUND when there is no such operation.
absl::Status UpdateUnderClaim(sql::Transaction& transaction, const Claim& claim, const std::string& statement,
                              sql::Params params);
absl::Status ClaimLost(sql::Transaction& transaction, const Claim& claim);  // which of the two errors

// Who records operations, and when.
struct InsertContext {
  std::string actor;
  absl::Time now;
  std::string parent = {};  // of all of them; empty: none
};
// Records `drafts` as PENDING. ALREADY_EXISTS for an id that is taken, OperationInProgressError for a unique key that
// is held, CheckDraft's errors. `raced` becomes true where a unique key may have been taken by another transaction at
// the same moment: then the whole transaction is to be run again, and will find the holder.
absl::Status InsertOperations(sql::Transaction& transaction, const std::vector<OperationDraft>& drafts,
                              const InsertContext& context, bool& raced);

// OperationInProgressError when an unfinished operation of `kind` holds `unique_key`; OK for "".
absl::Status CheckUniqueKey(sql::Transaction& transaction, const std::string& kind, const std::string& unique_key);

// The operation a claim is for, to commit it or fan it out. StaleClaimError when the claim was lost, NOT_FOUND when
// there is no such operation, ParentFinishedError when it is a child and its parent does not wait for it.
absl::StatusOr<Operation> CheckClaim(sql::Transaction& transaction, const Claim& claim);

// Changes its row without changing anything in it, so that a transaction in between cannot take the claim unseen.
absl::Status Hold(sql::Transaction& transaction, const Claim& claim);

// Marks it SUCCEEDED, or WAITING for `children` operations; both under the first two errors.
absl::Status Succeed(sql::Transaction& transaction, const Claim& claim, const std::string& result, absl::Time now);
absl::Status Wait(sql::Transaction& transaction, const Claim& claim, size_t children);

// Ends a WAITING parent, FAILED with `error` or, where that is OK, CANCELLED; cancels its pending children and asks the
// running ones to stop, all but `except`. Nothing where it does not wait. The parent's row is always changed before
// those of its children, so that two such transactions wait for each other and never for ever.
absl::Status EndFamily(sql::Transaction& transaction, const std::string& parent, const absl::Status& error,
                       const std::string& except, absl::Time now);
absl::Status CancelChildren(sql::Transaction& transaction, const std::string& parent, const std::string& except,
                            absl::Time now);

// Runs `body` as Database::Write does, again where it says that it raced (see InsertOperations), a few times at most.
absl::Status WriteUnlessRaced(sql::Database& database,
                              const std::function<absl::Status(sql::Transaction&, bool&)>& body);

sql::Migration OperationsMigration(int version);
sql::Migration OperationFamiliesMigration(int version);

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_SQL_OPERATION_ROWS_H_
