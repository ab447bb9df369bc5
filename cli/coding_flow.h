#ifndef PLUMBLINE_CLI_CODING_FLOW_H_
#define PLUMBLINE_CLI_CODING_FLOW_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/api.h"
#include "plumbline/coding/v1/results.pb.h"
#include "plumbline/coding/v1/studies.pb.h"
#include "plumbline/coding/v1/transcripts.pb.h"

// From a folder of transcripts, questions and codes to the results of a closed study, by RPCs alone.
namespace plumbline::cli {

// What a folder of transcripts holds:
//   questions.csv          session,turn,question,kind: the questions that are coded
//   codes.csv              session,turn,question,coder,outcomes_focused,nominated
//   <session>.txt|.csv     turns with speakers; where there is a labelled/<session>.txt, that one is taken
//   <session>.vtt          captions: give the length of the session, and its turns where there is no other file
struct CodingFolder {
  struct Source {
    std::string session;
    std::string path;          // the file whose turns are taken; may be empty
    std::string timings_path;  // the file whose timings give the length; may be empty
  };
  std::vector<Source> sources;        // in the order of questions.csv
  std::vector<std::string> sessions;  // the same order
  std::vector<std::string> coders;    // in the order of codes.csv
  std::string questions_csv;
  std::string codes_csv;
  std::vector<std::string> unused;  // transcripts of sessions that questions.csv does not name, by name
};

// INVALID_ARGUMENT naming file, row and column of what is missing or wrong.
absl::StatusOr<CodingFolder> ReadCodingFolder(const std::string& folder);

// "pilot" or "studies/pilot" as "studies/pilot".
std::string StudyName(const std::string& study);

// Makes the study, and waits for the operation where it is one that takes time.
absl::StatusOr<coding::v1::Study> CreateStudy(Api& api, const coding::v1::CreateStudyRequest& request);

// Ends the coders' part and hands what they left without an outcome to the adjudicator; waits likewise. The answer
// holds the study as it then is, how many items were handed over, and no operation.
absl::StatusOr<coding::v1::OpenAdjudicationResponse> OpenAdjudication(
    Api& api, const coding::v1::OpenAdjudicationRequest& request);

// Imports what the folder holds, codes it blind, closes the study. Sessions and coders that `study` does not name are
// the folder's. Repeating it on the same data answers the same: every change has a request id made from the study's.
absl::StatusOr<coding::v1::StudyResults> RunCoding(Api& api, const CodingFolder& folder,
                                                   const coding::v1::CreateStudyRequest& study);

// The feedback sheet of one session, written in `format`.
absl::StatusOr<std::string> FetchFeedbackDocument(Api& api, const std::string& study, const std::string& session,
                                                  coding::v1::FeedbackFormat format);

}  // namespace plumbline::cli

#endif  // PLUMBLINE_CLI_CODING_FLOW_H_
