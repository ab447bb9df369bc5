#ifndef PLUMBLINE_GATEWAY_STORAGE_SQL_ROWS_H_
#define PLUMBLINE_GATEWAY_STORAGE_SQL_ROWS_H_

#include "common/sql/database.h"
#include "gateway/domain/trial.h"

// Rows of the gateway's tables as domain structs. Columns are named as in sql_migrations.cc.
namespace plumbline::gateway {

inline Authority ToAuthority(const sql::Row& row) { return {row.Text("id"), row.Text("title"), row.Text("etag")}; }

inline Team ToTeam(const sql::Row& row) {
  return {row.Text("id"), row.Text("authority"), row.Text("arm"), row.Text("title"), row.Text("etag")};
}

inline Participant ToParticipant(const sql::Row& row) {
  return {row.Text("id"), row.Text("team"), ParticipantKindFromString(row.Text("kind")), row.Text("etag")};
}

inline Session ToSession(const sql::Row& row) {
  return {row.Text("id"),
          row.Text("team"),
          row.Text("wave"),
          row.IsNull("supervisor") ? std::string() : row.Text("supervisor"),
          absl::Microseconds(row.Int("duration_us")),
          row.Text("etag")};
}

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_STORAGE_SQL_ROWS_H_
