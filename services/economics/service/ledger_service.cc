#include "economics/service/ledger_service.h"

#include <charconv>
#include <utility>

#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"
#include "economics/service/convert.h"

namespace plumbline::economics {
namespace {

struct CheckedLedger {
  Ledger ledger;
  LedgerReport report;
};

// Builds and checks; stops when the caller's deadline has passed.
absl::StatusOr<CheckedLedger> Check(LedgerSpec spec, const rpc::Call& call, Clock& clock) {
  ASSIGN_OR_RETURN(Ledger ledger, Ledger::Build(std::move(spec)));
  CheckOptions options;
  options.progress = [&call, &clock](int64_t, int64_t) {
    return clock.Now() > call.deadline ? absl::DeadlineExceededError("the deadline passed while the ledger was checked")
                                       : absl::OkStatus();
  };
  ASSIGN_OR_RETURN(LedgerReport report, CheckLedger(ledger, options));
  return CheckedLedger{std::move(ledger), std::move(report)};
}

absl::StatusOr<CheckedLedger> CheckRequest(const v1::Ledger& ledger, bool present, const rpc::Call& call,
                                           Clock& clock) {
  if (!present) {
    Violations violations;
    violations.AddMissing("ledger");
    return violations.ToStatus();
  }
  auto spec = FromProto(ledger);
  if (!spec.ok()) return UnderField(spec.status(), "ledger.");
  auto checked = Check(*std::move(spec), call, clock);
  if (!checked.ok()) return UnderField(checked.status(), "ledger.");
  return checked;
}

// "<microseconds>.<id>" of the last ledger of the page before.
std::string Token(const StoredLedger& last) {
  return std::to_string(absl::ToUnixMicros(last.create_time)) + "." + last.id;
}

absl::StatusOr<LedgerPosition> ParseToken(const std::string& token) {
  LedgerPosition out;
  if (token.empty()) return out;
  const size_t dot = token.find('.');
  int64_t micros = 0;
  const char* end = token.data() + (dot == std::string::npos ? 0 : dot);
  const auto parsed = std::from_chars(token.data(), end, micros);
  if (parsed.ec != std::errc() || parsed.ptr != end || !IsValidResourceId(token.substr(dot + 1))) {
    return InvalidField("page_token", token, "must be what the page before returned");
  }
  out.create_time = absl::FromUnixMicros(micros);
  out.id = token.substr(dot + 1);
  return out;
}

}  // namespace

grpc::ServerUnaryReactor* LedgerService::EvaluateLedger(grpc::CallbackServerContext* context,
                                                        const v1::EvaluateLedgerRequest* request,
                                                        v1::EvaluateLedgerResponse* response) {
  return handlers_.Unary(context, "plumbline.economics.v1.LedgerService/EvaluateLedger", *request,
                         [=, this](const rpc::Call& call) -> absl::Status {
                           ASSIGN_OR_RETURN(
                               const CheckedLedger checked,
                               CheckRequest(request->ledger(), request->has_ledger(), call, handlers_.clock()));
                           *response->mutable_ledger() = ToProto(checked.ledger, checked.report);
                           return absl::OkStatus();
                         });
}

grpc::ServerUnaryReactor* LedgerService::CreateLedger(grpc::CallbackServerContext* context,
                                                      const v1::CreateLedgerRequest* request,
                                                      v1::CreateLedgerResponse* response) {
  return handlers_.Unary(
      context, "plumbline.economics.v1.LedgerService/CreateLedger", *request,
      [=, this](const rpc::Call& call) -> absl::Status {
        if (!IsValidResourceId(request->ledger_id())) {
          return InvalidField("ledger_id", request->ledger_id(), kResourceIdRule);
        }
        ASSIGN_OR_RETURN(const CheckedLedger checked,
                         CheckRequest(request->ledger(), request->has_ledger(), call, handlers_.clock()));
        StoredLedger stored;
        stored.id = request->ledger_id();
        stored.spec = checked.ledger.spec();
        stored.counts = CountsOf(checked.report);
        stored.create_time = absl::FromUnixMicros(absl::ToUnixMicros(call.now));  // as precise as it is stored
        return operations::Write<EconomicsReader, EconomicsWriter, v1::CreateLedgerResponse>(
            store_, submitter_, call, *request, *response,
            [&](EconomicsWriter& writer, v1::CreateLedgerResponse& out, jobs::WriteResult& result) -> absl::Status {
              RETURN_IF_ERROR(writer.InsertLedger(stored));
              *out.mutable_ledger() = ToProto(checked.ledger, checked.report);
              out.mutable_ledger()->set_name("ledgers/" + stored.id);
              *out.mutable_ledger()->mutable_create_time() = operations::ToProto(stored.create_time);
              result.audit.push_back({"ledger.create", out.ledger().name(),
                                      "nodes=" + std::to_string(stored.spec.nodes.size()) +
                                          " does_not_follow=" + std::to_string(stored.counts.does_not_follow)});
              return absl::OkStatus();
            });
      });
}

grpc::ServerUnaryReactor* LedgerService::GetLedger(grpc::CallbackServerContext* context,
                                                   const v1::GetLedgerRequest* request,
                                                   v1::GetLedgerResponse* response) {
  return handlers_.Unary(
      context, "plumbline.economics.v1.LedgerService/GetLedger", *request,
      [=, this](const rpc::Call& call) -> absl::Status {
        ASSIGN_OR_RETURN(const std::string id, operations::ParseName(request->name(), "ledgers", "name"));
        StoredLedger stored;
        RETURN_IF_ERROR(store_.Read([&](EconomicsReader& reader) -> absl::Status {
          ASSIGN_OR_RETURN(stored, reader.GetLedger(id));
          return absl::OkStatus();
        }));
        ASSIGN_OR_RETURN(const CheckedLedger checked, Check(std::move(stored.spec), call, handlers_.clock()));
        *response->mutable_ledger() = ToProto(checked.ledger, checked.report);
        response->mutable_ledger()->set_name("ledgers/" + id);
        *response->mutable_ledger()->mutable_create_time() = operations::ToProto(stored.create_time);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* LedgerService::ListLedgers(grpc::CallbackServerContext* context,
                                                     const v1::ListLedgersRequest* request,
                                                     v1::ListLedgersResponse* response) {
  return handlers_.Unary(context, "plumbline.economics.v1.LedgerService/ListLedgers", *request,
                         [=, this](const rpc::Call&) -> absl::Status {
                           ASSIGN_OR_RETURN(const int size, operations::PageSize(request->page_size(), 50, 500));
                           ASSIGN_OR_RETURN(const LedgerPosition after, ParseToken(request->page_token()));
                           return store_.Read([&](EconomicsReader& reader) -> absl::Status {
                             ASSIGN_OR_RETURN(const std::vector<StoredLedger> page,
                                              reader.ListLedgers(after, size + 1));
                             response->Clear();
                             for (int i = 0; i < size && i < static_cast<int>(page.size()); ++i) {
                               const StoredLedger& stored = page[static_cast<size_t>(i)];
                               v1::Ledger& out = *response->add_ledgers();
                               out.set_name("ledgers/" + stored.id);
                               out.set_title(stored.spec.title);
                               *out.mutable_create_time() = operations::ToProto(stored.create_time);
                               *out.mutable_summary() = ToProto(stored.counts);
                             }
                             if (static_cast<int>(page.size()) > size) {
                               response->set_next_page_token(Token(page[static_cast<size_t>(size) - 1]));
                             }
                             return absl::OkStatus();
                           });
                         });
}

}  // namespace plumbline::economics
