#include "coding/domain/pseudonym_typed.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/answer_cells.h"
#include "coding/domain/codes.h"
#include "coding/domain/pseudonym.h"
#include "common/base/csv.h"

namespace plumbline::coding {
namespace {

// Columns of a table of codes that hold no words: whose code it is, and the answers (answer_cells.h).
bool HoldsNoWords(std::string_view column) {
  for (const char* name : {"session", "turn", "number", "coder", "item", "position", "version", "outcomes_focused",
                           "nominated", "present", "category"}) {
    if (column == name) return true;
  }
  return column.starts_with("rating:");
}

}  // namespace

std::string HideInReason(const std::string& reason) {
  if (reason.empty() || reason.size() > kMaxStoredReasonBytes) return reason;
  const Findings findings = FindIdentifiers({{"", false, reason, false}}, IdentityList());
  return ReplaceMentions(reason, findings.texts[0], findings.entities, LocalNumbers(findings));
}

void HideInPairs(std::vector<SessionPairs>& pairs) {
  for (SessionPairs& session : pairs) {
    std::vector<Utterance> texts;
    for (const TextPair& pair : session.pairs) {
      for (const std::string* text : {&pair.first, &pair.second}) texts.push_back({"", false, *text, false});
    }
    const Findings findings = FindIdentifiers(texts, IdentityList());
    const std::vector<int64_t> numbers = LocalNumbers(findings);
    size_t at = 0;
    for (TextPair& pair : session.pairs) {
      for (std::string* text : {&pair.first, &pair.second}) {
        *text = ReplaceMentions(*text, findings.texts[at++], findings.entities, numbers);
      }
    }
  }
}

CleanCodes CleanCodesTable(const std::string& csv) {
  const auto table = CsvTable::Parse(csv);
  if (!table.ok()) return {csv, ""};  // whoever reads it says what is wrong, and nothing is stored
  CleanCodes out;
  const auto append = [&](const std::string& clean, const std::string& digested) {
    AppendRawCsvCell(out.csv, clean);
    out.csv += ',';
    AppendRawCsvCell(out.digested, digested);
    out.digested += ',';
  };
  const auto end_row = [&] { out.csv.back() = out.digested.back() = '\n'; };
  const std::vector<std::string>& header = table->header();
  for (const std::string& name : header) append(name, name);
  end_row();
  bool changed = false;
  for (size_t row = 0; row < table->rows(); ++row) {
    for (size_t c = 0; c < header.size(); ++c) {
      const std::string& cell = table->CellAt(row, c);
      if (header[c] == kSkipReasonColumn) {
        const std::string clean = HideInReason(cell);
        changed = changed || clean != cell;
        append(clean, clean);
      } else {
        append(cell, HoldsNoWords(header[c]) ? cell : absl::StrCat(cell.size()));
      }
    }
    end_row();
  }
  if (!changed) out.csv = csv;
  return out;
}

}  // namespace plumbline::coding
