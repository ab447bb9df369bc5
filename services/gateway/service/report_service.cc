#include "gateway/service/report_service.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"
#include "gateway/report/render.h"
#include "gateway/service/convert.h"
#include "gateway/service/page_token.h"

namespace plumbline::gateway {
namespace {

constexpr char kCreate[] = "plumbline.gateway.v1.ReportService/CreateReport";
constexpr char kGet[] = "plumbline.gateway.v1.ReportService/GetReport";
constexpr char kList[] = "plumbline.gateway.v1.ReportService/ListReports";
constexpr char kRender[] = "plumbline.gateway.v1.ReportService/RenderReport";

absl::StatusOr<v1::Report> Parse(const std::string& bytes) {
  v1::Report report;
  if (!report.ParseFromString(bytes)) return absl::InternalError("a stored report could not be read back");
  return report;
}

absl::StatusOr<v1::Report> ReadReport(GatewayUnitOfWork& store, const std::string& name) {
  ASSIGN_OR_RETURN(const operations::ChildName parts, operations::ParseChildName(name, "trials", "reports", "name"));
  StoredReport stored;
  RETURN_IF_ERROR(store.Read([&](GatewayReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(stored, reader.GetReport(parts.parent, parts.child));
    return absl::OkStatus();
  }));
  return Parse(stored.body);
}

// Where a list of reports goes on: "<microseconds> <id>".
struct Position {
  absl::Time time = absl::FromUnixSeconds(253'402'300'799);  // the end of year 9999: after every report
  std::string id;
};

absl::StatusOr<Position> ReadPosition(const std::string& scope, const std::string& token) {
  ASSIGN_OR_RETURN(const std::string text, ReadPageToken(scope, token));
  Position position;
  if (text.empty()) return position;
  const size_t space = text.find(' ');
  int64_t micros = 0;
  if (space == std::string::npos || !absl::SimpleAtoi(text.substr(0, space), &micros)) {
    return InvalidField("page_token", token, "must be the next_page_token of the same list");
  }
  position.time = absl::FromUnixMicros(micros);
  position.id = text.substr(space + 1);
  return position;
}

}  // namespace

grpc::ServerUnaryReactor* ReportService::CreateReport(grpc::CallbackServerContext* context,
                                                      const v1::CreateReportRequest* request,
                                                      v1::CreateReportResponse* response) {
  return handlers_.Unary(context, kCreate, *request, [this, request, response](const rpc::Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string trial, operations::ParseName(request->parent(), "trials", "parent"));
    if (!request->has_spec()) {
      Violations violations;
      violations.AddMissing("spec");
      return violations.ToStatus();
    }
    RETURN_IF_ERROR(ValidateSpec(request->spec()));
    v1::Report payload;
    payload.set_name(MemberName(trial, "reports", ids_.NewId()));
    *payload.mutable_spec() = request->spec();
    const jobs::OperationDraft draft = {absl::StrCat("gateway-", ids_.NewId()), kCreateReportKind,
                                        payload.SerializeAsString(), TrialName(trial)};
    return operations::Write<GatewayReader, GatewayWriter, v1::CreateReportResponse>(
        store_, submitter_, call, *request, *response,
        [&](GatewayWriter& writer, v1::CreateReportResponse& out, jobs::WriteResult& result) -> absl::Status {
          RETURN_IF_ERROR(writer.GetTrial(trial).status());
          *out.mutable_operation() = operations::PendingToProto(draft, call.now);
          result.operations.push_back(draft);
          result.audit.push_back({"report.request", payload.name(), ""});
          return absl::OkStatus();
        });
  });
}

grpc::ServerUnaryReactor* ReportService::GetReport(grpc::CallbackServerContext* context,
                                                   const v1::GetReportRequest* request,
                                                   v1::GetReportResponse* response) {
  return handlers_.Unary(context, kGet, *request, [this, request, response](const rpc::Call&) -> absl::Status {
    ASSIGN_OR_RETURN(*response->mutable_report(), ReadReport(store_, request->name()));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ReportService::ListReports(grpc::CallbackServerContext* context,
                                                     const v1::ListReportsRequest* request,
                                                     v1::ListReportsResponse* response) {
  return handlers_.Unary(context, kList, *request, [this, request, response](const rpc::Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string trial, operations::ParseName(request->parent(), "trials", "parent"));
    ASSIGN_OR_RETURN(const int size, operations::PageSize(request->page_size(), 50, 500));
    const std::string scope = absl::StrCat(TrialName(trial), "/reports");
    ASSIGN_OR_RETURN(const Position from, ReadPosition(scope, request->page_token()));
    std::vector<StoredReport> reports;
    RETURN_IF_ERROR(store_.Read([&](GatewayReader& reader) -> absl::Status {
      RETURN_IF_ERROR(reader.GetTrial(trial).status());
      ASSIGN_OR_RETURN(reports, reader.ListReports(trial, from.time, from.id, size + 1));
      return absl::OkStatus();
    }));
    if (reports.size() > static_cast<size_t>(size)) {
      reports.pop_back();
      response->set_next_page_token(
          MakePageToken(scope, absl::StrCat(absl::ToUnixMicros(reports.back().create_time), " ", reports.back().id)));
    }
    for (const StoredReport& report : reports) {
      ASSIGN_OR_RETURN(*response->add_reports(), Parse(report.head));
    }
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ReportService::RenderReport(grpc::CallbackServerContext* context,
                                                      const v1::RenderReportRequest* request,
                                                      v1::RenderReportResponse* response) {
  return handlers_.Unary(context, kRender, *request, [this, request, response](const rpc::Call&) -> absl::Status {
    if (request->format() < v1::REPORT_FORMAT_HTML || request->format() > v1::REPORT_FORMAT_CSV) {
      return InvalidField("format", absl::StrCat(static_cast<int>(request->format())), "must be HTML, JSON or CSV");
    }
    ASSIGN_OR_RETURN(const v1::Report report, ReadReport(store_, request->name()));
    ASSIGN_OR_RETURN(report::Document document, report::Render(report, request->format()));
    response->set_content(std::move(document.content));
    response->set_media_type(std::move(document.media_type));
    return absl::OkStatus();
  });
}

}  // namespace plumbline::gateway
