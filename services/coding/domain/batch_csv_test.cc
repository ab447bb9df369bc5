#include "coding/domain/batch_csv.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "coding/domain/codes.h"
#include "coding/domain/test_frames.h"
#include "coding/domain/test_violations.h"
#include "common/base/csv.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using ::testing::HasSubstr;

// Every answer to the frame, and an item without one.
std::vector<CoderItem> Items(const Frame& frame) {
  std::vector<CoderItem> items;
  for (const Code& code : TestAnswers(frame.kind)) {
    CoderItem item;
    item.item_id = absl::StrCat("item", items.size());
    item.position = static_cast<int>(items.size()) + 1;
    item.text = "=HYPERLINK(\"x\")\r\n+1, \"quoted\"";
    item.code = code;
    item.code->version = static_cast<int>(items.size()) + 1;
    items.push_back(std::move(item));
  }
  items.push_back({"unanswered", static_cast<int>(items.size()) + 1, "@what?", std::nullopt});
  return items;
}

std::string Table(const Frame& frame, const std::vector<CoderItem>& items) {
  std::string table = BatchHeader(frame);
  for (const CoderItem& item : items) table += BatchLine(frame, item, item.position == 1);
  return table;
}

// The plan for a table, where `items` are what is stored and a version below the newest said nothing special.
BatchPlan PlanFor(const Frame& frame, const std::string& table, const std::vector<CoderItem>& items,
                  const std::optional<Code>& older = std::nullopt) {
  Violations violations;
  const auto rows = ReadBatch(table, frame, {}, violations);
  EXPECT_TRUE(rows.ok()) << rows.status();
  BatchPlan plan(std::move(violations));
  for (const BatchRow& row : *rows) {
    const CoderItem* stored = nullptr;
    for (const CoderItem& item : items) {
      if (item.item_id == row.item) stored = &item;
    }
    if (stored == nullptr) {
      plan.AddUnknown(row);
    } else {
      const bool newest = stored->code && stored->code->version == row.version;
      plan.Add(row, stored->code, newest ? stored->code : (row.version > 0 ? older : std::nullopt));
    }
  }
  return plan;
}

TEST(BatchCsv, ComesBackUnchangedForEveryKind) {
  for (const FrameKind kind : AllKinds()) {
    const Frame frame = TestFrame(kind);
    const std::vector<CoderItem> items = Items(frame);
    const std::string table = Table(frame, items);
    // As a spreadsheet may give it back: byte order mark and CRLF line ends outside the quotes.
    const BatchPlan plan = PlanFor(frame, "\xEF\xBB\xBF" + table, items);
    EXPECT_TRUE(plan.ToStatus().ok()) << ToString(kind) << plan.ToStatus();
    EXPECT_TRUE(plan.answers().empty()) << ToString(kind);
    EXPECT_EQ(plan.unchanged(), items.size());
    EXPECT_EQ(Table(frame, items), table);
  }
}

TEST(BatchCsv, NoCellIsAFormula) {
  for (const FrameKind kind : AllKinds()) {
    const Frame frame = TestFrame(kind);
    const auto table = CsvTable::Parse(Table(frame, Items(frame)));
    ASSERT_TRUE(table.ok()) << table.status();
    for (size_t row = 0; row < table->rows(); ++row) {
      for (size_t column = 0; column < table->header().size(); ++column) {
        const std::string& cell = table->CellAt(row, column);
        double number = 0;
        if (cell.empty() || absl::SimpleAtod(cell, &number)) continue;
        EXPECT_EQ(std::string("=+-@\t\r").find(cell[0]), std::string::npos) << cell;
      }
    }
  }
}

TEST(BatchCsv, ShowsWhatTheUnitAndTheContextAsk) {
  Frame frame = TestFrame(FrameKind::kBinary);
  EXPECT_EQ(BatchHeader(frame), "item,position,text,choices,outcomes_focused,skip_reason,version\n");
  frame.context = FrameContext::kPreviousTurn;
  CoderItem item{"i", 3, "Why?", std::nullopt, "She left."};
  EXPECT_EQ(BatchHeader(frame) + BatchLine(frame, item, false),
            "item,position,text,context,choices,outcomes_focused,skip_reason,version\ni,3,Why?,She left.,,,,0\n");
  frame = TestFrame(FrameKind::kCategorical);
  frame.unit = FrameUnit::kPair;
  item = {"i", 1, "One goal", std::nullopt, "", "Another"};
  EXPECT_EQ(BatchHeader(frame) + BatchLine(frame, item, true),
            "item,position,text,second_text,choices,category,skip_reason,version\n"
            "i,1,One goal,Another,\"1 = One\n4a = =Four, \"\"a\"\"\n- = Dash\",,,0\n");
  frame = TestFrame(FrameKind::kNumeric);
  frame.unit = FrameUnit::kSession;
  item = {"i", 1, "", std::nullopt, "", "", {{1, "A", "Hello."}, {2, "B", "Hm."}, {3, "", "(noise)"}}};
  EXPECT_EQ(BatchHeader(frame) + BatchLine(frame, item, true),
            "item,position,text,choices,number,skip_reason,version\n"
            "i,1,\"A: Hello.\nB: Hm.\n: (noise)\",a number from -2.5 to 10,,,0\n");
}

TEST(BatchCsv, StoresWhatIsNewOrChangedOnly) {
  const Frame frame = TestFrame(FrameKind::kNominatedList);
  const std::vector<CoderItem> items = Items(frame);
  std::string table = Table(frame, {items[3], items[0], items[1]});
  table = absl::StrReplaceAll(table, {{",@what?,,,,,0", ",@what?,,1,4a,,0"}, {"'@what?,,,,,0", "'@what?,,1,4a,,0"}});
  const BatchPlan plan = PlanFor(frame, table, items);
  ASSERT_TRUE(plan.ToStatus().ok()) << plan.ToStatus();
  ASSERT_EQ(plan.answers().size(), 1u);
  EXPECT_EQ(plan.answers()[0].item, "unanswered");
  EXPECT_TRUE(plan.answers()[0].code.outcomes_focused);
  EXPECT_EQ(plan.answers()[0].code.nomination, "4a");
  EXPECT_EQ(plan.unchanged(), 2u);
}

TEST(BatchCsv, NamesEveryRowAndColumnThatIsWrong) {
  const Frame frame = TestFrame(FrameKind::kNominatedList);
  std::vector<CoderItem> items = Items(frame);
  items[0].code->version = 3;
  const std::string table =
      "item,outcomes_focused,nominated,skip_reason,version\n"
      "item0,0,,,2\n"       // stale
      "item1,1,9,,2\n"      // no entry
      "item1,1,,,2\n"       // twice
      "Item 2,1,,,0\n"      // no id
      "elsewhere,1,,,0\n"   // not in the batch
      "item2,,,,3\n"        // taken out
      "unanswered,1,,,4\n"  // a version that has never been
      "another,1,,,x\n";
  const absl::Status status = PlanFor(frame, table, items).ToStatus();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ViolationsText(status),
            "row 3, column nominated: value \"9\": is not an entry of frame frame\n"
            "row 4, column item: value \"item1\": stands twice\n"
            "row 5, column item: value \"Item 2\": must be 1 to 63 characters of a-z, 0-9 and -, start with a letter "
            "and not end with -\n"
            "row 9, column version: value \"x\": must be a whole number, 0 or more, as it was given out\n"
            "row 6, column item: value \"elsewhere\": is not an item of this coder's batch\n"
            "row 7, column version: value \"3\": has an answer that is missing from the row: it can be changed or "
            "skipped, not taken back\n"
            "row 8, column version: value \"4\": has never been: the newest is 0\n"
            "row 2, column version: value \"2\": is not the newest: the answer was changed since, version 3\n");
}

TEST(BatchCsv, AStaleRowIsAbortedUnlessItSaysWhatItsVersionSaid) {
  const Frame frame = TestFrame(FrameKind::kBinary);
  std::vector<CoderItem> items = Items(frame);
  items[0].code->version = 2;  // yes now
  const std::string table = "item,outcomes_focused,skip_reason,version\nitem0,0,,1\n";
  const absl::Status stale = PlanFor(frame, table, items, items[0].code).ToStatus();
  EXPECT_EQ(stale.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(GetErrorDetail(stale)->reason, "STALE_VERSION");
  EXPECT_THAT(ViolationsText(stale), HasSubstr("row 2, column version"));
  // Exported with a no, changed to a yes at the desk since, and not touched in the file.
  Code no;
  no.version = 1;
  const BatchPlan untouched = PlanFor(frame, table, items, no);
  EXPECT_TRUE(untouched.ToStatus().ok()) << untouched.ToStatus();
  EXPECT_TRUE(untouched.answers().empty());
}

TEST(BatchCsv, RefusesWhatIsNoBatch) {
  const Frame frame = TestFrame(FrameKind::kBinary);
  Violations violations;
  const auto status = [&](const std::string& text, const BatchLimits& limits = {}) {
    return ReadBatch(text, frame, limits, violations).status();
  };
  EXPECT_FALSE(status("").ok());
  EXPECT_THAT(ViolationsText(status("item,version\ni,0\n")), HasSubstr("no column \"outcomes_focused\""));
  EXPECT_THAT(ViolationsText(status("item,outcomes_focused,skip_reason,version\n")), HasSubstr("at least one row"));
  EXPECT_THAT(ViolationsText(status("item,outcomes_focused,skip_reason,version\na,,,0\nb,,,0\n", {.max_rows = 1})),
              HasSubstr("at most 1 rows"));
  EXPECT_THAT(ViolationsText(status("item,outcomes_focused,skip_reason,version\n", {.max_bytes = 8})),
              HasSubstr("at most 8 bytes"));
}

}  // namespace
}  // namespace plumbline::coding
