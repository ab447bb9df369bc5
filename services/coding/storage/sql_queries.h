#ifndef PLUMBLINE_CODING_STORAGE_SQL_QUERIES_H_
#define PLUMBLINE_CODING_STORAGE_SQL_QUERIES_H_

// Every statement of the coding service, by name.
namespace plumbline::coding::queries {

#define PLUMBLINE_TRANSCRIPT_COLUMNS                                                                  \
  "session, format, duration_ms, asker, turn_count, question_count, create_time, revision, encoding," \
  " duration_source, word_count, suggested_turns, questions_by_hand"
#define PLUMBLINE_STUDY_COLUMNS                                                                             \
  "id, title, frame_id, frame_version, seed, state, item_count, create_time, close_time, revision, phase,"  \
  " purpose, session_count, sample_numerator, sample_denominator, sample_max, coders_per_item,"             \
  " overlap_numerator, overlap_denominator, repeats_numerator, repeats_denominator, adjudicator, deadline," \
  " suggestions, suggestion_rules, requires_training, passing_measure, passing_minimum"
// Items of the sessions at some positions of a study.
#define PLUMBLINE_ITEMS_OF_SESSIONS                                                          \
  " FROM study_sessions s JOIN study_items i ON i.study = s.study AND i.session = s.session" \
  " WHERE s.study = :study AND s.position > :after AND s.position <= :until"
#define PLUMBLINE_CODE_COLUMNS "a.version, a.outcomes_focused, a.nomination, a.answer, a.submit_time"
#define PLUMBLINE_CODER_ITEM                                                             \
  "SELECT a.item, a.position, i.text, i.context, i.second_text, " PLUMBLINE_CODE_COLUMNS \
  " FROM assignments a JOIN study_items i ON i.study = a.study AND i.item = a.item"

inline constexpr char kGetTranscript[] =
    "SELECT " PLUMBLINE_TRANSCRIPT_COLUMNS " FROM transcripts WHERE session = :session";
inline constexpr char kListTranscripts[] =
    "SELECT " PLUMBLINE_TRANSCRIPT_COLUMNS " FROM transcripts WHERE session > :after ORDER BY session LIMIT :limit";
// Followed by a list of parameters and ")".
inline constexpr char kFindTranscripts[] =
    "SELECT " PLUMBLINE_TRANSCRIPT_COLUMNS " FROM transcripts WHERE session IN (";
inline constexpr char kListTurns[] =
    "SELECT number, speaker, role, text, start_ms, end_ms, suggested_by, confidence FROM turns WHERE session = "
    ":session ORDER BY number";
inline constexpr char kListQuestions[] =
    "SELECT number, turn, text, kind, rule, begin_byte, end_byte, confidence FROM questions"
    " WHERE session = :session AND number > :after ORDER BY number LIMIT :limit";
inline constexpr char kIsInStudy[] = "SELECT study FROM study_sessions WHERE session = :session LIMIT 1";
inline constexpr char kInsertTranscript[] = "INSERT INTO transcripts (" PLUMBLINE_TRANSCRIPT_COLUMNS
                                            ") VALUES (:session, :format, :duration_ms, :asker, :turn_count, "
                                            ":question_count, :create_time, :revision, :encoding,"
                                            " :duration_source, :word_count, :suggested_turns, :questions_by_hand)";
inline constexpr char kInsertTurn[] =
    "INSERT INTO turns (session, number, speaker, role, text, start_ms, end_ms, suggested_by, confidence)"
    " VALUES (:session, :number, :speaker, :role, :text, :start_ms, :end_ms, :suggested_by, :confidence)";
inline constexpr char kInsertQuestion[] =
    "INSERT INTO questions (session, number, turn, text, kind, rule, begin_byte, end_byte, confidence)"
    " VALUES (:session, :number, :turn, :text, :kind, :rule, :begin_byte, :end_byte, :confidence)";
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
    " suggested_turns = :suggested_turns, questions_by_hand = :questions_by_hand, revision = revision + 1"
    " WHERE session = :session";
inline constexpr char kDeleteTranscript[] = "DELETE FROM transcripts WHERE session = :session";
inline constexpr char kSetQuestionsByHand[] =
    "UPDATE transcripts SET question_count = :question_count, questions_by_hand = 1, revision = revision + 1"
    " WHERE session = :session";

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
    "SELECT position, session FROM study_sessions WHERE study = :study AND position > :after"
    " ORDER BY position LIMIT :limit";
inline constexpr char kListStudyCoders[] = "SELECT coder FROM study_coders WHERE study = :study ORDER BY position";
// Followed by a list of parameters and ")".
inline constexpr char kListItemsOf[] =
    "SELECT item, session, turn, question_number, number, repeat_of, text, context, second_text FROM study_items"
    " WHERE study = :study AND repeat_of = '' AND session IN (";
inline constexpr char kListKey[] =
    "SELECT i.item, i.session, i.turn, i.question_number, i.number, i.repeat_of, '' AS text, '' AS context,"
    " '' AS second_text" PLUMBLINE_ITEMS_OF_SESSIONS " ORDER BY s.position, i.question_number, i.repeat_of, i.item";
inline constexpr char kListItemsWithTexts[] =
    "SELECT i.item, i.session, i.turn, i.question_number, i.number, i.repeat_of, i.text, i.context,"
    " i.second_text" PLUMBLINE_ITEMS_OF_SESSIONS " AND i.repeat_of = '' ORDER BY s.position, i.question_number, i.item";
inline constexpr char kListItemsWithoutTexts[] =
    "SELECT i.item, i.session, i.turn, i.question_number, i.number, i.repeat_of, '' AS text, '' AS context,"
    " '' AS second_text" PLUMBLINE_ITEMS_OF_SESSIONS
    " AND i.repeat_of = '' ORDER BY s.position, i.question_number, i.item";
// The codes of one coder, in the order of the two above.
inline constexpr char kListCodesOfSessions[] =
    "SELECT i.item, " PLUMBLINE_CODE_COLUMNS
    " FROM study_sessions s JOIN study_items i ON i.study = s.study AND i.session = s.session"
    " JOIN assignments a ON a.study = i.study AND a.coder = :coder AND a.item = i.item"
    " WHERE s.study = :study AND s.position > :after AND s.position <= :until AND i.repeat_of = ''"
    " ORDER BY s.position, i.question_number, i.item";
// The codes of one coder for items and for what they repeat: first and second look.
inline constexpr char kListRepeatCodes[] =
    "SELECT i.item, i.repeat_of, " PLUMBLINE_CODE_COLUMNS
    " FROM study_items i JOIN assignments a ON a.study = i.study AND a.coder = :coder AND a.item = i.item"
    " WHERE i.study = :study AND i.repeat_of <> '' AND i.item > :after AND i.item <= :until ORDER BY i.item";
inline constexpr char kListRepeatedCodes[] =
    "SELECT i.item, i.repeat_of, " PLUMBLINE_CODE_COLUMNS
    " FROM study_items i JOIN assignments r ON r.study = i.study AND r.coder = :coder AND r.item = i.item"
    " JOIN assignments a ON a.study = i.study AND a.coder = :coder AND a.item = i.repeat_of"
    " WHERE i.study = :study AND i.repeat_of <> '' AND i.item > :after AND i.item <= :until ORDER BY i.item";
inline constexpr char kListRepeats[] =
    "SELECT item, repeat_of FROM study_items WHERE study = :study AND repeat_of <> '' AND item > :after"
    " ORDER BY item LIMIT :limit";
inline constexpr char kListItemPlaces[] =
    "SELECT item, number FROM study_items WHERE study = :study AND repeat_of = '' AND item > :after"
    " ORDER BY item LIMIT :limit";
inline constexpr char kListNewestCodes[] =
    "SELECT coder, item, version, outcomes_focused, nomination, answer, submit_time FROM assignments"
    " WHERE study = :study AND version > 0 ORDER BY coder, position";
inline constexpr char kListGoldCodes[] =
    "SELECT item, 1 AS version, outcomes_focused, nomination, answer, 0 AS submit_time FROM gold_codes"
    " WHERE study = :study ORDER BY item";
inline constexpr char kPutGoldCode[] =
    "INSERT INTO gold_codes (study, item, outcomes_focused, nomination, answer)"
    " VALUES (:study, :item, :outcomes_focused, :nomination, :answer) ON CONFLICT (study, item) DO UPDATE SET"
    " outcomes_focused = :outcomes_focused, nomination = :nomination, answer = :answer";
inline constexpr char kGetProgress[] = "SELECT coder, total, coded, skipped FROM study_progress WHERE study = :study";
// Without reading the row first, so that coders who work at the same time do not meet.
inline constexpr char kAddProgress[] =
    "INSERT INTO study_progress (study, coder, total, coded, skipped)"
    " VALUES (:study, :coder, :total, :coded, :skipped) ON CONFLICT (study, coder) DO UPDATE SET"
    " total = study_progress.total + :total, coded = study_progress.coded + :coded,"
    " skipped = study_progress.skipped + :skipped";
inline constexpr char kListStudyQuestions[] =
    "SELECT q.session, q.number, q.turn, q.text, q.kind, q.rule, q.begin_byte, q.end_byte, q.confidence"
    " FROM study_sessions s JOIN questions q ON q.session = s.session"
    " WHERE s.study = :study AND s.position > :after AND s.position <= :until ORDER BY s.position, q.number";
inline constexpr char kGetPreparation[] = "SELECT sessions, items, steps FROM study_preparation WHERE study = :study";
inline constexpr char kInsertPreparation[] =
    "INSERT INTO study_preparation (study, sessions, items, steps) VALUES (:study, :sessions, :items, :steps)";
inline constexpr char kUpdatePreparation[] =
    "UPDATE study_preparation SET sessions = :sessions, items = :items, steps = :steps WHERE study = :study"
    " AND sessions = :old_sessions AND items = :old_items AND steps = :old_steps";
inline constexpr char kDeletePreparation[] =
    "DELETE FROM study_preparation WHERE study = :study"
    " AND sessions = :old_sessions AND items = :old_items AND steps = :old_steps";
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
inline constexpr char kUpdateStudy[] =
    "UPDATE studies SET title = :title, deadline = :deadline, state = :state, phase = :phase,"
    " close_time = :close_time, item_count = :item_count, revision = revision + 1 WHERE id = :id";
inline constexpr char kCloseStudy[] =
    "UPDATE studies SET title = :title, deadline = :deadline, state = :state, close_time = :close_time,"
    " item_count = :item_count, revision = revision + 1 WHERE id = :id";
// In the order in which rows refer to each other.
inline constexpr const char* kDeleteStudy[] = {"DELETE FROM assignments WHERE study = :study",
                                               "DELETE FROM study_items WHERE study = :study",
                                               "DELETE FROM study_progress WHERE study = :study",
                                               "DELETE FROM study_preparation WHERE study = :study",
                                               "DELETE FROM study_coders WHERE study = :study",
                                               "DELETE FROM study_sessions WHERE study = :study",
                                               "DELETE FROM studies WHERE id = :study"};
inline constexpr char kInsertRepeat[] =
    "INSERT INTO study_items (study, item, session, turn, question_number, text, number, repeat_of, context,"
    " second_text) SELECT study, :item, session, turn, question_number, text, number, item, context, second_text"
    " FROM study_items WHERE study = :study AND item = :repeat_of";
// Followed by a list of parameters and ")".
inline constexpr char kListCodeHeads[] =
    "SELECT item, version, answer FROM assignments WHERE study = :study AND coder = :coder AND item IN (";
inline constexpr char kFindItems[] = "SELECT a.item, a.position, " PLUMBLINE_CODE_COLUMNS
                                     " FROM assignments a WHERE a.study = :study AND a.coder = :coder AND a.item IN (";
inline constexpr char kSetNewestCode[] =
    "UPDATE assignments SET version = :version, outcomes_focused = :outcomes_focused, nomination = :nomination,"
    " answer = :answer, submit_time = :submit_time WHERE study = :study AND coder = :coder AND item = :item";

inline constexpr char kFindStudySession[] =
    "SELECT position FROM study_sessions WHERE session = :session AND study = :study";
inline constexpr char kGetStudyReport[] = "SELECT create_time, body FROM study_reports WHERE study = :study";
inline constexpr char kDeleteStudyReport[] = "DELETE FROM study_reports WHERE study = :study";
inline constexpr char kInsertStudyReport[] =
    "INSERT INTO study_reports (study, create_time, body) VALUES (:study, :create_time, :body)";
inline constexpr char kListSessionResults[] =
    "SELECT body FROM session_results WHERE study = :study AND position > :after ORDER BY position LIMIT :limit";
inline constexpr char kDeleteSessionResults[] = "DELETE FROM session_results WHERE study = :study";
inline constexpr char kInsertSessionResult[] =
    "INSERT INTO session_results (study, position, body) VALUES (:study, :position, :body)";

#undef PLUMBLINE_TRANSCRIPT_COLUMNS
#undef PLUMBLINE_STUDY_COLUMNS
#undef PLUMBLINE_ITEMS_OF_SESSIONS
#undef PLUMBLINE_CODE_COLUMNS
#undef PLUMBLINE_CODER_ITEM

}  // namespace plumbline::coding::queries

#endif  // PLUMBLINE_CODING_STORAGE_SQL_QUERIES_H_
