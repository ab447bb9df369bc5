#ifndef PLUMBLINE_ECONOMICS_STORAGE_TEST_SQL_BACKEND_H_
#define PLUMBLINE_ECONOMICS_STORAGE_TEST_SQL_BACKEND_H_

#include "common/testing/sql_store_backend.h"
#include "economics/storage/sql_store.h"
#include "economics/storage/store_contract.h"

namespace plumbline::economics {

// A store in the new, empty database that `options` name.
inline OpenStore OpenSqlStore(const sql::DatabaseOptions& options) {
  return plumbline::testing::OpenSqlStore<EconomicsReader, EconomicsWriter>(options, EconomicsMigrations(),
                                                                            MakeSqlStore);
}

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_STORAGE_TEST_SQL_BACKEND_H_
