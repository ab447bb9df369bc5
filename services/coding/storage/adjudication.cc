#include "coding/storage/adjudication.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "coding/domain/assignment.h"
#include "coding/domain/codes.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

// Whether no more and no less than half of those who answered say `says`: a majority decides either way.
bool HalfSay(const std::vector<const Code*>& answers, const std::function<bool(const Code&)>& says) {
  return 2 * std::count_if(answers.begin(), answers.end(), [&](const Code* code) { return says(*code); }) ==
         static_cast<std::ptrdiff_t>(answers.size());
}

// As outcome.h says of NeedsAdjudication: of a kind that a majority decides, at least one answer, and no majority.
bool IsDisputed(const Frame& frame, const CodedItem& item) {
  std::vector<const Code*> answers;
  for (const AssignedCode& assigned : item.codes) {
    if (assigned.coder != kAdjudicatorIndex && assigned.code && !IsSkip(*assigned.code)) {
      answers.push_back(&*assigned.code);
    }
  }
  if (answers.empty()) return false;
  switch (frame.kind) {
    case FrameKind::kNominatedList:
    case FrameKind::kBinary:
      return HalfSay(answers, [](const Code& code) { return code.outcomes_focused; });
    case FrameKind::kDomainPresence:
      return std::any_of(frame.entries.begin(), frame.entries.end(), [&](const FrameEntry& entry) {
        return HalfSay(answers, [&](const Code& code) { return code.present.count(entry.id) > 0; });
      });
    case FrameKind::kCategorical:
    case FrameKind::kOrdinal:
      break;
    case FrameKind::kRatedSkills:
    case FrameKind::kNumeric:
      return false;
  }
  std::map<std::string_view, size_t> chosen;
  size_t most = 0;
  for (const Code* code : answers) most = std::max(most, ++chosen[code->category]);
  return 2 * most <= answers.size();
}

}  // namespace

absl::Status AddDisputed(CodingReader& reader, const Study& study, const Frame& frame, int after,
                         std::vector<std::string>& disputed) {
  ASSIGN_OR_RETURN(const std::vector<CodedItem> items,
                   reader.ListCodedItems(study, after, after + kSessionsPerLook, /*texts=*/false));
  for (const CodedItem& item : items) {
    if (IsDisputed(frame, item)) disputed.push_back(item.item.key.item_id);
  }
  return absl::OkStatus();
}

absl::Status OpenAdjudicationIn(CodingWriter& writer, Study study, const std::vector<std::string>& disputed) {
  std::vector<BatchItem> batch;
  batch.reserve(disputed.size());
  for (const uint32_t place : OrderDisputed(static_cast<uint32_t>(disputed.size()), study.seed)) {
    batch.push_back({disputed[place]});
  }
  RETURN_IF_ERROR(writer.AddBatch(study.id, study.adjudicator, 1, batch));
  study.state = StudyState::kAdjudicating;
  return writer.UpdateStudy(study);
}

absl::Status RequireCanAdjudicate(CodingReader& reader, const Study& study, bool allow_missing) {
  const std::string name = absl::StrCat("studies/", study.id);
  if (study.adjudicator.empty()) {
    return FailedPrecondition("NO_ADJUDICATOR", name, "the study was made without an adjudicator");
  }
  // An operation that was to open it and was cancelled leaves the study preparing, though nothing is to be made.
  if (study.state == StudyState::kPreparing) {
    ASSIGN_OR_RETURN(const auto preparation, reader.GetPreparation(study.id));
    if (preparation) return RequireOpen(study);
  } else {
    RETURN_IF_ERROR(RequireOpen(study));
  }
  ASSIGN_OR_RETURN(const auto batches, reader.GetProgress(study.id));
  int64_t missing = 0;
  for (const auto& [coder, batch] : batches) missing += batch.Missing();
  if (missing == 0 || allow_missing) return absl::OkStatus();
  return FailedPrecondition("CODES_MISSING", name,
                            absl::StrCat(missing, " codes are missing: finish coding, or set allow_missing"));
}

}  // namespace plumbline::coding
