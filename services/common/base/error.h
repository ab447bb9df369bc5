#ifndef PLUMBLINE_COMMON_BASE_ERROR_H_
#define PLUMBLINE_COMMON_BASE_ERROR_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

// The one error vocabulary: absl::Status whose payload carries what a client program needs to act on the error.
// `common/rpc` turns the payload into google.rpc details on the wire; nothing else converts errors.
//
// Which code to use (after the rules in absl/status/status.h):
//   INVALID_ARGUMENT     the request is wrong whatever the state of the system: use Violations or InvalidField.
//   NOT_FOUND            the named resource does not exist: use NotFound.
//   ALREADY_EXISTS       the caller chose a name that is taken.
//   FAILED_PRECONDITION  the request is fine, the state forbids it, and retrying will not help (closed study).
//   ABORTED              somebody else changed it first: read again, then retry (stale etag, stale lease).
//   RESOURCE_EXHAUSTED   a stated limit; with retry_after where waiting helps.
//   UNAVAILABLE          a peer is down; the same call may be retried.
//   INTERNAL             a bug or a broken invariant. The message a client sees says nothing of the inside.
namespace plumbline {

struct FieldViolation {
  std::string field;        // path in the request: "turns[3].speaker", or "row 12, column code" for a table
  std::string description;  // the value and the rule it breaks
};

struct ErrorDetail {
  std::string reason;                           // UPPER_SNAKE_CASE, stable: clients may branch on it
  std::map<std::string, std::string> metadata;  // e.g. {"resource": "studies/abc"}
  std::vector<FieldViolation> violations;       // for INVALID_ARGUMENT
  std::optional<absl::Duration> retry_after;
};

// Builds a status that carries `detail`. `message` is for people and never holds secrets or personal data.
absl::Status MakeError(absl::StatusCode code, std::string_view message, ErrorDetail detail);

// The detail carried by `status`, or nullopt where it carries none (an error from outside our code).
std::optional<ErrorDetail> GetErrorDetail(const absl::Status& status);

// INVALID_ARGUMENT "<field>: value "<value>": <rule>". Long values are cut to 80 bytes.
absl::Status InvalidField(std::string_view field, std::string_view value, std::string_view rule);

// NOT_FOUND, reason RESOURCE_NOT_FOUND, metadata {"resource": name}.
absl::Status NotFound(std::string_view resource_name);

// ALREADY_EXISTS, reason RESOURCE_ALREADY_EXISTS.
absl::Status AlreadyExists(std::string_view resource_name);

// FAILED_PRECONDITION with `reason` and the resource it concerns.
absl::Status FailedPrecondition(std::string_view reason, std::string_view resource_name, std::string_view message);

// ABORTED, reason STALE_ETAG: `resource_name` was changed since the caller read it.
absl::Status StaleEtag(std::string_view resource_name);

// The database could not be asked, or could not confirm: UNAVAILABLE with one of the first two reasons,
// RESOURCE_EXHAUSTED with the third. Whatever was asked is as right or wrong as before.
inline constexpr char kDatabaseUnavailable[] = "DATABASE_UNAVAILABLE";
inline constexpr char kCommitUnknown[] = "COMMIT_UNKNOWN";
inline constexpr char kDatabaseFull[] = "DATABASE_FULL";
bool IsDatabaseTrouble(const absl::Status& status);

// Collects every violation of a request, so that a caller can mend them all at once. Not thread-safe.
class Violations {
 public:
  // `rule` says what is allowed ("must be 1 to 7"), `value` what was sent.
  void Add(std::string_view field, std::string_view value, std::string_view rule);
  void AddMissing(std::string_view field);
  bool empty() const { return violations_.empty(); }
  // OK when nothing was added; else INVALID_ARGUMENT, reason INVALID_FIELD, with at most kMaxReported violations
  // (the message states how many more there were).
  absl::Status ToStatus() const;

  static constexpr size_t kMaxReported = 50;

 private:
  std::vector<FieldViolation> violations_;
};

}  // namespace plumbline

#endif  // PLUMBLINE_COMMON_BASE_ERROR_H_
