#include <utility>

#include "coding/storage/store.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {

absl::Status CodingWriter::InsertStudy(const Study& study, const StudyPlan& plan) {
  const size_t shown = plan.items.size() - plan.repeats;  // the repeats behind them are made from their originals
  Study stored = study;
  stored.item_count = static_cast<int>(shown);
  RETURN_IF_ERROR(AddStudy(stored));
  const auto end_of_shown = plan.items.begin() + static_cast<std::ptrdiff_t>(shown);
  RETURN_IF_ERROR(AddStudyItems(study.id, {plan.items.begin(), end_of_shown}));
  for (size_t coder = 0; coder < plan.orders.size(); ++coder) {
    std::vector<BatchItem> steps;
    steps.reserve(plan.orders[coder].size());
    for (const uint32_t i : plan.orders[coder]) steps.push_back({plan.items[i].key.item_id, plan.items[i].repeat_of});
    RETURN_IF_ERROR(AddBatch(study.id, study.coders[coder], 1, steps));
  }
  return absl::OkStatus();
}

}  // namespace plumbline::coding
