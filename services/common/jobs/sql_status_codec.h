#ifndef PLUMBLINE_COMMON_JOBS_SQL_STATUS_CODEC_H_
#define PLUMBLINE_COMMON_JOBS_SQL_STATUS_CODEC_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace plumbline::jobs {

// A status with its ErrorDetail as bytes, and back: code, message, reason, metadata, violations and retry_after
// (microseconds) all survive. OK is "".
std::string EncodeStatus(const absl::Status& status);

// INTERNAL "the recorded error cannot be read" for bytes that EncodeStatus did not write.
absl::Status DecodeStatus(std::string_view bytes);

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_SQL_STATUS_CODEC_H_
