#include "economics/storage/sql_store.h"

namespace plumbline::economics {

std::vector<sql::Migration> EconomicsMigrations() {
  return {
      {1,
       "unit costs and ledgers",
       {
           "CREATE TABLE unit_costs ("
           " id TEXT NOT NULL PRIMARY KEY,"
           " role TEXT NOT NULL,"
           " low DOUBLE PRECISION,"
           " median DOUBLE PRECISION NOT NULL,"
           " high DOUBLE PRECISION,"
           " price_year BIGINT NOT NULL,"
           " source TEXT NOT NULL,"
           " etag TEXT NOT NULL)",
           // Unit costs that came with the program, so that one that was deleted does not come back.
           "CREATE TABLE imported_unit_costs (id TEXT NOT NULL PRIMARY KEY)",
           // The body is the ledger as JSON, in the form of the files in examples/.
           "CREATE TABLE ledgers ("
           " id TEXT NOT NULL PRIMARY KEY,"
           " title TEXT NOT NULL,"
           " body TEXT NOT NULL,"
           " reproduced BIGINT NOT NULL,"
           " rounding_only BIGINT NOT NULL,"
           " does_not_follow BIGINT NOT NULL,"
           " not_recomputable BIGINT NOT NULL,"
           " not_printed BIGINT NOT NULL,"
           " create_time BIGINT NOT NULL)",
           "CREATE INDEX ledgers_by_time ON ledgers (create_time, id)",
       }},
  };
}

}  // namespace plumbline::economics
