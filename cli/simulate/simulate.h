#ifndef PLUMBLINE_CLI_SIMULATE_SIMULATE_H_
#define PLUMBLINE_CLI_SIMULATE_SIMULATE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/simulate/parameters.h"
#include "cli/simulate/question_bank.h"
#include "cli/simulate/source_transcripts.h"

// A synthetic trial, as the folder that `plumbline run` loads. A pure function of its arguments: the same ones give the
// same bytes, whatever the machine's clock, threads or order of work. Every random number comes from a counter-based
// stream named after what it is for, so that a change to one part does not shift the numbers of another.
namespace plumbline::simulate {

// Path inside the folder to content.
using Files = std::map<std::string, std::string>;

struct Request {
  uint64_t seed = 1;     // 1 or more: a study's seed may not be 0
  int authorities = 12;  // 2 to 200; two teams each, one in each arm by chance
};

// Writes:
//   README.md                                                             what it is: synthetic, from which seed
//   trial.json, members.json, study.json, report.json, unit-costs/*.json   protobuf JSON of the requests
//   responses.csv                                                         instrument,participant,wave,item,value
//   coding/questions.csv, coding/codes.csv, coding/<session>.<ext>        as ReadCodingFolder takes them
// How each is drawn is written in cli/simulate/README.md.
//
// INVALID_ARGUMENT for a request outside its range and for a list question to which the bank has no words.
absl::StatusOr<Files> Simulate(const Parameters& parameters, const QuestionBank& bank,
                               const std::vector<SourceTranscript>& transcripts, const Request& request);

}  // namespace plumbline::simulate

#endif  // PLUMBLINE_CLI_SIMULATE_SIMULATE_H_
