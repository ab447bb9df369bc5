#include "instruments/service/instrument_service.h"

#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "instruments/service/convert.h"

namespace plumbline::instruments {
namespace {

constexpr int kDefaultPage = 100;
constexpr int kMaxPage = 500;

}  // namespace

grpc::ServerUnaryReactor* InstrumentService::GetInstrument(grpc::CallbackServerContext* context,
                                                           const v1::GetInstrumentRequest* request,
                                                           v1::GetInstrumentResponse* response) {
  return handlers_.Unary(context, "plumbline.instruments.v1.InstrumentService/GetInstrument", *request,
                         [=, this](const rpc::Call&) -> absl::Status {
                           ASSIGN_OR_RETURN(const std::string id, InstrumentIdFromName(request->name(), "name"));
                           ASSIGN_OR_RETURN(const InstrumentKey* key, keys_.Find(id, request->version()));
                           *response->mutable_instrument() = ToProto(*key);
                           return absl::OkStatus();
                         });
}

grpc::ServerUnaryReactor* InstrumentService::ListInstruments(grpc::CallbackServerContext* context,
                                                             const v1::ListInstrumentsRequest* request,
                                                             v1::ListInstrumentsResponse* response) {
  return handlers_.Unary(
      context, "plumbline.instruments.v1.InstrumentService/ListInstruments", *request,
      [=, this](const rpc::Call&) -> absl::Status {
        ASSIGN_OR_RETURN(const int size, operations::PageSize(request->page_size(), kDefaultPage, kMaxPage));
        ASSIGN_OR_RETURN(const std::string after, DecodePageToken("instruments", request->page_token()));
        std::string last;
        for (const InstrumentKey* key : keys_.Newest()) {
          if (key->id <= after) continue;
          if (response->instruments_size() == size) {
            response->set_next_page_token(EncodePageToken("instruments", last));
            break;
          }
          *response->add_instruments() = ToProto(*key);
          last = key->id;
        }
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* InstrumentService::ScoreAnswers(grpc::CallbackServerContext* context,
                                                          const v1::ScoreAnswersRequest* request,
                                                          v1::ScoreAnswersResponse* response) {
  return handlers_.Unary(
      context, "plumbline.instruments.v1.InstrumentService/ScoreAnswers", *request,
      [=, this](const rpc::Call&) -> absl::Status {
        ASSIGN_OR_RETURN(const std::string id, InstrumentIdFromName(request->instrument(), "instrument"));
        ASSIGN_OR_RETURN(const InstrumentKey* key, keys_.Find(id, request->instrument_version()));
        ASSIGN_OR_RETURN(const AnswerSheet sheet, MakeAnswerSheet(*key, FromProto(request->answers()), "answers"));
        for (const Score& score : ScoreSheet(*key, sheet)) *response->add_scores() = ToProto(score);
        response->set_instrument_version(key->version);
        return absl::OkStatus();
      });
}

}  // namespace plumbline::instruments
