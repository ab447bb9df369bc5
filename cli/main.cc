// plumbline: the command-line client.

#include <exception>
#include <iostream>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
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
    "  plumbline extract FILE... --json                 the questions of transcripts, without a server\n"
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

  plumbline::cli::ExtractOptions extract_options;
  CLI::App* extract = app.add_subcommand("extract", "find the questions of transcripts, without a server");
  extract->add_option("files", extract_options.files, "transcripts; - for standard input")->required();
  extract->add_flag("--json", session.json, "print one JSON object for each turn instead of text for people");
  extract->add_option("--format", extract_options.format, "detect, webvtt, speaker_text or csv")->capture_default_str();
  extract->add_option("--role", extract_options.roles, "LABEL=ROLE: the part that a speaker plays; may be repeated");
  CLI::Option* asker = extract->add_option("--asker", extract_options.asker, "only the questions of this role");
  bool everybody = true;
  extract->add_flag("--all", everybody, "everybody's questions (the default)")->excludes(asker);
  extract
      ->add_option("--min-confidence", extract_options.min_confidence, "leave out what is less sure; 0 shows guesses")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();

  plumbline::cli::SimulateOptions simulate_options;
  CLI::App* simulate = app.add_subcommand("simulate", "make the folder of a synthetic trial");
  simulate->add_option("--seed", simulate_options.seed, "the same seed makes the same trial")->required();
  simulate->add_option("--authorities", simulate_options.authorities, "local authorities")
      ->check(CLI::Range(2, 200))
      ->capture_default_str();
  simulate->add_option("--transcripts", simulate_options.transcripts, "folder with transcripts to give to sessions")
      ->check(CLI::ExistingDirectory);
  simulate->add_option("--out", simulate_options.out, "folder to write; must not exist or be empty")->required();

  CLI11_PARSE(app, argc, argv);
  if (*call) return plumbline::cli::Call(session, method, data);
  if (*methods) return plumbline::cli::Methods(session, filter);
  if (*health) return plumbline::cli::Health(session);
  if (*check) return plumbline::cli::Check(session, files, flagged_only);
  if (*run) return plumbline::cli::Run(session, run_options);
  if (*transcripts) return plumbline::cli::Transcripts(session, transcripts_options);
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
