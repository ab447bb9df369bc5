#ifndef PLUMBLINE_COMMON_JOBS_SIMULATION_TRACE_H_
#define PLUMBLINE_COMMON_JOBS_SIMULATION_TRACE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace plumbline::jobs::simulation {

// What happened in a simulated run, a line a step, when it is kept; its fingerprint in any case. Two runs of one seed
// have the same fingerprint.
class Trace {
 public:
  explicit Trace(bool keep) : keep_(keep) {}

  void Step(int64_t micros, uint64_t what) {
    fingerprint_ = (fingerprint_ ^ (static_cast<uint64_t>(micros) + what)) * kPrime;
  }

  // `parts` are put together only where the trace is kept: most runs are never read.
  template <typename... Parts>
  void Add(int64_t micros, const std::string& who, const Parts&... parts) {
    if (!keep_) return;
    lines_.push_back(
        absl::StrCat(absl::StrFormat("%12.6f  ", static_cast<double>(micros) * 1e-6), who, "  ", parts...));
  }

  bool keeps() const { return keep_; }
  const std::vector<std::string>& lines() const { return lines_; }
  uint64_t fingerprint() const { return fingerprint_; }

 private:
  static constexpr uint64_t kPrime = 0x100000001b3U;  // of FNV-1a
  const bool keep_;
  std::vector<std::string> lines_;
  uint64_t fingerprint_ = 0xcbf29ce484222325U;
};

}  // namespace plumbline::jobs::simulation

#endif  // PLUMBLINE_COMMON_JOBS_SIMULATION_TRACE_H_
