#include <string>

#include "absl/strings/ascii.h"
#include "coding/service/test_fixture.h"
#include "coding/worker/batch_import.h"

// What an import reports before anything is stored, duplicates, and corrections by hand.
namespace plumbline::coding {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Transcripts = v1::TranscriptService::Stub;

// Long enough to be told from others; `salt` makes it another.
std::string Talk(const std::string& salt, int turns = 12) {
  std::string text;
  for (int i = 0; i < turns; ++i) {
    absl::StrAppend(&text, "Supervisor: What did ", salt, " say about number ", i, "?\nWorker: It was fine, ", salt, i,
                    " said so.\n");
  }
  return text;
}

class TranscriptImportTest : public CodingServiceTest {
 protected:
  absl::Status Validate(const std::string& session, const std::string& content, v1::ValidationReport* report) {
    v1::ImportTranscriptRequest request;
    request.mutable_source()->set_session(session);
    request.mutable_source()->set_content(content);
    request.set_validate_only(true);
    v1::ImportTranscriptResponse response;
    const absl::Status status = Call(*transcripts_, &Transcripts::ImportTranscript, request, &response);
    *report = response.report();
    return status;
  }

  absl::Status Edit(const v1::EditTurnsRequest& request, v1::EditTurnsResponse* response = nullptr) {
    v1::EditTurnsResponse own;
    return Call(*transcripts_, &Transcripts::EditTurns, request, response == nullptr ? &own : response);
  }
};

TEST_F(TranscriptImportTest, AReportSaysWhatAnImportFinds) {
  v1::ValidationReport report;
  ASSERT_TRUE(Validate("a",
                       "WEBVTT\n\n00:00.000 --> 00:04.000\n<v Supervisor>How is she? And him?\n\n"
                       "00:03.000 --> 00:05.000\n<v Jo>Fine, yes.\n\n00:20.000 --> 00:21.000\n<v Supervisor>Caf\xE9.\n",
                       &report)
                  .ok());
  EXPECT_TRUE(report.importable());
  EXPECT_EQ(report.format(), v1::TRANSCRIPT_FORMAT_WEBVTT);
  EXPECT_EQ(report.encoding(), "Windows-1252");
  EXPECT_EQ(report.turn_count(), 3);
  EXPECT_EQ(report.word_count(), 8);
  EXPECT_EQ(report.question_count(), 2);
  EXPECT_EQ(report.asker(), v1::SPEAKER_ROLE_SUPERVISOR);
  ASSERT_EQ(report.speakers_size(), 2);
  EXPECT_EQ(report.speakers(0).label(), "Supervisor");
  EXPECT_EQ(report.speakers(0).turn_count(), 2);
  EXPECT_EQ(report.speakers(1).role(), v1::SPEAKER_ROLE_UNSPECIFIED);
  EXPECT_FALSE(report.speakers_suggested());
  EXPECT_EQ(report.timed_turn_count(), 3);
  EXPECT_EQ(report.overlap_count(), 1);
  EXPECT_EQ(report.longest_overlap().seconds(), 1);
  EXPECT_EQ(report.gap_count(), 1);
  EXPECT_EQ(report.longest_gap().seconds(), 15);
  EXPECT_EQ(report.duration().seconds(), 21);
  EXPECT_EQ(report.duration_source(), v1::DURATION_SOURCE_TIMINGS);
  EXPECT_EQ(report.warnings_size(), 3);  // encoding, overlap, Jo's role
  EXPECT_EQ(report.error_count(), 0);
  EXPECT_TRUE(store_->state().transcripts.empty());
}

TEST_F(TranscriptImportTest, AReportListsEverythingThatIsWrong) {
  v1::ValidationReport report;
  ASSERT_TRUE(Validate("a",
                       "WEBVTT\n\n00:02.000 --> 00:01.000\nhi.\n\nbad\nworse\n\n00:03.000 --> 00:04.000\n<v Jo>Yes.\n",
                       &report)
                  .ok());
  EXPECT_FALSE(report.importable());
  EXPECT_EQ(report.error_count(), 2);
  ASSERT_EQ(report.errors_size(), 2);
  EXPECT_EQ(report.errors(0).field(), "source.content, line 3");
  EXPECT_EQ(report.errors(1).field(), "source.content, line 6");
  EXPECT_EQ(report.turn_count(), 1);
  // The import itself refuses, with the same.
  const absl::Status refused = Import("a", "WEBVTT\n\n00:02.000 --> 00:01.000\nhi.\n\nbad\nworse\n\n");
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorDetail(refused)->violations.size(), 2u);
  // A request that is wrong in itself has no report.
  EXPECT_EQ(Validate("Not An Id", "Jo: a\n", &report).code(), absl::StatusCode::kInvalidArgument);
}

// What was said is nowhere in errors and warnings, which may be logged and stored.
TEST_F(TranscriptImportTest, ErrorsAndWarningsQuoteNothingThatWasSaid) {
  for (const char* text :
       {"secretword and more\n", "WEBVTT\n\nsecretword\nsecretword\n\n00:02.000 --> 00:01.000\nsecretword\n",
        "1\n00:00:09,000 --> 00:00:01,000\nsecretword\n\nsecretword 2\n",
        "speaker,text,start\nA,secretword,x\nA,secretword,2\n",
        "[{\"text\": \"secretword\", \"start\": -1}, {\"text\": \"secretword\\u0001\"}]",
        "WEBVTT\n\n00:02.000 --> 00:02.000\nsecretword\n"}) {
    v1::ValidationReport report;
    ASSERT_TRUE(Validate("a", text, &report).ok());
    EXPECT_GT(report.errors_size() + report.warnings_size(), 0) << text;
    report.clear_speakers();  // labels are in their own place
    EXPECT_THAT(absl::AsciiStrToLower(report.DebugString()), ::testing::Not(HasSubstr("secretword"))) << text;
    EXPECT_THAT(std::string(Import("a", text).message()), ::testing::Not(HasSubstr("secretword")));
  }
}

TEST_F(TranscriptImportTest, TheSameWordsUnderAnotherSessionAreRefused) {
  ASSERT_TRUE(Import("first", Talk("Ann")).ok());
  // Speakers, punctuation and format do not count.
  std::string other = "speaker,text\n";
  for (int i = 0; i < 12; ++i) {
    absl::StrAppend(&other, "X,what did Ann say about number ", i, "\nX,it was fine Ann", i, " said so\n");
  }
  EXPECT_EQ(Reason(Import("second", other)), "DUPLICATE_TRANSCRIPT");
  const absl::Status refused = Import("second", Talk("Ann"));
  EXPECT_EQ(refused.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Reason(refused), "DUPLICATE_TRANSCRIPT");
  EXPECT_EQ(GetErrorDetail(refused)->metadata.at("resource"), "transcripts/first");
  EXPECT_EQ(store_->state().transcripts.size(), 1u);
  EXPECT_EQ(Reason(Import("first", Talk("Ann"))), "RESOURCE_ALREADY_EXISTS");

  v1::ValidationReport report;
  ASSERT_TRUE(Validate("second", Talk("Ann"), &report).ok());
  EXPECT_FALSE(report.importable());
  EXPECT_EQ(report.duplicate_of(), "transcripts/first");
  EXPECT_FALSE(report.session_taken());
  ASSERT_TRUE(Validate("first", Talk("Ben"), &report).ok());
  EXPECT_TRUE(report.session_taken());
  EXPECT_FALSE(report.importable());
  EXPECT_EQ(report.duplicate_of(), "");

  v1::ImportTranscriptRequest request;
  request.mutable_source()->set_session("second");
  request.mutable_source()->set_content(Talk("Ann"));
  request.set_allow_duplicate(true);
  v1::ImportTranscriptResponse response;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ImportTranscript, request, &response).ok());
  EXPECT_EQ(response.report().duplicate_of(), "transcripts/first");
  // Short talks may be alike.
  ASSERT_TRUE(Import("short-1", "Supervisor: How are you?\nWorker: Fine.\n").ok());
  EXPECT_TRUE(Import("short-2", "Supervisor: How are you?\nWorker: Fine.\n").ok());
}

TEST_F(TranscriptImportTest, NearlyTheSameWordsAreWarnedOf) {
  ASSERT_TRUE(Import("first", Talk("Ann", 60)).ok());
  ASSERT_TRUE(Import("other", Talk("Ben", 60)).ok());
  v1::ImportTranscriptResponse response;
  ASSERT_TRUE(Import("second", Talk("Ann", 60) + "Worker: One more thing.\n", &response).ok());
  ASSERT_EQ(response.report().near_duplicates_size(), 1);
  EXPECT_EQ(response.report().near_duplicates(0).transcript(), "transcripts/first");
  EXPECT_GE(response.report().near_duplicates(0).overlap(), 0.7);
  EXPECT_EQ(response.report().duplicate_of(), "");
}

TEST_F(TranscriptImportTest, ABatchFindsDuplicatesInsideItselfAndReportsAllErrors) {
  v1::BatchImportTranscriptsRequest request;
  for (const char* session : {"c", "d"}) {
    auto& source = *request.add_sources();
    source.set_session(session);
    source.set_content(Talk("Ann"));
  }
  v1::BatchImportTranscriptsResponse response;
  const jobs::Handler import = MakeBatchImportHandler(*store_, clock_);
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::BatchImportTranscripts, request, &response).ok());
  TestContext twice = Claimed(response.operation().name());
  const absl::Status refused = import(twice);
  EXPECT_EQ(Reason(refused), "DUPLICATE_TRANSCRIPT");
  EXPECT_EQ(GetErrorDetail(refused)->metadata.at("resource"), "transcripts/c");
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);  // ALREADY_EXISTS would be tried again
  EXPECT_TRUE(store_->state().transcripts.empty());

  request.set_allow_duplicates(true);
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::BatchImportTranscripts, request, &response).ok());
  TestContext allowed = Claimed(response.operation().name());
  ASSERT_TRUE(import(allowed).ok());
  EXPECT_EQ(store_->state().transcripts.size(), 2u);

  request.mutable_sources(0)->set_session("e");
  request.mutable_sources(0)->set_content("no speaker\n");
  request.mutable_sources(1)->set_session("f");
  request.mutable_sources(1)->set_content("WEBVTT\n\nx\ny\n\n00:02.000 --> 00:01.000\nhi.\n\n");
  // Refused at once: nothing that was not read is recorded.
  const auto detail = GetErrorDetail(Call(*transcripts_, &Transcripts::BatchImportTranscripts, request, &response));
  ASSERT_EQ(detail->violations.size(), 3u);
  EXPECT_EQ(detail->violations[0].field, "sources[0].content, line 1");
  EXPECT_EQ(detail->violations[2].field, "sources[1].content, line 6");
}

TEST_F(TranscriptImportTest, CaptionsGetSuggestedSpeakersThatAPersonCorrects) {
  v1::ImportTranscriptRequest request;
  request.mutable_source()->set_session("a");
  request.mutable_source()->set_content(
      "WEBVTT\n\n00:00.000 --> 00:04.000\nokay what are you worried about I'm not sure\n\n"
      "00:04.000 --> 00:08.000\nshe seems fine to me so what did the school say\n\n"
      "00:08.000 --> 00:10.000\nyes they are happy\n");
  request.mutable_source()->set_asker(v1::SPEAKER_ROLE_SUPERVISOR);
  v1::ImportTranscriptResponse imported;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ImportTranscript, request, &imported).ok());
  EXPECT_TRUE(imported.report().speakers_suggested());
  EXPECT_EQ(imported.transcript().suggested_turn_count(), 4);
  EXPECT_EQ(imported.transcript().question_count(), 2);
  v1::Transcript stored = GetTranscript("a");
  ASSERT_EQ(stored.turns_size(), 4);
  EXPECT_TRUE(stored.turns(1).speaker_suggested());
  EXPECT_EQ(stored.turns(1).speaker(), "B");
  EXPECT_EQ(stored.turns(1).suggestion_rule(), "answer");
  EXPECT_GT(stored.turns(1).suggestion_confidence(), 0.5);
  EXPECT_EQ(stored.turns(0).role(), v1::SPEAKER_ROLE_SUPERVISOR);

  v1::EditTurnsRequest edit;
  edit.set_name("transcripts/a");
  edit.set_etag("stale");
  edit.add_edits()->mutable_merge()->set_turn(3);
  edit.add_edits()->mutable_split()->set_turn(3);
  edit.mutable_edits(1)->mutable_split()->set_offset(static_cast<int32_t>(stored.turns(2).text().size()) + 1);
  edit.mutable_edits(1)->mutable_split()->set_speaker("Jo");
  edit.mutable_edits(1)->mutable_split()->set_role(v1::SPEAKER_ROLE_WORKER);
  auto& name = *edit.add_edits()->mutable_set_speaker();
  name.set_turn(2);
  name.set_speaker("Jo");
  EXPECT_EQ(Reason(Edit(edit)), "STALE_ETAG");
  edit.set_etag(stored.etag());
  v1::EditTurnsResponse edited;
  const absl::Status status = Edit(edit, &edited);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(edited.transcript().turns(3).speaker(), "Jo");
  EXPECT_EQ(edited.transcript().turns(1).role(), v1::SPEAKER_ROLE_WORKER);
  EXPECT_FALSE(edited.transcript().turns(3).speaker_suggested());
  EXPECT_EQ(edited.transcript().suggested_turn_count(), 2);
  EXPECT_EQ(edited.transcript().etag(), GetTranscript("a").etag());
  EXPECT_NE(edited.transcript().etag(), stored.etag());
  EXPECT_EQ(QuestionTexts("a").size(), 2u);

  v1::ListTranscriptChangesRequest list;
  list.set_parent("transcripts/a");
  list.set_page_size(2);
  v1::ListTranscriptChangesResponse changes;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ListTranscriptChanges, list, &changes).ok());
  ASSERT_EQ(changes.changes_size(), 2);
  EXPECT_THAT(changes.changes(0).detail(), StartsWith("merged turn 4 of \"B\" into turn 3"));
  EXPECT_EQ(changes.changes(0).actor(), "anonymous");
  list.set_page_token(changes.next_page_token());
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ListTranscriptChanges, list, &changes).ok());
  ASSERT_EQ(changes.changes_size(), 1);
  EXPECT_EQ(changes.changes(0).detail(), "turn 2: speaker \"B\" to \"Jo\"");
  EXPECT_EQ(changes.next_page_token(), "");
}

TEST_F(TranscriptImportTest, RolesAreSetByHandAndQuestionsExtractedAnew) {
  ASSERT_TRUE(Import("a", "Jo: What does she want?\nAl B: How so? Why?\nAl C: Hm.\n").ok());
  v1::UpdateTranscriptSpeakersRequest request;
  request.set_name("transcripts/a");
  auto& jo = *request.add_speakers();
  jo.set_label("Jo");
  jo.set_role(v1::SPEAKER_ROLE_WORKER);
  auto& al = *request.add_speakers();
  al.set_pattern("Al *");
  al.set_role(v1::SPEAKER_ROLE_SUPERVISOR);
  v1::UpdateTranscriptSpeakersResponse response;
  const absl::Status status = Call(*transcripts_, &Transcripts::UpdateTranscriptSpeakers, request, &response);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(response.transcript().asker(), v1::SPEAKER_ROLE_SUPERVISOR);
  EXPECT_EQ(response.transcript().turns(2).role(), v1::SPEAKER_ROLE_SUPERVISOR);
  EXPECT_EQ(QuestionTexts("a"), (std::vector<std::string>{"How so?", "Why?"}));
  request.set_asker(v1::SPEAKER_ROLE_WORKER);
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::UpdateTranscriptSpeakers, request, &response).ok());
  EXPECT_EQ(QuestionTexts("a"), (std::vector<std::string>{"What does she want?"}));
  request.set_asker(v1::SPEAKER_ROLE_CHILD);
  EXPECT_EQ(Call(*transcripts_, &Transcripts::UpdateTranscriptSpeakers, request, &response).code(),
            absl::StatusCode::kInvalidArgument);
  request.mutable_speakers(0)->set_pattern("J*");  // beside a label
  EXPECT_THAT(std::string(Call(*transcripts_, &Transcripts::UpdateTranscriptSpeakers, request, &response).message()),
              HasSubstr("speakers[0].pattern"));
}

TEST_F(TranscriptImportTest, WhatAStudyUsesOrAPersonMadeIsNotChanged) {
  ImportTwo();
  v1::ImportQuestionsRequest questions;
  questions.set_csv("session,turn,question\nb,1,By hand?\n");
  v1::ImportQuestionsResponse imported;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ImportQuestions, questions, &imported).ok());
  v1::EditTurnsRequest edit;
  edit.set_name("transcripts/b");
  edit.add_edits()->mutable_merge()->set_turn(1);
  EXPECT_EQ(Reason(Edit(edit)), "QUESTIONS_BY_HAND");
  EXPECT_EQ(QuestionTexts("b"), (std::vector<std::string>{"By hand?"}));
  edit.set_drop_questions_by_hand(true);
  EXPECT_TRUE(Edit(edit).ok());
  ASSERT_TRUE(CreateStudy("pilot").ok());
  EXPECT_EQ(Reason(Edit(edit)), "TRANSCRIPT_IN_USE");
  edit.set_name("transcripts/none");
  EXPECT_EQ(Edit(edit).code(), absl::StatusCode::kNotFound);
  edit.clear_edits();
  EXPECT_EQ(Edit(edit).code(), absl::StatusCode::kInvalidArgument);
  edit.add_edits();
  EXPECT_THAT(std::string(Edit(edit).message()), HasSubstr("edits[0].edit"));
  edit.mutable_edits(0)->mutable_split()->set_offset(-1);
  EXPECT_THAT(std::string(Edit(edit).message()), HasSubstr("edits[0].offset"));
}

}  // namespace
}  // namespace plumbline::coding
