#ifndef PLUMBLINE_CODING_STORAGE_STUDY_CONTRACT_H_
#define PLUMBLINE_CODING_STORAGE_STUDY_CONTRACT_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/passages.h"
#include "coding/storage/store_contract.h"
#include "common/base/status_macros.h"

// Frames, studies with their items and batches, gold answers and reports.
namespace plumbline::coding {

TEST_P(StoreContract, KeepsEveryVersionOfAFrame) {
  for (const Frame& frame : {NewFrame("b", 1), NewFrame("a", 1), NewFrame("a", 2)}) {
    ASSERT_TRUE(Write([&frame](CodingWriter& w) { return w.InsertFrame(frame); }).ok());
  }
  EXPECT_EQ(Write([](CodingWriter& w) { return w.InsertFrame(NewFrame("a", 2)); }).code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Read<Frame>([](CodingReader& r) { return r.GetFrame("a", 0); }).version, 2);
  const Frame first = Read<Frame>([](CodingReader& r) { return r.GetFrame("a", 1); });
  EXPECT_EQ(first.title, "Title 1");
  EXPECT_EQ(first.threshold->denominator, 3);
  EXPECT_EQ(first.entries[0].label, "One");
  EXPECT_TRUE(absl::IsNotFound(ReadStatus([](CodingReader& r) { return r.GetFrame("a", 3).status(); })));
  EXPECT_TRUE(absl::IsNotFound(ReadStatus([](CodingReader& r) { return r.GetFrame("z", 0).status(); })));
  const auto frames = Read<std::vector<Frame>>([](CodingReader& r) { return r.ListFrames("", 9); });
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].version, 2);
  EXPECT_EQ(Read<std::vector<Frame>>([](CodingReader& r) { return r.ListFrames("a", 9); }).size(), 1u);
}

TEST_P(StoreContract, StudiesComeBackAsTheyWere) {
  const Study study = MakeStudy("pilot", now());
  const StudyPlan plan = StorePlan(study);
  EXPECT_EQ(Write([&](CodingWriter& w) { return w.InsertStudy(study, plan); }).code(),
            absl::StatusCode::kAlreadyExists);
  const Study back = Read<Study>([](CodingReader& r) { return r.GetStudy("pilot"); });
  EXPECT_TRUE(back.sessions.empty());
  EXPECT_EQ(back.session_count, 2);
  EXPECT_EQ(Read<std::vector<std::string>>([&](CodingReader& r) { return SessionsOf(r, back); }), study.sessions);
  const auto second =
      Read<std::vector<StudySession>>([](CodingReader& r) { return r.ListStudySessions("pilot", 1, 9); });
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].position, 2);
  EXPECT_EQ(second[0].session, "s1");
  EXPECT_EQ(back.coders, study.coders);
  EXPECT_EQ(back.seed, study.seed);
  EXPECT_EQ(back.item_count, 5);
  EXPECT_EQ(back.state, StudyState::kOpen);
  EXPECT_EQ(back.close_time, absl::InfinitePast());
  EXPECT_TRUE(Read<bool>([](CodingReader& r) { return r.IsInStudy("s1"); }));
  EXPECT_FALSE(Read<bool>([](CodingReader& r) { return r.IsInStudy("s9"); }));
  const auto items_of = [this](const std::vector<std::string>& sessions) {
    return Read<std::vector<StudyItem>>([&](CodingReader& r) { return r.ListItemsOf("pilot", sessions); });
  };
  EXPECT_EQ(items_of({"s1", "s2"}).size(), 5u);
  const auto items = items_of({"s9", "s1"});
  EXPECT_EQ(items.size(), 3u);
  for (const StudyItem& item : items) EXPECT_EQ(item.key.session, "s1");
  EXPECT_TRUE(items_of({}).empty());
  // Each coder has the planned order.
  const auto list = Read<std::vector<CoderItem>>([](CodingReader& r) { return r.ListCoderItems("pilot", "ca", 0, 9); });
  ASSERT_EQ(list.size(), 5u);
  for (size_t p = 0; p < 5; ++p) {
    EXPECT_EQ(list[p].position, static_cast<int>(p) + 1);
    EXPECT_EQ(list[p].item_id, plan.items[plan.orders[1][p]].key.item_id);
    EXPECT_EQ(list[p].text, plan.items[plan.orders[1][p]].text);
    EXPECT_FALSE(list[p].code.has_value());
  }
  EXPECT_EQ(Read<std::vector<CoderItem>>([](CodingReader& r) { return r.ListCoderItems("pilot", "ca", 3, 9); }).size(),
            2u);
  EXPECT_TRUE(
      Read<std::vector<CoderItem>>([](CodingReader& r) { return r.ListCoderItems("pilot", "x", 0, 9); }).empty());
}

TEST_P(StoreContract, ListsStudiesNewestFirst) {
  Import("s1", 3);
  Import("s2", 2);
  int age = 0;
  for (const char* id : {"new", "mid-b", "mid-a", "old"}) {
    const Study study = MakeStudy(id, now() - absl::Seconds(id[0] == 'm' ? 1 : age));
    ++age;
    const StudyPlan plan = Plan(study);
    ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertStudy(study, plan); }).ok());
  }
  const auto first = Read<std::vector<Study>>([](CodingReader& r) { return r.ListStudies({}, 2); });
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].id, "new");
  EXPECT_EQ(first[1].id, "mid-a");
  const auto rest = Read<std::vector<Study>>([&](CodingReader& r) {
    return r.ListStudies({first[1].create_time, first[1].id}, 9);
  });
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest[0].id, "mid-b");
  EXPECT_EQ(rest[1].id, "old");
}

TEST_P(StoreContract, EveryRuleOfAStudyComesBack) {
  Import("s1", 3);
  Import("s2", 2);
  Study study = MakeStudy("pilot", now());
  study.purpose = StudyPurpose::kTraining;
  study.sample = {{2, 3}, 7};
  study.assignment = {2, {1, 4}, {1, 5}};
  study.adjudicator = "judge";
  study.deadline = now() + absl::Hours(24);
  study.suggestions = SuggestionMode::kBeforeAnswer;
  study.suggestion_rules = "rules@3";
  study.requires_training = "round-one";
  study.passing = {PassingRule::Measure::kKappa, 0.7};
  study.state = StudyState::kPreparing;
  study.item_count = 3;
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.AddStudy(study); }).ok());
  Study back = Read<Study>([](CodingReader& r) { return r.GetStudy("pilot"); });
  EXPECT_EQ(back.purpose, StudyPurpose::kTraining);
  EXPECT_EQ(back.sample.share.numerator, 2);
  EXPECT_EQ(back.sample.share.denominator, 3);
  EXPECT_EQ(back.sample.max_per_session, 7);
  EXPECT_EQ(back.assignment.coders_per_item, 2);
  EXPECT_EQ(back.assignment.overlap.denominator, 4);
  EXPECT_EQ(back.assignment.repeats.numerator, 1);
  EXPECT_EQ(back.assignment.repeats.denominator, 5);
  EXPECT_EQ(back.adjudicator, "judge");
  EXPECT_EQ(back.deadline, study.deadline);
  EXPECT_EQ(back.suggestions, SuggestionMode::kBeforeAnswer);
  EXPECT_EQ(back.suggestion_rules, "rules@3");
  EXPECT_EQ(back.requires_training, "round-one");
  EXPECT_EQ(back.passing.measure, PassingRule::Measure::kKappa);
  EXPECT_EQ(back.passing.minimum, 0.7);
  EXPECT_EQ(back.state, StudyState::kPreparing);
  EXPECT_EQ(back.item_count, 3);
  back.title = "Another";
  back.deadline = absl::InfiniteFuture();
  back.state = StudyState::kAdjudicating;
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.UpdateStudy(back); }).ok());
  back = Read<Study>([](CodingReader& r) { return r.GetStudy("pilot"); });
  EXPECT_EQ(back.title, "Another");
  EXPECT_EQ(back.deadline, absl::InfiniteFuture());
  EXPECT_EQ(back.state, StudyState::kAdjudicating);
  EXPECT_EQ(back.revision, 2);
}

// In parts, as the worker makes a large study.
TEST_P(StoreContract, AStudyIsMadeInPartsThatAreNotedOnce) {
  Import("s1", 3);
  Import("s2", 2);
  const Study study = MakeStudy("pilot", now());
  ASSERT_TRUE(Write([&](CodingWriter& w) -> absl::Status {
                RETURN_IF_ERROR(w.AddStudy(study));
                return w.SetPreparation("pilot", std::nullopt, Preparation{});
              }).ok());
  const auto questions =
      Read<std::vector<SessionQuestions>>([](CodingReader& r) { return r.ListStudyQuestions("pilot", 0, 2); });
  ASSERT_EQ(questions.size(), 2u);
  EXPECT_EQ(questions[0].session, "s2");
  EXPECT_EQ(questions[1].questions.size(), 3u);
  EXPECT_EQ(Read<std::vector<SessionQuestions>>([](CodingReader& r) { return r.ListStudyQuestions("pilot", 1, 2); })[0]
                .session,
            "s1");
  const auto part = [&](const Preparation& expected, const Preparation& next, const std::string& id) {
    return Write([&](CodingWriter& w) -> absl::Status {
      StudyItem item;
      item.key = {id, "s2", 1, next.items};
      item.text = id;
      item.number = static_cast<uint32_t>(expected.items);
      RETURN_IF_ERROR(w.AddStudyItems("pilot", {item}));
      return w.SetPreparation("pilot", expected, next);
    });
  };
  ASSERT_TRUE(part({}, {1, 1, 0}, "item-a").ok());
  EXPECT_TRUE(absl::IsAborted(part({}, {1, 1, 0}, "item-x")));  // somebody else did it: nothing twice
  ASSERT_TRUE(part({1, 1, 0}, {2, 2, 0}, "item-b").ok());
  const auto places = Read<std::vector<ItemPlace>>([](CodingReader& r) { return r.ListItemPlaces("pilot", "", 9); });
  ASSERT_EQ(places.size(), 2u);
  EXPECT_EQ(places[1].item_id, "item-b");
  EXPECT_EQ(places[1].number, 1u);
  EXPECT_EQ(Read<std::vector<ItemPlace>>([](CodingReader& r) { return r.ListItemPlaces("pilot", "item-a", 1); })
                .at(0)
                .item_id,
            "item-b");
  // A batch in two parts, with a repeat in the second; a part that is there cannot come again.
  ASSERT_TRUE(Write([](CodingWriter& w) { return w.AddBatch("pilot", "ca", 1, {{"item-b"}}); }).ok());
  ASSERT_TRUE(Write([](CodingWriter& w) {
                return w.AddBatch("pilot", "ca", 2, {{"item-a"}, {"again", "item-b"}});
              }).ok());
  EXPECT_FALSE(Write([](CodingWriter& w) { return w.AddBatch("pilot", "ca", 1, {{"item-b"}}); }).ok());
  const auto batch =
      Read<std::vector<CoderItem>>([](CodingReader& r) { return r.ListCoderItems("pilot", "ca", 0, 9); });
  ASSERT_EQ(batch.size(), 3u);
  EXPECT_EQ(batch[2].item_id, "again");
  EXPECT_EQ(batch[2].text, "item-b");
  EXPECT_EQ(Read<std::vector<StudyItem>>([](CodingReader& r) {
              return r.ListItemsOf("pilot", {"s1", "s2"});
            }).size(),
            2u);
  EXPECT_EQ(Read<std::vector<ItemPlace>>([](CodingReader& r) { return r.ListItemPlaces("pilot", "", 9); }).size(), 2u);
  const auto key = Read<std::vector<StudyItem>>([](CodingReader& r) { return r.ListKey("pilot", 0, 1); });
  ASSERT_EQ(key.size(), 3u);
  EXPECT_EQ(key[2].repeat_of, "item-b");
  EXPECT_EQ(key[2].key.session, "s2");
  EXPECT_TRUE(Read<std::vector<StudyItem>>([](CodingReader& r) { return r.ListKey("pilot", 1, 2); }).empty());
  const Preparation made = {2, 2, 0};
  EXPECT_TRUE(*Read<std::optional<Preparation>>([](CodingReader& r) { return r.GetPreparation("pilot"); }) == made);
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.SetPreparation("pilot", made, std::nullopt); }).ok());
  EXPECT_FALSE(Read<std::optional<Preparation>>([](CodingReader& r) { return r.GetPreparation("pilot"); }));
  // Given up: nothing of it stays, and its sessions are free.
  ASSERT_TRUE(Write([](CodingWriter& w) { return w.DeleteStudy("pilot"); }).ok());
  EXPECT_TRUE(absl::IsNotFound(Write([](CodingWriter& w) { return w.DeleteStudy("pilot"); })));
  EXPECT_FALSE(Read<bool>([](CodingReader& r) { return r.IsInStudy("s1"); }));
  const auto progress =
      Read<std::map<std::string, BatchProgress>>([](CodingReader& r) { return r.GetProgress("pilot"); });
  EXPECT_TRUE(progress.empty());
}

TEST_P(StoreContract, AnItemKeepsWhatStandsBesideIt) {
  Import("s1", 3);
  Import("s2", 2);
  const Study study = MakeStudy("pilot", now());
  StudyPlan plan = Plan(study);
  plan.items[0].context = "She left. \xF0\x9F\x99\x82";
  plan.items[1].second_text = "Another goal";
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertStudy(study, plan); }).ok());
  const auto get = [&](size_t item) {
    return Read<CoderItem>(
        [&](CodingReader& r) { return r.GetCoderItem("pilot", "ca", plan.items[item].key.item_id); });
  };
  EXPECT_EQ(get(0).context, plan.items[0].context);
  EXPECT_EQ(get(0).second_text, "");
  EXPECT_EQ(get(1).second_text, "Another goal");
  for (const CoderItem& item :
       Read<std::vector<CoderItem>>([](CodingReader& r) { return r.ListCoderItems("pilot", "cb", 0, 9); })) {
    EXPECT_EQ(item.context.empty(), item.item_id != plan.items[0].key.item_id);
    EXPECT_EQ(item.second_text.empty(), item.item_id != plan.items[1].key.item_id);
  }
  int beside = 0;
  for (const StudyItem& item : Read<std::vector<StudyItem>>([](CodingReader& r) {
         return r.ListItemsOf("pilot", {"s1", "s2"});
       })) {
    beside += item.context == plan.items[0].context || item.second_text == "Another goal";
  }
  EXPECT_EQ(beside, 2);
}

// The words of an item's session, for whoever has the item in the batch and for nobody else.
TEST_P(StoreContract, PassagesHaveVoicesInsteadOfSpeakers) {
  const Study study = MakeStudy("pilot", now());
  const StudyPlan plan = StorePlan(study);
  const auto passages = [this](const std::string& coder, const std::string& item) {
    return Read<std::vector<Passage>>([&](CodingReader& r) { return r.ListPassages("pilot", coder, item); });
  };
  const auto read = passages("ca", plan.items[0].key.item_id);
  ASSERT_EQ(read.size(), Turns().size());
  const auto expected = ToPassages(Turns());
  for (size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].number, expected[i].number);
    EXPECT_EQ(read[i].voice, expected[i].voice);
    EXPECT_EQ(read[i].text, expected[i].text);
  }
  EXPECT_TRUE(passages("cx", plan.items[0].key.item_id).empty());
  EXPECT_TRUE(passages("ca", "nowhere").empty());
}

TEST_P(StoreContract, GoldAnswersAreKeptApart) {
  const Study study = MakeStudy("pilot", now());
  const StudyPlan plan = StorePlan(study);
  const auto gold = [&] {
    return Read<std::vector<GoldCode>>([](CodingReader& r) { return r.ListGoldCodes("pilot"); });
  };
  EXPECT_TRUE(gold().empty());
  GoldCode first = {plan.items[0].key.item_id, Code{true, "1"}};
  GoldCode second = {plan.items[1].key.item_id, Code{}};
  second.code.category = "one";
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.PutGoldCodes("pilot", {first, second}); }).ok());
  first.code = Code{false, ""};
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.PutGoldCodes("pilot", {first}); }).ok());
  ASSERT_EQ(gold().size(), 2u);
  for (const GoldCode& stored : gold()) {
    EXPECT_TRUE(SameAnswer(stored.code, stored.item_id == first.item_id ? first.code : second.code));
  }
  EXPECT_TRUE(Read<std::vector<PlacedCode>>([](CodingReader& r) { return r.ListNewestCodes("pilot"); }).empty());
  const std::vector<GoldCode> stray = {{"none", Code{}}};
  EXPECT_FALSE(Write([&](CodingWriter& w) { return w.PutGoldCodes("pilot", stray); }).ok());
}

TEST_P(StoreContract, KeepsTheNewestReportOfAStudyWithItsSessions) {
  const Study study = MakeStudy("pilot", now());
  const StudyPlan plan = StorePlan(study);
  EXPECT_TRUE(absl::IsNotFound(ReadStatus([](CodingReader& r) { return r.GetStudyReport("pilot").status(); })));
  const auto list = [this](int after, int limit) {
    return Read<std::vector<SessionFidelity>>(
        [&](CodingReader& r) { return r.ListSessionFidelity("pilot", after, limit); });
  };
  EXPECT_TRUE(list(0, 10).empty());
  std::vector<SessionFidelity> sessions(3);
  for (size_t i = 0; i < sessions.size(); ++i) {
    sessions[i].session = absl::StrCat("session ", i);
    sessions[i].questions = static_cast<int>(i);
    sessions[i].share = stats::Figure::Of(1.0 / 3);
    sessions[i].nominations = {{"1", 4}};
  }
  const std::string body("\0\xFFnot text", 10);
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.SaveStudyReport({"pilot", now(), body}, sessions); }).ok());
  EXPECT_EQ(Read<StoredReport>([](CodingReader& r) { return r.GetStudyReport("pilot"); }).body, body);
  ASSERT_EQ(list(0, 2).size(), 2u);
  EXPECT_EQ(list(0, 2)[1].session, "session 1");
  ASSERT_EQ(list(2, 2).size(), 1u);
  EXPECT_EQ(list(2, 2)[0].questions, 2);
  EXPECT_EQ(*list(2, 2)[0].share, 1.0 / 3);
  sessions.resize(1);
  const absl::Time later = now() + absl::Hours(1);
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.SaveStudyReport({"pilot", later, "two"}, sessions); }).ok());
  const auto newest = Read<StoredReport>([](CodingReader& r) { return r.GetStudyReport("pilot"); });
  EXPECT_EQ(newest.body, "two");
  EXPECT_EQ(newest.create_time, later);
  EXPECT_EQ(list(0, 10).size(), 1u);
  EXPECT_EQ(Read<int>([](CodingReader& r) { return r.FindStudySession("pilot", "s1"); }), 2);  // after "s2"
  EXPECT_TRUE(absl::IsNotFound(ReadStatus([](CodingReader& r) { return r.FindStudySession("pilot", "s9").status(); })));
}

TEST_P(StoreContract, ClosesAStudy) {
  Study study = MakeStudy("pilot", now());
  const StudyPlan plan = StorePlan(study);
  study.state = StudyState::kClosed;
  study.close_time = now() + absl::Hours(1);
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.UpdateStudy(study); }).ok());
  const Study back = Read<Study>([](CodingReader& r) { return r.GetStudy("pilot"); });
  EXPECT_EQ(back.state, StudyState::kClosed);
  EXPECT_EQ(back.close_time, study.close_time);
  EXPECT_EQ(back.revision, 2);
  study.id = "other";
  EXPECT_TRUE(absl::IsNotFound(Write([&](CodingWriter& w) { return w.UpdateStudy(study); })));
  EXPECT_TRUE(absl::IsNotFound(ReadStatus([](CodingReader& r) { return r.GetStudy("other").status(); })));
}

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_STUDY_CONTRACT_H_
