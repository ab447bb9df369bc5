#ifndef PLUMBLINE_CODING_STORAGE_READ_STUDY_H_
#define PLUMBLINE_CODING_STORAGE_READ_STUDY_H_

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/codes.h"
#include "coding/domain/feedback.h"
#include "coding/domain/report.h"
#include "coding/domain/results.h"
#include "coding/storage/load_study.h"
#include "coding/storage/store.h"

// How closed studies are read for results, whatever their size.
namespace plumbline::coding {

struct ClosedStudy {
  Study study;  // without its sessions
  Frame frame;
};

// NOT_FOUND; FAILED_PRECONDITION, reason STUDY_OPEN, while it is open.
absl::StatusOr<ClosedStudy> FindClosedStudy(CodingStore& store, const FrameCatalog& frames, const std::string& id);

// Up to this many items the results of a study are computed within one call.
inline constexpr int kMaxImmediateItems = 50'000;
// FAILED_PRECONDITION, reason STUDY_TOO_LARGE.
absl::Status RequireSmall(const Study& study);

// Calls `body` for every session of the study in its order, with all its items (no repeats), reading some hundred
// sessions at a time, each page in a transaction of its own. An error of `body` ends it and is returned. The texts of
// items are read only where asked for.
struct SessionCodes {
  std::string session;
  std::span<const CodedItem> items;
  std::optional<int> questions_in_all = {};  // set where the study codes a sample of them: see FidelityOfSession
};
using SessionBody = std::function<absl::Status(const SessionCodes& session)>;
absl::Status ForEachSession(CodingStore& store, const Study& study, bool texts, const SessionBody& body);

// How ParseCodesCsv gets at the questions that the sample of a study left out; nothing where it codes all. `reader`
// outlives what is returned.
QuestionsOfSession DrawnFrom(CodingReader& reader, const Study& study);

// Fills `questions_in_all` of results that were stored without it.
absl::Status CompleteResults(CodingReader& reader, const Study& study, std::vector<SessionFidelity>& results);

// Every repeated item, a page at a time.
absl::Status ForEachRepeat(CodingStore& store, const Study& study,
                           const std::function<absl::Status(const RepeatedItem&)>& body);

// The sheet of one session of a closed study. NOT_FOUND; FAILED_PRECONDITION as MakeFeedbackSheet says.
absl::StatusOr<FeedbackSheet> ReadFeedbackSheet(CodingStore& store, const FrameCatalog& frames,
                                                const std::string& study, const std::string& session);

// Sessions and agreement of a study that is small enough (RequireSmall).
absl::StatusOr<StudyResults> ReadStudyResults(CodingStore& store, const ClosedStudy& closed);

// The results of the study's sessions, in its order: of its newest report where it has one, else computed, which takes
// a study that is small enough (RequireSmall).
absl::StatusOr<std::vector<SessionFidelity>> ReadSessionResults(CodingStore& store, const ClosedStudy& closed);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_READ_STUDY_H_
