#include "economics/service/unit_cost_service.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"
#include "economics/service/convert.h"

namespace plumbline::economics {

grpc::ServerUnaryReactor* UnitCostService::CreateUnitCost(grpc::CallbackServerContext* context,
                                                          const v1::CreateUnitCostRequest* request,
                                                          v1::CreateUnitCostResponse* response) {
  return handlers_.Unary(
      context, "plumbline.economics.v1.UnitCostService/CreateUnitCost", *request,
      [=, this](const rpc::Call& call) -> absl::Status {
        Violations violations;
        if (request->unit_cost_id().empty()) {
          violations.AddMissing("unit_cost_id");
        } else if (!IsValidResourceId(request->unit_cost_id())) {
          violations.Add("unit_cost_id", request->unit_cost_id(), kResourceIdRule);
        }
        if (!request->has_unit_cost()) violations.AddMissing("unit_cost");
        RETURN_IF_ERROR(violations.ToStatus());
        StoredUnitCost stored;
        ASSIGN_OR_RETURN(stored.cost, FromProto(request->unit_cost()));
        stored.cost.id = request->unit_cost_id();
        stored.etag = ids_.NewId();
        return operations::Write<EconomicsReader, EconomicsWriter, v1::CreateUnitCostResponse>(
            store_, submitter_, call, *request, *response,
            [&](EconomicsWriter& writer, v1::CreateUnitCostResponse& out, jobs::WriteResult& result) -> absl::Status {
              RETURN_IF_ERROR(writer.InsertUnitCost(stored));
              *out.mutable_unit_cost() = ToProto(stored);
              result.audit.push_back({"unit_cost.create", out.unit_cost().name(), ""});
              return absl::OkStatus();
            });
      });
}

grpc::ServerUnaryReactor* UnitCostService::GetUnitCost(grpc::CallbackServerContext* context,
                                                       const v1::GetUnitCostRequest* request,
                                                       v1::GetUnitCostResponse* response) {
  return handlers_.Unary(context, "plumbline.economics.v1.UnitCostService/GetUnitCost", *request,
                         [=, this](const rpc::Call&) -> absl::Status {
                           ASSIGN_OR_RETURN(const std::string id,
                                            operations::ParseName(request->name(), "unitCosts", "name"));
                           return store_.Read([&](EconomicsReader& reader) -> absl::Status {
                             ASSIGN_OR_RETURN(const StoredUnitCost stored, reader.GetUnitCost(id));
                             *response->mutable_unit_cost() = ToProto(stored);
                             return absl::OkStatus();
                           });
                         });
}

grpc::ServerUnaryReactor* UnitCostService::ListUnitCosts(grpc::CallbackServerContext* context,
                                                         const v1::ListUnitCostsRequest* request,
                                                         v1::ListUnitCostsResponse* response) {
  return handlers_.Unary(context, "plumbline.economics.v1.UnitCostService/ListUnitCosts", *request,
                         [=, this](const rpc::Call&) -> absl::Status {
                           ASSIGN_OR_RETURN(const int size, operations::PageSize(request->page_size(), 100, 1000));
                           // The token is the id of the last unit cost of the page before.
                           if (!request->page_token().empty() && !IsValidResourceId(request->page_token())) {
                             return InvalidField("page_token", request->page_token(),
                                                 "must be what the page before returned");
                           }
                           return store_.Read([&](EconomicsReader& reader) -> absl::Status {
                             ASSIGN_OR_RETURN(const std::vector<StoredUnitCost> page,
                                              reader.ListUnitCosts(request->page_token(), size + 1));
                             response->Clear();
                             for (int i = 0; i < size && i < static_cast<int>(page.size()); ++i) {
                               *response->add_unit_costs() = ToProto(page[static_cast<size_t>(i)]);
                             }
                             if (static_cast<int>(page.size()) > size) {
                               response->set_next_page_token(page[static_cast<size_t>(size) - 1].cost.id);
                             }
                             return absl::OkStatus();
                           });
                         });
}

grpc::ServerUnaryReactor* UnitCostService::UpdateUnitCost(grpc::CallbackServerContext* context,
                                                          const v1::UpdateUnitCostRequest* request,
                                                          v1::UpdateUnitCostResponse* response) {
  return handlers_.Unary(
      context, "plumbline.economics.v1.UnitCostService/UpdateUnitCost", *request,
      [=, this](const rpc::Call& call) -> absl::Status {
        Violations violations;
        if (!request->has_unit_cost()) violations.AddMissing("unit_cost");
        if (request->has_unit_cost() && request->unit_cost().etag().empty()) violations.AddMissing("unit_cost.etag");
        RETURN_IF_ERROR(violations.ToStatus());
        StoredUnitCost stored;
        ASSIGN_OR_RETURN(const std::string id,
                         operations::ParseName(request->unit_cost().name(), "unitCosts", "unit_cost.name"));
        ASSIGN_OR_RETURN(stored.cost, FromProto(request->unit_cost()));
        stored.cost.id = id;
        stored.etag = ids_.NewId();
        return operations::Write<EconomicsReader, EconomicsWriter, v1::UpdateUnitCostResponse>(
            store_, submitter_, call, *request, *response,
            [&](EconomicsWriter& writer, v1::UpdateUnitCostResponse& out, jobs::WriteResult& result) -> absl::Status {
              ASSIGN_OR_RETURN(const StoredUnitCost before, writer.GetUnitCost(id));
              if (before.etag != request->unit_cost().etag()) return StaleEtag("unitCosts/" + id);
              RETURN_IF_ERROR(writer.UpdateUnitCost(stored));
              *out.mutable_unit_cost() = ToProto(stored);
              result.audit.push_back({"unit_cost.update", out.unit_cost().name(), ""});
              return absl::OkStatus();
            });
      });
}

grpc::ServerUnaryReactor* UnitCostService::DeleteUnitCost(grpc::CallbackServerContext* context,
                                                          const v1::DeleteUnitCostRequest* request,
                                                          v1::DeleteUnitCostResponse* response) {
  return handlers_.Unary(
      context, "plumbline.economics.v1.UnitCostService/DeleteUnitCost", *request,
      [=, this](const rpc::Call& call) -> absl::Status {
        ASSIGN_OR_RETURN(const std::string id, operations::ParseName(request->name(), "unitCosts", "name"));
        return operations::Write<EconomicsReader, EconomicsWriter, v1::DeleteUnitCostResponse>(
            store_, submitter_, call, *request, *response,
            [&](EconomicsWriter& writer, v1::DeleteUnitCostResponse&, jobs::WriteResult& result) -> absl::Status {
              ASSIGN_OR_RETURN(const StoredUnitCost before, writer.GetUnitCost(id));
              if (!request->etag().empty() && before.etag != request->etag()) return StaleEtag("unitCosts/" + id);
              RETURN_IF_ERROR(writer.DeleteUnitCost(id));
              result.audit.push_back({"unit_cost.delete", "unitCosts/" + id, ""});
              return absl::OkStatus();
            });
      });
}

}  // namespace plumbline::economics
