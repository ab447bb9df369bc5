#include "coding/service/transcript_service.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "coding/service/convert_import.h"
#include "coding/service/convert_operations.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/error_fields.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"

namespace plumbline::coding {
namespace {

constexpr char kService[] = "plumbline.coding.v1.TranscriptService/";
constexpr int kMaxSources = 1000;
constexpr size_t kMaxBatchBytes = 64u << 20;
constexpr char kListTranscripts[] = "ListTranscripts";

absl::StatusOr<std::string> SessionFromName(std::string_view name, std::string_view field) {
  return operations::ParseName(name, "transcripts", field);
}

std::string ScopeOf(const ParsedSource& source) {
  return PseudonymScope(source.pseudonyms.record.family, source.record.session);
}

// A transcript without its time of import, which is another when the request is repeated.
v1::CleanTranscript ToDigest(const ParsedSource& source) {
  v1::CleanTranscript out = ToPayload(source);
  out.mutable_transcript()->clear_create_time();
  out.mutable_transcript()->clear_etag();
  return out;
}

// The questions of one session, searched, with what was found.
struct HiddenQuestions {
  SessionQuestions session;
  Hidden pseudonyms;
};

// Puts the questions of one session in place of those it had; creates the session where it is not known.
absl::StatusOr<TranscriptRecord> PutQuestions(CodingWriter& writer, const SessionQuestions& session,
                                              const rpc::Call& call) {
  const auto present = writer.GetTranscript(session.session);
  if (absl::IsNotFound(present.status())) {
    TranscriptRecord record;
    record.session = session.session;
    record.create_time = call.now;
    record.questions_by_hand = true;
    RETURN_IF_ERROR(writer.InsertTranscript(record, {}, session.questions));
    return writer.GetTranscript(session.session);
  }
  RETURN_IF_ERROR(present.status());
  ASSIGN_OR_RETURN(const bool in_use, writer.IsInStudy(session.session));
  if (in_use) return TranscriptInUse(session.session);
  const int last = session.questions.back().turn;  // turns never go back, so the last is the greatest
  if (present->turn_count > 0 && last > present->turn_count) {
    return InvalidField(absl::StrCat("csv, session \"", session.session, "\", turn"), absl::StrCat(last),
                        absl::StrCat("the transcript has ", present->turn_count, " turns"));
  }
  const std::string detail = absl::StrCat("questions imported: ", session.questions.size(), " take the place of ",
                                          present->question_count, present->questions_by_hand ? " made by hand" : "");
  RETURN_IF_ERROR(writer.ReplaceQuestions(session.session, session.questions, {{0, call.now, call.actor, detail}}));
  return writer.GetTranscript(session.session);
}

}  // namespace

grpc::ServerUnaryReactor* TranscriptService::ImportTranscript(grpc::CallbackServerContext* context,
                                                              const v1::ImportTranscriptRequest* request,
                                                              v1::ImportTranscriptResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ImportTranscript"), *request,
                         [=, this](const rpc::Call& call) { return Import(call, *request, *response); });
}

grpc::ServerUnaryReactor* TranscriptService::BatchImportTranscripts(grpc::CallbackServerContext* context,
                                                                    const v1::BatchImportTranscriptsRequest* request,
                                                                    v1::BatchImportTranscriptsResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "BatchImportTranscripts"), *request,
                         [=, this](const rpc::Call& call) { return BatchImport(call, *request, *response); });
}

grpc::ServerUnaryReactor* TranscriptService::ImportQuestions(grpc::CallbackServerContext* context,
                                                             const v1::ImportQuestionsRequest* request,
                                                             v1::ImportQuestionsResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ImportQuestions"), *request,
                         [=, this](const rpc::Call& call) { return StoreQuestions(call, *request, *response); });
}

grpc::ServerUnaryReactor* TranscriptService::ExtractQuestions(grpc::CallbackServerContext* context,
                                                              const v1::ExtractQuestionsRequest* request,
                                                              v1::ExtractQuestionsResponse* response) {
  return handlers_.Unary(
      context, absl::StrCat(kService, "ExtractQuestions"), *request, [=](const rpc::Call&) -> absl::Status {
        ASSIGN_OR_RETURN(SourceReading reading, ReadSource(request->source(), /*session_required=*/false, "source"));
        *response->mutable_report() = Report(reading, /*taken=*/false, {}, /*allow_duplicate=*/true);
        ASSIGN_OR_RETURN(const ParsedSource parsed, Whole(std::move(reading)));
        for (const Turn& turn : parsed.transcript.turns) *response->add_turns() = ToProto(turn);
        for (const Question& question : parsed.questions) *response->add_questions() = ToProto(question, "");
        if (parsed.record.duration_ms) {
          *response->mutable_duration() = operations::ToProto(absl::Milliseconds(*parsed.record.duration_ms));
        }
        AddWarnings(parsed.transcript, *response->mutable_warnings());
        *response->mutable_pseudonyms() = ToProto(parsed.pseudonyms.record);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* TranscriptService::GetTranscript(grpc::CallbackServerContext* context,
                                                           const v1::GetTranscriptRequest* request,
                                                           v1::GetTranscriptResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "GetTranscript"), *request,
                         [=, this](const rpc::Call&) -> absl::Status {
                           ASSIGN_OR_RETURN(const std::string session, SessionFromName(request->name(), "name"));
                           return store_.Read([&](CodingReader& reader) -> absl::Status {
                             ASSIGN_OR_RETURN(const TranscriptRecord record, reader.GetTranscript(session));
                             ASSIGN_OR_RETURN(const std::vector<Turn> turns, reader.ListTurns(session));
                             const auto searched = reader.pseudonyms().GetPseudonymRecord(session);
                             if (!searched.ok() && !absl::IsNotFound(searched.status())) return searched.status();
                             *response->mutable_transcript() = ToProto(record);
                             if (searched.ok())
                               *response->mutable_transcript()->mutable_pseudonyms() = ToProto(*searched);
                             for (const Turn& turn : turns)
                               *response->mutable_transcript()->add_turns() = ToProto(turn);
                             return absl::OkStatus();
                           });
                         });
}

grpc::ServerUnaryReactor* TranscriptService::ListTranscripts(grpc::CallbackServerContext* context,
                                                             const v1::ListTranscriptsRequest* request,
                                                             v1::ListTranscriptsResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ListTranscripts"), *request,
                         [=, this](const rpc::Call&) { return List(*request, *response); });
}

grpc::ServerUnaryReactor* TranscriptService::DeleteTranscript(grpc::CallbackServerContext* context,
                                                              const v1::DeleteTranscriptRequest* request,
                                                              v1::DeleteTranscriptResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "DeleteTranscript"), *request,
                         [=, this](const rpc::Call& call) { return Delete(call, *request, *response); });
}

grpc::ServerUnaryReactor* TranscriptService::ListQuestions(grpc::CallbackServerContext* context,
                                                           const v1::ListQuestionsRequest* request,
                                                           v1::ListQuestionsResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ListQuestions"), *request,
                         [=, this](const rpc::Call&) { return Questions(*request, *response); });
}

absl::Status TranscriptService::Validate(const v1::ImportTranscriptRequest& request,
                                         v1::ImportTranscriptResponse& response) {
  ASSIGN_OR_RETURN(const SourceReading reading, ReadSource(request.source(), /*session_required=*/true, "source"));
  const ParsedSource& parsed = reading.parsed;
  bool taken = false;
  Duplicates duplicates;
  RETURN_IF_ERROR(store_.Read([&](CodingReader& reader) -> absl::Status {
    const auto present = reader.GetTranscript(parsed.record.session);
    if (!present.ok() && !absl::IsNotFound(present.status())) return present.status();
    taken = present.ok();
    ASSIGN_OR_RETURN(duplicates,
                     FindDuplicates(reader, parsed.record.session, parsed.record.fingerprint, parsed.transcript.turns));
    return absl::OkStatus();
  }));
  *response.mutable_report() = Report(reading, taken, duplicates, request.allow_duplicate());
  if (reading.error_count == 0) {
    v1::Transcript& would_be = *response.mutable_transcript();
    would_be = ToProto(parsed.record);
    *would_be.mutable_pseudonyms() = ToProto(parsed.pseudonyms.record);
    would_be.clear_create_time();  // nothing was made
    would_be.clear_etag();
  }
  AddWarnings(parsed.transcript, *response.mutable_warnings());
  return absl::OkStatus();
}

absl::Status TranscriptService::Import(const rpc::Call& call, const v1::ImportTranscriptRequest& request,
                                       v1::ImportTranscriptResponse& response) {
  if (request.validate_only()) return Validate(request, response);
  ASSIGN_OR_RETURN(SourceReading reading, ReadSource(request.source(), /*session_required=*/true, "source"));
  reading.parsed.record.create_time = call.now;
  v1::ValidationReport report = Report(reading, /*taken=*/false, {}, request.allow_duplicate());
  ASSIGN_OR_RETURN(const ParsedSource whole, Whole(std::move(reading)));
  const std::string name = absl::StrCat("transcripts/", whole.record.session);
  // The digest that tells a repeat is of what is left of the request: one of names could be found by trying.
  v1::ImportTranscriptRequest clean;
  clean.set_request_id(request.request_id());
  clean.set_allow_duplicate(request.allow_duplicate());
  clean.mutable_source()->set_content(ToDigest(whole).SerializeAsString());
  return operations::Write<CodingReader, CodingWriter, v1::ImportTranscriptResponse>(
      store_, submitter_, call, clean, response,
      [&](CodingWriter& writer, v1::ImportTranscriptResponse& out, jobs::WriteResult& result) -> absl::Status {
        ParsedSource parsed = whole;
        PseudonymMemory memory(writer.pseudonym_writer(), pseudonym_hash_);
        ASSIGN_OR_RETURN(const PlaceholderMap numbers, memory.Number(ScopeOf(parsed), parsed.pseudonyms));
        RETURN_IF_ERROR(memory.Save());
        Renumber(numbers, parsed);
        ASSIGN_OR_RETURN(
            const Duplicates duplicates,
            FindDuplicates(writer, parsed.record.session, parsed.record.fingerprint, parsed.transcript.turns));
        RETURN_IF_ERROR(InsertSource(writer, parsed));
        if (!duplicates.same.empty() && !request.allow_duplicate()) {
          return DuplicateTranscript(parsed.record.session, duplicates.same);
        }
        *out.mutable_transcript() = ToProto(parsed.record);
        *out.mutable_transcript()->mutable_pseudonyms() = ToProto(parsed.pseudonyms.record);
        AddWarnings(parsed.transcript, *out.mutable_warnings());
        *out.mutable_report() = report;
        Renumber(numbers, *out.mutable_report());
        AddDuplicates(duplicates, *out.mutable_report());
        result.audit.push_back(
            {"transcript.import", name,
             absl::StrCat("turns=", parsed.record.turn_count, " questions=", parsed.record.question_count,
                          duplicates.same.empty() ? "" : " duplicate allowed", " ",
                          AuditDetail(parsed.pseudonyms.record))});
        return absl::OkStatus();
      });
}

absl::Status TranscriptService::BatchImport(const rpc::Call& call, const v1::BatchImportTranscriptsRequest& request,
                                            v1::BatchImportTranscriptsResponse& response) {
  Violations violations;
  if (request.sources_size() < 1 || request.sources_size() > kMaxSources) {
    violations.Add("sources", absl::StrCat(request.sources_size(), " sources"),
                   absl::StrCat("must be 1 to ", kMaxSources));
  }
  std::set<std::string_view> sessions;
  size_t bytes = 0;
  for (int i = 0; i < request.sources_size() && i < kMaxSources; ++i) {
    const v1::TranscriptSource& source = request.sources(i);
    const std::string place = absl::StrCat("sources[", i, "]");
    bytes += source.content().size();
    if (!IsValidResourceId(source.session())) violations.Add(place + ".session", source.session(), kResourceIdRule);
    if (!sessions.insert(source.session()).second) violations.Add(place + ".session", source.session(), "stands twice");
    if (source.content().empty()) violations.AddMissing(place + ".content");
    if (source.content().size() > TranscriptLimits{}.max_json_bytes) {  // the parser holds other forms to less
      violations.Add(place + ".content", absl::StrCat(source.content().size(), " bytes"),
                     absl::StrCat("may have at most ", TranscriptLimits{}.max_json_bytes, " bytes"));
    }
  }
  if (bytes > kMaxBatchBytes) {
    violations.Add("sources", absl::StrCat(bytes, " bytes"),
                   absl::StrCat("may have at most ", kMaxBatchBytes, " bytes"));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  // Read and searched before the operation is recorded: what waits for a worker holds nothing as it was said.
  ASSIGN_OR_RETURN(const CleanBatch batch, ReadBatch(request));
  v1::BatchImportTranscriptsRequest clean;
  clean.set_request_id(request.request_id());
  clean.add_sources()->set_content(batch.payload.SerializeAsString());
  const std::string id = absl::StrCat("coding-", ids_.NewId());
  return operations::Write<CodingReader, CodingWriter, v1::BatchImportTranscriptsResponse>(
      store_, submitter_, call, clean, response,
      [&](CodingWriter& writer, v1::BatchImportTranscriptsResponse& out, jobs::WriteResult& result) -> absl::Status {
        v1::BatchImportPayload payload = batch.payload;
        PseudonymMemory memory(writer.pseudonym_writer(), pseudonym_hash_);
        for (int i = 0; i < payload.transcripts_size(); ++i) {
          const size_t at = static_cast<size_t>(i);
          ASSIGN_OR_RETURN(const PlaceholderMap numbers, memory.Number(batch.scopes[at], batch.hidden[at]));
          ToProto(numbers, *payload.mutable_transcripts(i)->mutable_numbers());
        }
        RETURN_IF_ERROR(memory.Save());
        const jobs::OperationDraft draft{id, kBatchImportKind, payload.SerializeAsString(), ""};
        result.operations.push_back(draft);
        result.audit.push_back({"transcript.batch_import.accept", operations::OperationName(draft.id),
                                absl::StrCat("transcripts=", request.sources_size())});
        *out.mutable_operation() = operations::PendingToProto(draft, call.now);
        return absl::OkStatus();
      });
}

absl::StatusOr<TranscriptService::CleanBatch> TranscriptService::ReadBatch(
    const v1::BatchImportTranscriptsRequest& request) {
  CleanBatch batch;
  batch.payload.set_allow_duplicates(request.allow_duplicates());
  TranscriptReading wrong;
  for (int i = 0; i < request.sources_size(); ++i) {
    const auto parsed = ParseSource(request.sources(i), /*session_required=*/true, absl::StrCat("sources[", i, "]"));
    if (parsed.ok()) {
      *batch.payload.add_transcripts() = ToDigest(*parsed);
      batch.hidden.push_back(parsed->pseudonyms);
      batch.scopes.push_back(ScopeOf(*parsed));
      continue;
    }
    const auto detail = GetErrorDetail(parsed.status());
    if (!absl::IsInvalidArgument(parsed.status()) || !detail) return parsed.status();
    for (const FieldViolation& violation : detail->violations) {
      ++wrong.error_count;
      if (wrong.errors.size() < kMaxImportErrors) wrong.errors.push_back(violation);
    }
  }
  RETURN_IF_ERROR(ImportErrors(wrong));
  return batch;
}

absl::Status TranscriptService::StoreQuestions(const rpc::Call& call, const v1::ImportQuestionsRequest& request,
                                               v1::ImportQuestionsResponse& response) {
  if (request.csv().empty()) {
    Violations violations;
    violations.AddMissing("csv");
    return violations.ToStatus();
  }
  const auto parsed = ParseQuestionsCsv(request.csv(), QuestionLimits{});
  if (!parsed.ok()) return RenameField(parsed.status(), CsvTable::kWhole, "csv");
  ASSIGN_OR_RETURN(const PseudonymChoice choice, ReadPseudonymChoice(request.pseudonyms(), "pseudonyms", "", ""));
  Violations violations;
  int count = 0;
  std::vector<HiddenQuestions> sessions;
  v1::ImportQuestionsRequest clean;  // for the digest, as in Import
  clean.set_request_id(request.request_id());
  for (const SessionQuestions& session : *parsed) {
    if (!IsValidResourceId(session.session)) violations.Add("csv, column session", session.session, kResourceIdRule);
    CheckNamesNobody(choice, session.session, "csv, column session", violations);
    HiddenQuestions hidden{session, {}};
    hidden.pseudonyms = HideIdentifiers(choice, hidden.session.questions);
    for (const Question& question : hidden.session.questions) {
      absl::StrAppend(clean.mutable_csv(), session.session, ",", question.turn, ",", question.order, ",",
                      ToString(question.kind), ",", question.text, "\n");
    }
    count += static_cast<int>(session.questions.size());
    sessions.push_back(std::move(hidden));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  const auto store = [&](CodingWriter& writer, v1::ImportQuestionsResponse& out,
                         jobs::WriteResult& result) -> absl::Status {
    PseudonymMemory memory(writer.pseudonym_writer(), pseudonym_hash_);
    for (const HiddenQuestions& hidden : sessions) {
      SessionQuestions session = hidden.session;
      const PseudonymRecord& searched = hidden.pseudonyms.record;
      ASSIGN_OR_RETURN(const PseudonymRecord kept, KeptRecord(writer.pseudonym_writer(), session.session, searched));
      ASSIGN_OR_RETURN(const PlaceholderMap numbers,
                       memory.Number(PseudonymScope(kept.family, session.session), hidden.pseudonyms));
      for (Question& question : session.questions) question.text = Renumber(question.text, numbers);
      ASSIGN_OR_RETURN(const TranscriptRecord record, PutQuestions(writer, session, call));
      RETURN_IF_ERROR(writer.pseudonym_writer().PutPseudonymRecord(session.session, kept));
      *out.add_transcripts() = ToProto(record);
      result.audit.push_back({"questions.import", absl::StrCat("transcripts/", session.session),
                              absl::StrCat("questions=", session.questions.size(), " ", AuditDetail(searched))});
    }
    RETURN_IF_ERROR(memory.Save());
    out.set_question_count(count);
    return absl::OkStatus();
  };
  if (!request.validate_only()) {
    return operations::Write<CodingReader, CodingWriter, v1::ImportQuestionsResponse>(store_, submitter_, call, clean,
                                                                                      response, store);
  }
  // Does the very same work, then gives it up: the transaction ends with this error and changes nothing.
  const absl::Status given_up = absl::CancelledError("validate_only");
  const auto outcome = store_.Write({call.actor, call.method, "", "", call.now},
                                    [&](CodingWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
                                      jobs::WriteResult result;
                                      v1::ImportQuestionsResponse out;
                                      RETURN_IF_ERROR(store(writer, out, result));
                                      response = out;
                                      return given_up;
                                    });
  return outcome.status() == given_up ? absl::OkStatus() : outcome.status();
}

absl::Status TranscriptService::List(const v1::ListTranscriptsRequest& request, v1::ListTranscriptsResponse& response) {
  ASSIGN_OR_RETURN(const int page_size, operations::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::string after, DecodePageToken(kListTranscripts, request.page_token()));
  if (!after.empty() && !IsValidResourceId(after)) {
    return InvalidField("page_token", request.page_token(), "must be the next_page_token of a page of this list");
  }
  return store_.Read([&](CodingReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<TranscriptRecord> records, reader.ListTranscripts(after, page_size + 1));
    const bool more = static_cast<int>(records.size()) > page_size;
    if (more) records.pop_back();
    response.Clear();
    for (const TranscriptRecord& record : records) *response.add_transcripts() = ToProto(record);
    if (more) response.set_next_page_token(EncodePageToken(kListTranscripts, records.back().session));
    return absl::OkStatus();
  });
}

absl::Status TranscriptService::Delete(const rpc::Call& call, const v1::DeleteTranscriptRequest& request,
                                       v1::DeleteTranscriptResponse& response) {
  ASSIGN_OR_RETURN(const std::string session, SessionFromName(request.name(), "name"));
  return operations::Write<CodingReader, CodingWriter, v1::DeleteTranscriptResponse>(
      store_, submitter_, call, request, response,
      [&](CodingWriter& writer, v1::DeleteTranscriptResponse&, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const TranscriptRecord record, writer.GetTranscript(session));
        if (!request.etag().empty() && request.etag() != Etag(record)) return StaleEtag(request.name());
        ASSIGN_OR_RETURN(const bool in_use, writer.IsInStudy(session));
        if (in_use) return TranscriptInUse(session);
        RETURN_IF_ERROR(writer.DeleteTranscript(session));
        RETURN_IF_ERROR(writer.pseudonym_writer().DeletePseudonymRecord(session));
        result.audit.push_back({"transcript.delete", request.name(), ""});
        return absl::OkStatus();
      });
}

absl::Status TranscriptService::Questions(const v1::ListQuestionsRequest& request,
                                          v1::ListQuestionsResponse& response) {
  ASSIGN_OR_RETURN(const std::string session, SessionFromName(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const int page_size, operations::PageSize(request.page_size(), 200, 1000));
  const std::string list = absl::StrCat("ListQuestions/", session);
  ASSIGN_OR_RETURN(const int after, DecodePagePosition(list, request.page_token()));
  return store_.Read([&](CodingReader& reader) -> absl::Status {
    RETURN_IF_ERROR(reader.GetTranscript(session).status());
    ASSIGN_OR_RETURN(std::vector<Question> questions, reader.ListQuestions(session, after, page_size + 1));
    const bool more = static_cast<int>(questions.size()) > page_size;
    if (more) questions.pop_back();
    response.Clear();
    for (const Question& question : questions) *response.add_questions() = ToProto(question, session);
    if (more) response.set_next_page_token(EncodePageToken(list, absl::StrCat(questions.back().order)));
    return absl::OkStatus();
  });
}

}  // namespace plumbline::coding
