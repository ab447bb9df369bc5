#ifndef PLUMBLINE_GATEWAY_REPORT_SECTIONS_H_
#define PLUMBLINE_GATEWAY_REPORT_SECTIONS_H_

#include <string>

#include "plumbline/gateway/v1/reports.pb.h"

// The sections of the page, each in a file of its own. Each returns "" when the report does not ask for it; a section
// that was asked for and could not be made says so. All texts of the report are escaped.
namespace plumbline::gateway::report {

std::string SummarySection(const v1::Report& report);      // title, key figures, what is missing, contents
std::string FlowSection(const v1::Report& report);         // members by arm
std::string FidelitySection(const v1::Report& report);     // box plot by arm, agreement, every session
std::string InstrumentsSection(const v1::Report& report);  // each score by arm and wave
std::string CostsSection(const v1::Report& report);        // sessions and training
std::string ImpactSection(const v1::Report& report);       // difference-in-differences
std::string BenefitsSection(const v1::Report& report);     // where the benefit comes from
std::string LedgersSection(const v1::Report& report);      // printed figures against recomputed ones
std::string ProvenanceSection(const v1::Report& report);   // inputs, versions, seeds

// One ledger: figures that need attention, the printed figures, then inputs. `id` is unique in the page.
std::string LedgerTables(const economics::v1::Ledger& ledger, const std::string& id);
const char* VerdictWords(economics::v1::Verdict verdict);  // "reproduced", "does not follow" and so on

}  // namespace plumbline::gateway::report

#endif  // PLUMBLINE_GATEWAY_REPORT_SECTIONS_H_
