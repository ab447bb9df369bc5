#include "coding/storage/sql_migrations.h"

namespace plumbline::coding {

std::vector<sql::Migration> CodingMigrations() {
  return {
      {1,
       "transcripts, frames, studies and codes",
       {
           "CREATE TABLE transcripts ("
           " session TEXT NOT NULL PRIMARY KEY,"
           " format TEXT NOT NULL,"
           " duration_ms BIGINT,"
           " asker TEXT NOT NULL,"
           " turn_count BIGINT NOT NULL,"
           " question_count BIGINT NOT NULL,"
           " create_time BIGINT NOT NULL,"
           " revision BIGINT NOT NULL)",
           "CREATE TABLE turns ("
           " session TEXT NOT NULL REFERENCES transcripts (session),"
           " number BIGINT NOT NULL,"
           " speaker TEXT NOT NULL,"
           " role TEXT NOT NULL,"
           " text TEXT NOT NULL,"
           " start_ms BIGINT,"
           " end_ms BIGINT,"
           " PRIMARY KEY (session, number))",
           "CREATE TABLE questions ("
           " session TEXT NOT NULL REFERENCES transcripts (session),"
           " number BIGINT NOT NULL,"
           " turn BIGINT NOT NULL,"
           " text TEXT NOT NULL,"
           " kind TEXT NOT NULL,"
           " rule TEXT NOT NULL,"
           " begin_byte BIGINT NOT NULL,"
           " end_byte BIGINT NOT NULL,"
           " PRIMARY KEY (session, number))",
           // The body is the frame as JSON, in the form of the files in data/frames.
           "CREATE TABLE frames ("
           " id TEXT NOT NULL,"
           " version BIGINT NOT NULL,"
           " body TEXT NOT NULL,"
           " PRIMARY KEY (id, version))",
           // The seed has 64 bits without a sign, so it is text.
           "CREATE TABLE studies ("
           " id TEXT NOT NULL PRIMARY KEY,"
           " title TEXT NOT NULL,"
           " frame_id TEXT NOT NULL,"
           " frame_version BIGINT NOT NULL,"
           " seed TEXT NOT NULL,"
           " state TEXT NOT NULL CHECK (state IN ('OPEN', 'CLOSED')),"
           " item_count BIGINT NOT NULL,"
           " create_time BIGINT NOT NULL,"
           " close_time BIGINT,"
           " revision BIGINT NOT NULL)",
           "CREATE INDEX studies_by_time ON studies (create_time, id)",
           "CREATE TABLE study_sessions ("
           " study TEXT NOT NULL REFERENCES studies (id),"
           " position BIGINT NOT NULL,"
           " session TEXT NOT NULL REFERENCES transcripts (session),"
           " PRIMARY KEY (study, position))",
           "CREATE INDEX study_sessions_by_session ON study_sessions (session)",
           "CREATE TABLE study_coders ("
           " study TEXT NOT NULL REFERENCES studies (id),"
           " position BIGINT NOT NULL,"
           " coder TEXT NOT NULL,"
           " PRIMARY KEY (study, position))",
           // The sealed key.
           "CREATE TABLE study_items ("
           " study TEXT NOT NULL REFERENCES studies (id),"
           " item TEXT NOT NULL,"
           " session TEXT NOT NULL,"
           " turn BIGINT NOT NULL,"
           " question_number BIGINT NOT NULL,"
           " text TEXT NOT NULL,"
           " PRIMARY KEY (study, item))",
           // Each coder's order, with the newest code beside it; version 0 is "not coded yet".
           "CREATE TABLE assignments ("
           " study TEXT NOT NULL,"
           " coder TEXT NOT NULL,"
           " position BIGINT NOT NULL,"
           " item TEXT NOT NULL,"
           " version BIGINT NOT NULL,"
           " outcomes_focused BIGINT NOT NULL,"
           " nomination TEXT NOT NULL,"
           " submit_time BIGINT NOT NULL,"
           " PRIMARY KEY (study, coder, item),"
           " FOREIGN KEY (study, item) REFERENCES study_items (study, item))",
           "CREATE UNIQUE INDEX assignments_by_position ON assignments (study, coder, position)",
           // Every code ever given; rows are only added.
           "CREATE TABLE codes ("
           " study TEXT NOT NULL,"
           " coder TEXT NOT NULL,"
           " item TEXT NOT NULL,"
           " version BIGINT NOT NULL,"
           " outcomes_focused BIGINT NOT NULL,"
           " nomination TEXT NOT NULL,"
           " submit_time BIGINT NOT NULL,"
           " PRIMARY KEY (study, coder, item, version),"
           " FOREIGN KEY (study, coder, item) REFERENCES assignments (study, coder, item))",
       }},
      {2,
       "codes of every kind, and what stands beside an item",
       {
           // What a code says beyond yes or no and its nomination, in the form of code_text.h.
           "ALTER TABLE assignments ADD COLUMN answer TEXT NOT NULL DEFAULT ''",
           "ALTER TABLE codes ADD COLUMN answer TEXT NOT NULL DEFAULT ''",
           // What stands beside an item's text.
           "ALTER TABLE study_items ADD COLUMN context TEXT NOT NULL DEFAULT ''",
           "ALTER TABLE study_items ADD COLUMN second_text TEXT NOT NULL DEFAULT ''",
       }},
      {3,
       "transcripts: encoding, suggested speakers, fingerprints, changes by hand",
       {
           "ALTER TABLE transcripts ADD COLUMN encoding TEXT NOT NULL DEFAULT ''",
           "ALTER TABLE transcripts ADD COLUMN duration_source TEXT NOT NULL DEFAULT ''",
           "ALTER TABLE transcripts ADD COLUMN word_count BIGINT NOT NULL DEFAULT 0",
           "ALTER TABLE transcripts ADD COLUMN suggested_turns BIGINT NOT NULL DEFAULT 0",
           "ALTER TABLE turns ADD COLUMN suggested_by TEXT NOT NULL DEFAULT ''",
           "ALTER TABLE turns ADD COLUMN confidence DOUBLE PRECISION NOT NULL DEFAULT 0",
           // Transcripts stored before this step have none: duplicates of them are not found.
           "CREATE TABLE transcript_fingerprints ("
           " session TEXT COLLATE \"C\" NOT NULL PRIMARY KEY REFERENCES transcripts (session),"
           " content BIGINT NOT NULL,"
           " signature TEXT NOT NULL)",
           "CREATE INDEX transcript_fingerprints_by_content ON transcript_fingerprints (content, session)",
           "CREATE TABLE transcript_bands ("
           " band BIGINT NOT NULL,"
           " session TEXT COLLATE \"C\" NOT NULL REFERENCES transcripts (session),"
           " PRIMARY KEY (band, session))",
           "CREATE TABLE transcript_changes ("
           " session TEXT NOT NULL REFERENCES transcripts (session),"
           " number BIGINT NOT NULL,"
           " time BIGINT NOT NULL,"
           " actor TEXT NOT NULL,"
           " detail TEXT NOT NULL,"
           " PRIMARY KEY (session, number))",
       }},
      {4,
       "studies by rule and of any size",
       {
           // What an open study does: PREPARING, CODING or ADJUDICATING.
           "ALTER TABLE studies ADD COLUMN phase TEXT NOT NULL DEFAULT 'CODING'",
           "ALTER TABLE studies ADD COLUMN purpose TEXT NOT NULL DEFAULT 'MAIN'",
           "ALTER TABLE studies ADD COLUMN session_count BIGINT NOT NULL DEFAULT 0",
           "ALTER TABLE studies ADD COLUMN sample_numerator BIGINT NOT NULL DEFAULT 1",
           "ALTER TABLE studies ADD COLUMN sample_denominator BIGINT NOT NULL DEFAULT 1",
           "ALTER TABLE studies ADD COLUMN sample_max BIGINT NOT NULL DEFAULT 0",
           "ALTER TABLE studies ADD COLUMN coders_per_item BIGINT NOT NULL DEFAULT 0",
           "ALTER TABLE studies ADD COLUMN overlap_numerator BIGINT NOT NULL DEFAULT 1",
           "ALTER TABLE studies ADD COLUMN overlap_denominator BIGINT NOT NULL DEFAULT 1",
           "ALTER TABLE studies ADD COLUMN repeats_numerator BIGINT NOT NULL DEFAULT 0",
           "ALTER TABLE studies ADD COLUMN repeats_denominator BIGINT NOT NULL DEFAULT 1",
           "ALTER TABLE studies ADD COLUMN adjudicator TEXT NOT NULL DEFAULT ''",
           "ALTER TABLE studies ADD COLUMN deadline BIGINT",
           "ALTER TABLE studies ADD COLUMN suggestions TEXT NOT NULL DEFAULT 'NEVER'",
           "ALTER TABLE studies ADD COLUMN requires_training TEXT NOT NULL DEFAULT ''",
           "ALTER TABLE studies ADD COLUMN passing_measure TEXT NOT NULL DEFAULT 'NONE'",
           "ALTER TABLE studies ADD COLUMN passing_minimum DOUBLE PRECISION NOT NULL DEFAULT 0",
           "UPDATE studies SET session_count ="
           " (SELECT COUNT(*) FROM study_sessions s WHERE s.study = studies.id)",
           "ALTER TABLE study_items ADD COLUMN number BIGINT NOT NULL DEFAULT 0",
           "ALTER TABLE study_items ADD COLUMN repeat_of TEXT NOT NULL DEFAULT ''",
           "CREATE INDEX study_items_by_session ON study_items (study, session, question_number)",
           "CREATE INDEX study_items_repeats ON study_items (study, item) WHERE repeat_of <> ''",
           // How far each batch is, kept up with every code: counting would read the whole study.
           "CREATE TABLE study_progress ("
           " study TEXT NOT NULL REFERENCES studies (id),"
           " coder TEXT NOT NULL,"
           " total BIGINT NOT NULL,"
           " coded BIGINT NOT NULL,"
           " skipped BIGINT NOT NULL,"
           " PRIMARY KEY (study, coder))",
           "INSERT INTO study_progress (study, coder, total, coded, skipped)"
           " SELECT study, coder, COUNT(*),"
           " SUM(CASE WHEN version > 0 AND SUBSTR(answer, 1, 2) <> 's:' THEN 1 ELSE 0 END),"
           " SUM(CASE WHEN SUBSTR(answer, 1, 2) = 's:' THEN 1 ELSE 0 END)"
           " FROM assignments GROUP BY study, coder",
           // How far the making of items and batches is; a row only while they are being made.
           "CREATE TABLE study_preparation ("
           " study TEXT NOT NULL PRIMARY KEY REFERENCES studies (id),"
           " sessions BIGINT NOT NULL,"
           " items BIGINT NOT NULL,"
           " steps BIGINT NOT NULL)",
       }},
      {5,
       "gold answers",
       {
           // What a training study's coders are held against; nothing that serves coders reads it.
           "CREATE TABLE gold_codes ("
           " study TEXT NOT NULL,"
           " item TEXT NOT NULL,"
           " outcomes_focused BIGINT NOT NULL,"
           " nomination TEXT NOT NULL,"
           " answer TEXT NOT NULL,"
           " PRIMARY KEY (study, item),"
           " FOREIGN KEY (study, item) REFERENCES study_items (study, item))",
       }},
      {6,
       "reports of studies",
       {
           // The body is a StudyReport as protobuf bytes in hexadecimal; the store does not read it.
           "CREATE TABLE study_reports ("
           " study TEXT NOT NULL PRIMARY KEY REFERENCES studies (id),"
           " create_time BIGINT NOT NULL,"
           " body TEXT NOT NULL)",
           // What became of each session, as JSON (session_json.h), by its position in the study.
           "CREATE TABLE session_results ("
           " study TEXT NOT NULL REFERENCES studies (id),"
           " position BIGINT NOT NULL,"
           " body TEXT NOT NULL,"
           " PRIMARY KEY (study, position))",
       }},
      {7,
       "pseudonyms",
       {
           // A scope is families/x or transcripts/y. The digest is keyed; what it is of is kept nowhere.
           "CREATE TABLE pseudonyms ("
           " scope TEXT COLLATE \"C\" NOT NULL,"
           " kind TEXT COLLATE \"C\" NOT NULL,"
           " digest TEXT COLLATE \"C\" NOT NULL,"
           " number BIGINT NOT NULL,"
           " whole BIGINT NOT NULL,"
           " PRIMARY KEY (scope, kind, digest))",
           // Outlives the rows, so that no number is given twice.
           "CREATE TABLE pseudonym_counters ("
           " scope TEXT NOT NULL,"
           " kind TEXT NOT NULL,"
           " next BIGINT NOT NULL,"
           " PRIMARY KEY (scope, kind))",
           "CREATE TABLE pseudonym_records ("
           " session TEXT NOT NULL PRIMARY KEY,"
           " rules BIGINT NOT NULL,"
           " unsearched BIGINT NOT NULL,"
           " family TEXT NOT NULL,"
           " words BIGINT NOT NULL)",
           "CREATE INDEX pseudonym_records_by_family ON pseudonym_records (family)",
           "CREATE TABLE pseudonym_counts ("
           " session TEXT NOT NULL,"
           " kind TEXT NOT NULL,"
           " rule TEXT NOT NULL,"
           " mentions BIGINT NOT NULL,"
           " PRIMARY KEY (session, kind, rule))",
       }},
      {8,
       "questions: how sure, and corrected by hand",
       {
           // 0: not known, since the question was stored before this step.
           "ALTER TABLE questions ADD COLUMN confidence DOUBLE PRECISION NOT NULL DEFAULT 0",
           "UPDATE questions SET confidence = 1 WHERE rule = 'imported'",
           // A question that was dropped by hand leaves no row, so the transcript says that it was.
           "ALTER TABLE transcripts ADD COLUMN questions_by_hand BIGINT NOT NULL DEFAULT 0",
           "UPDATE transcripts SET questions_by_hand = 1 WHERE EXISTS"
           " (SELECT 1 FROM questions q WHERE q.session = transcripts.session AND q.rule = 'imported')",
       }},
      {9,
       "studies keep the rules that suggestions were made with",
       {
           "ALTER TABLE studies ADD COLUMN suggestion_rules TEXT NOT NULL DEFAULT ''",
       }},
  };
}

}  // namespace plumbline::coding
