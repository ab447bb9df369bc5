// plumbline: the command-line client.

#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

#include "CLI/CLI.hpp"
#include "cli/agreement_command.h"
#include "cli/commands.h"
#include "common/base/env.h"
#include "common/base/log.h"

namespace {

constexpr char kAbout[] =
    "Plumbline: the measurement side of trials of supervision in children's social care.\n"
    "Talks to a gateway (--address), or hosts all services inside itself (--embedded).\n\n"
    "  plumbline check examples/pilot/*.json            hold a published evaluation against its own arithmetic\n"
    "  plumbline run examples/trial --embedded          load a trial, code, score, cost, report\n"
    "  plumbline transcripts FOLDER --embedded          fidelity and agreement of real transcripts\n"
    "  plumbline agreement codes.csv                    every agreement measure of a table of codes\n"
    "  plumbline extract FILE... --json                 the questions of transcripts, without a server\n"
    "  plumbline results STUDY                          fidelity and agreement of a closed study\n"
    "  plumbline feedback STUDY SESSION                 the feedback sheet of one session\n"
    "  plumbline methods                                every RPC there is\n"
    "  plumbline call StudyService/ListStudies -d '{}'  call one with JSON\n";

void AddTargetOptions(CLI::App& command, plumbline::cli::Session& session) {
  command.add_option("--address", session.target.address, "gateway to talk to (PLUMBLINE_ADDRESS)")
      ->envname("PLUMBLINE_ADDRESS")
      ->capture_default_str();
  command.add_flag("--embedded", session.target.embedded, "host the services inside this program instead");
  command.add_option("--folder", session.target.folder,
                     "with --embedded: keep the data in this folder (default: a temporary one, removed at the end)");
  command.add_option("--actor", session.call.actor, "who you are, for the audit log");
  command.add_flag("--json", session.json, "print JSON, one object a line, instead of text for people");
}

void AddAgreementOptions(CLI::App& command, plumbline::cli::AgreementOptions& options) {
  command.add_option("file", options.file, "CSV of units by coders with a header row, - for standard input")
      ->required();
  command.add_flag("--json", options.json, "print one JSON object instead of tables for people");
  command.add_option("--level", options.level, "nominal, ordinal, interval or ratio")->capture_default_str();
  command.add_option("--weights", options.weights, "weighted measures too: none, linear or quadratic")
      ->capture_default_str();
  command.add_option("--categories", options.categories, "the categories in their order, also those nobody used")
      ->delimiter(',');
  command.add_option("--coders", options.coders, "only these coders")->delimiter(',');
  command.add_option("--unit-column", options.unit_column,
                     "column with the ids of units (default: the first one if it is called unit, item, subject or id)");
  command.add_flag("--long", options.long_form, "columns unit, coder and code instead of a column for each coder");
  command.add_option("--replicates", options.replicates, "bootstrap replicates, 0 for none")->capture_default_str();
  command.add_option("--seed", options.seed, "of the bootstrap")->capture_default_str();
  command.add_option("--confidence", options.confidence, "of every interval")->capture_default_str();
  command.add_option("--threads", options.threads, "of the bootstrap; its digits do not depend on them");
}

int RunCommand(int argc, char** argv) {
  using plumbline::cli::Session;
  plumbline::log::SetLevel(plumbline::Env::Process().String("PLUMBLINE_LOG_LEVEL", "error"));
  Session session;
  CLI::App app{kAbout};
  app.require_subcommand(1);
  app.set_version_flag("--version", "plumbline 0.1.0");

  std::string method, data = "{}";
  CLI::App* call = app.add_subcommand("call", "call any RPC with protobuf JSON");
  call->add_option("method", method, "package.Service/Method; the package may be left out")->required();
  call->add_option("-d,--data", data, "the request as JSON, @FILE to read it from a file, @- from standard input");
  AddTargetOptions(*call, session);

  std::string filter;
  CLI::App* methods = app.add_subcommand("methods", "list RPCs with their request fields");
  methods->add_option("filter", filter, "only names that contain this");
  methods->add_flag("--json", session.json, "print JSON");

  CLI::App* health = app.add_subcommand("health", "ask whether a server is ready; exit code 0 when it is");
  health->add_option("--address", session.target.address, "server to ask")->capture_default_str();

  std::vector<std::string> files;
  CLI::App* check =
      app.add_subcommand("check", "recompute every figure of ledger files and give a verdict on the printed ones");
  check->add_option("files", files, "ledger files (JSON)")->required()->check(CLI::ExistingFile);
  bool flagged_only = false;
  check->add_flag("--flagged", flagged_only, "show only what does not follow from its own inputs");
  AddTargetOptions(*check, session);

  plumbline::cli::RunOptions run_options;
  CLI::App* run = app.add_subcommand("run", "load a trial folder, run all of it and write its combined report");
  run->add_option("trial-folder", run_options.folder, "folder as written by simulate")
      ->required()
      ->check(CLI::ExistingDirectory);
  run->add_option("--out", run_options.out, "folder for report.html, report.csv, report.json and feedback sheets")
      ->required();
  run->add_option("--ledger", run_options.ledgers, "ledger files to show in the report")->check(CLI::ExistingFile);
  AddTargetOptions(*run, session);

  plumbline::cli::TranscriptsOptions transcripts_options;
  CLI::App* transcripts = app.add_subcommand(
      "transcripts", "code a folder of real transcripts: questions.csv, codes.csv and one file for each session");
  transcripts->add_option("transcripts-folder", transcripts_options.folder, "the folder")
      ->required()
      ->check(CLI::ExistingDirectory);
  transcripts->add_option("--out", transcripts_options.out,
                          "folder for feedback sheets; none are written when left out");
  AddTargetOptions(*transcripts, session);

  CLI::App* frame = app.add_subcommand("frame", "coding frames from files");
  frame->require_subcommand(1);
  std::vector<std::string> frame_files;
  CLI::App* frame_check = frame->add_subcommand("check", "check frame files, naming every field that is wrong");
  CLI::App* frame_add = frame->add_subcommand("add", "add frame files to those that studies may use");
  for (CLI::App* command : {frame_check, frame_add}) {
    command->add_option("files", frame_files, "frame files (JSON)")->required()->check(CLI::ExistingFile);
    AddTargetOptions(*command, session);
  }

  plumbline::cli::CoderOptions coder_options;
  CLI::App* coder = app.add_subcommand("coder", "a coder's batch as a table, to be filled in offline");
  coder->require_subcommand(1);
  CLI::App* coder_export = coder->add_subcommand("export", "write the batch with the answers so far");
  CLI::App* coder_import = coder->add_subcommand("import", "store the answers of a table that export wrote");
  for (CLI::App* command : {coder_export, coder_import}) {
    command->add_option("--study", coder_options.study, "id of the study")->required();
    command->add_option("--coder", coder_options.coder, "id of the coder")->required();
    AddTargetOptions(*command, session);
  }
  coder_export->add_option("--out", coder_options.file, "file to write; - for standard output")->required();
  coder_import->add_option("file", coder_options.file, "the table")->required()->check(CLI::ExistingFile);

  plumbline::cli::ExtractOptions extract_options;
  CLI::App* extract = app.add_subcommand("extract", "find the questions of transcripts, without a server");
  extract->add_option("files", extract_options.files, "transcripts; - for standard input")->required();
  extract->add_flag("--json", session.json, "print one JSON object for each turn instead of text for people");
  extract->add_option("--format", extract_options.format, "detect, webvtt, subrip, speaker_text, csv or json")
      ->capture_default_str();
  extract->add_option("--role", extract_options.roles, "LABEL=ROLE: the part that a speaker plays; may be repeated");
  CLI::Option* asker = extract->add_option("--asker", extract_options.asker, "only the questions of this role");
  bool everybody = true;
  extract->add_flag("--all", everybody, "everybody's questions (the default)")->excludes(asker);
  extract
      ->add_option("--min-confidence", extract_options.min_confidence, "leave out what is less sure; 0 shows guesses")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  plumbline::cli::ResultsOptions results_options;
  CLI::App* results = app.add_subcommand("results", "fidelity, agreement and ratings of a closed study");
  results->add_option("study", results_options.study, "the study's id")->required();
  auto* replicates = results
                         ->add_option("--replicates", results_options.replicates,
                                      "bootstrap replicates of the agreement measures: makes a new report")
                         ->check(CLI::Range(1, 100'000));
  results->add_option("--seed", results_options.seed, "seed of the bootstrap")->needs(replicates);
  results->add_flag("--renew", results_options.renew, "make a new report although there is one");
  AddTargetOptions(*results, session);

  plumbline::cli::FeedbackOptions feedback_options;
  CLI::App* feedback = app.add_subcommand("feedback", "the feedback sheet of one session of a closed study");
  feedback->add_option("study", feedback_options.study, "the study's id")->required();
  feedback->add_option("session", feedback_options.session, "the session's id")->required();
  feedback->add_option("--format", feedback_options.format, "html, csv or text")
      ->check(CLI::IsMember({"html", "csv", "text"}))
      ->capture_default_str();
  feedback->add_option("--out", feedback_options.out, "file to write; standard output when left out");
  AddTargetOptions(*feedback, session);

  plumbline::cli::SimulateOptions simulate_options;
  CLI::App* simulate = app.add_subcommand("simulate", "make the folder of a synthetic trial");
  simulate->add_option("--seed", simulate_options.seed, "the same seed makes the same trial")->required();
  simulate->add_option("--authorities", simulate_options.authorities, "local authorities")
      ->check(CLI::Range(2, 200))
      ->capture_default_str();
  simulate->add_option("--transcripts", simulate_options.transcripts, "folder with transcripts to give to sessions")
      ->check(CLI::ExistingDirectory);
  simulate->add_option("--out", simulate_options.out, "folder to write; must not exist or be empty")->required();

  plumbline::cli::AgreementOptions agreement_options;
  agreement_options.threads = std::thread::hardware_concurrency();
  CLI::App* agreement = app.add_subcommand("agreement", "every agreement measure of a table of codes; needs no server");
  AddAgreementOptions(*agreement, agreement_options);

  CLI11_PARSE(app, argc, argv);
  if (*agreement) return plumbline::cli::Agreement(agreement_options, std::cin, std::cout);
  if (*call) return plumbline::cli::Call(session, method, data);
  if (*methods) return plumbline::cli::Methods(session, filter);
  if (*health) return plumbline::cli::Health(session);
  if (*check) return plumbline::cli::Check(session, files, flagged_only);
  if (*run) return plumbline::cli::Run(session, run_options);
  if (*results) return plumbline::cli::Results(session, results_options);
  if (*feedback) return plumbline::cli::Feedback(session, feedback_options);
  if (*transcripts) return plumbline::cli::Transcripts(session, transcripts_options);
  if (*frame) return plumbline::cli::FrameFiles(session, frame_files, frame_add->parsed());
  if (*coder_export) return plumbline::cli::CoderExport(session, coder_options);
  if (*coder_import) return plumbline::cli::CoderImport(session, coder_options);
  if (*extract) return plumbline::cli::Extract(session, extract_options);
  return plumbline::cli::Simulate(simulate_options);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return RunCommand(argc, argv);
  } catch (const std::exception& error) {  // ours throw nothing; out of memory, say
    std::cerr << "plumbline: " << error.what() << "\n";
    return 1;
  }
}
