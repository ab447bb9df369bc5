#ifndef PLUMBLINE_CODING_STORAGE_STORE_CONTRACT_H_
#define PLUMBLINE_CODING_STORAGE_STORE_CONTRACT_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/storage/load_study.h"
#include "coding/storage/store.h"
#include "common/base/ids.h"
#include "common/testing/store_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// What every store of the coding service does: the fixture; the tests stand in transcript_contract.h, study_contract.h
// and code_contract.h. Each test file instantiates them with its own backends.
namespace plumbline::coding {

using OpenStore = plumbline::testing::OpenStore<CodingReader, CodingWriter>;
using StoreBackend = plumbline::testing::StoreBackend<CodingReader, CodingWriter>;

class StoreContract : public plumbline::testing::StoreFixture<CodingReader, CodingWriter> {
 protected:
  static absl::Time now() { return At(0); }

  TranscriptRecord Record(const std::string& session) {
    TranscriptRecord record;
    record.session = session;
    record.format = TranscriptFormat::kWebVtt;
    record.duration_ms = 61'500;
    record.asker = Role::kSupervisor;
    record.create_time = now();
    return record;
  }
  static std::vector<Turn> Turns() {
    return {{1, "Supervisor", Role::kSupervisor, "How is she? \xF0\x9F\x99\x82", 0, 1500},
            {2, "", Role::kUnknown, "Fine \xE2\x80\x93 'so' \"so\"", std::nullopt, std::nullopt}};
  }
  static std::vector<Question> Questions(int count, const std::string& word = "question") {
    std::vector<Question> questions;
    for (int i = 1; i <= count; ++i) {
      questions.push_back({i, i, absl::StrCat(word, " ", i), QuestionKind::kTag, "rule", static_cast<size_t>(i),
                           static_cast<size_t>(9)});
    }
    return questions;
  }
  static Frame NewFrame(const std::string& id, int version) {
    return {id,
            version,
            absl::StrCat("Title ", version),
            FrameKind::kNominatedList,
            {{"1", "One", ""}},
            Fraction{1, 3},
            0,
            0,
            {},
            "a source"};
  }
  void Import(const std::string& session, int questions) {
    ASSERT_TRUE(Write([&](CodingWriter& w) {
                  return w.InsertTranscript(Record(session), Turns(), Questions(questions));
                }).ok());
  }
  Study MakeStudy(const std::string& id, absl::Time created) {
    Study study;
    study.id = id;
    study.title = "A study";
    study.frame_id = "list";
    study.frame_version = 1;
    study.sessions = {"s2", "s1"};
    study.coders = {"cb", "ca"};
    study.seed = 18'446'744'073'709'551'615u;
    study.create_time = created;
    return study;
  }
  StudyPlan Plan(const Study& study) {
    SeededIds ids(5);
    auto plan = PlanStudy(study, NewFrame("list", 1), {{"s2", Questions(2)}, {"s1", Questions(3)}}, ids);
    EXPECT_TRUE(plan.ok()) << plan.status();
    return *std::move(plan);
  }
  // With the sessions that it takes its items from.
  StudyPlan StorePlan(const Study& study) {
    Import("s1", 3);
    Import("s2", 2);
    const StudyPlan plan = Plan(study);
    EXPECT_TRUE(Write([&](CodingWriter& w) { return w.InsertStudy(study, plan); }).ok());
    return plan;
  }
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_STORE_CONTRACT_H_
