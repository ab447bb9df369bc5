#include "common/app/metrics.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace plumbline::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

jobs::JobMetrics SomeMetrics() {
  jobs::JobMetrics metrics;
  metrics.queue = {.waiting = 7, .delayed = 2, .active = 3, .oldest_waiting = absl::Milliseconds(1500)};
  metrics.capacity = {.jobs = 12, .max_jobs = 1000, .memory_share = 0.25, .memory_high_water = 0.9};
  metrics.operations = {.pending = 9, .running = 3, .waiting = 1, .failed = 4};
  metrics.counters = {{"stale_commits_refused", "Commits refused because the claim was lost", 5}};
  jobs::Histogram run({0.1, 1.0}), attempts({1, 2}), wait({1});
  for (const double seconds : {0.05, 0.5, 0.7, 30.0}) run.Observe(seconds);
  attempts.Observe(1);
  metrics.kinds["coding.analyze_study"] = {wait.Take(), run.Take(), attempts.Take()};
  return metrics;
}

// One GET over a socket of its own: the whole answer.
std::string Get(const std::string& address, const std::string& path) {
  const std::vector<std::string> parts = absl::StrSplit(address, ':');
  int port = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &port)) return "no address";
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  inet_pton(AF_INET, parts[0].c_str(), &to.sin_addr);
  std::string answer;
  if (connect(connection, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0) {
    const std::string request = absl::StrCat("GET ", path, " HTTP/1.0\r\n\r\n");
    if (write(connection, request.data(), request.size()) == static_cast<ssize_t>(request.size())) {
      char buffer[4096];
      for (ssize_t got = 0; (got = read(connection, buffer, sizeof(buffer))) > 0;) {
        answer.append(buffer, static_cast<size_t>(got));
      }
    }
  }
  close(connection);
  return answer;
}

TEST(MetricsTextTest, SaysWhatTheQueueAndTheRecordSay) {
  const std::string text = MetricsText({{"coding", SomeMetrics()}});
  for (const char* line : {
           "plumbline_queue_up{queue=\"coding\"} 1\n",
           "plumbline_queue_jobs{queue=\"coding\",state=\"waiting\"} 7\n",
           "plumbline_queue_jobs{queue=\"coding\",state=\"active\"} 3\n",
           "plumbline_queue_oldest_waiting_seconds{queue=\"coding\"} 1.5\n",
           "plumbline_queue_max_jobs{queue=\"coding\"} 1000\n",
           "plumbline_queue_memory_ratio{queue=\"coding\"} 0.25\n",
           "plumbline_record_up{queue=\"coding\"} 1\n",
           "plumbline_operations{queue=\"coding\",state=\"failed\"} 4\n",
           "# TYPE plumbline_jobs_stale_commits_refused_total counter\n",
           "plumbline_jobs_stale_commits_refused_total{queue=\"coding\"} 5\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(MetricsTextTest, HistogramsAreCumulative) {
  const std::string text = MetricsText({{"coding", SomeMetrics()}});
  const std::string labels = "queue=\"coding\",kind=\"coding.analyze_study\"";
  EXPECT_THAT(text, HasSubstr(absl::StrCat("plumbline_job_run_seconds_bucket{", labels, ",le=\"0.1\"} 1\n")));
  EXPECT_THAT(text, HasSubstr(absl::StrCat("plumbline_job_run_seconds_bucket{", labels, ",le=\"1\"} 3\n")));
  EXPECT_THAT(text, HasSubstr(absl::StrCat("plumbline_job_run_seconds_bucket{", labels, ",le=\"+Inf\"} 4\n")));
  EXPECT_THAT(text, HasSubstr(absl::StrCat("plumbline_job_run_seconds_count{", labels, "} 4\n")));
  EXPECT_THAT(text, HasSubstr(absl::StrCat("plumbline_job_run_seconds_sum{", labels, "} 31.25\n")));
}

TEST(MetricsTextTest, EachFamilyStandsOnceForAllQueues) {
  const std::string text = MetricsText({{"coding", SomeMetrics()}, {"economics", SomeMetrics()}});
  const std::string type = "# TYPE plumbline_queue_jobs gauge\n";
  ASSERT_THAT(text, HasSubstr(type));
  EXPECT_EQ(text.find(type), text.rfind(type));
  EXPECT_THAT(text, HasSubstr("plumbline_queue_jobs{queue=\"economics\",state=\"waiting\"} 7\n"));
}

TEST(MetricsTextTest, WhatCouldNotBeAskedIsLeftOut) {
  const std::string text = MetricsText({{"coding", jobs::JobMetrics{}}});
  EXPECT_THAT(text, HasSubstr("plumbline_queue_up{queue=\"coding\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("plumbline_record_up{queue=\"coding\"} 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("plumbline_queue_jobs")));
  EXPECT_THAT(text, Not(HasSubstr("plumbline_operations{")));
}

TEST(MetricsServerTest, ServesWhatItsSourcesSayAndAsksThemSparingly) {
  FakeClock clock;
  std::atomic<int> asked{0};
  const auto source = [&] {
    jobs::JobMetrics metrics = SomeMetrics();
    metrics.queue->waiting = ++asked;
    return metrics;
  };
  const auto server = MetricsServer::Start("127.0.0.1:0", {{"coding", source}}, clock);
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string first = "plumbline_queue_jobs{queue=\"coding\",state=\"waiting\"} 1\n";
  EXPECT_THAT(Get((*server)->address(), "/metrics"), HasSubstr(first));
  EXPECT_THAT(Get((*server)->address(), "/metrics"), HasSubstr(first));
  clock.Advance(MetricsServer::kKept);
  EXPECT_THAT(Get((*server)->address(), "/metrics"),
              HasSubstr("plumbline_queue_jobs{queue=\"coding\",state=\"waiting\"} 2\n"));
  EXPECT_THAT(Get((*server)->address(), "/"), Not(HasSubstr("plumbline_")));
}

TEST(MetricsServerTest, AddressesItCannotListenOnAreRefusedByName) {
  FakeClock clock;
  for (const char* listen : {"9464", ":9464", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:94s",
                             "127.0.0.1:0,127.0.0.1:1", "example.org:9464", "256.0.0.1:9464"}) {
    const auto server = MetricsServer::Start(listen, {}, clock);
    ASSERT_FALSE(server.ok()) << listen;
    EXPECT_THAT(std::string(server.status().message()), HasSubstr("PLUMBLINE_METRICS_LISTEN")) << listen;
  }
  const auto first = MetricsServer::Start("127.0.0.1:0", {}, clock);
  ASSERT_TRUE(first.ok());
  const auto second = MetricsServer::Start((*first)->address(), {}, clock);
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(std::string(second.status().message()), HasSubstr((*first)->address()));
}

}  // namespace
}  // namespace plumbline::app
