#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/pseudonym_typed.h"
#include "coding/service/convert.h"
#include "coding/service/convert_operations.h"
#include "coding/service/study_service.h"
#include "coding/storage/adjudication.h"
#include "coding/storage/coder_reports.h"
#include "coding/storage/read_study.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/error_fields.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"

// The rounds of StudyService around the coding itself: training before it, drift during it, adjudication after it.
namespace plumbline::coding {
namespace {

constexpr char kService[] = "plumbline.coding.v1.StudyService/";

absl::StatusOr<std::string> StudyIdFromName(const std::string& name, const char* field) {
  return operations::ParseName(name, "studies", field);
}

}  // namespace

grpc::ServerUnaryReactor* StudyService::OpenAdjudication(grpc::CallbackServerContext* context,
                                                         const v1::OpenAdjudicationRequest* request,
                                                         v1::OpenAdjudicationResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "OpenAdjudication"), *request,
                         [=, this](const rpc::Call& call) { return Adjudicate(call, *request, *response); });
}

grpc::ServerUnaryReactor* StudyService::ImportGoldCodes(grpc::CallbackServerContext* context,
                                                        const v1::ImportGoldCodesRequest* request,
                                                        v1::ImportGoldCodesResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ImportGoldCodes"), *request,
                         [=, this](const rpc::Call& call) { return ImportGold(call, *request, *response); });
}

grpc::ServerUnaryReactor* StudyService::GetTrainingReport(grpc::CallbackServerContext* context,
                                                          const v1::GetTrainingReportRequest* request,
                                                          v1::GetTrainingReportResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "GetTrainingReport"), *request,
                         [=, this](const rpc::Call&) -> absl::Status {
                           ASSIGN_OR_RETURN(const std::string id, StudyIdFromName(request->name(), "name"));
                           return store_.Read([&](CodingReader& reader) -> absl::Status {
                             ASSIGN_OR_RETURN(const Study study, reader.GetStudy(id));
                             ASSIGN_OR_RETURN(const TrainingReport report, ReportTraining(reader, frames_, study));
                             response->Clear();
                             for (const CoderTraining& coder : report.coders) {
                               v1::CoderTraining& to = *response->add_coders();
                               *to.mutable_agreement() = ToProto(coder.coder, coder.figures, coder.missing);
                               to.set_passed(coder.passed);
                             }
                             if (study.passing.measure != PassingRule::Measure::kNone) {
                               *response->mutable_passing_rule() = ToProto(study.passing);
                             }
                             response->set_gold_count(report.gold_count);
                             return absl::OkStatus();
                           });
                         });
}

grpc::ServerUnaryReactor* StudyService::GetDriftReport(grpc::CallbackServerContext* context,
                                                       const v1::GetDriftReportRequest* request,
                                                       v1::GetDriftReportResponse* response) {
  return handlers_.Unary(
      context, absl::StrCat(kService, "GetDriftReport"), *request, [=, this](const rpc::Call&) -> absl::Status {
        ASSIGN_OR_RETURN(const std::string id, StudyIdFromName(request->name(), "name"));
        return store_.Read([&](CodingReader& reader) -> absl::Status {
          ASSIGN_OR_RETURN(const Study study, reader.GetStudy(id));
          ASSIGN_OR_RETURN(const std::vector<CoderDrift> report, ReportDrift(reader, frames_, study));
          response->Clear();
          for (const CoderDrift& coder : report) {
            *response->add_coders() = ToProto(coder.coder, coder.figures, coder.missing);
          }
          return absl::OkStatus();
        });
      });
}

absl::Status StudyService::Adjudicate(const rpc::Call& call, const v1::OpenAdjudicationRequest& request,
                                      v1::OpenAdjudicationResponse& response) {
  ASSIGN_OR_RETURN(const std::string id, StudyIdFromName(request.name(), "name"));
  v1::StudyPreparation payload;
  payload.set_study(request.name());
  jobs::OperationDraft draft{absl::StrCat("coding-", ids_.NewId()), kOpenAdjudicationKind, payload.SerializeAsString(),
                             request.name()};
  draft.unique_key = request.name();
  return operations::Write<CodingReader, CodingWriter, v1::OpenAdjudicationResponse>(
      store_, submitter_, call, request, response,
      [&](CodingWriter& writer, v1::OpenAdjudicationResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(Study study, writer.GetStudy(id));
        RETURN_IF_ERROR(RequireCanAdjudicate(writer, study, request.allow_missing()));
        if (study.item_count > kMaxImmediateRows) {
          study.state = StudyState::kPreparing;  // no code may change what the operation reads
          RETURN_IF_ERROR(writer.UpdateStudy(study));
          result.operations.push_back(draft);
          result.audit.push_back({"study.adjudicate.accept", request.name(), absl::StrCat("operation=", draft.id)});
          *out.mutable_operation() = operations::PendingToProto(draft, call.now);
        } else {
          ASSIGN_OR_RETURN(const Frame frame, frames_.Find(writer, study.frame_id, study.frame_version));
          std::vector<std::string> disputed;
          for (int after = 0; after < study.session_count; after += kSessionsPerLook) {
            RETURN_IF_ERROR(AddDisputed(writer, study, frame, after, disputed));
          }
          RETURN_IF_ERROR(OpenAdjudicationIn(writer, study, disputed));
          out.set_item_count(static_cast<int32_t>(disputed.size()));
          result.audit.push_back({"study.adjudicate", request.name(), absl::StrCat("items=", disputed.size())});
        }
        ASSIGN_OR_RETURN(const Study stored, writer.GetStudy(id));
        *out.mutable_study() = ToProto(stored);
        return absl::OkStatus();
      });
}

absl::Status StudyService::ImportGold(const rpc::Call& call, const v1::ImportGoldCodesRequest& request,
                                      v1::ImportGoldCodesResponse& response) {
  ASSIGN_OR_RETURN(const std::string id, StudyIdFromName(request.study(), "study"));
  if (request.csv().empty()) {
    Violations violations;
    violations.AddMissing("csv");
    return violations.ToStatus();
  }
  const CleanCodes clean = CleanCodesTable(request.csv());
  v1::ImportGoldCodesRequest digested = request;
  digested.set_csv(clean.digested);
  const auto sessions = SessionsOfCodesCsv(clean.csv, CodeLimits{});
  if (!sessions.ok()) return RenameField(sessions.status(), CsvTable::kWhole, "csv");
  return operations::Write<CodingReader, CodingWriter, v1::ImportGoldCodesResponse>(
      store_, submitter_, call, digested, response,
      [&](CodingWriter& writer, v1::ImportGoldCodesResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const Study study, writer.GetStudy(id));
        if (study.purpose != StudyPurpose::kTraining) {
          return InvalidField("study", request.study(), "must be a training study");
        }
        if (study.state == StudyState::kPreparing) return RequireOpen(study);
        ASSIGN_OR_RETURN(const Frame frame, frames_.Find(writer, study.frame_id, study.frame_version));
        ASSIGN_OR_RETURN(const std::vector<StudyItem> items, writer.ListItemsOf(id, *sessions));
        const auto codes = ParseGoldCsv(clean.csv, frame, items, CodeLimits{}, DrawnFrom(writer, study));
        if (!codes.ok()) return RenameField(codes.status(), CsvTable::kWhole, "csv");
        RETURN_IF_ERROR(writer.PutGoldCodes(id, *codes));
        out.set_code_count(static_cast<int32_t>(codes->size()));
        result.audit.push_back({"gold.import", request.study(), absl::StrCat("codes=", codes->size())});
        return absl::OkStatus();
      });
}

}  // namespace plumbline::coding
