#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/storage/frame_json.h"
#include "coding/storage/sql_queries.h"
#include "coding/storage/sql_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

// Transcripts, questions and frames in SQL; studies are in sql_studies.cc.
namespace plumbline::coding {
namespace {

sql::Value OptionalInt(const std::optional<int64_t>& value) {
  if (value) return *value;
  return std::monostate{};
}

std::optional<int64_t> ReadOptional(const sql::Row& row, std::string_view column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.Int(column);
}

const char* SourceName(DurationSource source) {
  return source == DurationSource::kTimings ? "timings" : source == DurationSource::kGiven ? "given" : "";
}

DurationSource SourceFromName(std::string_view name) {
  return name == "timings" ? DurationSource::kTimings
         : name == "given" ? DurationSource::kGiven
                           : DurationSource::kNone;
}

TranscriptRecord ReadTranscript(const sql::Row& row) {
  TranscriptRecord record;
  record.session = row.Text("session");
  record.format = TranscriptFormatFromString(row.Text("format")).value_or(TranscriptFormat::kDetect);
  record.duration_ms = ReadOptional(row, "duration_ms");
  record.asker = RoleFromString(row.Text("asker")).value_or(Role::kUnknown);
  record.turn_count = static_cast<int>(row.Int("turn_count"));
  record.question_count = static_cast<int>(row.Int("question_count"));
  record.create_time = row.Time("create_time");
  record.revision = row.Int("revision");
  record.encoding = row.Text("encoding");
  record.duration_source = SourceFromName(row.Text("duration_source"));
  record.word_count = static_cast<int>(row.Int("word_count"));
  record.suggested_turns = static_cast<int>(row.Int("suggested_turns"));
  record.questions_by_hand = row.Int("questions_by_hand") != 0;
  return record;
}

Question ReadQuestion(const sql::Row& row) {
  return {static_cast<int>(row.Int("turn")),
          static_cast<int>(row.Int("number")),
          row.Text("text"),
          QuestionKindFromString(row.Text("kind")).value_or(QuestionKind::kDirect),
          row.Text("rule"),
          static_cast<size_t>(row.Int("begin_byte")),
          static_cast<size_t>(row.Int("end_byte")),
          row.Double("confidence")};
}

absl::StatusOr<std::vector<Frame>> ReadFrames(const std::vector<sql::Row>& rows) {
  std::vector<Frame> frames;
  for (const sql::Row& row : rows) {
    auto frame = FrameFromJson(row.Text("body"));
    // It was valid when it was stored, so this is no fault of the caller.
    if (!frame.ok()) return absl::InternalError("a stored frame cannot be read");
    frames.push_back(*std::move(frame));
  }
  return frames;
}

}  // namespace

absl::StatusOr<TranscriptRecord> SqlCodingAccess::GetTranscript(const std::string& session) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kGetTranscript, {{"session", session}}));
  if (rows.empty()) return NotFound(absl::StrCat("transcripts/", session));
  return ReadTranscript(rows[0]);
}

absl::StatusOr<std::vector<Turn>> SqlCodingAccess::ListTurns(const std::string& session) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kListTurns, {{"session", session}}));
  std::vector<Turn> turns;
  turns.reserve(rows.size());
  for (const sql::Row& row : rows) {
    turns.push_back({static_cast<int>(row.Int("number")), row.Text("speaker"),
                     RoleFromString(row.Text("role")).value_or(Role::kUnknown), row.Text("text"),
                     ReadOptional(row, "start_ms"), ReadOptional(row, "end_ms"), row.Text("suggested_by"),
                     row.Double("confidence")});
  }
  return turns;
}

absl::StatusOr<std::vector<Question>> SqlCodingAccess::ListQuestions(const std::string& session, int after, int limit) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction_.Query(queries::kListQuestions,
                                      {{"session", session}, {"after", int64_t{after}}, {"limit", int64_t{limit}}}));
  std::vector<Question> questions;
  questions.reserve(rows.size());
  for (const sql::Row& row : rows) questions.push_back(ReadQuestion(row));
  return questions;
}

absl::StatusOr<std::vector<SessionQuestions>> SqlCodingAccess::ListStudyQuestions(const std::string& study, int after,
                                                                                  int until) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction_.Query(queries::kListStudyQuestions,
                                      {{"study", study}, {"after", int64_t{after}}, {"until", int64_t{until}}}));
  std::vector<SessionQuestions> sessions;
  for (const sql::Row& row : rows) {
    const std::string& session = row.Text("session");
    if (sessions.empty() || sessions.back().session != session) sessions.push_back({session, {}});
    sessions.back().questions.push_back(ReadQuestion(row));
  }
  return sessions;
}

absl::StatusOr<std::vector<TranscriptRecord>> SqlCodingAccess::ListTranscripts(const std::string& after, int limit) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction_.Query(queries::kListTranscripts, {{"after", after}, {"limit", int64_t{limit}}}));
  std::vector<TranscriptRecord> records;
  records.reserve(rows.size());
  for (const sql::Row& row : rows) records.push_back(ReadTranscript(row));
  return records;
}

absl::StatusOr<std::vector<TranscriptRecord>> SqlCodingAccess::FindTranscripts(
    const std::vector<std::string>& sessions) {
  std::map<std::string, TranscriptRecord> found;
  RETURN_IF_ERROR(InChunks(sessions, [&](const std::string& list, const sql::Params& params) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, transaction_.Query(absl::StrCat(queries::kFindTranscripts, list, ")"), params));
    for (const sql::Row& row : rows) found[row.Text("session")] = ReadTranscript(row);
    return absl::OkStatus();
  }));
  std::vector<TranscriptRecord> records;
  records.reserve(found.size());
  for (auto& [session, record] : found) records.push_back(std::move(record));
  return records;
}

absl::StatusOr<bool> SqlCodingAccess::IsInStudy(const std::string& session) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kIsInStudy, {{"session", session}}));
  return !rows.empty();
}

absl::Status SqlCodingAccess::InsertTranscript(const TranscriptRecord& record, const std::vector<Turn>& turns,
                                               const std::vector<Question>& questions) {
  const auto present = GetTranscript(record.session);
  if (present.ok()) return AlreadyExists(absl::StrCat("transcripts/", record.session));
  if (!absl::IsNotFound(present.status())) return present.status();
  RETURN_IF_ERROR(
      transaction_
          .Execute(queries::kInsertTranscript, {{"session", record.session},
                                                {"format", std::string(ToString(record.format))},
                                                {"duration_ms", OptionalInt(record.duration_ms)},
                                                {"asker", std::string(ToString(record.asker))},
                                                {"turn_count", static_cast<int64_t>(turns.size())},
                                                {"question_count", static_cast<int64_t>(questions.size())},
                                                {"create_time", sql::Time(record.create_time)},
                                                {"revision", record.revision},
                                                {"encoding", record.encoding},
                                                {"duration_source", std::string(SourceName(record.duration_source))},
                                                {"word_count", int64_t{record.word_count}},
                                                {"suggested_turns", int64_t{record.suggested_turns}},
                                                {"questions_by_hand", int64_t{record.questions_by_hand ? 1 : 0}}})
          .status());
  RETURN_IF_ERROR(InsertTurns(record.session, turns));
  if (record.fingerprint) RETURN_IF_ERROR(InsertFingerprint(record.session, *record.fingerprint));
  return InsertQuestions(record.session, questions);
}

absl::Status SqlCodingAccess::InsertTurns(const std::string& session, const std::vector<Turn>& turns) {
  if (turns.empty()) return absl::OkStatus();
  std::vector<std::vector<sql::Value>> rows;
  rows.reserve(turns.size());
  for (const Turn& turn : turns) {
    rows.push_back({session, int64_t{turn.number}, turn.speaker, std::string(ToString(turn.role)), turn.text,
                    OptionalInt(turn.start_ms), OptionalInt(turn.end_ms), turn.suggested_by, turn.confidence});
  }
  return transaction_.ExecuteMany(
      queries::kInsertTurn,
      {"session", "number", "speaker", "role", "text", "start_ms", "end_ms", "suggested_by", "confidence"}, rows);
}

absl::Status SqlCodingAccess::InsertFingerprint(const std::string& session, const Fingerprint& fingerprint) {
  RETURN_IF_ERROR(transaction_
                      .Execute(queries::kInsertFingerprint, {{"session", session},
                                                             {"content", static_cast<int64_t>(fingerprint.content)},
                                                             {"signature", SignatureToHex(fingerprint.signature)}})
                      .status());
  std::vector<std::vector<sql::Value>> rows;
  for (const uint64_t band : BandKeys(fingerprint.signature)) rows.push_back({static_cast<int64_t>(band), session});
  return transaction_.ExecuteMany(queries::kInsertBand, {"band", "session"}, rows);
}

// The bands are found through the signature, so that they need no second index.
absl::Status SqlCodingAccess::DeleteFingerprint(const std::string& session) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kGetSignature, {{"session", session}}));
  if (rows.empty()) return absl::OkStatus();
  const auto signature = SignatureFromHex(rows[0].Text("signature"));
  if (!signature) return absl::InternalError("a stored signature cannot be read");
  for (const uint64_t band : BandKeys(*signature)) {
    RETURN_IF_ERROR(
        transaction_.Execute(queries::kDeleteBand, {{"band", static_cast<int64_t>(band)}, {"session", session}})
            .status());
  }
  return transaction_.Execute(queries::kDeleteFingerprint, {{"session", session}}).status();
}

absl::StatusOr<std::vector<std::string>> SqlCodingAccess::FindContent(uint64_t content, int limit) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction_.Query(queries::kFindContent,
                                      {{"content", static_cast<int64_t>(content)}, {"limit", int64_t{limit}}}));
  std::vector<std::string> sessions;
  for (const sql::Row& row : rows) sessions.push_back(row.Text("session"));
  return sessions;
}

absl::StatusOr<std::vector<StoredSignature>> SqlCodingAccess::FindNear(const Signature& signature, int limit) {
  std::set<std::string> sessions;
  for (const uint64_t band : BandKeys(signature)) {
    ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kFindBand, {{"band", static_cast<int64_t>(band)},
                                                                              {"limit", int64_t{limit}}}));
    for (const sql::Row& row : rows) sessions.insert(row.Text("session"));
  }
  std::vector<StoredSignature> found;
  for (const std::string& session : sessions) {
    ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kGetSignature, {{"session", session}}));
    const auto stored = rows.empty() ? std::nullopt : SignatureFromHex(rows[0].Text("signature"));
    if (!stored) return absl::InternalError("a stored signature cannot be read");
    found.push_back({session, *stored});
  }
  return found;
}

absl::StatusOr<std::vector<TranscriptChange>> SqlCodingAccess::ListTranscriptChanges(const std::string& session,
                                                                                     int after, int limit) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction_.Query(queries::kListTranscriptChanges,
                                      {{"session", session}, {"after", int64_t{after}}, {"limit", int64_t{limit}}}));
  std::vector<TranscriptChange> changes;
  for (const sql::Row& row : rows) {
    changes.push_back({static_cast<int>(row.Int("number")), row.Time("time"), row.Text("actor"), row.Text("detail")});
  }
  return changes;
}

absl::Status SqlCodingAccess::ReviseTranscript(const TranscriptRecord& record, const std::vector<Turn>& turns,
                                               const std::vector<Question>& questions,
                                               const std::vector<TranscriptChange>& changes) {
  ASSIGN_OR_RETURN(const int64_t changed,
                   transaction_.Execute(queries::kReviseTranscript,
                                        {{"session", record.session},
                                         {"asker", std::string(ToString(record.asker))},
                                         {"turn_count", static_cast<int64_t>(turns.size())},
                                         {"question_count", static_cast<int64_t>(questions.size())},
                                         {"suggested_turns", int64_t{record.suggested_turns}},
                                         {"questions_by_hand", int64_t{record.questions_by_hand ? 1 : 0}}}));
  if (changed == 0) return NotFound(absl::StrCat("transcripts/", record.session));
  for (const char* statement : {queries::kDeleteQuestions, queries::kDeleteTurns}) {
    RETURN_IF_ERROR(transaction_.Execute(statement, {{"session", record.session}}).status());
  }
  RETURN_IF_ERROR(InsertTurns(record.session, turns));
  RETURN_IF_ERROR(InsertQuestions(record.session, questions));
  return AddChanges(record.session, changes);
}

absl::Status SqlCodingAccess::AddChanges(const std::string& session, const std::vector<TranscriptChange>& changes) {
  if (changes.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto last, transaction_.Query(queries::kLastTranscriptChange, {{"session", session}}));
  int64_t number = last[0].Int("number");
  std::vector<std::vector<sql::Value>> rows;
  rows.reserve(changes.size());
  for (const TranscriptChange& change : changes) {
    rows.push_back({session, ++number, sql::Time(change.time), change.actor, change.detail});
  }
  return transaction_.ExecuteMany(queries::kInsertTranscriptChange, {"session", "number", "time", "actor", "detail"},
                                  rows);
}

absl::Status SqlCodingAccess::InsertQuestions(const std::string& session, const std::vector<Question>& questions) {
  if (questions.empty()) return absl::OkStatus();
  std::vector<std::vector<sql::Value>> rows;
  rows.reserve(questions.size());
  for (const Question& question : questions) {
    rows.push_back({session, int64_t{question.order}, int64_t{question.turn}, question.text,
                    std::string(ToString(question.kind)), question.rule, static_cast<int64_t>(question.begin),
                    static_cast<int64_t>(question.end), question.confidence});
  }
  return transaction_.ExecuteMany(
      queries::kInsertQuestion,
      {"session", "number", "turn", "text", "kind", "rule", "begin_byte", "end_byte", "confidence"}, rows);
}

absl::Status SqlCodingAccess::ReplaceQuestions(const std::string& session, const std::vector<Question>& questions,
                                               const std::vector<TranscriptChange>& changes) {
  ASSIGN_OR_RETURN(
      const int64_t changed,
      transaction_.Execute(queries::kSetQuestionsByHand,
                           {{"question_count", static_cast<int64_t>(questions.size())}, {"session", session}}));
  if (changed == 0) return NotFound(absl::StrCat("transcripts/", session));
  RETURN_IF_ERROR(transaction_.Execute(queries::kDeleteQuestions, {{"session", session}}).status());
  RETURN_IF_ERROR(InsertQuestions(session, questions));
  return AddChanges(session, changes);
}

absl::Status SqlCodingAccess::DeleteTranscript(const std::string& session) {
  RETURN_IF_ERROR(GetTranscript(session).status());
  RETURN_IF_ERROR(DeleteFingerprint(session));
  for (const char* statement : {queries::kDeleteQuestions, queries::kDeleteTurns, queries::kDeleteTranscriptChanges,
                                queries::kDeleteTranscript}) {
    RETURN_IF_ERROR(transaction_.Execute(statement, {{"session", session}}).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<Frame> SqlCodingAccess::GetFrame(const std::string& id, int version) {
  absl::StatusOr<std::vector<sql::Row>> rows =
      version == 0 ? transaction_.Query(queries::kGetNewestFrame, {{"id", id}})
                   : transaction_.Query(queries::kGetFrame, {{"id", id}, {"version", int64_t{version}}});
  RETURN_IF_ERROR(rows.status());
  if (rows->empty()) return NotFound(absl::StrCat("frames/", id));
  ASSIGN_OR_RETURN(std::vector<Frame> frames, ReadFrames(*rows));
  return std::move(frames[0]);
}

absl::StatusOr<std::vector<Frame>> SqlCodingAccess::ListFrames(const std::string& after, int limit) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction_.Query(queries::kListFrames, {{"after", after}, {"limit", int64_t{limit}}}));
  return ReadFrames(rows);
}

absl::Status SqlCodingAccess::InsertFrame(const Frame& frame) {
  const auto present = GetFrame(frame.id, frame.version);
  if (present.ok()) return AlreadyExists(absl::StrCat("frames/", frame.id));
  if (!absl::IsNotFound(present.status())) return present.status();
  return transaction_
      .Execute(queries::kInsertFrame,
               {{"id", frame.id}, {"version", int64_t{frame.version}}, {"body", FrameToJson(frame)}})
      .status();
}

}  // namespace plumbline::coding
