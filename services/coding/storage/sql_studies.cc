#include <array>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coding/storage/sql_queries.h"
#include "coding/storage/sql_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_unit_of_work.h"

// Studies in SQL; their items and batches are in sql_study_items.cc, codes in sql_codes.cc, transcripts and frames in
// sql_transcripts.cc.
namespace plumbline::coding {
namespace {

// Where the database has no such instant: InfiniteFuture becomes the latest one it can hold.
sql::Value PageTime(absl::Time time) {
  if (time == absl::InfiniteFuture()) return std::numeric_limits<int64_t>::max();
  return sql::Time(time);
}

// NULL for the instant that stands for "never": InfinitePast of a close time, InfiniteFuture of a deadline.
sql::Value TimeOrNull(absl::Time time) {
  if (time == absl::InfinitePast() || time == absl::InfiniteFuture()) return std::monostate{};
  return sql::Time(time);
}

// What the database holds for an enumerator: the first is what an unknown name is read as.
template <typename Enum, size_t N>
using Names = std::array<std::pair<Enum, const char*>, N>;

template <typename Enum, size_t N>
std::string NameOf(const Names<Enum, N>& names, Enum value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return names[0].second;
}

template <typename Enum, size_t N>
Enum ValueOf(const Names<Enum, N>& names, std::string_view text) {
  for (const auto& [value, name] : names) {
    if (text == name) return value;
  }
  return names[0].first;
}

using Measure = PassingRule::Measure;
constexpr Names<StudyPurpose, 2> kPurposes = {{{StudyPurpose::kMain, "MAIN"}, {StudyPurpose::kTraining, "TRAINING"}}};
constexpr Names<SuggestionMode, 3> kSuggestions = {{{SuggestionMode::kNever, "NEVER"},
                                                    {SuggestionMode::kAfterAnswer, "AFTER_ANSWER"},
                                                    {SuggestionMode::kBeforeAnswer, "BEFORE_ANSWER"}}};
constexpr Names<Measure, 3> kMeasures = {
    {{Measure::kNone, "NONE"}, {Measure::kPercent, "PERCENT"}, {Measure::kKappa, "KAPPA"}}};

// A study is OPEN or CLOSED; the phase tells what an open one does, and stays what it was once it is closed.
constexpr Names<StudyState, 3> kPhases = {{{StudyState::kOpen, "CODING"},
                                           {StudyState::kPreparing, "PREPARING"},
                                           {StudyState::kAdjudicating, "ADJUDICATING"}}};
std::string StateName(StudyState state) { return state == StudyState::kClosed ? "CLOSED" : "OPEN"; }

Fraction ReadFraction(const sql::Row& row, std::string_view numerator, std::string_view denominator) {
  return {static_cast<int32_t>(row.Int(numerator)), static_cast<int32_t>(row.Int(denominator))};
}

}  // namespace

absl::StatusOr<Study> SqlCodingAccess::ReadStudy(const sql::Row& row) {
  Study study;
  study.id = row.Text("id");
  study.title = row.Text("title");
  study.frame_id = row.Text("frame_id");
  study.frame_version = static_cast<int>(row.Int("frame_version"));
  if (!absl::SimpleAtoi(row.Text("seed"), &study.seed)) return absl::InternalError("a stored seed cannot be read");
  study.state = row.Text("state") == "OPEN" ? ValueOf(kPhases, row.Text("phase")) : StudyState::kClosed;
  study.item_count = static_cast<int>(row.Int("item_count"));
  study.create_time = row.Time("create_time");
  if (!row.IsNull("close_time")) study.close_time = row.Time("close_time");
  study.revision = row.Int("revision");
  study.purpose = ValueOf(kPurposes, row.Text("purpose"));
  study.session_count = static_cast<int>(row.Int("session_count"));
  study.sample = {ReadFraction(row, "sample_numerator", "sample_denominator"), static_cast<int>(row.Int("sample_max"))};
  study.assignment = {static_cast<int>(row.Int("coders_per_item")),
                      ReadFraction(row, "overlap_numerator", "overlap_denominator"),
                      ReadFraction(row, "repeats_numerator", "repeats_denominator")};
  study.adjudicator = row.Text("adjudicator");
  if (!row.IsNull("deadline")) study.deadline = row.Time("deadline");
  study.suggestions = ValueOf(kSuggestions, row.Text("suggestions"));
  study.suggestion_rules = row.Text("suggestion_rules");
  study.requires_training = row.Text("requires_training");
  study.passing = {ValueOf(kMeasures, row.Text("passing_measure")), row.Double("passing_minimum")};
  ASSIGN_OR_RETURN(const auto coders, transaction_.Query(queries::kListStudyCoders, {{"study", study.id}}));
  for (const sql::Row& coder : coders) study.coders.push_back(coder.Text("coder"));
  return study;
}

absl::StatusOr<Study> SqlCodingAccess::GetStudy(const std::string& id) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kGetStudy, {{"id", id}}));
  if (rows.empty()) return NotFound(absl::StrCat("studies/", id));
  return ReadStudy(rows[0]);
}

absl::StatusOr<std::vector<Study>> SqlCodingAccess::ListStudies(const StudyPosition& after, int limit) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kListStudies, {{"time", PageTime(after.create_time)},
                                                                               {"id", after.id},
                                                                               {"limit", int64_t{limit}}}));
  std::vector<Study> studies;
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(Study study, ReadStudy(row));
    studies.push_back(std::move(study));
  }
  return studies;
}

absl::Status SqlCodingAccess::AddStudy(const Study& study) {
  const auto present = GetStudy(study.id);
  if (present.ok()) return AlreadyExists(absl::StrCat("studies/", study.id));
  if (!absl::IsNotFound(present.status())) return present.status();
  const AssignmentRule& assignment = study.assignment;
  const auto share = [](int32_t part) { return sql::Value(int64_t{part}); };
  RETURN_IF_ERROR(transaction_.InsertMany("studies",
                                          {"id",
                                           "title",
                                           "frame_id",
                                           "frame_version",
                                           "seed",
                                           "state",
                                           "item_count",
                                           "create_time",
                                           "close_time",
                                           "revision",
                                           "phase",
                                           "purpose",
                                           "session_count",
                                           "sample_numerator",
                                           "sample_denominator",
                                           "sample_max",
                                           "coders_per_item",
                                           "overlap_numerator",
                                           "overlap_denominator",
                                           "repeats_numerator",
                                           "repeats_denominator",
                                           "adjudicator",
                                           "deadline",
                                           "suggestions",
                                           "suggestion_rules",
                                           "requires_training",
                                           "passing_measure",
                                           "passing_minimum"},
                                          {{study.id,
                                            study.title,
                                            study.frame_id,
                                            int64_t{study.frame_version},
                                            absl::StrCat(study.seed),
                                            StateName(study.state),
                                            int64_t{study.item_count},
                                            sql::Time(study.create_time),
                                            TimeOrNull(study.close_time),
                                            study.revision,
                                            NameOf(kPhases, study.state),
                                            NameOf(kPurposes, study.purpose),
                                            static_cast<int64_t>(study.sessions.size()),
                                            share(study.sample.share.numerator),
                                            share(study.sample.share.denominator),
                                            int64_t{study.sample.max_per_session},
                                            int64_t{assignment.coders_per_item},
                                            share(assignment.overlap.numerator),
                                            share(assignment.overlap.denominator),
                                            share(assignment.repeats.numerator),
                                            share(assignment.repeats.denominator),
                                            study.adjudicator,
                                            TimeOrNull(study.deadline),
                                            NameOf(kSuggestions, study.suggestions),
                                            study.suggestion_rules,
                                            study.requires_training,
                                            NameOf(kMeasures, study.passing.measure),
                                            study.passing.minimum}}));
  std::vector<std::vector<sql::Value>> rows;
  rows.reserve(study.sessions.size());
  for (size_t i = 0; i < study.sessions.size(); ++i) {
    rows.push_back({study.id, static_cast<int64_t>(i + 1), study.sessions[i]});
  }
  RETURN_IF_ERROR(transaction_.InsertMany("study_sessions", {"study", "position", "session"}, rows));
  rows.clear();
  for (size_t i = 0; i < study.coders.size(); ++i) {
    rows.push_back({study.id, static_cast<int64_t>(i + 1), study.coders[i]});
  }
  return transaction_.InsertMany("study_coders", {"study", "position", "coder"}, rows);
}

absl::Status SqlCodingAccess::DeleteStudy(const std::string& study) {
  RETURN_IF_ERROR(GetStudy(study).status());
  for (const char* statement : queries::kDeleteStudy) {
    RETURN_IF_ERROR(transaction_.Execute(statement, {{"study", study}}).status());
  }
  return absl::OkStatus();
}

absl::Status SqlCodingAccess::UpdateStudy(const Study& study) {
  sql::Params params = {{"id", study.id},
                        {"title", study.title},
                        {"deadline", TimeOrNull(study.deadline)},
                        {"state", StateName(study.state)},
                        {"close_time", TimeOrNull(study.close_time)},
                        {"item_count", int64_t{study.item_count}}};
  const bool closed = study.state == StudyState::kClosed;
  if (!closed) params.push_back({"phase", NameOf(kPhases, study.state)});
  ASSIGN_OR_RETURN(const int64_t changed,
                   transaction_.Execute(closed ? queries::kCloseStudy : queries::kUpdateStudy, params));
  if (changed == 0) return NotFound(absl::StrCat("studies/", study.id));
  return absl::OkStatus();
}

std::unique_ptr<CodingStore> MakeSqlStore(sql::Database& database) {
  const auto make = [](sql::Transaction& transaction) { return std::make_unique<SqlCodingAccess>(transaction); };
  return std::make_unique<jobs::SqlUnitOfWork<CodingReader, CodingWriter>>(database, make, make);
}

}  // namespace plumbline::coding
