#include "coding/worker/create_study_report.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/service/convert_results.h"
#include "coding/storage/read_study.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"

namespace plumbline::coding {
namespace {

constexpr int64_t kSessionsBetweenLooks = 100;

// The pass over the study; results of sessions go to `results`.
absl::Status ReadAll(CodingStore& store, const ClosedStudy& closed, bool texts, StudyPass& pass,
                     std::vector<SessionFidelity>& results, jobs::JobContext& context) {
  const int64_t total = closed.study.session_count;
  RETURN_IF_ERROR(ForEachSession(store, closed.study, texts, [&](const SessionCodes& session) -> absl::Status {
    const auto done = static_cast<int64_t>(results.size());
    if (done % kSessionsBetweenLooks == 0) {
      context.ReportProgress({done, total, "reading sessions"});
      RETURN_IF_ERROR(context.ShouldStop());
    }
    ASSIGN_OR_RETURN(SessionFidelity fidelity,
                     pass.AddSession(session.session, session.items, session.questions_in_all));
    results.push_back(std::move(fidelity));
    return absl::OkStatus();
  }));
  return ForEachRepeat(store, closed.study, [&](const RepeatedItem& repeat) { return pass.AddRepeat(repeat); });
}

absl::Status Create(const FrameCatalog& frames, const Suggesters& suggesters, CodingStore& store, Clock& clock,
                    jobs::JobContext& context) {
  v1::CreateStudyReportRequest request;
  if (!request.ParseFromString(context.operation().payload)) {
    return absl::InvalidArgumentError("the operation's payload is not a report");
  }
  ASSIGN_OR_RETURN(const std::string id, operations::ParseName(request.study(), "studies", "study"));
  ASSIGN_OR_RETURN(const ClosedStudy closed, FindClosedStudy(store, frames, id));
  const bool unseen = closed.study.suggestions == SuggestionMode::kNever;
  const Suggester* suggester = unseen ? FindSuggester(suggesters, closed.frame) : nullptr;
  StudyPass pass(closed.study, closed.frame, suggester);
  std::vector<SessionFidelity> results;
  RETURN_IF_ERROR(ReadAll(store, closed, /*texts=*/suggester != nullptr, pass, results, context));
  std::optional<BootstrapPlan> plan;
  if (request.replicates() > 0) plan = {static_cast<uint32_t>(request.replicates()), request.seed(), 1};
  ASSIGN_OR_RETURN(const StudyReport report, pass.Finish(plan, [&](int64_t done, int64_t total) {
    context.ReportProgress({done, total, "resampling items"});
    return context.ShouldStop();
  }));
  const absl::Time now = clock.Now();
  const v1::StudyReport message = ReportToProto(closed.study, closed.frame, report, plan, now);
  return store.Commit(context.claim(), now, [&](CodingWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
    RETURN_IF_ERROR(writer.SaveStudyReport({id, now, message.SerializeAsString()}, results));
    return jobs::WriteResult{operations::PackResult(message),
                             {{"study.report", request.study(),
                               absl::StrCat("sessions=", results.size(), " items=", report.counts.items,
                                            " replicates=", request.replicates())}},
                             {}};
  });
}

}  // namespace

jobs::Handler MakeCreateStudyReportHandler(const FrameCatalog& frames, const Suggesters& suggesters, CodingStore& store,
                                           Clock& clock) {
  return [&frames, &suggesters, &store, &clock](jobs::JobContext& context) {
    return Create(frames, suggesters, store, clock, context);
  };
}

}  // namespace plumbline::coding
