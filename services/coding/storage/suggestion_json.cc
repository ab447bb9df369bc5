#include "coding/storage/suggestion_json.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <limits>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace plumbline::coding {
namespace {

using Json = nlohmann::json;

// Reads the fields of one object, noting in `violations` what is missing, unknown or of another type.
struct Fields {
  const Json& object;
  const std::string place;  // "" or "rules[3]."
  Violations& violations;

  void Allow(std::initializer_list<const char*> names) const {
    for (const auto& item : object.items()) {
      if (std::find(names.begin(), names.end(), item.key()) == names.end()) {
        violations.Add(place + item.key(), "", "is not a field of suggestion rules");
      }
    }
  }
  const Json* Find(const char* name) const {
    const auto it = object.find(name);
    return it == object.end() ? nullptr : &*it;
  }
  std::string Text(const char* name) const {
    const Json* value = Find(name);
    if (value == nullptr) return "";
    if (value->is_string()) return value->get<std::string>();
    violations.Add(place + name, value->type_name(), "must be a string");
    return "";
  }
  int Int(const char* name) const {
    const Json* value = Find(name);
    if (value == nullptr) return 0;
    constexpr int64_t kMost = std::numeric_limits<int16_t>::max();
    if (value->is_number_integer() && !(value->is_number_unsigned() && value->get<uint64_t>() > uint64_t{kMost}) &&
        value->get<int64_t>() >= -kMost && value->get<int64_t>() <= kMost) {
      return value->get<int>();
    }
    violations.Add(place + name, value->type_name(), absl::StrCat("must be a whole number of at most ", kMost));
    return 0;
  }
  std::vector<std::string> Texts(const char* name) const {
    const Json* value = Find(name);
    return value == nullptr ? std::vector<std::string>{} : ReadTexts(*value, place + name, violations);
  }

  static std::vector<std::string> ReadTexts(const Json& list, const std::string& place, Violations& violations) {
    std::vector<std::string> texts;
    const bool fits = list.is_array() && std::all_of(list.begin(), list.end(), [](const Json& text) {
                        return text.is_string() && !text.get_ref<const std::string&>().empty();
                      });
    if (!fits) {
      violations.Add(place, list.type_name(), "must be a list of strings that are not empty");
      return texts;
    }
    for (const Json& text : list) texts.push_back(text.get<std::string>());
    return texts;
  }
};

std::string ReadWhole(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

absl::Status InFile(const std::filesystem::path& file, const absl::Status& status) {
  return MakeError(status.code(), absl::StrCat("file ", file.filename().string(), ": ", status.message()),
                   GetErrorDetail(status).value_or(ErrorDetail{}));
}

// The frame that the rules were written for: the newest version whose entries they fit.
const Frame* FrameFor(const std::vector<Frame>& frames, const std::string& id) {
  const Frame* found = nullptr;
  for (const Frame& frame : frames) {
    if (frame.id == id && (found == nullptr || frame.version > found->version)) found = &frame;
  }
  return found;
}

}  // namespace

absl::StatusOr<SuggestionRules> SuggestionRulesFromJson(std::string_view text) {
  if (text.size() > kMaxSuggestionBytes) {
    return InvalidField("file", absl::StrCat(text.size(), " bytes"),
                        absl::StrCat("may be at most ", kMaxSuggestionBytes));
  }
  const Json root = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!root.is_object()) return InvalidField("file", "", "must be a JSON object");
  Violations violations;
  const Fields fields{root, "", violations};
  fields.Allow({"id", "version", "frame", "source", "threshold", "classes", "rules"});
  SuggestionRules rules;
  rules.id = fields.Text("id");
  rules.version = fields.Int("version");
  rules.frame_id = fields.Text("frame");
  rules.source = fields.Text("source");
  rules.threshold = fields.Int("threshold");
  if (const Json* classes = fields.Find("classes"); classes != nullptr && !classes->is_object()) {
    violations.Add("classes", classes->type_name(), "must be an object of lists of words");
  } else if (classes != nullptr) {
    for (const auto& item : classes->items()) {
      rules.classes[item.key()] = Fields::ReadTexts(item.value(), "classes." + item.key(), violations);
    }
  }
  const Json* list = fields.Find("rules");
  if (list == nullptr || !list->is_array()) {
    violations.Add("rules", "", "must be a list");
  } else {
    for (size_t r = 0; r < list->size(); ++r) {
      const std::string place = absl::StrCat("rules[", r, "]");
      const Json& object = (*list)[r];
      if (!object.is_object()) {
        violations.Add(place, object.type_name(), "must be a JSON object");
        continue;
      }
      const Fields rule{object, place + ".", violations};
      rule.Allow({"id", "entry", "weight", "reason", "match"});
      rules.rules.push_back(
          {rule.Text("id"), rule.Text("entry"), rule.Int("weight"), rule.Text("reason"), rule.Texts("match")});
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return rules;
}

absl::StatusOr<Suggesters> LoadSuggesters(const std::string& folder, const std::vector<Frame>& frames) {
  Suggesters newest;
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    auto rules = SuggestionRulesFromJson(ReadWhole(file));
    if (!rules.ok()) return InFile(file, rules.status());
    const Frame* frame = FrameFor(frames, rules->frame_id);
    if (frame == nullptr) {
      return InFile(file, InvalidField("frame", rules->frame_id, "is not a frame that ships"));
    }
    auto suggester = Suggester::Create(*std::move(rules), *frame);
    if (!suggester.ok()) return InFile(file, suggester.status());
    const std::string id = frame->id;
    const auto present = newest.find(id);
    if (present != newest.end() && present->second.rules().version >= suggester->rules().version) continue;
    newest.insert_or_assign(id, *std::move(suggester));
  }
  return newest;
}

}  // namespace plumbline::coding
