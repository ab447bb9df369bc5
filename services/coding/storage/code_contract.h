#ifndef PLUMBLINE_CODING_STORAGE_CODE_CONTRACT_H_
#define PLUMBLINE_CODING_STORAGE_CODE_CONTRACT_H_

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/test_frames.h"
#include "coding/storage/store_contract.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"

// Codes: every version, and the lists that results and coders read.
namespace plumbline::coding {

TEST_P(StoreContract, KeepsEveryVersionOfACodeAndCountsTheNewest) {
  const Study study = MakeStudy("pilot", now());
  const StudyPlan plan = StorePlan(study);
  const std::string one = plan.items[0].key.item_id;
  const std::string two = plan.items[1].key.item_id;
  const auto add = [&](std::vector<PlacedCode> codes, absl::Time time) {
    std::vector<PlacedCode> stored;
    const absl::Status status = Write([&](CodingWriter& w) -> absl::Status {
      ASSIGN_OR_RETURN(stored, w.AddCodes("pilot", codes, time));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return stored;
  };
  EXPECT_EQ(add({{"ca", one, {true, "1", 0, {}}}}, now())[0].code.version, 1);
  const auto second =
      add({{"ca", two, {false, "", 0, {}}}, {"ca", one, {false, "", 0, {}}}, {"cb", one, {true, "", 0, {}}}},
          now() + absl::Seconds(1));
  EXPECT_EQ(second[0].code.version, 1);
  EXPECT_EQ(second[1].code.version, 2);
  EXPECT_EQ(second[2].code.version, 1);
  const auto versions =
      Read<std::vector<Code>>([&](CodingReader& r) { return r.ListCodeVersions("pilot", "ca", one, 0, 9); });
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_TRUE(versions[0].outcomes_focused);
  EXPECT_EQ(versions[0].nomination, "1");
  EXPECT_FALSE(versions[1].outcomes_focused);
  EXPECT_EQ(versions[1].submit_time, now() + absl::Seconds(1));
  const auto item = Read<CoderItem>([&](CodingReader& r) { return r.GetCoderItem("pilot", "ca", one); });
  ASSERT_TRUE(item.code.has_value());
  EXPECT_EQ(item.code->version, 2);
  EXPECT_EQ(Read<std::vector<PlacedCode>>([](CodingReader& r) { return r.ListNewestCodes("pilot"); }).size(), 3u);
  const auto progress = [&] {
    return Read<std::map<std::string, BatchProgress>>([](CodingReader& r) { return r.GetProgress("pilot"); });
  };
  EXPECT_EQ(progress().at("ca").total, 5);
  EXPECT_EQ(progress().at("ca").coded, 2);
  EXPECT_EQ(progress().at("cb").coded, 1);
  EXPECT_EQ(progress().at("cb").Missing(), 4);
  EXPECT_EQ(progress().size(), 2u);
  // Outside the coder's batch: refused, and the good code beside it is not stored either.
  const auto refused = Write([&](CodingWriter& w) {
    return w.AddCodes("pilot", {{"cb", two, {true, "", 0, {}}}, {"ca", "none", {true, "", 0, {}}}}, now()).status();
  });
  EXPECT_TRUE(absl::IsNotFound(refused)) << refused;
  EXPECT_EQ(Read<std::vector<PlacedCode>>([](CodingReader& r) { return r.ListNewestCodes("pilot"); }).size(), 3u);
  EXPECT_TRUE(
      absl::IsNotFound(ReadStatus([&](CodingReader& r) { return r.GetCoderItem("pilot", "cx", one).status(); })));
}

// What results, adjudication and drift checks read.
TEST_P(StoreContract, ListsItemsWithTheirCodesBySession) {
  Study study = MakeStudy("pilot", now());
  study.assignment = {1, {1, 1}, {1, 4}};
  study.adjudicator = "judge";
  const StudyPlan plan = StorePlan(study);
  const auto batch = [&](const char* coder) {
    return Read<std::vector<CoderItem>>([&](CodingReader& r) { return r.ListCoderItems("pilot", coder, 0, 99); });
  };
  const auto list = [&](int after, int until, bool texts) {
    return Read<std::vector<CodedItem>>([&](CodingReader& r) { return r.ListCodedItems(study, after, until, texts); });
  };
  std::vector<PlacedCode> codes;
  for (const CoderItem& item : batch("ca")) codes.push_back({"ca", item.item_id, {true, "1", 0, {}}});
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.AddCodes("pilot", codes, now()).status(); }).ok());
  const auto all = list(0, 2, true);
  ASSERT_EQ(all.size(), 5u);
  size_t coded = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].item.key.session, i < 2 ? "s2" : "s1");
    EXPECT_EQ(all[i].item.key.question_number, static_cast<int>(i < 2 ? i : i - 2) + 1);
    EXPECT_EQ(all[i].item.text, absl::StrCat("question ", all[i].item.key.question_number));
    ASSERT_EQ(all[i].codes.size(), 1u);  // one coder each: the other was not given the item
    const AssignedCode& assigned = all[i].codes[0];
    EXPECT_EQ(assigned.code.has_value(), assigned.coder == 1);
    EXPECT_EQ(assigned.code.value_or(Code{true, "1"}).nomination, "1");
    coded += assigned.code ? 1 : 0;
  }
  EXPECT_EQ(coded, codes.size() - 1);  // one of the codes is of a repeat
  EXPECT_EQ(list(1, 2, false).size(), 3u);
  EXPECT_EQ(list(1, 2, false)[0].item.text, "");
  EXPECT_TRUE(list(2, 9, true).empty());
  // The adjudicator gets an item as a batch of one, beside its coder.
  const std::string disputed = all[0].item.key.item_id;
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.AddBatch("pilot", "judge", 1, {{disputed}}); }).ok());
  ASSERT_TRUE(Write([&](CodingWriter& w) {
                return w.AddCodes("pilot", {{"judge", disputed, {false, "", 0, {}}}}, now()).status();
              }).ok());
  const CodedItem adjudicated = list(0, 1, false)[0];
  ASSERT_EQ(adjudicated.codes.size(), 2u);
  EXPECT_EQ(adjudicated.codes[1].coder, kAdjudicatorIndex);
  EXPECT_FALSE(adjudicated.codes[1].code->outcomes_focused);
  // First and second look, of both coders.
  const auto repeats = [&](const std::string& after, int limit) {
    return Read<std::vector<RepeatedItem>>([&](CodingReader& r) { return r.ListRepeatedItems(study, after, limit); });
  };
  const auto repeated = repeats("", 9);
  ASSERT_EQ(repeated.size(), 2u);
  for (const RepeatedItem& item : repeated) {
    EXPECT_EQ(item.first.has_value(), item.coder == 1);
    EXPECT_EQ(item.second.has_value(), item.coder == 1);
  }
  EXPECT_NE(repeated[0].coder, repeated[1].coder);
  EXPECT_EQ(repeats("", 1).size(), 1u);
  EXPECT_EQ(repeats(repeated[0].item_id, 9).at(0).item_id, repeated[1].item_id);
  EXPECT_TRUE(repeats(repeated[1].item_id, 9).empty());
}

TEST_P(StoreContract, FindsItemsOfABatchByIdWithTheirNewestCodes) {
  const Study study = MakeStudy("pilot", now());
  const StudyPlan plan = StorePlan(study);
  const std::string one = plan.items[0].key.item_id;
  const std::string two = plan.items[1].key.item_id;
  for (const bool yes : {true, false}) {
    ASSERT_TRUE(Write([&](CodingWriter& w) {
                  return w.AddCodes("pilot", {{"ca", one, {yes, "", 0, {}}}}, now()).status();
                }).ok());
  }
  const auto found = [&](const std::string& coder) {
    return Read<HeldItems>([&](CodingReader& r) { return r.FindItems("pilot", coder, {one, two, "none"}); });
  };
  const HeldItems of_ca = found("ca");
  ASSERT_EQ(of_ca.size(), 2u);
  ASSERT_TRUE(of_ca.at(one).code.has_value());
  EXPECT_EQ(of_ca.at(one).code->version, 2);
  EXPECT_FALSE(of_ca.at(one).code->outcomes_focused);
  EXPECT_FALSE(of_ca.at(two).code.has_value());
  for (const std::string& item : {one, two}) {
    EXPECT_EQ(of_ca.at(item).position,
              Read<CoderItem>([&](CodingReader& r) { return r.GetCoderItem("pilot", "ca", item); }).position);
  }
  EXPECT_EQ(found("cb").size(), 2u);
  EXPECT_TRUE(found("nobody").empty());
  EXPECT_TRUE(Read<HeldItems>([](CodingReader& r) { return r.FindItems("none", "ca", {"x"}); }).empty());
  EXPECT_TRUE(Read<HeldItems>([](CodingReader& r) { return r.FindItems("pilot", "ca", {}); }).empty());
}

// More codes than one statement names, of two coders, some of them new versions.
TEST_P(StoreContract, ManyCodesAtOnceGetTheirVersions) {
  Import("s1", 1203);
  Study study = MakeStudy("pilot", now());
  study.sessions = {"s1"};
  SeededIds ids(5);
  const auto plan = PlanStudy(study, NewFrame("list", 1), {{"s1", Questions(1203)}}, ids);
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertStudy(study, *plan); }).ok());
  std::vector<PlacedCode> codes;
  for (size_t i = 0; i < 1203; ++i) codes.push_back({"ca", plan->items[i].key.item_id, {true, "1", 0, {}}});
  ASSERT_TRUE(Write([&](CodingWriter& w) {
                return w.AddCodes("pilot", {codes.begin(), codes.begin() + 7}, now()).status();
              }).ok());
  codes.push_back({"cb", plan->items[0].key.item_id, {false, "", 0, {}}});
  std::vector<PlacedCode> stored;
  ASSERT_TRUE(Write([&](CodingWriter& w) -> absl::Status {
                ASSIGN_OR_RETURN(stored, w.AddCodes("pilot", codes, now()));
                return absl::OkStatus();
              }).ok());
  for (size_t i = 0; i < stored.size(); ++i) EXPECT_EQ(stored[i].code.version, i < 7 ? 2 : 1) << i;
  const auto progress =
      Read<std::map<std::string, BatchProgress>>([](CodingReader& r) { return r.GetProgress("pilot"); });
  EXPECT_EQ(progress.at("ca").coded, 1203);
  EXPECT_EQ(progress.at("cb").coded, 1);
  const auto found = Read<std::vector<TranscriptRecord>>([](CodingReader& r) {
    return r.FindTranscripts({"s1", "none", "s1"});
  });
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].question_count, 1203);
}

// Answers of every kind come back as they were given, in every version, from every method that reads them.
TEST_P(StoreContract, CodesOfEveryKindComeBackAsTheyWere) {
  const Study study = MakeStudy("pilot", now());
  const StudyPlan plan = StorePlan(study);
  const std::string item = plan.items[0].key.item_id;
  std::vector<Code> given;
  for (const FrameKind kind : AllKinds()) {
    for (const Code& code : TestAnswers(kind)) given.push_back(code);
  }
  for (const Code& code : given) {
    ASSERT_TRUE(Write([&](CodingWriter& w) { return w.AddCodes("pilot", {{"ca", item, code}}, now()).status(); }).ok());
    const auto stored = Read<CoderItem>([&](CodingReader& r) { return r.GetCoderItem("pilot", "ca", item); });
    ASSERT_TRUE(stored.code.has_value());
    EXPECT_TRUE(SameAnswer(*stored.code, code));
    const auto newest = Read<std::vector<PlacedCode>>([](CodingReader& r) { return r.ListNewestCodes("pilot"); });
    ASSERT_EQ(newest.size(), 1u);
    EXPECT_TRUE(SameAnswer(newest[0].code, code));
    const auto list =
        Read<std::vector<CoderItem>>([](CodingReader& r) { return r.ListCoderItems("pilot", "ca", 0, 9); });
    EXPECT_EQ(std::count_if(list.begin(), list.end(),
                            [&](const CoderItem& i) { return i.code && SameAnswer(*i.code, code); }),
              1);
  }
  const int count = static_cast<int>(given.size());
  for (const int after : {0, 1, count - 1, count}) {
    const auto versions =
        Read<std::vector<Code>>([&](CodingReader& r) { return r.ListCodeVersions("pilot", "ca", item, after, 3); });
    ASSERT_EQ(versions.size(), static_cast<size_t>(std::min(3, count - after)));
    for (size_t i = 0; i < versions.size(); ++i) {
      EXPECT_EQ(versions[i].version, after + static_cast<int>(i) + 1);
      EXPECT_TRUE(SameAnswer(versions[i], given[static_cast<size_t>(after) + i]));
    }
  }
}

TEST_P(StoreContract, CountsAnswersAndSkipsApart) {
  const Study study = MakeStudy("pilot", now());
  const StudyPlan plan = StorePlan(study);
  const auto count = [this](const std::string& coder) {
    const auto all = Read<std::map<std::string, BatchProgress>>([](CodingReader& r) { return r.GetProgress("pilot"); });
    const auto counts = all.find(coder) == all.end() ? BatchProgress{} : all.at(coder);
    return std::vector<int>{counts.coded, counts.skipped, counts.total};
  };
  EXPECT_EQ(count("ca"), (std::vector<int>{0, 0, 5}));
  EXPECT_EQ(count("none"), (std::vector<int>{0, 0, 0}));
  Code yes;
  yes.outcomes_focused = true;
  Code skip;
  skip.skip_reason = "p:no sound";  // a reason is no answer, whatever it looks like
  ASSERT_TRUE(Write([&](CodingWriter& w) {
                return w
                    .AddCodes("pilot",
                              {{"ca", plan.items[0].key.item_id, yes},
                               {"ca", plan.items[1].key.item_id, skip},
                               {"ca", plan.items[2].key.item_id, Code{}},
                               {"cb", plan.items[0].key.item_id, skip}},
                              now())
                    .status();
              }).ok());
  EXPECT_EQ(count("ca"), (std::vector<int>{2, 1, 5}));
  EXPECT_EQ(count("cb"), (std::vector<int>{0, 1, 5}));
  ASSERT_TRUE(Write([&](CodingWriter& w) {
                return w.AddCodes("pilot", {{"ca", plan.items[1].key.item_id, yes}}, now()).status();
              }).ok());
  EXPECT_EQ(count("ca"), (std::vector<int>{3, 0, 5}));
}

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_CODE_CONTRACT_H_
