#ifndef PLUMBLINE_CODING_STORAGE_STORE_CONTRACT_H_
#define PLUMBLINE_CODING_STORAGE_STORE_CONTRACT_H_

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/passages.h"
#include "coding/domain/test_frames.h"
#include "coding/storage/load_study.h"
#include "coding/storage/store.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/testing/store_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// What every store of the coding service does. Each test file instantiates it with its own backends.
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
};

TEST_P(StoreContract, TranscriptsComeBackAsTheyWere) {
  Import("s1", 3);
  const auto record = Read<TranscriptRecord>([](CodingReader& r) { return r.GetTranscript("s1"); });
  EXPECT_EQ(record.format, TranscriptFormat::kWebVtt);
  EXPECT_EQ(record.duration_ms, 61'500);
  EXPECT_EQ(record.asker, Role::kSupervisor);
  EXPECT_EQ(record.turn_count, 2);
  EXPECT_EQ(record.question_count, 3);
  EXPECT_EQ(record.create_time, now());
  EXPECT_EQ(record.revision, 1);
  const auto turns = Read<std::vector<Turn>>([](CodingReader& r) { return r.ListTurns("s1"); });
  ASSERT_EQ(turns.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(turns[i].number, Turns()[i].number);
    EXPECT_EQ(turns[i].speaker, Turns()[i].speaker);
    EXPECT_EQ(turns[i].role, Turns()[i].role);
    EXPECT_EQ(turns[i].text, Turns()[i].text);
    EXPECT_EQ(turns[i].start_ms, Turns()[i].start_ms);
    EXPECT_EQ(turns[i].end_ms, Turns()[i].end_ms);
  }
  const auto questions = Read<std::vector<Question>>([](CodingReader& r) { return r.ListQuestions("s1", 1, 1); });
  ASSERT_EQ(questions.size(), 1u);
  EXPECT_EQ(questions[0].order, 2);
  EXPECT_EQ(questions[0].kind, QuestionKind::kTag);
  EXPECT_EQ(questions[0].begin, 2u);
  EXPECT_EQ(questions[0].rule, "rule");
}

TEST_P(StoreContract, WhatAnImportFoundOutComesBack) {
  TranscriptRecord record = Record("s1");
  record.format = TranscriptFormat::kJson;
  record.encoding = "UTF-16LE";
  record.duration_source = DurationSource::kGiven;
  record.word_count = 7;
  record.suggested_turns = 1;
  std::vector<Turn> turns = Turns();
  turns[1].speaker = "A";
  turns[1].suggested_by = "question";
  turns[1].confidence = 0.625;
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertTranscript(record, turns, {}); }).ok());
  const auto back = Read<TranscriptRecord>([](CodingReader& r) { return r.GetTranscript("s1"); });
  EXPECT_EQ(back.format, TranscriptFormat::kJson);
  EXPECT_EQ(back.encoding, "UTF-16LE");
  EXPECT_EQ(back.duration_source, DurationSource::kGiven);
  EXPECT_EQ(back.word_count, 7);
  EXPECT_EQ(back.suggested_turns, 1);
  const auto stored = Read<std::vector<Turn>>([](CodingReader& r) { return r.ListTurns("s1"); });
  ASSERT_EQ(stored.size(), 2u);
  EXPECT_EQ(stored[0].suggested_by, "");
  EXPECT_EQ(stored[1].suggested_by, "question");
  EXPECT_EQ(stored[1].confidence, 0.625);
}

TEST_P(StoreContract, FindsTheSameAndNearlyTheSameWords) {
  const auto put = [&](const std::string& session, const std::optional<Fingerprint>& print) {
    TranscriptRecord record = Record(session);
    record.fingerprint = print;
    ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertTranscript(record, Turns(), {}); }).ok());
  };
  Fingerprint print;
  print.content = 0xFFFF'FFFF'FFFF'FFFEu;  // beyond a signed number
  for (size_t i = 0; i < kSignatureSize; ++i) print.signature[i] = static_cast<uint32_t>(i) * 0x8000'0001u;
  Fingerprint near = print;
  near.content = 2;
  near.signature[0] = 9;  // the first band differs, the others do not
  Fingerprint far = print;
  far.content = 3;
  for (uint32_t& place : far.signature) place += 1;
  put("b", print);
  put("a", print);
  put("c", near);
  put("d", far);
  put("e", std::nullopt);
  using Sessions = std::vector<std::string>;
  const auto same = [&](int limit) {
    return Read<Sessions>([&](CodingReader& r) { return r.FindContent(print.content, limit); });
  };
  EXPECT_EQ(same(9), (Sessions{"a", "b"}));
  EXPECT_EQ(same(1), (Sessions{"a"}));
  const auto found = [&](int limit) {
    Sessions sessions;
    for (const auto& stored :
         Read<std::vector<StoredSignature>>([&](CodingReader& r) { return r.FindNear(print.signature, limit); })) {
      EXPECT_TRUE(stored.session != "c" || stored.signature == near.signature);
      sessions.push_back(stored.session);
    }
    return sessions;
  };
  EXPECT_EQ(found(9), (Sessions{"a", "b", "c"}));
  EXPECT_EQ(found(2), (Sessions{"a", "b"}));
  ASSERT_TRUE(Write([](CodingWriter& w) { return w.DeleteTranscript("a"); }).ok());
  EXPECT_EQ(same(9), (Sessions{"b"}));
  EXPECT_EQ(found(9), (Sessions{"b", "c"}));
  put("a", print);  // nothing of the deleted one is in the way
  EXPECT_EQ(found(1), (Sessions{"a"}));
}

TEST_P(StoreContract, RevisesATranscriptAndKeepsWhatWasDone) {
  Import("s1", 3);
  TranscriptRecord record = Record("s1");
  record.asker = Role::kWorker;
  record.suggested_turns = 2;
  const auto revise = [&](const std::string& detail) {
    return Write([&](CodingWriter& w) {
      return w.ReviseTranscript(record, {Turns()[0]}, Questions(1, "other"),
                                {{0, now(), "ann", detail}, {0, now() + absl::Seconds(1), "ann", "more"}});
    });
  };
  ASSERT_TRUE(revise("split turn 1 at byte 3").ok());
  ASSERT_TRUE(revise("again").ok());
  const auto back = Read<TranscriptRecord>([](CodingReader& r) { return r.GetTranscript("s1"); });
  EXPECT_EQ(back.asker, Role::kWorker);
  EXPECT_EQ(back.turn_count, 1);
  EXPECT_EQ(back.question_count, 1);
  EXPECT_EQ(back.suggested_turns, 2);
  EXPECT_EQ(back.revision, 3);
  EXPECT_EQ(back.duration_ms, 61'500);
  EXPECT_EQ(Read<std::vector<Turn>>([](CodingReader& r) { return r.ListTurns("s1"); }).size(), 1u);
  EXPECT_EQ(Read<std::vector<Question>>([](CodingReader& r) { return r.ListQuestions("s1", 0, 9); })[0].text,
            "other 1");
  const auto changes = [&](int after, int limit) {
    return Read<std::vector<TranscriptChange>>(
        [&](CodingReader& r) { return r.ListTranscriptChanges("s1", after, limit); });
  };
  ASSERT_EQ(changes(0, 9).size(), 4u);
  EXPECT_EQ(changes(0, 9)[0].detail, "split turn 1 at byte 3");
  EXPECT_EQ(changes(0, 9)[0].actor, "ann");
  EXPECT_EQ(changes(0, 9)[1].time, now() + absl::Seconds(1));
  ASSERT_EQ(changes(2, 1).size(), 1u);
  EXPECT_EQ(changes(2, 1)[0].number, 3);
  record.session = "s9";
  EXPECT_TRUE(absl::IsNotFound(revise("no such transcript")));
  EXPECT_TRUE(Write([](CodingWriter& w) { return w.DeleteTranscript("s1"); }).ok());
  EXPECT_TRUE(changes(0, 9).empty());
}

TEST_P(StoreContract, TranscriptsAreUniqueAndDeletable) {
  Import("s1", 1);
  const auto again = Write([&](CodingWriter& w) { return w.InsertTranscript(Record("s1"), {}, {}); });
  EXPECT_EQ(again.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(GetErrorDetail(again)->metadata.at("resource"), "transcripts/s1");
  EXPECT_TRUE(Write([](CodingWriter& w) { return w.DeleteTranscript("s1"); }).ok());
  EXPECT_TRUE(absl::IsNotFound(Write([](CodingWriter& w) { return w.DeleteTranscript("s1"); })));
  EXPECT_TRUE(absl::IsNotFound(ReadStatus([](CodingReader& r) { return r.GetTranscript("s1").status(); })));
  EXPECT_TRUE(Read<std::vector<Question>>([](CodingReader& r) { return r.ListQuestions("s1", 0, 9); }).empty());
}

TEST_P(StoreContract, ListsTranscriptsInPages) {
  for (const char* session : {"c", "a", "b"}) Import(session, 1);
  const auto first = Read<std::vector<TranscriptRecord>>([](CodingReader& r) { return r.ListTranscripts("", 2); });
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].session, "a");
  EXPECT_EQ(first[1].session, "b");
  const auto rest = Read<std::vector<TranscriptRecord>>([](CodingReader& r) { return r.ListTranscripts("b", 2); });
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].session, "c");
}

TEST_P(StoreContract, ReplacesQuestions) {
  Import("s1", 3);
  ASSERT_TRUE(Write([](CodingWriter& w) { return w.ReplaceQuestions("s1", Questions(1, "other"), {}); }).ok());
  const auto record = Read<TranscriptRecord>([](CodingReader& r) { return r.GetTranscript("s1"); });
  EXPECT_EQ(record.question_count, 1);
  EXPECT_EQ(record.revision, 2);
  const auto questions = Read<std::vector<Question>>([](CodingReader& r) { return r.ListQuestions("s1", 0, 9); });
  ASSERT_EQ(questions.size(), 1u);
  EXPECT_EQ(questions[0].text, "other 1");
  EXPECT_TRUE(absl::IsNotFound(Write([](CodingWriter& w) { return w.ReplaceQuestions("s9", {}, {}); })));
}

TEST_P(StoreContract, AQuestionKeepsHowSureItsRuleIs) {
  std::vector<Question> questions = Questions(3);
  questions[0].confidence = 0.55;
  questions[2].confidence = 0;
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertTranscript(Record("s1"), Turns(), questions); }).ok());
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertTranscript(Record("s2"), Turns(), {}); }).ok());
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.ReplaceQuestions("s2", questions, {}); }).ok());
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.AddStudy(MakeStudy("pilot", now())); }).ok());
  const auto sure = [](const std::vector<Question>& stored) {
    std::vector<double> out;
    for (const Question& question : stored) out.push_back(question.confidence);
    return out;
  };
  for (const char* session : {"s1", "s2"}) {
    const auto stored =
        Read<std::vector<Question>>([&](CodingReader& r) { return r.ListQuestions(session, 0, kAllQuestions); });
    EXPECT_THAT(sure(stored), ::testing::ElementsAre(0.55, 1, 0)) << session;
  }
  const auto of_study =
      Read<std::vector<SessionQuestions>>([](CodingReader& r) { return r.ListStudyQuestions("pilot", 0, 9); });
  ASSERT_EQ(of_study.size(), 2u);
  EXPECT_THAT(sure(of_study[0].questions), ::testing::ElementsAre(0.55, 1, 0));
}

// Told by the record, since a question that was dropped leaves no row; whatever ListTranscripts and the like answer.
TEST_P(StoreContract, ARecordSaysThatQuestionsWereMadeByHand) {
  const auto by_hand = [&](const std::string& session) {
    const auto record = Read<TranscriptRecord>([&](CodingReader& r) { return r.GetTranscript(session); });
    const auto listed = Read<std::vector<TranscriptRecord>>([](CodingReader& r) { return r.ListTranscripts("", 9); });
    const auto found =
        Read<std::vector<TranscriptRecord>>([&](CodingReader& r) { return r.FindTranscripts({session}); });
    EXPECT_EQ(found.at(0).questions_by_hand, record.questions_by_hand);
    for (const TranscriptRecord& other : listed) {
      EXPECT_TRUE(other.session != session || other.questions_by_hand == record.questions_by_hand);
    }
    return record.questions_by_hand;
  };
  Import("s1", 3);
  EXPECT_FALSE(by_hand("s1"));
  TranscriptRecord imported = Record("s2");
  imported.questions_by_hand = true;
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertTranscript(imported, {}, Questions(1)); }).ok());
  EXPECT_TRUE(by_hand("s2"));
  ASSERT_TRUE(Write([](CodingWriter& w) { return w.ReplaceQuestions("s1", Questions(2), {}); }).ok());
  EXPECT_TRUE(by_hand("s1"));
  ASSERT_TRUE(Write([](CodingWriter& w) { return w.ReplaceQuestions("s1", {}, {}); }).ok());
  EXPECT_TRUE(by_hand("s1"));
  const auto revise = [&](bool mark) {
    TranscriptRecord record = Record("s1");
    record.questions_by_hand = mark;
    return Write([&](CodingWriter& w) { return w.ReviseTranscript(record, Turns(), Questions(1), {}); });
  };
  ASSERT_TRUE(revise(false).ok());
  EXPECT_FALSE(by_hand("s1"));
  ASSERT_TRUE(revise(true).ok());
  EXPECT_TRUE(by_hand("s1"));
}

TEST_P(StoreContract, CorrectionsOfQuestionsStandInTheSameHistoryAsThoseOfTurns) {
  Import("s1", 3);
  Import("s2", 3);
  const auto change = [](const std::string& detail) { return TranscriptChange{0, now(), "ann", detail}; };
  ASSERT_TRUE(Write([&](CodingWriter& w) {
                return w.ReviseTranscript(Record("s1"), Turns(), Questions(2), {change("split turn 3 at byte 17")});
              }).ok());
  ASSERT_TRUE(Write([&](CodingWriter& w) {
                return w.ReplaceQuestions("s1", Questions(1), {change("drop question 1"), change("drop question 1")});
              }).ok());
  // What is refused leaves neither questions nor history behind.
  EXPECT_TRUE(absl::IsCancelled(Write([&](CodingWriter& w) -> absl::Status {
    RETURN_IF_ERROR(w.ReplaceQuestions("s1", {}, {change("given up")}));
    return absl::CancelledError("given up");
  })));
  const auto changes =
      Read<std::vector<TranscriptChange>>([](CodingReader& r) { return r.ListTranscriptChanges("s1", 0, 9); });
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0].detail, "split turn 3 at byte 17");
  EXPECT_EQ(changes[1].detail, "drop question 1");
  EXPECT_EQ(changes[2].number, 3);
  EXPECT_EQ(changes[2].time, now());
  EXPECT_EQ(changes[2].actor, "ann");
  const auto record = Read<TranscriptRecord>([](CodingReader& r) { return r.GetTranscript("s1"); });
  EXPECT_EQ(record.question_count, 1);
  EXPECT_EQ(record.turn_count, 2);
  EXPECT_EQ(record.revision, 3);
  EXPECT_TRUE(
      Read<std::vector<TranscriptChange>>([](CodingReader& r) { return r.ListTranscriptChanges("s2", 0, 9); }).empty());
}

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
  Import("s1", 3);
  Import("s2", 2);
  const Study study = MakeStudy("pilot", now());
  const StudyPlan plan = Plan(study);
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertStudy(study, plan); }).ok());
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

TEST_P(StoreContract, KeepsEveryVersionOfACodeAndCountsTheNewest) {
  Import("s1", 3);
  Import("s2", 2);
  const Study study = MakeStudy("pilot", now());
  const StudyPlan plan = Plan(study);
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertStudy(study, plan); }).ok());
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

// What results, adjudication and drift checks read.
TEST_P(StoreContract, ListsItemsWithTheirCodesBySession) {
  Import("s1", 3);
  Import("s2", 2);
  Study study = MakeStudy("pilot", now());
  study.assignment = {1, {1, 1}, {1, 4}};
  study.adjudicator = "judge";
  const StudyPlan plan = Plan(study);
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertStudy(study, plan); }).ok());
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
  Import("s1", 3);
  Import("s2", 2);
  const Study study = MakeStudy("pilot", now());
  const StudyPlan plan = Plan(study);
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertStudy(study, plan); }).ok());
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
  Import("s1", 3);
  Import("s2", 2);
  const Study study = MakeStudy("pilot", now());
  const StudyPlan plan = Plan(study);
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertStudy(study, plan); }).ok());
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
  Import("s1", 3);
  Import("s2", 2);
  const Study study = MakeStudy("pilot", now());
  const StudyPlan plan = Plan(study);
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertStudy(study, plan); }).ok());
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
  Import("s1", 3);
  Import("s2", 2);
  const Study study = MakeStudy("pilot", now());
  const StudyPlan plan = Plan(study);
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertStudy(study, plan); }).ok());
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
  Import("s1", 3);
  Import("s2", 2);
  const Study study = MakeStudy("pilot", now());
  const StudyPlan plan = Plan(study);
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertStudy(study, plan); }).ok());
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
  Import("s1", 3);
  Import("s2", 2);
  Study study = MakeStudy("pilot", now());
  const StudyPlan plan = Plan(study);
  ASSERT_TRUE(Write([&](CodingWriter& w) { return w.InsertStudy(study, plan); }).ok());
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

#endif  // PLUMBLINE_CODING_STORAGE_STORE_CONTRACT_H_
