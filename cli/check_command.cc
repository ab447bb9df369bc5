// check: ledger files, recomputed by the economics service.

#include <algorithm>
#include <iostream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/api.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "common/base/error.h"
#include "plumbline/economics/v1/ledger.pb.h"

namespace plumbline::cli {
namespace {

namespace v1 = economics::v1;

const char* Words(v1::Verdict verdict) {
  switch (verdict) {
    case v1::VERDICT_REPRODUCED:
      return "reproduced";
    case v1::VERDICT_ROUNDING_ONLY:
      return "rounding only";
    case v1::VERDICT_DOES_NOT_FOLLOW:
      return "DOES NOT FOLLOW";
    case v1::VERDICT_NOT_RECOMPUTABLE:
      return "not recomputable";
    default:
      return "not printed";
  }
}

// As many decimals as the figure was printed with.
int Decimals(double granularity) {
  int decimals = 0;
  for (double step = granularity; step > 0 && step < 0.999999 && decimals < 6; step *= 10) ++decimals;
  return decimals;
}

std::string Printed(const v1::LedgerFigure& figure) {
  return Money(figure.node().printed(), Decimals(figure.node().printed_granularity()));
}

// What the printed inputs give before the figure's own rounding, with one digit more than was printed.
std::string BeforeRounding(const v1::LedgerFigure& figure) {
  if (!figure.has_from_printed()) return "-";
  return Money(figure.from_printed(), std::max(0, Decimals(figure.node().printed_granularity() / 10)));
}

std::string Recomputed(const v1::LedgerFigure& figure) {
  if (!figure.has_rounded()) return "-";
  return Money(figure.rounded(), Decimals(figure.node().printed_granularity()));
}

void PrintForPeople(const v1::Ledger& ledger, bool flagged_only) {
  std::cout << ledger.title() << "\n";
  TextTable table({"printed", "recomputed", "before rounding", "verdict", "figure", "source"});
  int rows = 0;
  bool inherited = false;
  for (const v1::LedgerFigure& figure : ledger.figures()) {
    if (!figure.node().has_printed()) continue;
    if (flagged_only && figure.verdict() != v1::VERDICT_DOES_NOT_FOLLOW) continue;
    std::string verdict = Words(figure.verdict());
    if (figure.inherits_flag()) verdict += " *";
    inherited = inherited || figure.inherits_flag();
    table.Add({Printed(figure), Recomputed(figure), BeforeRounding(figure), verdict, figure.node().label(),
               figure.node().source()});
    ++rows;
  }
  if (rows > 0) std::cout << table.ToString();
  const v1::LedgerSummary& summary = ledger.summary();
  std::cout << absl::StrCat("  ", summary.reproduced(), " reproduced, ", summary.rounding_only(), " rounding only, ",
                            summary.does_not_follow(), " do not follow from their own inputs, ",
                            summary.not_recomputable(), " printed without inputs\n");
  for (const v1::LedgerFigure& figure : ledger.figures()) {
    if (figure.verdict() == v1::VERDICT_DOES_NOT_FOLLOW) {
      std::cout << "  ! " << figure.node().label() << " (" << figure.node().source() << "): " << figure.explanation()
                << (figure.node().note().empty() ? "" : " " + figure.node().note()) << "\n";
    }
  }
  if (inherited) std::cout << "  * rests on a figure that does not follow\n";
  std::cout << "\n";
}

absl::Status CheckFile(Api& api, const Session& session, const std::string& path, bool flagged_only) {
  ASSIGN_OR_RETURN(const std::string json, ReadFile(path));
  v1::EvaluateLedgerRequest request;
  if (const absl::Status parsed = ParseJson(json, *request.mutable_ledger()); !parsed.ok()) {
    return InvalidField(path, "", std::string(parsed.message()));
  }
  ASSIGN_OR_RETURN(
      const v1::EvaluateLedgerResponse response,
      api.Call<v1::EvaluateLedgerResponse>("plumbline.economics.v1.LedgerService/EvaluateLedger", request));
  if (!session.json) {
    PrintForPeople(response.ledger(), flagged_only);
    return absl::OkStatus();
  }
  for (const v1::LedgerFigure& figure : response.ledger().figures()) {
    if (flagged_only && figure.verdict() != v1::VERDICT_DOES_NOT_FOLLOW) continue;
    std::cout << ToJson(figure, false) << "\n";
  }
  return absl::OkStatus();
}

absl::Status CheckAll(const Session& session, const std::vector<std::string>& files, bool flagged_only) {
  ASSIGN_OR_RETURN(const auto connection, Connection::Open(session.target));
  Api api(connection->channel(), session.call);
  for (const std::string& file : files) RETURN_IF_ERROR(CheckFile(api, session, file, flagged_only));
  return absl::OkStatus();
}

}  // namespace

int Check(const Session& session, const std::vector<std::string>& files, bool flagged_only) {
  return Finish(session, CheckAll(session, files, flagged_only));
}

}  // namespace plumbline::cli
