#ifndef PLUMBLINE_COMMON_APP_KEY_FILE_H_
#define PLUMBLINE_COMMON_APP_KEY_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/jobs/payload_cipher.h"

namespace plumbline::app {

// The key ring in the file at `path`, which is made first when there is none: one random key, for this user only (mode
// 0600). A file that is there is never changed. For one process at a time.
absl::StatusOr<std::vector<crypto::Key>> ReadOrMakeKeyRing(const std::string& path,
                                                           const jobs::RandomBytes& random = jobs::SystemRandomBytes());

}  // namespace plumbline::app

#endif  // PLUMBLINE_COMMON_APP_KEY_FILE_H_
