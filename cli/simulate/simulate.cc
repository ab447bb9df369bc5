#include "cli/simulate/simulate.h"

#include "absl/strings/str_cat.h"
#include "cli/simulate/parts.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::simulate {

absl::StatusOr<Files> Simulate(const Parameters& parameters, const QuestionBank& bank,
                               const std::vector<SourceTranscript>& transcripts, const Request& request) {
  if (request.seed == 0) return InvalidField("seed", "0", "must be 1 or more");
  if (request.authorities < 2 || request.authorities > 200) {
    return InvalidField("authorities", absl::StrCat(request.authorities), "must be 2 to 200");
  }
  const Cast cast = MakeCast(parameters, transcripts, request);
  Files files;
  WriteMembers(parameters, cast, files);
  RETURN_IF_ERROR(WriteCoding(parameters, bank, cast, files));
  WriteResponses(parameters, cast, files);
  WriteEconomicsAndReport(parameters, cast, files);
  return files;
}

std::string JsonText(const nlohmann::ordered_json& object) {
  std::string out = "{\n";
  size_t left = object.size();
  for (const auto& [name, value] : object.items()) {
    absl::StrAppend(&out, " ", nlohmann::ordered_json(name).dump(), ": ");
    if (value.is_array() && !value.empty()) {
      out += "[\n";
      for (size_t i = 0; i < value.size(); ++i) {
        absl::StrAppend(&out, "  ", value[i].dump(), i + 1 < value.size() ? "," : "", "\n");
      }
      out += " ]";
    } else {
      out += value.dump();
    }
    absl::StrAppend(&out, --left > 0 ? "," : "", "\n");
  }
  return out + "}\n";
}

}  // namespace plumbline::simulate
