#ifndef PLUMBLINE_CODING_STORAGE_TEST_SQL_BACKEND_H_
#define PLUMBLINE_CODING_STORAGE_TEST_SQL_BACKEND_H_

#include "coding/storage/sql_migrations.h"
#include "coding/storage/sql_store.h"
#include "coding/storage/store_contract.h"
#include "common/testing/sql_store_backend.h"

namespace plumbline::coding {

// A store in the new, empty database that `options` name.
inline OpenStore OpenSqlStore(const sql::DatabaseOptions& options) {
  return plumbline::testing::OpenSqlStore<CodingReader, CodingWriter>(options, CodingMigrations(), MakeSqlStore);
}

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_TEST_SQL_BACKEND_H_
