#include "coding/worker/analyze_study.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/agreement_tally.h"
#include "coding/domain/report.h"
#include "coding/service/convert_results.h"
#include "coding/storage/read_study.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"

namespace plumbline::coding {
namespace {

absl::Status Analyze(const FrameCatalog& frames, CodingStore& store, Clock& clock, jobs::JobContext& context) {
  v1::AnalyzeStudyRequest request;
  if (!request.ParseFromString(context.operation().payload)) {
    return absl::InvalidArgumentError("the operation's payload is not an analysis");
  }
  ASSIGN_OR_RETURN(const std::string study, operations::ParseName(request.name(), "studies", "name"));
  ASSIGN_OR_RETURN(const ClosedStudy closed, FindClosedStudy(store, frames, study));
  AgreementTally tally(closed.frame, closed.study.coders.size());
  RETURN_IF_ERROR(
      ForEachSession(store, closed.study, /*texts=*/false, [&](const SessionCodes& session) -> absl::Status {
        for (const CodedItem& item : session.items) RETURN_IF_ERROR(tally.Add(item));
        return context.ShouldStop();
      }));
  const BootstrapPlan plan{static_cast<uint32_t>(request.replicates()), request.seed(), 1};
  ASSIGN_OR_RETURN(std::vector<JudgementAgreement> agreement,
                   MeasureJudgements(tally, /*details=*/false, plan, [&](int64_t done, int64_t total) {
                     context.ReportProgress({done, total, "resampling items"});
                     return context.ShouldStop();
                   }));
  for (JudgementAgreement& judgement : agreement) UseBootstrapIntervals(judgement.report.measures);
  const v1::StudyAnalysis analysis = AnalysisToProto(closed.study, closed.frame, agreement, plan);
  return store.Commit(context.claim(), clock.Now(), [&](CodingWriter&) -> absl::StatusOr<jobs::WriteResult> {
    return jobs::WriteResult{operations::PackResult(analysis),
                             {{"study.analyze", request.name(), absl::StrCat("replicates=", plan.replicates)}},
                             {}};
  });
}

}  // namespace

jobs::Handler MakeAnalyzeStudyHandler(const FrameCatalog& frames, CodingStore& store, Clock& clock) {
  return [&frames, &store, &clock](jobs::JobContext& context) { return Analyze(frames, store, clock, context); };
}

}  // namespace plumbline::coding
