#include "common/jobs/sql_operation_store.h"

#include <charconv>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_status_codec.h"

namespace plumbline::jobs {
namespace {

using sql::Params;
using sql::Row;
using sql::Transaction;

#define PLUMBLINE_OPERATION_HEAD                                                                                      \
  "id, kind, target, actor, state, progress_done, progress_total, progress_phase, cancel_requested, attempts, token," \
  " error, create_time, start_time, end_time"

constexpr char kInsert[] =
    "INSERT INTO operations (id, kind, payload, target, actor, state, create_time)"
    " VALUES (:id, :kind, :payload, :target, :actor, 'PENDING', :now)";
constexpr char kSelect[] = "SELECT " PLUMBLINE_OPERATION_HEAD ", payload, result FROM operations WHERE id = :id";
constexpr char kSelectPage[] =
    "SELECT " PLUMBLINE_OPERATION_HEAD " FROM operations ORDER BY create_time DESC, id DESC LIMIT :limit";
constexpr char kSelectPageAfter[] = "SELECT " PLUMBLINE_OPERATION_HEAD
                                    " FROM operations WHERE (create_time, id) < (:time, :id)"
                                    " ORDER BY create_time DESC, id DESC LIMIT :limit";
constexpr char kSelectTargetPage[] = "SELECT " PLUMBLINE_OPERATION_HEAD
                                     " FROM operations WHERE target = :target"
                                     " ORDER BY create_time DESC, id DESC LIMIT :limit";
constexpr char kSelectTargetPageAfter[] = "SELECT " PLUMBLINE_OPERATION_HEAD
                                          " FROM operations WHERE target = :target AND (create_time, id) < (:time, :id)"
                                          " ORDER BY create_time DESC, id DESC LIMIT :limit";
constexpr char kSelectUnfinished[] =
    "SELECT id, kind FROM operations WHERE state IN ('PENDING', 'RUNNING') AND id > :after"
    " AND create_time < :before ORDER BY id LIMIT :limit";
constexpr char kCancel[] =
    "UPDATE operations SET cancel_requested = 1,"
    " end_time = CASE WHEN state = 'PENDING' THEN :now ELSE end_time END,"
    " state = CASE WHEN state = 'PENDING' THEN 'CANCELLED' ELSE state END"
    " WHERE id = :id AND state IN ('PENDING', 'RUNNING')";
constexpr char kClaim[] =
    "UPDATE operations SET state = 'RUNNING', attempts = attempts + 1, token = token + 1, start_time = :now"
    " WHERE id = :id AND state IN ('PENDING', 'RUNNING')";
// Every change under a claim names the token: zero rows changed means that the claim was lost.
#define PLUMBLINE_UNDER_CLAIM " WHERE id = :id AND token = :token AND state = 'RUNNING'"
constexpr char kSetProgress[] =
    "UPDATE operations SET progress_done = :done, progress_total = :total,"
    " progress_phase = :phase" PLUMBLINE_UNDER_CLAIM;
constexpr char kSelectCancel[] = "SELECT cancel_requested FROM operations" PLUMBLINE_UNDER_CLAIM;
constexpr char kFail[] =
    "UPDATE operations SET state = 'FAILED', error = :error, end_time = :now" PLUMBLINE_UNDER_CLAIM;
constexpr char kSucceed[] =
    "UPDATE operations SET state = 'SUCCEEDED', result = :result, end_time = :now" PLUMBLINE_UNDER_CLAIM;
constexpr char kMarkCancelled[] = "UPDATE operations SET state = 'CANCELLED', end_time = :now" PLUMBLINE_UNDER_CLAIM;
constexpr char kRelease[] = "UPDATE operations SET state = 'PENDING'" PLUMBLINE_UNDER_CLAIM;

std::string ResourceName(const std::string& id) { return "operations/" + id; }

// Ids reach the database from URLs and queues: what cannot be an id is not there.
constexpr size_t kMaxIdBytes = 200;

absl::Time TimeOrPast(const Row& row, std::string_view column) {
  return row.IsNull(column) ? absl::InfinitePast() : row.Time(column);
}

Operation ReadHead(const Row& row) {
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
  return operation;
}

absl::StatusOr<Operation> Select(Transaction& transaction, const std::string& id) {
  if (id.size() > kMaxIdBytes) return NotFound(ResourceName(id.substr(0, kMaxIdBytes)));
  ASSIGN_OR_RETURN(const std::vector<Row> rows, transaction.Query(kSelect, {{"id", id}}));
  if (rows.empty()) return NotFound(ResourceName(id));
  Operation operation = ReadHead(rows.front());
  operation.payload = rows.front().Bytes("payload");
  operation.result = rows.front().Bytes("result");
  return operation;
}

// Why a statement under `claim` found nothing.
absl::Status ClaimLost(Transaction& transaction, const Claim& claim) {
  RETURN_IF_ERROR(Select(transaction, claim.operation_id).status());
  return StaleClaimError(claim);
}

absl::Status UpdateUnderClaim(Transaction& transaction, const Claim& claim, const std::string& statement,
                              Params params) {
  params.push_back({"id", claim.operation_id});
  params.push_back({"token", claim.token});
  ASSIGN_OR_RETURN(const int64_t changed, transaction.Execute(statement, params));
  return changed == 1 ? absl::OkStatus() : ClaimLost(transaction, claim);
}

// Where the next page starts: "1 <create time> <target bytes> <target><id>" in base64 for URLs. The target is part of
// it, so that a token cannot be used to page through something else.
struct PageToken {
  int64_t time = 0;
  std::string id;
};

std::string EncodePageToken(const std::string& target, const Operation& last) {
  return absl::WebSafeBase64Escape(
      absl::StrCat("1 ", absl::ToUnixMicros(last.create_time), " ", target.size(), " ", target, last.id));
}

absl::StatusOr<PageToken> DecodePageToken(const std::string& target, const std::string& token) {
  const absl::Status error = InvalidField("page_token", "", "must be a token that List returned for the same request");
  std::string text;
  if (!absl::WebSafeBase64Unescape(token, &text) || text.rfind("1 ", 0) != 0) return error;
  PageToken decoded;
  size_t target_size = 0;
  const char* const end = text.data() + text.size();
  const auto time = std::from_chars(text.data() + 2, end, decoded.time);
  if (time.ec != std::errc() || time.ptr == end || *time.ptr != ' ') return error;
  const auto size = std::from_chars(time.ptr + 1, end, target_size);
  if (size.ec != std::errc() || size.ptr == end || *size.ptr != ' ') return error;
  const std::string_view rest(size.ptr + 1, static_cast<size_t>(end - size.ptr - 1));
  if (target_size > rest.size() || rest.substr(0, target_size) != target) return error;
  decoded.id = rest.substr(target_size);
  if (decoded.id.empty() || decoded.id.size() > kMaxIdBytes) return error;
  return decoded;
}

}  // namespace

absl::StatusOr<Operation> SqlOperationStore::Get(const std::string& id) {
  absl::StatusOr<Operation> operation;
  RETURN_IF_ERROR(database_.Read([&](Transaction& transaction) {
    operation = Select(transaction, id);
    return operation.status();
  }));
  return operation;
}

absl::StatusOr<OperationStore::Page> SqlOperationStore::List(const std::string& target, int page_size,
                                                             const std::string& page_token) {
  if (page_size < 1) return InvalidField("page_size", absl::StrCat(page_size), "must be positive");
  // One more than asked for tells whether there is a next page.
  Params params = {{"limit", int64_t{page_size} + 1}};
  const char* statement = target.empty() ? kSelectPage : kSelectTargetPage;
  if (!target.empty()) params.push_back({"target", target});
  if (!page_token.empty()) {
    ASSIGN_OR_RETURN(const PageToken start, DecodePageToken(target, page_token));
    params.push_back({"time", start.time});
    params.push_back({"id", start.id});
    statement = target.empty() ? kSelectPageAfter : kSelectTargetPageAfter;
  }
  std::vector<Row> rows;
  RETURN_IF_ERROR(database_.Read([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(rows, transaction.Query(statement, params));
    return absl::OkStatus();
  }));
  Page page;
  for (const Row& row : rows) {
    if (page.operations.size() == static_cast<size_t>(page_size)) {
      page.next_page_token = EncodePageToken(target, page.operations.back());
      break;
    }
    page.operations.push_back(ReadHead(row));
  }
  return page;
}

absl::StatusOr<Operation> SqlOperationStore::RequestCancel(const std::string& id, absl::Time now) {
  absl::StatusOr<Operation> operation;
  RETURN_IF_ERROR(database_.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.Execute(kCancel, {{"id", id}, {"now", sql::Time(now)}}).status());
    operation = Select(transaction, id);
    return operation.status();
  }));
  return operation;
}

absl::StatusOr<Operation> SqlOperationStore::Claim(const std::string& id, absl::Time now) {
  absl::StatusOr<Operation> operation;
  RETURN_IF_ERROR(database_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t changed, transaction.Execute(kClaim, {{"id", id}, {"now", sql::Time(now)}}));
    operation = Select(transaction, id);
    if (operation.ok() && changed == 0) {
      operation = FailedPrecondition("OPERATION_FINISHED", ResourceName(id), "the operation is finished");
    }
    return operation.status();
  }));
  return operation;
}

absl::Status SqlOperationStore::SetProgress(const jobs::Claim& claim, const Progress& progress) {
  return database_.Write([&](Transaction& transaction) {
    return UpdateUnderClaim(transaction, claim, kSetProgress,
                            {{"done", progress.done}, {"total", progress.total}, {"phase", progress.phase}});
  });
}

absl::StatusOr<bool> SqlOperationStore::IsCancelRequested(const jobs::Claim& claim) {
  bool requested = false;
  RETURN_IF_ERROR(database_.Read([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Row> rows,
                     transaction.Query(kSelectCancel, {{"id", claim.operation_id}, {"token", claim.token}}));
    if (rows.empty()) return ClaimLost(transaction, claim);
    requested = rows.front().Int("cancel_requested") != 0;
    return absl::OkStatus();
  }));
  return requested;
}

absl::Status SqlOperationStore::Fail(const jobs::Claim& claim, const absl::Status& error, absl::Time now) {
  return database_.Write([&](Transaction& transaction) {
    return UpdateUnderClaim(transaction, claim, kFail,
                            {{"error", sql::EncodeBytes(EncodeStatus(error))}, {"now", sql::Time(now)}});
  });
}

absl::Status SqlOperationStore::MarkCancelled(const jobs::Claim& claim, absl::Time now) {
  return database_.Write([&](Transaction& transaction) {
    return UpdateUnderClaim(transaction, claim, kMarkCancelled, {{"now", sql::Time(now)}});
  });
}

absl::Status SqlOperationStore::Release(const jobs::Claim& claim) {
  return database_.Write([&](Transaction& transaction) { return UpdateUnderClaim(transaction, claim, kRelease, {}); });
}

absl::StatusOr<std::vector<OperationStore::Unfinished>> SqlOperationStore::ListUnfinished(absl::Time before,
                                                                                          const std::string& after_id,
                                                                                          int limit) {
  std::vector<Unfinished> unfinished;
  RETURN_IF_ERROR(database_.Read([&](Transaction& transaction) -> absl::Status {
    unfinished.clear();
    ASSIGN_OR_RETURN(const std::vector<Row> rows,
                     transaction.Query(
                         kSelectUnfinished,
                         {{"after", after_id}, {"before", sql::Time(before)}, {"limit", static_cast<int64_t>(limit)}}));
    for (const Row& row : rows) unfinished.push_back({row.Text("id"), row.Text("kind")});
    return absl::OkStatus();
  }));
  return unfinished;
}

absl::Status InsertOperations(Transaction& transaction, const std::vector<OperationDraft>& drafts,
                              const std::string& actor, absl::Time now) {
  for (const OperationDraft& draft : drafts) {
    RETURN_IF_ERROR(transaction
                        .Execute(kInsert, {{"id", draft.id},
                                           {"kind", draft.kind},
                                           {"payload", sql::EncodeBytes(draft.payload)},
                                           {"target", draft.target},
                                           {"actor", actor},
                                           {"now", sql::Time(now)}})
                        .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<Operation> CheckClaim(Transaction& transaction, const Claim& claim) {
  ASSIGN_OR_RETURN(Operation operation, Select(transaction, claim.operation_id));
  if (operation.token != claim.token || operation.state != OperationState::kRunning) return StaleClaimError(claim);
  return operation;
}

absl::Status Succeed(Transaction& transaction, const Claim& claim, const std::string& result, absl::Time now) {
  return UpdateUnderClaim(transaction, claim, kSucceed,
                          {{"result", sql::EncodeBytes(result)}, {"now", sql::Time(now)}});
}

sql::Migration OperationsMigration(int version) {
  return {version,
          "operations",
          {"CREATE TABLE operations ("
           "id TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL,"
           "target TEXT NOT NULL, actor TEXT NOT NULL,"
           "state TEXT NOT NULL CHECK (state IN ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),"
           "progress_done BIGINT NOT NULL DEFAULT 0, progress_total BIGINT NOT NULL DEFAULT 0,"
           "progress_phase TEXT NOT NULL DEFAULT '', cancel_requested BIGINT NOT NULL DEFAULT 0,"
           "attempts BIGINT NOT NULL DEFAULT 0, token BIGINT NOT NULL DEFAULT 0,"
           "result TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT '',"
           "create_time BIGINT NOT NULL, start_time BIGINT, end_time BIGINT)",
           "CREATE INDEX operations_by_time ON operations (create_time, id)",
           "CREATE INDEX operations_by_target ON operations (target, create_time, id)",
           "CREATE INDEX operations_unfinished ON operations (id) WHERE state IN ('PENDING', 'RUNNING')"}};
}

}  // namespace plumbline::jobs
