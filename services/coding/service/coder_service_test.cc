#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "coding/domain/test_frames.h"
#include "coding/domain/test_violations.h"
#include "coding/service/convert.h"
#include "coding/service/test_fixture.h"

namespace plumbline::coding {
namespace {

using ::testing::HasSubstr;
using Coders = v1::CoderService::Stub;

// A study "pilot" of a frame of its own by c1 and c2, planted in the store; c2 sees the items the other way round.
class CoderServiceTest : public CodingServiceTest {
 protected:
  void Plant(const Frame& frame, const std::vector<StudyItem>& items, absl::Time deadline = absl::InfiniteFuture()) {
    Study study;
    study.id = "pilot";
    study.title = "Pilot";
    study.frame_id = frame.id;
    study.frame_version = frame.version;
    study.coders = {"c1", "c2"};
    study.seed = 1;
    study.create_time = clock_.Now();
    study.deadline = deadline;
    StudyPlan plan;
    plan.items = items;
    for (size_t i = 0; i < items.size(); ++i) plan.items[i].number = static_cast<uint32_t>(i);
    std::vector<uint32_t> order;
    for (uint32_t i = 0; i < items.size(); ++i) order.push_back(i);
    plan.orders.push_back(order);
    plan.orders.emplace_back(order.rbegin(), order.rend());
    study.item_count = static_cast<int>(items.size());
    const auto planted = store_->Write({"tester", "Plant", "", "", clock_.Now()},
                                       [&](CodingWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
                                         for (const StudyItem& item : items) {
                                           if (study.sessions.empty() || study.sessions.back() != item.key.session) {
                                             study.sessions.push_back(item.key.session);
                                           }
                                         }
                                         RETURN_IF_ERROR(writer.InsertFrame(frame));
                                         RETURN_IF_ERROR(writer.InsertStudy(study, plan));
                                         return jobs::WriteResult{};
                                       });
    ASSERT_TRUE(planted.ok()) << planted.status();
  }

  static std::vector<StudyItem> Questions(int count) {
    std::vector<StudyItem> items;
    for (int i = 1; i <= count; ++i)
      items.push_back({{absl::StrCat("item", i), "a", i, i}, absl::StrCat("=Q", i, "?")});
    return items;
  }

  v1::GetItemResponse Get(const std::string& item, const std::string& coder = "c1") {
    v1::GetItemRequest request;
    request.set_study("studies/pilot");
    request.set_coder(coder);
    request.set_item(item);
    v1::GetItemResponse response;
    const absl::Status status = Call(*coder_, &Coders::GetItem, request, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  static v1::SubmitCodeRequest With(const std::string& item, const v1::Code& code) {
    v1::SubmitCodeRequest request;
    request.set_study("studies/pilot");
    request.set_coder("c1");
    request.set_item(item);
    *request.mutable_code() = code;
    return request;
  }

  std::vector<v1::Code> Versions(const std::string& item, int page_size = 0) {
    v1::ListCodeVersionsRequest request;
    request.set_study("studies/pilot");
    request.set_coder("c1");
    request.set_item(item);
    request.set_page_size(page_size);
    std::vector<v1::Code> codes;
    do {
      v1::ListCodeVersionsResponse response;
      const absl::Status status = Call(*coder_, &Coders::ListCodeVersions, request, &response);
      EXPECT_TRUE(status.ok()) << status;
      codes.insert(codes.end(), response.codes().begin(), response.codes().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return codes;
  }

  v1::GetMyProgressResponse Progress(const std::string& coder = "c1") {
    v1::GetMyProgressRequest request;
    request.set_study("studies/pilot");
    request.set_coder(coder);
    v1::GetMyProgressResponse response;
    EXPECT_TRUE(Call(*coder_, &Coders::GetMyProgress, request, &response).ok());
    return response;
  }

  // All pages, with one header.
  std::string Export(int page_size = 0, const std::string& coder = "c1") {
    v1::ExportBatchRequest request;
    request.set_study("studies/pilot");
    request.set_coder(coder);
    request.set_page_size(page_size);
    std::string table;
    do {
      v1::ExportBatchResponse response;
      const absl::Status status = Call(*coder_, &Coders::ExportBatch, request, &response);
      EXPECT_TRUE(status.ok()) << status;
      const std::string& csv = response.csv();
      table += table.empty() ? csv : csv.substr(csv.find('\n') + 1);
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return table;
  }

  absl::Status Import(const std::string& csv, v1::ImportBatchResponse* response = nullptr,
                      const std::string& request_id = "") {
    v1::ImportBatchResponse own;
    v1::ImportBatchRequest request;
    request.set_request_id(request_id);
    request.set_study("studies/pilot");
    request.set_coder("c1");
    request.set_csv(csv);
    return Call(*coder_, &Coders::ImportBatch, request, response == nullptr ? &own : response);
  }
};

TEST_F(CoderServiceTest, CodesOfEveryKindComeBackAsTheyWereGiven) {
  for (const FrameKind kind : AllKinds()) {
    store_->set_state({});
    const Frame frame = TestFrame(kind);
    Plant(frame, {{{"item1", "a", 1, 1}, "Why?"}});
    EXPECT_EQ(Get("item1").form().choices_size(), static_cast<int>(frame.entries.size()));
    int version = 0;
    for (const Code& answer : TestAnswers(kind)) {
      Code expected = answer;
      expected.version = ++version;
      expected.submit_time = clock_.Now();
      const v1::Code code = ToProto(expected, kind);
      v1::SubmitCodeResponse stored;
      const absl::Status status = Submit(With("item1", code), &stored);
      ASSERT_TRUE(status.ok()) << ToString(kind) << status;
      EXPECT_EQ(stored.code().ShortDebugString(), code.ShortDebugString()) << ToString(kind);
      EXPECT_EQ(Get("item1").item().code().ShortDebugString(), code.ShortDebugString());
      EXPECT_EQ(Items("c1")[0].code().ShortDebugString(), code.ShortDebugString());
      EXPECT_FALSE(Items("c2")[0].has_code());
    }
    const std::vector<v1::Code> versions = Versions("item1", 2);
    ASSERT_EQ(versions.size(), 3u);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(versions[static_cast<size_t>(i)].version(), i + 1);
    EXPECT_FALSE(versions[2].skip_reason().empty());
  }
}

TEST_F(CoderServiceTest, WhatAFrameDoesNotAllowIsNamedAndNothingChanges) {
  Plant(TestFrame(FrameKind::kRatedSkills), {{{"item1", "a", 0, 1}, ""}, {{"item2", "b", 0, 1}, ""}});
  v1::Code code;
  (*code.mutable_ratings())["1"] = 9;
  (*code.mutable_ratings())["x"] = 1;
  code.set_category("1");
  EXPECT_EQ(ViolationsText(Submit(With("item1", code))),
            "code.category: value \"1\": must not be set: a frame of kind rated_skills has no such part\n"
            "code.ratings[x]: value \"x\": is not an entry of frame frame\n"
            "code.ratings[1]: value \"9\": must be -1 to 5\n"
            "code.ratings[4a]: value \"\": is required: every entry is rated, or the item is skipped\n"
            "code.ratings[-]: value \"\": is required: every entry is rated, or the item is skipped\n");
  v1::BatchSubmitCodesRequest batch;
  batch.set_study("studies/pilot");
  batch.set_coder("c1");
  for (const char* item : {"item2", "item1"}) {
    auto& entry = *batch.add_entries();
    entry.set_item(item);
    *entry.mutable_code() = ToProto(TestAnswers(FrameKind::kRatedSkills)[0], FrameKind::kRatedSkills);
  }
  (*batch.mutable_entries(1)->mutable_code()->mutable_ratings())["4a"] = 6;
  v1::BatchSubmitCodesResponse response;
  EXPECT_EQ(ViolationsText(Call(*coder_, &Coders::BatchSubmitCodes, batch, &response)),
            "entries[1].code.ratings[4a]: value \"6\": must be -1 to 5\n");
  EXPECT_EQ(Progress().coded(), 0);
  EXPECT_TRUE(Versions("item2").empty());
}

TEST_F(CoderServiceTest, StaleEntriesOfABatchAreAllNamedAndNothingChanges) {
  Plant(TestFrame(FrameKind::kBinary), Questions(3));
  ASSERT_TRUE(Submit(CodeRequest("c1", "item2", true, "")).ok());
  v1::BatchSubmitCodesRequest batch;
  batch.set_study("studies/pilot");
  batch.set_coder("c1");
  for (int i = 1; i <= 3; ++i) {
    auto& entry = *batch.add_entries();
    entry.set_item(absl::StrCat("item", i));
    entry.mutable_code()->set_outcomes_focused(false);
  }
  batch.mutable_entries(0)->set_expected_version(1);
  batch.mutable_entries(1)->set_expected_version(0);
  v1::BatchSubmitCodesResponse response;
  const absl::Status stale = Call(*coder_, &Coders::BatchSubmitCodes, batch, &response);
  EXPECT_EQ(stale.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Reason(stale), "STALE_VERSION");
  EXPECT_EQ(ViolationsText(stale),
            "entries[0].expected_version: value \"1\": is not the newest, 0\n"
            "entries[1].expected_version: value \"0\": is not the newest, 1\n");
  EXPECT_EQ(Progress().coded(), 1);
  batch.mutable_entries(0)->set_expected_version(0);
  batch.mutable_entries(1)->set_expected_version(1);
  ASSERT_TRUE(Call(*coder_, &Coders::BatchSubmitCodes, batch, &response).ok());
  EXPECT_EQ(Progress().coded(), 3);
  EXPECT_EQ(Versions("item2").size(), 2u);
}

TEST_F(CoderServiceTest, ASkipIsNeitherCodedNorLost) {
  const absl::Time deadline = clock_.Now() + absl::Hours(1);
  Plant(TestFrame(FrameKind::kBinary), Questions(3), deadline);
  v1::Code skip;
  skip.set_skip_reason("cannot tell");
  ASSERT_TRUE(Submit(With("item1", skip)).ok());
  ASSERT_TRUE(Submit(CodeRequest("c1", "item2", true, "")).ok());
  v1::GetMyProgressResponse progress = Progress();
  EXPECT_EQ(progress.coded(), 1);
  EXPECT_EQ(progress.skipped(), 1);
  EXPECT_EQ(progress.total(), 3);
  EXPECT_EQ(progress.deadline().seconds(), absl::ToUnixSeconds(deadline));
  EXPECT_FALSE(Get("item1").item().code().has_outcomes_focused());
  skip.set_outcomes_focused(true);
  EXPECT_EQ(ViolationsText(Submit(With("item1", skip))),
            "code.outcomes_focused: value \"yes\": must not be set beside skip_reason: a skipped item has no answer\n");
  ASSERT_TRUE(Submit(CodeRequest("c1", "item1", false, "")).ok());
  progress = Progress();
  EXPECT_EQ(progress.coded(), 2);
  EXPECT_EQ(progress.skipped(), 0);
  EXPECT_EQ(Progress("c2").coded(), 0);
}

// Whatever way a reason comes in: what identifies somebody is neither stored nor digested.
TEST_F(CoderServiceTest, TheReasonOfASkipNamesNobody) {
  const std::string raw = "Mr Brown talks over her, ring 07700 900123";
  const std::string clean = "Mr [PERSON-1] talks over her, ring [PHONE-1]";
  Plant(TestFrame(FrameKind::kBinary), Questions(4));
  v1::Code skip;
  skip.set_skip_reason(raw);
  v1::SubmitCodeRequest submit = With("item1", skip);
  submit.set_request_id("r1");
  v1::SubmitCodeResponse submitted;
  ASSERT_TRUE(Submit(submit, &submitted).ok());
  EXPECT_EQ(submitted.code().skip_reason(), clean);
  EXPECT_EQ(Get("item1").item().code().skip_reason(), clean);
  // Another name in the same place is a repeat: what tells them apart has not been kept.
  submit.mutable_code()->set_skip_reason(absl::StrReplaceAll(raw, {{"Brown", "Jones"}}));
  ASSERT_TRUE(Submit(submit, &submitted).ok());
  EXPECT_EQ(submitted.code().version(), 1);
  EXPECT_EQ(Versions("item1").size(), 1u);

  v1::BatchSubmitCodesRequest batch;
  batch.set_study("studies/pilot");
  batch.set_coder("c1");
  batch.add_entries()->set_item("item2");
  *batch.mutable_entries(0)->mutable_code() = skip;
  v1::BatchSubmitCodesResponse stored;
  ASSERT_TRUE(Call(*coder_, &Coders::BatchSubmitCodes, batch, &stored).ok());
  EXPECT_EQ(Get("item2").item().code().skip_reason(), clean);

  v1::ImportBatchResponse imported;
  const absl::Status status = Import(
      absl::StrCat("item,outcomes_focused,skip_reason,version\nitem3,,\"", raw, "\",0\nitem4,1,,0\n"), &imported);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(Get("item3").item().code().skip_reason(), clean);
  EXPECT_TRUE(Get("item4").item().code().outcomes_focused());
  // Out and in again changes nothing; an error names the row and column of the table that came.
  ASSERT_TRUE(Import(Export(), &imported).ok());
  EXPECT_EQ(imported.unchanged_count(), 4);
  EXPECT_EQ(
      ViolationsText(Import(absl::StrCat("item,outcomes_focused,skip_reason,version\nitem3,2,\"", raw, "\",1\n"))),
      "row 2, column outcomes_focused: value \"2\": must be 1 for yes or 0 for no\n");
}

TEST_F(CoderServiceTest, TheReasonOfASkipInATableOfCodesNamesNobody) {
  ImportTwo();
  ASSERT_TRUE(CreateStudy("pilot").ok());
  v1::ImportCodesRequest request;
  request.set_study("studies/pilot");
  request.set_csv(
      "session,turn,question,coder,outcomes_focused,nominated,skip_reason\n"
      "b,1,Is it up to date?,c1,,,\"Mrs Brown, of BN1 4GX\"\n");
  v1::ImportCodesResponse response;
  const absl::Status status = Call(*studies_, &v1::StudyService::Stub::ImportCodes, request, &response);
  ASSERT_TRUE(status.ok()) << status;
  std::string reasons;
  for (const v1::Item& item : Items("c1")) reasons += item.code().skip_reason();
  EXPECT_EQ(reasons, "Mrs [PERSON-1], of [POSTCODE-1]");
}

TEST_F(CoderServiceTest, CodesAfterTheDeadlineAreRefused) {
  Plant(TestFrame(FrameKind::kBinary), Questions(1), clock_.Now() + absl::Hours(1));
  const std::string table = Export();
  clock_.Advance(absl::Hours(1));
  ASSERT_TRUE(Submit(CodeRequest("c1", "item1", true, "")).ok());  // on the dot
  clock_.Advance(absl::Microseconds(1));
  const absl::Status late = Submit(CodeRequest("c1", "item1", false, ""));
  EXPECT_EQ(late.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Reason(late), "DEADLINE_PASSED");
  v1::BatchSubmitCodesRequest batch;
  batch.set_study("studies/pilot");
  batch.set_coder("c1");
  auto& entry = *batch.add_entries();
  entry.set_item("item1");
  entry.mutable_code()->set_outcomes_focused(false);
  v1::BatchSubmitCodesResponse response;
  EXPECT_EQ(Reason(Call(*coder_, &Coders::BatchSubmitCodes, batch, &response)), "DEADLINE_PASSED");
  EXPECT_EQ(Reason(Import(table)), "DEADLINE_PASSED");
  EXPECT_EQ(Versions("item1").size(), 1u);
  EXPECT_EQ(Items("c1").size(), 1u);  // reading goes on
}

TEST_F(CoderServiceTest, AnItemShowsWhatItsUnitAsks) {
  Frame frame = TestFrame(FrameKind::kBinary);
  frame.context = FrameContext::kPreviousTurn;
  Plant(frame, {{{"item1", "a", 2, 1}, "Why?", "She left."}});
  EXPECT_EQ(Items("c1")[0].context(), "She left.");
  EXPECT_EQ(Get("item1").item().text(), "Why?");

  store_->set_state({});
  frame = TestFrame(FrameKind::kCategorical);
  frame.unit = FrameUnit::kPair;
  Plant(frame, {{{"item1", "a", 0, 1}, "To stay in school", "", "To be safe"}});
  EXPECT_EQ(Items("c1")[0].text(), "To stay in school");
  EXPECT_EQ(Items("c1")[0].second_text(), "To be safe");
  EXPECT_EQ(Get("item1").form().unit(), v1::FRAME_UNIT_PAIR);

  store_->set_state({});
  ASSERT_TRUE(CodingServiceTest::Import("south-team", "Worker: She left.\nSupervisor: Why?\nWorker: Hm.\n").ok());
  Plant(TestFrame(FrameKind::kRatedSkills), {{{"item1", "south-team", 0, 1}, ""}});
  EXPECT_EQ(Items("c1")[0].passages_size(), 0);  // a page of sessions would be too large
  const v1::Item item = Get("item1").item();
  ASSERT_EQ(item.passages_size(), 3);
  EXPECT_EQ(item.passages(0).ShortDebugString(), "number: 1 voice: \"A\" text: \"She left.\"");
  EXPECT_EQ(item.passages(1).ShortDebugString(), "number: 2 voice: \"B\" text: \"Why?\"");
  EXPECT_EQ(item.passages(2).ShortDebugString(), "number: 3 voice: \"A\" text: \"Hm.\"");
  EXPECT_THAT(Export(), HasSubstr("\"A: She left.\nB: Why?\nA: Hm.\""));
}

// Out and in again: nothing changes and not a byte differs, whatever was answered and however the pages were cut.
TEST_F(CoderServiceTest, ABatchGoesOutAndComesBackUnchanged) {
  for (const FrameKind kind : AllKinds()) {
    store_->set_state({});
    const Frame frame = TestFrame(kind);
    Plant(frame, Questions(5));
    int item = 0;
    for (const Code& answer : TestAnswers(kind)) {
      ASSERT_TRUE(Submit(With(absl::StrCat("item", ++item), ToProto(answer, kind))).ok());
    }
    const std::string table = Export();
    for (const int page_size : {1, 2, 4, 5, 6}) EXPECT_EQ(Export(page_size), table) << ToString(kind) << page_size;
    const size_t lines = store_->audit().size();
    v1::ImportBatchResponse response;
    const absl::Status status = Import(table, &response);
    ASSERT_TRUE(status.ok()) << ToString(kind) << status;
    EXPECT_EQ(response.code_count(), 0) << ToString(kind);
    EXPECT_EQ(response.unchanged_count(), 5);
    EXPECT_EQ(store_->audit().size(), lines);
    EXPECT_EQ(Export(), table);
    // Into the other coder's batch the same answers go as new ones; versions say nothing has been answered yet.
  }
}

TEST_F(CoderServiceTest, AnswersGivenOfflineAreStoredOnce) {
  Plant(TestFrame(FrameKind::kNominatedList), Questions(3));
  ASSERT_TRUE(Submit(CodeRequest("c1", "item3", true, "1")).ok());
  const std::string empty = Export();
  const std::string filled = absl::StrReplaceAll(
      empty, {{"item1,1,'=Q1?,\"1 = One\n4a = =Four, \"\"a\"\"\n- = Dash\",,,,0", "item1,1,x,x,1,4a,,0"},
              {"item2,2,'=Q2?,,,,,0", "item2,2,x,,,,\"'=dull, too\",0"},
              {"1,1,,1\n", "0,,,1\n"}});
  ASSERT_NE(filled, empty);
  v1::ImportBatchResponse response;
  const absl::Status status = Import(filled, &response, "r1");
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(response.code_count(), 3);
  EXPECT_EQ(Get("item1").item().code().nomination(), "4a");
  EXPECT_EQ(Get("item2").item().code().skip_reason(), "=dull, too");
  EXPECT_FALSE(Get("item3").item().code().outcomes_focused());
  EXPECT_EQ(Versions("item3").size(), 2u);
  EXPECT_EQ(store_->audit().back().entry.action, "code.import_batch");
  // A repeat gets the first answer; the same file under another id says nothing new, though its versions are from
  // before.
  ASSERT_TRUE(Import(filled, &response, "r1").ok());
  EXPECT_EQ(response.code_count(), 3);
  ASSERT_TRUE(Import(filled, &response, "r2").ok());
  EXPECT_EQ(response.code_count(), 0);
  EXPECT_EQ(response.unchanged_count(), 3);
  // What has been changed since is not changed back.
  ASSERT_TRUE(Submit(CodeRequest("c1", "item1", false, "")).ok());
  const absl::Status stale = Import(filled, &response, "r3");
  EXPECT_EQ(stale.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Reason(stale), "STALE_VERSION");
  EXPECT_THAT(ViolationsText(stale), HasSubstr("row 2, column version"));
  EXPECT_EQ(Versions("item3").size(), 2u);
  // The empty table from before is what its rows' versions said: it changes nothing.
  ASSERT_TRUE(Import(empty, &response).ok());
  EXPECT_EQ(response.code_count(), 0);
  EXPECT_EQ(response.unchanged_count(), 3);
}

// Every coder has all items: only their order tells whose table it is.
TEST_F(CoderServiceTest, AnotherCodersTableIsRefused) {
  Plant(TestFrame(FrameKind::kBinary), Questions(3));
  const std::string header = "item,position,outcomes_focused,skip_reason,version\n";
  const absl::Status refused = Import(header + "item1,2,1,,0\nitem2,1,0,,0\nitem3,three,0,,0\n");
  EXPECT_EQ(ViolationsText(refused),
            "row 4, column position: value \"three\": must be a whole number, as it was given out\n"
            "row 2, column position: value \"2\": is not the item's place in this coder's order: the table is another "
            "coder's, or its cells are mixed up\n"
            "row 3, column position: value \"1\": is not the item's place in this coder's order: the table is another "
            "coder's, or its cells are mixed up\n");
  EXPECT_EQ(Progress().coded(), 0);
  EXPECT_TRUE(Import(header + "item2,2,1,,0\nitem1,1,1,,0\n").ok());  // sorted otherwise, and a row left out
}

TEST_F(CoderServiceTest, ABadBatchIsRefusedWholeByRowAndColumn) {
  Plant(TestFrame(FrameKind::kBinary), Questions(3));
  ASSERT_TRUE(Submit(CodeRequest("c1", "item3", true, "")).ok());
  const absl::Status bad =
      Import("item,outcomes_focused,skip_reason,version\nitem1,1,,0\nitem2,2,,0\nitem9,1,,0\nitem3,0,,0\n");
  EXPECT_EQ(bad.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ViolationsText(bad),
            "row 3, column outcomes_focused: value \"2\": must be 1 for yes or 0 for no\n"
            "row 4, column item: value \"item9\": is not an item of this coder's batch\n"
            "row 5, column version: value \"0\": is not the newest: the answer was changed since, version 1\n");
  EXPECT_EQ(Progress().coded(), 1);
  EXPECT_EQ(ViolationsText(Import("a,b\n")).substr(0, 6), "row 1:");
  EXPECT_EQ(ViolationsText(Import("")), "csv: is required\n");
}

}  // namespace
}  // namespace plumbline::coding
