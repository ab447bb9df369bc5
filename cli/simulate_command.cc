// simulate: the folder of a synthetic trial.

#include <filesystem>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/simulate/folder.h"
#include "cli/simulate/simulate.h"
#include "common/app/host_options.h"
#include "common/base/env.h"
#include "common/base/status_macros.h"

namespace plumbline::cli {
namespace {

absl::Status MakeTrial(const SimulateOptions& options) {
  ASSIGN_OR_RETURN(const std::string data, app::FindDataDir(Env::Process()));
  const std::string parameters_path = absl::StrCat(data, "/simulation/pilot-parameters.json");
  const std::string bank_path = absl::StrCat(data, "/simulation/question-bank.json");
  ASSIGN_OR_RETURN(const std::string parameters_text, simulate::ReadTextFile(parameters_path));
  ASSIGN_OR_RETURN(const auto parameters, simulate::ParseParameters(parameters_text, parameters_path));
  ASSIGN_OR_RETURN(const std::string bank_text, simulate::ReadTextFile(bank_path));
  ASSIGN_OR_RETURN(const auto bank, simulate::ParseQuestionBank(bank_text, bank_path));
  std::vector<simulate::SourceTranscript> transcripts;
  if (!options.transcripts.empty()) {
    ASSIGN_OR_RETURN(const simulate::Files files, simulate::ReadFolder(options.transcripts, /*recursive=*/false));
    ASSIGN_OR_RETURN(transcripts, simulate::ParseSourceTranscripts(files));
  }
  ASSIGN_OR_RETURN(
      const simulate::Files trial,
      simulate::Simulate(parameters, bank, transcripts, {.seed = options.seed, .authorities = options.authorities}));
  RETURN_IF_ERROR(simulate::WriteFolder(options.out, trial));
  std::cout << "Synthetic trial of " << options.authorities << " authorities, seed " << options.seed << ": "
            << trial.size() << " files in " << options.out << "\n";
  return absl::OkStatus();
}

}  // namespace

int Simulate(const SimulateOptions& options) { return ReportError(MakeTrial(options), false); }

}  // namespace plumbline::cli
