#ifndef PLUMBLINE_CODING_STORAGE_SESSION_JSON_H_
#define PLUMBLINE_CODING_STORAGE_SESSION_JSON_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "coding/domain/results.h"

// The result of one session as the database keeps it.
namespace plumbline::coding {

std::string SessionToJson(const SessionFidelity& session);
// What SessionToJson wrote, digit for digit. INTERNAL for anything else.
absl::StatusOr<SessionFidelity> SessionFromJson(std::string_view text);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_SESSION_JSON_H_
