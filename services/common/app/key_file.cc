#include "common/app/key_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::app {
namespace {

absl::StatusOr<std::string> NewRing(const jobs::RandomBytes& random) {
  std::array<uint8_t, crypto::Key::kBytes> bytes = {};
  RETURN_IF_ERROR(random(bytes.data(), bytes.size()));
  const std::string encoded =
      absl::Base64Escape(absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  return absl::StrCat("k1 ", encoded, "\n");
}

// Under another name first: a process that dies half-way leaves no half of a key under the right one.
absl::Status WriteFile(const std::string& path, const std::string& text) {
  const std::string draft = path + ".new";
  const int file = open(draft.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) return InvalidField("key file", draft, "must be in a folder this user can write to");
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(file) == 0;
  const bool closed = close(file) == 0;
  if (!written || !closed || std::rename(draft.c_str(), path.c_str()) != 0) {
    return absl::UnavailableError(absl::StrCat("cannot write ", path));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<crypto::Key>> ReadOrMakeKeyRing(const std::string& path, const jobs::RandomBytes& random) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    ASSIGN_OR_RETURN(const std::string ring, NewRing(random));
    RETURN_IF_ERROR(WriteFile(path, ring));
  }
  return crypto::ReadKeyRing(path);
}

}  // namespace plumbline::app
