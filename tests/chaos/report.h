#ifndef PLUMBLINE_TESTS_CHAOS_REPORT_H_
#define PLUMBLINE_TESTS_CHAOS_REPORT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "tests/chaos/ledger.h"

namespace plumbline::chaos {

// The summary of one scenario: figures in the order they were added, and what was not as promised.
class Report {
 public:
  explicit Report(std::string scenario) : scenario_(std::move(scenario)) {}

  void Add(const std::string& name, const std::string& value);
  void Add(const std::string& name, int64_t value);
  void AddSeconds(const std::string& name, double seconds);
  void AddSpread(const std::string& name, const Spread& spread);

  void Violation(const std::string& what);
  // A violation unless `status` is OK.
  void Expect(const absl::Status& status);
  void ExpectZero(const std::string& name, int64_t count);  // adds the figure, too

  bool passed() const { return violations_.empty(); }
  // One line "chaos <scenario> name=value ... result=ok|violated", and one for each violation.
  std::string ToText() const;

 private:
  const std::string scenario_;
  std::vector<std::pair<std::string, std::string>> figures_;
  std::vector<std::string> violations_;
};

}  // namespace plumbline::chaos

#endif  // PLUMBLINE_TESTS_CHAOS_REPORT_H_
