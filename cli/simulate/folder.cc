#include "cli/simulate/folder.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::simulate {
namespace {

namespace fs = std::filesystem;

absl::Status DiskError(const std::string& path, const std::string& what) {
  return MakeError(absl::StatusCode::kUnavailable, absl::StrCat(path, ": ", what),
                   {.reason = "FILE_NOT_WRITTEN", .metadata = {}, .violations = {}, .retry_after = {}});
}

}  // namespace

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) return NotFound(path);
  return content;
}

absl::StatusOr<Files> ReadFolder(const std::string& folder, bool recursive) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) return NotFound(folder);
  Files files;
  fs::recursive_directory_iterator it(folder, error);
  for (const fs::recursive_directory_iterator end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_directory(ignored) && !recursive) it.disable_recursion_pending();
    if (!it->is_regular_file(ignored)) continue;
    ASSIGN_OR_RETURN(files[fs::path(it->path()).lexically_relative(folder).generic_string()],
                     ReadTextFile(it->path().string()));
  }
  if (error) return NotFound(folder);
  return files;
}

absl::Status WriteFolder(const std::string& folder, const Files& files) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_empty(folder, error)) {
    return FailedPrecondition("FOLDER_NOT_EMPTY", folder, absl::StrCat(folder, " exists and is not empty"));
  }
  for (const auto& [name, content] : files) {
    const fs::path path = fs::path(folder) / name;
    fs::create_directories(path.parent_path(), error);
    if (error) return DiskError(path.parent_path().string(), error.message());
    std::ofstream file(path, std::ios::binary);
    file << content;
    if (!file.flush()) return DiskError(path.string(), "could not be written");
  }
  return absl::OkStatus();
}

}  // namespace plumbline::simulate
