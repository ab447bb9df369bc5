#ifndef PLUMBLINE_COMMON_BASE_IDS_H_
#define PLUMBLINE_COMMON_BASE_IDS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/synchronization/mutex.h"

namespace plumbline {

// Makes identifiers. Implementations are thread-safe.
class IdGenerator {
 public:
  virtual ~IdGenerator() = default;
  // 26 characters of [a-z2-7] starting with a letter: 128 random bits. An id says nothing of time, order or origin, so
  // that it can be shown to a blinded coder.
  virtual std::string NewId() = 0;
};

// Ids from the operating system's random source. The returned object lives for the whole process.
IdGenerator& SystemIds();

// The same ids in the same order for the same seed: for tests and for reproducible synthetic data only.
class SeededIds : public IdGenerator {
 public:
  explicit SeededIds(uint64_t seed) : state_(seed) {}
  std::string NewId() override;

 private:
  absl::Mutex mutex_;
  uint64_t state_ ABSL_GUARDED_BY(mutex_);
};

// True for 1 to 63 characters of [a-z0-9-], starting with a letter and not ending with "-" (AIP-122).
// Callers may choose such ids for the resources they create.
bool IsValidResourceId(std::string_view id);
inline constexpr char kResourceIdRule[] =
    "must be 1 to 63 characters of a-z, 0-9 and -, start with a letter and not end with -";

}  // namespace plumbline

#endif  // PLUMBLINE_COMMON_BASE_IDS_H_
