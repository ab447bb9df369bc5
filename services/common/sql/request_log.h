#ifndef PLUMBLINE_COMMON_SQL_REQUEST_LOG_H_
#define PLUMBLINE_COMMON_SQL_REQUEST_LOG_H_

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/mutation.h"
#include "common/sql/database.h"

// The answers already given, so that a repeated request gets the first one again. The key is (actor, request_id): one
// caller can neither read nor use up another's ids, and an id used for two different methods shows as reuse.
namespace plumbline::sql {

// Looks the request up before anything is done for it: the first answer, or nullopt when it is new (then its id is
// taken for this transaction) or carries no request id. A concurrent copy of the same request waits here for the first
// one to commit. INVALID_ARGUMENT, reason REQUEST_ID_REUSED, when the actor used the id before with another method or
// another request.
absl::StatusOr<std::optional<std::string>> BeginRequest(Transaction& transaction, const Mutation& mutation);

// Keeps `response` (opaque bytes) for replays of what BeginRequest began; nothing when there is no request id.
absl::Status FinishRequest(Transaction& transaction, const Mutation& mutation, const std::string& response);

// Forgets answers recorded before `before`; how many. Replays older than that run anew.
absl::StatusOr<int64_t> PruneResponses(Transaction& transaction, absl::Time before);

// INVALID_ARGUMENT, reason REQUEST_ID_REUSED.
absl::Status RequestIdReusedError(const std::string& request_id);

Migration RequestLogMigration(int version);

}  // namespace plumbline::sql

#endif  // PLUMBLINE_COMMON_SQL_REQUEST_LOG_H_
