#ifndef PLUMBLINE_COMMON_BASE_MUTATION_H_
#define PLUMBLINE_COMMON_BASE_MUTATION_H_

#include <string>

#include "absl/time/time.h"

namespace plumbline {

// Who asks for a change, and the key that makes repeating it safe. Every mutating call carries one down to the store,
// which keeps it in the same transaction as the change (promises 3 and 9).
struct Mutation {
  std::string actor;           // principal; "anonymous" where no identity was presented
  std::string method;          // "plumbline.coding.v1.StudyService/CreateStudy"
  std::string request_id;      // chosen by the caller; empty: the change is not replayable
  std::string request_digest;  // hex SHA-256 of the request without its request_id: tells a replay from a reused id
  absl::Time now;
};

// One line of the audit log, written in the transaction of the change it describes. Holds names and counts only:
// never transcript text, answers or personal data.
struct AuditEntry {
  std::string action;    // "study.create"
  std::string resource;  // "studies/abc"
  std::string detail;    // e.g. "items=106 coders=3"
};

}  // namespace plumbline

#endif  // PLUMBLINE_COMMON_BASE_MUTATION_H_
