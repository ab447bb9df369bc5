#ifndef PLUMBLINE_COMMON_JOBS_SQL_UNIT_OF_WORK_H_
#define PLUMBLINE_COMMON_JOBS_SQL_UNIT_OF_WORK_H_

#include <functional>
#include <memory>
#include <utility>

#include "common/jobs/unit_of_work.h"
#include "common/sql/database.h"

namespace plumbline::jobs {

// Makes or brings forward the tables behind every unit of work: request_log, audit_log, operations. Call it, and the
// service's own sql::Migrate, before serving. Errors as sql::Migrate.
absl::Status MigrateCommon(sql::Database& database, absl::Time now);

// What SqlUnitOfWork does that does not depend on the service's types.
using SqlWriteBody = std::function<absl::StatusOr<WriteResult>(sql::Transaction&)>;
absl::StatusOr<WriteOutcome> WriteInOneTransaction(sql::Database& database, const Mutation& mutation,
                                                   const SqlWriteBody& body);
absl::Status CommitInOneTransaction(sql::Database& database, const Claim& claim, absl::Time now,
                                    const SqlWriteBody& body);
using SqlPartBody = std::function<absl::Status(sql::Transaction&)>;
absl::Status CommitPartInOneTransaction(sql::Database& database, const Claim& claim, const SqlPartBody& body);
absl::Status FanOutInOneTransaction(sql::Database& database, const Claim& claim, absl::Time now,
                                    const SqlWriteBody& body);

// The unit of work of a service that keeps its data in `database`. Audit lines written by Commit name the operation's
// actor, and its kind as the method. Operations that a Commit or a FanOut starts
// reach the queue through their worker or the reconciler.
template <typename Reader, typename Writer>
class SqlUnitOfWork : public UnitOfWork<Reader, Writer> {
 public:
  using Base = UnitOfWork<Reader, Writer>;
  // The service's view of one transaction; made anew for every run of a body.
  using MakeReader = std::function<std::unique_ptr<Reader>(sql::Transaction&)>;
  using MakeWriter = std::function<std::unique_ptr<Writer>(sql::Transaction&)>;

  // `database` outlives this object; MigrateCommon has run on it.
  SqlUnitOfWork(sql::Database& database, MakeReader make_reader, MakeWriter make_writer)
      : database_(database), make_reader_(std::move(make_reader)), make_writer_(std::move(make_writer)) {}

  absl::StatusOr<WriteOutcome> Write(const Mutation& mutation, const typename Base::WriteBody& body) override {
    return WriteInOneTransaction(database_, mutation, Wrap(body));
  }

  absl::Status Commit(const Claim& claim, absl::Time now, const typename Base::WriteBody& body) override {
    return CommitInOneTransaction(database_, claim, now, Wrap(body));
  }

  absl::Status CommitPart(const Claim& claim, const typename Base::PartBody& body) override {
    return CommitPartInOneTransaction(database_, claim,
                                      [&](sql::Transaction& transaction) { return body(*make_writer_(transaction)); });
  }

  absl::Status FanOut(const Claim& claim, absl::Time now, const typename Base::WriteBody& body) override {
    return FanOutInOneTransaction(database_, claim, now, Wrap(body));
  }

  absl::Status Read(const typename Base::ReadBody& body) override {
    return database_.Read([&](sql::Transaction& transaction) { return body(*make_reader_(transaction)); });
  }

 private:
  SqlWriteBody Wrap(const typename Base::WriteBody& body) {
    return [this, &body](sql::Transaction& transaction) { return body(*make_writer_(transaction)); };
  }

  sql::Database& database_;
  const MakeReader make_reader_;
  const MakeWriter make_writer_;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_SQL_UNIT_OF_WORK_H_
