// What a coder could tell from how long an answer takes: the desk asks the database the same, whatever page, item or
// coder it is for. Statements and rows are counted, since a measured time would depend on the machine.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/test_frames.h"
#include "coding/service/coder_service.h"
#include "coding/storage/sql_migrations.h"
#include "coding/storage/sql_store.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_unit_of_work.h"
#include "common/rpc/server.h"
#include "common/rpc/status_grpc.h"
#include "common/sql/database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

// Every statement that was run, with how many rows it gave or took.
using Trace = std::vector<std::pair<std::string, size_t>>;

class TracedTransaction final : public sql::Transaction {
 public:
  TracedTransaction(sql::Transaction& real, Trace& trace) : real_(real), trace_(trace) {}
  absl::StatusOr<int64_t> Execute(const std::string& statement, const sql::Params& params) override {
    ASSIGN_OR_RETURN(const int64_t changed, real_.Execute(statement, params));
    trace_.emplace_back(statement, static_cast<size_t>(changed));
    return changed;
  }
  absl::Status ExecuteMany(const std::string& statement, const std::vector<std::string>& names,
                           const std::vector<std::vector<sql::Value>>& rows) override {
    trace_.emplace_back(statement, rows.size());
    return real_.ExecuteMany(statement, names, rows);
  }
  absl::Status InsertMany(const std::string& table, const std::vector<std::string>& columns,
                          const std::vector<std::vector<sql::Value>>& rows) override {
    trace_.emplace_back(table, rows.size());
    return real_.InsertMany(table, columns, rows);
  }
  absl::StatusOr<std::vector<sql::Row>> Query(const std::string& statement, const sql::Params& params) override {
    ASSIGN_OR_RETURN(std::vector<sql::Row> rows, real_.Query(statement, params));
    trace_.emplace_back(statement, rows.size());
    return rows;
  }

 private:
  sql::Transaction& real_;
  Trace& trace_;
};

class TracedDatabase final : public sql::Database {
 public:
  explicit TracedDatabase(std::unique_ptr<sql::Database> real) : real_(std::move(real)) {}
  absl::Status Write(const Body& body) override { return real_->Write(Traced(body)); }
  absl::Status Read(const Body& body) override { return real_->Read(Traced(body)); }
  bool is_postgresql() const override { return real_->is_postgresql(); }

  // What was run since the last call.
  Trace Take() { return std::exchange(trace_, {}); }

 private:
  Body Traced(const Body& body) {
    return [this, &body](sql::Transaction& transaction) {
      TracedTransaction traced(transaction, trace_);
      return body(traced);
    };
  }
  std::unique_ptr<sql::Database> real_;
  Trace trace_;  // calls come one after the other here
};

class NoSubmitter final : public jobs::Submitter {
  void Submit(const jobs::OperationDraft&) override {}
};

constexpr int kItems = 230;

class DeskCost : public ::testing::Test {
 protected:
  void SetUp() override {
    auto real = sql::Database::Open({.url = "sqlite::memory:", .schema = "coding"});
    ASSERT_TRUE(real.ok()) << real.status();
    ASSERT_TRUE(jobs::MigrateCommon(**real, clock_.Now()).ok());
    ASSERT_TRUE(sql::Migrate(**real, "coding", CodingMigrations(), clock_.Now()).ok());
    database_ = std::make_unique<TracedDatabase>(*std::move(real));
    store_ = MakeSqlStore(*database_);
    service_ = std::make_unique<CoderService>(frames_, suggesters_, *store_, submitter_, handlers_);
    auto server = rpc::Server::Start({.listen = "", .services = {service_.get()}});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::CoderService::NewStub(server_->InProcessChannel());
    const auto planted = store_->Write({"tester", "Plant", "", "", clock_.Now()}, Plant);
    ASSERT_TRUE(planted.ok()) << planted.status();
    database_->Take();
  }

  // Sessions of very different sizes, and coders of whom one has answered everything and one nothing.
  static absl::StatusOr<jobs::WriteResult> Plant(CodingWriter& writer) {
    Study study;
    study.id = "pilot";
    study.title = "Pilot";
    study.frame_id = "binary";
    study.frame_version = 1;
    study.coders = {"anna", "ben", "cleo"};
    study.seed = 3;
    study.create_time = absl::UnixEpoch();
    study.item_count = kItems;
    StudyPlan plan;
    for (int i = 0; i < kItems; ++i) {
      const std::string session = i < 200 ? "long" : absl::StrCat("short-", i);
      plan.items.push_back({{absl::StrCat("item", i), session, i + 1, i + 1}, absl::StrCat("Question ", i, "?")});
      plan.items.back().number = static_cast<uint32_t>(i);
      if (i < 200 && i > 0) continue;
      TranscriptRecord record;
      record.session = session;
      record.create_time = absl::UnixEpoch();
      RETURN_IF_ERROR(writer.InsertTranscript(record, {}, {}));
      study.sessions.push_back(session);
    }
    for (const uint32_t step : {1u, 7u, 11u}) {
      std::vector<uint32_t> order;
      for (uint32_t p = 0; p < kItems; ++p) order.push_back(p * step % kItems);
      plan.orders.push_back(std::move(order));
    }
    RETURN_IF_ERROR(writer.InsertFrame([] {
      Frame frame = TestFrame(FrameKind::kBinary);
      frame.id = "binary";
      return frame;
    }()));
    RETURN_IF_ERROR(writer.InsertStudy(study, plan));
    std::vector<PlacedCode> codes;
    for (const StudyItem& item : plan.items) codes.push_back({"ben", item.key.item_id, Code{}});
    RETURN_IF_ERROR(writer.AddCodes("pilot", codes, absl::UnixEpoch()).status());
    return jobs::WriteResult{};
  }

  template <typename Request, typename Response>
  Trace TraceOf(grpc::Status (v1::CoderService::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                Request request, const std::string& coder, Response* response) {
    request.set_study("studies/pilot");
    request.set_coder(coder);
    grpc::ClientContext context;
    context.AddMetadata("plumbline-actor", absl::StrCat("coders/", coder));
    const grpc::Status status = ((*stub_).*method)(&context, request, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return database_->Take();
  }

  FakeClock clock_;
  rpc::Executor executor_{1, 10};
  rpc::Handlers handlers_{{.domain = "coding.plumbline"}, executor_, clock_};
  const FrameCatalog frames_{{}};
  const Suggesters suggesters_;
  NoSubmitter submitter_;
  std::unique_ptr<TracedDatabase> database_;
  std::unique_ptr<CodingStore> store_;
  std::unique_ptr<CoderService> service_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::CoderService::Stub> stub_;
};

TEST_F(DeskCost, EveryPageOfEveryCoderCostsTheSame) {
  Trace expected;
  for (const char* coder : {"anna", "ben", "cleo"}) {
    v1::ListItemsRequest request;
    request.set_page_size(50);
    for (int page = 0; page < kItems / 50; ++page) {  // the full ones
      v1::ListItemsResponse response;
      const Trace trace = TraceOf(&v1::CoderService::Stub::ListItems, request, coder, &response);
      ASSERT_EQ(response.items_size(), 50);
      if (expected.empty()) expected = trace;
      EXPECT_EQ(trace, expected) << coder << " page " << page;
      request.set_page_token(response.next_page_token());
    }
  }
  ASSERT_FALSE(expected.empty());
  EXPECT_EQ(expected.back().second, 51u);  // one more than shown, to know whether there is more
}

TEST_F(DeskCost, EveryItemOfEveryCoderCostsTheSame) {
  Trace read;
  Trace write;
  for (const char* coder : {"anna", "cleo"}) {
    for (const int item : {0, 57, 199, 200, 229}) {
      v1::GetItemRequest get;
      get.set_item(absl::StrCat("item", item));
      v1::GetItemResponse got;
      const Trace trace = TraceOf(&v1::CoderService::Stub::GetItem, get, coder, &got);
      if (read.empty()) read = trace;
      EXPECT_EQ(trace, read) << coder << " item " << item;
      v1::SubmitCodeRequest submit;
      submit.set_item(absl::StrCat("item", item));
      submit.mutable_code()->set_outcomes_focused(true);
      v1::SubmitCodeResponse submitted;
      const Trace changed = TraceOf(&v1::CoderService::Stub::SubmitCode, submit, coder, &submitted);
      if (write.empty()) write = changed;
      EXPECT_EQ(changed, write) << coder << " item " << item;
    }
  }
  EXPECT_FALSE(read.empty());
  EXPECT_FALSE(write.empty());
}

}  // namespace
}  // namespace plumbline::coding
