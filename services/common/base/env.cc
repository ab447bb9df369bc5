#include "common/base/env.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace plumbline {

Env Env::Process() {
  return Env([](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  });
}

std::string Env::String(const std::string& name, std::string_view fallback) const {
  const auto value = lookup_(name);
  return value.has_value() && !value->empty() ? *value : std::string(fallback);
}

absl::StatusOr<std::string> Env::Required(const std::string& name) const {
  std::string value = String(name, "");
  if (value.empty()) return InvalidField(name, "", "this environment variable must be set");
  return value;
}

absl::StatusOr<int64_t> Env::Int(const std::string& name, int64_t fallback, int64_t min, int64_t max) const {
  const std::string text = String(name, "");
  if (text.empty()) return fallback;
  int64_t value = 0;
  if (!absl::SimpleAtoi(text, &value) || value < min || value > max) {
    return InvalidField(name, text, absl::StrCat("must be a whole number from ", min, " to ", max));
  }
  return value;
}

absl::StatusOr<bool> Env::Bool(const std::string& name, bool fallback) const {
  const std::string text = String(name, "");
  if (text.empty()) return fallback;
  if (text == "true") return true;
  if (text == "false") return false;
  return InvalidField(name, text, "must be true or false");
}

absl::StatusOr<absl::Duration> Env::Duration(const std::string& name, absl::Duration fallback, absl::Duration min,
                                             absl::Duration max) const {
  const std::string text = String(name, "");
  if (text.empty()) return fallback;
  absl::Duration value;
  if (!absl::ParseDuration(text, &value) || value < min || value > max) {
    return InvalidField(name, text,
                        absl::StrCat("must be a duration from ", absl::FormatDuration(min), " to ",
                                     absl::FormatDuration(max), ", such as 500ms, 30s or 5m"));
  }
  return value;
}

absl::StatusOr<std::string> Env::Secret(const std::string& name) const {
  const std::string path = String(name, "");
  if (path.empty()) return std::string();
  std::ifstream file(path, std::ios::binary);
  if (!file) return InvalidField(name, path, "must name a file this process can read");
  std::ostringstream content;
  content << file.rdbuf();
  std::string secret = content.str();
  if (!secret.empty() && secret.back() == '\n') secret.pop_back();
  return secret;
}

}  // namespace plumbline
