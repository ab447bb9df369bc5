#include "coding/worker/analyze_study.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
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
  CodedStudy coded;
  RETURN_IF_ERROR(store.Read([&](CodingReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(coded, LoadCodedStudy(reader, frames, study));
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(RequireClosed(coded.study));
  ASSIGN_OR_RETURN(const stats::CodeTable table, YesNoTable(coded.codes, coded.study.coders.size()));
  const BootstrapPlan plan{static_cast<uint32_t>(request.replicates()), request.seed(), 1};
  ASSIGN_OR_RETURN(const std::vector<AgreementFigure> figures,
                   BootstrapAgreementFigures(table, plan, [&](int64_t done, int64_t total) {
                     context.ReportProgress({done, total, "resampling items"});
                     return context.ShouldStop();
                   }));
  const v1::StudyAnalysis analysis = AnalysisToProto(coded, figures, plan);
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
