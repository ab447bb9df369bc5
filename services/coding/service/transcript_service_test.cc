#include <string>

#include "coding/service/test_fixture.h"
#include "coding/worker/batch_import.h"

// Transcripts and the questions asked in them.
namespace plumbline::coding {
namespace {

using ::testing::HasSubstr;
using Transcripts = v1::TranscriptService::Stub;
using Studies = v1::StudyService::Stub;

TEST_F(CodingServiceTest, ImportsReadsListsAndDeletesTranscripts) {
  v1::ImportTranscriptResponse imported;
  ASSERT_TRUE(Import("a", "WEBVTT\n\n00:00.000 --> 00:02.500\n<v Supervisor>How is she?\n", &imported).ok());
  EXPECT_EQ(imported.transcript().name(), "transcripts/a");
  EXPECT_EQ(imported.transcript().question_count(), 1);
  EXPECT_EQ(imported.transcript().asker(), v1::SPEAKER_ROLE_SUPERVISOR);
  EXPECT_EQ(imported.transcript().duration().seconds(), 2);
  ASSERT_TRUE(Import("b", "Supervisor: One? Two? Three?\n").ok());
  EXPECT_EQ(Import("a", "Supervisor: x?\n").code(), absl::StatusCode::kAlreadyExists);

  v1::GetTranscriptRequest get;
  get.set_name("transcripts/a");
  v1::GetTranscriptResponse got;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::GetTranscript, get, &got).ok());
  ASSERT_EQ(got.transcript().turns_size(), 1);
  EXPECT_EQ(got.transcript().turns(0).speaker(), "Supervisor");

  v1::ListTranscriptsRequest list;
  list.set_page_size(1);
  v1::ListTranscriptsResponse page;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ListTranscripts, list, &page).ok());
  ASSERT_EQ(page.transcripts_size(), 1);
  list.set_page_token(page.next_page_token());
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ListTranscripts, list, &page).ok());
  EXPECT_EQ(page.transcripts(0).session(), "b");
  EXPECT_EQ(page.next_page_token(), "");

  v1::ListQuestionsRequest questions;
  questions.set_parent("transcripts/b");
  questions.set_page_size(2);
  v1::ListQuestionsResponse asked;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ListQuestions, questions, &asked).ok());
  ASSERT_EQ(asked.questions_size(), 2);
  EXPECT_EQ(asked.questions(1).name(), "transcripts/b/questions/2");
  EXPECT_EQ(asked.questions(1).start_offset(), 5);
  questions.set_page_token(asked.next_page_token());
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ListQuestions, questions, &asked).ok());
  EXPECT_EQ(asked.questions(0).text(), "Three?");
  questions.set_parent("transcripts/a");  // a token of another list
  EXPECT_EQ(Call(*transcripts_, &Transcripts::ListQuestions, questions, &asked).code(),
            absl::StatusCode::kInvalidArgument);

  v1::DeleteTranscriptRequest remove;
  v1::DeleteTranscriptResponse removed;
  remove.set_name("transcripts/a");
  remove.set_etag("stale");
  EXPECT_EQ(Reason(Call(*transcripts_, &Transcripts::DeleteTranscript, remove, &removed)), "STALE_ETAG");
  remove.set_etag(got.transcript().etag());
  EXPECT_TRUE(Call(*transcripts_, &Transcripts::DeleteTranscript, remove, &removed).ok());
  EXPECT_EQ(Call(*transcripts_, &Transcripts::GetTranscript, get, &got).code(), absl::StatusCode::kNotFound);
}

TEST_F(CodingServiceTest, ABadTranscriptNamesLineAndRuleAndChangesNothing) {
  const absl::Status cut = Import("a", "WEBVTT\n\n00:00:01.000 --> 00:00:02.0");
  EXPECT_EQ(cut.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(cut.message()), HasSubstr("source.content, line 3"));
  const absl::Status big = Import("a", std::string(2'097'153, 'x'));
  EXPECT_THAT(std::string(big.message()), HasSubstr("at most 2097152 bytes"));
  EXPECT_EQ(Import("Not An Id", "Supervisor: x?\n").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(store_->state().transcripts.empty());
  EXPECT_TRUE(store_->audit().empty());
}

TEST_F(CodingServiceTest, ValidateOnlyStoresNothing) {
  v1::ImportTranscriptRequest request;
  request.mutable_source()->set_session("a");
  request.mutable_source()->set_content("Supervisor: One?\n");
  request.set_validate_only(true);
  v1::ImportTranscriptResponse response;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ImportTranscript, request, &response).ok());
  EXPECT_EQ(response.transcript().question_count(), 1);
  v1::ImportQuestionsRequest questions;
  questions.set_csv("session,turn,question\ns,1,One?\n");
  questions.set_validate_only(true);
  v1::ImportQuestionsResponse imported;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ImportQuestions, questions, &imported).ok());
  EXPECT_EQ(imported.question_count(), 1);
  EXPECT_TRUE(store_->state().transcripts.empty());
}

TEST_F(CodingServiceTest, CaptionsWithoutSpeakersAreTakenWithAWarning) {
  v1::ExtractQuestionsRequest request;
  request.mutable_source()->set_content("WEBVTT\n\n00:00.000 --> 00:02.500\nwhat do you think about that.\n");
  v1::ExtractQuestionsResponse response;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ExtractQuestions, request, &response).ok());
  EXPECT_EQ(response.questions_size(), 1);
  ASSERT_GE(response.warnings_size(), 2);
  EXPECT_TRUE(response.report().speakers_suggested());
  // The suggested asker is taken for the one that is named; without suggestions there is none.
  request.mutable_source()->set_asker(v1::SPEAKER_ROLE_SUPERVISOR);
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ExtractQuestions, request, &response).ok());
  EXPECT_EQ(response.turns(0).role(), v1::SPEAKER_ROLE_SUPERVISOR);
  request.mutable_source()->set_skip_speaker_suggestion(true);
  EXPECT_EQ(Call(*transcripts_, &Transcripts::ExtractQuestions, request, &response).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(CodingServiceTest, ImportedQuestionsReplaceExtractedOnesAndMakeSessions) {
  ImportTwo();
  v1::ImportQuestionsRequest request;
  request.set_csv("session,turn,question,kind\na,1,Only one?,direct\nnew,4,Another?,tag\n");
  v1::ImportQuestionsResponse response;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ImportQuestions, request, &response).ok());
  ASSERT_EQ(response.transcripts_size(), 2);
  EXPECT_EQ(response.transcripts(0).question_count(), 1);
  EXPECT_EQ(response.transcripts(1).turn_count(), 0);
  request.set_csv("session,turn,question\nb,1,Fine?\na,9,Beyond?\n");
  const absl::Status beyond = Call(*transcripts_, &Transcripts::ImportQuestions, request, &response);
  EXPECT_EQ(beyond.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(store_->state().transcripts.at("b").record.question_count, 3);  // all or none
}

// Whoever sent a request knows its fields, not what the parsers call the text in them.
TEST_F(CodingServiceTest, ErrorsOfAWholeTableNameTheFieldOfTheRequest) {
  ImportTwo();
  ASSERT_TRUE(CreateStudy("pilot").ok());
  const auto field = [](const absl::Status& status) {
    const auto detail = GetErrorDetail(status);
    return detail && !detail->violations.empty() ? detail->violations[0].field : status.ToString();
  };
  const auto questions = [&](const std::string& csv) {
    v1::ImportQuestionsRequest request;
    v1::ImportQuestionsResponse response;
    request.set_csv(csv);
    return Call(*transcripts_, &Transcripts::ImportQuestions, request, &response);
  };
  EXPECT_EQ(field(questions("session,turn,question\n")), "csv");
  EXPECT_THAT(std::string(questions("session,turn,question\n").message()), ::testing::StartsWith("csv: value"));
  EXPECT_EQ(field(questions("\xEF\xBB\xBF")), "csv");  // a byte order mark and nothing else: no header
  EXPECT_EQ(field(questions("session,turn\n")), "row 1");
  v1::ImportCodesRequest codes;
  v1::ImportCodesResponse stored;
  codes.set_study("studies/pilot");
  codes.set_csv("session,turn,question,coder,outcomes_focused,nominated\n");
  EXPECT_EQ(field(Call(*studies_, &Studies::ImportCodes, codes, &stored)), "csv");
  EXPECT_EQ(field(Import("c", " \n")), "source.content");
  EXPECT_EQ(field(Import("c", "speaker,text\n")), "source.content");
  EXPECT_EQ(field(Import("c", "Supervisor:\n")), "source.content");
  EXPECT_EQ(field(Import("c", std::string(2'097'153, 'x'))), "source.content");
  EXPECT_EQ(field(Import("c", "no speaker\n")), "source.content, line 1");
}

// What extraction found can be exported, corrected and imported again, codes included.
TEST_F(CodingServiceTest, AQuestionAskedTwiceInATurnIsImportedAndCoded) {
  ASSERT_TRUE(Import("a", "Supervisor: Why? Why?\nWorker: Hm.\n").ok());
  v1::ImportQuestionsRequest request;
  v1::ImportQuestionsResponse response;
  request.set_csv("session,turn,question,number\na,1,Why?,1\na,1,Why?,1\n");
  EXPECT_THAT(std::string(Call(*transcripts_, &Transcripts::ImportQuestions, request, &response).message()),
              HasSubstr("row 3, column number"));
  request.set_csv("session,turn,question,number\na,1,Why?,1\na,1,Why?,2\n");
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ImportQuestions, request, &response).ok());
  EXPECT_EQ(response.question_count(), 2);
  v1::CreateStudyRequest create;
  create.set_study_id("pilot");
  create.set_title("Pilot");
  create.set_frame("frames/ofs-pilot");
  create.add_sessions("a");
  for (const char* coder : {"c1", "c2"}) create.add_coders(coder);
  create.set_seed(1);
  v1::CreateStudyResponse created;
  ASSERT_TRUE(Call(*studies_, &Studies::CreateStudy, create, &created).ok());
  EXPECT_EQ(created.study().item_count(), 2);
  v1::ImportCodesRequest codes;
  codes.set_study("studies/pilot");
  codes.set_csv("session,turn,question,coder,outcomes_focused,nominated\na,1,Why?,c1,1,\na,1,Why?,c1,0,\n");
  v1::ImportCodesResponse stored;
  ASSERT_TRUE(Call(*studies_, &Studies::ImportCodes, codes, &stored).ok());
  for (const v1::Item& item : Items("c1")) EXPECT_TRUE(item.has_code());
}

TEST_F(CodingServiceTest, BatchImportIsAllOrNone) {
  ImportTwo();
  v1::BatchImportTranscriptsRequest request;
  for (const char* session : {"c", "a"}) {
    auto& source = *request.add_sources();
    source.set_session(session);
    source.set_content("Supervisor: What now?\n");
  }
  v1::BatchImportTranscriptsResponse response;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::BatchImportTranscripts, request, &response).ok());
  const jobs::Handler import = MakeBatchImportHandler(*store_, clock_);
  TestContext context = Claimed(response.operation().name());
  EXPECT_EQ(Reason(import(context)), "TRANSCRIPT_EXISTS");
  EXPECT_EQ(store_->state().transcripts.count("c"), 0u);

  request.mutable_sources(1)->set_session("d");
  request.mutable_sources(1)->set_content("no speaker\n");
  const absl::Status bad = Call(*transcripts_, &Transcripts::BatchImportTranscripts, request, &response);
  EXPECT_THAT(std::string(bad.message()), HasSubstr("sources[1].content, line 1"));

  request.mutable_sources(1)->set_content("Supervisor: And then? And now?\n");
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::BatchImportTranscripts, request, &response).ok());
  TestContext good = Claimed(response.operation().name());
  ASSERT_TRUE(import(good).ok());
  EXPECT_EQ(store_->state().transcripts.at("d").record.question_count, 2);
  EXPECT_TRUE(jobs::IsStaleClaim(import(good)));  // a stale copy cannot import twice
}

}  // namespace
}  // namespace plumbline::coding
