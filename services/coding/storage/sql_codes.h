#ifndef PLUMBLINE_CODING_STORAGE_SQL_CODES_H_
#define PLUMBLINE_CODING_STORAGE_SQL_CODES_H_

#include "absl/status/statusor.h"
#include "coding/domain/study.h"
#include "common/sql/database.h"

// Codes as rows: version, outcomes_focused, nomination, answer (code_text.h) and submit_time.
namespace plumbline::coding {

absl::StatusOr<Code> ReadCode(const sql::Row& row);
// A row of the desk: the item with the coder's newest code beside it, version 0 for none.
absl::StatusOr<CoderItem> ReadCoderItem(const sql::Row& row);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_SQL_CODES_H_
