#ifndef PLUMBLINE_CODING_STORAGE_CODER_REPORTS_H_
#define PLUMBLINE_CODING_STORAGE_CODER_REPORTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/coder_check.h"
#include "coding/storage/load_study.h"
#include "coding/storage/store.h"

// How reliable single coders are, read from the record: against gold answers, and against themselves.
namespace plumbline::coding {

struct CoderTraining {
  std::string coder;
  CheckFigures figures;
  int missing = 0;  // gold answers without one of the coder's
  bool passed = false;
};

struct TrainingReport {
  std::vector<CoderTraining> coders;  // in the order of the study
  int gold_count = 0;
};

// Of a training study; INVALID_ARGUMENT, field "name", for another. Gold answers for items that were not given to a
// coder do not count against that coder.
absl::StatusOr<TrainingReport> ReportTraining(CodingReader& reader, const FrameCatalog& frames, const Study& study);

struct CoderDrift {
  std::string coder;
  CheckFigures figures;
  int missing = 0;  // repeats without both looks
};

absl::StatusOr<std::vector<CoderDrift>> ReportDrift(CodingReader& reader, const FrameCatalog& frames,
                                                    const Study& study);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_CODER_REPORTS_H_
