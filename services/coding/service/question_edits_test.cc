#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/questions.h"
#include "coding/service/test_fixture.h"

// Corrections of questions by hand, what they leave behind, and what they keep others from.
namespace plumbline::coding {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Transcripts = v1::TranscriptService::Stub;

class QuestionEditsTest : public CodingServiceTest {
 protected:
  std::vector<std::string> History(const std::string& session) {
    v1::ListTranscriptChangesRequest request;
    request.set_parent("transcripts/" + session);
    v1::ListTranscriptChangesResponse response;
    EXPECT_TRUE(Call(*transcripts_, &Transcripts::ListTranscriptChanges, request, &response).ok());
    std::vector<std::string> details;
    for (const v1::TranscriptChange& change : response.changes()) {
      details.push_back(absl::StrCat(change.number(), " ", change.actor(), ": ", change.detail()));
      EXPECT_TRUE(change.has_time());
    }
    return details;
  }

  static v1::EditQuestionsRequest Of(const std::string& session) {
    v1::EditQuestionsRequest request;
    request.set_name("transcripts/" + session);
    return request;
  }

  static v1::EditQuestionsRequest Drop(const std::string& session, int question) {
    v1::EditQuestionsRequest request = Of(session);
    request.add_edits()->mutable_drop()->set_question(question);
    return request;
  }

  static void Add(int turn, int begin, int end, v1::QuestionKind kind, v1::EditQuestionsRequest& request) {
    v1::AddQuestion& add = *request.add_edits()->mutable_add();
    add.set_turn(turn);
    add.set_start_offset(begin);
    add.set_end_offset(end);
    add.set_kind(kind);
  }

  absl::Status Edit(const v1::EditQuestionsRequest& request, v1::EditQuestionsResponse* response = nullptr) {
    v1::EditQuestionsResponse own;
    return CallAs("ann", *transcripts_, &Transcripts::EditQuestions, request, response == nullptr ? &own : response);
  }

  absl::Status MergeTurns(const std::string& session, bool drop) {
    v1::EditTurnsRequest request;
    request.set_name("transcripts/" + session);
    request.add_edits()->mutable_merge()->set_turn(1);
    request.set_drop_questions_by_hand(drop);
    v1::EditTurnsResponse response;
    return Call(*transcripts_, &Transcripts::EditTurns, request, &response);
  }

  absl::Status SetSpeakers(const std::string& session, bool drop) {
    v1::UpdateTranscriptSpeakersRequest request;
    request.set_name("transcripts/" + session);
    request.add_speakers()->set_label("Worker");
    request.mutable_speakers(0)->set_role(v1::SPEAKER_ROLE_PARENT);
    request.set_drop_questions_by_hand(drop);
    v1::UpdateTranscriptSpeakersResponse response;
    return Call(*transcripts_, &Transcripts::UpdateTranscriptSpeakers, request, &response);
  }

  absl::Status ImportCsv(const std::string& csv) {
    v1::ImportQuestionsRequest request;
    request.set_csv(csv);
    v1::ImportQuestionsResponse response;
    return Call(*transcripts_, &Transcripts::ImportQuestions, request, &response);
  }
};

TEST_F(QuestionEditsTest, QuestionsAreCorrectedByHandWithAHistory) {
  ASSERT_TRUE(Import("a", "Supervisor: What does she want? How will she know?\nWorker: Hm.\n").ok());
  const v1::Transcript before = GetTranscript("a");
  v1::EditQuestionsRequest request = Of("a");
  request.set_etag("stale");
  request.add_edits()->mutable_merge()->set_question(1);
  request.add_edits()->mutable_split()->set_question(1);
  request.mutable_edits(1)->mutable_split()->set_offset(20);  // where it was
  v1::ChangeQuestion& change = *request.add_edits()->mutable_change();
  change.set_question(2);
  change.set_start_offset(24);
  change.set_kind(v1::QUESTION_KIND_TAG);
  Add(2, 0, 2, v1::QUESTION_KIND_UNSPECIFIED, request);
  request.add_edits()->mutable_drop()->set_question(1);
  EXPECT_EQ(Reason(Edit(request)), "STALE_ETAG");
  EXPECT_EQ(Edit(request).code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(History("a").empty());

  request.set_etag(before.etag());
  v1::EditQuestionsResponse edited;
  const absl::Status status = Edit(request, &edited);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_THAT(QuestionTexts("a"), ElementsAre("will she know?", "Hm"));
  ASSERT_EQ(edited.questions_size(), 2);
  const v1::Question& moved = edited.questions(0);
  EXPECT_EQ(moved.name(), "transcripts/a/questions/1");
  EXPECT_EQ(moved.kind(), v1::QUESTION_KIND_TAG);
  EXPECT_EQ(moved.rule(), "by-hand");
  EXPECT_EQ(moved.confidence(), 1);
  EXPECT_EQ(moved.start_offset(), 24);
  EXPECT_EQ(moved.end_offset(), 38);
  EXPECT_EQ(edited.questions(1).turn(), 2);
  EXPECT_EQ(edited.questions(1).kind(), v1::QUESTION_KIND_DIRECT);
  EXPECT_TRUE(edited.questions(1).has_start_offset());  // though it is 0
  EXPECT_EQ(edited.transcript().question_count(), 2);
  EXPECT_EQ(edited.transcript().turns_size(), 0);
  EXPECT_EQ(edited.transcript().etag(), GetTranscript("a").etag());
  EXPECT_NE(edited.transcript().etag(), before.etag());
  EXPECT_EQ(GetTranscript("a").turns_size(), 2);
  EXPECT_THAT(
      History("a"),
      ElementsAre("1 ann: merge question 1 (turn 1, bytes 0-19) with question 2 (turn 1, bytes 20-38)",
                  "2 ann: split question 1 (turn 1, bytes 0-38) at byte 20",
                  "3 ann: change question 2 (turn 1, bytes 20-38), direct, to bytes 24-38, tag",
                  "4 ann: add question 3 (turn 2, bytes 0-2, direct)", "5 ann: drop question 1 (turn 1, bytes 0-19)"));
  const auto audit = store_->audit();
  EXPECT_EQ(audit.back().actor, "ann");
  EXPECT_EQ(audit.back().entry.action, "transcript.edit_questions");
  EXPECT_EQ(audit.back().entry.resource, "transcripts/a");
  EXPECT_EQ(audit.back().entry.detail, "changes=5 questions=2");
}

TEST_F(QuestionEditsTest, AQuestionShowsHowSureItsRuleIs) {
  const std::string talk = "Supervisor: What does she want? Him?\nWorker: Hm.\n";
  v1::ExtractQuestionsRequest extract;
  extract.mutable_source()->set_content(talk);
  v1::ExtractQuestionsResponse extracted;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ExtractQuestions, extract, &extracted).ok());
  ASSERT_TRUE(Import("a", talk).ok());
  const std::vector<v1::Question> listed = Questions("a");
  ASSERT_EQ(listed.size(), 2u);
  ASSERT_EQ(extracted.questions_size(), 2);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(listed[static_cast<size_t>(i)].confidence(), extracted.questions(i).confidence());
  }
  EXPECT_GE(listed[0].confidence(), 0.85);  // a question word
  EXPECT_LT(listed[1].confidence(), listed[0].confidence());
  EXPECT_GE(listed[1].confidence(), kMinConfidence);
  ASSERT_TRUE(ImportCsv("session,turn,question\na,1,Why?\n").ok());
  EXPECT_EQ(Questions("a")[0].confidence(), 1);
}

TEST_F(QuestionEditsTest, ARepeatedRequestGetsTheFirstAnswerAndChangesNothing) {
  ImportTwo();
  v1::EditQuestionsRequest request = Drop("a", 1);
  request.set_request_id("once");
  v1::EditQuestionsResponse first;
  v1::EditQuestionsResponse second;
  ASSERT_TRUE(Edit(request, &first).ok());
  ASSERT_TRUE(Edit(request, &second).ok());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  EXPECT_THAT(QuestionTexts("a"), ElementsAre("How will she know?"));
  EXPECT_EQ(History("a").size(), 1u);
  request.mutable_edits(0)->mutable_drop()->set_question(2);
  EXPECT_EQ(Reason(Edit(request)), "REQUEST_ID_REUSED");
}

// A question that was dropped leaves no row that would tell of it.
TEST_F(QuestionEditsTest, HandCorrectedQuestionsAreNotExtractedAnewUnlessDropped) {
  v1::EditQuestionsRequest changed = Of("b");
  changed.add_edits()->mutable_change()->set_question(2);
  changed.mutable_edits(0)->mutable_change()->set_kind(v1::QUESTION_KIND_TAG);
  ImportTwo();
  for (const v1::EditQuestionsRequest& request : {changed, Drop("b", 3)}) {
    ASSERT_TRUE(Edit(request).ok());
    const std::vector<std::string> texts = QuestionTexts("b");
    EXPECT_EQ(Reason(MergeTurns("b", false)), "QUESTIONS_BY_HAND");
    EXPECT_EQ(Reason(SetSpeakers("b", false)), "QUESTIONS_BY_HAND");
    EXPECT_EQ(QuestionTexts("b"), texts);
    ASSERT_TRUE(SetSpeakers("b", true).ok());
    EXPECT_EQ(QuestionTexts("b").size(), 3u);  // as extracted
    // Now nothing was made by hand any more.
    ASSERT_TRUE(SetSpeakers("b", false).ok());
  }
  // The last of all: a transcript without questions is by hand as well.
  v1::EditQuestionsRequest all = Of("a");
  for (int i = 0; i < 2; ++i) all.add_edits()->mutable_drop()->set_question(1);
  v1::EditQuestionsResponse edited;
  ASSERT_TRUE(Edit(all, &edited).ok());
  EXPECT_EQ(edited.transcript().question_count(), 0);
  EXPECT_EQ(Reason(MergeTurns("a", false)), "QUESTIONS_BY_HAND");
  ASSERT_TRUE(MergeTurns("a", true).ok());
  EXPECT_FALSE(QuestionTexts("a").empty());
}

TEST_F(QuestionEditsTest, ImportedQuestionsCanBeDroppedAndCountAsMadeByHand) {
  ASSERT_TRUE(ImportCsv("session,turn,question\nnew,1,Secretword one?\nnew,1,Secretword two?\n").ok());
  v1::EditQuestionsRequest request = Of("new");
  request.add_edits()->mutable_merge()->set_question(1);
  const absl::Status refused = Edit(request);
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("edits[0].question: value \"1\": was imported"));
  EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("ecretword")));
  request = Of("new");
  Add(1, 0, 5, v1::QUESTION_KIND_DIRECT, request);
  EXPECT_THAT(std::string(Edit(request).message()), HasSubstr("edits[0].turn"));
  ASSERT_TRUE(Edit(Drop("new", 1)).ok());
  EXPECT_THAT(QuestionTexts("new"), ElementsAre("Secretword two?"));
  EXPECT_THAT(History("new"), ElementsAre("1 ann: drop question 1 (turn 1, imported)"));
  // An import takes the place of corrections, and is by hand again.
  ASSERT_TRUE(Import("a", "Supervisor: Why? How so?\nWorker: Hm.\n").ok());
  ASSERT_TRUE(Edit(Drop("a", 1)).ok());
  ASSERT_TRUE(ImportCsv("session,turn,question\na,1,Why?\n").ok());
  EXPECT_THAT(History("a").back(), HasSubstr("questions imported: 1 take the place of 1 made by hand"));
  EXPECT_EQ(Reason(MergeTurns("a", false)), "QUESTIONS_BY_HAND");
  ASSERT_TRUE(MergeTurns("a", true).ok());
  EXPECT_THAT(History("a").back(), HasSubstr("take the place of 1 made by hand"));
}

// As a program of the version before left them, which did not know the mark.
TEST_F(QuestionEditsTest, ImportedQuestionsWithoutTheMarkCountAsMadeByHandToo) {
  TranscriptRecord record;
  record.session = "old";
  record.create_time = clock_.Now();
  Turn turn;
  turn.number = 1;
  turn.speaker = "Supervisor";
  turn.role = Role::kSupervisor;
  turn.text = "Why? How so?";
  std::vector<Turn> turns = {turn, turn};
  turns[1].number = 2;
  ASSERT_TRUE(store_
                  ->Write({"tester", "Test/Write", "", "", clock_.Now()},
                          [&](CodingWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
                            const Question question{1, 1, "Why?", QuestionKind::kDirect, kImportedRule, 0, 0, 0};
                            const absl::Status inserted = writer.InsertTranscript(record, turns, {question});
                            if (!inserted.ok()) return inserted;
                            return jobs::WriteResult{};
                          })
                  .ok());
  EXPECT_FALSE(Questions("old")[0].has_confidence());  // which such a program did not keep either
  EXPECT_EQ(Reason(MergeTurns("old", false)), "QUESTIONS_BY_HAND");
  EXPECT_TRUE(MergeTurns("old", true).ok());
}

TEST_F(QuestionEditsTest, RefusesByFieldAllOrNone) {
  ImportTwo();
  const auto field = [&](const v1::EditQuestionsRequest& request) {
    const absl::Status status = Edit(request);
    const auto detail = GetErrorDetail(status);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("up to date")));  // what was said
    return detail && !detail->violations.empty() ? detail->violations[0].field : status.ToString();
  };
  EXPECT_EQ(field(v1::EditQuestionsRequest()), "name");
  EXPECT_EQ(field(Of("b")), "edits");
  v1::EditQuestionsRequest request = Of("b");
  for (int i = 0; i < 1001; ++i) request.add_edits()->mutable_drop()->set_question(1);
  EXPECT_EQ(field(request), "edits");
  request = Drop("b", 1);
  request.add_edits();
  EXPECT_EQ(field(request), "edits[1].edit");
  Add(1, -1, -2, static_cast<v1::QuestionKind>(77), request);
  const auto detail = GetErrorDetail(Edit(request));
  ASSERT_TRUE(detail.has_value());
  ASSERT_EQ(detail->violations.size(), 4u);  // all that is wrong whatever the transcript
  EXPECT_EQ(detail->violations[1].field, "edits[2].start_offset");
  EXPECT_EQ(detail->violations[2].field, "edits[2].end_offset");
  EXPECT_EQ(detail->violations[3].field, "edits[2].kind");
  request = Of("b");
  request.add_edits()->mutable_change()->set_question(1);
  EXPECT_EQ(field(request), "edits[0].change");
  request.mutable_edits(0)->mutable_change()->set_end_offset(-1);
  EXPECT_EQ(field(request), "edits[0].end_offset");
  request = Of("b");
  request.add_edits()->mutable_split()->set_offset(-3);
  EXPECT_EQ(field(request), "edits[0].offset");
  request = Drop("b", 1);
  Add(1, 3, 9, v1::QUESTION_KIND_DIRECT, request);
  Add(1, 0, 9, v1::QUESTION_KIND_DIRECT, request);  // over the one before it
  EXPECT_EQ(field(request), "edits[2].start_offset");
  EXPECT_EQ(Questions("b").size(), 3u);
  EXPECT_TRUE(History("b").empty());
  EXPECT_TRUE(SetSpeakers("b", false).ok());  // nothing counts as made by hand
  EXPECT_EQ(Edit(Drop("none", 1)).code(), absl::StatusCode::kNotFound);
}

TEST_F(QuestionEditsTest, AStudyTakesTheCorrectedQuestionsAndThenTheyStay) {
  ImportTwo();
  v1::EditQuestionsRequest request = Drop("b", 1);
  Add(2, 0, 4, v1::QUESTION_KIND_CHECK, request);
  ASSERT_TRUE(Edit(request).ok());
  v1::CreateStudyResponse created;
  ASSERT_TRUE(CreateStudy("pilot", &created).ok());
  EXPECT_EQ(created.study().item_count(), 5);
  std::vector<std::string> texts;
  for (const v1::Item& item : Items("c1")) texts.push_back(item.text());
  EXPECT_THAT(texts, ::testing::Contains("Yes."));
  EXPECT_THAT(texts, Not(::testing::Contains("Is it up to date?")));
  const absl::Status refused = Edit(Drop("b", 1));
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Reason(refused), "TRANSCRIPT_IN_USE");
  EXPECT_EQ(History("b").size(), 2u);
}

}  // namespace
}  // namespace plumbline::coding
