#include "common/jobs/sql_operation_rows.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jobs/queue.h"
#include "common/jobs/sql_operation_statements.h"
#include "common/jobs/sql_status_codec.h"

namespace plumbline::jobs {
namespace {

using sql::Params;
using sql::Row;
using sql::Transaction;

// Up to this many rows one by one: preparing a statement first costs more trips to the server than it saves.
constexpr size_t kFewRows = 3;
// How often a transaction may find that another one took what it needs; the second look finds the other's work.
constexpr int kMaxRaces = 3;

absl::Time TimeOrPast(const Row& row, std::string_view column) {
  return row.IsNull(column) ? absl::InfinitePast() : row.Time(column);
}

// 0 in the table: at once.
int64_t EncodeNotBefore(absl::Time time) {
  return std::max<int64_t>(0, absl::ToUnixMicros(std::min(time, absl::FromUnixMicros(INT64_MAX))));
}

int64_t Size(const std::string& bytes) { return static_cast<int64_t>(bytes.size()); }

absl::Status CheckDrafts(Transaction& transaction, const std::vector<OperationDraft>& drafts) {
  std::set<std::pair<std::string, std::string>> keys;
  for (const OperationDraft& draft : drafts) {
    RETURN_IF_ERROR(CheckDraft(draft));
    RETURN_IF_ERROR(CheckUniqueKey(transaction, draft.kind, draft.unique_key));
    if (!draft.unique_key.empty() && !keys.insert({draft.kind, draft.unique_key}).second) {
      const auto first = std::find_if(drafts.begin(), drafts.end(), [&](const OperationDraft& other) {
        return other.kind == draft.kind && other.unique_key == draft.unique_key;
      });
      return OperationInProgressError(first->id);
    }
  }
  return absl::OkStatus();
}

absl::Status InsertRows(Transaction& transaction, const std::vector<OperationDraft>& drafts,
                        const InsertContext& context) {
  static const std::vector<std::string> kNames = {"id",     "kind",     "payload",    "target",     "actor", "now",
                                                  "parent", "priority", "not_before", "unique_key", "bytes"};
  std::vector<std::vector<sql::Value>> rows;
  rows.reserve(drafts.size());
  for (const OperationDraft& draft : drafts) {
    rows.push_back({draft.id, draft.kind, sql::EncodeBytes(draft.payload), draft.target, context.actor,
                    sql::Time(context.now), context.parent, static_cast<int64_t>(draft.priority),
                    EncodeNotBefore(draft.not_before), draft.unique_key, Size(draft.payload)});
  }
  if (rows.size() > kFewRows) return transaction.ExecuteMany(statements::kInsert, kNames, rows);
  for (const std::vector<sql::Value>& row : rows) {
    Params params;
    for (size_t i = 0; i < row.size(); ++i) params.push_back({kNames[i], row[i]});
    RETURN_IF_ERROR(transaction.Execute(statements::kInsert, params).status());
  }
  return absl::OkStatus();
}

absl::Status CheckParentWaits(Transaction& transaction, const Operation& child) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   transaction.Query(statements::kSelectKindStateParent, {{"id", child.parent}}));
  if (!rows.empty() && rows.front().Text("state") == ToString(OperationState::kWaiting)) return absl::OkStatus();
  return ParentFinishedError(child.id, child.parent);
}

}  // namespace

std::string OperationResourceName(const std::string& id) { return absl::StrCat("operations/", id); }

absl::Time ReadNotBefore(const Row& row) {
  return row.Int("not_before") == 0 ? absl::InfinitePast() : row.Time("not_before");
}

Operation ReadOperationHead(const Row& row) {
  Operation operation;
  operation.id = row.Text("id");
  operation.kind = row.Text("kind");
  operation.target = row.Text("target");
  operation.actor = row.Text("actor");
  operation.state = OperationStateFromString(row.Text("state"));
  operation.progress = {row.Int("progress_done"), row.Int("progress_total"), row.Text("progress_phase")};
  operation.cancel_requested = row.Int("cancel_requested") != 0;
  operation.attempts = static_cast<int>(row.Int("attempts"));
  operation.token = row.Int("token");
  operation.error = DecodeStatus(row.Bytes("error"));
  operation.create_time = row.Time("create_time");
  operation.start_time = TimeOrPast(row, "start_time");
  operation.end_time = TimeOrPast(row, "end_time");
  operation.parent = row.Text("parent");
  operation.priority = static_cast<int>(row.Int("priority"));
  operation.not_before = ReadNotBefore(row);
  operation.unique_key = row.Text("unique_key");
  operation.children = row.Int("children");
  operation.children_done = row.Int("children_done") != 0;
  return operation;
}

absl::StatusOr<Operation> SelectOperation(Transaction& transaction, const std::string& id) {
  // Ids reach the database from URLs and queues: what cannot be an id is not there.
  if (id.size() > Job::kMaxIdBytes) return NotFound(OperationResourceName(id.substr(0, Job::kMaxIdBytes)));
  ASSIGN_OR_RETURN(const std::vector<Row> rows, transaction.Query(statements::kSelect, {{"id", id}}));
  if (rows.empty()) return NotFound(OperationResourceName(id));
  const Row& row = rows.front();
  Operation operation = ReadOperationHead(row);
  operation.payload = row.Bytes("payload");
  operation.result = row.Bytes("result");
  operation.children_finished = row.Int("children_finished");
  return operation;
}

absl::Status ClaimLost(Transaction& transaction, const Claim& claim) {
  RETURN_IF_ERROR(SelectOperation(transaction, claim.operation_id).status());
  return StaleClaimError(claim);
}

absl::Status UpdateUnderClaim(Transaction& transaction, const Claim& claim, const std::string& statement,
                              Params params) {
  params.push_back({"id", claim.operation_id});
  params.push_back({"token", claim.token});
  ASSIGN_OR_RETURN(const int64_t changed, transaction.Execute(statement, params));
  return changed == 1 ? absl::OkStatus() : ClaimLost(transaction, claim);
}

absl::Status CheckUniqueKey(Transaction& transaction, const std::string& kind, const std::string& unique_key) {
  if (unique_key.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   transaction.Query(statements::kSelectHolderOfKey, {{"kind", kind}, {"unique_key", unique_key}}));
  return rows.empty() ? absl::OkStatus() : OperationInProgressError(rows.front().Text("id"));
}

absl::Status InsertOperations(Transaction& transaction, const std::vector<OperationDraft>& drafts,
                              const InsertContext& context, bool& raced) {
  RETURN_IF_ERROR(CheckDrafts(transaction, drafts));
  absl::Status status = InsertRows(transaction, drafts, context);
  // The key was free a moment ago, so it may be the key that another transaction took, not the id.
  raced = absl::IsAlreadyExists(status) && std::any_of(drafts.begin(), drafts.end(), [](const OperationDraft& draft) {
            return !draft.unique_key.empty();
          });
  return status;
}

absl::StatusOr<Operation> CheckClaim(Transaction& transaction, const Claim& claim) {
  ASSIGN_OR_RETURN(Operation operation, SelectOperation(transaction, claim.operation_id));
  if (operation.token != claim.token || operation.state != OperationState::kRunning) return StaleClaimError(claim);
  if (!operation.parent.empty()) RETURN_IF_ERROR(CheckParentWaits(transaction, operation));
  return operation;
}

absl::Status Hold(Transaction& transaction, const Claim& claim) {
  return UpdateUnderClaim(transaction, claim, statements::kHold, {});
}

absl::Status Succeed(Transaction& transaction, const Claim& claim, const std::string& result, absl::Time now) {
  return UpdateUnderClaim(transaction, claim, statements::kSucceed,
                          {{"result", sql::EncodeBytes(result)}, {"now", sql::Time(now)}, {"size", Size(result)}});
}

absl::Status Wait(Transaction& transaction, const Claim& claim, size_t children) {
  return UpdateUnderClaim(transaction, claim, statements::kWait, {{"children", static_cast<int64_t>(children)}});
}

absl::Status EndFamily(Transaction& transaction, const std::string& parent, const absl::Status& error,
                       const std::string& except, absl::Time now) {
  const std::string encoded = EncodeStatus(error);
  Params params = {{"id", parent}, {"now", sql::Time(now)}, {"size", Size(encoded)}};
  if (!error.ok()) params.push_back({"error", sql::EncodeBytes(encoded)});
  ASSIGN_OR_RETURN(const int64_t ended,
                   transaction.Execute(error.ok() ? statements::kCancelParent : statements::kFailParent, params));
  return ended == 1 ? CancelChildren(transaction, parent, except, now) : absl::OkStatus();
}

absl::Status CancelChildren(Transaction& transaction, const std::string& parent, const std::string& except,
                            absl::Time now) {
  return transaction
      .Execute(statements::kCancelChildren, {{"parent", parent}, {"except", except}, {"now", sql::Time(now)}})
      .status();
}

absl::Status WriteUnlessRaced(sql::Database& database, const std::function<absl::Status(Transaction&, bool&)>& body) {
  for (int race = 1;; ++race) {
    bool raced = false;
    absl::Status status = database.Write([&](Transaction& transaction) {
      raced = false;
      return body(transaction, raced);
    });
    if (status.ok() || !raced || race == kMaxRaces) return status;
  }
}

}  // namespace plumbline::jobs
