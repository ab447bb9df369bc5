#include "common/jobs/redis_scripts.h"

#include <string>

namespace plumbline::jobs {
namespace {

// Fields of a job's hash: k kind, p payload, r priority, s state (w waiting, d delayed, a active, x dead), t token,
// a attempts, q place in the order, w ready since (ms), c cancel requested, e reason of the last retry or burial.
//
// Time is that of Redis. A place is (9 - priority) * 2^44 + sequence: below 2^53, so exact as a score, with room for
// 2^44 jobs. A token is the time in microseconds or one more than the last, whichever is larger, so tokens of one job
// grow even when Redis forgot the job in between.
constexpr char kPrelude[] = R"lua(
local P = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local SPAN = 17592186044416

local function key(id) return P .. 'job:' .. id end

local function wake(n)
  n = math.min(n, 32 - redis.call('LLEN', P .. 'wake'))
  for _ = 1, n do redis.call('LPUSH', P .. 'wake', '1') end
end

local function place(priority) return (9 - priority) * SPAN + redis.call('INCR', P .. 'seq') end

local function make_ready(id, priority, since)
  local score = place(priority)
  redis.call('HSET', key(id), 's', 'w', 'q', score, 'w', since)
  redis.call('ZADD', P .. 'waiting', score, id)
end

local function make_ready_after(id, priority, delay)
  if delay > 0 then
    redis.call('HSET', key(id), 's', 'd')
    redis.call('ZADD', P .. 'delayed', now + delay, id)
  else
    make_ready(id, priority, now)
  end
  wake(1)  -- for a delayed job too: a waiter must learn of the new time to wake at
end

local function advance(limit)
  local due = redis.call('ZRANGEBYSCORE', P .. 'delayed', '-inf', now, 'WITHSCORES', 'LIMIT', 0, limit)
  for i = 1, #due, 2 do
    redis.call('ZREM', P .. 'delayed', due[i])
    local priority = redis.call('HGET', key(due[i]), 'r')
    if priority then make_ready(due[i], tonumber(priority), due[i + 1]) end
  end
  local expired = redis.call('ZRANGEBYSCORE', P .. 'active', '-inf', now, 'LIMIT', 0, limit)
  for _, id in ipairs(expired) do
    redis.call('ZREM', P .. 'active', id)
    local q = redis.call('HGET', key(id), 'q')
    if q then
      redis.call('HSET', key(id), 's', 'w')
      redis.call('ZADD', P .. 'waiting', q, id)
    end
  end
  return #expired, #due / 2
end

-- The state of a job that the lease with this token still speaks for, or nil.
local function current(id, token)
  local job = redis.call('HMGET', key(id), 's', 't')
  if (job[1] == 'a' or job[1] == 'w') and job[2] == token then return job[1] end
  return nil
end

-- Takes the job out of the set of its state, and ends its lease: a late renewal must not take it again.
local function give_up(id, state, token, reason)
  redis.call('ZREM', P .. (state == 'a' and 'active' or 'waiting'), id)
  redis.call('HSET', key(id), 't', string.format('%.0f', tonumber(token) + 1), 'e', reason)
end
)lua";

constexpr char kEnqueue[] = R"lua(
local added, ready = 0, 0
for i = 1, #ARGV, 5 do
  local id = ARGV[i]
  if redis.call('EXISTS', key(id)) == 0 then
    local priority, delay = tonumber(ARGV[i + 3]), tonumber(ARGV[i + 4])
    if delay > 0 then
      redis.call('HSET', key(id), 'k', ARGV[i + 1], 'p', ARGV[i + 2], 'r', priority, 't', '0', 'a', 0, 's', 'd')
      redis.call('ZADD', P .. 'delayed', now + delay, id)
    else
      local score = place(priority)
      redis.call('HSET', key(id), 'k', ARGV[i + 1], 'p', ARGV[i + 2], 'r', priority, 't', '0', 'a', 0, 's', 'w',
                 'q', score, 'w', now)
      redis.call('ZADD', P .. 'waiting', score, id)
      ready = ready + 1
    end
    added = added + 1
  end
end
if ready < added then ready = ready + 1 end  -- a waiter must learn of the new time to wake at
wake(ready)
return added
)lua";

constexpr char kAcquire[] = R"lua(
advance(500)
local micros = clock[1] * 1000000 + clock[2]
local out = {}
local popped = redis.call('ZPOPMIN', P .. 'waiting', ARGV[1])
for i = 1, #popped, 2 do
  local id = popped[i]
  local job = redis.call('HMGET', key(id), 'k', 'p', 'r', 't', 'a')
  if job[1] then
    local token = string.format('%.0f', math.max(micros, tonumber(job[4]) + 1))
    local attempt = tostring(tonumber(job[5]) + 1)
    redis.call('HSET', key(id), 's', 'a', 't', token, 'a', attempt)
    redis.call('ZADD', P .. 'active', now + tonumber(ARGV[2]), id)
    local n = #out
    out[n + 1], out[n + 2], out[n + 3], out[n + 4], out[n + 5], out[n + 6] = id, job[1], job[2], job[3], token, attempt
  end
end
if #out > 0 and redis.call('ZCARD', P .. 'waiting') > 0 then wake(1) end
return out
)lua";

constexpr char kRenew[] = R"lua(
local expiry = now + tonumber(ARGV[1])
local out = {}
for i = 2, #ARGV, 6 do
  local id, token = ARGV[i], ARGV[i + 1]
  local job = redis.call('HMGET', key(id), 's', 't', 'c', 'a')
  local state, answer = job[1], 'h'
  if not state then
    redis.call('HSET', key(id), 'k', ARGV[i + 2], 'p', ARGV[i + 3], 'r', ARGV[i + 4], 't', token, 'a', ARGV[i + 5],
               's', 'a', 'q', place(tonumber(ARGV[i + 4])), 'w', now)
  elseif state == 'x' or tonumber(job[2]) > tonumber(token) or (state == 'a' and job[2] ~= token) then
    answer = 'l'
  else
    if state ~= 'a' then
      redis.call('ZREM', P .. (state == 'w' and 'waiting' or 'delayed'), id)
      local attempt = math.max(tonumber(job[4]), tonumber(ARGV[i + 5]))
      redis.call('HSET', key(id), 's', 'a', 't', token, 'a', attempt)
      if redis.call('HEXISTS', key(id), 'q') == 0 then
        redis.call('HSET', key(id), 'q', place(tonumber(ARGV[i + 4])), 'w', now)
      end
    end
    if job[3] then answer = 'c' end
  end
  if answer ~= 'l' then redis.call('ZADD', P .. 'active', expiry, id) end
  out[#out + 1] = answer
end
return out
)lua";

constexpr char kComplete[] = R"lua(
local out = {}
for i = 1, #ARGV, 2 do
  local id = ARGV[i]
  local state = current(id, ARGV[i + 1])
  if state then
    redis.call('ZREM', P .. (state == 'a' and 'active' or 'waiting'), id)
    redis.call('DEL', key(id))
  end
  out[#out + 1] = state and 1 or 0
end
return out
)lua";

constexpr char kRetry[] = R"lua(
local state = current(ARGV[1], ARGV[2])
if not state then return 0 end
give_up(ARGV[1], state, ARGV[2], ARGV[4])
make_ready_after(ARGV[1], tonumber(redis.call('HGET', key(ARGV[1]), 'r')), tonumber(ARGV[3]))
return 1
)lua";

constexpr char kBury[] = R"lua(
local state = current(ARGV[1], ARGV[2])
if not state then return 0 end
give_up(ARGV[1], state, ARGV[2], ARGV[3])
redis.call('HSET', key(ARGV[1]), 's', 'x')
redis.call('ZADD', P .. 'dead', redis.call('INCR', P .. 'seq'), ARGV[1])
return 1
)lua";

constexpr char kDead[] = R"lua(
local out = {}
for _, id in ipairs(redis.call('ZRANGE', P .. 'dead', 0, tonumber(ARGV[1]) - 1)) do
  local job = redis.call('HMGET', key(id), 'k', 'p', 'r', 'e')
  if job[1] then
    local n = #out
    out[n + 1], out[n + 2], out[n + 3], out[n + 4], out[n + 5] = id, job[1], job[2], job[3], job[4] or ''
  end
end
return out
)lua";

constexpr char kRequeue[] = R"lua(
local job = redis.call('HMGET', key(ARGV[1]), 's', 'r')
if job[1] ~= 'x' then return 0 end
redis.call('ZREM', P .. 'dead', ARGV[1])
make_ready_after(ARGV[1], tonumber(job[2]), 0)
return 1
)lua";

constexpr char kCancel[] = R"lua(
local id = ARGV[1]
local state = redis.call('HGET', key(id), 's')
if not state then return 'u' end
if state == 'a' then
  redis.call('HSET', key(id), 'c', '1')
  return 's'
end
local sets = {w = 'waiting', d = 'delayed', x = 'dead'}
redis.call('ZREM', P .. sets[state], id)
redis.call('DEL', key(id))
return 'r'
)lua";

constexpr char kMissing[] = R"lua(
local out = {}
for i, id in ipairs(ARGV) do
  if redis.call('EXISTS', key(id)) == 0 then out[#out + 1] = i - 1 end
end
return out
)lua";

constexpr char kRecover[] = R"lua(
local expired, due = advance(tonumber(ARGV[1]))
wake(expired + due)
return {expired, due}
)lua";

constexpr char kStats[] = R"lua(
local oldest = now
local waiting = redis.call('ZCARD', P .. 'waiting')
if waiting > 0 then
  for priority = -9, 9 do
    local from = (9 - priority) * SPAN
    local head = redis.call('ZRANGEBYSCORE', P .. 'waiting', from, '(' .. string.format('%.0f', from + SPAN),
                            'LIMIT', 0, 1)
    if head[1] then oldest = math.min(oldest, tonumber(redis.call('HGET', key(head[1]), 'w') or now)) end
  end
end
return {waiting, redis.call('ZCARD', P .. 'delayed'), redis.call('ZCARD', P .. 'active'),
        redis.call('ZCARD', P .. 'dead'), now - oldest}
)lua";

constexpr char kPeek[] = R"lua(
local due
for _, set in ipairs({'delayed', 'active'}) do
  local first = redis.call('ZRANGE', P .. set, 0, 0, 'WITHSCORES')
  if first[2] and (not due or tonumber(first[2]) < due) then due = tonumber(first[2]) end
end
return {redis.call('ZCARD', P .. 'waiting'), due and math.max(0, due - now) or -1}
)lua";

std::string Whole(const char* body) { return std::string(kPrelude) + body; }

}  // namespace

RedisScripts::RedisScripts()
    : enqueue(Whole(kEnqueue)),
      acquire(Whole(kAcquire)),
      renew(Whole(kRenew)),
      complete(Whole(kComplete)),
      retry(Whole(kRetry)),
      bury(Whole(kBury)),
      dead(Whole(kDead)),
      requeue(Whole(kRequeue)),
      cancel(Whole(kCancel)),
      missing(Whole(kMissing)),
      recover(Whole(kRecover)),
      stats(Whole(kStats)),
      peek(Whole(kPeek)) {}

}  // namespace plumbline::jobs
