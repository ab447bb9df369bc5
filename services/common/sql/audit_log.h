#ifndef PLUMBLINE_COMMON_SQL_AUDIT_LOG_H_
#define PLUMBLINE_COMMON_SQL_AUDIT_LOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/mutation.h"
#include "common/sql/database.h"

// Who changed what and when: lines are only ever added, in the transaction of the change.
namespace plumbline::sql {

struct AuditRecord {
  int64_t seq = 0;  // grows with every line; gaps are normal (a rolled back change may use one up)
  absl::Time time;
  std::string actor;
  std::string method;
  AuditEntry entry;
};

absl::Status AppendAudit(Transaction& transaction, absl::Time now, const std::string& actor, const std::string& method,
                         const std::vector<AuditEntry>& entries);

// Lines with seq > `after_seq`, oldest first, at most `limit`; of one resource unless `resource` is "".
absl::StatusOr<std::vector<AuditRecord>> ListAudit(Transaction& transaction, const std::string& resource,
                                                   int64_t after_seq, int limit);

// The two databases number rows in different words, so this step knows which one it is for. The table refuses UPDATE
// and DELETE.
Migration AuditLogMigration(int version, bool postgresql);

}  // namespace plumbline::sql

#endif  // PLUMBLINE_COMMON_SQL_AUDIT_LOG_H_
