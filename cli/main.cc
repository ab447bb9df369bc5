// plumbline: the command-line client.

#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "CLI/CLI.hpp"
#include "cli/agreement_command.h"
#include "cli/commands.h"
#include "common/base/env.h"
#include "common/base/log.h"

namespace plumbline {
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

void AddTargetOptions(CLI::App& command, cli::Session& session) {
  command.add_option("--address", session.target.address, "gateway to talk to (PLUMBLINE_ADDRESS)")
      ->envname("PLUMBLINE_ADDRESS")
      ->capture_default_str();
  command.add_flag("--embedded", session.target.embedded, "host the services inside this program instead");
  command.add_option("--folder", session.target.folder,
                     "with --embedded: keep the data in this folder (default: a temporary one, removed at the end)");
  command.add_option("--actor", session.call.actor, "who you are, for the audit log");
  command.add_flag("--json", session.json, "print JSON, one object a line, instead of text for people");
}

void AddAgreementOptions(CLI::App& command, cli::AgreementOptions& options) {
  command
      .add_option("file", options.file,
                  "CSV of units by coders with a header row, or a codes.csv; - for standard input")
      ->required();
  command.add_flag("--json", options.json, "print one JSON object instead of tables for people");
  command.add_option("--level", options.level, "nominal, ordinal, interval or ratio")->capture_default_str();
  command.add_option("--weights", options.weights, "weighted measures too: none, linear or quadratic")
      ->capture_default_str();
  command.add_option("--categories", options.categories, "the categories in their order, also those nobody used")
      ->delimiter(',');
  command.add_option("--coders", options.coders, "only these coders")->delimiter(',');
  command.add_option("--unit-column", options.unit_column,
                     "column with the ids of units (default: the first one if it is called unit, item, subject, "
                     "question, session or id)");
  command.add_flag("--long", options.long_form, "columns unit, coder and code instead of a column for each coder");
  command.add_option("--replicates", options.replicates, "bootstrap replicates, 0 for none")->capture_default_str();
  command.add_option("--seed", options.seed, "of the bootstrap")->capture_default_str();
  command.add_option("--confidence", options.confidence, "of every interval")->capture_default_str();
  command.add_option("--threads", options.threads, "of the bootstrap; its digits do not depend on them");
}

// A subcommand and what it does; the options it was given live in the function.
struct Command {
  const CLI::App* app;
  std::function<int()> run;
};

// Adds every subcommand to `app`. What a command's options are read into is shared with its function.
class CommandTable {
 public:
  explicit CommandTable(CLI::App& app) : app_(app) {
    AddCalls();
    AddCheck();
    AddTrial();
    AddTranscript();
    AddStudy();
    AddFrames();
    AddCoder();
    AddExtract();
    AddResults();
    AddFeedback();
    AddSimulate();
    AddAgreement();
  }

  // Exactly one subcommand was parsed: the parser sees to it.
  int Run() const {
    for (const Command& command : commands_) {
      if (command.app->parsed()) return command.run();
    }
    return 2;
  }

 private:
  void AddCalls() {
    auto method = std::make_shared<std::string>();
    auto data = std::make_shared<std::string>("{}");
    CLI::App* call = app_.add_subcommand("call", "call any RPC with protobuf JSON");
    call->add_option("method", *method, "package.Service/Method; the package may be left out")->required();
    call->add_option("-d,--data", *data, "the request as JSON, @FILE to read it from a file, @- from standard input");
    AddTargetOptions(*call, session_);
    commands_.push_back({call, [this, method, data] { return cli::Call(session_, *method, *data); }});

    auto filter = std::make_shared<std::string>();
    CLI::App* methods = app_.add_subcommand("methods", "list RPCs with their request fields");
    methods->add_option("filter", *filter,
                        "only names that contain this, with the types of their fields; or the name of one type");
    methods->add_flag("--json", session_.json, "print JSON");
    commands_.push_back({methods, [this, filter] { return cli::Methods(session_, *filter); }});

    CLI::App* health = app_.add_subcommand("health", "ask whether a server is ready; exit code 0 when it is");
    health->add_option("--address", session_.target.address, "server to ask")->capture_default_str();
    commands_.push_back({health, [this] { return cli::Health(session_); }});
  }

  void AddCheck() {
    auto files = std::make_shared<std::vector<std::string>>();
    auto flagged_only = std::make_shared<bool>(false);
    CLI::App* check =
        app_.add_subcommand("check", "recompute every figure of ledger files and give a verdict on the printed ones");
    check->add_option("files", *files, "ledger files (JSON)")->required()->check(CLI::ExistingFile);
    check->add_flag("--flagged", *flagged_only, "show only what does not follow from its own inputs");
    AddTargetOptions(*check, session_);
    commands_.push_back({check, [this, files, flagged_only] { return cli::Check(session_, *files, *flagged_only); }});
  }

  void AddTrial() {
    auto options = std::make_shared<cli::RunOptions>();
    CLI::App* run = app_.add_subcommand("run", "load a trial folder, run all of it and write its combined report");
    run->add_option("trial-folder", options->folder, "folder as written by simulate")
        ->required()
        ->check(CLI::ExistingDirectory);
    run->add_option("--out", options->out, "folder for report.html, report.csv, report.json and feedback sheets")
        ->required();
    run->add_option("--ledger", options->ledgers, "ledger files to show in the report")->check(CLI::ExistingFile);
    AddTargetOptions(*run, session_);
    commands_.push_back({run, [this, options] { return cli::Run(session_, *options); }});

    auto real = std::make_shared<cli::TranscriptsOptions>();
    CLI::App* transcripts = app_.add_subcommand(
        "transcripts", "code a folder of real transcripts: questions.csv, codes.csv and one file for each session");
    transcripts->add_option("transcripts-folder", real->folder, "the folder")
        ->required()
        ->check(CLI::ExistingDirectory);
    transcripts->add_option("--out", real->out, "folder for feedback sheets; none are written when left out");
    AddTargetOptions(*transcripts, session_);
    commands_.push_back({transcripts, [this, real] { return cli::Transcripts(session_, *real); }});
  }

  void AddTranscript() {
    auto options = std::make_shared<cli::TranscriptFilesOptions>();
    CLI::App* transcript = app_.add_subcommand("transcript", "transcripts from files");
    transcript->require_subcommand(1);
    CLI::App* check = transcript->add_subcommand("check", "say what files hold and what is wrong; nothing is stored");
    CLI::App* import = transcript->add_subcommand("import", "store files, with what identifies people replaced");
    for (CLI::App* command : {check, import}) {
      command->add_option("files", options->files, "WebVTT, SubRip, \"Speaker: text\", CSV or JSON")
          ->required()
          ->check(CLI::ExistingFile);
      command->add_option("--session", options->session, "id of the session (default: the file's name)");
      command->add_option("--family", options->family,
                          "id of the family: its people keep their numbers, where the service has a key");
      command->add_option("--names", options->names, "CSV: given_name, family_name, kind, text, also (a;b)")
          ->check(CLI::ExistingFile);
      command->add_option("--asker", options->asker, "role whose questions are coded");
      command->add_option("--role", options->roles, "LABEL=ROLE: the part that a speaker plays; may be repeated");
      command->add_flag("--allow-duplicate", options->allow_duplicate, "though another session has the same words");
      AddTargetOptions(*command, session_);
      commands_.push_back({command, [this, options, stores = command == import] {
                             return cli::TranscriptFiles(session_, *options, stores);
                           }});
    }
  }

  void AddStudy() {
    auto options = std::make_shared<cli::StudyOptions>();
    CLI::App* study = app_.add_subcommand("study", "a coding study: made, followed, adjudicated, closed");
    study->require_subcommand(1);
    CLI::App* create = study->add_subcommand("create", "make a study as a file says, and wait until it is open");
    create->add_option("file", options->file, "CreateStudyRequest as JSON (`plumbline methods CreateStudy`)")
        ->required()
        ->check(CLI::ExistingFile);
    CLI::App* progress = study->add_subcommand("progress", "how far each coder is");
    CLI::App* adjudicate = study->add_subcommand(
        "adjudicate", "end the coders' part; what they left without an outcome goes to the adjudicator");
    CLI::App* close = study->add_subcommand("close", "end the coding; results and the key are open from then on");
    adjudicate->add_flag("--allow-missing", options->allow_missing, "though answers are missing");
    close->add_flag("--allow-missing", options->allow_missing,
                    "though answers are missing, or the adjudication was never opened");
    for (CLI::App* command : {progress, adjudicate, close}) {
      command->add_option("study", options->study, "the study's id")->required();
    }
    for (CLI::App* command : {create, progress, adjudicate, close}) AddTargetOptions(*command, session_);
    commands_.push_back({create, [this, options] { return cli::StudyCreate(session_, *options); }});
    commands_.push_back({progress, [this, options] { return cli::StudyProgress(session_, *options); }});
    commands_.push_back({adjudicate, [this, options] { return cli::StudyAdjudicate(session_, *options); }});
    commands_.push_back({close, [this, options] { return cli::StudyClose(session_, *options); }});
  }

  void AddFrames() {
    CLI::App* frame = app_.add_subcommand("frame", "coding frames from files");
    frame->require_subcommand(1);
    auto files = std::make_shared<std::vector<std::string>>();
    CLI::App* check = frame->add_subcommand("check", "check frame files, naming every field that is wrong");
    CLI::App* add = frame->add_subcommand("add", "add frame files to those that studies may use");
    for (CLI::App* command : {check, add}) {
      command->add_option("files", *files, "frame files (JSON)")->required()->check(CLI::ExistingFile);
      AddTargetOptions(*command, session_);
      commands_.push_back(
          {command, [this, files, adds = command == add] { return cli::FrameFiles(session_, *files, adds); }});
    }
  }

  void AddCoder() {
    auto options = std::make_shared<cli::CoderOptions>();
    CLI::App* coder = app_.add_subcommand("coder", "a coder's batch as a table, to be filled in offline");
    coder->require_subcommand(1);
    CLI::App* export_batch = coder->add_subcommand("export", "write the batch with the answers so far");
    CLI::App* import_batch = coder->add_subcommand("import", "store the answers of a table that export wrote");
    for (CLI::App* command : {export_batch, import_batch}) {
      command->add_option("--study", options->study, "id of the study")->required();
      command->add_option("--coder", options->coder, "id of the coder")->required();
      AddTargetOptions(*command, session_);
    }
    export_batch->add_option("--out", options->file, "file to write; - for standard output")->required();
    export_batch->add_flag("--overwrite", options->overwrite,
                           "write over a file that is there already, with its answers");
    import_batch->add_option("file", options->file, "the table")->required()->check(CLI::ExistingFile);
    commands_.push_back({export_batch, [this, options] { return cli::CoderExport(session_, *options); }});
    commands_.push_back({import_batch, [this, options] { return cli::CoderImport(session_, *options); }});
  }

  void AddExtract() {
    auto options = std::make_shared<cli::ExtractOptions>();
    auto everybody = std::make_shared<bool>(true);
    CLI::App* extract = app_.add_subcommand("extract", "find the questions of transcripts, without a server");
    extract->add_option("files", options->files, "transcripts; - for standard input")->required();
    extract->add_flag("--json", session_.json, "print one JSON object for each turn instead of text for people");
    extract->add_option("--format", options->format, "detect, webvtt, subrip, speaker_text, csv or json")
        ->capture_default_str();
    extract->add_option("--role", options->roles, "LABEL=ROLE: the part that a speaker plays; may be repeated");
    CLI::Option* asker = extract->add_option("--asker", options->asker, "only the questions of this role");
    extract->add_flag("--all", *everybody, "everybody's questions (the default)")->excludes(asker);
    extract->add_option("--min-confidence", options->min_confidence, "leave out what is less sure; 0 shows guesses")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    commands_.push_back({extract, [this, options, everybody] { return cli::Extract(session_, *options); }});
  }

  void AddResults() {
    auto options = std::make_shared<cli::ResultsOptions>();
    CLI::App* results = app_.add_subcommand("results", "fidelity, agreement and ratings of a closed study");
    results->add_option("study", options->study, "the study's id")->required();
    CLI::Option* replicates = results
                                  ->add_option("--replicates", options->replicates,
                                               "bootstrap replicates of the agreement measures: makes a new report")
                                  ->check(CLI::Range(1, 100'000));
    results->add_option("--seed", options->seed, "seed of the bootstrap")->needs(replicates);
    results->add_flag("--renew", options->renew, "make a new report although there is one");
    AddTargetOptions(*results, session_);
    commands_.push_back({results, [this, options] { return cli::Results(session_, *options); }});
  }

  void AddFeedback() {
    auto options = std::make_shared<cli::FeedbackOptions>();
    CLI::App* feedback = app_.add_subcommand("feedback", "the feedback sheet of one session of a closed study");
    feedback->add_option("study", options->study, "the study's id")->required();
    feedback->add_option("session", options->session, "the session's id")->required();
    feedback->add_option("--format", options->format, "html, csv or text")
        ->check(CLI::IsMember({"html", "csv", "text"}))
        ->capture_default_str();
    feedback->add_option("--out", options->out, "file to write; standard output when left out or -");
    AddTargetOptions(*feedback, session_);
    commands_.push_back({feedback, [this, options] { return cli::Feedback(session_, *options); }});
  }

  void AddSimulate() {
    auto options = std::make_shared<cli::SimulateOptions>();
    CLI::App* simulate = app_.add_subcommand("simulate", "make the folder of a synthetic trial");
    simulate->add_option("--seed", options->seed, "the same seed makes the same trial")->required();
    simulate->add_option("--authorities", options->authorities, "local authorities")
        ->check(CLI::Range(2, 200))
        ->capture_default_str();
    simulate->add_option("--transcripts", options->transcripts, "folder with transcripts to give to sessions")
        ->check(CLI::ExistingDirectory);
    simulate->add_option("--out", options->out, "folder to write; must not exist or be empty")->required();
    commands_.push_back({simulate, [options] { return cli::Simulate(*options); }});
  }

  void AddAgreement() {
    auto options = std::make_shared<cli::AgreementOptions>();
    options->threads = std::thread::hardware_concurrency();
    CLI::App* agreement =
        app_.add_subcommand("agreement", "every agreement measure of a table of codes; needs no server");
    AddAgreementOptions(*agreement, *options);
    commands_.push_back({agreement, [options] { return cli::Agreement(*options, std::cin, std::cout); }});
  }

  CLI::App& app_;
  cli::Session session_;
  std::vector<Command> commands_;
};

int RunCommand(int argc, char** argv) {
  log::SetLevel(Env::Process().String("PLUMBLINE_LOG_LEVEL", "error"));
  CLI::App app{kAbout};
  app.require_subcommand(1);
  app.set_version_flag("--version", "plumbline 0.1.0");
  const CommandTable commands(app);
  CLI11_PARSE(app, argc, argv);
  return commands.Run();
}

}  // namespace
}  // namespace plumbline

int main(int argc, char** argv) {
  try {
    return plumbline::RunCommand(argc, argv);
  } catch (const std::exception& error) {  // ours throw nothing; out of memory, say
    std::cerr << "plumbline: " << error.what() << "\n";
    return 1;
  }
}
