#ifndef PLUMBLINE_INSTRUMENTS_STORAGE_SQL_INSTRUMENTS_STORE_H_
#define PLUMBLINE_INSTRUMENTS_STORAGE_SQL_INSTRUMENTS_STORE_H_

#include <memory>
#include <vector>

#include "common/jobs/sql_unit_of_work.h"
#include "common/sql/database.h"
#include "instruments/storage/instruments_store.h"

namespace plumbline::instruments {

// The tables of the instruments service; component "instruments" of sql::Migrate.
std::vector<sql::Migration> InstrumentsMigrations();

// The store on SQLite or PostgreSQL. `database` outlives it; jobs::MigrateCommon and InstrumentsMigrations have run.
std::unique_ptr<InstrumentsStore> MakeSqlInstrumentsStore(sql::Database& database);

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_STORAGE_SQL_INSTRUMENTS_STORE_H_
