#include "instruments/storage/instrument_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace plumbline::instruments {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxDepth = 8;

absl::string_view View(std::string_view text) { return absl::string_view(text.data(), text.size()); }

std::string Shown(const Json& value) {
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 100);
}

// Parses strictly: nothing nests too deep, no field stands twice.
absl::StatusOr<Json> ParseJson(std::string_view text, std::string_view file) {
  std::vector<std::set<std::string>> open;  // fields seen in each open object; an array has none
  std::string twice;
  bool too_deep = false;
  const Json::parser_callback_t watch = [&](int, Json::parse_event_t event, Json& parsed) {
    switch (event) {
      case Json::parse_event_t::object_start:
      case Json::parse_event_t::array_start:
        open.emplace_back();
        too_deep = too_deep || open.size() > kMaxDepth;
        break;
      case Json::parse_event_t::object_end:
      case Json::parse_event_t::array_end:
        open.pop_back();
        break;
      case Json::parse_event_t::key:
        if (!open.back().insert(parsed.get<std::string>()).second && twice.empty()) twice = parsed.get<std::string>();
        break;
      case Json::parse_event_t::value:
        break;
    }
    return true;
  };
  Json json;
  try {
    json = Json::parse(text.begin(), text.end(), watch);
  } catch (const Json::exception& error) {
    const auto* at = dynamic_cast<const Json::parse_error*>(&error);
    const size_t byte = at == nullptr ? text.size() : std::min(at->byte, text.size());
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(byte), '\n');
    return InvalidField(absl::StrCat(View(file), ": line ", line), "", "must be JSON");
  }
  if (too_deep) return InvalidField(View(file).data(), "", absl::StrCat("may nest at most ", kMaxDepth, " levels"));
  if (!twice.empty()) return InvalidField(absl::StrCat(View(file), ": ", twice), twice, "this field stands twice");
  return json;
}

// One JSON object whose fields are taken one by one; what is wrong is collected with its place.
class Object {
 public:
  Object(const Json& json, std::string place, Violations& violations)
      : json_(json), place_(std::move(place)), violations_(violations) {
    if (!json_.is_object()) violations_.Add(place_, Shown(json_), "must be an object");
  }

  bool Has(const std::string& field) const { return json_.is_object() && json_.contains(field); }
  std::string Place(const std::string& field) const {
    return place_.ends_with(": ") ? place_ + field : place_ + "." + field;
  }

  std::string Text(const std::string& field, bool required) {
    const Json* value = Take(field, required);
    if (value == nullptr) return "";
    if (!value->is_string()) return Wrong(field, *value, "must be a text"), "";
    return value->get<std::string>();
  }

  double Number(const std::string& field, bool required) {
    const Json* value = Take(field, required);
    if (value == nullptr) return 0;
    if (!value->is_number()) return Wrong(field, *value, "must be a number"), 0;
    return value->get<double>();
  }

  int Int(const std::string& field, bool required) {
    const Json* value = Take(field, required);
    if (value == nullptr) return 0;
    const bool fits = value->is_number_integer() && value->get<double>() >= std::numeric_limits<int>::min() &&
                      value->get<double>() <= std::numeric_limits<int>::max();
    if (!fits) return Wrong(field, *value, "must be a whole number"), 0;
    return value->get<int>();
  }

  std::vector<std::string> Texts(const std::string& field, bool required) {
    std::vector<std::string> texts;
    for (const Json& value : Array(field, required)) {
      if (!value.is_string()) {
        Wrong(field, value, "must hold texts only");
        break;
      }
      texts.push_back(value.get<std::string>());
    }
    return texts;
  }

  std::vector<double> Numbers(const std::string& field, bool required) {
    std::vector<double> numbers;
    for (const Json& value : Array(field, required)) {
      if (!value.is_number()) {
        Wrong(field, value, "must hold numbers only");
        break;
      }
      numbers.push_back(value.get<double>());
    }
    return numbers;
  }

  // The elements, empty where the field is missing or no array.
  const Json& Array(const std::string& field, bool required) {
    static const Json* const empty = new Json(Json::array());
    const Json* value = Take(field, required);
    if (value == nullptr) return *empty;
    if (!value->is_array()) return Wrong(field, *value, "must be a list"), *empty;
    return *value;
  }

  const Json* Take(const std::string& field, bool required) {
    taken_.insert(field);
    if (Has(field)) return &json_.at(field);
    if (required && json_.is_object()) violations_.AddMissing(Place(field));
    return nullptr;
  }

  // The value whose name the field holds; the first value where the field is missing or unknown.
  template <typename Enum>
  Enum OneOf(const std::string& field, std::initializer_list<Enum> values, bool required) {
    const std::string name = Text(field, required);
    if (name.empty()) return *values.begin();
    std::string names;
    for (const Enum value : values) {
      if (name == ToString(value)) return value;
      absl::StrAppend(&names, names.empty() ? "" : ", ", ToString(value));
    }
    violations_.Add(Place(field), name, absl::StrCat("must be one of ", names));
    return *values.begin();
  }

  // Call last: whatever was not taken is not part of the format.
  void RefuseOthers() {
    if (!json_.is_object()) return;
    for (const auto& [field, value] : json_.items()) {
      if (!taken_.contains(field)) violations_.Add(Place(field), field, "is not a field of this format");
    }
  }

 private:
  void Wrong(const std::string& field, const Json& value, std::string_view rule) {
    violations_.Add(Place(field), Shown(value), rule);
  }

  const Json& json_;
  const std::string place_;
  Violations& violations_;
  std::set<std::string> taken_;
};

// One entry of "items": a single item, or a run of items "from" 1 "to" 19 that are alike.
void ReadItems(const Json& json, const std::string& place, InstrumentKey& key, Violations& violations) {
  Object object(json, place, violations);
  ItemKey item;
  item.kind =
      object.OneOf("kind", {ResponseKind::kWholeNumber, ResponseKind::kVisualAnalogue, ResponseKind::kCategory}, true);
  item.title = object.Text("title", false);
  item.polarity = object.OneOf("polarity", {Polarity::kUnspecified, Polarity::kPositive, Polarity::kNegative}, false);
  if (item.kind == ResponseKind::kCategory) {
    item.categories = object.Texts("categories", true);
    item.max = static_cast<double>(item.categories.size()) - 1;
  } else {
    item.min = object.Number("min", true);
    item.max = object.Number("max", true);
  }
  if (object.Has("from") || object.Has("to")) {
    const int from = object.Int("from", true);
    const int to = object.Int("to", true);
    if (from < 1 || to < from || to > static_cast<int>(kMaxItems)) {
      violations.Add(object.Place("to"), absl::StrCat(from, " to ", to),
                     absl::StrCat("must run within 1 to ", kMaxItems));
    } else {
      for (int number = from; number <= to && key.items.size() <= kMaxItems; ++number) {
        key.items.push_back(item);
        key.items.back().id = absl::StrCat(number);
      }
    }
  } else {
    item.id = object.Text("id", true);
    key.items.push_back(std::move(item));
  }
  object.RefuseOthers();
}

void ReadScore(const Json& json, const std::string& place, InstrumentKey& key, Violations& violations) {
  Object object(json, place, violations);
  ScoreKey score;
  score.id = object.Text("id", true);
  score.title = object.Text("title", true);
  score.items = object.Texts("items", true);
  score.reversed_items = object.Texts("reversed_items", false);
  score.combination = object.OneOf(
      "combination", {Combination::kMean, Combination::kSum, Combination::kSingle, Combination::kCategory}, true);
  score.direction =
      object.OneOf("direction", {Direction::kNone, Direction::kHigherIsBetter, Direction::kLowerIsBetter}, true);
  score.note = object.Text("note", false);
  if (const Json* missing = object.Take("missing", true); missing != nullptr) {
    Object rule(*missing, object.Place("missing"), violations);
    score.missing.kind = rule.OneOf(
        "rule", {MissingRuleKind::kNoneAllowed, MissingRuleKind::kProrated, MissingRuleKind::kMeanOfAnswered}, true);
    score.missing.min_answered = rule.Int("min_answered", score.missing.kind != MissingRuleKind::kNoneAllowed);
    rule.RefuseOthers();
  }
  if (const Json* points = object.Take("points", false); points != nullptr) {
    Object by_polarity(*points, object.Place("points"), violations);
    score.positive_points = by_polarity.Numbers("positive", true);
    score.negative_points = by_polarity.Numbers("negative", true);
    by_polarity.RefuseOthers();
  }
  object.RefuseOthers();
  key.scores.push_back(std::move(score));
}

void ReadNorm(const Json& json, const std::string& place, InstrumentKey& key, Violations& violations) {
  Object object(json, place, violations);
  Norm norm;
  norm.score = object.Text("score", true);
  norm.mean = object.Number("mean", true);
  norm.source = object.Text("source", true);
  norm.note = object.Text("note", false);
  object.RefuseOthers();
  key.norms.push_back(std::move(norm));
}

using ReadEntry = void (*)(const Json&, const std::string&, InstrumentKey&, Violations&);

void ReadEntries(Object& root, const std::string& field, bool required, ReadEntry read, InstrumentKey& key,
                 Violations& violations) {
  size_t i = 0;
  for (const Json& entry : root.Array(field, required)) {
    read(entry, absl::StrCat(root.Place(field), "[", i++, "]"), key, violations);
  }
}

absl::Status PrefixPlaces(const absl::Status& status, std::string_view file) {
  std::optional<ErrorDetail> detail = GetErrorDetail(status);
  if (!detail.has_value()) return status;
  for (FieldViolation& violation : detail->violations)
    violation.field = absl::StrCat(View(file), ": ", violation.field);
  return MakeError(status.code(), absl::StrCat(View(file), ": ", status.message()), *std::move(detail));
}

}  // namespace

absl::StatusOr<InstrumentKey> ParseInstrument(std::string_view text, std::string_view file) {
  if (text.size() > kMaxInstrumentFileBytes) {
    return InvalidField(file, absl::StrCat(text.size(), " bytes"),
                        absl::StrCat("may have at most ", kMaxInstrumentFileBytes, " bytes"));
  }
  ASSIGN_OR_RETURN(const Json json, ParseJson(text, file));
  Violations violations;
  Object root(json, absl::StrCat(View(file), ": "), violations);
  InstrumentKey key;
  key.id = root.Text("id", true);
  key.version = root.Int("version", true);
  key.title = root.Text("title", true);
  key.respondent = root.Text("respondent", true);
  key.source = root.Text("source", true);
  key.notes = root.Texts("notes", false);
  ReadEntries(root, "items", true, ReadItems, key, violations);
  ReadEntries(root, "scores", true, ReadScore, key, violations);
  ReadEntries(root, "norms", false, ReadNorm, key, violations);
  root.RefuseOthers();
  RETURN_IF_ERROR(violations.ToStatus());
  if (const absl::Status valid = ValidateKey(key); !valid.ok()) return PrefixPlaces(valid, file);
  return key;
}

absl::StatusOr<KeyCatalogue> LoadInstruments(const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) return NotFound(folder);
  std::vector<std::filesystem::path> files;
  for (auto it = std::filesystem::directory_iterator(folder, error);
       !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
    if (it->path().extension() == ".json") files.push_back(it->path());
  }
  if (error) return absl::UnavailableError(absl::StrCat("cannot list ", folder, ": ", error.message()));
  if (files.empty() || files.size() > kMaxInstrumentFiles) {
    return FailedPrecondition(
        "INSTRUMENT_FILES", folder,
        absl::StrCat(folder, " holds ", files.size(), " instrument files; it must hold 1 to ", kMaxInstrumentFiles));
  }
  std::sort(files.begin(), files.end());
  std::vector<InstrumentKey> keys;
  for (const std::filesystem::path& path : files) {
    std::ifstream stream(path, std::ios::binary);
    std::string text(kMaxInstrumentFileBytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad() || !stream.eof()) {
      // Longer than the limit, or unreadable: reading stopped before the end of the file.
      if (stream.good()) return InvalidField(path.filename().string(), "", "is longer than an instrument file may be");
      return absl::UnavailableError(absl::StrCat("cannot read ", path.string()));
    }
    text.resize(static_cast<size_t>(stream.gcount()));
    ASSIGN_OR_RETURN(InstrumentKey key, ParseInstrument(text, path.filename().string()));
    keys.push_back(std::move(key));
  }
  return KeyCatalogue::Create(std::move(keys));
}

}  // namespace plumbline::instruments
