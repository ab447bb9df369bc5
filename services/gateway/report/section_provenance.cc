#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gateway/report/html.h"
#include "gateway/report/sections.h"
#include "gateway/report/text.h"

namespace plumbline::gateway::report {
namespace {

// Names of the inputs; a long row of one collection, such as 48 transcripts, is folded behind its count.
std::string Inputs(const common::v1::Provenance& provenance) {
  constexpr size_t kFolded = 6;
  std::vector<std::pair<std::string, std::vector<std::string>>> collections;  // in order of first appearance
  for (const std::string& input : provenance.inputs()) {
    const std::string collection = input.substr(0, input.find('/'));
    if (collections.empty() || collections.back().first != collection) collections.push_back({collection, {}});
    collections.back().second.push_back(Escape(input));
  }
  std::string out, folded;
  for (const auto& [collection, names] : collections) {
    if (names.size() < kFolded) {
      absl::StrAppend(&out, out.empty() ? "" : ", ", absl::StrJoin(names, ", "));
    } else {
      absl::StrAppend(&folded, "<details><summary>", names.size(), " ", Escape(collection), "</summary>",
                      absl::StrJoin(names, ", "), "</details>");
    }
  }
  return out + folded;
}

void Row(Table& table, const std::string& what, const common::v1::Provenance& provenance) {
  table.Row({Escape(what), Escape(provenance.method()), Escape(provenance.software_version()),
             provenance.has_seed() ? absl::StrCat(provenance.seed()) : "none", Inputs(provenance),
             Escape(provenance.rounding())});
}

}  // namespace

std::string ProvenanceSection(const v1::Report& report) {
  Table table("Methods, versions, inputs and seeds", {"Figures", "Method", "Version", "#Seed", "Inputs", "Rounding"});
  Row(table, "Report", report.provenance());
  if (report.has_fidelity()) Row(table, "Fidelity", report.fidelity().results().provenance());
  for (const auto& section : report.instruments()) Row(table, section.title(), section.summary().provenance());
  if (report.has_session_costs()) Row(table, "Length and cost of sessions", report.session_costs().provenance());
  if (report.has_training_cost()) Row(table, "Cost of training", report.training_cost().provenance());
  for (const auto& estimate : report.impact().estimates()) {
    Row(table, absl::StrCat("Impact: ", estimate.outcome()), estimate.provenance());
  }
  return absl::StrCat(
      "<section id=\"provenance\"><h2>Where the figures come from</h2>\n", table.Finish(), "<footer><p>",
      Escape(report.name()), " &middot; made ", TimeText(report.create_time()), " by Plumbline ",
      Escape(report.provenance().software_version()),
      ". This page holds everything it shows and loads nothing. Every figure is in the CSV and JSON forms of "
      "the same report.</p></footer></section>\n");
}

}  // namespace plumbline::gateway::report
