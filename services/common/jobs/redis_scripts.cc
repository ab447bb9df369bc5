#include "common/jobs/redis_scripts.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/jobs/queue.h"

namespace plumbline::jobs {
namespace {

// Flags of a script: what adds jobs is refused when Redis is at its memory limit, what takes work off must go on then.
constexpr char kAdds[] = "#!lua\n";
constexpr char kWorks[] = "#!lua flags=allow-oom\n";
constexpr char kReads[] = "#!lua flags=no-writes\n";

// A job's record: state (w waiting, d delayed, a active), flags (1 cancel requested, 2 has a payload), token, attempts,
// ready since (ms; of a delayed job: when it is due), place; then the tail: length of the kind, kind, reason of the
// last retry. Little-endian; without padding.
//
// Time is that of Redis. A place is (9 - priority) * 2^44 + sequence: below 2^53, so exact as a score, with room for
// 2^44 jobs. A token is the time in microseconds or one more than the last, whichever is larger, so tokens of one job
// grow even when Redis forgot the job in between.
constexpr char kRecord[] = R"lua(
local JOBS, PAYLOADS, WAITING, DELAYED, ACTIVE, SEQ, WAKE = unpack(KEYS)
local call, byte, sub = redis.call, string.byte, string.sub
local SPAN = 17592186044416
local HEAD, HEAD_SIZE = '<c1BI7I4I6I7', 26

-- state, flags, token, attempts, since, place; nil of a record that is missing or damaged.
local function read(raw)
  if not raw or #raw < HEAD_SIZE + 2 or #raw < HEAD_SIZE + 1 + byte(raw, HEAD_SIZE + 1) then return nil end
  local first = sub(raw, 1, 1)
  if first ~= 'w' and first ~= 'd' and first ~= 'a' then return nil end
  return struct.unpack(HEAD, raw)
end
local function write(state, flags, token, attempts, since, place, tail)
  return struct.pack(HEAD, state, flags, token, attempts, since, place) .. tail
end
local function tail_of(raw) return sub(raw, HEAD_SIZE + 1) end
-- A score that many members share is made a string once: Redis would do it for each.
local function score(number) return string.format('%.0f', number) end
-- Every n-th argument.
local function every(n, from)
  local out, k = {}, 0
  for i = from, #ARGV, n do
    k = k + 1
    out[k] = ARGV[i]
  end
  return out
end
)lua";

constexpr char kTime[] = R"lua(
local clock = call('TIME')
local micros = clock[1] * 1000000 + clock[2]
local now = math.floor(micros / 1000)
)lua";

constexpr char kWaking[] = R"lua(
local function wake(n)
  n = math.min(n, 32 - call('LLEN', WAKE))
  if n <= 0 then return end
  local marks = {}
  for i = 1, n do marks[i] = '1' end
  call('LPUSH', WAKE, unpack(marks))
end
)lua";

// Due and expired jobs become waiting, at most `limit` of each. Returns how many leases had run out, and whether there
// may be more of either.
constexpr char kAdvance[] = R"lua(
local function advance(limit)
  local due = call('ZRANGEBYSCORE', DELAYED, '-inf', now, 'LIMIT', 0, limit)
  local expired = call('ZRANGEBYSCORE', ACTIVE, '-inf', now, 'LIMIT', 0, limit)
  local records, places, ended = {}, {}, 0
  local function ready(id, record, place)
    records[#records + 1], records[#records + 2] = id, record
    places[#places + 1], places[#places + 2] = place, id
  end
  if #due > 0 then
    call('ZREM', DELAYED, unpack(due))
    local seq = call('INCRBY', SEQ, #due) - #due
    for i, raw in ipairs(call('HMGET', JOBS, unpack(due))) do
      local state, flags, token, attempts, since, place = read(raw)
      if state == 'd' then
        place = place - place % SPAN + seq + i
        ready(due[i], write('w', flags, token, attempts, since, place, tail_of(raw)), place)
      end
    end
  end
  if #expired > 0 then
    call('ZREM', ACTIVE, unpack(expired))
    for i, raw in ipairs(call('HMGET', JOBS, unpack(expired))) do
      local state, _, _, _, _, place = read(raw)
      if state == 'a' then
        ready(expired[i], 'w' .. sub(raw, 2), place)
        ended = ended + 1
      end
    end
  end
  if #records > 0 then
    call('HSET', JOBS, unpack(records))
    call('ZADD', WAITING, unpack(places))
  end
  return ended, #due == limit or #expired == limit, #records / 2
end
)lua";

constexpr char kEnqueue[] = R"lua(
local ids, n, i = {}, 0, 3
while i <= #ARGV do
  local step, count = ARGV[i + 3] == '1' and 2 or 1, tonumber(ARGV[i + 4])
  for at = i + 5, i + 4 + count * step, step do
    n = n + 1
    ids[n] = ARGV[at]
  end
  i = i + 5 + count * step
end
local known, unknown, new = call('HMGET', JOBS, unpack(ids)), {}, 0
for k = 1, n do
  if not known[k] and not unknown[ids[k]] then
    unknown[ids[k]] = true
    new = new + 1
  end
end
if new == 0 then return {0} end
local size = call('HLEN', JOBS)
if size + new > tonumber(ARGV[1]) or ARGV[2] == '1' then return {-1, size, new} end
local seq = call('INCRBY', SEQ, new) - new
local records, r, waiting, w, delayed, d, payloads, p = {}, 0, {}, 0, {}, 0, {}, 0
i = 3
while i <= #ARGV do
  local kind, delay, count = ARGV[i], tonumber(ARGV[i + 2]), tonumber(ARGV[i + 4])
  local step = ARGV[i + 3] == '1' and 2 or 1
  local base, due = (9 - tonumber(ARGV[i + 1])) * SPAN, now + delay
  local head = struct.pack('<c1BI7I4I6', delay > 0 and 'd' or 'w', step == 2 and 2 or 0, 0, 0, due)
  local tail, due_score = string.char(#kind) .. kind, score(due)
  for at = i + 5, i + 4 + count * step, step do
    local id = ARGV[at]
    if unknown[id] then
      unknown[id] = nil
      local place = base
      if delay > 0 then
        delayed[d + 1], delayed[d + 2] = due_score, id
        d = d + 2
      else
        seq = seq + 1
        place = base + seq
        waiting[w + 1], waiting[w + 2] = place, id
        w = w + 2
      end
      records[r + 1], records[r + 2] = id, head .. struct.pack('<I7', place) .. tail
      r = r + 2
      if step == 2 then
        payloads[p + 1], payloads[p + 2] = id, ARGV[at + 1]
        p = p + 2
      end
    end
  end
  i = i + 5 + count * step
end
call('HSET', JOBS, unpack(records))
if p > 0 then call('HSET', PAYLOADS, unpack(payloads)) end
if w > 0 then call('ZADD', WAITING, unpack(waiting)) end
if d > 0 then call('ZADD', DELAYED, unpack(delayed)) end
wake(w / 2 + (d > 0 and 1 or 0))  -- a waiter must learn of the new time to wake at
return {new}
)lua";

constexpr char kAcquire[] = R"lua(
advance(500)
local max, limit = tonumber(ARGV[1]), tonumber(ARGV[3])
if limit > 0 then max = math.min(max, limit - call('ZCARD', ACTIVE)) end
if max <= 0 then return {{}, {}} end
local popped = call('ZPOPMIN', WAITING, max)
local ids, n = {}, 0
for i = 1, #popped, 2 do
  n = n + 1
  ids[n] = popped[i]
end
if n == 0 then return {{}, {}} end
local expiry = score(now + tonumber(ARGV[2]))
local records, r, active, with_payload = {}, 0, {}, {}
for i, raw in ipairs(call('HMGET', JOBS, unpack(ids))) do
  local state, flags, token, attempts, since, place = read(raw)
  if state == 'w' then
    local id = ids[i]
    if token >= micros then token = token + 1 else token = micros end
    active[r + 1], active[r + 2] = expiry, id
    records[r + 1], records[r + 2] = id, write('a', flags, token, attempts + 1, since, place, tail_of(raw))
    r = r + 2
    if flags >= 2 then with_payload[#with_payload + 1] = id end
  end
end
if r == 0 then return {{}, {}} end
call('HSET', JOBS, unpack(records))
call('ZADD', ACTIVE, unpack(active))
if n == max and (limit == 0 or call('ZCARD', ACTIVE) < limit) and call('ZCARD', WAITING) > 0 then wake(1) end
return {records, #with_payload > 0 and call('HMGET', PAYLOADS, unpack(with_payload)) or {}}
)lua";

constexpr char kRenewing[] = R"lua(
local expiry = score(now + tonumber(ARGV[1]))
local active, changed = {}, {}  -- changed: records written by this script, in case a job is named twice

local function renew(id, token, attempt, raw)
  local state, flags, last, attempts, since, place = read(raw)
  if not state then return 'u' end
  if last > token or (state == 'a' and last ~= token) then return 'l' end
  if state ~= 'a' then
    call('ZREM', state == 'w' and WAITING or DELAYED, id)
    if state == 'd' then since, place = now, place - place % SPAN + call('INCR', SEQ) end
    changed[id] = write('a', flags, token, math.max(attempts, attempt), since, place, tail_of(raw))
    call('HSET', JOBS, id, changed[id])
  end
  active[#active + 1], active[#active + 2] = expiry, id
  return flags % 2 == 1 and 'c' or 'h'
end
)lua";

constexpr char kRenew[] = R"lua(
local ids, out = every(3, 2), {}
for i, raw in ipairs(call('HMGET', JOBS, unpack(ids))) do
  out[i] = renew(ids[i], tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1]), changed[ids[i]] or raw)
end
if #active > 0 then call('ZADD', ACTIVE, unpack(active)) end
return table.concat(out)
)lua";

constexpr char kRestore[] = R"lua(
local out = {}
for i = 2, #ARGV, 6 do
  local id, token, attempt, payload = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]), ARGV[i + 5]
  local answer = renew(id, token, attempt, call('HGET', JOBS, id))
  if answer == 'u' then
    local place = (9 - tonumber(ARGV[i + 4])) * SPAN + call('INCR', SEQ)
    local tail = string.char(#ARGV[i + 3]) .. ARGV[i + 3]
    call('HSET', JOBS, id, write('a', payload ~= '' and 2 or 0, token, attempt, now, place, tail))
    if payload ~= '' then call('HSET', PAYLOADS, id, payload) end
    active[#active + 1], active[#active + 2] = expiry, id
    answer = 'h'
  end
  out[#out + 1] = answer
end
if #active > 0 then call('ZADD', ACTIVE, unpack(active)) end
return table.concat(out)
)lua";

constexpr char kComplete[] = R"lua(
local ids, stale = every(2, 2), {}
local done, gone, active, waiting, payloads = {}, {}, {}, {}, {}
for i, raw in ipairs(call('HMGET', JOBS, unpack(ids))) do
  local id = ids[i]
  local state, flags, token = read(raw)
  if (state == 'a' or state == 'w') and token == tonumber(ARGV[2 * i + 1]) and not done[id] then
    done[id] = true
    gone[#gone + 1] = id
    if state == 'a' then active[#active + 1] = id else waiting[#waiting + 1] = id end
    if flags >= 2 then payloads[#payloads + 1] = id end
  else
    stale[#stale + 1] = i - 1
  end
end
if #gone > 0 then call('HDEL', JOBS, unpack(gone)) end
if #payloads > 0 then call('HDEL', PAYLOADS, unpack(payloads)) end
if #waiting > 0 then call('ZREM', WAITING, unpack(waiting)) end
if #active > 0 then
  call('ZREM', ACTIVE, unpack(active))
  if tonumber(ARGV[1]) > 0 then wake(math.min(#active, call('ZCARD', WAITING))) end  -- the limit has room again
end
return stale
)lua";

constexpr char kRetry[] = R"lua(
local id, delay = ARGV[1], tonumber(ARGV[3])
local raw = call('HGET', JOBS, id)
local state, flags, token, attempts, since, place = read(raw)
if (state ~= 'a' and state ~= 'w') or token ~= tonumber(ARGV[2]) then return 0 end
call('ZREM', state == 'a' and ACTIVE or WAITING, id)
local due, tail = now + delay, sub(raw, HEAD_SIZE + 1, HEAD_SIZE + 1 + byte(raw, HEAD_SIZE + 1)) .. ARGV[4]
place = place - place % SPAN
if delay == 0 then place = place + call('INCR', SEQ) end
-- One more than the token of the lease that is over: a late renewal must not take the job again.
call('HSET', JOBS, id, write(delay > 0 and 'd' or 'w', flags, token + 1, attempts, due, place, tail))
if delay > 0 then call('ZADD', DELAYED, due, id) else call('ZADD', WAITING, place, id) end
wake(1)  -- for a delayed job too: a waiter must learn of the new time to wake at
return 1
)lua";

constexpr char kCancel[] = R"lua(
local id = ARGV[1]
local raw = call('HGET', JOBS, id)
local state, flags = read(raw)
if not state then return 'u' end
if state == 'a' then
  if flags % 2 == 0 then call('HSET', JOBS, id, sub(raw, 1, 1) .. string.char(flags + 1) .. sub(raw, 3)) end
  return 's'
end
call('ZREM', state == 'w' and WAITING or DELAYED, id)
call('HDEL', JOBS, id)
call('HDEL', PAYLOADS, id)
return 'r'
)lua";

constexpr char kMissing[] = R"lua(
local out = {}
for i, raw in ipairs(call('HMGET', JOBS, unpack(ARGV))) do
  if not raw then out[#out + 1] = i - 1 end
end
return out
)lua";

constexpr char kList[] = R"lua(
local part = call('HSCAN', JOBS, ARGV[1], 'COUNT', 500)
local out = {part[1]}
for i = 1, #part[2], 2 do out[#out + 1] = part[2][i] end
return out
)lua";

constexpr char kRecover[] = R"lua(
local expired, more, ready = advance(tonumber(ARGV[1]))
if ready > 0 then wake(ready) end
return {expired, more and 1 or 0}
)lua";

constexpr char kStats[] = R"lua(
local oldest = now
local waiting = call('ZCARD', WAITING)
if waiting > 0 then
  for priority = -9, 9 do
    local from = (9 - priority) * SPAN
    local head = call('ZRANGEBYSCORE', WAITING, from, '(' .. score(from + SPAN), 'LIMIT', 0, 1)
    if head[1] then
      local _, _, _, _, since = read(call('HGET', JOBS, head[1]))
      oldest = math.min(oldest, since or now)
    end
  end
end
return {waiting, call('ZCARD', DELAYED), call('ZCARD', ACTIVE), now - oldest}
)lua";

constexpr char kPeek[] = R"lua(
local limit, next_change = tonumber(ARGV[1]), nil
local function change_at(set)
  local first = call('ZRANGE', set, 0, 0, 'WITHSCORES')[2]
  if first and (not next_change or tonumber(first) < next_change) then next_change = tonumber(first) end
end
local room, ready = limit == 0 or call('ZCARD', ACTIVE) < limit, 0
change_at(ACTIVE)
if room then
  change_at(DELAYED)
  if call('ZCARD', WAITING) > 0 then ready = 1 end
end
return {ready, next_change and math.max(0, next_change - now) or -1}
)lua";

std::string Finding(const char* name, const char* value) { return absl::StrCat("local ", name, " = '", value, "'\n"); }

// The audit's scripts each look at one part of one structure; what such a part says is compared with the rest of the
// queue in the same atomic step, so workers are never mistaken for damage.
constexpr char kAuditing[] = R"lua(
local repair = ARGV[2] == '1'
local out = {}
local function found(invariant, id, detail)
  out[#out + 1], out[#out + 2], out[#out + 3] = invariant, id, detail
end
)lua";

constexpr char kAuditJobs[] = R"lua(
local SETS = {w = WAITING, d = DELAYED, a = ACTIVE}
local part = call('HSCAN', JOBS, ARGV[1], 'COUNT', 500)
out[1] = part[1]
local by_state, records = {w = {}, d = {}, a = {}}, {}
local function forget(id, detail)
  found(JOB_UNREADABLE, id, detail)
  if not repair then return end
  for _, set in pairs(SETS) do call('ZREM', set, id) end
  call('HDEL', JOBS, id)
  call('HDEL', PAYLOADS, id)
end
for i = 1, #part[2], 2 do
  local id, raw = part[2][i], part[2][i + 1]
  local state, flags = read(raw)
  if not state then
    forget(id, 'its record is damaged')
  elseif flags >= 2 and call('HEXISTS', PAYLOADS, id) == 0 then
    forget(id, 'its payload is gone')
  else
    by_state[state][#by_state[state] + 1] = id
    records[id] = raw
  end
end
for state, ids in pairs(by_state) do
  local scores = #ids > 0 and call('ZMSCORE', SETS[state], unpack(ids)) or {}
  for i, id in ipairs(ids) do
    if not scores[i] then
      if state == 'a' then
        found(ACTIVE_WITHOUT_LEASE, id, 'its lease has no end')
      else
        found(JOB_WITHOUT_PLACE, id, state == 'w' and 'waiting, and not in the order' or 'delayed, and never due')
      end
      if repair then
        local _, _, _, _, since, place = read(records[id])
        if state == 'a' then call('HSET', JOBS, id, 'w' .. sub(records[id], 2)) end
        if state == 'd' then call('ZADD', DELAYED, since, id) else call('ZADD', WAITING, place, id) end
      end
    end
  end
end
return out
)lua";

constexpr char kAuditOrder[] = R"lua(
local set, expected = KEYS[tonumber(ARGV[3])], ARGV[4]
local part = call('ZSCAN', set, ARGV[1], 'COUNT', 500)
out[1] = part[1]
local ids = {}
for i = 1, #part[2], 2 do ids[#ids + 1] = part[2][i] end
for i, raw in ipairs(#ids > 0 and call('HMGET', JOBS, unpack(ids)) or {}) do
  local state = read(raw)
  if not raw then
    found(PLACE_WITHOUT_JOB, ids[i], 'nothing is known of it')
  elseif state and state ~= expected then
    found(JOB_IN_TWO_PLACES, ids[i], 'its state is ' .. state .. ', its place among ' .. expected)
  end
  if repair and (not raw or (state and state ~= expected)) then call('ZREM', set, ids[i]) end
end
return out
)lua";

// Payloads are large and HSCAN reads them, so few are looked at in one step.
constexpr char kAuditPayloads[] = R"lua(
local part = call('HSCAN', PAYLOADS, ARGV[1], 'COUNT', 10)
out[1] = part[1]
for i = 1, #part[2], 2 do
  local id = part[2][i]
  local raw = call('HGET', JOBS, id)
  local state, flags = read(raw)
  if not raw or (state and flags < 2) then
    found(PAYLOAD_WITHOUT_JOB, id, 'no job has it')
    if repair then call('HDEL', PAYLOADS, id) end
  end
end
return out
)lua";

std::string Auditing() {
  return absl::StrCat(Finding("JOB_WITHOUT_PLACE", kJobWithoutPlace), Finding("PLACE_WITHOUT_JOB", kPlaceWithoutJob),
                      Finding("ACTIVE_WITHOUT_LEASE", kActiveWithoutLease), Finding("JOB_UNREADABLE", kJobUnreadable),
                      Finding("JOB_IN_TWO_PLACES", kJobInTwoPlaces), Finding("PAYLOAD_WITHOUT_JOB", kPayloadWithoutJob),
                      kAuditing);
}

uint64_t LittleEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (size_t i = bytes.size(); i > 0; --i) value = value << 8 | static_cast<uint8_t>(bytes[i - 1]);
  return value;
}

}  // namespace

std::vector<std::string> QueueKeys(const std::string& queue_name) {
  std::vector<std::string> keys;
  for (const char* part : {"jobs", "payloads", "waiting", "delayed", "active", "seq", "wake"}) {
    keys.push_back(absl::StrCat("pl:{", queue_name, "}:", part));
  }
  return keys;
}

RedisScripts::RedisScripts()
    : enqueue(absl::StrCat(kAdds, kRecord, kTime, kWaking, kEnqueue)),
      acquire(absl::StrCat(kWorks, kRecord, kTime, kWaking, kAdvance, kAcquire)),
      renew(absl::StrCat(kWorks, kRecord, kTime, kRenewing, kRenew)),
      restore(absl::StrCat(kWorks, kRecord, kTime, kRenewing, kRestore)),
      complete(absl::StrCat(kWorks, kRecord, kWaking, kComplete)),
      retry(absl::StrCat(kWorks, kRecord, kTime, kWaking, kRetry)),
      cancel(absl::StrCat(kWorks, kRecord, kCancel)),
      missing(absl::StrCat(kReads, kRecord, kMissing)),
      list(absl::StrCat(kReads, kRecord, kList)),
      recover(absl::StrCat(kWorks, kRecord, kTime, kWaking, kAdvance, kRecover)),
      stats(absl::StrCat(kReads, kRecord, kTime, kStats)),
      peek(absl::StrCat(kReads, kRecord, kTime, kPeek)),
      audit_jobs(absl::StrCat(kWorks, kRecord, Auditing(), kAuditJobs)),
      audit_order(absl::StrCat(kWorks, kRecord, Auditing(), kAuditOrder)),
      audit_payloads(absl::StrCat(kWorks, kRecord, Auditing(), kAuditPayloads)) {}

std::optional<JobRecord> ReadJobRecord(std::string_view bytes) {
  constexpr size_t kHeadBytes = 26;
  constexpr uint64_t kSpan = uint64_t{1} << 44;
  if (bytes.size() < kHeadBytes + 2) return std::nullopt;
  const size_t kind_bytes = static_cast<uint8_t>(bytes[kHeadBytes]);
  if (bytes.size() < kHeadBytes + 1 + kind_bytes) return std::nullopt;
  JobRecord record;
  record.has_payload = (static_cast<uint8_t>(bytes[1]) & 2) != 0;
  record.token = static_cast<int64_t>(LittleEndian(bytes.substr(2, 7)));
  record.attempt = static_cast<int>(LittleEndian(bytes.substr(9, 4)));
  record.priority = Job::kMaxPriority - static_cast<int>(LittleEndian(bytes.substr(19, 7)) / kSpan);
  record.kind = std::string(bytes.substr(kHeadBytes + 1, kind_bytes));
  return record;
}

}  // namespace plumbline::jobs
