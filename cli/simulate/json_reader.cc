#include "cli/simulate/json_reader.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"

namespace plumbline::simulate {
namespace {

constexpr int kMaxDepth = 20;
const nlohmann::json& EmptyObject() {
  static const auto* const empty = new nlohmann::json(nlohmann::json::object());
  return *empty;
}

}  // namespace

const nlohmann::json* JsonReader::Find(const char* field) const {
  if (!Has(field)) {
    violations_->AddMissing(Place(field));
    return nullptr;
  }
  return &(*json_)[field];
}

JsonReader JsonReader::Object(const char* field) const {
  const nlohmann::json* found = Find(field);
  if (found != nullptr && !found->is_object()) {
    violations_->Add(Place(field), found->dump(), "must be an object");
    found = nullptr;
  }
  return JsonReader(found == nullptr ? EmptyObject() : *found, Place(field), *violations_);
}

std::vector<JsonReader> JsonReader::List(const char* field) const {
  std::vector<JsonReader> out;
  const nlohmann::json* found = Find(field);
  if (found == nullptr) return out;
  if (!found->is_array() || found->empty()) {
    violations_->Add(Place(field), found->dump(), "must be a list that is not empty");
    return out;
  }
  for (size_t i = 0; i < found->size(); ++i) {
    out.emplace_back((*found)[i], absl::StrCat(Place(field), "[", i, "]"), *violations_);
  }
  return out;
}

std::vector<std::pair<std::string, JsonReader>> JsonReader::Fields() const {
  std::vector<std::pair<std::string, JsonReader>> out;
  if (!json_->is_object()) return out;
  for (const auto& [name, value] : json_->items()) {
    out.emplace_back(name, JsonReader(value, Place(name.c_str()), *violations_));
  }
  return out;
}

double JsonReader::Number(const char* field, double low, double high) const {
  const nlohmann::json* found = Find(field);
  if (found == nullptr) return low;
  const double value = found->is_number() ? found->get<double>() : std::nan("");
  if (!(value >= low && value <= high)) {
    violations_->Add(Place(field), found->dump(), absl::StrCat("must be a number from ", low, " to ", high));
    return low;
  }
  return value;
}

double JsonReader::NumberOr(const char* field, double otherwise, double low, double high) const {
  return Has(field) ? Number(field, low, high) : otherwise;
}

int JsonReader::Int(const char* field, int low, int high) const {
  const nlohmann::json* found = Find(field);
  if (found == nullptr) return low;
  if (!found->is_number_integer() || found->get<double>() < low || found->get<double>() > high) {
    violations_->Add(Place(field), found->dump(), absl::StrCat("must be a whole number from ", low, " to ", high));
    return low;
  }
  return found->get<int>();
}

std::string JsonReader::Text(const char* field) const {
  const nlohmann::json* found = Find(field);
  if (found == nullptr) return "";
  if (!found->is_string() || found->get_ref<const std::string&>().empty()) {
    violations_->Add(Place(field), found->dump(), "must be a text that is not empty");
    return "";
  }
  return found->get<std::string>();
}

std::string JsonReader::TextOr(const char* field, const std::string& otherwise) const {
  return Has(field) ? Text(field) : otherwise;
}

std::vector<std::string> JsonReader::Texts(const char* field) const {
  std::vector<std::string> out;
  for (const JsonReader& entry : List(field)) {
    if (!entry.json_->is_string()) {
      entry.Refuse(entry.json_->dump(), "must be a text");
      continue;
    }
    out.push_back(entry.json_->get<std::string>());
  }
  return out;
}

std::vector<std::string> JsonReader::TextsOrNone(const char* field) const {
  return Has(field) ? Texts(field) : std::vector<std::string>{};
}

double JsonReader::Sourced(const char* field, double low, double high) const {
  const JsonReader object = Object(field);
  object.RequireSource();
  return object.Number("value", low, high);
}

void JsonReader::RequireSource() const { Text("source"); }

absl::StatusOr<nlohmann::json> ParseJsonObject(std::string_view text, std::string_view file, size_t max_bytes) {
  if (text.size() > max_bytes) {
    return InvalidField(file, absl::StrCat(text.size(), " bytes"), absl::StrCat("may have at most ", max_bytes));
  }
  bool too_deep = false;
  const nlohmann::json::parser_callback_t limit = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    too_deep = too_deep || depth > kMaxDepth;
    return depth <= kMaxDepth;
  };
  nlohmann::json json = nlohmann::json::parse(text, limit, /*allow_exceptions=*/false);
  if (json.is_discarded()) return InvalidField(file, "", "must be JSON");
  if (too_deep) return InvalidField(file, "", absl::StrCat("may nest at most ", kMaxDepth, " levels deep"));
  if (!json.is_object()) return InvalidField(file, "", "must be a JSON object");
  return json;
}

absl::Status InFile(std::string_view file, const absl::Status& status) {
  if (status.ok()) return status;
  ErrorDetail detail = GetErrorDetail(status).value_or(ErrorDetail{});
  for (FieldViolation& violation : detail.violations)
    violation.field = absl::StrCat(std::string(file), ": ", violation.field);
  return MakeError(status.code(), absl::StrCat(std::string(file), ": ", std::string(status.message())),
                   std::move(detail));
}

}  // namespace plumbline::simulate
