#ifndef PLUMBLINE_CODING_SERVICE_CONVERT_RESULTS_H_
#define PLUMBLINE_CODING_SERVICE_CONVERT_RESULTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "coding/domain/agreement.h"
#include "coding/domain/compare.h"
#include "coding/domain/feedback.h"
#include "coding/domain/practice_map.h"
#include "coding/domain/report.h"
#include "common/stats/clustered_share.h"
#include "plumbline/coding/v1/results.pb.h"
#include "plumbline/coding/v1/studies.pb.h"

// Results as messages.
namespace plumbline::coding {

v1::SessionFidelity ToProto(const SessionFidelity& session);
v1::FeedbackSheet ToProto(const FeedbackSheet& sheet);

v1::StudyResults ToProto(const Study& study, const Frame& frame, const StudyResults& results);
v1::StudyAnalysis AnalysisToProto(const Study& study, const Frame& frame,
                                  const std::vector<JudgementAgreement>& agreement, const BootstrapPlan& plan);
v1::StudyReport ReportToProto(const Study& study, const Frame& frame, const StudyReport& report,
                              const std::optional<BootstrapPlan>& plan, absl::Time now);
// seed 0: no bootstrap was run.
v1::CompareGroupsResponse ToProto(const Study& study, const Frame& frame, const Comparison& comparison, uint64_t seed);
v1::CrossTabulateResponse ToProto(const CrossTable& table);

// How a share over sessions was computed, for people.
std::string MethodOf(const stats::ClusteredShare& share);

// How a result came about: the method, this program's version, the study and its frame. A study of many sessions stands
// for them: they are not listed.
void SetProvenance(const Study& study, const Frame& frame, const std::string& method, common::v1::Provenance& out);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_CONVERT_RESULTS_H_
