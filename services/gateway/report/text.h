#ifndef PLUMBLINE_GATEWAY_REPORT_TEXT_H_
#define PLUMBLINE_GATEWAY_REPORT_TEXT_H_

#include <string>
#include <string_view>

#include "plumbline/gateway/v1/reports.pb.h"

// Words and figures for people. Nothing here depends on the locale, the time or the machine. Thread-safe.
namespace plumbline::gateway::report {

// For element content and quoted attributes: & < > " ' become entities, control characters a space.
std::string Escape(std::string_view text);

// Digits after the point as asked, thousands in groups, a true minus sign: Number(-1234.5, 1) is "−1,234.5".
std::string Number(double value, int decimals);
// As few decimals as tell `value` apart at four significant digits, at most 4: for figures of unknown size.
std::string Compact(double value);
// "£15.56", from ten thousand on "£188,300", from a million on "£11.67m".
std::string Pounds(double value);
// Decimals that a granularity prints with: 0.01 has 2, 100 has 0; `fallback` for 0.
int DecimalsOf(double granularity, int fallback);
// The shortest decimal text that reads back as the same double: for CSV.
std::string Exact(double value);

// The value, or "not defined" with the reason; both escaped and ready to stand in a page.
std::string Figure(const common::v1::Statistic& statistic, int decimals);
// "1.2 to 3.4", or "not defined".
std::string Interval(const common::v1::Estimate& estimate, int decimals);
// "= 0.032" or "< 0.001", or "not defined" with the reason.
std::string PValue(const common::v1::Statistic& statistic);
// Why a statistic has no value, to follow "not defined: "; empty where it has one.
std::string WhyUndefined(const common::v1::Statistic& statistic);
inline bool HasValue(const common::v1::Statistic& statistic) {
  return statistic.outcome_case() == common::v1::Statistic::kValue;
}

// The last part of a resource name: "unitCosts/supervisor" is "supervisor" (not escaped).
std::string IdOf(const std::string& name);
// A unit of a ledger for people: "GBP per hour" is "£ per hour" (not escaped).
std::string UnitText(const std::string& unit);

// An id as a title: "children-looked-after" is "Children looked after" (not escaped).
std::string Titled(const std::string& id);
// "3 sessions", "1 session".
std::string Count(int64_t n, const std::string& singular, const std::string& plural);
// "2026-03-05 14:07 UTC".
std::string TimeText(const google::protobuf::Timestamp& time);

// Titles of arms and waves for people (not escaped); the id where there is none.
std::string ArmTitle(const v1::Report& report, const std::string& arm);
std::string WaveTitle(const v1::Report& report, const std::string& wave);
// Place of an arm in the trial, which fixes its colour and marker; the number of arms for an unknown one.
int ArmIndex(const v1::Report& report, const std::string& arm);

}  // namespace plumbline::gateway::report

#endif  // PLUMBLINE_GATEWAY_REPORT_TEXT_H_
