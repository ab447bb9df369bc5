#include "cli/simulate/source_transcripts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/simulate/json_reader.h"
#include "coding/domain/questions.h"
#include "coding/domain/transcript.h"
#include "common/base/csv.h"
#include "common/base/status_macros.h"

namespace plumbline::simulate {
namespace {

constexpr char kTranscriptsFile[] = "transcripts.csv";
constexpr char kQuestionsFile[] = "questions.csv";

struct Parsed {
  SourceTranscript source;
  coding::Transcript transcript;
};

absl::StatusOr<CsvTable> ReadTable(const std::map<std::string, std::string>& files, const std::string& name,
                                   const std::vector<std::string>& columns) {
  const auto file = files.find(name);
  if (file == files.end()) return InvalidField(name, "", "the folder of transcripts must have this file");
  auto table = CsvTable::Parse(file->second);
  if (!table.ok()) return InFile(name, table.status());
  RETURN_IF_ERROR(InFile(name, table->RequireColumns(columns)));
  return table;
}

absl::StatusOr<Parsed> ReadTranscript(const std::map<std::string, std::string>& files, const CsvTable& table,
                                      size_t row) {
  const std::string& name = table.Cell(row, "file");
  const std::string& style = table.Cell(row, "style");
  const auto file = files.find(name);
  if (file == files.end()) {
    return InFile(kTranscriptsFile, InvalidField(CsvTable::Place(row, "file"), name, "there is no such file"));
  }
  if (style != "outcomes-focused" && style != "traditional") {
    return InFile(kTranscriptsFile,
                  InvalidField(CsvTable::Place(row, "style"), style, "must be outcomes-focused or traditional"));
  }
  auto transcript = coding::ParseTranscript(file->second, {});
  if (!transcript.ok()) return InFile(name, transcript.status());
  Parsed parsed;
  parsed.source.name = table.Cell(row, "transcript");
  parsed.source.extension = name.substr(name.rfind('.') == std::string::npos ? name.size() : name.rfind('.') + 1);
  parsed.source.content = file->second;
  parsed.source.style = style == "outcomes-focused" ? Arm::kIntervention : Arm::kComparison;
  if (transcript->duration_ms) parsed.source.length_minutes = static_cast<double>(*transcript->duration_ms) / 60'000;
  parsed.transcript = *std::move(transcript);
  return parsed;
}

void CheckQuestion(const coding::Transcript& transcript, const TrueQuestion& question, bool focused, size_t row,
                   Violations& violations) {
  const auto turn = std::find_if(transcript.turns.begin(), transcript.turns.end(),
                                 [&](const coding::Turn& candidate) { return candidate.number == question.turn; });
  if (turn == transcript.turns.end()) {
    violations.Add(CsvTable::Place(row, "turn"), absl::StrCat(question.turn), "the transcript has no such turn");
  } else if (turn->role != coding::Role::kSupervisor) {
    violations.Add(CsvTable::Place(row, "turn"), absl::StrCat(question.turn), "must be a turn of the supervisor");
  } else if (turn->text.find(question.text) == std::string::npos) {
    violations.Add(CsvTable::Place(row, "question"), question.text, "the turn does not hold these words");
  }
  if (!coding::QuestionKindFromString(question.kind)) {
    violations.Add(CsvTable::Place(row, "kind"), question.kind, "must be direct, declarative, tag, indirect or check");
  }
  if (focused == question.nominated.empty()) {
    violations.Add(CsvTable::Place(row, "nominated"), question.nominated,
                   "an outcomes-focused question has a nomination, another none");
  }
}

absl::Status ReadQuestions(const CsvTable& table, std::vector<Parsed>& transcripts) {
  Violations violations;
  for (size_t row = 0; row < table.rows(); ++row) {
    const std::string& session = table.Cell(row, "session");
    const auto found = std::find_if(transcripts.begin(), transcripts.end(),
                                    [&](const Parsed& parsed) { return parsed.source.name == session; });
    if (found == transcripts.end()) {
      violations.Add(CsvTable::Place(row, "session"), session, "must stand in transcripts.csv");
      continue;
    }
    const std::string& focused = table.Cell(row, "outcomes_focused");
    if (focused != "0" && focused != "1") {
      violations.Add(CsvTable::Place(row, "outcomes_focused"), focused, "must be 0 or 1");
    }
    TrueQuestion question;
    if (!absl::SimpleAtoi(table.Cell(row, "turn"), &question.turn)) {
      violations.Add(CsvTable::Place(row, "turn"), table.Cell(row, "turn"), "must be a whole number");
      continue;
    }
    question.text = table.Cell(row, "question");
    question.kind = table.Cell(row, "kind");
    question.nominated = table.Cell(row, "nominated");
    CheckQuestion(found->transcript, question, focused == "1", row, violations);
    found->source.questions.push_back(std::move(question));
  }
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<std::vector<SourceTranscript>> ParseSourceTranscripts(const std::map<std::string, std::string>& files) {
  ASSIGN_OR_RETURN(const CsvTable list, ReadTable(files, kTranscriptsFile, {"transcript", "file", "style"}));
  ASSIGN_OR_RETURN(
      const CsvTable questions,
      ReadTable(files, kQuestionsFile, {"session", "turn", "question", "kind", "outcomes_focused", "nominated"}));
  std::vector<Parsed> parsed;
  for (size_t row = 0; row < list.rows(); ++row) {
    ASSIGN_OR_RETURN(Parsed one, ReadTranscript(files, list, row));
    parsed.push_back(std::move(one));
  }
  RETURN_IF_ERROR(InFile(kQuestionsFile, ReadQuestions(questions, parsed)));
  std::vector<SourceTranscript> out;
  for (Parsed& one : parsed) {
    if (one.source.questions.empty()) {
      return InvalidField(kQuestionsFile, one.source.name, "every transcript must have questions");
    }
    out.push_back(std::move(one.source));
  }
  return out;
}

}  // namespace plumbline::simulate
