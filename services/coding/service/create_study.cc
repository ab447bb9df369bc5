#include "coding/service/create_study.h"

#include <limits>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coding/domain/assignment.h"
#include "coding/domain/study_plan.h"
#include "coding/service/convert.h"
#include "coding/storage/coder_reports.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

using Records = std::map<std::string, TranscriptRecord>;

// The records of all sessions, or NOT_FOUND for the first that is not known.
absl::StatusOr<Records> FindSessions(CodingReader& reader, const std::vector<std::string>& sessions) {
  ASSIGN_OR_RETURN(std::vector<TranscriptRecord> found, reader.FindTranscripts(sessions));
  Records records;
  for (TranscriptRecord& record : found) records[record.session] = std::move(record);
  for (const std::string& session : sessions) {
    if (records.count(session) == 0) return NotFound(absl::StrCat("transcripts/", session));
  }
  return records;
}

// Every pair belongs to a session of the study.
absl::StatusOr<std::map<std::string, std::vector<TextPair>>> PairsBySession(const std::vector<SessionPairs>& pairs,
                                                                            const Records& records) {
  std::map<std::string, std::vector<TextPair>> by_session;
  Violations violations;
  for (const SessionPairs& session : pairs) {
    if (records.count(session.session) == 0) {
      violations.Add("pairs_csv, column session", session.session, "is not a session of the study");
    }
    by_session[session.session] = session.pairs;
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return by_session;
}

absl::StatusOr<SessionSource> ReadSource(CodingReader& reader, const Frame& frame, const std::string& session,
                                         const TranscriptRecord& record) {
  SessionSource source;
  source.session = session;
  source.turn_count = record.turn_count;
  if (frame.unit != FrameUnit::kQuestion) return source;
  ASSIGN_OR_RETURN(source.questions, reader.ListQuestions(session, 0, std::numeric_limits<int32_t>::max()));
  if (frame.context == FrameContext::kPreviousTurn) {
    ASSIGN_OR_RETURN(source.turns, reader.ListTurns(session));
  }
  return source;
}

std::string FrameOf(const Study& study) {
  return absl::StrCat("frames/", study.frame_id, " version ", study.frame_version);
}

absl::Status CheckTraining(CodingReader& reader, const FrameCatalog& frames, const Study& study) {
  if (study.requires_training.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Study training, reader.GetStudy(study.requires_training));
  if (training.purpose != StudyPurpose::kTraining || training.passing.measure == PassingRule::Measure::kNone) {
    return InvalidField("requires_training", study.requires_training, "must be a training study with a passing rule");
  }
  if (FrameOf(training) != FrameOf(study)) {
    return InvalidField("requires_training", study.requires_training,
                        absl::StrCat("must be training in ", FrameOf(study), ", and is in ", FrameOf(training)));
  }
  ASSIGN_OR_RETURN(const TrainingReport report, ReportTraining(reader, frames, training));
  std::vector<std::string> people = study.coders;
  if (!study.adjudicator.empty()) people.push_back(study.adjudicator);
  std::vector<std::string> failed;
  for (const std::string& coder : people) {
    bool passed = false;
    for (const CoderTraining& of : report.coders) passed = passed || (of.coder == coder && of.passed);
    if (!passed) failed.push_back(coder);
  }
  if (failed.empty()) return absl::OkStatus();
  return FailedPrecondition("TRAINING_NOT_PASSED", absl::StrCat("studies/", study.requires_training),
                            absl::StrCat("have not passed the training: ", absl::StrJoin(failed, ", ")));
}

// Better refused than promised: without rules for the frame nothing would ever be shown.
absl::Status CheckSuggestions(const Study& study, const Frame& frame, const Suggesters& suggesters) {
  if (study.suggestions == SuggestionMode::kNever || FindSuggester(suggesters, frame) != nullptr) {
    return absl::OkStatus();
  }
  const auto named = [](const std::string& id, int version) {
    return absl::StrCat("frames/", id, " version ", version);
  };
  std::vector<std::string> there;
  for (const auto& [id, suggester] : suggesters) there.push_back(named(id, suggester.frame_version()));
  return InvalidField("suggestions", v1::SuggestionMode_Name(ToProto(study).suggestions()),
                      absl::StrCat("must be SUGGESTION_MODE_NEVER for ", named(frame.id, frame.version),
                                   ": the pre-coder has no rules for it, but for ",
                                   there.empty() ? "no frame at all" : absl::StrJoin(there, ", ")));
}

}  // namespace

absl::StatusOr<Study> CreateStudyIn(CodingWriter& writer, const FrameCatalog& frames, const Suggesters& suggesters,
                                    Study study, const std::vector<SessionPairs>& pairs, IdGenerator& ids) {
  ASSIGN_OR_RETURN(const Frame frame, frames.Find(writer, study.frame_id, 0));
  study.frame_version = frame.version;
  study.session_count = static_cast<int>(study.sessions.size());
  RETURN_IF_ERROR(CheckStudyFits(study, frame, pairs.size()));
  RETURN_IF_ERROR(CheckSuggestions(study, frame, suggesters));
  if (study.suggestions != SuggestionMode::kNever) {
    study.suggestion_rules = RulesName(FindSuggester(suggesters, frame)->rules());
  }
  ASSIGN_OR_RETURN(const Records records, FindSessions(writer, study.sessions));
  ASSIGN_OR_RETURN(auto by_session, PairsBySession(pairs, records));
  RETURN_IF_ERROR(CheckTraining(writer, frames, study));
  uint64_t items = 0;
  for (const std::string& session : study.sessions) {
    const TranscriptRecord& record = records.at(session);
    const auto offered = frame.unit == FrameUnit::kPair ? static_cast<uint32_t>(by_session[session].size())
                                                        : static_cast<uint32_t>(record.question_count);
    if (offered == 0 && frame.unit != FrameUnit::kSession) {
      SessionSource nothing;
      nothing.session = session;
      return SessionItems(study, frame, nothing).status();
    }
    items += ItemsOf(study, frame, offered);
  }
  if (items > kMaxStudyItems) {
    return InvalidField("sessions", absl::StrCat(items, " items"),
                        absl::StrCat("may have at most ", kMaxStudyItems, " items to code"));
  }
  const auto count = static_cast<uint32_t>(items);
  study.item_count = static_cast<int>(count);
  // Pairs come with the request, so they are made at once: their number is limited.
  if (frame.unit != FrameUnit::kPair &&
      count + CountAssignments(study.assignment, study.coders.size(), count) > kMaxImmediateRows) {
    study.state = StudyState::kPreparing;
    RETURN_IF_ERROR(writer.AddStudy(study));
    RETURN_IF_ERROR(writer.SetPreparation(study.id, std::nullopt, Preparation{}));
    return study;
  }
  std::vector<SessionSource> sources;
  for (const std::string& session : study.sessions) {
    ASSIGN_OR_RETURN(SessionSource source, ReadSource(writer, frame, session, records.at(session)));
    source.pairs = std::move(by_session[session]);
    sources.push_back(std::move(source));
  }
  ASSIGN_OR_RETURN(const StudyPlan plan, PlanStudy(study, frame, sources, ids));
  RETURN_IF_ERROR(writer.InsertStudy(study, plan));
  return study;
}

}  // namespace plumbline::coding
