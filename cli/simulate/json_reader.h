#ifndef PLUMBLINE_CLI_SIMULATE_JSON_READER_H_
#define PLUMBLINE_CLI_SIMULATE_JSON_READER_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "nlohmann/json.hpp"

namespace plumbline::simulate {

// A JSON value with its place, which reads fields and notes what is wrong with them instead of stopping at the first.
// Refers to the JSON and the violations it was made with, which must outlive it. Not thread-safe.
class JsonReader {
 public:
  JsonReader(const nlohmann::json& json, std::string place, Violations& violations)
      : json_(&json), place_(std::move(place)), violations_(&violations) {}

  const std::string& place() const { return place_; }
  bool Has(const char* field) const { return json_->is_object() && json_->contains(field); }
  // A field that must be an object or a list; where it is not, a violation and an empty one.
  JsonReader Object(const char* field) const;
  // Entries of a list field, each with its place.
  std::vector<JsonReader> List(const char* field) const;
  // Fields of this object, by name.
  std::vector<std::pair<std::string, JsonReader>> Fields() const;

  // Violations where the field is missing, of another type or outside [low, high]; then `low` or "".
  double Number(const char* field, double low, double high) const;
  int Int(const char* field, int low, int high) const;
  std::string Text(const char* field) const;
  std::vector<std::string> Texts(const char* field) const;
  std::string TextOr(const char* field, const std::string& otherwise) const;
  std::vector<std::string> TextsOrNone(const char* field) const;
  double NumberOr(const char* field, double otherwise, double low, double high) const;
  // The number this object is about: {"value": 0.32, "source": "..."}; the source must be there.
  double Sourced(const char* field, double low, double high) const;
  // Notes a violation where this object has no source.
  void RequireSource() const;

  void Refuse(const std::string& value, std::string_view rule) const { violations_->Add(place_, value, rule); }

 private:
  std::string Place(const char* field) const { return place_.empty() ? field : place_ + "." + field; }
  const nlohmann::json* Find(const char* field) const;  // nullptr and a violation where missing

  const nlohmann::json* json_;
  std::string place_;
  Violations* violations_;
};

// Parses `text` (at most `max_bytes`, at most 20 levels deep) as a JSON object. INVALID_ARGUMENT naming `file`.
absl::StatusOr<nlohmann::json> ParseJsonObject(std::string_view text, std::string_view file, size_t max_bytes);

// The violations with `file` before the message and every place; OK where there are none.
absl::Status InFile(std::string_view file, const absl::Status& status);

}  // namespace plumbline::simulate

#endif  // PLUMBLINE_CLI_SIMULATE_JSON_READER_H_
