#include "economics/storage/ledger_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace plumbline::economics {
namespace {

using nlohmann::json;

// Reads the fields of one JSON object by name; every field that is not of the expected type, and at the end every field
// nobody asked for, becomes a violation.
class ObjectReader {
 public:
  ObjectReader(const json& object, std::string place, Violations& violations)
      : object_(object), place_(std::move(place)), violations_(violations) {}

  std::string Text(const char* field) {
    const json* value = Find(field);
    if (value == nullptr) return "";
    if (!value->is_string()) return Wrong(field, *value, "must be text"), "";
    return value->get<std::string>();
  }

  std::optional<double> Number(const char* field) {
    const json* value = Find(field);
    if (value == nullptr) return std::nullopt;
    if (!value->is_number()) return Wrong(field, *value, "must be a number"), std::nullopt;
    return value->get<double>();
  }

  int Integer(const char* field) {
    const json* value = Find(field);
    if (value == nullptr) return 0;
    if (!value->is_number_integer() || value->get<double>() < -1e9 || value->get<double>() > 1e9) {
      return Wrong(field, *value, "must be a whole number"), 0;
    }
    return value->get<int>();
  }

  bool Boolean(const char* field) {
    const json* value = Find(field);
    if (value == nullptr) return false;
    if (!value->is_boolean()) return Wrong(field, *value, "must be true or false"), false;
    return value->get<bool>();
  }

  const json* Object(const char* field) { return Nested(field, &json::is_object, "must be an object"); }
  const json* Array(const char* field) { return Nested(field, &json::is_array, "must be an array"); }

  void RefuseOthers() {
    for (const auto& item : object_.items()) {
      if (!asked_.contains(item.key())) {
        violations_.Add(place_ + item.key().substr(0, 64), "", "is no field that is known here");
      }
    }
  }

  const std::string& place() const { return place_; }
  Violations& violations() { return violations_; }

 private:
  const json* Find(const char* field) {
    asked_.insert(field);
    const auto found = object_.find(field);
    return found == object_.end() ? nullptr : &*found;
  }

  const json* Nested(const char* field, bool (json::*is)() const noexcept, const char* rule) {
    const json* value = Find(field);
    if (value != nullptr && !(value->*is)()) {
      Wrong(field, *value, rule);
      return nullptr;
    }
    return value;
  }

  void Wrong(const char* field, const json& value, const char* rule) {
    violations_.Add(place_ + field, value.type_name(), rule);
  }

  const json& object_;
  std::string place_;
  Violations& violations_;
  std::set<std::string> asked_;
};

RoundingRule ReadRounding(ObjectReader& node) {
  RoundingRule rule;
  const json* object = node.Object("rounding");
  if (object == nullptr) return rule;
  ObjectReader reader(*object, node.place() + "rounding.", node.violations());
  const std::string mode = reader.Text("mode");
  if (mode == "ROUNDING_MODE_HALF_UP") {
    rule.mode = RoundingMode::kHalfUp;
  } else if (mode == "ROUNDING_MODE_HALF_EVEN") {
    rule.mode = RoundingMode::kHalfEven;
  } else if (mode == "ROUNDING_MODE_DOWN") {
    rule.mode = RoundingMode::kDown;
  } else {
    node.violations().Add(reader.place() + "mode", mode,
                          "must be ROUNDING_MODE_HALF_UP, ROUNDING_MODE_HALF_EVEN or ROUNDING_MODE_DOWN");
  }
  rule.granularity = reader.Number("granularity").value_or(0);
  reader.RefuseOthers();
  return rule;
}

std::vector<TableRow> ReadCounts(ObjectReader& node) {
  std::vector<TableRow> rows;
  const json* array = node.Array("counts");
  if (array == nullptr) return rows;
  for (size_t i = 0; i < array->size(); ++i) {
    const std::string place = node.place() + "counts[" + std::to_string(i) + "]";
    if (!(*array)[i].is_object()) {
      node.violations().Add(place, (*array)[i].type_name(), "must be an object");
      continue;
    }
    ObjectReader reader((*array)[i], place + ".", node.violations());
    rows.push_back({reader.Number("value").value_or(0), static_cast<double>(reader.Integer("count"))});
    reader.RefuseOthers();
  }
  return rows;
}

LedgerNode ReadNode(const json& object, const std::string& place, Violations& violations) {
  ObjectReader reader(object, place + ".", violations);
  LedgerNode node;
  node.id = reader.Text("id");
  node.label = reader.Text("label");
  node.unit = reader.Text("unit");
  node.source = reader.Text("source");
  node.price_year = reader.Integer("price_year");
  node.formula = reader.Text("formula");
  node.given = reader.Number("given");
  node.given_granularity = reader.Number("given_granularity").value_or(0);
  node.counts = ReadCounts(reader);
  node.rounding = ReadRounding(reader);
  const std::optional<double> printed = reader.Number("printed");
  const std::optional<double> granularity = reader.Number("printed_granularity");
  if (printed) node.printed = PrintedFigure{*printed, granularity.value_or(1)};
  if (granularity && !printed) violations.Add(place + ".printed_granularity", "", "needs a printed figure");
  node.note = reader.Text("note");
  node.pinned = reader.Boolean("pinned");
  reader.RefuseOthers();
  return node;
}

std::string NodePlace(const std::string& file, const json& node, size_t i) {
  if (node.is_object()) {
    const auto id = node.find("id");
    if (id != node.end() && id->is_string()) {
      return file + ": nodes[" + id->get<std::string>().substr(0, Formula::kMaxNameBytes) + "]";
    }
  }
  return file + ": nodes[" + std::to_string(i) + "]";
}

// A JSON object, or why `text` is none.
absl::StatusOr<json> ParseObject(std::string_view text, const std::string& file) {
  if (text.size() > kMaxLedgerFileBytes) {
    return InvalidField(file, std::to_string(text.size()) + " bytes",
                        "must be at most " + std::to_string(kMaxLedgerFileBytes) + " bytes");
  }
  json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) return InvalidField(file, text.substr(0, 40), "must be JSON");
  if (!document.is_object()) return InvalidField(file, document.type_name(), "must be a JSON object");
  return document;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return NotFound(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The violations of `status` with the file in front.
absl::Status WithFile(const absl::Status& status, const std::string& file) {
  std::optional<ErrorDetail> detail = GetErrorDetail(status);
  if (!detail) return status;
  for (FieldViolation& violation : detail->violations) violation.field = file + ": " + violation.field;
  detail->metadata["file"] = file;
  return MakeError(status.code(), file + ": " + std::string(status.message()), *std::move(detail));
}

json WriteNode(const LedgerNode& node) {
  json out = {{"id", node.id}, {"source", node.source}};
  const auto text = [&out](const char* field, const std::string& value) {
    if (!value.empty()) out[field] = value;
  };
  text("label", node.label);
  text("unit", node.unit);
  text("formula", node.formula);
  text("note", node.note);
  if (node.price_year != 0) out["price_year"] = node.price_year;
  if (node.given) out["given"] = *node.given;
  if (node.given_granularity != 0) out["given_granularity"] = node.given_granularity;
  for (const TableRow& row : node.counts) {
    out["counts"].push_back({{"value", row.value}, {"count", static_cast<int64_t>(row.count)}});
  }
  if (node.rounding.mode != RoundingMode::kNone) {
    const char* mode = node.rounding.mode == RoundingMode::kHalfUp     ? "ROUNDING_MODE_HALF_UP"
                       : node.rounding.mode == RoundingMode::kHalfEven ? "ROUNDING_MODE_HALF_EVEN"
                                                                       : "ROUNDING_MODE_DOWN";
    out["rounding"] = {{"mode", mode}, {"granularity", node.rounding.granularity}};
  }
  if (node.printed) {
    out["printed"] = node.printed->value;
    out["printed_granularity"] = node.printed->granularity;
  }
  if (node.pinned) out["pinned"] = true;
  return out;
}

}  // namespace

std::string WriteLedgerSpec(const LedgerSpec& spec) {
  json out = {{"title", spec.title}, {"nodes", json::array()}};
  for (const LedgerNode& node : spec.nodes) out["nodes"].push_back(WriteNode(node));
  return out.dump();
}

absl::StatusOr<LedgerSpec> ParseLedgerSpec(std::string_view text, std::string_view file_name) {
  const std::string file(file_name);
  ASSIGN_OR_RETURN(const json document, ParseObject(text, file));
  Violations violations;
  ObjectReader reader(document, file + ": ", violations);
  LedgerSpec spec;
  spec.title = reader.Text("title");
  const json* nodes = reader.Array("nodes");
  reader.RefuseOthers();
  if (nodes == nullptr) {
    violations.AddMissing(file + ": nodes");
  } else if (nodes->size() > LedgerLimits::kMaxNodes) {
    violations.Add(file + ": nodes", std::to_string(nodes->size()),
                   "must be at most " + std::to_string(LedgerLimits::kMaxNodes) + " nodes");
  } else {
    for (size_t i = 0; i < nodes->size(); ++i) {
      const json& node = (*nodes)[i];
      const std::string place = NodePlace(file, node, i);
      if (node.is_object()) {
        spec.nodes.push_back(ReadNode(node, place, violations));
      } else {
        violations.Add(place, node.type_name(), "must be an object");
      }
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return spec;
}

absl::StatusOr<Ledger> ParseLedger(std::string_view text, std::string_view file_name) {
  ASSIGN_OR_RETURN(LedgerSpec spec, ParseLedgerSpec(text, file_name));
  absl::StatusOr<Ledger> ledger = Ledger::Build(std::move(spec));
  if (!ledger.ok()) return WithFile(ledger.status(), std::string(file_name));
  return ledger;
}

absl::StatusOr<Ledger> ReadLedger(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  return ParseLedger(text, std::filesystem::path(path).filename().string());
}

absl::StatusOr<UnitCost> ParseUnitCost(std::string_view text, std::string_view file_name) {
  const std::string file(file_name);
  ASSIGN_OR_RETURN(const json document, ParseObject(text, file));
  Violations violations;
  ObjectReader reader(document, file + ": ", violations);
  UnitCost cost;
  cost.id = reader.Text("id");
  cost.role = reader.Text("role");
  cost.low = reader.Number("low_gbp_per_hour");
  cost.median = reader.Number("median_gbp_per_hour").value_or(0);
  cost.high = reader.Number("high_gbp_per_hour");
  cost.price_year = reader.Integer("price_year");
  cost.source = reader.Text("source");
  reader.RefuseOthers();
  if (!IsValidResourceId(cost.id)) violations.Add(file + ": id", cost.id, kResourceIdRule);
  RETURN_IF_ERROR(violations.ToStatus());
  const absl::Status valid = ValidateUnitCost(cost);
  if (!valid.ok()) return WithFile(valid, file);
  return cost;
}

absl::StatusOr<std::vector<UnitCost>> ReadUnitCosts(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".json") paths.push_back(it->path().string());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<UnitCost> out;
  std::set<std::string> ids;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
    ASSIGN_OR_RETURN(UnitCost cost, ParseUnitCost(text, std::filesystem::path(path).filename().string()));
    if (!ids.insert(cost.id).second) return InvalidField(path, cost.id, "this id stands in another file already");
    out.push_back(std::move(cost));
  }
  return out;
}

}  // namespace plumbline::economics
