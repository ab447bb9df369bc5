#ifndef PLUMBLINE_COMMON_BASE_ENV_H_
#define PLUMBLINE_COMMON_BASE_ENV_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace plumbline {

// Typed configuration from environment variables. Lookup is a parameter, so tests need no real environment.
// Every error names the variable, its value and the rule.
class Env {
 public:
  using Lookup = std::function<std::optional<std::string>(const std::string& name)>;
  explicit Env(Lookup lookup) : lookup_(std::move(lookup)) {}
  static Env Process();  // reads the environment of this process

  // A variable that is unset or empty takes `fallback`.
  std::string String(const std::string& name, std::string_view fallback) const;
  absl::StatusOr<std::string> Required(const std::string& name) const;
  absl::StatusOr<int64_t> Int(const std::string& name, int64_t fallback, int64_t min, int64_t max) const;
  absl::StatusOr<bool> Bool(const std::string& name, bool fallback) const;  // "true" or "false"
  // "1.5s", "2m"; from `min` to `max`, both included.
  absl::StatusOr<absl::Duration> Duration(const std::string& name, absl::Duration fallback, absl::Duration min,
                                          absl::Duration max) const;
  // The content of the file that `name` points to, without one trailing newline: how secrets are passed. Unset: "".
  absl::StatusOr<std::string> Secret(const std::string& name) const;

 private:
  Lookup lookup_;
};

}  // namespace plumbline

#endif  // PLUMBLINE_COMMON_BASE_ENV_H_
