#include "coding/storage/read_study.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/domain/sampling.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

constexpr int kSessionsAtATime = 500;
constexpr int kRepeatsAtATime = 10'000;
constexpr int kResultsAtATime = 5'000;

// How many questions sessions have in all. Filled where the study codes a sample of them. A session in a study keeps
// its questions, so that they are those of the draw.
using QuestionCounts = std::map<std::string, int>;

absl::StatusOr<QuestionCounts> CountQuestions(CodingReader& reader, const Study& study,
                                              const std::vector<std::string>& sessions) {
  QuestionCounts counts;
  if (!DrawsSample(study.sample)) return counts;
  ASSIGN_OR_RETURN(const std::vector<TranscriptRecord> records, reader.FindTranscripts(sessions));
  for (const TranscriptRecord& record : records) counts[record.session] = record.question_count;
  return counts;
}

std::optional<int> CountIn(const QuestionCounts& counts, const std::string& session) {
  const auto found = counts.find(session);
  return found == counts.end() ? std::nullopt : std::optional<int>(found->second);
}

// Hands each session of a page its part of the page's items, which are in the order of the sessions.
absl::Status HandOut(const std::vector<StudySession>& sessions, std::span<const CodedItem> items,
                     const QuestionCounts& counts, const SessionBody& body) {
  size_t begin = 0;
  for (const StudySession& session : sessions) {
    size_t end = begin;
    while (end < items.size() && items[end].item.key.session == session.session) ++end;
    RETURN_IF_ERROR(body({session.session, items.subspan(begin, end - begin), CountIn(counts, session.session)}));
    begin = end;
  }
  if (begin != items.size()) return absl::InternalError("items of a study are not in the order of its sessions");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ClosedStudy> FindClosedStudy(CodingStore& store, const FrameCatalog& frames, const std::string& id) {
  ClosedStudy closed;
  RETURN_IF_ERROR(store.Read([&](CodingReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(closed.study, reader.GetStudy(id));
    RETURN_IF_ERROR(RequireClosed(closed.study));
    ASSIGN_OR_RETURN(closed.frame, frames.Find(reader, closed.study.frame_id, closed.study.frame_version));
    return absl::OkStatus();
  }));
  return closed;
}

absl::Status RequireSmall(const Study& study) {
  if (study.item_count <= kMaxImmediateItems) return absl::OkStatus();
  return FailedPrecondition("STUDY_TOO_LARGE", absl::StrCat("studies/", study.id),
                            absl::StrCat("the study has ", study.item_count, " items, more than ", kMaxImmediateItems,
                                         ": make its report with CreateStudyReport"));
}

absl::Status ForEachSession(CodingStore& store, const Study& study, bool texts, const SessionBody& body) {
  int after = 0;
  while (true) {
    std::vector<StudySession> sessions;
    std::vector<CodedItem> items;
    QuestionCounts counts;
    RETURN_IF_ERROR(store.Read([&](CodingReader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(sessions, reader.ListStudySessions(study.id, after, kSessionsAtATime));
      if (sessions.empty()) return absl::OkStatus();
      ASSIGN_OR_RETURN(items, reader.ListCodedItems(study, after, sessions.back().position, texts));
      std::vector<std::string> names;
      for (const StudySession& session : sessions) names.push_back(session.session);
      ASSIGN_OR_RETURN(counts, CountQuestions(reader, study, names));
      return absl::OkStatus();
    }));
    if (sessions.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(HandOut(sessions, items, counts, body));
    after = sessions.back().position;
  }
}

absl::Status CompleteResults(CodingReader& reader, const Study& study, std::vector<SessionFidelity>& results) {
  std::vector<std::string> incomplete;
  for (const SessionFidelity& result : results) {
    if (result.questions_in_all < result.questions) incomplete.push_back(result.session);
  }
  if (incomplete.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const QuestionCounts counts, CountQuestions(reader, study, incomplete));
  for (SessionFidelity& result : results) {
    result.questions_in_all =
        std::max({result.questions_in_all, result.questions, CountIn(counts, result.session).value_or(0)});
  }
  return absl::OkStatus();
}

QuestionsOfSession DrawnFrom(CodingReader& reader, const Study& study) {
  if (!DrawsSample(study.sample)) return nullptr;
  return [&reader](const std::string& session) { return reader.ListQuestions(session, 0, kAllQuestions); };
}

absl::Status ForEachRepeat(CodingStore& store, const Study& study,
                           const std::function<absl::Status(const RepeatedItem&)>& body) {
  std::string after;
  while (true) {
    std::vector<RepeatedItem> repeats;
    RETURN_IF_ERROR(store.Read([&](CodingReader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(repeats, reader.ListRepeatedItems(study, after, kRepeatsAtATime));
      return absl::OkStatus();
    }));
    if (repeats.empty()) return absl::OkStatus();
    for (const RepeatedItem& repeat : repeats) RETURN_IF_ERROR(body(repeat));
    after = repeats.back().item_id;
  }
}

absl::StatusOr<FeedbackSheet> ReadFeedbackSheet(CodingStore& store, const FrameCatalog& frames,
                                                const std::string& study, const std::string& session) {
  ASSIGN_OR_RETURN(const ClosedStudy closed, FindClosedStudy(store, frames, study));
  std::vector<CodedItem> items;
  QuestionCounts counts;
  RETURN_IF_ERROR(store.Read([&](CodingReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const int position, reader.FindStudySession(study, session));
    ASSIGN_OR_RETURN(items, reader.ListCodedItems(closed.study, position - 1, position, /*texts=*/true));
    ASSIGN_OR_RETURN(counts, CountQuestions(reader, closed.study, {session}));
    return absl::OkStatus();
  }));
  return MakeFeedbackSheet(closed.study, closed.frame, session, items, CountIn(counts, session));
}

absl::StatusOr<StudyResults> ReadStudyResults(CodingStore& store, const ClosedStudy& closed) {
  RETURN_IF_ERROR(RequireSmall(closed.study));
  StudyPass pass(closed.study, closed.frame, nullptr);
  StudyResults results;
  RETURN_IF_ERROR(
      ForEachSession(store, closed.study, /*texts=*/false, [&](const SessionCodes& session) -> absl::Status {
        ASSIGN_OR_RETURN(SessionFidelity fidelity,
                         pass.AddSession(session.session, session.items, session.questions_in_all));
        results.sessions.push_back(std::move(fidelity));
        return absl::OkStatus();
      }));
  ASSIGN_OR_RETURN(results.report, pass.Finish(std::nullopt, [](int64_t, int64_t) { return absl::OkStatus(); }));
  return results;
}

absl::StatusOr<std::vector<SessionFidelity>> ReadSessionResults(CodingStore& store, const ClosedStudy& closed) {
  std::vector<SessionFidelity> results;
  RETURN_IF_ERROR(store.Read([&](CodingReader& reader) -> absl::Status {
    results.clear();
    for (int after = 0;;) {
      ASSIGN_OR_RETURN(std::vector<SessionFidelity> page,
                       reader.ListSessionFidelity(closed.study.id, after, kResultsAtATime));
      if (page.empty()) return absl::OkStatus();
      RETURN_IF_ERROR(CompleteResults(reader, closed.study, page));
      after += static_cast<int>(page.size());
      std::move(page.begin(), page.end(), std::back_inserter(results));
    }
  }));
  if (!results.empty()) return results;
  RETURN_IF_ERROR(RequireSmall(closed.study));
  RETURN_IF_ERROR(
      ForEachSession(store, closed.study, /*texts=*/false, [&](const SessionCodes& session) -> absl::Status {
        ASSIGN_OR_RETURN(SessionFidelity fidelity,
                         FidelityOfSession(closed.frame, session.session, session.items, session.questions_in_all));
        results.push_back(std::move(fidelity));
        return absl::OkStatus();
      }));
  return results;
}

}  // namespace plumbline::coding
