#ifndef PLUMBLINE_CLI_SIMULATE_SOURCE_TRANSCRIPTS_H_
#define PLUMBLINE_CLI_SIMULATE_SOURCE_TRANSCRIPTS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/simulate/parameters.h"

// Written transcripts with the true judgement of each question of the supervisor, to be given to simulated sessions.
namespace plumbline::simulate {

struct TrueQuestion {
  int turn = 0;
  std::string text;
  std::string kind;
  std::string nominated;  // empty: not outcomes-focused
};

struct SourceTranscript {
  std::string name;
  std::string extension;  // "txt", "vtt", "csv"
  std::string content;
  Arm style = Arm::kComparison;          // outcomes-focused ones go to the intervention
  std::optional<double> length_minutes;  // where the file has timings
  std::vector<TrueQuestion> questions;   // in the order asked, at least one
};

// Reads the files of one folder, by name:
//   transcripts.csv           transcript,file,style: style is outcomes-focused or traditional
//   questions.csv             session,turn,question,kind,outcomes_focused,nominated: session is the transcript's name
//   <file>                    in any form that ParseTranscript takes
// Transcripts come in the order of transcripts.csv. INVALID_ARGUMENT with file, row, column and rule: a missing file or
// column, a transcript that cannot be read, a question whose turn does not exist, is not the supervisor's or does not
// hold its words, a nomination without a yes or the other way round, a transcript without questions.
absl::StatusOr<std::vector<SourceTranscript>> ParseSourceTranscripts(const std::map<std::string, std::string>& files);

}  // namespace plumbline::simulate

#endif  // PLUMBLINE_CLI_SIMULATE_SOURCE_TRANSCRIPTS_H_
