// A whole study at full size through the RPCs of the coding service, on PostgreSQL: imports questions, makes the study,
// submits every code, closes it, computes its results. One process holds the client, the server and the worker, so that
// its peak memory is an upper bound of the service's. Prints one line a phase.
#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coding/module.h"
#include "common/app/module.h"
#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_operation_store.h"
#include "common/jobs/sql_unit_of_work.h"
#include "common/rpc/server.h"
#include "common/rpc/status_grpc.h"
#include "common/sql/database.h"
#include "common/testing/postgres_server.h"
#include "plumbline/coding/v1/coder.grpc.pb.h"
#include "plumbline/coding/v1/results.grpc.pb.h"
#include "plumbline/coding/v1/studies.grpc.pb.h"
#include "plumbline/coding/v1/transcripts.grpc.pb.h"

ABSL_FLAG(double, scale, 1.0, "share of the full size: 100,000 sessions of 40 questions, coded by three");
ABSL_FLAG(int, questions, 40, "questions a session");
ABSL_FLAG(std::string, database, "", "address of a PostgreSQL database to use; empty: a server of the test fixture");

namespace plumbline::coding {
namespace {

constexpr int kFullSessions = 100'000;
constexpr int kQuestionsPerCall = 200'000;
constexpr int kItemsPerPage = 1000;
constexpr int kCodesPerCall = 10'000;
const char* const kCoders[] = {"c1", "c2", "c3"};
constexpr char kStudy[] = "studies/scale";

int64_t PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

// One line a phase: how long, how many a second, and the largest size of this process so far.
class Phases {
 public:
  void Begin() { start_ = clock_.Now(); }
  void End(const std::string& what, int64_t count, const std::string& unit) {
    const double seconds = absl::ToDoubleSeconds(clock_.Now() - start_);
    std::cout << absl::StrFormat("| %s | %d %s | %.1f | %.0f | %d |\n", what, count, unit, seconds,
                                 static_cast<double>(count) / std::max(seconds, 1e-9), PeakMegabytes())
              << std::flush;
  }

 private:
  Clock& clock_ = SystemClock();
  absl::Time start_;
};

// Submits to nobody: this program runs the operations itself.
class NoQueue final : public jobs::Submitter {
 public:
  void Submit(const jobs::OperationDraft&) override {}
};

class Context final : public jobs::JobContext {
 public:
  explicit Context(jobs::Operation operation) : operation_(std::move(operation)) {}
  const jobs::Operation& operation() const override { return operation_; }
  jobs::Claim claim() const override { return {operation_.id, operation_.token}; }
  void ReportProgress(const jobs::Progress&) override {}
  absl::Status ShouldStop() override { return absl::OkStatus(); }

 private:
  const jobs::Operation operation_;
};

template <typename Stub, typename Request, typename Response>
absl::Status Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                  const Request& request, Response* response) {
  grpc::ClientContext context;
  context.AddMetadata("plumbline-actor", "bench");
  return rpc::FromGrpcStatus((stub.*method)(&context, request, response));
}

class Load {
 public:
  static absl::StatusOr<std::unique_ptr<Load>> Start(const std::string& url) {
    auto load = std::unique_ptr<Load>(new Load());
    ASSIGN_OR_RETURN(load->database_, sql::Database::Open({.url = url, .schema = "coding", .connections = 8}));
    RETURN_IF_ERROR(jobs::MigrateCommon(*load->database_, load->clock_.Now()));
    load->operations_ = std::make_unique<jobs::SqlOperationStore>(*load->database_);
    load->handlers_ = std::make_unique<rpc::Handlers>(
        rpc::Handlers::Options{.domain = "coding.plumbline", .default_deadline = absl::Hours(6)}, load->executor_,
        load->clock_);
    const app::Platform platform{load->clock_,
                                 SystemIds(),
                                 *load->database_,
                                 *load->operations_,
                                 load->submitter_,
                                 *load->handlers_,
                                 absl::StrCat(PLUMBLINE_SOURCE_DIR, "/data"),
                                 nullptr,
                                 {}};
    ASSIGN_OR_RETURN(load->module_, MakeModule(platform));
    ASSIGN_OR_RETURN(load->server_, rpc::Server::Start({.listen = "", .services = load->module_->services()}));
    load->transcripts_ = v1::TranscriptService::NewStub(load->server_->InProcessChannel());
    load->studies_ = v1::StudyService::NewStub(load->server_->InProcessChannel());
    load->results_ = v1::ResultService::NewStub(load->server_->InProcessChannel());
    load->coder_ = v1::CoderService::NewStub(load->server_->InProcessChannel());
    return load;
  }

  absl::Status Run(int sessions, int questions) {
    std::cout << absl::StrFormat("%d sessions, %d questions, %d codes\n\n", sessions, sessions * questions,
                                 int64_t{3} * sessions * questions)
              << "| phase | what | seconds | a second | peak MB |\n| --- | --- | --- | --- | --- |\n"
              << std::flush;
    RETURN_IF_ERROR(Import(sessions, questions));
    RETURN_IF_ERROR(Create(sessions));
    RETURN_IF_ERROR(Code(int64_t{3} * sessions * questions));
    RETURN_IF_ERROR(Progress());
    RETURN_IF_ERROR(Close());
    return Results(sessions, int64_t{sessions} * questions);
  }

 private:
  static std::string Session(int number) { return absl::StrFormat("session-%06d", number); }

  absl::Status Import(int sessions, int questions) {
    phases_.Begin();
    const int per_call = std::max(1, kQuestionsPerCall / questions);
    for (int first = 0; first < sessions; first += per_call) {
      std::string csv = "session,turn,question\n";
      for (int s = first; s < std::min(sessions, first + per_call); ++s) {
        for (int q = 1; q <= questions; ++q) {
          absl::StrAppend(&csv, Session(s), ",", q, ",What would be different if she had slept well that week? ", q,
                          "\n");
        }
      }
      v1::ImportQuestionsRequest request;
      request.set_csv(csv);
      v1::ImportQuestionsResponse response;
      RETURN_IF_ERROR(Call(*transcripts_, &v1::TranscriptService::Stub::ImportQuestions, request, &response));
    }
    phases_.End("import", int64_t{sessions} * questions, "questions");
    return absl::OkStatus();
  }

  absl::Status Create(int sessions) {
    phases_.Begin();
    v1::CreateStudyRequest request;
    request.set_study_id("scale");
    request.set_title("A study of full size");
    request.set_frame("frames/ofs-pilot");
    for (int s = 0; s < sessions; ++s) request.add_sessions(Session(s));
    for (const char* coder : kCoders) request.add_coders(coder);
    request.set_seed(11);
    v1::CreateStudyResponse response;
    RETURN_IF_ERROR(Call(*studies_, &v1::StudyService::Stub::CreateStudy, request, &response));
    phases_.End("create: the call", sessions, "sessions");
    if (!response.has_operation()) return absl::OkStatus();
    phases_.Begin();
    RETURN_IF_ERROR(RunOperation(response.operation().name()));
    phases_.End("create: items and batches", int64_t{4} * response.study().item_count(), "rows");
    return absl::OkStatus();
  }

  absl::Status Code(int64_t codes) {
    phases_.Begin();
    std::vector<std::thread> threads;
    std::vector<absl::Status> outcomes(std::size(kCoders));
    for (size_t c = 0; c < std::size(kCoders); ++c) {
      threads.emplace_back([&, c] { outcomes[c] = CodeAs(kCoders[c], c); });
    }
    for (std::thread& thread : threads) thread.join();
    for (const absl::Status& outcome : outcomes) RETURN_IF_ERROR(outcome);
    phases_.End("code: list and submit", codes, "codes");
    return absl::OkStatus();
  }

  absl::Status CodeAs(const std::string& coder, size_t place) {
    v1::ListItemsRequest list;
    list.set_study(kStudy);
    list.set_coder(coder);
    list.set_page_size(kItemsPerPage);
    v1::BatchSubmitCodesRequest batch;
    batch.set_study(kStudy);
    batch.set_coder(coder);
    uint64_t count = place;
    do {
      v1::ListItemsResponse page;
      RETURN_IF_ERROR(Call(*coder_, &v1::CoderService::Stub::ListItems, list, &page));
      for (const v1::Item& item : page.items()) {
        auto& entry = *batch.add_entries();
        entry.set_item(item.id());
        // A third of the items are outcomes-focused; in every seventh answer a coder deviates.
        const bool yes = (item.id()[5] % 3 == 0) != (++count % 7 == 0);
        entry.mutable_code()->set_outcomes_focused(yes);
        if (yes) entry.mutable_code()->set_nomination(item.id()[6] % 2 == 0 ? "1" : "2");
      }
      list.set_page_token(page.next_page_token());
      if (batch.entries_size() < kCodesPerCall && !list.page_token().empty()) continue;
      v1::BatchSubmitCodesResponse response;
      RETURN_IF_ERROR(Call(*coder_, &v1::CoderService::Stub::BatchSubmitCodes, batch, &response));
      batch.clear_entries();
    } while (!list.page_token().empty());
    return absl::OkStatus();
  }

  absl::Status Progress() {
    phases_.Begin();
    v1::GetStudyProgressRequest request;
    request.set_name(kStudy);
    v1::GetStudyProgressResponse response;
    RETURN_IF_ERROR(Call(*studies_, &v1::StudyService::Stub::GetStudyProgress, request, &response));
    phases_.End("progress", response.coders_size(), "coders");
    return absl::OkStatus();
  }

  absl::Status Close() {
    phases_.Begin();
    v1::CloseStudyRequest request;
    request.set_name(kStudy);
    v1::CloseStudyResponse response;
    RETURN_IF_ERROR(Call(*studies_, &v1::StudyService::Stub::CloseStudy, request, &response));
    phases_.End("close", 1, "study");
    return absl::OkStatus();
  }

  // The report of the whole study, then every session's result in pages.
  absl::Status Results(int sessions, int64_t items) {
    for (const int replicates : {0, 1000}) {
      phases_.Begin();
      v1::CreateStudyReportRequest request;
      request.set_study(kStudy);
      request.set_replicates(replicates);
      request.set_seed(replicates > 0 ? 11 : 0);
      v1::CreateStudyReportResponse response;
      RETURN_IF_ERROR(Call(*results_, &v1::ResultService::Stub::CreateStudyReport, request, &response));
      RETURN_IF_ERROR(RunOperation(response.operation().name()));
      phases_.End(absl::StrCat("report, ", replicates, " bootstrap replicates"), items, "items");
    }
    phases_.Begin();
    v1::ListSessionFidelityRequest list;
    list.set_study(kStudy);
    list.set_page_size(kItemsPerPage);
    int64_t listed = 0;
    do {
      v1::ListSessionFidelityResponse page;
      RETURN_IF_ERROR(Call(*results_, &v1::ResultService::Stub::ListSessionFidelity, list, &page));
      listed += page.sessions_size();
      list.set_page_token(page.next_page_token());
    } while (!list.page_token().empty());
    phases_.End("results of sessions", listed, "sessions");
    if (listed != sessions)
      return absl::InternalError(absl::StrCat(listed, " of ", sessions, " sessions have a result"));
    return absl::OkStatus();
  }

  absl::Status RunOperation(const std::string& name) {
    const std::string id = name.substr(name.rfind('/') + 1);
    ASSIGN_OR_RETURN(jobs::Operation operation, operations_->Claim(id, clock_.Now()));
    jobs::HandlerMap handlers = module_->handlers();
    Context context(std::move(operation));
    return handlers.at(context.operation().kind).handler(context);
  }

  Load() = default;

  Clock& clock_ = SystemClock();
  Phases phases_;
  NoQueue submitter_;
  rpc::Executor executor_{4, 100};
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<jobs::SqlOperationStore> operations_;
  std::unique_ptr<rpc::Handlers> handlers_;
  std::unique_ptr<app::Module> module_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::TranscriptService::Stub> transcripts_;
  std::unique_ptr<v1::StudyService::Stub> studies_;
  std::unique_ptr<v1::ResultService::Stub> results_;
  std::unique_ptr<v1::CoderService::Stub> coder_;
};

absl::Status Main() {
  std::string url = absl::GetFlag(FLAGS_database);
  if (url.empty()) {
    ASSIGN_OR_RETURN(testing::PostgresServer* const server, testing::PostgresServer::Shared());
    ASSIGN_OR_RETURN(url, server->NewDatabase());
  }
  const int sessions = std::max(1, static_cast<int>(kFullSessions * absl::GetFlag(FLAGS_scale)));
  ASSIGN_OR_RETURN(const std::unique_ptr<Load> load, Load::Start(url));
  return load->Run(sessions, absl::GetFlag(FLAGS_questions));
}

}  // namespace
}  // namespace plumbline::coding

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("coding at full size: coding_scale_bench [--scale=0.01]");
  absl::ParseCommandLine(argc, argv);
  const absl::Status status = plumbline::coding::Main();
  if (status.ok()) return 0;
  std::cerr << "coding_scale_bench: " << status << "\n";
  return 1;
}
