#include "common/sql/request_log.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::sql {
namespace {

constexpr char kSelect[] =
    "SELECT method, digest, response FROM request_log WHERE actor = :actor AND request_id = :request_id";
constexpr char kInsert[] =
    "INSERT INTO request_log (actor, request_id, method, digest, response, create_time)"
    " VALUES (:actor, :request_id, :method, :digest, '', :time)";
constexpr char kUpdate[] =
    "UPDATE request_log SET response = :response WHERE actor = :actor AND request_id = :request_id";
constexpr char kDelete[] = "DELETE FROM request_log WHERE create_time < :before";

}  // namespace

absl::Status RequestIdReusedError(const std::string& request_id) {
  return MakeError(absl::StatusCode::kInvalidArgument, "request_id was used before for a different request",
                   {.reason = "REQUEST_ID_REUSED",
                    .metadata = {},
                    .violations = {{"request_id", "\"" + request_id + "\" was used before for a different request"}},
                    .retry_after = {}});
}

absl::StatusOr<std::optional<std::string>> BeginRequest(Transaction& transaction, const Mutation& mutation) {
  if (mutation.request_id.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   transaction.Query(kSelect, {{"actor", mutation.actor}, {"request_id", mutation.request_id}}));
  if (rows.empty()) {
    RETURN_IF_ERROR(transaction
                        .Execute(kInsert, {{"actor", mutation.actor},
                                           {"request_id", mutation.request_id},
                                           {"method", mutation.method},
                                           {"digest", mutation.request_digest},
                                           {"time", Time(mutation.now)}})
                        .status());
    return std::nullopt;
  }
  const Row& row = rows.front();
  if (row.Text("method") != mutation.method || row.Text("digest") != mutation.request_digest) {
    return RequestIdReusedError(mutation.request_id);
  }
  return row.Bytes("response");
}

absl::Status FinishRequest(Transaction& transaction, const Mutation& mutation, const std::string& response) {
  if (mutation.request_id.empty()) return absl::OkStatus();
  return transaction
      .Execute(kUpdate,
               {{"response", EncodeBytes(response)}, {"actor", mutation.actor}, {"request_id", mutation.request_id}})
      .status();
}

absl::StatusOr<int64_t> PruneResponses(Transaction& transaction, absl::Time before) {
  return transaction.Execute(kDelete, {{"before", Time(before)}});
}

Migration RequestLogMigration(int version) {
  return {version,
          "request log",
          {"CREATE TABLE request_log ("
           "actor TEXT NOT NULL, request_id TEXT NOT NULL, method TEXT NOT NULL, digest TEXT NOT NULL,"
           "response TEXT NOT NULL, create_time BIGINT NOT NULL, PRIMARY KEY (actor, request_id))",
           "CREATE INDEX request_log_by_time ON request_log (create_time)"}};
}

}  // namespace plumbline::sql
