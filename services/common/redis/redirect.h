#ifndef PLUMBLINE_COMMON_REDIS_REDIRECT_H_
#define PLUMBLINE_COMMON_REDIS_REDIRECT_H_

#include <optional>
#include <string_view>

#include "common/redis/options.h"

namespace plumbline::redis {

constexpr int kClusterSlots = 16384;

// The slot of a key, as Redis Cluster counts it: CRC-16 (polynomial 0x1021, start 0) modulo kClusterSlots, over what
// stands between the first { and the next } where that is not empty, else over the whole key.
int KeySlot(std::string_view key);

// A node of a cluster says that another one serves a slot.
struct Redirect {
  bool asking = false;  // ASK: for this one command, while the slot is being moved. Else MOVED: from now on
  int slot = 0;
  Endpoint to;  // host empty: the node does not know; it is the host that the answer came from
};

// Reads the text of an error answer: "MOVED <slot> <host>:<port>" or "ASK ...", where the host may be empty or an IPv6
// address without brackets. nullopt for anything else, also for a node without a known address ("?").
std::optional<Redirect> ParseRedirect(std::string_view text);

}  // namespace plumbline::redis

#endif  // PLUMBLINE_COMMON_REDIS_REDIRECT_H_
