#ifndef PLUMBLINE_CLI_SIMULATE_PARTS_H_
#define PLUMBLINE_CLI_SIMULATE_PARTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/simulate/simulate.h"
#include "nlohmann/json.hpp"

// The parts of a simulated trial. Inside cli/simulate only; all pure.
namespace plumbline::simulate {

struct Worker {
  std::string id;
  std::string family;  // id of the family the worker answers about
  size_t index = 0;    // among all workers of the trial: repetition number of their random streams
  bool leaves = false;
  bool recorded = false;  // one of the recorded sessions is about this worker's family
};

struct RecordedSession {
  std::string id;
  std::string supervisor;
  size_t index = 0;                              // among all sessions
  const SourceTranscript* transcript = nullptr;  // null: questions come from the bank
  int64_t seconds = 0;
  int questions = 0;         // drawn; of a session with a transcript the transcript's count holds
  int outcomes_focused = 0;  // drawn, likewise
};

struct Team {
  std::string id;
  std::string title;
  size_t authority = 0;
  Arm arm = Arm::kComparison;
  size_t index = 0;  // among all teams
  std::vector<std::string> supervisors;
  std::vector<Worker> workers;
  std::vector<RecordedSession> sessions;
};

struct Authority {
  std::string id;
  std::string title;
};

// Everybody in the trial, and what was drawn of them.
struct Cast {
  std::string trial;  // id; also the first part of every other id, so that trials of other seeds can be loaded beside
  uint64_t seed = 0;
  std::vector<Authority> authorities;
  std::vector<Team> teams;
};

Cast MakeCast(const Parameters& parameters, const std::vector<SourceTranscript>& transcripts, const Request& request);

void WriteMembers(const Parameters& parameters, const Cast& cast, Files& files);
absl::Status WriteCoding(const Parameters& parameters, const QuestionBank& bank, const Cast& cast, Files& files);
void WriteResponses(const Parameters& parameters, const Cast& cast, Files& files);
void WriteEconomicsAndReport(const Parameters& parameters, const Cast& cast, Files& files);

// JSON with fields in the order given, one line for each entry of a list at the top: readable, and easy to compare.
std::string JsonText(const nlohmann::ordered_json& object);

}  // namespace plumbline::simulate

#endif  // PLUMBLINE_CLI_SIMULATE_PARTS_H_
