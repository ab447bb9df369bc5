#ifndef PLUMBLINE_CODING_STORAGE_SQL_QUERIES_H_
#define PLUMBLINE_CODING_STORAGE_SQL_QUERIES_H_

#include <cstddef>
#include <string>

// Every statement of the coding service, by name.
namespace plumbline::coding::queries {

#define PLUMBLINE_TRANSCRIPT_COLUMNS                                                                  \
  "session, format, duration_ms, asker, turn_count, question_count, create_time, revision, encoding," \
  " duration_source, word_count, suggested_turns"
#define PLUMBLINE_STUDY_COLUMNS \
  "id, title, frame_id, frame_version, seed, state, item_count, create_time, close_time, revision"
#define PLUMBLINE_CODER_ITEM                                                                                   \
  "SELECT a.item, a.position, i.text, i.context, i.second_text, a.version, a.outcomes_focused, a.nomination, " \
  "a.answer, a.submit_time"                                                                                    \
  " FROM assignments a JOIN study_items i ON i.study = a.study AND i.item = a.item"

inline constexpr char kGetTranscript[] =
    "SELECT " PLUMBLINE_TRANSCRIPT_COLUMNS " FROM transcripts WHERE session = :session";
inline constexpr char kListTranscripts[] =
    "SELECT " PLUMBLINE_TRANSCRIPT_COLUMNS " FROM transcripts WHERE session > :after ORDER BY session LIMIT :limit";
inline constexpr char kListTurns[] =
    "SELECT number, speaker, role, text, start_ms, end_ms, suggested_by, confidence FROM turns WHERE session = "
    ":session ORDER BY number";
inline constexpr char kListQuestions[] =
    "SELECT number, turn, text, kind, rule, begin_byte, end_byte FROM questions"
    " WHERE session = :session AND number > :after ORDER BY number LIMIT :limit";
inline constexpr char kIsInStudy[] = "SELECT study FROM study_sessions WHERE session = :session LIMIT 1";
inline constexpr char kInsertTranscript[] = "INSERT INTO transcripts (" PLUMBLINE_TRANSCRIPT_COLUMNS
                                            ") VALUES (:session, :format, :duration_ms, :asker, :turn_count, "
                                            ":question_count, :create_time, :revision, :encoding,"
                                            " :duration_source, :word_count, :suggested_turns)";
inline constexpr char kInsertTurn[] =
    "INSERT INTO turns (session, number, speaker, role, text, start_ms, end_ms, suggested_by, confidence)"
    " VALUES (:session, :number, :speaker, :role, :text, :start_ms, :end_ms, :suggested_by, :confidence)";
inline constexpr char kInsertQuestion[] =
    "INSERT INTO questions (session, number, turn, text, kind, rule, begin_byte, end_byte)"
    " VALUES (:session, :number, :turn, :text, :kind, :rule, :begin_byte, :end_byte)";
inline constexpr char kDeleteQuestions[] = "DELETE FROM questions WHERE session = :session";
inline constexpr char kDeleteTurns[] = "DELETE FROM turns WHERE session = :session";
inline constexpr char kInsertFingerprint[] =
    "INSERT INTO transcript_fingerprints (session, content, signature) VALUES (:session, :content, :signature)";
inline constexpr char kInsertBand[] = "INSERT INTO transcript_bands (band, session) VALUES (:band, :session)";
inline constexpr char kFindContent[] =
    "SELECT session FROM transcript_fingerprints WHERE content = :content ORDER BY session LIMIT :limit";
inline constexpr char kFindBand[] =
    "SELECT session FROM transcript_bands WHERE band = :band ORDER BY session LIMIT :limit";
inline constexpr char kGetSignature[] = "SELECT signature FROM transcript_fingerprints WHERE session = :session";
inline constexpr char kDeleteBand[] = "DELETE FROM transcript_bands WHERE band = :band AND session = :session";
inline constexpr char kDeleteFingerprint[] = "DELETE FROM transcript_fingerprints WHERE session = :session";
inline constexpr char kListTranscriptChanges[] =
    "SELECT number, time, actor, detail FROM transcript_changes WHERE session = :session AND number > :after"
    " ORDER BY number LIMIT :limit";
inline constexpr char kLastTranscriptChange[] =
    "SELECT COALESCE(MAX(number), 0) AS number FROM transcript_changes WHERE session = :session";
inline constexpr char kInsertTranscriptChange[] =
    "INSERT INTO transcript_changes (session, number, time, actor, detail)"
    " VALUES (:session, :number, :time, :actor, :detail)";
inline constexpr char kDeleteTranscriptChanges[] = "DELETE FROM transcript_changes WHERE session = :session";
inline constexpr char kReviseTranscript[] =
    "UPDATE transcripts SET asker = :asker, turn_count = :turn_count, question_count = :question_count,"
    " suggested_turns = :suggested_turns, revision = revision + 1 WHERE session = :session";
inline constexpr char kDeleteTranscript[] = "DELETE FROM transcripts WHERE session = :session";
inline constexpr char kSetQuestionCount[] =
    "UPDATE transcripts SET question_count = :question_count, revision = revision + 1 WHERE session = :session";

inline constexpr char kGetFrame[] = "SELECT body FROM frames WHERE id = :id AND version = :version";
inline constexpr char kGetNewestFrame[] = "SELECT body FROM frames WHERE id = :id ORDER BY version DESC LIMIT 1";
inline constexpr char kListFrames[] =
    "SELECT f.body FROM frames f WHERE f.id > :after"
    " AND f.version = (SELECT MAX(g.version) FROM frames g WHERE g.id = f.id) ORDER BY f.id LIMIT :limit";
inline constexpr char kInsertFrame[] = "INSERT INTO frames (id, version, body) VALUES (:id, :version, :body)";

inline constexpr char kGetStudy[] = "SELECT " PLUMBLINE_STUDY_COLUMNS " FROM studies WHERE id = :id";
inline constexpr char kListStudies[] = "SELECT " PLUMBLINE_STUDY_COLUMNS
                                       " FROM studies WHERE create_time < :time OR (create_time = :time AND id > :id)"
                                       " ORDER BY create_time DESC, id LIMIT :limit";
inline constexpr char kListStudySessions[] =
    "SELECT session FROM study_sessions WHERE study = :study ORDER BY position";
inline constexpr char kListStudyCoders[] = "SELECT coder FROM study_coders WHERE study = :study ORDER BY position";
inline constexpr char kListStudyItems[] =
    "SELECT item, session, turn, question_number, text, context, second_text FROM study_items WHERE study = :study"
    " ORDER BY session, question_number";
inline constexpr char kListNewestCodes[] =
    "SELECT coder, item, version, outcomes_focused, nomination, answer, submit_time FROM assignments"
    " WHERE study = :study AND version > 0 ORDER BY coder, position";
inline constexpr char kCountCoded[] =
    "SELECT coder, COUNT(*) AS coded FROM assignments"
    " WHERE study = :study AND version > 0 AND SUBSTR(answer, 1, 2) <> 's:' GROUP BY coder";
inline constexpr char kCountAnswers[] =
    "SELECT COUNT(*) AS total, COUNT(CASE WHEN version > 0 AND SUBSTR(answer, 1, 2) <> 's:' THEN 1 END) AS coded,"
    " COUNT(CASE WHEN SUBSTR(answer, 1, 2) = 's:' THEN 1 END) AS skipped"
    " FROM assignments WHERE study = :study AND coder = :coder";
inline constexpr char kListCoderItems[] = PLUMBLINE_CODER_ITEM
    " WHERE a.study = :study AND a.coder = :coder AND a.position > :after ORDER BY a.position LIMIT :limit";
inline constexpr char kGetCoderItem[] =
    PLUMBLINE_CODER_ITEM " WHERE a.study = :study AND a.coder = :coder AND a.item = :item";
// The words of a session, through the key: by item, and by item alone.
inline constexpr char kListItemTurns[] =
    "SELECT t.speaker, t.text FROM assignments a"
    " JOIN study_items i ON i.study = a.study AND i.item = a.item JOIN turns t ON t.session = i.session"
    " WHERE a.study = :study AND a.coder = :coder AND a.item = :item ORDER BY t.number";
inline constexpr char kListCodeVersions[] =
    "SELECT version, outcomes_focused, nomination, answer, submit_time FROM codes"
    " WHERE study = :study AND coder = :coder AND item = :item AND version > :after"
    " ORDER BY version LIMIT :limit";
inline constexpr char kInsertStudy[] = "INSERT INTO studies (" PLUMBLINE_STUDY_COLUMNS
                                       ") VALUES (:id, :title, :frame_id, :frame_version, :seed, :state, :item_count, "
                                       ":create_time, :close_time, :revision)";
inline constexpr char kUpdateStudy[] =
    "UPDATE studies SET state = :state, close_time = :close_time, revision = revision + 1 WHERE id = :id";
inline constexpr char kInsertStudySession[] =
    "INSERT INTO study_sessions (study, position, session) VALUES (:study, :position, :session)";
inline constexpr char kInsertStudyCoder[] =
    "INSERT INTO study_coders (study, position, coder) VALUES (:study, :position, :coder)";
inline constexpr char kInsertStudyItem[] =
    "INSERT INTO study_items (study, item, session, turn, question_number, text, context, second_text)"
    " VALUES (:study, :item, :session, :turn, :question_number, :text, :context, :second_text)";
inline constexpr char kInsertAssignment[] =
    "INSERT INTO assignments (study, coder, position, item, version, outcomes_focused, nomination, submit_time)"
    " VALUES (:study, :coder, :position, :item, 0, 0, '', 0)";
inline constexpr char kGetCodeVersion[] =
    "SELECT item, version FROM assignments WHERE study = :study AND coder = :coder AND item = :item";
// The same of `count` items, :i0, :i1 and so on.
inline std::string GetCodeVersions(size_t count) {
  std::string statement = "SELECT item, version FROM assignments WHERE study = :study AND coder = :coder AND item IN (";
  for (size_t i = 0; i < count; ++i) statement += (i == 0 ? ":i" : ", :i") + std::to_string(i);
  return statement + ")";
}
inline constexpr char kListCodeHeads[] =
    "SELECT item, version FROM assignments WHERE study = :study AND coder = :coder";
inline constexpr char kInsertCode[] =
    "INSERT INTO codes (study, coder, item, version, outcomes_focused, nomination, answer, submit_time)"
    " VALUES (:study, :coder, :item, :version, :outcomes_focused, :nomination, :answer, :submit_time)";
inline constexpr char kSetNewestCode[] =
    "UPDATE assignments SET version = :version, outcomes_focused = :outcomes_focused, nomination = :nomination,"
    " answer = :answer, submit_time = :submit_time WHERE study = :study AND coder = :coder AND item = :item";

#undef PLUMBLINE_TRANSCRIPT_COLUMNS
#undef PLUMBLINE_STUDY_COLUMNS
#undef PLUMBLINE_CODER_ITEM

}  // namespace plumbline::coding::queries

#endif  // PLUMBLINE_CODING_STORAGE_SQL_QUERIES_H_
