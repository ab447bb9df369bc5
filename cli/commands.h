#ifndef PLUMBLINE_CLI_COMMANDS_H_
#define PLUMBLINE_CLI_COMMANDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "cli/connection.h"
#include "cli/rpc_call.h"

// One function for each subcommand. Each returns the exit code: 0 done, 1 the call or the work failed (the typed error
// is on standard error), 2 the command line was wrong.
namespace plumbline::cli {

struct Session {
  Target target;
  CallOptions call;
  bool json = false;
};

// `status` on standard error in the session's form, with what to try when no gateway answers; the exit code.
int Finish(const Session& session, const absl::Status& status);

int Call(const Session& session, const std::string& method, const std::string& data);
int Methods(const Session& session, const std::string& filter);
int Health(const Session& session);
int Check(const Session& session, const std::vector<std::string>& files, bool flagged_only);

struct RunOptions {
  std::string folder;
  std::string out;
  std::vector<std::string> ledgers;
};
int Run(const Session& session, const RunOptions& options);

struct TranscriptsOptions {
  std::string folder;
  std::string out;
};
int Transcripts(const Session& session, const TranscriptsOptions& options);

struct TranscriptFilesOptions {
  std::vector<std::string> files;
  std::string session;             // of the one file; empty: each file's name without its ending
  std::string family;              // whose persons have the same numbers in all sessions
  std::string names;               // file with the list of names to replace
  std::string asker;               // a role
  std::vector<std::string> roles;  // "LABEL=ROLE"
  bool allow_duplicate = false;
};
// Transcript files: checked, or also stored. 1 where one of them cannot be imported.
int TranscriptFiles(const Session& session, const TranscriptFilesOptions& options, bool store);

struct StudyOptions {
  std::string file;   // plumbline.coding.v1.CreateStudyRequest as JSON
  std::string study;  // "pilot" or "studies/pilot"
  bool allow_missing = false;
};
int StudyCreate(const Session& session, const StudyOptions& options);
int StudyProgress(const Session& session, const StudyOptions& options);
int StudyAdjudicate(const Session& session, const StudyOptions& options);
int StudyClose(const Session& session, const StudyOptions& options);

// Frame files: checked, or also added.
int FrameFiles(const Session& session, const std::vector<std::string>& files, bool add);

struct CoderOptions {
  std::string study;  // "pilot" or "studies/pilot"
  std::string coder;
  std::string file;  // "-": standard output
  bool overwrite = false;
};
int CoderExport(const Session& session, const CoderOptions& options);
int CoderImport(const Session& session, const CoderOptions& options);

struct ExtractOptions {
  std::vector<std::string> files;  // "-": standard input
  std::string asker;               // a role; empty: everybody's questions
  std::string format = "detect";
  std::vector<std::string> roles;  // "LABEL=ROLE"
  double min_confidence = 0.5;
};
// Works on files alone, without a server.
int Extract(const Session& session, const ExtractOptions& options);

struct ResultsOptions {
  std::string study;   // "pilot" or "studies/pilot"
  int replicates = 0;  // of the bootstrap; above 0 a new report is made
  uint64_t seed = 0;
  bool renew = false;  // make a new report although there is one
};
int Results(const Session& session, const ResultsOptions& options);

struct FeedbackOptions {
  std::string study;
  std::string session;
  std::string format = "text";  // or "html", "csv"
  std::string out;              // file; empty or "-": standard output
};
int Feedback(const Session& session, const FeedbackOptions& options);

struct SimulateOptions {
  uint64_t seed = 0;
  int authorities = 12;
  std::string transcripts;
  std::string out;
};
int Simulate(const SimulateOptions& options);

}  // namespace plumbline::cli

#endif  // PLUMBLINE_CLI_COMMANDS_H_
