#ifndef PLUMBLINE_INSTRUMENTS_SERVICE_INSTRUMENT_SERVICE_H_
#define PLUMBLINE_INSTRUMENTS_SERVICE_INSTRUMENT_SERVICE_H_

#include "common/rpc/handler.h"
#include "instruments/domain/key_catalogue.h"
#include "plumbline/instruments/v1/instruments.grpc.pb.h"

namespace plumbline::instruments {

// plumbline.instruments.v1.InstrumentService over the keys this process was started with. Thread-safe.
class InstrumentService final : public v1::InstrumentService::CallbackService {
 public:
  // Both outlive the service.
  InstrumentService(const KeyCatalogue& keys, rpc::Handlers& handlers) : keys_(keys), handlers_(handlers) {}

  grpc::ServerUnaryReactor* GetInstrument(grpc::CallbackServerContext* context, const v1::GetInstrumentRequest* request,
                                          v1::GetInstrumentResponse* response) override;
  grpc::ServerUnaryReactor* ListInstruments(grpc::CallbackServerContext* context,
                                            const v1::ListInstrumentsRequest* request,
                                            v1::ListInstrumentsResponse* response) override;
  grpc::ServerUnaryReactor* ScoreAnswers(grpc::CallbackServerContext* context, const v1::ScoreAnswersRequest* request,
                                         v1::ScoreAnswersResponse* response) override;

 private:
  const KeyCatalogue& keys_;
  rpc::Handlers& handlers_;
};

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_SERVICE_INSTRUMENT_SERVICE_H_
