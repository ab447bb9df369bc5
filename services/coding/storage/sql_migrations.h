#ifndef PLUMBLINE_CODING_STORAGE_SQL_MIGRATIONS_H_
#define PLUMBLINE_CODING_STORAGE_SQL_MIGRATIONS_H_

#include <vector>

#include "common/sql/database.h"

namespace plumbline::coding {

// The schema "coding", for sql::Migrate. Steps are never edited once released.
std::vector<sql::Migration> CodingMigrations();

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_SQL_MIGRATIONS_H_
