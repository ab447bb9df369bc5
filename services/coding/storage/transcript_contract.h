#ifndef PLUMBLINE_CODING_STORAGE_TRANSCRIPT_CONTRACT_H_
#define PLUMBLINE_CODING_STORAGE_TRANSCRIPT_CONTRACT_H_

#include <optional>
#include <string>
#include <vector>

#include "coding/storage/store_contract.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

// Transcripts, their turns and questions, what was changed by hand, and what finds duplicates.
namespace plumbline::coding {

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

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_TRANSCRIPT_CONTRACT_H_
