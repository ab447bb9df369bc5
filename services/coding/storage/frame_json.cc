#include "coding/storage/frame_json.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <limits>
#include <sstream>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/json_reader.h"
#include "common/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace plumbline::coding {
namespace {

using Json = nlohmann::json;

// Reads fields of one JSON object, noting what is missing, unknown or of another type.
class ObjectReader {
 public:
  ObjectReader(const Json& object, std::string place, Violations& violations)
      : object_(object), place_(std::move(place)), violations_(violations) {
    if (!object_.is_object()) violations_.Add(place_.empty() ? "frame" : place_, "", "must be a JSON object");
  }

  void Allow(std::initializer_list<const char*> fields) {
    if (!object_.is_object()) return;
    for (const auto& item : object_.items()) {
      if (std::find(fields.begin(), fields.end(), item.key()) == fields.end()) {
        violations_.Add(Place(item.key()), "", "is not a field of a frame");
      }
    }
  }

  std::string Text(const char* field, bool required) {
    const Json* value = Find(field, required);
    if (value == nullptr) return "";
    if (!value->is_string()) {
      violations_.Add(Place(field), value->type_name(), "must be a string");
      return "";
    }
    return value->get<std::string>();
  }

  int Int(const char* field, bool required) {
    const Json* value = Find(field, required);
    if (value == nullptr) return 0;
    if (!value->is_number_integer() || value->get<int64_t>() < std::numeric_limits<int32_t>::min() ||
        value->get<int64_t>() > std::numeric_limits<int32_t>::max() ||
        (value->is_number_unsigned() && value->get<uint64_t>() > uint64_t{std::numeric_limits<int32_t>::max()})) {
      violations_.Add(Place(field), value->type_name(), "must be a whole number of 32 bits");
      return 0;
    }
    return value->get<int>();
  }

  std::optional<double> Number(const char* field) {
    const Json* value = Find(field, false);
    if (value == nullptr) return std::nullopt;
    if (!value->is_number()) {
      violations_.Add(Place(field), value->type_name(), "must be a number");
      return std::nullopt;
    }
    return value->get<double>();
  }

  const Json* List(const char* field, bool required) {
    const Json* value = Find(field, required);
    if (value != nullptr && !value->is_array()) {
      violations_.Add(Place(field), value->type_name(), "must be a list");
      return nullptr;
    }
    return value;
  }

  const Json* Find(const char* field, bool required) {
    if (!object_.is_object()) return nullptr;
    const auto it = object_.find(field);
    if (it != object_.end()) return &*it;
    if (required) violations_.AddMissing(Place(field));
    return nullptr;
  }

  std::string Place(const std::string& field) const {
    return place_.empty() ? field : absl::StrCat(place_, ".", field);
  }

 private:
  const Json& object_;
  const std::string place_;
  Violations& violations_;
};

FrameEntry ReadEntry(const Json& object, size_t index, Violations& violations) {
  ObjectReader reader(object, absl::StrCat("entries[", index, "]"), violations);
  reader.Allow({"id", "label", "group"});
  return {reader.Text("id", true), reader.Text("label", true), reader.Text("group", false)};
}

DomainRating ReadRating(const Json& object, size_t index, Violations& violations) {
  const std::string place = absl::StrCat("domain_ratings[", index, "]");
  ObjectReader reader(object, place, violations);
  reader.Allow({"id", "label", "min_domains", "required_entries"});
  DomainRating rating{reader.Text("id", true), reader.Text("label", true), reader.Int("min_domains", true), {}};
  if (const Json* required = reader.List("required_entries", false)) {
    for (const Json& entry : *required) {
      if (entry.is_string()) {
        rating.required_entries.push_back(entry.get<std::string>());
      } else {
        violations.Add(absl::StrCat(place, ".required_entries"), entry.type_name(), "must be a list of strings");
      }
    }
  }
  return rating;
}

// The value that `read` finds for the text of `field`; `otherwise` where the field is left out.
template <typename Enum>
Enum ReadName(ObjectReader& reader, const char* field, std::optional<Enum> (*read)(std::string_view), Enum otherwise,
              const char* rule, Violations& violations) {
  if (reader.Find(field, false) == nullptr) return otherwise;
  const std::string name = reader.Text(field, false);
  if (const std::optional<Enum> value = read(name)) return *value;
  violations.Add(field, name, rule);
  return otherwise;
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

// Why the text is no JSON, with the line.
absl::Status NotJson(std::string_view text) {
  JsonReader reader(text, {.max_depth = 1000, .max_string_bytes = kMaxFrameBytes});
  for (;;) {
    const absl::StatusOr<JsonToken> token = reader.Next();
    if (!token.ok()) return token.status();
    if (*token == JsonToken::kEnd) return InvalidField("frame", "", "must be JSON");
  }
}

}  // namespace

absl::StatusOr<Frame> FrameFromJson(std::string_view text) {
  if (text.size() > kMaxFrameBytes) {
    return InvalidField("frame", absl::StrCat(text.size(), " bytes"),
                        absl::StrCat("may have at most ", kMaxFrameBytes, " bytes"));
  }
  const Json root = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (root.is_discarded()) return NotJson(text);
  Violations violations;
  ObjectReader reader(root, "", violations);
  reader.Allow({"id", "version", "title", "kind", "unit", "context", "source", "threshold", "entries", "rating_min",
                "rating_max", "domain_ratings", "number_min", "number_max"});
  Frame frame;
  frame.id = reader.Text("id", true);
  frame.version = reader.Int("version", true);
  frame.title = reader.Text("title", true);
  frame.source = reader.Text("source", true);
  frame.rating_min = reader.Int("rating_min", false);
  frame.rating_max = reader.Int("rating_max", false);
  frame.number_min = reader.Number("number_min");
  frame.number_max = reader.Number("number_max");
  if (reader.Find("kind", true) != nullptr) {
    frame.kind = ReadName(
        reader, "kind", FrameKindFromString, FrameKind::kBinary,
        "must be nominated_list, binary, domain_presence, rated_skills, categorical, ordinal or numeric", violations);
  }
  frame.unit = ReadName(reader, "unit", FrameUnitFromString, DefaultUnit(frame.kind),
                        "must be question, session or pair", violations);
  frame.context = ReadName(reader, "context", FrameContextFromString, FrameContext::kNone,
                           "must be none or previous_turn", violations);
  if (const Json* threshold = reader.Find("threshold", false)) {
    ObjectReader fraction(*threshold, "threshold", violations);
    fraction.Allow({"numerator", "denominator"});
    frame.threshold = Fraction{fraction.Int("numerator", true), fraction.Int("denominator", true)};
  }
  if (const Json* entries = reader.List("entries", true)) {
    for (const Json& entry : *entries) frame.entries.push_back(ReadEntry(entry, frame.entries.size(), violations));
  }
  if (const Json* ratings = reader.List("domain_ratings", false)) {
    for (const Json& rating : *ratings) {
      frame.domain_ratings.push_back(ReadRating(rating, frame.domain_ratings.size(), violations));
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(ValidateFrame(frame));
  return frame;
}

std::string FrameToJson(const Frame& frame) {
  Json root = {{"id", frame.id},          {"version", frame.version},     {"title", frame.title},
               {"source", frame.source},  {"kind", ToString(frame.kind)}, {"unit", ToString(frame.unit)},
               {"entries", Json::array()}};
  for (const FrameEntry& entry : frame.entries) {
    Json object = {{"id", entry.id}, {"label", entry.label}};
    if (!entry.group.empty()) object["group"] = entry.group;
    root["entries"].push_back(std::move(object));
  }
  if (frame.threshold) {
    root["threshold"] = {{"numerator", frame.threshold->numerator}, {"denominator", frame.threshold->denominator}};
  }
  if (frame.kind == FrameKind::kRatedSkills) {
    root["rating_min"] = frame.rating_min;
    root["rating_max"] = frame.rating_max;
  }
  if (frame.context != FrameContext::kNone) root["context"] = ToString(frame.context);
  if (frame.number_min) root["number_min"] = *frame.number_min;
  if (frame.number_max) root["number_max"] = *frame.number_max;
  for (const DomainRating& rating : frame.domain_ratings) {
    root["domain_ratings"].push_back({{"id", rating.id},
                                      {"label", rating.label},
                                      {"min_domains", rating.min_domains},
                                      {"required_entries", rating.required_entries}});
  }
  return root.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<std::vector<Frame>> LoadFrames(const std::string& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  if (error || files.empty()) return NotFound(absl::StrCat("folder of frames \"", folder, "\""));
  std::vector<Frame> frames;
  for (const auto& file : files) {
    auto frame = FrameFromJson(ReadFile(file));
    if (!frame.ok()) {
      const auto detail = GetErrorDetail(frame.status());
      return MakeError(absl::StatusCode::kInvalidArgument,
                       absl::StrCat("file ", file.filename().string(), ": ", std::string(frame.status().message())),
                       detail.value_or(ErrorDetail{}));
    }
    frames.push_back(*std::move(frame));
  }
  std::sort(frames.begin(), frames.end(),
            [](const Frame& a, const Frame& b) { return std::tie(a.id, a.version) < std::tie(b.id, b.version); });
  for (size_t i = 1; i < frames.size(); ++i) {
    if (frames[i].id == frames[i - 1].id && frames[i].version == frames[i - 1].version) {
      return InvalidField(absl::StrCat("frame ", frames[i].id), absl::StrCat("version ", frames[i].version),
                          "stands in two files");
    }
  }
  return frames;
}

}  // namespace plumbline::coding
