#include "coding/domain/question_edits.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "coding/service/convert_import.h"
#include "coding/service/transcript_service.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"

// Corrections of questions by hand; those of turns and speakers are in transcript_edits.cc.
namespace plumbline::coding {
namespace {

constexpr char kMethod[] = "plumbline.coding.v1.TranscriptService/EditQuestions";
constexpr int kMaxEdits = 1000;

std::optional<QuestionKind> ReadKind(v1::QuestionKind kind, const std::string& field, Violations& violations) {
  const std::optional<QuestionKind> known = QuestionKindFromProto(kind);
  if (!known && kind != v1::QUESTION_KIND_UNSPECIFIED) {
    violations.Add(field, absl::StrCat(static_cast<int>(kind)), "is not a known kind of question");
  }
  return known;
}

// What an offset may be at most is the domain's to say.
std::optional<size_t> ReadOffset(int32_t offset, const std::string& field, Violations& violations) {
  if (offset >= 0) return static_cast<size_t>(offset);
  violations.Add(field, absl::StrCat(offset), "must be 0 or more");
  return std::nullopt;
}

QuestionEdit ReadChange(const v1::ChangeQuestion& change, const std::string& place, Violations& violations) {
  QuestionEdit out;
  out.kind = QuestionEdit::Kind::kChange;
  out.question = change.question();
  out.form = ReadKind(change.kind(), place + ".kind", violations);
  if (change.has_start_offset()) out.begin = ReadOffset(change.start_offset(), place + ".start_offset", violations);
  if (change.has_end_offset()) out.end = ReadOffset(change.end_offset(), place + ".end_offset", violations);
  return out;
}

QuestionEdit ReadEdit(const v1::QuestionEdit& edit, const std::string& place, Violations& violations) {
  QuestionEdit out;
  switch (edit.edit_case()) {
    case v1::QuestionEdit::kAdd:
      out.kind = QuestionEdit::Kind::kAdd;
      out.turn = edit.add().turn();
      out.begin = ReadOffset(edit.add().start_offset(), place + ".start_offset", violations);
      out.end = ReadOffset(edit.add().end_offset(), place + ".end_offset", violations);
      out.form = ReadKind(edit.add().kind(), place + ".kind", violations);
      break;
    case v1::QuestionEdit::kSplit:
      out.kind = QuestionEdit::Kind::kSplit;
      out.question = edit.split().question();
      out.begin = ReadOffset(edit.split().offset(), place + ".offset", violations);
      break;
    case v1::QuestionEdit::kMerge:
      out.kind = QuestionEdit::Kind::kMerge;
      out.question = edit.merge().question();
      break;
    case v1::QuestionEdit::kDrop:
      out.kind = QuestionEdit::Kind::kDrop;
      out.question = edit.drop().question();
      break;
    case v1::QuestionEdit::kChange:
      return ReadChange(edit.change(), place, violations);
    case v1::QuestionEdit::EDIT_NOT_SET:
      violations.AddMissing(place + ".edit");
      break;
  }
  return out;
}

// INVALID_ARGUMENT naming everything that is wrong with the edits whatever the transcript.
absl::StatusOr<std::vector<QuestionEdit>> ReadEdits(const v1::EditQuestionsRequest& request) {
  Violations violations;
  if (request.edits_size() < 1 || request.edits_size() > kMaxEdits) {
    violations.Add("edits", absl::StrCat(request.edits_size(), " edits"), absl::StrCat("must be 1 to ", kMaxEdits));
  }
  std::vector<QuestionEdit> edits;
  for (int i = 0; i < request.edits_size() && i < kMaxEdits; ++i) {
    edits.push_back(ReadEdit(request.edits(i), absl::StrCat("edits[", i, "]"), violations));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return edits;
}

}  // namespace

grpc::ServerUnaryReactor* TranscriptService::EditQuestions(grpc::CallbackServerContext* context,
                                                           const v1::EditQuestionsRequest* request,
                                                           v1::EditQuestionsResponse* response) {
  return handlers_.Unary(context, kMethod, *request,
                         [=, this](const rpc::Call& call) { return CorrectQuestions(call, *request, *response); });
}

absl::Status TranscriptService::CorrectQuestions(const rpc::Call& call, const v1::EditQuestionsRequest& request,
                                                 v1::EditQuestionsResponse& response) {
  ASSIGN_OR_RETURN(const std::string session, operations::ParseName(request.name(), "transcripts", "name"));
  ASSIGN_OR_RETURN(const std::vector<QuestionEdit> edits, ReadEdits(request));
  return operations::Write<CodingReader, CodingWriter, v1::EditQuestionsResponse>(
      store_, submitter_, call, request, response,
      [&](CodingWriter& writer, v1::EditQuestionsResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const TranscriptRecord before, writer.GetTranscript(session));
        if (!request.etag().empty() && request.etag() != Etag(before)) return StaleEtag(request.name());
        ASSIGN_OR_RETURN(const bool in_use, writer.IsInStudy(session));
        if (in_use) return TranscriptInUse(session);
        ASSIGN_OR_RETURN(const std::vector<Turn> turns, writer.ListTurns(session));
        ASSIGN_OR_RETURN(std::vector<Question> questions, writer.ListQuestions(session, 0, kAllQuestions));
        ASSIGN_OR_RETURN(const std::vector<std::string> done,
                         ApplyQuestionEdits(edits, turns, QuestionLimits{}, questions));
        std::vector<TranscriptChange> changes;
        changes.reserve(done.size());
        for (const std::string& detail : done) changes.push_back({0, call.now, call.actor, detail});
        RETURN_IF_ERROR(writer.ReplaceQuestions(session, questions, changes));
        ASSIGN_OR_RETURN(const TranscriptRecord after, writer.GetTranscript(session));
        *out.mutable_transcript() = ToProto(after);
        for (const Question& question : questions) *out.add_questions() = ToProto(question, session);
        result.audit.push_back({"transcript.edit_questions", request.name(),
                                absl::StrCat("changes=", changes.size(), " questions=", after.question_count)});
        return absl::OkStatus();
      });
}

}  // namespace plumbline::coding
