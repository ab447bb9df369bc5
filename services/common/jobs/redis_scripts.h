#ifndef PLUMBLINE_COMMON_JOBS_REDIS_SCRIPTS_H_
#define PLUMBLINE_COMMON_JOBS_REDIS_SCRIPTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/redis/script.h"

// The transitions of the Redis queue, one atomic script each. Every key a script touches is in KEYS (QueueKeys), and
// all are in one slot of a cluster. Adding, taking, completing and renewing what is held make a fixed number of calls
// whatever the size of the batch. A lease that the queue had taken back or forgotten costs calls of its own, and so
// does what the audits look at and mend: which and how many, and key layout and states, is in DESIGN.md.
namespace plumbline::jobs {

// KEYS of every script, in this order: jobs, payloads, waiting, delayed, active, seq, wake.
std::vector<std::string> QueueKeys(const std::string& queue_name);
inline constexpr size_t kJobsKey = 0;
inline constexpr size_t kWakeKey = 6;

// What a script answers about one lease.
inline constexpr char kRenewed = 'h';
inline constexpr char kRenewedCancelled = 'c';
inline constexpr char kRenewLost = 'l';
inline constexpr char kRenewUnknown = 'u';

struct RedisScripts {
  RedisScripts();
  // max jobs, "1" when the server is short of memory, groups of jobs alike: (kind, priority, delay ms, "1" with
  // payloads, count, then id or (id, payload) count times)... -> {added} or {-1, known, new} when there is no room
  const redis::Script enqueue;
  // max, lease ms, max active -> {{id, record}..., {payload or nil of each record with a payload, in order}}
  const redis::Script acquire;
  // lease ms, (id, token, attempt)... -> a letter (above) for each
  const redis::Script renew;
  // lease ms, (id, token, attempt, kind, priority, payload)... -> a letter for each, never kRenewUnknown
  const redis::Script restore;
  const redis::Script complete;        // max active, (id, token)... -> indices (from 0) of those that are not current
  const redis::Script retry;           // id, token, delay ms, reason -> 1 | 0
  const redis::Script cancel;          // id -> "r" | "s" | "u"
  const redis::Script missing;         // id... -> the indices of those that are unknown
  const redis::Script list;            // cursor -> {next cursor, id...}
  const redis::Script recover;         // limit -> {expired, 1 when there may be more}
  const redis::Script stats;           // -> {waiting, delayed, active, oldest ms}
  const redis::Script peek;            // max active -> {1 when a job is ready, ms to the next change (-1: none)}
  const redis::Script audit_jobs;      // cursor, "1" to repair -> {next cursor, (invariant, id, detail)...}
  const redis::Script audit_order;     // cursor, "1" to repair, index in KEYS (from 1), state -> the same
  const redis::Script audit_payloads;  // cursor, "1" to repair -> the same
};

// What the scripts keep of a job: one string, see DESIGN.md.
struct JobRecord {
  std::string kind;
  int priority = 0;
  int64_t token = 0;
  int attempt = 0;
  bool has_payload = false;
};
std::optional<JobRecord> ReadJobRecord(std::string_view bytes);

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_REDIS_SCRIPTS_H_
