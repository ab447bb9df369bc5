#include "common/jobs/sql_operation_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_operation_rows.h"
#include "common/jobs/sql_operation_statements.h"
#include "common/jobs/sql_page_token.h"
#include "common/jobs/sql_status_codec.h"
#include "common/sql/audit_log.h"

// The life of one operation, and the lists. What concerns parents and children is in sql_operation_families.cc, what
// operators and housekeeping need in sql_operation_upkeep.cc.
namespace plumbline::jobs {
namespace {

using sql::Params;
using sql::Row;
using sql::Transaction;

absl::StatusOr<std::vector<Row>> ReadPage(sql::Database& database, const char* statement, Params params,
                                          int page_size) {
  if (page_size < 1) return InvalidField("page_size", absl::StrCat(page_size), "must be positive");
  params.push_back({"limit", int64_t{page_size} + 1});  // one more than asked for tells whether there is a next page
  std::vector<Row> rows;
  RETURN_IF_ERROR(database.Read([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(rows, transaction.Query(statement, params));
    return absl::OkStatus();
  }));
  return rows;
}

struct PageSource {
  ListKind kind;
  std::string scope;
  bool by_time;  // else by id
};

OperationStore::Page MakePage(const std::vector<Row>& rows, int page_size, const PageSource& source) {
  OperationStore::Page page;
  for (const Row& row : rows) {
    if (page.operations.size() == static_cast<size_t>(page_size)) {
      const Operation& last = page.operations.back();
      page.next_page_token = EncodePageToken(source.kind, source.scope,
                                             {source.by_time ? absl::ToUnixMicros(last.create_time) : 0, last.id});
      break;
    }
    page.operations.push_back(ReadOperationHead(row));
  }
  return page;
}

// The second statement starts where the page before ended, at (:time, :id).
absl::StatusOr<OperationStore::Page> PageByTime(sql::Database& database, const char* first, const char* next,
                                                const PageSource& source, Params params, int page_size,
                                                const std::string& page_token) {
  if (!page_token.empty()) {
    ASSIGN_OR_RETURN(const PageToken start, DecodePageToken(source.kind, source.scope, page_token));
    params.push_back({"time", start.time});
    params.push_back({"id", start.id});
  }
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   ReadPage(database, page_token.empty() ? first : next, std::move(params), page_size));
  return MakePage(rows, page_size, source);
}

int64_t Size(const std::string& bytes) { return static_cast<int64_t>(bytes.size()); }

// The parent of a claimed operation ("": none), or why there is no such claim.
absl::StatusOr<std::string> ParentUnderClaim(Transaction& transaction, const Claim& claim) {
  ASSIGN_OR_RETURN(
      const std::vector<Row> rows,
      transaction.Query(statements::kSelectParentUnderClaim, {{"id", claim.operation_id}, {"token", claim.token}}));
  if (rows.empty()) return ClaimLost(transaction, claim);
  return rows.front().Text("parent");
}

// A child's row is changed after its parent's, see EndFamily.
absl::Status FailInTransaction(Transaction& transaction, const Claim& claim, const absl::Status& error,
                               absl::Time now) {
  ASSIGN_OR_RETURN(const std::string parent, ParentUnderClaim(transaction, claim));
  if (!parent.empty()) {
    RETURN_IF_ERROR(
        EndFamily(transaction, parent, ChildFailedError(claim.operation_id, error), claim.operation_id, now));
  }
  const std::string encoded = EncodeStatus(error);
  return UpdateUnderClaim(transaction, claim, statements::kFail,
                          {{"error", sql::EncodeBytes(encoded)}, {"now", sql::Time(now)}, {"size", Size(encoded)}});
}

absl::Status CancelClaimed(Transaction& transaction, const Claim& claim, absl::Time now) {
  ASSIGN_OR_RETURN(const std::string parent, ParentUnderClaim(transaction, claim));
  if (!parent.empty()) RETURN_IF_ERROR(EndFamily(transaction, parent, absl::OkStatus(), claim.operation_id, now));
  return UpdateUnderClaim(transaction, claim, statements::kMarkCancelled,
                          {{"now", sql::Time(now)}, {"size", int64_t{0}}});
}

// Ends what no worker has, asks where one has it. Whether anything changed.
absl::StatusOr<bool> CancelUnclaimed(Transaction& transaction, const Operation& before, absl::Time now) {
  const std::string& id = before.id;
  if (before.state == OperationState::kRunning) {
    ASSIGN_OR_RETURN(const int64_t asked, transaction.Execute(statements::kAskToCancel, {{"id", id}}));
    return asked > 0;
  }
  if (!before.parent.empty()) {
    RETURN_IF_ERROR(EndFamily(transaction, before.parent, absl::OkStatus(), id, now));
  }
  RETURN_IF_ERROR(
      transaction.Execute(statements::kCancel, {{"id", id}, {"now", sql::Time(now)}, {"size", int64_t{0}}}).status());
  if (before.state == OperationState::kWaiting) RETURN_IF_ERROR(CancelChildren(transaction, id, "", now));
  return true;
}

absl::Status CancelInTransaction(Transaction& transaction, const std::string& id, absl::Time now,
                                 const std::string& actor) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, transaction.Query(statements::kSelectKindStateParent, {{"id", id}}));
  if (rows.empty()) return absl::OkStatus();  // what follows says NOT_FOUND
  Operation before;
  before.id = id;
  before.kind = rows.front().Text("kind");
  before.state = OperationStateFromString(rows.front().Text("state"));
  before.parent = rows.front().Text("parent");
  if (IsTerminal(before.state)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool changed, CancelUnclaimed(transaction, before, now));
  if (!changed) return absl::OkStatus();
  return sql::AppendAudit(transaction, now, actor, kCancelMethod, {CancelAudit(before)});
}

}  // namespace

absl::StatusOr<Operation> SqlOperationStore::Get(const std::string& id) {
  absl::StatusOr<Operation> operation;
  RETURN_IF_ERROR(database_.Read([&](Transaction& transaction) {
    operation = SelectOperation(transaction, id);
    return operation.status();
  }));
  return operation;
}

absl::StatusOr<OperationStore::Page> SqlOperationStore::List(const std::string& target, int page_size,
                                                             const std::string& page_token) {
  const PageSource source = {ListKind::kAll, target, /*by_time=*/true};
  if (target.empty()) {
    return PageByTime(database_, statements::kSelectPage, statements::kSelectPageAfter, source, {}, page_size,
                      page_token);
  }
  return PageByTime(database_, statements::kSelectTargetPage, statements::kSelectTargetPageAfter, source,
                    {{"target", target}}, page_size, page_token);
}

absl::StatusOr<OperationStore::Page> SqlOperationStore::ListDead(int page_size, const std::string& page_token) {
  return PageByTime(database_, statements::kSelectDead, statements::kSelectDeadAfter,
                    {ListKind::kDead, "", /*by_time=*/true}, {}, page_size, page_token);
}

absl::StatusOr<OperationStore::Page> SqlOperationStore::ListChildren(const std::string& parent, int page_size,
                                                                     const std::string& page_token) {
  const PageSource source = {ListKind::kChildren, parent, /*by_time=*/false};
  PageToken start;
  if (!page_token.empty()) {
    ASSIGN_OR_RETURN(start, DecodePageToken(source.kind, source.scope, page_token));
  }
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ReadPage(database_, statements::kSelectChildren,
                                                         {{"parent", parent}, {"after", start.id}}, page_size));
  Page page = MakePage(rows, page_size, source);
  for (size_t i = 0; i < page.operations.size(); ++i) page.operations[i].result = rows[i].Bytes("result");
  return page;
}

absl::StatusOr<Operation> SqlOperationStore::RequestCancel(const std::string& id, absl::Time now,
                                                           const std::string& actor) {
  absl::StatusOr<Operation> operation;
  RETURN_IF_ERROR(database_.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(CancelInTransaction(transaction, id, now, actor));
    operation = SelectOperation(transaction, id);
    return operation.status();
  }));
  return operation;
}

absl::StatusOr<Operation> SqlOperationStore::Claim(const std::string& id, absl::Time now) {
  absl::StatusOr<Operation> operation;
  RETURN_IF_ERROR(database_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t changed,
                     transaction.Execute(statements::kClaim, {{"id", id}, {"now", sql::Time(now)}}));
    operation = SelectOperation(transaction, id);
    if (operation.ok() && changed == 0) operation = NotClaimableError(*operation);
    return operation.status();
  }));
  return operation;
}

absl::Status SqlOperationStore::SetProgress(const jobs::Claim& claim, const Progress& progress) {
  return database_.Write([&](Transaction& transaction) {
    return UpdateUnderClaim(transaction, claim, statements::kSetProgress,
                            {{"done", progress.done}, {"total", progress.total}, {"phase", progress.phase}});
  });
}

absl::StatusOr<bool> SqlOperationStore::IsCancelRequested(const jobs::Claim& claim) {
  bool requested = false;
  RETURN_IF_ERROR(database_.Read([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(
        const std::vector<Row> rows,
        transaction.Query(statements::kSelectCancel, {{"id", claim.operation_id}, {"token", claim.token}}));
    if (rows.empty()) return ClaimLost(transaction, claim);
    requested = rows.front().Int("cancel_requested") != 0;
    return absl::OkStatus();
  }));
  return requested;
}

absl::Status SqlOperationStore::Fail(const jobs::Claim& claim, const absl::Status& error, absl::Time now) {
  return database_.Write([&](Transaction& transaction) { return FailInTransaction(transaction, claim, error, now); });
}

absl::Status SqlOperationStore::MarkCancelled(const jobs::Claim& claim, absl::Time now) {
  return database_.Write([&](Transaction& transaction) { return CancelClaimed(transaction, claim, now); });
}

absl::Status SqlOperationStore::Release(const jobs::Claim& claim) {
  return database_.Write(
      [&](Transaction& transaction) { return UpdateUnderClaim(transaction, claim, statements::kRelease, {}); });
}

absl::StatusOr<std::vector<OperationStore::Unfinished>> SqlOperationStore::ListUnfinished(absl::Time before,
                                                                                          const std::string& after_id,
                                                                                          int limit) {
  std::vector<Unfinished> unfinished;
  RETURN_IF_ERROR(database_.Read([&](Transaction& transaction) -> absl::Status {
    unfinished.clear();
    ASSIGN_OR_RETURN(const std::vector<Row> rows,
                     transaction.Query(
                         statements::kSelectUnfinished,
                         {{"after", after_id}, {"before", sql::Time(before)}, {"limit", static_cast<int64_t>(limit)}}));
    for (const Row& row : rows) {
      unfinished.push_back(
          {row.Text("id"), row.Text("kind"), static_cast<int>(row.Int("priority")), ReadNotBefore(row)});
    }
    return absl::OkStatus();
  }));
  return unfinished;
}

}  // namespace plumbline::jobs
