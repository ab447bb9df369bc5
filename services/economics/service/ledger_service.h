#ifndef PLUMBLINE_ECONOMICS_SERVICE_LEDGER_SERVICE_H_
#define PLUMBLINE_ECONOMICS_SERVICE_LEDGER_SERVICE_H_

#include "common/jobs/handler.h"
#include "common/rpc/handler.h"
#include "economics/storage/store.h"
#include "plumbline/economics/v1/ledger.grpc.pb.h"

namespace plumbline::economics {

// plumbline.economics.v1.LedgerService. Figures are a pure function of the nodes, so only nodes are stored and figures
// are computed anew when a ledger is read. Thread-safe. Everything it is given outlives it.
class LedgerService final : public v1::LedgerService::CallbackService {
 public:
  LedgerService(EconomicsStore& store, jobs::Submitter& submitter, rpc::Handlers& handlers)
      : store_(store), submitter_(submitter), handlers_(handlers) {}

  grpc::ServerUnaryReactor* EvaluateLedger(grpc::CallbackServerContext* context,
                                           const v1::EvaluateLedgerRequest* request,
                                           v1::EvaluateLedgerResponse* response) override;
  grpc::ServerUnaryReactor* CreateLedger(grpc::CallbackServerContext* context, const v1::CreateLedgerRequest* request,
                                         v1::CreateLedgerResponse* response) override;
  grpc::ServerUnaryReactor* GetLedger(grpc::CallbackServerContext* context, const v1::GetLedgerRequest* request,
                                      v1::GetLedgerResponse* response) override;
  grpc::ServerUnaryReactor* ListLedgers(grpc::CallbackServerContext* context, const v1::ListLedgersRequest* request,
                                        v1::ListLedgersResponse* response) override;

 private:
  EconomicsStore& store_;
  jobs::Submitter& submitter_;
  rpc::Handlers& handlers_;
};

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_SERVICE_LEDGER_SERVICE_H_
