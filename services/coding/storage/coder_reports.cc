#include "coding/storage/coder_reports.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

constexpr int kSessionsPerPage = 200;
constexpr int kRepeatsPerPage = 5000;

}  // namespace

absl::StatusOr<TrainingReport> ReportTraining(CodingReader& reader, const FrameCatalog& frames, const Study& study) {
  if (study.purpose != StudyPurpose::kTraining) {
    return InvalidField("name", absl::StrCat("studies/", study.id), "must be a training study");
  }
  ASSIGN_OR_RETURN(const Frame frame, frames.Find(reader, study.frame_id, study.frame_version));
  ASSIGN_OR_RETURN(const std::vector<GoldCode> gold, reader.ListGoldCodes(study.id));
  std::map<std::string, const Code*> by_item;
  for (const GoldCode& code : gold) by_item[code.item_id] = &code.code;
  std::vector<CoderCheck> checks(study.coders.size(), CoderCheck(frame));
  TrainingReport report;
  report.gold_count = static_cast<int>(gold.size());
  report.coders.resize(study.coders.size());
  for (int after = 0; after < study.session_count; after += kSessionsPerPage) {
    ASSIGN_OR_RETURN(const std::vector<CodedItem> items,
                     reader.ListCodedItems(study, after, after + kSessionsPerPage, /*texts=*/false));
    for (const CodedItem& item : items) {
      const auto expected = by_item.find(item.item.key.item_id);
      if (expected == by_item.end()) continue;
      for (const AssignedCode& assigned : item.codes) {
        if (assigned.coder == kAdjudicatorIndex) continue;
        const auto coder = static_cast<size_t>(assigned.coder);
        if (!assigned.code || !assigned.code->skip_reason.empty()) {
          ++report.coders[coder].missing;
        } else {
          checks[coder].Add(*expected->second, *assigned.code);
        }
      }
    }
  }
  for (size_t c = 0; c < study.coders.size(); ++c) {
    CoderTraining& coder = report.coders[c];
    coder.coder = study.coders[c];
    ASSIGN_OR_RETURN(coder.figures, checks[c].Figures());
    coder.passed = Passes(study.passing, coder.figures, coder.missing);
  }
  return report;
}

absl::StatusOr<std::vector<CoderDrift>> ReportDrift(CodingReader& reader, const FrameCatalog& frames,
                                                    const Study& study) {
  ASSIGN_OR_RETURN(const Frame frame, frames.Find(reader, study.frame_id, study.frame_version));
  std::vector<CoderCheck> checks(study.coders.size(), CoderCheck(frame));
  std::vector<CoderDrift> report(study.coders.size());
  std::string after;
  for (;;) {
    ASSIGN_OR_RETURN(const std::vector<RepeatedItem> page, reader.ListRepeatedItems(study, after, kRepeatsPerPage));
    for (const RepeatedItem& item : page) {
      const auto coder = static_cast<size_t>(item.coder);
      const bool both =
          item.first && item.second && item.first->skip_reason.empty() && item.second->skip_reason.empty();
      if (both) {
        checks[coder].Add(*item.first, *item.second);
      } else {
        ++report[coder].missing;
      }
    }
    if (static_cast<int>(page.size()) < kRepeatsPerPage) break;
    after = page.back().item_id;
  }
  for (size_t c = 0; c < study.coders.size(); ++c) {
    report[c].coder = study.coders[c];
    ASSIGN_OR_RETURN(report[c].figures, checks[c].Figures());
  }
  return report;
}

}  // namespace plumbline::coding
