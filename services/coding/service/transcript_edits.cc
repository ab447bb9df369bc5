#include <functional>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/domain/turn_edits.h"
#include "coding/service/convert.h"
#include "coding/service/convert_import.h"
#include "coding/service/transcript_service.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"

// Corrections of turns and speakers by hand; those of questions are in question_edits.cc.
namespace plumbline::coding {
namespace {

constexpr char kService[] = "plumbline.coding.v1.TranscriptService/";
constexpr int kMaxEdits = 1000;

std::optional<Role> ReadRole(v1::SpeakerRole role, const std::string& field, Violations& violations) {
  const std::optional<Role> known = RoleFromProto(role);
  if (!known && role != v1::SPEAKER_ROLE_UNSPECIFIED) {
    violations.Add(field, absl::StrCat(static_cast<int>(role)), "is not a known role");
  }
  return known;
}

TurnEdit ReadEdit(const v1::TurnEdit& edit, const std::string& place, Violations& violations) {
  TurnEdit out;
  switch (edit.edit_case()) {
    case v1::TurnEdit::kSplit:
      out.kind = TurnEdit::Kind::kSplit;
      out.turn = edit.split().turn();
      if (edit.split().offset() < 0) {
        violations.Add(place + ".offset", absl::StrCat(edit.split().offset()), "must be 1 or more");
      } else {
        out.offset = static_cast<size_t>(edit.split().offset());
      }
      out.speaker = edit.split().speaker();
      out.role = ReadRole(edit.split().role(), place + ".role", violations);
      break;
    case v1::TurnEdit::kMerge:
      out.kind = TurnEdit::Kind::kMerge;
      out.turn = edit.merge().turn();
      break;
    case v1::TurnEdit::kSetSpeaker:
      out.kind = TurnEdit::Kind::kSetSpeaker;
      out.turn = edit.set_speaker().turn();
      out.speaker = edit.set_speaker().speaker();
      out.role = ReadRole(edit.set_speaker().role(), place + ".role", violations);
      break;
    case v1::TurnEdit::EDIT_NOT_SET:
      violations.AddMissing(place + ".edit");
      break;
  }
  return out;
}

// What both corrections have in common: read, check that it may be changed, change the turns, extract anew, store.
struct Revision {
  std::string session;
  std::string name;
  std::string etag;
  bool drop_questions_by_hand = false;
  std::optional<Role> asker;
  // Changes the turns; what was done, for the history.
  std::function<absl::StatusOr<std::vector<std::string>>(std::vector<Turn>& turns)> change;
};

// The record says whether questions were imported or corrected, but not where a program of the version before imported
// them, while replicas were replaced: so the questions are looked at, too.
absl::Status CheckQuestions(CodingReader& reader, const TranscriptRecord& record, const Revision& revision) {
  if (revision.drop_questions_by_hand) return absl::OkStatus();
  bool by_hand = record.questions_by_hand;
  if (!by_hand) {
    ASSIGN_OR_RETURN(const std::vector<Question> questions, reader.ListQuestions(revision.session, 0, kAllQuestions));
    for (const Question& question : questions) by_hand = by_hand || question.rule == kImportedRule;
  }
  if (!by_hand) return absl::OkStatus();
  return FailedPrecondition("QUESTIONS_BY_HAND", revision.name,
                            "questions of this transcript were imported or corrected by hand and would be extracted "
                            "anew: say that they are to be dropped");
}

absl::Status Revise(CodingWriter& writer, const Revision& revision, const rpc::Call& call, const char* action,
                    v1::Transcript& out, jobs::WriteResult& result) {
  ASSIGN_OR_RETURN(TranscriptRecord record, writer.GetTranscript(revision.session));
  if (!revision.etag.empty() && revision.etag != Etag(record)) return StaleEtag(revision.name);
  ASSIGN_OR_RETURN(const bool in_use, writer.IsInStudy(revision.session));
  if (in_use) return TranscriptInUse(revision.session);
  RETURN_IF_ERROR(CheckQuestions(writer, record, revision));
  Transcript transcript;
  ASSIGN_OR_RETURN(transcript.turns, writer.ListTurns(revision.session));
  ASSIGN_OR_RETURN(const std::vector<std::string> done, revision.change(transcript.turns));
  ASSIGN_OR_RETURN(record.asker, ResolveAsker(transcript, revision.asker));
  const std::vector<Question> questions = ExtractQuestions(transcript, record.asker);
  record.turn_count = static_cast<int>(transcript.turns.size());
  std::vector<TranscriptChange> changes;
  for (const std::string& detail : done) changes.push_back({0, call.now, call.actor, detail});
  if (record.questions_by_hand) {
    changes.push_back({0, call.now, call.actor,
                       absl::StrCat("questions extracted anew: ", questions.size(), " take the place of ",
                                    record.question_count, " made by hand")});
  }
  record.question_count = static_cast<int>(questions.size());
  record.questions_by_hand = false;
  record.suggested_turns = 0;
  for (const Turn& turn : transcript.turns) record.suggested_turns += turn.suggested_by.empty() ? 0 : 1;
  RETURN_IF_ERROR(writer.ReviseTranscript(record, transcript.turns, questions, changes));
  ++record.revision;
  out = ToProto(record);
  for (const Turn& turn : transcript.turns) *out.add_turns() = ToProto(turn);
  result.audit.push_back(
      {action, revision.name,
       absl::StrCat("changes=", changes.size(), " turns=", record.turn_count, " questions=", record.question_count)});
  return absl::OkStatus();
}

// Roles by label; what was done.
std::vector<std::string> ApplyRoles(const RoleMap& roles, std::vector<Turn>& turns) {
  std::map<std::string, Role> changed;
  for (Turn& turn : turns) {
    if (turn.speaker.empty() || !roles.Names(turn.speaker)) continue;
    const Role role = roles.RoleOf(turn.speaker);
    if (turn.role == role) continue;
    turn.role = role;
    changed[turn.speaker] = role;
  }
  std::vector<std::string> done;
  for (const auto& [label, role] : changed) {
    done.push_back(absl::StrCat("speaker \"", label, "\" is ", ToString(role)));
  }
  return done;
}

}  // namespace

grpc::ServerUnaryReactor* TranscriptService::EditTurns(grpc::CallbackServerContext* context,
                                                       const v1::EditTurnsRequest* request,
                                                       v1::EditTurnsResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "EditTurns"), *request,
                         [=, this](const rpc::Call& call) { return Edit(call, *request, *response); });
}

grpc::ServerUnaryReactor* TranscriptService::UpdateTranscriptSpeakers(
    grpc::CallbackServerContext* context, const v1::UpdateTranscriptSpeakersRequest* request,
    v1::UpdateTranscriptSpeakersResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "UpdateTranscriptSpeakers"), *request,
                         [=, this](const rpc::Call& call) { return SetSpeakers(call, *request, *response); });
}

grpc::ServerUnaryReactor* TranscriptService::ListTranscriptChanges(grpc::CallbackServerContext* context,
                                                                   const v1::ListTranscriptChangesRequest* request,
                                                                   v1::ListTranscriptChangesResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ListTranscriptChanges"), *request,
                         [=, this](const rpc::Call&) { return Changes(*request, *response); });
}

absl::Status TranscriptService::Edit(const rpc::Call& call, const v1::EditTurnsRequest& request,
                                     v1::EditTurnsResponse& response) {
  ASSIGN_OR_RETURN(const std::string session, operations::ParseName(request.name(), "transcripts", "name"));
  Violations violations;
  if (request.edits_size() < 1 || request.edits_size() > kMaxEdits) {
    violations.Add("edits", absl::StrCat(request.edits_size(), " edits"), absl::StrCat("must be 1 to ", kMaxEdits));
  }
  std::vector<TurnEdit> edits;
  for (int i = 0; i < request.edits_size() && i < kMaxEdits; ++i) {
    edits.push_back(ReadEdit(request.edits(i), absl::StrCat("edits[", i, "]"), violations));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  // A label typed by hand may be a name.
  std::vector<std::string> labels;
  for (const TurnEdit& edit : edits) labels.push_back(edit.speaker);
  const Hidden hidden = HideLabels(labels);
  v1::EditTurnsRequest clean = request;  // for the digest
  for (int i = 0; i < clean.edits_size(); ++i) {
    v1::TurnEdit& edit = *clean.mutable_edits(i);
    if (edit.has_split()) edit.mutable_split()->set_speaker(labels[static_cast<size_t>(i)]);
    if (edit.has_set_speaker()) edit.mutable_set_speaker()->set_speaker(labels[static_cast<size_t>(i)]);
  }
  const RoleMap roles;
  const Revision revision{
      session,        request.name(),
      request.etag(), request.drop_questions_by_hand(),
      std::nullopt,   [&](std::vector<Turn>& turns) { return ApplyTurnEdits(edits, roles, {}, turns); }};
  return operations::Write<CodingReader, CodingWriter, v1::EditTurnsResponse>(
      store_, submitter_, call, clean, response,
      [&](CodingWriter& writer, v1::EditTurnsResponse& out, jobs::WriteResult& result) -> absl::Status {
        const auto searched = writer.pseudonym_writer().GetPseudonymRecord(session);
        if (!searched.ok() && !absl::IsNotFound(searched.status())) return searched.status();
        PseudonymMemory memory(writer.pseudonym_writer(), pseudonym_hash_);
        ASSIGN_OR_RETURN(const PlaceholderMap numbers,
                         memory.Number(PseudonymScope(searched.ok() ? searched->family : "", session), hidden));
        RETURN_IF_ERROR(memory.Save());
        for (size_t i = 0; i < edits.size(); ++i) edits[i].speaker = Renumber(labels[i], numbers);
        return Revise(writer, revision, call, "transcript.edit_turns", *out.mutable_transcript(), result);
      });
}

absl::Status TranscriptService::SetSpeakers(const rpc::Call& call, const v1::UpdateTranscriptSpeakersRequest& request,
                                            v1::UpdateTranscriptSpeakersResponse& response) {
  ASSIGN_OR_RETURN(const std::string session, operations::ParseName(request.name(), "transcripts", "name"));
  Violations violations;
  if (request.speakers().empty()) violations.AddMissing("speakers");
  const RoleMap roles = ReadSpeakers(request.speakers(), "speakers", violations);
  const std::optional<Role> asker = ReadRole(request.asker(), "asker", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const Revision revision{
      session,
      request.name(),
      request.etag(),
      request.drop_questions_by_hand(),
      asker,
      [&](std::vector<Turn>& turns) -> absl::StatusOr<std::vector<std::string>> { return ApplyRoles(roles, turns); }};
  // Labels that stand in a transcript are no names any more; one that is typed may be, and is none of it.
  v1::UpdateTranscriptSpeakersRequest clean = request;  // for the digest
  std::vector<std::string> labels;
  for (const v1::SpeakerMapping& mapping : request.speakers()) labels.push_back(mapping.label() + mapping.pattern());
  HideLabels(labels);
  for (int i = 0; i < clean.speakers_size(); ++i) {
    clean.mutable_speakers(i)->clear_pattern();
    clean.mutable_speakers(i)->set_label(labels[static_cast<size_t>(i)]);
  }
  return operations::Write<CodingReader, CodingWriter, v1::UpdateTranscriptSpeakersResponse>(
      store_, submitter_, call, clean, response,
      [&](CodingWriter& writer, v1::UpdateTranscriptSpeakersResponse& out, jobs::WriteResult& result) {
        return Revise(writer, revision, call, "transcript.set_speakers", *out.mutable_transcript(), result);
      });
}

absl::Status TranscriptService::Changes(const v1::ListTranscriptChangesRequest& request,
                                        v1::ListTranscriptChangesResponse& response) {
  ASSIGN_OR_RETURN(const std::string session, operations::ParseName(request.parent(), "transcripts", "parent"));
  ASSIGN_OR_RETURN(const int page_size, operations::PageSize(request.page_size(), 200, 1000));
  const std::string list = absl::StrCat("ListTranscriptChanges/", session);
  ASSIGN_OR_RETURN(const int after, DecodePagePosition(list, request.page_token()));
  return store_.Read([&](CodingReader& reader) -> absl::Status {
    RETURN_IF_ERROR(reader.GetTranscript(session).status());
    ASSIGN_OR_RETURN(std::vector<TranscriptChange> changes,
                     reader.ListTranscriptChanges(session, after, page_size + 1));
    const bool more = static_cast<int>(changes.size()) > page_size;
    if (more) changes.pop_back();
    response.Clear();
    for (const TranscriptChange& change : changes) *response.add_changes() = ToProto(change);
    if (more) response.set_next_page_token(EncodePageToken(list, absl::StrCat(changes.back().number)));
    return absl::OkStatus();
  });
}

}  // namespace plumbline::coding
