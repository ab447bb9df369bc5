#ifndef PLUMBLINE_COMMON_JOBS_OPERATION_H_
#define PLUMBLINE_COMMON_JOBS_OPERATION_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

// A long piece of work as the database keeps it. The database is the record; the queue only carries its id to a worker
// (promise 1). Plain data: no SQL, no Redis, no protos.
namespace plumbline::jobs {

enum class OperationState { kPending, kRunning, kSucceeded, kFailed, kCancelled };

// "PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED": what the database holds. From any other text: kFailed, so
// that a state this program does not know is never run.
const char* ToString(OperationState state);
OperationState OperationStateFromString(const std::string& text);
inline bool IsTerminal(OperationState state) {
  return state != OperationState::kPending && state != OperationState::kRunning;
}

struct Progress {
  int64_t done = 0;
  int64_t total = 0;  // 0: not known yet
  std::string phase;  // short words for people: "scoring responses"
};

struct Operation {
  std::string id;       // "<service>-<random>", e.g. "coding-k3v...": the last part of its resource name
  std::string kind;     // handler name, e.g. "coding.analyze_study"
  std::string payload;  // opaque bytes for the handler
  std::string target;   // resource it works on, e.g. "studies/abc"; may be empty
  std::string actor;
  OperationState state = OperationState::kPending;
  Progress progress;
  bool cancel_requested = false;
  int attempts = 0;    // how often a worker claimed it
  int64_t token = 0;   // fencing token: grows with every claim
  std::string result;  // opaque bytes, when succeeded
  absl::Status error;  // with its ErrorDetail, when failed
  absl::Time create_time = absl::InfinitePast();
  absl::Time start_time = absl::InfinitePast();  // of the last claim
  absl::Time end_time = absl::InfinitePast();
};

// What a store needs to record a new operation in the transaction of the request that asks for it.
struct OperationDraft {
  std::string id;
  std::string kind;
  std::string payload;
  std::string target;
};

// A worker's right to finish one operation. It is lost as soon as another worker claims the same operation.
struct Claim {
  std::string operation_id;
  int64_t token = 0;
};

// ABORTED, reason STALE_CLAIM: what a commit under a lost claim answers.
absl::Status StaleClaimError(const Claim& claim);
bool IsStaleClaim(const absl::Status& status);

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_OPERATION_H_
