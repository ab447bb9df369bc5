#ifndef PLUMBLINE_TESTS_E2E_EMBEDDED_SERVICES_H_
#define PLUMBLINE_TESTS_E2E_EMBEDDED_SERVICES_H_

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "cli/rpc_call.h"
#include "common/base/log.h"
#include "standalone/standalone.h"

namespace plumbline::e2e {

// All services in this process on a temporary folder, reached through the gateway as a client would.
class EmbeddedServices {
 public:
  EmbeddedServices() {
    log::SetLevel("off");
    std::string pattern = (std::filesystem::temp_directory_path() / "plumbline-e2e-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    auto started = standalone::Standalone::Start(
        {.folder = folder_, .data_dir = PLUMBLINE_SOURCE_DIR "/data", .listen = "", .workers = 2}, SystemClock(),
        SystemIds());
    if (started.ok()) services_ = *std::move(started);
    status_ = started.status();
  }
  ~EmbeddedServices() {
    services_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  const absl::Status& status() const { return status_; }

  // The last answer of the method (its only one, unless it streams) and the call's status.
  absl::Status Call(const google::protobuf::MethodDescriptor& method, const google::protobuf::Message& request,
                    google::protobuf::Message* response = nullptr) {
    return CallAs("tester", method, request, response);
  }
  absl::Status CallAs(const std::string& actor, const google::protobuf::MethodDescriptor& method,
                      const google::protobuf::Message& request, google::protobuf::Message* response = nullptr) {
    return cli::CallMethod(services_->gateway(), method, request, {.actor = actor, .timeout = absl::Seconds(30)},
                           [&](const google::protobuf::Message& answer) {
                             if (response != nullptr) response->CopyFrom(answer);
                           });
  }
  absl::Status Call(const std::string& name, const google::protobuf::Message& request,
                    google::protobuf::Message* response = nullptr) {
    const auto method = cli::FindMethod(name);
    if (!method.ok()) return method.status();
    return Call(**method, request, response);
  }

 private:
  std::string folder_;
  absl::Status status_;
  std::unique_ptr<standalone::Standalone> services_;
};

}  // namespace plumbline::e2e

#endif  // PLUMBLINE_TESTS_E2E_EMBEDDED_SERVICES_H_
