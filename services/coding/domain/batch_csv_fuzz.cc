#include <cstdint>
#include <string_view>

#include "coding/domain/batch_csv.h"
#include "coding/domain/codes.h"

// What is read keeps the frame's rules, and written and read again says the same.
namespace plumbline::coding {
namespace {

Frame FrameOf(uint8_t which) {
  Frame frame;
  frame.id = "f";
  frame.version = 1;
  frame.kind = static_cast<FrameKind>(which % 7);
  frame.unit = DefaultUnit(frame.kind);
  if (frame.kind == FrameKind::kNumeric) {
    frame.number_min = -1.5;
    frame.number_max = 10;
  } else if (frame.kind != FrameKind::kBinary) {
    frame.entries = {{"1", "One", ""}, {"4a", "=Four", ""}, {"-", "Dash", ""}};
  }
  if (frame.kind == FrameKind::kRatedSkills) {
    frame.rating_min = 1;
    frame.rating_max = 5;
  }
  return frame;
}

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

void RoundTrip(const Frame& frame, const std::vector<BatchRow>& rows) {
  std::string table = BatchHeader(frame);
  for (const BatchRow& row : rows) {
    CoderItem item{row.item, 1, "=text", row.code};
    if (item.code) item.code->version = row.version;
    table += BatchLine(frame, item, table.size() < 100);
  }
  Violations violations;
  const auto again = ReadBatch(table, frame, {}, violations);
  Require(again.ok() && violations.empty() && again->size() == rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    Require((*again)[i].item == rows[i].item && (*again)[i].given == rows[i].code.has_value());
    if (rows[i].code) Require(SameAnswer(*(*again)[i].code, *rows[i].code) && (*again)[i].version == rows[i].version);
  }
}

}  // namespace
}  // namespace plumbline::coding

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace coding = plumbline::coding;
  if (size == 0) return 0;
  const coding::Frame frame = coding::FrameOf(data[0]);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  plumbline::Violations violations;
  const auto rows = coding::ReadBatch(text, frame, {}, violations);
  if (!rows.ok()) return 0;
  for (const coding::BatchRow& row : *rows) {
    if (!row.code) continue;
    const bool yes_no = frame.kind == coding::FrameKind::kNominatedList || frame.kind == coding::FrameKind::kBinary;
    const coding::HandedInCode handed_in{*row.code, yes_no && !coding::IsSkip(*row.code)};
    coding::Require(row.given && coding::CheckCode(frame, handed_in).empty());
  }
  if (violations.empty() && !rows->empty()) coding::RoundTrip(frame, *rows);
  return 0;
}
