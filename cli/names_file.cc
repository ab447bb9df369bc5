#include "cli/names_file.h"

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "coding/domain/transcript_encoding.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/error_fields.h"
#include "common/base/status_macros.h"

namespace plumbline::cli {
namespace {

namespace v1 = coding::v1;

constexpr char kNotShown[] = "(not shown)";

// "value "3 cells": must have 2" tells nobody's name.
bool IsCountOfCells(const std::string& value) {
  return !value.empty() && absl::ascii_isdigit(static_cast<unsigned char>(value[0])) &&
         absl::EndsWith(value, " cells") && value.find_first_not_of("0123456789") == value.size() - 6;
}

// `status` by place and rule, naming the file; values are cells, and cells are names.
absl::Status WithoutValues(const std::string& path, const absl::Status& status) {
  Violations shown;
  for (const FieldViolation& violation : GetErrorDetail(status).value_or(ErrorDetail{}).violations) {
    const auto [value, rule] = SplitDescription(violation.description);
    shown.Add(absl::StrCat(path, ", ", violation.field), IsCountOfCells(value) ? value : kNotShown, rule);
  }
  if (shown.empty()) return InvalidField(path, kNotShown, "cannot be read as comma-separated text");
  return shown.ToStatus();
}

// Other columns would be read over, and the names in them left in the transcript.
absl::Status CheckColumns(const std::string& path, const CsvTable& table) {
  const std::set<std::string> known = {"given_name", "family_name", "kind", "text", "also"};
  Violations violations;
  for (size_t i = 0; i < table.header().size(); ++i) {
    if (known.count(table.header()[i]) > 0) continue;
    // Where the header is missing this is a name.
    violations.Add(absl::StrCat(path, ", row 1, cell ", i + 1), kNotShown,
                   absl::StrCat("must be a column of a list of names: ", absl::StrJoin(known, ", ")));
  }
  return violations.ToStatus();
}

v1::Identity ReadIdentity(const std::string& path, const CsvTable& table, size_t row, Violations& violations) {
  v1::Identity identity;
  identity.set_given_name(table.Cell(row, "given_name"));
  identity.set_family_name(table.Cell(row, "family_name"));
  identity.set_text(table.Cell(row, "text"));
  for (const auto part : absl::StrSplit(table.Cell(row, "also"), ';', absl::SkipWhitespace())) {
    identity.add_also(std::string(absl::StripAsciiWhitespace(part)));
  }
  const std::string& kind = table.Cell(row, "kind");
  v1::PseudonymKind parsed = v1::PSEUDONYM_KIND_PERSON;
  const std::string name =
      absl::StrCat("PSEUDONYM_KIND_", absl::AsciiStrToUpper(absl::StrReplaceAll(kind, {{" ", "_"}})));
  if (!kind.empty() && !v1::PseudonymKind_Parse(name, &parsed)) {
    violations.Add(absl::StrCat(path, ", ", CsvTable::Place(row, "kind")), kNotShown,
                   "must be person, school, address or another kind of identifier");
  }
  identity.set_kind(parsed);
  return identity;
}

}  // namespace

absl::StatusOr<NamesFile> ParseNames(const std::string& path, std::string_view bytes) {
  const auto decoded = coding::DecodeTranscript(bytes);
  if (!decoded.ok()) return WithoutValues(path, decoded.status());
  const std::string& text = decoded->text;
  if (const std::string header = text.substr(0, text.find_first_of("\r\n"));
      header.find_first_of(";\t") != std::string::npos) {
    return InvalidField(
        absl::StrCat(path, ", row 1"), kNotShown,
        "columns must be parted by commas, not by semicolons or tabs: save the table as CSV with commas");
  }
  const auto table = CsvTable::Parse(LowerCaseHeader(text));
  if (!table.ok()) return WithoutValues(path, table.status());
  RETURN_IF_ERROR(CheckColumns(path, *table));
  NamesFile names;
  names.encoding_guessed = decoded->guessed;
  Violations violations;
  for (size_t row = 0; row < table->rows(); ++row) {
    names.identities.push_back(ReadIdentity(path, *table, row, violations));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return names;
}

}  // namespace plumbline::cli
