#ifndef PLUMBLINE_COMMON_BASE_LOG_H_
#define PLUMBLINE_COMMON_BASE_LOG_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

#include "absl/strings/string_view.h"

// Structured logs: one JSON object a line on standard error. Fields are ids, counts and durations, never transcript
// text, answers, names or request bodies. Thread-safe.
namespace plumbline::log {

struct Field {
  Field(std::string_view k, std::string_view v) : key(k), value(v), quoted(true) {}
  Field(std::string_view k, const char* v) : Field(k, std::string_view(v)) {}
  Field(std::string_view k, const std::string& v) : Field(k, std::string_view(v)) {}
  Field(std::string_view k, absl::string_view v) : Field(k, std::string_view(v.data(), v.size())) {}
  Field(std::string_view k, bool v) : key(k), value(v ? "true" : "false"), quoted(false) {}
  template <typename Number>
  requires std::is_arithmetic_v<Number> Field(std::string_view k, Number v)
      : key(k), value(std::to_string(v)), quoted(false) {}

  std::string key;
  std::string value;
  bool quoted;
};

// `event` is a fixed dotted name such as "job.stale_commit_refused": what people search for.
void Debug(std::string_view event, std::initializer_list<Field> fields = {});
void Info(std::string_view event, std::initializer_list<Field> fields = {});
void Warning(std::string_view event, std::initializer_list<Field> fields = {});
void Error(std::string_view event, std::initializer_list<Field> fields = {});

// "debug", "info", "warning", "error" or "off"; anything else counts as "info".
void SetLevel(std::string_view level);

// `text` as a JSON string literal with its quotes; bytes that are not UTF-8 text become U+FFFD.
std::string JsonQuote(std::string_view text);

}  // namespace plumbline::log

#endif  // PLUMBLINE_COMMON_BASE_LOG_H_
