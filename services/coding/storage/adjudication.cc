#include "coding/storage/adjudication.h"

#include "absl/strings/str_cat.h"
#include "coding/domain/assignment.h"
#include "coding/domain/outcome.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
absl::Status AddDisputed(CodingReader& reader, const Study& study, const Frame& frame, int after,
                         std::vector<std::string>& disputed) {
  ASSIGN_OR_RETURN(const std::vector<CodedItem> items,
                   reader.ListCodedItems(study, after, after + kSessionsPerLook, /*texts=*/false));
  for (const CodedItem& item : items) {
    // The coders' part ends with this, so nobody is waited for.
    if (NeedsAdjudication(frame, item, /*wait_for_missing=*/false)) disputed.push_back(item.item.key.item_id);
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
