#include "gateway/storage/sql_gateway_store.h"

namespace plumbline::gateway {

// Every id column sorts by bytes: lists are paged by id. Sessions are keyed by their id alone, since it is unique over
// all trials.
absl::Status MigrateGateway(sql::Database& database, absl::Time now) {
  const std::vector<sql::Migration> migrations = {
      {1,
       "trials and members",
       {R"(CREATE TABLE trials (
             id TEXT COLLATE "C" PRIMARY KEY,
             title TEXT NOT NULL,
             description TEXT NOT NULL,
             synthetic BIGINT NOT NULL,
             create_time BIGINT NOT NULL,
             etag TEXT NOT NULL))",
        R"(CREATE TABLE trial_parts (
             trial TEXT COLLATE "C" NOT NULL REFERENCES trials (id),
             part TEXT NOT NULL CHECK (part IN ('arm', 'wave')),
             position BIGINT NOT NULL,
             id TEXT NOT NULL,
             title TEXT NOT NULL,
             PRIMARY KEY (trial, part, position)))",
        R"(CREATE TABLE authorities (
             trial TEXT COLLATE "C" NOT NULL REFERENCES trials (id),
             id TEXT COLLATE "C" NOT NULL,
             title TEXT NOT NULL,
             etag TEXT NOT NULL,
             PRIMARY KEY (trial, id)))",
        R"(CREATE TABLE teams (
             trial TEXT COLLATE "C" NOT NULL,
             id TEXT COLLATE "C" NOT NULL,
             authority TEXT COLLATE "C" NOT NULL,
             arm TEXT NOT NULL,
             title TEXT NOT NULL,
             etag TEXT NOT NULL,
             PRIMARY KEY (trial, id),
             FOREIGN KEY (trial, authority) REFERENCES authorities (trial, id)))",
        "CREATE INDEX teams_by_authority ON teams (trial, authority)",
        R"(CREATE TABLE participants (
             trial TEXT COLLATE "C" NOT NULL,
             id TEXT COLLATE "C" NOT NULL,
             team TEXT COLLATE "C" NOT NULL,
             kind TEXT NOT NULL CHECK (kind IN ('supervisor', 'worker', 'family')),
             etag TEXT NOT NULL,
             PRIMARY KEY (trial, id),
             FOREIGN KEY (trial, team) REFERENCES teams (trial, id)))",
        "CREATE INDEX participants_by_team ON participants (trial, team)",
        R"(CREATE TABLE sessions (
             id TEXT COLLATE "C" PRIMARY KEY,
             trial TEXT COLLATE "C" NOT NULL,
             team TEXT COLLATE "C" NOT NULL,
             wave TEXT NOT NULL,
             supervisor TEXT COLLATE "C",
             duration_us BIGINT NOT NULL CHECK (duration_us >= 0),
             etag TEXT NOT NULL,
             FOREIGN KEY (trial, team) REFERENCES teams (trial, id),
             FOREIGN KEY (trial, supervisor) REFERENCES participants (trial, id)))",
        "CREATE INDEX sessions_by_trial ON sessions (trial, id)",
        "CREATE INDEX sessions_by_team ON sessions (trial, team)",
        "CREATE INDEX sessions_by_supervisor ON sessions (trial, supervisor)"}},
      {2,
       "reports",
       {R"(CREATE TABLE reports (
             trial TEXT COLLATE "C" NOT NULL REFERENCES trials (id),
             id TEXT COLLATE "C" NOT NULL,
             create_time BIGINT NOT NULL,
             head TEXT NOT NULL,
             body TEXT NOT NULL,
             PRIMARY KEY (trial, id)))",
        "CREATE INDEX reports_by_time ON reports (trial, create_time, id)"}},
  };
  return sql::Migrate(database, "gateway", migrations, now);
}

}  // namespace plumbline::gateway
