#ifndef PLUMBLINE_INSTRUMENTS_SERVICE_SUMMARY_SERVICE_H_
#define PLUMBLINE_INSTRUMENTS_SERVICE_SUMMARY_SERVICE_H_

#include "common/rpc/handler.h"
#include "instruments/domain/key_catalogue.h"
#include "instruments/storage/instruments_store.h"
#include "plumbline/instruments/v1/instruments.grpc.pb.h"

namespace plumbline::instruments {

// plumbline.instruments.v1.SummaryService. Thread-safe.
class SummaryService final : public v1::SummaryService::CallbackService {
 public:
  // Everything outlives the service.
  SummaryService(const KeyCatalogue& keys, InstrumentsStore& store, rpc::Handlers& handlers)
      : keys_(keys), store_(store), handlers_(handlers) {}

  grpc::ServerUnaryReactor* SummarizeScores(grpc::CallbackServerContext* context,
                                            const v1::SummarizeScoresRequest* request,
                                            v1::SummarizeScoresResponse* response) override;
  grpc::ServerUnaryReactor* SummarizeValues(grpc::CallbackServerContext* context,
                                            const v1::SummarizeValuesRequest* request,
                                            v1::SummarizeValuesResponse* response) override;

 private:
  absl::Status Scores(const v1::SummarizeScoresRequest& request, v1::SummarizeScoresResponse& response);

  const KeyCatalogue& keys_;
  InstrumentsStore& store_;
  rpc::Handlers& handlers_;
};

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_SERVICE_SUMMARY_SERVICE_H_
