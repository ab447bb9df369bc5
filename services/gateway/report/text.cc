#include "gateway/report/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"

namespace plumbline::gateway::report {
namespace {

constexpr char kMinus[] = "\xe2\x88\x92";  // U+2212

std::string WithThousands(const std::string& digits) {
  const size_t point = std::min(digits.find('.'), digits.size());
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i < point && (point - i) % 3 == 0) out.push_back(',');
    out.push_back(digits[i]);
  }
  return out;
}

}  // namespace

std::string Escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? (c == '\n' ? '\n' : ' ') : c);
    }
  }
  return out;
}

std::string Number(double value, int decimals) {
  if (!std::isfinite(value)) return "not a number";
  std::string digits = absl::StrFormat("%.*f", std::clamp(decimals, 0, 12), std::fabs(value));
  const bool zero = digits.find_first_not_of("0.") == std::string::npos;
  return (std::signbit(value) && !zero ? kMinus : "") + WithThousands(digits);
}

std::string Compact(double value) {
  if (value == 0 || !std::isfinite(value)) return Number(value, 0);
  const int magnitude = static_cast<int>(std::floor(std::log10(std::fabs(value))));
  std::string text = Number(value, std::clamp(3 - magnitude, 0, 4));
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string Pounds(double value) {
  const std::string sign = value < 0 ? kMinus : "";
  const double amount = std::fabs(value);
  if (amount >= 999'500) return absl::StrCat(sign, "£", Number(amount / 1e6, 2), "m");
  return absl::StrCat(sign, "£", Number(amount, amount >= 10'000 ? 0 : 2));
}

int DecimalsOf(double granularity, int fallback) {
  if (!(granularity > 0) || !std::isfinite(granularity)) return fallback;
  int decimals = 0;
  double step = granularity;
  while (decimals < 9 && std::fabs(step - std::round(step)) > 1e-9 * std::max(1.0, step)) {
    step *= 10;
    ++decimals;
  }
  return decimals;
}

std::string Exact(double value) {
  char buffer[64];
  const double size = std::fabs(value);
  const bool plain = size == 0 || (size >= 1e-5 && size < 1e15);
  const auto end = plain ? std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed)
                         : std::to_chars(buffer, buffer + sizeof buffer, value);
  return std::string(buffer, end.ptr);
}

std::string WhyUndefined(const common::v1::Statistic& statistic) {
  if (HasValue(statistic)) return "";
  if (!statistic.undefined().explanation().empty()) {
    // Services explain with a whole phrase, "undefined: too few values"; the page says "not defined" itself.
    std::string_view why = statistic.undefined().explanation();
    for (const std::string_view start : {"undefined: ", "undefined for "}) {
      if (why.substr(0, start.size()) == start) why.remove_prefix(start.size());
    }
    return std::string(why);
  }
  switch (statistic.undefined().reason()) {
    case common::v1::UNDEFINED_REASON_NO_DATA:
      return "there is no data";
    case common::v1::UNDEFINED_REASON_TOO_FEW:
      return "there are too few values";
    case common::v1::UNDEFINED_REASON_NO_VARIATION:
      return "every value is the same";
    case common::v1::UNDEFINED_REASON_ZERO_DENOMINATOR:
      return "it would divide by zero";
    default:
      return "it was not computed";
  }
}

std::string Figure(const common::v1::Statistic& statistic, int decimals) {
  if (HasValue(statistic)) return Number(statistic.value(), decimals);
  return absl::StrCat("<span class=\"undefined\">not defined: ", Escape(WhyUndefined(statistic)), "</span>");
}

std::string IdOf(const std::string& name) {
  const size_t slash = name.rfind('/');
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

std::string UnitText(const std::string& unit) {
  return unit.rfind("GBP", 0) == 0 && (unit.size() == 3 || unit[3] == ' ') ? "£" + unit.substr(3) : unit;
}

std::string Interval(const common::v1::Estimate& estimate, int decimals) {
  if (!estimate.has_lower() || !estimate.has_upper()) return "<span class=\"undefined\">not defined</span>";
  return absl::StrCat(Number(estimate.lower(), decimals), " to ", Number(estimate.upper(), decimals));
}

std::string PValue(const common::v1::Statistic& statistic) {
  if (!HasValue(statistic)) return Figure(statistic, 3);
  return statistic.value() < 0.0005 ? "&lt; 0.001" : absl::StrCat("= ", Number(statistic.value(), 3));
}

std::string Titled(const std::string& id) {
  std::string title = id;
  std::replace(title.begin(), title.end(), '-', ' ');
  if (!title.empty() && title[0] >= 'a' && title[0] <= 'z') title[0] = static_cast<char>(title[0] - 'a' + 'A');
  return title;
}

std::string Count(int64_t n, const std::string& singular, const std::string& plural) {
  return absl::StrCat(Number(static_cast<double>(n), 0), " ", n == 1 ? singular : plural);
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::FromUnixSeconds(time.seconds()), absl::UTCTimeZone());
}

std::string ArmTitle(const v1::Report& report, const std::string& arm) {
  for (const v1::Arm& candidate : report.trial().arms()) {
    if (candidate.id() == arm && !candidate.title().empty()) return candidate.title();
  }
  return arm;
}

std::string WaveTitle(const v1::Report& report, const std::string& wave) {
  for (const v1::Wave& candidate : report.trial().waves()) {
    if (candidate.id() == wave && !candidate.title().empty()) return candidate.title();
  }
  return wave;
}

int ArmIndex(const v1::Report& report, const std::string& arm) {
  for (int i = 0; i < report.trial().arms_size(); ++i) {
    if (report.trial().arms(i).id() == arm) return i;
  }
  return report.trial().arms_size();
}

}  // namespace plumbline::gateway::report
