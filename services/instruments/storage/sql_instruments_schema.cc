#include "instruments/storage/sql_instruments_store.h"

namespace plumbline::instruments {

// Ids, participants and waves sort by bytes, so that pages and lists are the same in both databases. Answers are text
// in the form of answer_codec.h; scores are rows of their own, because summaries read one score of many responses.
std::vector<sql::Migration> InstrumentsMigrations() {
  return {{1,
           "responses",
           {"CREATE TABLE responses ("
            "id TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, instrument TEXT COLLATE \"C\" NOT NULL,"
            "key_version BIGINT NOT NULL CHECK (key_version >= 1), participant TEXT COLLATE \"C\" NOT NULL,"
            "wave TEXT COLLATE \"C\" NOT NULL, answers TEXT NOT NULL, create_time BIGINT NOT NULL,"
            "corrections BIGINT NOT NULL DEFAULT 0 CHECK (corrections >= 0),"
            "UNIQUE (instrument, participant, wave))",
            "CREATE TABLE scores ("
            "response TEXT COLLATE \"C\" NOT NULL REFERENCES responses (id) ON DELETE CASCADE,"
            "position BIGINT NOT NULL, score TEXT COLLATE \"C\" NOT NULL, value DOUBLE PRECISION,"
            "explanation TEXT NOT NULL, answered BIGINT NOT NULL, items BIGINT NOT NULL,"
            "missing_rule TEXT NOT NULL, min_answered BIGINT NOT NULL, direction TEXT NOT NULL,"
            "combination TEXT NOT NULL, category TEXT NOT NULL,"
            "PRIMARY KEY (response, position))",
            "CREATE TABLE corrections ("
            "response TEXT COLLATE \"C\" NOT NULL REFERENCES responses (id) ON DELETE CASCADE,"
            "number BIGINT NOT NULL, time BIGINT NOT NULL, actor TEXT NOT NULL, former_answers TEXT NOT NULL,"
            "PRIMARY KEY (response, number))"}}};
}

}  // namespace plumbline::instruments
