#ifndef PLUMBLINE_GATEWAY_SERVICE_TRIAL_SERVICE_H_
#define PLUMBLINE_GATEWAY_SERVICE_TRIAL_SERVICE_H_

#include "common/base/ids.h"
#include "common/jobs/handler.h"
#include "common/rpc/handler.h"
#include "gateway/storage/gateway_store.h"
#include "plumbline/gateway/v1/trials.grpc.pb.h"

namespace plumbline::gateway {

// plumbline.gateway.v1.TrialService. Everything passed in outlives it. Thread-safe.
class TrialService final : public v1::TrialService::CallbackService {
 public:
  TrialService(GatewayUnitOfWork& store, jobs::Submitter& submitter, rpc::Handlers& handlers, IdGenerator& ids)
      : store_(store), submitter_(submitter), handlers_(handlers), ids_(ids) {}

#define PLUMBLINE_UNARY(Method)                                                                              \
  grpc::ServerUnaryReactor* Method(grpc::CallbackServerContext* context, const v1::Method##Request* request, \
                                   v1::Method##Response* response) override
  PLUMBLINE_UNARY(CreateTrial);
  PLUMBLINE_UNARY(GetTrial);
  PLUMBLINE_UNARY(ListTrials);
  PLUMBLINE_UNARY(UpdateTrial);
  PLUMBLINE_UNARY(DeleteTrial);
  PLUMBLINE_UNARY(BatchCreateMembers);
  PLUMBLINE_UNARY(CreateAuthority);
  PLUMBLINE_UNARY(GetAuthority);
  PLUMBLINE_UNARY(ListAuthorities);
  PLUMBLINE_UNARY(DeleteAuthority);
  PLUMBLINE_UNARY(CreateTeam);
  PLUMBLINE_UNARY(GetTeam);
  PLUMBLINE_UNARY(ListTeams);
  PLUMBLINE_UNARY(DeleteTeam);
  PLUMBLINE_UNARY(CreateParticipant);
  PLUMBLINE_UNARY(GetParticipant);
  PLUMBLINE_UNARY(ListParticipants);
  PLUMBLINE_UNARY(DeleteParticipant);
  PLUMBLINE_UNARY(CreateSession);
  PLUMBLINE_UNARY(GetSession);
  PLUMBLINE_UNARY(ListSessions);
  PLUMBLINE_UNARY(DeleteSession);
#undef PLUMBLINE_UNARY

 private:
  GatewayUnitOfWork& store_;
  jobs::Submitter& submitter_;
  rpc::Handlers& handlers_;
  IdGenerator& ids_;
};

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_SERVICE_TRIAL_SERVICE_H_
