#include "tests/chaos/report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace plumbline::chaos {

void Report::Add(const std::string& name, const std::string& value) { figures_.emplace_back(name, value); }

void Report::Add(const std::string& name, int64_t value) { Add(name, absl::StrCat(value)); }

void Report::AddSeconds(const std::string& name, double seconds) { Add(name, absl::StrFormat("%.2fs", seconds)); }

void Report::AddSpread(const std::string& name, const Spread& spread) {
  Add(name, absl::StrFormat("%d:p50=%.3fs,p99=%.3fs,max=%.3fs", spread.count, spread.p50, spread.p99, spread.max));
}

void Report::Violation(const std::string& what) { violations_.push_back(what); }

void Report::Expect(const absl::Status& status) {
  if (!status.ok()) Violation(status.ToString());
}

void Report::ExpectZero(const std::string& name, int64_t count) {
  Add(name, count);
  if (count != 0) Violation(absl::StrCat(name, " must be 0 and is ", count));
}

std::string Report::ToText() const {
  std::string text = absl::StrCat("chaos ", scenario_);
  for (const auto& [name, value] : figures_) absl::StrAppend(&text, " ", name, "=", value);
  absl::StrAppend(&text, passed() ? " result=ok\n" : " result=violated\n");
  for (const std::string& violation : violations_) absl::StrAppend(&text, "  violated: ", violation, "\n");
  return text;
}

}  // namespace plumbline::chaos
