#ifndef PLUMBLINE_CLI_SIMULATE_FOLDER_H_
#define PLUMBLINE_CLI_SIMULATE_FOLDER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/simulate/simulate.h"

// Files of a folder to and from memory: the only part of the simulation that touches a disk.
namespace plumbline::simulate {

// One file. NOT_FOUND where it cannot be read.
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

// Every regular file of `folder` and, with `recursive`, below it, by its path inside the folder with "/" between parts.
absl::StatusOr<Files> ReadFolder(const std::string& folder, bool recursive);

// FAILED_PRECONDITION where `folder` exists and is not empty: nothing is ever written over. UNAVAILABLE where the disk
// refuses; what was written until then stays.
absl::Status WriteFolder(const std::string& folder, const Files& files);

}  // namespace plumbline::simulate

#endif  // PLUMBLINE_CLI_SIMULATE_FOLDER_H_
