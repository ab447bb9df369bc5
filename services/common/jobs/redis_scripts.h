#ifndef PLUMBLINE_COMMON_JOBS_REDIS_SCRIPTS_H_
#define PLUMBLINE_COMMON_JOBS_REDIS_SCRIPTS_H_

#include "common/redis/script.h"

// The transitions of the Redis queue, one atomic script each. KEYS[1] is the prefix "pl:{<queue>}:" of all keys of the
// queue; its hash tag puts them all into one slot. Key layout and states: DESIGN.md.
namespace plumbline::jobs {

struct RedisScripts {
  RedisScripts();
  const redis::Script enqueue;   // (id, kind, payload, priority, delay ms)... -> how many were added
  const redis::Script acquire;   // max, lease ms -> (id, kind, payload, priority, token, attempt)...
  const redis::Script renew;     // lease ms, (id, token, kind, payload, priority, attempt)... -> "h" | "c" | "l"...
  const redis::Script complete;  // (id, token)... -> 1 | 0...
  const redis::Script retry;     // id, token, delay ms, reason -> 1 | 0
  const redis::Script bury;      // id, token, reason -> 1 | 0
  const redis::Script dead;      // limit -> (id, kind, payload, priority, reason)...
  const redis::Script requeue;   // id -> 1 | 0
  const redis::Script cancel;    // id -> "r" | "s" | "u"
  const redis::Script missing;   // id... -> the indices (from 0) of those that are unknown
  const redis::Script recover;   // limit -> expired, due
  const redis::Script stats;     // -> waiting, delayed, active, dead, oldest ms
  const redis::Script peek;      // -> waiting, ms to the next due or expiring job (-1: none)
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_REDIS_SCRIPTS_H_
