#ifndef PLUMBLINE_GATEWAY_REPORT_SOURCES_H_
#define PLUMBLINE_GATEWAY_REPORT_SOURCES_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "plumbline/gateway/v1/reports.pb.h"

namespace plumbline::gateway::report {

// What a report asks of the other services. Every method is one question with a deadline of its own; it answers what
// the service answered, or the service's error. UNAVAILABLE and DEADLINE_EXCEEDED mean that nobody answered.
// Thread-safe.
class Sources {
 public:
  virtual ~Sources() = default;

  // coding
  virtual absl::StatusOr<coding::v1::StudyResults> StudyResults(const std::string& study) = 0;
  // Share of questions in percent at which a session of the study meets the criterion.
  virtual absl::StatusOr<double> ThresholdPercent(const std::string& study) = 0;
  // Length of every transcript that has one, by session id.
  virtual absl::StatusOr<std::map<std::string, absl::Duration>> TranscriptDurations() = 0;

  // instruments
  virtual absl::StatusOr<instruments::v1::SummarizeValuesResponse> SummarizeValues(
      const instruments::v1::SummarizeValuesRequest& request) = 0;
  virtual absl::StatusOr<instruments::v1::SummarizeScoresResponse> SummarizeScores(
      const instruments::v1::SummarizeScoresRequest& request) = 0;
  // The newest key: titles, and who answers it. NOT_FOUND for an unknown instrument.
  virtual absl::StatusOr<instruments::v1::Instrument> Instrument(const std::string& name) = 0;

  // economics
  virtual absl::StatusOr<economics::v1::CostSessionsResponse> CostSessions(
      const economics::v1::CostSessionsRequest& request) = 0;
  virtual absl::StatusOr<economics::v1::CostTrainingResponse> CostTraining(
      const economics::v1::CostTrainingRequest& request) = 0;
  virtual absl::StatusOr<economics::v1::EstimateDifferencesResponse> EstimateDifferences(
      const economics::v1::EstimateDifferencesRequest& request) = 0;
  virtual absl::StatusOr<economics::v1::ValueBenefitsResponse> ValueBenefits(
      const economics::v1::ValueBenefitsRequest& request) = 0;
  virtual absl::StatusOr<economics::v1::Ledger> GetLedger(const std::string& name) = 0;
};

// Sources that ask on behalf of `actor`. Thread-safe.
using SourcesFactory = std::function<std::unique_ptr<Sources>(const std::string& actor)>;

}  // namespace plumbline::gateway::report

#endif  // PLUMBLINE_GATEWAY_REPORT_SOURCES_H_
