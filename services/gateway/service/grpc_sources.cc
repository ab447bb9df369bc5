#include "gateway/service/grpc_sources.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/rpc/forwarder.h"
#include "common/rpc/status_grpc.h"
#include "plumbline/coding/v1/frames.grpc.pb.h"
#include "plumbline/coding/v1/studies.grpc.pb.h"
#include "plumbline/coding/v1/transcripts.grpc.pb.h"
#include "plumbline/economics/v1/economics.grpc.pb.h"
#include "plumbline/economics/v1/ledger.grpc.pb.h"
#include "plumbline/instruments/v1/instruments.grpc.pb.h"

namespace plumbline::gateway {
namespace {

constexpr char kCoding[] = "coding", kInstruments[] = "instruments", kEconomics[] = "economics";
constexpr int kTranscriptsPerPage = 1'000;

class GrpcSources final : public report::Sources {
 public:
  GrpcSources(const std::map<std::string, std::shared_ptr<grpc::Channel>>& peers, Clock& clock, absl::Duration deadline,
              std::string actor)
      : clock_(clock), deadline_(deadline), actor_(std::move(actor)) {
    if (const auto channel = Channel(peers, kCoding)) {
      studies_ = coding::v1::StudyService::NewStub(channel);
      frames_ = coding::v1::FrameService::NewStub(channel);
      transcripts_ = coding::v1::TranscriptService::NewStub(channel);
    }
    if (const auto channel = Channel(peers, kInstruments)) {
      instruments_ = instruments::v1::InstrumentService::NewStub(channel);
      summaries_ = instruments::v1::SummaryService::NewStub(channel);
    }
    if (const auto channel = Channel(peers, kEconomics)) {
      costing_ = economics::v1::CostingService::NewStub(channel);
      impact_ = economics::v1::ImpactService::NewStub(channel);
      ledgers_ = economics::v1::LedgerService::NewStub(channel);
    }
  }

  absl::StatusOr<coding::v1::StudyResults> StudyResults(const std::string& study) override {
    coding::v1::GetStudyResultsRequest request;
    request.set_name(study);
    ASSIGN_OR_RETURN(auto response, Ask<coding::v1::GetStudyResultsResponse>(
                                        kCoding, studies_, &coding::v1::StudyService::Stub::GetStudyResults, request));
    return std::move(*response.mutable_results());
  }

  absl::StatusOr<double> ThresholdPercent(const std::string& study) override {
    coding::v1::GetStudyRequest request;
    request.set_name(study);
    ASSIGN_OR_RETURN(const auto found, Ask<coding::v1::GetStudyResponse>(
                                           kCoding, studies_, &coding::v1::StudyService::Stub::GetStudy, request));
    coding::v1::GetFrameRequest frame_request;
    frame_request.set_name(found.study().frame());
    frame_request.set_version(found.study().frame_version());
    ASSIGN_OR_RETURN(const auto frame, Ask<coding::v1::GetFrameResponse>(
                                           kCoding, frames_, &coding::v1::FrameService::Stub::GetFrame, frame_request));
    const coding::v1::Fraction& threshold = frame.frame().threshold();
    if (threshold.denominator() <= 0) {
      return FailedPrecondition("FRAME_WITHOUT_THRESHOLD", found.study().frame(), "the frame has no threshold");
    }
    return 100.0 * threshold.numerator() / threshold.denominator();
  }

  absl::StatusOr<std::map<std::string, absl::Duration>> TranscriptDurations() override {
    std::map<std::string, absl::Duration> durations;
    coding::v1::ListTranscriptsRequest request;
    request.set_page_size(kTranscriptsPerPage);
    do {
      ASSIGN_OR_RETURN(const auto page,
                       Ask<coding::v1::ListTranscriptsResponse>(
                           kCoding, transcripts_, &coding::v1::TranscriptService::Stub::ListTranscripts, request));
      for (const coding::v1::Transcript& transcript : page.transcripts()) {
        if (!transcript.has_duration()) continue;
        ASSIGN_OR_RETURN(durations[transcript.session()],
                         operations::FromProto(transcript.duration(), "transcript.duration"));
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return durations;
  }

  absl::StatusOr<instruments::v1::SummarizeValuesResponse> SummarizeValues(
      const instruments::v1::SummarizeValuesRequest& request) override {
    return Ask<instruments::v1::SummarizeValuesResponse>(
        kInstruments, summaries_, &instruments::v1::SummaryService::Stub::SummarizeValues, request);
  }

  absl::StatusOr<instruments::v1::SummarizeScoresResponse> SummarizeScores(
      const instruments::v1::SummarizeScoresRequest& request) override {
    return Ask<instruments::v1::SummarizeScoresResponse>(
        kInstruments, summaries_, &instruments::v1::SummaryService::Stub::SummarizeScores, request);
  }

  absl::StatusOr<instruments::v1::Instrument> Instrument(const std::string& name) override {
    instruments::v1::GetInstrumentRequest request;
    request.set_name(name);
    ASSIGN_OR_RETURN(auto response, Ask<instruments::v1::GetInstrumentResponse>(
                                        kInstruments, instruments_,
                                        &instruments::v1::InstrumentService::Stub::GetInstrument, request));
    return std::move(*response.mutable_instrument());
  }

  absl::StatusOr<economics::v1::CostSessionsResponse> CostSessions(
      const economics::v1::CostSessionsRequest& request) override {
    return Ask<economics::v1::CostSessionsResponse>(kEconomics, costing_,
                                                    &economics::v1::CostingService::Stub::CostSessions, request);
  }
  absl::StatusOr<economics::v1::CostTrainingResponse> CostTraining(
      const economics::v1::CostTrainingRequest& request) override {
    return Ask<economics::v1::CostTrainingResponse>(kEconomics, costing_,
                                                    &economics::v1::CostingService::Stub::CostTraining, request);
  }
  absl::StatusOr<economics::v1::EstimateDifferencesResponse> EstimateDifferences(
      const economics::v1::EstimateDifferencesRequest& request) override {
    return Ask<economics::v1::EstimateDifferencesResponse>(
        kEconomics, impact_, &economics::v1::ImpactService::Stub::EstimateDifferences, request);
  }
  absl::StatusOr<economics::v1::ValueBenefitsResponse> ValueBenefits(
      const economics::v1::ValueBenefitsRequest& request) override {
    return Ask<economics::v1::ValueBenefitsResponse>(kEconomics, impact_,
                                                     &economics::v1::ImpactService::Stub::ValueBenefits, request);
  }
  absl::StatusOr<economics::v1::Ledger> GetLedger(const std::string& name) override {
    economics::v1::GetLedgerRequest request;
    request.set_name(name);
    ASSIGN_OR_RETURN(auto response, Ask<economics::v1::GetLedgerResponse>(
                                        kEconomics, ledgers_, &economics::v1::LedgerService::Stub::GetLedger, request));
    return std::move(*response.mutable_ledger());
  }

 private:
  static std::shared_ptr<grpc::Channel> Channel(const std::map<std::string, std::shared_ptr<grpc::Channel>>& peers,
                                                const std::string& service) {
    const auto it = peers.find(service);
    return it == peers.end() ? nullptr : it->second;
  }

  template <typename Response, typename Stub, typename Request>
  absl::StatusOr<Response> Ask(const char* service, const std::unique_ptr<Stub>& stub,
                               grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                               const Request& request) {
    if (stub == nullptr) return rpc::PeerUnavailable(service);
    rpc::Call call;
    call.actor = actor_;
    call.now = clock_.Now();
    call.deadline = call.now + deadline_;
    const std::unique_ptr<grpc::ClientContext> context = rpc::OutgoingContext(call);
    Response response;
    RETURN_IF_ERROR(rpc::FromPeer((stub.get()->*method)(context.get(), request, &response), service));
    return response;
  }

  Clock& clock_;
  const absl::Duration deadline_;
  const std::string actor_;
  std::unique_ptr<coding::v1::StudyService::Stub> studies_;
  std::unique_ptr<coding::v1::FrameService::Stub> frames_;
  std::unique_ptr<coding::v1::TranscriptService::Stub> transcripts_;
  std::unique_ptr<instruments::v1::InstrumentService::Stub> instruments_;
  std::unique_ptr<instruments::v1::SummaryService::Stub> summaries_;
  std::unique_ptr<economics::v1::CostingService::Stub> costing_;
  std::unique_ptr<economics::v1::ImpactService::Stub> impact_;
  std::unique_ptr<economics::v1::LedgerService::Stub> ledgers_;
};

}  // namespace

report::SourcesFactory MakeGrpcSources(std::map<std::string, std::shared_ptr<grpc::Channel>> peers, Clock& clock,
                                       absl::Duration deadline) {
  return [peers = std::move(peers), &clock, deadline](const std::string& actor) {
    return std::make_unique<GrpcSources>(peers, clock, deadline, actor);
  };
}

}  // namespace plumbline::gateway
