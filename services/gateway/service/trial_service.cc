#include "gateway/service/trial_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"
#include "gateway/service/convert.h"
#include "gateway/service/page_token.h"

// Trials themselves; members are in member_service.cc.
namespace plumbline::gateway {
namespace {

constexpr char kCreate[] = "plumbline.gateway.v1.TrialService/CreateTrial";
constexpr char kGet[] = "plumbline.gateway.v1.TrialService/GetTrial";
constexpr char kList[] = "plumbline.gateway.v1.TrialService/ListTrials";
constexpr char kUpdate[] = "plumbline.gateway.v1.TrialService/UpdateTrial";
constexpr char kDelete[] = "plumbline.gateway.v1.TrialService/DeleteTrial";

absl::Status CheckEtag(const std::string& asked, const std::string& stored, const std::string& name) {
  return asked.empty() || asked == stored ? absl::OkStatus() : StaleEtag(name);
}

// Copies the fields that the mask names; all four where it names none.
absl::Status ApplyMask(const v1::UpdateTrialRequest& request, Trial& trial) {
  const Trial asked = FromProto(request.trial());
  std::vector<std::string> paths(request.update_mask().paths().begin(), request.update_mask().paths().end());
  if (paths.empty()) paths = {"title", "description", "arms", "waves"};
  Violations violations;
  for (const std::string& path : paths) {
    if (path == "title") {
      trial.title = asked.title;
    } else if (path == "description") {
      trial.description = asked.description;
    } else if (path == "arms") {
      trial.arms = asked.arms;
    } else if (path == "waves") {
      trial.waves = asked.waves;
    } else {
      violations.Add("update_mask", path, "must be title, description, arms or waves");
    }
  }
  return violations.ToStatus();
}

}  // namespace

grpc::ServerUnaryReactor* TrialService::CreateTrial(grpc::CallbackServerContext* context,
                                                    const v1::CreateTrialRequest* request,
                                                    v1::CreateTrialResponse* response) {
  return handlers_.Unary(context, kCreate, *request, [this, request, response](const rpc::Call& call) -> absl::Status {
    Violations violations;
    if (!IsValidResourceId(request->trial_id())) violations.Add("trial_id", request->trial_id(), kResourceIdRule);
    if (!request->has_trial()) violations.AddMissing("trial");
    RETURN_IF_ERROR(violations.ToStatus());
    Trial trial = FromProto(request->trial());
    trial.id = request->trial_id();
    trial.create_time = call.now;
    trial.etag = ids_.NewId();
    RETURN_IF_ERROR(ValidateTrial(trial, "trial"));
    return operations::Write<GatewayReader, GatewayWriter, v1::CreateTrialResponse>(
        store_, submitter_, call, *request, *response,
        [&](GatewayWriter& writer, v1::CreateTrialResponse& out, jobs::WriteResult& result) -> absl::Status {
          RETURN_IF_ERROR(writer.InsertTrial(trial));
          *out.mutable_trial() = ToProto(trial);
          result.audit.push_back({"trial.create", TrialName(trial.id),
                                  absl::StrCat("arms=", trial.arms.size(), " waves=", trial.waves.size(),
                                               " synthetic=", trial.synthetic)});
          return absl::OkStatus();
        });
  });
}

grpc::ServerUnaryReactor* TrialService::GetTrial(grpc::CallbackServerContext* context,
                                                 const v1::GetTrialRequest* request, v1::GetTrialResponse* response) {
  return handlers_.Unary(context, kGet, *request, [this, request, response](const rpc::Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string id, operations::ParseName(request->name(), "trials", "name"));
    return store_.Read([&](GatewayReader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(const Trial trial, reader.GetTrial(id));
      *response->mutable_trial() = ToProto(trial);
      return absl::OkStatus();
    });
  });
}

grpc::ServerUnaryReactor* TrialService::ListTrials(grpc::CallbackServerContext* context,
                                                   const v1::ListTrialsRequest* request,
                                                   v1::ListTrialsResponse* response) {
  return handlers_.Unary(context, kList, *request, [this, request, response](const rpc::Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const int size, operations::PageSize(request->page_size(), 50, 500));
    ASSIGN_OR_RETURN(const std::string after, ReadPageToken("trials", request->page_token()));
    std::vector<Trial> trials;
    RETURN_IF_ERROR(store_.Read([&](GatewayReader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(trials, reader.ListTrials(after, size + 1));  // one more tells whether there is a next page
      return absl::OkStatus();
    }));
    if (trials.size() > static_cast<size_t>(size)) {
      trials.pop_back();
      response->set_next_page_token(MakePageToken("trials", trials.back().id));
    }
    for (const Trial& trial : trials) *response->add_trials() = ToProto(trial);
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* TrialService::UpdateTrial(grpc::CallbackServerContext* context,
                                                    const v1::UpdateTrialRequest* request,
                                                    v1::UpdateTrialResponse* response) {
  return handlers_.Unary(context, kUpdate, *request, [this, request, response](const rpc::Call& call) -> absl::Status {
    if (!request->has_trial()) {
      Violations violations;
      violations.AddMissing("trial");
      return violations.ToStatus();
    }
    ASSIGN_OR_RETURN(const std::string id, operations::ParseName(request->trial().name(), "trials", "trial.name"));
    const std::string etag = ids_.NewId();
    return operations::Write<GatewayReader, GatewayWriter, v1::UpdateTrialResponse>(
        store_, submitter_, call, *request, *response,
        [&](GatewayWriter& writer, v1::UpdateTrialResponse& out, jobs::WriteResult& result) -> absl::Status {
          ASSIGN_OR_RETURN(Trial trial, writer.GetTrial(id));
          RETURN_IF_ERROR(CheckEtag(request->trial().etag(), trial.etag, TrialName(id)));
          RETURN_IF_ERROR(ApplyMask(*request, trial));
          RETURN_IF_ERROR(ValidateTrial(trial, "trial"));
          ASSIGN_OR_RETURN(const TrialUse use, writer.GetTrialUse(id));
          RETURN_IF_ERROR(CheckStillUsed(trial, use));
          trial.etag = etag;
          RETURN_IF_ERROR(writer.UpdateTrial(trial));
          *out.mutable_trial() = ToProto(trial);
          result.audit.push_back(
              {"trial.update", TrialName(id), absl::StrCat("arms=", trial.arms.size(), " waves=", trial.waves.size())});
          return absl::OkStatus();
        });
  });
}

grpc::ServerUnaryReactor* TrialService::DeleteTrial(grpc::CallbackServerContext* context,
                                                    const v1::DeleteTrialRequest* request,
                                                    v1::DeleteTrialResponse* response) {
  return handlers_.Unary(context, kDelete, *request, [this, request, response](const rpc::Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string id, operations::ParseName(request->name(), "trials", "name"));
    return operations::Write<GatewayReader, GatewayWriter, v1::DeleteTrialResponse>(
        store_, submitter_, call, *request, *response,
        [&](GatewayWriter& writer, v1::DeleteTrialResponse&, jobs::WriteResult& result) -> absl::Status {
          ASSIGN_OR_RETURN(const Trial trial, writer.GetTrial(id));
          RETURN_IF_ERROR(CheckEtag(request->etag(), trial.etag, TrialName(id)));
          RETURN_IF_ERROR(writer.DeleteTrial(id));
          result.audit.push_back({"trial.delete", TrialName(id), ""});
          return absl::OkStatus();
        });
  });
}

}  // namespace plumbline::gateway
