#ifndef PLUMBLINE_GATEWAY_SERVICE_TEST_PEERS_H_
#define PLUMBLINE_GATEWAY_SERVICE_TEST_PEERS_H_

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/jobs/fake_operation_store.h"
#include "common/operations/operations_service.h"
#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "plumbline/coding/v1/frames.grpc.pb.h"
#include "plumbline/coding/v1/studies.grpc.pb.h"
#include "plumbline/coding/v1/transcripts.grpc.pb.h"
#include "plumbline/economics/v1/economics.grpc.pb.h"
#include "plumbline/economics/v1/ledger.grpc.pb.h"
#include "plumbline/instruments/v1/instruments.grpc.pb.h"

// For tests: the three services as the gateway sees them, with answers that are computed from the requests as far as
// the gateway's own part can be told from them.
namespace plumbline::gateway {

class FakeStudies final : public coding::v1::StudyService::Service {
 public:
  grpc::Status GetStudyResults(grpc::ServerContext* context, const coding::v1::GetStudyResultsRequest* request,
                               coding::v1::GetStudyResultsResponse* response) override {
    const auto actor = context->client_metadata().find("plumbline-actor");
    if (actor != context->client_metadata().end()) last_actor = std::string(actor->second.data(), actor->second.size());
    auto* results = response->mutable_results();
    results->set_study(request->name());
    const struct {
      const char* session;
      int focused, questions;
    } sessions[] = {{"r1", 1, 3}, {"r2", 1, 4}, {"elsewhere", 2, 2}};
    for (const auto& s : sessions) {
      auto* added = results->add_sessions();
      added->set_session(s.session);
      added->set_outcomes_focused(s.focused);
      added->set_questions(s.questions);
      added->set_meets_criterion(3 * s.focused >= s.questions);
    }
    return grpc::Status::OK;
  }
  grpc::Status GetStudy(grpc::ServerContext*, const coding::v1::GetStudyRequest*,
                        coding::v1::GetStudyResponse* response) override {
    response->mutable_study()->set_frame("frames/ofs");
    return grpc::Status::OK;
  }
  std::string last_actor;
};

class FakeFrames final : public coding::v1::FrameService::Service {
 public:
  grpc::Status GetFrame(grpc::ServerContext*, const coding::v1::GetFrameRequest*,
                        coding::v1::GetFrameResponse* response) override {
    response->mutable_frame()->mutable_threshold()->set_numerator(1);
    response->mutable_frame()->mutable_threshold()->set_denominator(3);
    return grpc::Status::OK;
  }
};

class FakeTranscripts final : public coding::v1::TranscriptService::Service {
 public:
  // Two pages, so that whoever forgets the second one misses r2.
  grpc::Status ListTranscripts(grpc::ServerContext*, const coding::v1::ListTranscriptsRequest* request,
                               coding::v1::ListTranscriptsResponse* response) override {
    auto* transcript = response->add_transcripts();
    transcript->set_session(request->page_token().empty() ? "r1" : "r2");
    transcript->mutable_duration()->set_seconds(request->page_token().empty() ? 60 : 1800);
    if (request->page_token().empty()) response->set_next_page_token("second");
    return grpc::Status::OK;
  }
};

class FakeSummaries final : public instruments::v1::SummaryService::Service {
 public:
  grpc::Status SummarizeValues(grpc::ServerContext*, const instruments::v1::SummarizeValuesRequest* request,
                               instruments::v1::SummarizeValuesResponse* response) override {
    for (const auto& group : request->groups()) {
      auto* summary = response->add_summaries();
      summary->set_group(group.label());
      summary->mutable_descriptives()->set_n(group.values_size());
      summary->mutable_descriptives()->mutable_mean()->set_value(group.values(0));
    }
    return grpc::Status::OK;
  }
  grpc::Status SummarizeScores(grpc::ServerContext*, const instruments::v1::SummarizeScoresRequest* request,
                               instruments::v1::SummarizeScoresResponse* response) override {
    if (request->score() == "unknown") return grpc::Status(grpc::StatusCode::NOT_FOUND, "no such score");
    last_scores = *request;
    for (const auto& group : request->groups()) {
      auto* summary = response->add_summaries();
      summary->set_group(group.label());
      summary->set_wave(request->waves(0));
      summary->mutable_descriptives()->set_n(group.participants_size());
    }
    return grpc::Status::OK;
  }
  instruments::v1::SummarizeScoresRequest last_scores;
};

class FakeInstruments final : public instruments::v1::InstrumentService::Service {
 public:
  grpc::Status GetInstrument(grpc::ServerContext*, const instruments::v1::GetInstrumentRequest* request,
                             instruments::v1::GetInstrumentResponse* response) override {
    response->mutable_instrument()->set_name(request->name());
    response->mutable_instrument()->set_title("Session rating");
    ++questions[request->name()];
    const auto respondent = respondents.find(request->name());
    response->mutable_instrument()->set_respondent(respondent == respondents.end() ? "worker" : respondent->second);
    auto* score = response->mutable_instrument()->add_scores();
    score->set_id("rapport");
    score->set_title("Rapport");
    return grpc::Status::OK;
  }
  std::map<std::string, std::string> respondents;  // by instrument; "worker" where nothing is said
  std::map<std::string, int> questions;            // how often each was asked for
};

class FakeCosting final : public economics::v1::CostingService::Service {
 public:
  grpc::Status CostSessions(grpc::ServerContext*, const economics::v1::CostSessionsRequest* request,
                            economics::v1::CostSessionsResponse* response) override {
    for (const auto& group : request->groups()) {
      auto* cost = response->add_groups();
      cost->set_label(group.label());
      cost->mutable_minutes()->set_n(group.durations_size());
      cost->mutable_minutes()->mutable_mean()->set_value(static_cast<double>(group.durations(0).seconds()) / 60);
    }
    return grpc::Status::OK;
  }
  grpc::Status CostTraining(grpc::ServerContext*, const economics::v1::CostTrainingRequest*,
                            economics::v1::CostTrainingResponse* response) override {
    response->mutable_total()->set_median_gbp(1884.07);
    return grpc::Status::OK;
  }
};

class FakeImpact final : public economics::v1::ImpactService::Service {
 public:
  grpc::Status EstimateDifferences(grpc::ServerContext*, const economics::v1::EstimateDifferencesRequest* request,
                                   economics::v1::EstimateDifferencesResponse* response) override {
    for (const auto& outcome : request->outcomes()) {
      auto* estimate = response->add_estimates();
      estimate->set_outcome(outcome.outcome());
      estimate->set_estimate(8.3);
    }
    return grpc::Status::OK;
  }
  grpc::Status ValueBenefits(grpc::ServerContext*, const economics::v1::ValueBenefitsRequest* request,
                             economics::v1::ValueBenefitsResponse* response) override {
    last = *request;
    response->set_benefit_cost_ratio(1.89);
    return grpc::Status::OK;
  }
  economics::v1::ValueBenefitsRequest last;
};

class FakeLedgers final : public economics::v1::LedgerService::Service {
 public:
  grpc::Status GetLedger(grpc::ServerContext*, const economics::v1::GetLedgerRequest* request,
                         economics::v1::GetLedgerResponse* response) override {
    response->mutable_ledger()->set_name(request->name());
    response->mutable_ledger()->set_title("Pilot");
    return grpc::Status::OK;
  }
};

// One peer: a server over `services` and an operations service of its own.
class FakePeer {
 public:
  FakePeer(const std::string& service, rpc::Executor& executor, Clock& clock, std::vector<grpc::Service*> services)
      : handlers_({.domain = service + ".plumbline"}, executor, clock), operations_service_(operations, handlers_) {
    services.push_back(&operations_service_);
    auto server = rpc::Server::Start({.listen = "127.0.0.1:0", .services = std::move(services)});
    if (server.ok()) server_ = *std::move(server);
  }
  // Over a socket: gRPC's in-process channels do not outlive their server.
  std::shared_ptr<grpc::Channel> channel() { return rpc::MakeChannel(server_->address()); }
  void Stop() { server_->Drain(absl::ZeroDuration()); }

  jobs::FakeOperationStore operations;

 private:
  rpc::Handlers handlers_;
  operations::OperationsService operations_service_;
  std::unique_ptr<rpc::Server> server_;
};

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_SERVICE_TEST_PEERS_H_
