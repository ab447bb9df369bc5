#include "coding/service/study_service.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coding/domain/pseudonym_typed.h"
#include "coding/service/convert.h"
#include "coding/service/convert_operations.h"
#include "coding/service/convert_results.h"
#include "coding/service/create_study.h"
#include "coding/storage/read_study.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/error_fields.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"
#include "plumbline/coding/v1/study_payload.pb.h"

namespace plumbline::coding {
namespace {

constexpr char kService[] = "plumbline.coding.v1.StudyService/";
constexpr char kListStudies[] = "ListStudies";
constexpr int kDefaultReplicates = 2000;
constexpr int kMaxReplicates = 100'000;
// Sessions that an answer shows of a closed study, alone or in a list; studies of more show none.
constexpr int kMaxShownSessions = 10'000;
constexpr int kMaxListedSessions = 100;

absl::StatusOr<std::string> StudyIdFromName(const std::string& name, const char* field) {
  return operations::ParseName(name, "studies", field);
}

std::string StudyName(const std::string& id) { return absl::StrCat("studies/", id); }

// "<microseconds>/<id>": where a page of studies goes on.
absl::StatusOr<StudyPosition> ReadPosition(const std::string& token) {
  ASSIGN_OR_RETURN(const std::string after, DecodePageToken(kListStudies, token));
  if (after.empty()) return StudyPosition{};
  const std::vector<std::string> parts = absl::StrSplit(after, '/');
  int64_t micros = 0;
  if (parts.size() == 2 && absl::SimpleAtoi(parts[0], &micros) && IsValidResourceId(parts[1])) {
    return StudyPosition{absl::FromUnixMicros(micros), parts[1]};
  }
  return InvalidField("page_token", token, "must be the next_page_token of a page of this list");
}

// A stored study as a message, with its sessions where they may be shown and are not too many.
absl::StatusOr<v1::Study> Show(CodingReader& reader, Study study, int max_sessions) {
  if (study.state == StudyState::kClosed && study.session_count <= max_sessions) {
    ASSIGN_OR_RETURN(study.sessions, SessionsOf(reader, study));
  }
  return ToProto(study);
}

// The pairs of texts of a request, without what identifies people.
absl::StatusOr<std::vector<SessionPairs>> ReadPairs(const v1::CreateStudyRequest& request) {
  if (request.pairs_csv().empty()) return std::vector<SessionPairs>{};
  auto pairs = ParsePairsCsv(request.pairs_csv(), PairLimits{});
  if (!pairs.ok()) return RenameField(pairs.status(), CsvTable::kWhole, "pairs_csv");
  HideInPairs(*pairs);
  return pairs;
}

// INVALID_ARGUMENT with every row of a table of codes whose coder was not given the item. Without the item's id: beside
// the row's session it would be a line of the key.
absl::Status NotGiven(CodingReader& reader, const std::string& study, const std::vector<PlacedCode>& codes) {
  std::map<std::string, std::set<std::string>> items;  // by coder
  for (const PlacedCode& placed : codes) items[placed.coder].insert(placed.item_id);
  std::map<std::string, HeldItems> given;
  for (const auto& [coder, ids] : items) {
    ASSIGN_OR_RETURN(given[coder], reader.FindItems(study, coder, {ids.begin(), ids.end()}));
  }
  Violations violations;
  for (size_t row = 0; row < codes.size(); ++row) {
    if (given[codes[row].coder].count(codes[row].item_id) > 0) continue;
    violations.Add(CsvTable::Place(row, "coder"), codes[row].coder, "was not given this item");
  }
  return violations.ToStatus();
}

}  // namespace

grpc::ServerUnaryReactor* StudyService::CreateStudy(grpc::CallbackServerContext* context,
                                                    const v1::CreateStudyRequest* request,
                                                    v1::CreateStudyResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "CreateStudy"), *request,
                         [=, this](const rpc::Call& call) { return Create(call, *request, *response); });
}

grpc::ServerUnaryReactor* StudyService::GetStudy(grpc::CallbackServerContext* context,
                                                 const v1::GetStudyRequest* request, v1::GetStudyResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "GetStudy"), *request,
                         [=, this](const rpc::Call&) -> absl::Status {
                           ASSIGN_OR_RETURN(const std::string id, StudyIdFromName(request->name(), "name"));
                           return store_.Read([&](CodingReader& reader) -> absl::Status {
                             ASSIGN_OR_RETURN(const Study study, reader.GetStudy(id));
                             ASSIGN_OR_RETURN(*response->mutable_study(), Show(reader, study, kMaxShownSessions));
                             return absl::OkStatus();
                           });
                         });
}

grpc::ServerUnaryReactor* StudyService::ListStudies(grpc::CallbackServerContext* context,
                                                    const v1::ListStudiesRequest* request,
                                                    v1::ListStudiesResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ListStudies"), *request,
                         [=, this](const rpc::Call&) { return List(*request, *response); });
}

grpc::ServerUnaryReactor* StudyService::GetStudyProgress(grpc::CallbackServerContext* context,
                                                         const v1::GetStudyProgressRequest* request,
                                                         v1::GetStudyProgressResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "GetStudyProgress"), *request,
                         [=, this](const rpc::Call& call) { return Progress(call.now, *request, *response); });
}

grpc::ServerUnaryReactor* StudyService::ImportCodes(grpc::CallbackServerContext* context,
                                                    const v1::ImportCodesRequest* request,
                                                    v1::ImportCodesResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ImportCodes"), *request,
                         [=, this](const rpc::Call& call) { return Import(call, *request, *response); });
}

grpc::ServerUnaryReactor* StudyService::CloseStudy(grpc::CallbackServerContext* context,
                                                   const v1::CloseStudyRequest* request,
                                                   v1::CloseStudyResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "CloseStudy"), *request,
                         [=, this](const rpc::Call& call) { return Close(call, *request, *response); });
}

grpc::ServerUnaryReactor* StudyService::GetStudyResults(grpc::CallbackServerContext* context,
                                                        const v1::GetStudyResultsRequest* request,
                                                        v1::GetStudyResultsResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "GetStudyResults"), *request,
                         [=, this](const rpc::Call&) -> absl::Status {
                           ASSIGN_OR_RETURN(const std::string id, StudyIdFromName(request->name(), "name"));
                           ASSIGN_OR_RETURN(ClosedStudy closed, FindClosedStudy(store_, frames_, id));
                           ASSIGN_OR_RETURN(const StudyResults results, ReadStudyResults(store_, closed));
                           for (const SessionFidelity& s : results.sessions) closed.study.sessions.push_back(s.session);
                           *response->mutable_results() = ToProto(closed.study, closed.frame, results);
                           return absl::OkStatus();
                         });
}

grpc::ServerUnaryReactor* StudyService::AnalyzeStudy(grpc::CallbackServerContext* context,
                                                     const v1::AnalyzeStudyRequest* request,
                                                     v1::AnalyzeStudyResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "AnalyzeStudy"), *request,
                         [=, this](const rpc::Call& call) { return Analyze(call, *request, *response); });
}

grpc::ServerUnaryReactor* StudyService::GetFeedbackSheet(grpc::CallbackServerContext* context,
                                                         const v1::GetFeedbackSheetRequest* request,
                                                         v1::GetFeedbackSheetResponse* response) {
  return handlers_.Unary(
      context, absl::StrCat(kService, "GetFeedbackSheet"), *request, [=, this](const rpc::Call&) -> absl::Status {
        ASSIGN_OR_RETURN(const std::string id, StudyIdFromName(request->study(), "study"));
        if (!IsValidResourceId(request->session())) {
          return InvalidField("session", request->session(), kResourceIdRule);
        }
        ASSIGN_OR_RETURN(const FeedbackSheet sheet, ReadFeedbackSheet(store_, frames_, id, request->session()));
        *response->mutable_sheet() = ToProto(sheet);
        return absl::OkStatus();
      });
}

absl::Status StudyService::Create(const rpc::Call& call, const v1::CreateStudyRequest& request,
                                  v1::CreateStudyResponse& response) {
  ASSIGN_OR_RETURN(const Study study,
                   StudyFromProto(request, request.study_id().empty() ? ids_.NewId() : request.study_id(), call.now));
  ASSIGN_OR_RETURN(const std::vector<SessionPairs> pairs, ReadPairs(request));
  v1::CreateStudyRequest clean = request;  // for the digest: one of names could be found by trying
  clean.clear_pairs_csv();
  for (const SessionPairs& session : pairs) {
    for (const TextPair& pair : session.pairs) {
      *clean.mutable_pairs_csv() += CsvLine({session.session, pair.first, pair.second});
    }
  }
  v1::PrepareStudyPayload payload;
  payload.set_study(StudyName(study.id));
  payload.set_create_time_us(absl::ToUnixMicros(study.create_time));
  const jobs::OperationDraft draft{absl::StrCat("coding-", ids_.NewId()), kPrepareStudyKind,
                                   payload.SerializeAsString(), payload.study()};
  return operations::Write<CodingReader, CodingWriter, v1::CreateStudyResponse>(
      store_, submitter_, call, clean, response,
      [&](CodingWriter& writer, v1::CreateStudyResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const Study stored, CreateStudyIn(writer, frames_, suggesters_, study, pairs, ids_));
        *out.mutable_study() = ToProto(stored);
        std::string detail = absl::StrCat("items=", stored.item_count, " coders=", stored.coders.size(),
                                          " sessions=", stored.sessions.size());
        if (stored.suggestions != SuggestionMode::kNever) {
          absl::StrAppend(&detail, " suggestions=", stored.suggestion_rules);
        }
        if (stored.state == StudyState::kPreparing) {
          result.operations.push_back(draft);
          *out.mutable_operation() = operations::PendingToProto(draft, call.now);
          absl::StrAppend(&detail, " operation=", draft.id);
        }
        result.audit.push_back({"study.create", StudyName(stored.id), detail});
        return absl::OkStatus();
      });
}

absl::Status StudyService::List(const v1::ListStudiesRequest& request, v1::ListStudiesResponse& response) {
  ASSIGN_OR_RETURN(const int page_size, operations::PageSize(request.page_size(), 50, 500));
  ASSIGN_OR_RETURN(const StudyPosition after, ReadPosition(request.page_token()));
  return store_.Read([&](CodingReader& reader) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(std::vector<Study> studies, reader.ListStudies(after, page_size + 1));
    const bool more = static_cast<int>(studies.size()) > page_size;
    if (more) studies.pop_back();
    for (const Study& study : studies) {
      ASSIGN_OR_RETURN(*response.add_studies(), Show(reader, study, kMaxListedSessions));
    }
    if (more) {
      const Study& last = studies.back();
      response.set_next_page_token(
          EncodePageToken(kListStudies, absl::StrCat(absl::ToUnixMicros(last.create_time), "/", last.id)));
    }
    return absl::OkStatus();
  });
}

absl::Status StudyService::Progress(absl::Time now, const v1::GetStudyProgressRequest& request,
                                    v1::GetStudyProgressResponse& response) {
  ASSIGN_OR_RETURN(const std::string id, StudyIdFromName(request.name(), "name"));
  return store_.Read([&](CodingReader& reader) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(const Study study, reader.GetStudy(id));
    ASSIGN_OR_RETURN(const auto batches, reader.GetProgress(id));
    std::vector<std::string> people = study.coders;
    if (batches.count(study.adjudicator) > 0) people.push_back(study.adjudicator);
    for (const std::string& coder : people) {
      v1::CoderProgress& progress = *response.add_coders();
      progress.set_coder(coder);
      progress.set_adjudicates(coder == study.adjudicator);
      const auto batch = batches.find(coder);
      if (batch == batches.end()) continue;
      progress.set_coded(batch->second.coded);
      progress.set_skipped(batch->second.skipped);
      progress.set_total(batch->second.total);
      if (now > study.deadline) progress.set_late(batch->second.Missing());
    }
    return absl::OkStatus();
  });
}

absl::Status StudyService::Import(const rpc::Call& call, const v1::ImportCodesRequest& request,
                                  v1::ImportCodesResponse& response) {
  ASSIGN_OR_RETURN(const std::string id, StudyIdFromName(request.study(), "study"));
  if (request.csv().empty()) {
    Violations violations;
    violations.AddMissing("csv");
    return violations.ToStatus();
  }
  const CleanCodes clean = CleanCodesTable(request.csv());
  v1::ImportCodesRequest digested = request;
  digested.set_csv(clean.digested);
  const auto sessions = SessionsOfCodesCsv(clean.csv, CodeLimits{});
  if (!sessions.ok()) return RenameField(sessions.status(), CsvTable::kWhole, "csv");
  return operations::Write<CodingReader, CodingWriter, v1::ImportCodesResponse>(
      store_, submitter_, call, digested, response,
      [&](CodingWriter& writer, v1::ImportCodesResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const Study study, writer.GetStudy(id));
        RETURN_IF_ERROR(RequireOpen(study));
        ASSIGN_OR_RETURN(const Frame frame, frames_.Find(writer, study.frame_id, study.frame_version));
        ASSIGN_OR_RETURN(const std::vector<StudyItem> items, writer.ListItemsOf(id, *sessions));
        const auto codes = ParseCodesCsv(clean.csv, study, frame, items, CodeLimits{}, DrawnFrom(writer, study));
        if (!codes.ok()) return RenameField(codes.status(), CsvTable::kWhole, "csv");
        const auto stored = writer.AddCodes(id, *codes, call.now);
        if (absl::IsNotFound(stored.status())) return NotGiven(writer, id, *codes);
        RETURN_IF_ERROR(stored.status());
        out.set_code_count(static_cast<int32_t>(codes->size()));
        result.audit.push_back({"code.import", StudyName(id), absl::StrCat("codes=", codes->size())});
        return absl::OkStatus();
      });
}

absl::Status StudyService::Close(const rpc::Call& call, const v1::CloseStudyRequest& request,
                                 v1::CloseStudyResponse& response) {
  ASSIGN_OR_RETURN(const std::string id, StudyIdFromName(request.name(), "name"));
  return operations::Write<CodingReader, CodingWriter, v1::CloseStudyResponse>(
      store_, submitter_, call, request, response,
      [&](CodingWriter& writer, v1::CloseStudyResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(Study study, writer.GetStudy(id));
        if (!request.etag().empty() && request.etag() != Etag(study)) return StaleEtag(request.name());
        RETURN_IF_ERROR(RequireCanClose(study));
        ASSIGN_OR_RETURN(const auto batches, writer.GetProgress(id));
        int64_t missing = 0;
        for (const auto& [coder, batch] : batches) missing += batch.Missing();
        if (missing > 0 && !request.allow_missing()) {
          return FailedPrecondition("CODES_MISSING", request.name(),
                                    absl::StrCat(missing, " codes are missing: finish coding, or set allow_missing"));
        }
        if (!study.adjudicator.empty() && study.state != StudyState::kAdjudicating && !request.allow_missing()) {
          return FailedPrecondition("ADJUDICATION_NOT_OPENED", request.name(),
                                    absl::StrCat("what the coders are split on is decided by ", study.adjudicator,
                                                 ": call OpenAdjudication first, or set allow_missing"));
        }
        study.state = StudyState::kClosed;
        study.close_time = call.now;
        RETURN_IF_ERROR(writer.UpdateStudy(study));
        ASSIGN_OR_RETURN(const Study stored, writer.GetStudy(id));
        ASSIGN_OR_RETURN(*out.mutable_study(), Show(writer, stored, kMaxShownSessions));
        result.audit.push_back({"study.close", request.name(), absl::StrCat("missing_codes=", missing)});
        return absl::OkStatus();
      });
}

absl::Status StudyService::Analyze(const rpc::Call& call, const v1::AnalyzeStudyRequest& request,
                                   v1::AnalyzeStudyResponse& response) {
  Violations violations;
  const auto id = StudyIdFromName(request.name(), "name");
  if (!id.ok()) violations.Add("name", request.name(), "must be \"studies/{study}\"");
  if (request.replicates() < 0 || request.replicates() > kMaxReplicates) {
    violations.Add("replicates", absl::StrCat(request.replicates()),
                   absl::StrCat("must be 0 (", kDefaultReplicates, ") to ", kMaxReplicates));
  }
  if (request.seed() == 0) violations.Add("seed", "0", "must be given: any number but 0");
  RETURN_IF_ERROR(violations.ToStatus());
  v1::AnalyzeStudyRequest payload = request;
  payload.clear_request_id();
  if (payload.replicates() == 0) payload.set_replicates(kDefaultReplicates);
  const jobs::OperationDraft draft{absl::StrCat("coding-", ids_.NewId()), kAnalyzeStudyKind,
                                   payload.SerializeAsString(), request.name()};
  return operations::Write<CodingReader, CodingWriter, v1::AnalyzeStudyResponse>(
      store_, submitter_, call, request, response,
      [&](CodingWriter& writer, v1::AnalyzeStudyResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const Study study, writer.GetStudy(*id));
        RETURN_IF_ERROR(RequireClosed(study));
        result.operations.push_back(draft);
        result.audit.push_back(
            {"study.analyze.accept", request.name(),
             absl::StrCat("operation=", draft.id, " replicates=", payload.replicates(), " seed=", payload.seed())});
        *out.mutable_operation() = operations::PendingToProto(draft, call.now);
        return absl::OkStatus();
      });
}

}  // namespace plumbline::coding
